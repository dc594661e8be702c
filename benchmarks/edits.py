"""Count the words that redlines mark, kind of edit by kind of edit: `python -m benchmarks.edits`, at the root.

Beside each edit of `tests/pairs` stands how many words a lawyer would strike and enter for it: not one more than is
needed and, of what moved, all of it at both places. The words are counted in the tracked changes of the DOCX file.
Exit code 1 if more than a tenth too many are marked in all.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from clausebook.compare.documents import compare
from clausebook.compare.model import Redline
from clausebook.language.sandbox import Sandbox
from clausebook.render.docx.look import load_look
from clausebook.render.docx.redline import render_redline_docx
from clausebook.repository.tree import DiskTree
from tests.support.pair_cases import CASES, edits_of, texts_of

MOST = 1.1
"""Words marked for each that a lawyer would mark, in all."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CHANGES = frozenset(W + name for name in ("ins", "del", "moveFrom", "moveTo"))
FOLLOWS = ("Numbering", "Contents")
"""The authors of changes that follow from others."""
_WORD = re.compile(r"\w+(?:[-'’.,]\w+)*")


@dataclass(frozen=True, slots=True)
class Row:
    """An edit: what it is, what the redline calls it, the words that a lawyer would mark and those that are."""

    edit: str
    case: str
    kinds: str
    meant: int
    marked: int


def rows(folder: Path, look: Mapping[str, bytes]) -> Iterator[Row]:
    """Yield a row for each edit of the pairs."""
    sandbox = Sandbox()
    for case in CASES:
        texts = pairwise(texts_of(case, folder, sandbox))
        for edit, (old, new) in zip(edits_of(case), texts, strict=True):
            kinds = dict.fromkeys(kind for each in edit.found for kind in each.kinds)
            marked = marked_words(compare(old.document, new.document), look)
            yield Row(edit.name, case, ", ".join(kinds) or "none", edit.marks, marked)
    sandbox.close()


def marked_words(redline: Redline, look: Mapping[str, bytes]) -> int:
    """Return how many words the tracked changes of a redline's DOCX hold."""
    data = render_redline_docx(redline, look, author="Counsel", base="Old", coverage="All")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body = ElementTree.fromstring(package.read("word/document.xml"))
    count = 0
    for change in body.iter():
        if change.tag in CHANGES and change.get(f"{W}author") not in FOLLOWS:
            texts = (each.text or "" for each in change.iter() if each.tag in (f"{W}t", f"{W}delText"))
            count += len(_WORD.findall("".join(texts)))
    return count


def main() -> int:
    """Print the table."""
    print("| edit | contract | what the redline calls it | words a lawyer marks | words marked |")
    print("|---|---|---|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        found = list(rows(Path(folder), load_look(DiskTree(Path.cwd()))))
    for row in found:
        print(f"| {row.edit} | {row.case} | {row.kinds} | {row.meant} | {row.marked} |")
    meant, marked = sum(row.meant for row in found), sum(row.marked for row in found)
    print(f"| **all {len(found)}** | | | {meant} | {marked} |")
    return int(marked > MOST * meant)


if __name__ == "__main__":
    sys.exit(main())
