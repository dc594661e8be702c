"""The words of a tagged PDF, in the order of its structure tree.

Reads files that come from outside: work and memory are bounded, and whatever
is wrong with a file ends in one exception, `PdfTextError`. Artifacts (page
furniture, marks), tables of contents and list bullets are not words; zero-width
break helpers are dropped. A form field's words are those that it shows. What counts
is what a screen reader would say: glyphs by their ToUnicode map, or ActualText where
it replaces them. Expansions (`E`) never replace what is printed.
"""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from clausebook.reading.bounds import MAX_DEPTH, Budget, PdfTextError, bounded_memory
from clausebook.render.pdf.breaks import BREAK_HELPER
from tests.support.pdf_fonts import Font, Piece, load_font

MAX_FORMS = 4

_INLINE = frozenset(
    {"/Span", "/Link", "/Strong", "/Em", "/Quote", "/Code", "/Reference", "/BibEntry", "/Annot", "/Sub"}
)
_SILENT = frozenset({"/TOC", "/TOCI", "/Artifact"})
_BULLETED = frozenset({"/Disc", "/Circle", "/Square", "/Unordered"})
_OPERATORS = "BMC BDC EMC Tf Tj TJ ' \" Do q Q"
# A line broken at a soft hyphen shows a hyphen that stands for the same soft hyphen.
_REPEATED_HYPHEN = re.compile("\u00ad{2,}")

# A marked sequence: the page or form that holds it, and its number there.
_Key = tuple[tuple[int, int], int]
EDGE, NOTE = "\ue000", ("\ue001", "\ue002")
NOTED = re.compile(f"{NOTE[0]}([^{NOTE[0]}]*){NOTE[1]}")
# In place of a number: all that a form field shows.
_WHOLE = -1


def pdf_words(data: bytes) -> list[str]:
    """Return the white-space separated words of a tagged PDF, in reading order.

    Raise PdfTextError for a file that cannot be read that way.
    """
    try:
        with bounded_memory(), pikepdf.open(io.BytesIO(data)) as pdf:
            text = _text(pdf)
    except PdfTextError:
        raise
    except pikepdf.PasswordError as error:
        raise PdfTextError("the PDF is encrypted") from error
    except Exception as error:
        # The library raises many types on damaged files; a caller needs only this one.
        raise PdfTextError(f"the PDF is damaged: {error}") from error
    return _REPEATED_HYPHEN.sub("\u00ad", text.replace(BREAK_HELPER, "")).split()


@dataclass(slots=True)
class _Mark:
    """An open marked sequence: where its text belongs, and the ActualText that stands for it."""

    key: _Key | None
    actual: str | None = None
    hidden: bool = False
    accents: bool = True


@dataclass(slots=True)
class _Pages:
    """The text of marked sequences; each page is read once, when it is first asked for."""

    budget: Budget
    pieces: dict[_Key, list[Piece]] = field(default_factory=dict)
    read: set[tuple[int, int]] = field(default_factory=set)
    fonts: dict[tuple[int, int], Font] = field(default_factory=dict)

    def sequence(self, page: Any, owner: Any, number: int) -> list[Piece]:
        """Return the text of sequence `number` of `owner`: the page, or a form that it paints."""
        if not isinstance(page, pikepdf.Dictionary):
            raise PdfTextError("the structure tree names content without its page")
        if page.objgen not in self.read:
            self.read.add(page.objgen)
            self._read(page)
        return self.pieces.get((owner.objgen, number), [])

    def shown_by(self, annotation: Any) -> list[Piece]:
        """Return the text that a form field shows; [] if the object is none."""
        if not isinstance(annotation, pikepdf.Dictionary) or annotation.get("/Subtype") != "/Widget":
            return []
        looks: Any = annotation.get("/AP")
        look: Any = looks.get("/N") if isinstance(looks, pikepdf.Dictionary) else None
        if not isinstance(look, pikepdf.Stream):
            return []
        key = (annotation.objgen, _WHOLE)
        self.pieces.pop(key, None)
        self._paint(look, pikepdf.Dictionary(), key, 0)
        return self.pieces.get(key, [])

    def _read(self, page: pikepdf.Dictionary) -> None:
        contents = page.get("/Contents")
        parts = contents if isinstance(contents, pikepdf.Array) else [contents]
        for part in parts:
            if isinstance(part, pikepdf.Stream):
                self.budget.admit(part)
        self._interpret(page, page.objgen, _resources(page), None, 0)

    def _interpret(
        self, source: Any, owner: tuple[int, int], resources: pikepdf.Dictionary, outer: _Key | None, depth: int
    ) -> None:
        """Run a page or form; text outside any sequence of its own belongs to `outer`."""
        font: Font | None = None
        fonts: list[Font | None] = []
        marks = [_Mark(outer)]
        for instruction in pikepdf.parse_content_stream(source, _OPERATORS):
            self.budget.step()
            operands, operator, mark = instruction.operands, str(instruction.operator), marks[-1]
            if operator in {"Tj", "'", '"', "TJ"}:
                if font is not None:
                    self._show(mark, font, operands[-1])
            elif operator in {"BDC", "BMC"}:
                properties = _properties(operands, resources)
                number: Any = properties.get("/MCID")
                actual: Any = properties.get("/ActualText")
                key = (owner, number) if isinstance(number, int) else mark.key
                hidden = mark.hidden or mark.actual is not None
                marks.append(_Mark(key, str(actual) if isinstance(actual, pikepdf.String) else None, hidden))
            elif operator == "EMC":
                if len(marks) > 1:
                    marks.pop()
                    if mark.actual is not None and not mark.hidden:
                        self._add(mark.key, (mark.actual, mark.accents))
            elif operator == "Tf":
                font = self._font(_entry(resources, "/Font", operands[0]))
            elif operator == "q":
                fonts.append(font)
            elif operator == "Q":
                font = fonts.pop() if fonts else font
            elif operator == "Do" and mark.actual is None and not mark.hidden:
                self._paint(_entry(resources, "/XObject", operands[0]), resources, mark.key, depth)

    def _paint(self, form: Any, resources: pikepdf.Dictionary, key: _Key | None, depth: int) -> None:
        if isinstance(form, pikepdf.Stream) and form.get("/Subtype") == "/Form":
            if depth == MAX_FORMS:
                raise PdfTextError("the PDF's drawings are nested too deeply")
            own = form.get("/Resources")
            inner = own if isinstance(own, pikepdf.Dictionary) else resources
            self.budget.admit(form)
            self._interpret(form, form.objgen, inner, key, depth + 1)

    def _show(self, mark: _Mark, font: Font, shown: Any) -> None:
        for part in shown if isinstance(shown, pikepdf.Array) else [shown]:
            if isinstance(part, pikepdf.String):
                codes = bytes(part)
                self.budget.step(len(codes))
                for piece in font.decode(codes):
                    if mark.actual is not None:
                        mark.accents = mark.accents and piece[1]
                    elif not mark.hidden:
                        self._add(mark.key, piece)

    def _add(self, key: _Key | None, piece: Piece) -> None:
        if key is not None:
            self.pieces.setdefault(key, []).append(piece)

    def _font(self, font: Any) -> Font | None:
        if not isinstance(font, pikepdf.Dictionary):
            return None
        if not font.is_indirect:
            return load_font(font, self.budget)
        if font.objgen not in self.fonts:
            self.fonts[font.objgen] = load_font(font, self.budget)
        return self.fonts[font.objgen]


def _text(pdf: pikepdf.Pdf) -> str:
    """Return the text of the structure tree, with spaces around each block."""
    tree = pdf.Root.get("/StructTreeRoot")
    if not isinstance(tree, pikepdf.Dictionary):
        raise PdfTextError("the PDF has no structure tree")
    roles = _roles(tree)
    pages = _Pages(Budget())
    pieces: list[Piece] = []
    seen: set[tuple[int, int]] = set()
    # Each entry: a kid, the page it is on, whether bullets are labels here, its depth. A string is text to add.
    stack: list[tuple[Any, Any, bool, int]] = [(tree.get("/K"), None, False, 0)]
    while stack:
        kid, page, bulleted, depth = stack.pop()
        pages.budget.step()
        if depth > MAX_DEPTH:
            raise PdfTextError("the structure tree is nested too deeply")
        if isinstance(kid, str):
            pieces.append((kid, False))
        elif isinstance(kid, int):
            _append(pieces, pages.sequence(page, page, kid))
        elif isinstance(kid, pikepdf.Array):
            pages.budget.step(len(kid))
            stack.extend((each, page, bulleted, depth + 1) for each in reversed(list(kid)))
        elif isinstance(kid, pikepdf.Dictionary):
            page = kid.get("/Pg", page)
            if "/S" not in kid:
                if isinstance(kid.get("/MCID"), int):
                    _append(pieces, pages.sequence(page, kid.get("/Stm", page), int(kid.MCID)))
                else:
                    _append(pieces, pages.shown_by(kid.get("/Obj")))
                continue
            if kid.is_indirect:
                if kid.objgen in seen:
                    raise PdfTextError("the structure tree refers to itself")
                seen.add(kid.objgen)
            role = roles.get(str(kid.S), str(kid.S))
            if role in _SILENT or (role == "/Lbl" and bulleted):
                continue
            if role == "/L":
                bulleted = _attribute(kid, "/ListNumbering") in _BULLETED
            elif role == "/LBody":
                bulleted = False
            edge = "" if role in _INLINE and _attribute(kid, "/Placement") != "/Block" else EDGE
            if role == "/Lbl" and _marks_a_note(kid, roles):
                edge = ""
            actual = kid.get("/ActualText")
            inner = str(actual) if isinstance(actual, pikepdf.String) else kid.get("/K")
            if role == "/Note":
                stack += ((NOTE[1], None, False, 0), (inner, page, bulleted, depth + 1), (NOTE[0], None, False, 0))
                continue
            stack += ((edge, None, False, 0), (inner, page, bulleted, depth + 1), (edge, None, False, 0))
    blocks = "".join(text for text, _ in pieces).split(EDGE)
    # What a footnote says is read after the block that marks it.
    noted = (" ".join((NOTED.sub("", block), *map(_after_number, NOTED.findall(block)))) for block in blocks)
    return " ".join(noted)


def _after_number(note: str) -> str:
    return re.sub("^([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", r"\1 ", note)


def _marks_a_note(label: pikepdf.Dictionary, roles: dict[str, str]) -> bool:
    """Tell whether a label is a footnote's number, which leads to the footnote or back."""
    inner = label.get("/K")
    first = inner[0] if isinstance(inner, pikepdf.Array) and len(inner) else inner
    return isinstance(first, pikepdf.Dictionary) and roles.get(str(first.get("/S")), str(first.get("/S"))) == "/Link"


def _append(pieces: list[Piece], sequence: list[Piece]) -> None:
    """Append texts; a letter and its accents shown one by one each stand for all, which count once."""
    for text, accent in sequence:
        if accent and len(text) > 1 and pieces:
            before, alone = pieces[-1]
            if text == before and (not alone or unicodedata.combining(text[0])):
                continue
        pieces.append((text, accent))


def _roles(tree: pikepdf.Dictionary) -> dict[str, str]:
    """Return what each role of the file's own stands for, followed to the end."""
    table = tree.get("/RoleMap")
    given = {str(name): str(role) for name, role in table.items()} if isinstance(table, pikepdf.Dictionary) else {}
    roles = {}
    for name in given:
        role = name
        for _ in range(MAX_DEPTH):
            if role not in given:
                break
            role = given[role]
        roles[name] = role
    return roles


def _attribute(element: pikepdf.Dictionary, name: str) -> str:
    """Return an attribute of a structure element, or ""."""
    attributes = element.get("/A")
    for attribute in attributes if isinstance(attributes, pikepdf.Array) else [attributes]:
        if isinstance(attribute, pikepdf.Dictionary) and name in attribute:
            return str(attribute[name])
    return ""


def _resources(page: pikepdf.Dictionary) -> pikepdf.Dictionary:
    """Return a page's resources, its own or inherited."""
    node: Any = page
    for _ in range(MAX_DEPTH):
        if not isinstance(node, pikepdf.Dictionary):
            break
        resources = node.get("/Resources")
        if isinstance(resources, pikepdf.Dictionary):
            return resources
        node = node.get("/Parent")
    return pikepdf.Dictionary()


def _entry(resources: pikepdf.Dictionary, kind: str, name: Any) -> Any:
    """Return a named resource, or None."""
    table = resources.get(kind)
    return table.get(str(name)) if isinstance(table, pikepdf.Dictionary) else None


def _properties(operands: Any, resources: pikepdf.Dictionary) -> pikepdf.Dictionary:
    """Return the property list of a marked sequence; {} if it has none."""
    given = operands[1] if len(operands) > 1 else None
    if isinstance(given, pikepdf.Name):
        given = _entry(resources, "/Properties", given)
    return given if isinstance(given, pikepdf.Dictionary) else pikepdf.Dictionary()
