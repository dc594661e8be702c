"""Time each stage's processor time an agreement: `python -m benchmarks.stages FOLDER` (see make_agreements).

Processor time is that of this process, its threads and its children, so it does not depend on what else
the machine does. What is done once for all agreements (schemas, clause library, look) is in a row of its own.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from clausebook.document.outgoing import outgoing
from clausebook.load.yaml import load_yaml
from clausebook.project.loading import load_agreement
from clausebook.project.project import Project
from clausebook.render.formats import RENDERERS
from clausebook.render.html import render_html
from clausebook.repository import user_cache
from clausebook.site.mkdocs_build import build_site
from clausebook.site.site_content import AgreementPage, SiteContent

T = TypeVar("T")
CHECKS = 5
"""How often the check of one agreement is timed from outside; the best counts."""


def processor_time() -> float:
    """Return the seconds of processor time used so far, ended children included."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what the work gives and the seconds of processor time that it took."""
    start = processor_time()
    return work(), processor_time() - start


def each(work: Callable[[T], object], things: Iterable[T]) -> float:
    """Return the seconds of processor time that the work took on all things."""
    return timed(lambda: [work(thing) for thing in things] and None)[1]


def measure(root: Path) -> dict[str, float]:
    """Return seconds of processor time by stage, for all agreements of the repository together."""
    with Project(root) as project:
        files = project.files()
        seconds = {"load": each(lambda file: load_yaml(project.tree.read(file.path), file.path), files)}
        once = each(lambda file: load_agreement(project.tree, file, project.store), files[:1])
        checked = each(lambda file: load_agreement(project.tree, file, project.store), files)
        seconds["validate"] = checked - seconds["load"]

    def assemble_all(count: int | None) -> list[object]:
        # The child that runs the templates counts when it has ended, with the project.
        with Project(root) as project:
            return [project.assemble(file) for file in project.files()[:count]]

    _, first = timed(lambda: assemble_all(1))
    _, whole = timed(lambda: assemble_all(None))
    seconds["assemble"] = whole - first - checked
    seconds["once for all: schemas, library, child process"] = first + once

    with Project(root) as project:
        agreements = [project.assemble(file) for file in files]
        broken = [agreement.file.id for agreement in agreements if agreement.document is None]
        if broken:
            raise SystemExit(f"{len(broken)} agreements have errors, the first is {broken[0]}: run clausebook check")
        documents = [outgoing(agreement.document) for agreement in agreements if agreement.document]
        seconds["write Markdown"] = each(lambda document: RENDERERS["md"](document, root), documents)
        seconds["write HTML"] = each(render_html, documents)
        RENDERERS["docx"](documents[0], root)
        seconds["write DOCX"] = each(lambda document: RENDERERS["docx"](document, root), documents)
        RENDERERS["pdf"](documents[0], root)
        seconds["write PDF"] = each(lambda document: RENDERERS["pdf"](document, root), documents)
        # Without the downloads: copying files is not what is measured, and a thousand PDFs need not be in memory.
        pages = tuple(
            AgreementPage(agreement.document, render_html(outgoing(agreement.document)), agreement.data)
            for agreement in agreements
            if agreement.document
        )
        kinds = (project.type(name).kind for name in project.store.types())
        content = SiteContent(pages, tuple(kind for kind in kinds if kind))
    with tempfile.TemporaryDirectory() as out:
        seconds["page on the site (MkDocs)"] = timed(lambda: build_site(root, Path(out), content))[1]
    return seconds


def time_check(root: Path, agreement: str) -> float:
    """Return the seconds that a check of one agreement takes from the shell, by the clock: the best of some."""
    best = float("inf")
    for _ in range(CHECKS):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "clausebook", "check", agreement], cwd=root, check=True, capture_output=True
        )
        best = min(best, time.perf_counter() - start)
    return best


def main(arguments: list[str]) -> int:
    """Print the table for the repository that the command line names."""
    if len(arguments) != 1:
        print("usage: python -m benchmarks.stages FOLDER", file=sys.stderr)
        return 2
    root = Path(arguments[0]).resolve()
    with Project(root) as project:
        ids = [file.id for file in project.files()]
    with tempfile.TemporaryDirectory() as cache:
        # Templates that were compiled in an earlier run must not help this one.
        os.environ[user_cache.VARIABLE] = cache
        check = time_check(root, ids[0])
        seconds = measure(root)
    machine = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors"
    print(f"{len(ids)} agreements; {machine}\n")
    print("| stage | ms an agreement | s in all |")
    print("|---|--:|--:|")
    for stage, total in seconds.items():
        share = "" if stage.startswith("once") else f"{total / len(ids) * 1000:.1f}"
        print(f"| {stage} | {share} | {total:.2f} |")
    to_pdf = sum(seconds[stage] for stage in ("load", "validate", "assemble", "write PDF"))
    print(f"| **load to PDF** | {to_pdf / len(ids) * 1000:.1f} | {to_pdf:.2f} |")
    print(f"\n`clausebook check` of one agreement, from the shell, by the clock: {check:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
