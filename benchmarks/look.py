"""Time the layout of each agreement beside the same words as plain paragraphs.

`python -m benchmarks.look [FOLDER] [ID …]`: FOLDER is the repository, the current one if none is given. The floor has
the words, paper, margins, fonts and size of the look, tags and standards too, and nothing else: no headings, lists,
tables, links, contents, marks or running lines. It is told twice: ragged, as Typst sets a paragraph that is told
nothing, and justified, as the look sets its own.

Each layout is a process of its own, which has laid out a page before, as the program's child has; the kinds take turns.
Figures are medians of processor time, all threads counted. The stages around the layout run in this process.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from clausebook.document.model import Document
from clausebook.document.outgoing import outgoing
from clausebook.project.project import Project
from clausebook.render.formats import pdf, pdf_look
from clausebook.render.pdf.blanks import blanks
from clausebook.render.pdf.content import content
from clausebook.render.pdf.fields import add_fields
from clausebook.render.pdf.typesetting import FONTS, lay_out_here
from clausebook.render.proof.proving import proof

ROUNDS = 7
KINDS = ("look", "plain", "justified")
_FLOOR = """
#let given = json(bytes(sys.inputs.agreement))
#set document(title: given.title)
#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"), size: 10.5pt, hyphenate: false)
#set par(justify: given.justified, leading: 0.62em, spacing: 0.95em)
#set page(paper: "us-letter", margin: (left: 1.4in, right: 1.1in, top: 1.1in, bottom: 1.05in))
#for text in given.texts { par(text) }
"""

Data = dict[str, Any]


def texts(given: Any) -> Iterator[str]:
    """Yield the paragraphs that hold the words of what the look is given: its parts, or any piece of them."""
    match given:
        case {"is": "paragraph", "runs": runs}:
            yield _words(runs)
        case {"is": "table", "header": header, "rows": rows}:
            yield from (_words(cell) for row in (header, *rows) for cell in row)
        case {"number": str(number), "title": str(title), **rest}:
            yield f"{number} {title}"
            yield from texts(list(rest.values()))
        case {"number": str(number), "blocks": blocks}:
            first, *others = [*texts(blocks)] or [""]
            yield f"{number} {first}"
            yield from others
        case {"label": label, "runs": runs}:
            yield f"{label} {_words(runs)}"
        case {"heading": heading, "lines": lines}:
            yield _words(heading)
            yield from texts(lines)
        case dict():
            yield from texts([part for part in given.values() if isinstance(part, list)])
        case list():
            for part in given:
                yield from texts(part)


def lay_out(folder: Path, kind: str) -> float:
    """Return the milliseconds of processor time that a fresh process takes for one kind, warmed up by a page."""
    command = [sys.executable, "-m", "benchmarks.look", "--child", str(folder), kind]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def child(folder: Path, kind: str) -> None:
    """Lay out a page, then the agreement; print the milliseconds of the second."""
    main = folder / ("look/agreement.typ" if kind == "look" else "floor.typ")

    def laid_out(name: str) -> float:
        start = time.process_time()
        inputs = {"agreement": (folder / name).read_text(encoding="utf-8")}
        made = lay_out_here({"main": str(main), "fonts": str(main.parent / FONTS), "inputs": inputs})
        taken = time.process_time() - start
        (folder / f"{kind}.pdf").write_bytes(made)
        return taken * 1000

    laid_out(f"{kind}-page.json")
    print(laid_out(f"{kind}.json"))


def measure(document: Document, root: Path, folder: Path) -> tuple[dict[str, float], int, int]:
    """Return the median milliseconds of each kind, the words, and the pages of the look."""
    given: Data = json.loads(content(document))
    said = [text for text in (given["kind"], given["title"], *texts(given["parts"])) if text.strip()]
    (folder / "look").symlink_to(pdf_look(root).resolve())
    (folder / "floor.typ").write_text(_FLOOR, encoding="utf-8")
    plain = {"title": given["title"], "justified": False}
    inputs: dict[str, Data] = {
        "look": given,
        "look-page": given | {"parts": given["parts"][:1], "contents": False},
        "plain": plain | {"texts": said},
        "plain-page": plain | {"texts": said[:1]},
        "justified": plain | {"texts": said, "justified": True},
        "justified-page": plain | {"texts": said[:1], "justified": True},
    }
    # A part by itself has nothing for its links to lead to.
    inputs["look-page"] = json.loads(json.dumps(inputs["look-page"]).replace('"anchor":', '"unled":'))
    for name, data in inputs.items():
        (folder / f"{name}.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    taken: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(ROUNDS):
        for kind in KINDS:
            taken[kind].append(lay_out(folder, kind))
    import pikepdf

    with pikepdf.open(folder / "look.pdf") as made:
        pages = len(made.pages)
    return {kind: statistics.median(times) for kind, times in taken.items()}, sum(len(s.split()) for s in said), pages


def around(document: Document, root: Path, folder: Path) -> tuple[float, float, float]:
    """Return the median milliseconds for the data, the form fields and the proof."""
    laid_out, whole = (folder / "look.pdf").read_bytes(), pdf(document, root)
    work: tuple[Callable[[], object], ...] = (
        lambda: content(document),
        lambda: add_fields(laid_out, blanks(document)),
        lambda: proof(document, "pdf", whole),
    )
    taken: list[list[float]] = [[] for _ in work]
    for _ in range(ROUNDS):
        for times, deed in zip(taken, work, strict=True):
            start = time.process_time()
            deed()
            times.append((time.process_time() - start) * 1000)
    first, second, third = map(statistics.median, taken)
    return first, second, third


def _words(runs: Any) -> str:
    return "".join(run if isinstance(run, str) else run["text"] for run in runs)


def main(arguments: list[str]) -> int:
    """Print the table for the repository that the command line names."""
    if arguments[:1] == ["--child"]:
        child(Path(arguments[1]), arguments[2])
        return 0
    root = Path(arguments[0] if arguments else ".").resolve()
    print("| agreement | words | pages | layout, ms | 1,000 words | plain | × | justified | × | data, fields, proof |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    with Project(root) as project:
        for file in project.files():
            if arguments[1:] and file.id not in arguments[1:]:
                continue
            document = project.assemble(file).document
            if document is None:
                continue
            document = outgoing(document)
            with tempfile.TemporaryDirectory() as name:
                taken, words, pages = measure(document, root, Path(name))
                beside = around(document, root, Path(name))
            look, plain, justified = (taken[kind] for kind in KINDS)
            each = (f"{look:.0f}", f"{look / words * 1000:.1f}", f"{plain:.0f}", f"{look / plain:.2f}",
                    f"{justified:.0f}", f"{look / justified:.2f}", ", ".join(f"{ms:.0f}" for ms in beside))  # fmt: skip
            print(f"| {file.id} | {words:,} | {pages} | {' | '.join(each)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
