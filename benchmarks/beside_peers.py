"""Measure a hundred agreements beside what people would build themselves, and see where the time of a build goes.

All start from the same texts: the Markdown that Clausebook writes. What each of them leaves out is in README.md.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

from benchmarks import rooms
from benchmarks.measuring import Cost, Failed, measured
from benchmarks.results import Row
from benchmarks.sizes import Paper, made, words_of
from clausebook.amending.amendment_files import amended_by
from clausebook.repository.agreement_files import FOLDER

PIPELINES = Path(__file__).with_name("peer_pipelines.py")
PRINTED = 10
"""How many agreements WeasyPrint prints: it takes seconds for each."""

_SHORT_NAME = re.compile(r"^ +short_name: (.+)$", re.MULTILINE)


def pipeline(paper: Paper, peers: Path) -> list[Row]:
    """Measure pandoc, Typst and MkDocs in turn and on all processors, and a cold build of ours beside both."""
    texts, words = _texts(paper)
    cores = len(os.sched_getaffinity(0))

    def theirs(workers: int) -> Cost:
        return _go(peers, "typst", texts, paper.state / "theirs", workers)

    def ours(workers: int) -> Cost:
        for name in ("site", "cache"):
            shutil.rmtree(paper.state / name, ignore_errors=True)
        return paper.build(workers)

    said = "pandoc, Typst (untagged) and MkDocs Material"
    in_turn, alone, together, both = theirs(1), ours(1), ours(cores), theirs(cores)
    ratios = {
        f"{said}: processor time, on one core each": in_turn.processor / alone.processor,
        f"{said}: processor time, on {cores} cores each": both.processor / together.processor,
        f"{said}: clock, on one core, against {cores} of ours": in_turn.clock / together.clock,
        f"{said}: clock, on {cores} cores each": both.clock / together.clock,
    }
    shutil.rmtree(paper.state)
    return [
        paper.row("build, cold, beside the peers", alone, words=words, cores=1),
        paper.row("build, cold, beside the peers", together, words=words, cores=cores),
        paper.row(said, in_turn, words=words, cores=1),
        paper.row(said, both, words=words, cores=cores),
        *(Row(what, paper.count, figure=f"{ratio:.2f} × ours") for what, ratio in ratios.items()),
    ]


def others(paper: Paper, peers: Path) -> list[Row]:
    """Measure pandoc with WeasyPrint, docxtpl and MkDocs Material, each on one core and on all that it can use."""
    texts, words = _texts(paper)
    cores = len(os.sched_getaffinity(0))
    out, rows = paper.state / "theirs", []
    for way, said in (("site", "MkDocs Material, no search"), ("site-with-search", "MkDocs Material with its search")):
        cost = _go(peers, way, texts, out, 1)
        index = out / "site" / "search" / "search_index.json"
        size = f"each page loads an index of {index.stat().st_size / 2**20:.1f} MiB" if index.is_file() else ""
        rows.append(Row(said, paper.count, words, "long", 1, cost.processor, cost.clock, cost.memory, size))
    tagged, filled = _tagged(paper, texts)
    _go(peers, "templates", tagged, paper.state / "templates", 1)
    shutil.copy(tagged / "deals.json", paper.state / "templates")
    deals = json.loads((tagged / "deals.json").read_text(encoding="utf-8"))
    for workers in (1, cores):
        cost = _go(peers, "docxtpl", paper.state / "templates", out, workers)
        said = "docxtpl, a DOCX from a Word template"
        rows.append(Row(said, len(deals), filled, "long", workers, cost.processor, cost.clock, cost.memory))
    for path in sorted(texts.glob("*.md"))[PRINTED:]:
        path.unlink()
    printed = sum(map(words_of, texts.glob("*.md")))
    for workers in (1, cores):
        cost = _go(peers, "weasyprint", texts, out, workers)
        said = "pandoc and WeasyPrint (untagged), PDFs alone"
        rows.append(Row(said, PRINTED, printed, "long", workers, cost.processor, cost.clock, cost.memory))
    shutil.rmtree(paper.state)
    return rows


def profile(paper: Paper, peers: Path) -> list[Row]:
    """Say where the time of a cold build goes, by rooms of the package."""
    made(paper)
    paper.copied()
    command: list[str | Path] = [sys.executable, "-m", "clausebook", "build", "--out", paper.state / "site"]
    counts = rooms.profiled(
        peers / "bin" / "py-spy", command, paper.state / "repository", paper.surroundings, paper.state / "stacks"
    )
    shutil.rmtree(paper.state)
    return rooms.rows(counts, paper.count)


def _texts(paper: Paper) -> tuple[Path, int]:
    """Write the Markdown of all agreements into one folder, and return it and the number of their words."""
    made(paper)
    paper.copied()
    built = paper.state / "texts-built"
    paper.clausebook("build", "--format", "md", "--out", str(built))
    texts = paper.state / "texts"
    texts.mkdir()
    for path in built.glob("agreements/*/*.md"):
        if path.stem == path.parent.name:
            shutil.copy(path, texts)
    shutil.rmtree(built)
    return texts, sum(map(words_of, texts.glob("*.md")))


def _go(peers: Path, way: str, texts: Path, out: Path, workers: int) -> Cost:
    """Measure one way of the peers, on so many cores."""
    command: list[str | Path] = [peers / "bin" / "python", PIPELINES, way, texts, out, str(workers)]
    return measured(command, texts, {}, workers)


def _tagged(paper: Paper, texts: Path) -> tuple[Path, int]:
    """Write a text with tags for the names of parties of each kind of deal, and what fills them in each agreement.

    Return the folder of both and the number of words that are written with them. Amendments are left out.
    """
    folder = paper.state / "tagged"
    folder.mkdir()
    deals: list[dict[str, object]] = []
    words: dict[str, int] = {}
    for path in sorted(texts.glob("*.md")):
        if amended_by(path.stem):
            continue
        kind = path.stem.rpartition("-")[0]
        data = (paper.state / "repository" / FOLDER / f"{path.stem}.yaml").read_text(encoding="utf-8")
        names = [name.strip("'\"") for name in _SHORT_NAME.findall(data)]
        if kind not in words:
            words[kind] = words_of(path)
            text = path.read_text(encoding="utf-8")
            for number, name in enumerate(names):
                text = text.replace(name, f"{{{{ party_{number} }}}}")
            (folder / f"{kind}.md").write_text(text, encoding="utf-8")
        values = {f"party_{number}": name for number, name in enumerate(names)}
        deals.append({"id": path.stem, "template": kind, "values": values})
    if not deals:
        raise Failed("there is no agreement that a template could be made of")
    (folder / "deals.json").write_text(json.dumps(deals), encoding="utf-8")
    return folder, sum(words[str(deal["template"])] for deal in deals)
