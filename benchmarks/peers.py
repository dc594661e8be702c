"""Time redlines side by side with python-redlines (Docxodus) and pandiff: `python -m benchmarks.peers --peers FOLDER`.

The peers are not dependencies of Clausebook. Install them into a folder of their own:

    python3 -m venv FOLDER/venv
    FOLDER/venv/bin/pip install 'python-redlines[docxodus]' pythonnet pypandoc_binary
    npm install --prefix FOLDER pandiff

pythonnet is for the kindest variants only: it keeps the engine of python-redlines in one warm process. pandiff needs
node, and pandoc, which Clausebook's own dependencies bring. All get the same two texts: python-redlines as DOCX
written by Clausebook, pandiff as that DOCX and as Markdown. In each round each has its turn, so that what else the
machine does falls on all of them. Times are by the clock.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import platform
import re
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from benchmarks import compare as made_up
from benchmarks.peer_processes import Contestant, Pair, PeerFault, installed_peers
from benchmarks.redline_docx import AGREEMENT, apart, document_of, edited
from clausebook.compare.changes import changes
from clausebook.compare.documents import compare
from clausebook.document.model import Document
from clausebook.document.outgoing import outgoing
from clausebook.document.words import words
from clausebook.project.project import Project
from clausebook.render.docx.document import render_docx
from clausebook.render.docx.look import load_look
from clausebook.render.docx.redline import render_redline_docx
from clausebook.render.markdown import render_markdown
from clausebook.repository.tree import DiskTree

FACTOR = 20
"""How many times faster than each peer Clausebook means to be, from the same starting point."""
OURS = "Clausebook: two Documents → DOCX"
ALONE = "Clausebook: the comparison alone, no DOCX"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(slots=True)
class Figures:
    """What was measured of one contestant on one pair."""

    taken: list[float] = field(default_factory=list)
    redline: bytes = b""
    error: str = ""

    def times(self) -> tuple[float, float]:
        """Return the smallest and the median."""
        return min(self.taken), statistics.median(self.taken)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 2 when neither peer is there."""
    options = _options(arguments)
    root = Path.cwd()
    with Project(root) as project:
        (agreement,) = project.assemble_all([AGREEMENT])
    if agreement.document is None:
        print(f"{AGREEMENT} has errors: run clausebook check", file=sys.stderr)
        return 2
    look = load_look(DiskTree(root))
    whole = outgoing(agreement.document)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clausebook-peers-")))
        peers, missing = stack.enter_context(installed_peers(options.peers, options.pandoc))
        if not peers:
            print(
                "\n".join((*missing, "There is no peer to compare with: --help says how to install them.")),
                file=sys.stderr,
            )
            return 2
        contestants = (*_ours(look), *peers)
        print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors. By the clock.\n")
        first = None
        for pages, rounds, warm_up in ((5, options.rounds, 60), (100, options.rounds_of_hundred, 10)):
            old, new = _texts(options.pair, whole, pages)
            pair = Pair(pages, old, new, folder, rounds, warm_up)
            if first is None:
                first = _ours(look)[0].run(pair)[0]
                print(f"First redline of this process, five pages, every cache empty: {first:.1f} ms.\n")
            _report(pair, contestants, _measured(pair, contestants, look))
    print("\n".join((NOTES, *missing)))
    return 0


NOTES = """\
What is debatable about the starting points:
- Clausebook starts from two assembled Documents, which is what it holds when a redline is asked for. In each turn they
  are fresh copies, which share nothing. Its peers start from files, for that is all they take.
- python-redlines starts the engine's program anew for each redline. "Less start-up" takes off what the same way needs
  for two texts of one line, in the same rounds: starting, loading the runtime, and compiling much of the code.
- A warm process is something that python-redlines does not offer: it is the engine's library, hosted by pythonnet.
  That is the kindest variant, and from files that the library has already read into its own form kinder still.
- Each pair has warm-up turns that do not count: 60 for five pages and 10 for a hundred of what runs in this process
  or in a warm one of Docxodus, one of the others.
- pandiff runs pandoc five times for a redline, also when its own process stays warm.
- Clausebook's figures are those of a running process. From the shell, starting it takes longer than the redline."""
"""What the tables leave unsaid."""


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--peers",
        type=Path,
        default=os.environ.get("CLAUSEBOOK_PEERS"),
        help="the folder that holds venv/ and node_modules/ (or $CLAUSEBOOK_PEERS)",
    )
    parser.add_argument("--pandoc", type=Path, help="the pandoc for pandiff; by default Clausebook's own")
    parser.add_argument(
        "--pair",
        choices=("contract", "made-up"),
        default="contract",
        help="contract: clauses of an agreement, a change every half page, one clause moved (default); "
        "made-up: that of benchmarks.compare, with fewer edits",
    )
    parser.add_argument("--rounds", type=int, default=15, help="of the five pages (default 15)")
    parser.add_argument("--rounds-of-hundred", type=int, default=5, help="of the hundred pages (default 5)")
    options = parser.parse_args(arguments)
    if options.peers is None:
        parser.error("say where the peers are with --peers or CLAUSEBOOK_PEERS; --help says how to install them")
    if min(options.rounds, options.rounds_of_hundred) < 1:
        parser.error("there must be at least one round")
    options.peers = Path(options.peers).resolve()
    return options


def _texts(kind: str, whole: Document, pages: int) -> tuple[Document, Document]:
    if kind == "made-up":
        made = made_up.pair("", pages, 5 if pages == 5 else 40)
        return made.old, made.new
    old = document_of(whole, pages)
    return old, edited(old)


def _ours(look: Mapping[str, bytes]) -> tuple[Contestant, Contestant]:
    base = "Redline against version 0.1"

    def redline(pair: Pair) -> tuple[float, bytes]:
        old, new = apart(pair.old), apart(pair.new)
        gc.collect()
        start = time.perf_counter()
        found = compare(old, new)
        docx = render_redline_docx(found, look, author="Larkmoor Health System", base=base, coverage="Covered")
        return (time.perf_counter() - start) * 1000, docx

    def comparison(pair: Pair) -> tuple[float, bytes]:
        old, new = apart(pair.old), apart(pair.new)
        gc.collect()
        start = time.perf_counter()
        compare(old, new)
        return (time.perf_counter() - start) * 1000, b""

    return Contestant(OURS, redline, quick=True), Contestant(ALONE, comparison, quick=True)


def _write(pair: Pair, look: Mapping[str, bytes]) -> None:
    for side, document in (("old", pair.old), ("new", pair.new)):
        pair.path(side, "docx").write_bytes(render_docx(document, look))
        pair.path(side, "md").write_text(render_markdown(document), encoding="utf-8", newline="\n")


def _measured(pair: Pair, contestants: Sequence[Contestant], look: Mapping[str, bytes]) -> dict[str, Figures]:
    """Return the figures by name, and for those that start up those of two texts of one line as well."""
    _write(pair, look)
    tiny = Pair(0, made_up.document(0), made_up.document(0), pair.folder, pair.rounds, 1)
    _write(tiny, look)
    figures = {each.name: Figures() for each in contestants}
    figures |= {_start_up(each): Figures() for each in contestants if each.deduct}
    for each in contestants:
        for _ in range(pair.warm_up if each.quick else 1):
            _turn(each, pair, figures[each.name])
        figures[each.name].taken.clear()
    for number in range(pair.rounds):
        for each in contestants:
            for _ in range(5 if each.quick else 1):
                _turn(each, pair, figures[each.name])
            if each.deduct:
                _turn(each, tiny, figures[_start_up(each)])
        _progress(pair.pages, number + 1, pair.rounds)
    return figures


def _turn(contestant: Contestant, pair: Pair, figures: Figures) -> None:
    if figures.error:
        return
    try:
        taken, figures.redline = contestant.run(pair)
    except PeerFault as fault:
        figures.error = str(fault)
    else:
        figures.taken.append(taken)


def _start_up(contestant: Contestant) -> str:
    return f"start-up of {contestant.name}"


def _progress(pages: int, done: int, rounds: int) -> None:
    if sys.stderr.isatty():
        print(f"{pages} pages: round {done} of {rounds}", file=sys.stderr)


def _report(pair: Pair, contestants: Sequence[Contestant], figures: dict[str, Figures]) -> None:
    found = len(changes(compare(pair.old, pair.new)))
    print(f"## {pair.pages} pages: {len(words(pair.old)):,} words, {found} changes, {pair.rounds} rounds\n")
    print("| | min | median | times ours: min | median | w:ins | w:del | moved | words in, out |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    ours = figures[OURS].times()
    faults = []
    close: list[str] = []
    for each in contestants:
        figure = figures[each.name]
        if figure.error:
            faults.append(f"{each.name}: FAILED: {figure.error}")
            continue
        marks = _marks(figure.redline) if figure.redline else None
        if marks is not None and not (marks.inserted and marks.deleted):
            faults.append(f"{each.name}: its DOCX has no tracked changes, so its figures mean nothing")
        print(_row(each.name, figure.times(), None if each.name in (OURS, ALONE) else ours, marks))
        if each.deduct and not figures[_start_up(each)].error:
            less = tuple(
                whole - part for whole, part in zip(figure.times(), figures[_start_up(each)].times(), strict=True)
            )
            print(_row("— the same, less start-up", (less[0], less[1]), ours, None))
        if each.name not in (OURS, ALONE) and figure.times()[0] < FACTOR * ours[0]:
            close.append(each.name)
    print("".join(f"\n{fault}\n" for fault in faults))
    print(
        f"Clausebook is less than {FACTOR} times faster, by the smallest times, than: {'; '.join(close) or 'none'}.\n"
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """How many tracked changes a DOCX holds, and how many words are in them."""

    inserted: int
    deleted: int
    moved: int
    words_in: int
    words_out: int


def _marks(docx: bytes) -> Marks:
    with zipfile.ZipFile(io.BytesIO(docx)) as file:
        body = ElementTree.fromstring(file.read("word/document.xml"))

    def count(*names: str) -> int:
        return sum(1 for name in names for _ in body.iter(W + name))

    def held(*names: str) -> int:
        return sum(_words_of(element) for name in names for element in body.iter(W + name))

    return Marks(
        count("ins"), count("del"), count("moveFrom", "moveTo"), held("ins", "moveTo"), held("del", "moveFrom")
    )


def _words_of(element: ElementTree.Element) -> int:
    texts: Iterable[str] = (each.text or "" for each in element.iter() if each.tag in (W + "t", W + "delText"))
    return len(re.findall(r"\w+", "".join(texts)))


def _row(name: str, times: tuple[float, float], ours: tuple[float, float] | None, marks: Marks | None) -> str:
    cells = [name, *(f"{taken:,.1f} ms" if taken < 100 else f"{taken:,.0f} ms" for taken in times)]
    cells += ["", ""] if ours is None else [f"{taken / own:.1f}" for taken, own in zip(times, ours, strict=True)]
    if marks is None:
        cells += [""] * 4
    else:
        cells += [str(marks.inserted), str(marks.deleted), str(marks.moved), f"{marks.words_in:,}, {marks.words_out:,}"]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
