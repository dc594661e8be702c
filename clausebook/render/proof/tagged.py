"""The contract's words in a PDF of ours, in the order of its structure tree, and where they are painted.

Artifacts, tables of contents and bullets are no words of the contract; break helpers are dropped.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pikepdf

from clausebook.render.pdf.breaks import BREAK_HELPER
from clausebook.render.pdf.splice import UnknownForm, read
from clausebook.render.proof.glyph_maps import UnknownDrawing
from clausebook.render.proof.painted import Glyphs, Pages, Painted

Place = tuple[int, int]
"""A page, from 0, and the number of a marked sequence on it; for a form field -1 and its number as an object."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The words of a block, and the places where they are painted, in reading order. `role` is that of its tag."""

    words: str
    places: Sequence[Place]
    role: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a PDF shows: its passages, and what each page and field paints, in order.

    `contents` are the places of its table of contents, `links` the addresses outside to which a page leads, from 0, and
    `attached` the names of the files in it.
    """

    passages: Sequence[Passage]
    contents: frozenset[Place]
    pages: Sequence[Sequence[Painted]]
    fields: Mapping[int, Sequence[Painted]]
    links: Sequence[tuple[int, str]]
    attached: Sequence[str]


_INLINE = frozenset({"Span", "Link", "Strong", "Em", "Quote", "Code", "Reference", "BibEntry", "Annot", "Sub"})
_SILENT = frozenset({"TOC", "TOCI", "Artifact"})
_BULLETED = re.compile(rb"/ListNumbering\s*/(?:Disc|Circle|Square|Unordered)\b")
_TEXT = re.compile(rb"\((?:[^()\\]|\\.)*\)", re.DOTALL)
_ROLE = re.compile(rb"/S\s*/(\w+)")
_PAGE = re.compile(rb"/Pg\s+(\d+) 0 R")
_KIDS = re.compile(rb"/K\s*(\[[^\]]*\]|<<[^>]*>>|\d+ 0 R|\d+)")
_KID = re.compile(rb"(\d+) 0 R|(\d+)|(<<[^>]*>>)")
_MARKED = re.compile(rb"/MCID\s+(\d+)")
# A line broken at a soft hyphen shows a hyphen that stands for the same soft hyphen.
_REPEATED_HYPHEN = re.compile("\u00ad{2,}")
_OBJECT = re.compile(rb"/Obj\s+(\d+) 0 R")

NOTE = "Note"
"""The role of footnotes, which stand at the foot of a page, below what comes after them."""

STRUCK, UNDERLINED = b"/TextDecorationType/LineThrough", b"/TextDecorationType/Underline"
"""How the tags of a redline say that words went, and that they came."""


def read_shown(pdf: bytes) -> Shown:
    """Read what a PDF of ours shows. Raise UnknownDrawing for one that is made in another way."""
    return read_without(pdf, b"")[0]


def read_without(pdf: bytes, *marks: bytes) -> list[Shown]:
    """Read what a PDF of ours shows, once for each mark: then without what the tags mark so. See `read_shown`."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            pages = Pages()
            painted = [tuple(pages.page(page.obj)) for page in opened.pages]
            numbers = {page.obj.objgen[0]: index for index, page in enumerate(opened.pages)}
            fields = {each.objgen[0]: tuple(pages.field(each)) for page in opened.pages for each in _widgets(page.obj)}
            root = opened.Root.StructTreeRoot.objgen[0]
            links = [(index, each) for index, page in enumerate(opened.pages) for each in _addresses(page.obj)]
            attached = list(opened.attachments)
        texts = _texts(painted)
        read = (_Tree(pdf, numbers, texts, fields, mark).read(root) for mark in marks)
        return [Shown(passages, contents, painted, fields, links, attached) for passages, contents in read]
    except (UnknownForm, KeyError, AttributeError, IndexError, ValueError, pikepdf.PdfError) as error:
        raise UnknownDrawing(f"it is not made as Typst makes files: {error}") from error


def _widgets(page: Any) -> Iterator[Any]:
    return (each for each in page.get("/Annots", ()) if each.get("/Subtype") == "/Widget")


def _addresses(page: Any) -> Iterator[str]:
    for each in page.get("/Annots", ()):
        if each.get("/Subtype") == "/Link" and "/A" in each:
            yield str(each.A.get("/URI", each.A.get("/D", each.A.get("/S"))))


def _texts(pages: Sequence[Sequence[Painted]]) -> Mapping[Place, list[str]]:
    found: dict[Place, list[str]] = {}
    for page, painted in enumerate(pages):
        for each in painted:
            if isinstance(each, Glyphs) and each.number >= 0:
                found.setdefault((page, each.number), []).append(each.text)
    return found


class _Tree:
    """The structure tree of one file, read from its bytes: a library takes longer than all the rest."""

    def __init__(
        self,
        pdf: bytes,
        pages: Mapping[int, int],
        texts: Mapping[Place, list[str]],
        fields: Mapping[int, Sequence[Painted]],
        without: bytes,
    ) -> None:
        self._written, self._without = read(pdf), without
        self._pages, self._texts, self._fields = pages, texts, fields
        self._seen: set[int] = set()
        self._text: list[str] = []
        self._places: list[Place] = []
        self._found: list[Passage] = []
        self._waiting: list[Passage] = []
        self._silent: list[Place] = []
        self._quiet = 0

    def read(self, root: int) -> tuple[Sequence[Passage], frozenset[Place]]:
        """Return the blocks that hold words, in reading order, and the places of what is none of them."""
        self._element(root, -1, False, "")
        return self._found, frozenset(self._silent)

    def _flush(self, role: str) -> None:
        """Make a passage of what was gathered since the last edge of a block."""
        text = "".join(self._text).replace(BREAK_HELPER, "")
        words = " ".join((_REPEATED_HYPHEN.sub("\u00ad", text) if "\u00ad" in text else text).split())
        if words:
            self._found.append(Passage(words, self._places, role))
            self._places = []
        self._text.clear()
        self._found += self._waiting
        self._waiting.clear()

    def _element(self, number: int, page: int, bulleted: bool, block: str) -> None:
        if number in self._seen:
            raise UnknownDrawing("its structure tree refers to itself")
        self._seen.add(number)
        places = self._written.places
        end = places[number + 1] if number + 1 < len(places) else self._written.table
        written = self._written.data[places[number] : end]
        if b"(" in written:
            written = _TEXT.sub(b"", written)
        if self._without and self._without in written:
            return
        role = match[1].decode() if (match := _ROLE.search(written)) else ""
        kids = _KIDS.search(written)
        if not kids or (role == "Lbl" and bulleted):
            return
        self._quiet += role in _SILENT
        if role == "L":
            bulleted = bool(_BULLETED.search(written))
        elif role == "LBody":
            bulleted = False
        if role == NOTE:
            self._note(kids, written, page)
            return
        # A footnote's number at its mark is a label in the midst of a text.
        inline = (role in _INLINE and b"/Block" not in written) or (role == "Lbl" and block not in ("LI", NOTE))
        if not inline:
            if self._text:
                self._flush(block)
            block = role
        self._kids(kids, written, page, bulleted, block)
        if not inline and self._text:
            self._flush(block)
        self._quiet -= role in _SILENT

    def _note(self, kids: re.Match[bytes], written: bytes, page: int) -> None:
        """Read a footnote, which stands in the midst of a block, and keep it for behind that block."""
        held = self._text, self._places, self._found, self._waiting
        self._text, self._places, self._found, self._waiting = [], [], [], []
        self._kids(kids, written, page, False, NOTE)
        self._flush(NOTE)
        note = [replace(each, role=NOTE) for each in self._found]
        self._text, self._places, self._found, self._waiting = held
        self._waiting += note

    def _kids(self, kids: re.Match[bytes], written: bytes, page: int, bulleted: bool, block: str) -> None:
        if match := _PAGE.search(written, kids.end()):
            page = self._pages[int(match[1])]
        for element, marked, other in _KID.findall(kids[1]):
            if element:
                self._element(int(element), page, bulleted, block)
            elif marked:
                self._add((page, int(marked)))
            elif match := _MARKED.search(other):
                own = _PAGE.search(other)
                self._add((self._pages[int(own[1])] if own else page, int(match[1])))
            elif match := _OBJECT.search(other):
                self._field(int(match[1]))

    def _add(self, place: Place) -> None:
        if self._quiet:
            self._silent.append(place)
        elif place in self._texts:
            self._text += self._texts[place]
            self._places.append(place)

    def _field(self, number: int) -> None:
        if number in self._fields and not self._quiet:
            self._text += [each.text for each in self._fields[number] if isinstance(each, Glyphs)]
            self._places.append((-1, number))
