"""Count the words that redlines mark, kind of edit by kind of edit: `python -m benchmarks.edits [--peers FOLDER]`.

Beside each edit of `tests/pairs` stands how many words are in the marks that a lawyer would make for it, which are
recorded there: of what moved, all of it at both places. Of each redline the words are counted in the tracked changes of
the DOCX file, but for those that follow from others and say so. With peers, which `benchmarks.peers` says how to
install, theirs stand beside ours; a peer gets the same two files, and pandiff the two texts as Markdown too.
Exit code 1 if more than a tenth too many are marked in all.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count, pairwise
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.peer_processes import API, PROCESS_DOCX, WARM_TEXT, Contestant, Pair, installed_peers
from clausebook.compare.documents import compare
from clausebook.document.model import Document
from clausebook.document.outgoing import outgoing
from clausebook.language.sandbox import Sandbox
from clausebook.render.docx.document import render_docx
from clausebook.render.docx.look import load_look
from clausebook.render.docx.redline import render_redline_docx
from clausebook.render.markdown import render_markdown
from clausebook.repository.tree import DiskTree
from tests.support.pair_cases import CASES, edits_of, texts_of
from tests.support.recorded_marks import word_count, words_meant

MOST = 1.1
"""Words marked for each that a lawyer would mark, in all."""

PEERS = {API: "python-redlines", PROCESS_DOCX: "pandiff, of DOCX", WARM_TEXT: "pandiff, of Markdown"}

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CHANGES = frozenset(W + name for name in ("ins", "del", "moveFrom", "moveTo"))
FOLLOWS = ("Numbering", "Contents")
"""The authors of changes that follow from others."""


@dataclass(frozen=True, slots=True)
class Row:
    """An edit: what it is, what the redline calls it, the words that a lawyer marks, that we do and that peers do."""

    edit: str
    case: str
    kinds: str
    meant: int
    marked: int
    peers: tuple[int, ...] = ()


def rows(folder: Path, look: Mapping[str, bytes], peers: Sequence[Contestant] = ()) -> Iterator[Row]:
    """Yield a row for each edit of the pairs."""
    sandbox, numbers = Sandbox(), count()
    for case in CASES:
        texts = pairwise(texts_of(case, folder, sandbox))
        for edit, (old, new) in zip(edits_of(case), texts, strict=True):
            kinds = dict.fromkeys(kind for each in edit.found for kind in each.kinds)
            redline = compare(old.document, new.document)
            ours = marked_words(render_redline_docx(redline, look, author="Counsel", base="Old", coverage="All"))
            theirs: tuple[int, ...] = ()
            if peers:
                # A peer may keep what it read under a name: no two pairs share theirs.
                pair = Pair(next(numbers), outgoing(old.document), outgoing(new.document), folder, 1, 1)
                _write(pair, look)
                theirs = tuple(marked_words(peer.run(pair)[1]) for peer in peers)
            meant = words_meant(edit.marks, redline.old, redline.new)
            yield Row(edit.name, case, ", ".join(kinds) or "none", meant, ours, theirs)
    sandbox.close()


def marked_words(docx: bytes) -> int:
    """Return how many words the tracked changes of a DOCX hold."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        body = ElementTree.fromstring(package.read("word/document.xml"))
    found = 0
    for change in body.iter():
        if change.tag in CHANGES and change.get(f"{W}author") not in FOLLOWS:
            texts = (each.text or "" for each in change.iter() if each.tag in (f"{W}t", f"{W}delText"))
            found += word_count("".join(texts))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, and below it the edits of which a peer marks fewer words."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.edits", description=__doc__)
    parser.add_argument("--peers", type=Path, help="the folder that holds venv/ and node_modules/ of the peers")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clausebook-edits-")))
        peers: list[Contestant] = []
        if options.peers:
            there, missing = stack.enter_context(installed_peers(options.peers.resolve(), None))
            print("\n".join(missing), file=sys.stderr)
            peers = [peer for peer in there if peer.name in PEERS]
        names = [PEERS[peer.name] for peer in peers]
        head = ["edit", "contract", "what the redline calls it", "a lawyer", "Clausebook", *names]
        print(f"| {' | '.join(head)} |\n|---|---|---|{'--:|' * (2 + len(peers))}")
        found = []
        for row in rows(folder, load_look(DiskTree(Path.cwd())), peers):
            found.append(row)
            _print(row.edit, row.case, row.kinds, row.meant, row.marked, *row.peers)
    meant, marked = sum(row.meant for row in found), sum(row.marked for row in found)
    theirs = [sum(column) for column in zip(*(row.peers for row in found), strict=True)]
    _print(f"**all {len(found)}**", "", "", meant, marked, *theirs)
    print("".join(f"\nA peer marks fewer: {row.edit} ({row.case})" for row in found if row.marked > _fewest(row)))
    return int(marked > MOST * meant)


def _print(*cells: object) -> None:
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def _fewest(row: Row) -> int:
    return min(row.peers, default=row.marked)


def _write(pair: Pair, look: Mapping[str, bytes]) -> None:
    sides: tuple[tuple[str, Document], ...] = (("old", pair.old), ("new", pair.new))
    for side, document in sides:
        pair.path(side, "docx").write_bytes(render_docx(document, look))
        pair.path(side, "md").write_text(render_markdown(document), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
