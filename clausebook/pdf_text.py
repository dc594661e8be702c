"""The words of a tagged PDF, in the order of its structure tree.

Reads files that come from outside: work and memory are bounded, and whatever
is wrong with a file ends in one exception, `PdfTextError`. Artifacts (page
furniture, marks), tables of contents and list bullets are not words; zero-width
break helpers are dropped. What counts is what a screen reader would say: glyphs by
their ToUnicode map, or ActualText where it replaces them. Expansions (`E`) never
replace what is printed.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

BREAK_HELPER = "\u200b"
"""The zero-width space: a place where a long word may break, no part of the word."""

_BUDGET = 4_000_000
_MAX_STREAM = 1 << 20
_MAX_TOTAL = 1 << 25
_MAX_DECODED = 1 << 26
_MAX_DEPTH = 64
_MAX_FORMS = 4

_INLINE = frozenset({"/Span", "/Link", "/Strong", "/Em", "/Quote", "/Code", "/Reference", "/BibEntry", "/Annot", "/Sub"})
_SILENT = frozenset({"/TOC", "/TOCI", "/Artifact"})
_BULLETED = frozenset({"/Disc", "/Circle", "/Square", "/Unordered"})
_OPERATORS = "BMC BDC EMC Tf Tj TJ ' \" Do q Q"
_CMAP_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])|([A-Za-z]+)|\(|%[^\r\n]*")
_LIMITS_LOCK = threading.Lock()

# A marked sequence: the page or form that holds it, and its number there.
_Key = tuple[tuple[int, int], int]


class PdfTextError(Exception):
    """The file is no PDF, has no structure tree, is damaged, or asks for too much work."""


def pdf_words(data: bytes) -> list[str]:
    """Return the white-space separated words of a tagged PDF, in reading order.

    Raise PdfTextError for a file that cannot be read that way.
    """
    with _LIMITS_LOCK:
        limits = pikepdf.settings.set_qpdf_limits(
            flate_max_memory=_MAX_DECODED, png_max_memory=_MAX_DECODED, tiff_max_memory=_MAX_DECODED,
            run_length_max_memory=_MAX_DECODED, dct_max_memory=_MAX_DECODED, doc_max_warnings=1000,
        )  # fmt: skip
        try:
            with pikepdf.open(io.BytesIO(data)) as pdf:
                return _text(pdf).replace(BREAK_HELPER, "").split()
        except PdfTextError:
            raise
        except pikepdf.PasswordError as error:
            raise PdfTextError("the PDF is encrypted") from error
        except Exception as error:
            # The library raises many types on damaged files; a caller needs only this one.
            raise PdfTextError(f"the PDF is damaged: {error}") from error
        finally:
            pikepdf.settings.set_qpdf_limits(**limits)  # type: ignore[arg-type]


@dataclass(slots=True)
class _Budget:
    """Work left: objects, operators and map entries; bytes of streams decoded."""

    steps: int = _BUDGET
    octets: int = _MAX_TOTAL

    def step(self, count: int = 1) -> None:
        self.steps -= count
        if self.steps < 0:
            raise PdfTextError("the PDF is too complex")

    def admit(self, stream: pikepdf.Stream) -> bytes:
        """Return the decoded bytes of a stream that is not too large."""
        content = stream.read_bytes()
        self.octets -= len(content)
        if len(content) > _MAX_STREAM or self.octets < 0:
            raise PdfTextError("the PDF's pages are too large")
        return content


@dataclass(slots=True)
class _Font:
    """How a font's codes become text."""

    width: int
    texts: dict[int, str]

    def decode(self, codes: bytes) -> str:
        width, texts = self.width, self.texts
        return "".join(
            texts.get(int.from_bytes(codes[start : start + width], "big"), "\ufffd")
            for start in range(0, len(codes), width)
        )


@dataclass(slots=True)
class _Pages:
    """The text of marked sequences; each page is read once, when it is first asked for."""

    budget: _Budget
    texts: dict[_Key, list[str]] = field(default_factory=dict)
    read: set[tuple[int, int]] = field(default_factory=set)
    fonts: dict[tuple[int, int], _Font] = field(default_factory=dict)

    def text(self, page: Any, owner: Any, number: int) -> str:
        """Return the text of sequence `number` of `owner`: the page, or a form that it paints."""
        if not isinstance(page, pikepdf.Dictionary):
            raise PdfTextError("the structure tree names content without its page")
        if page.objgen not in self.read:
            self.read.add(page.objgen)
            self._read(page)
        return "".join(self.texts.get((owner.objgen, number), ()))

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
        font: _Font | None = None
        fonts: list[_Font | None] = []
        key, hidden = outer, False
        marks: list[tuple[_Key | None, bool]] = []
        for instruction in pikepdf.parse_content_stream(source, _OPERATORS):
            self.budget.step()
            operands, operator = instruction.operands, str(instruction.operator)
            if operator in {"Tj", "'", '"', "TJ"}:
                if key is not None and not hidden and font is not None:
                    self._show(key, font, operands[-1])
            elif operator in {"BDC", "BMC"}:
                marks.append((key, hidden))
                properties = _properties(operands, resources)
                number = properties.get("/MCID")
                if isinstance(number, int):
                    key = (owner, number)
                actual = properties.get("/ActualText")
                if isinstance(actual, pikepdf.String) and not hidden:
                    hidden = True
                    if key is not None:
                        self._add(key, str(actual))
            elif operator == "EMC":
                key, hidden = marks.pop() if marks else (outer, False)
            elif operator == "Tf":
                font = self._font(_entry(resources, "/Font", operands[0]))
            elif operator == "q":
                fonts.append(font)
            elif operator == "Q":
                font = fonts.pop() if fonts else font
            elif operator == "Do" and not hidden:
                self._paint(_entry(resources, "/XObject", operands[0]), resources, key, depth)

    def _paint(self, form: Any, resources: pikepdf.Dictionary, key: _Key | None, depth: int) -> None:
        if isinstance(form, pikepdf.Stream) and form.get("/Subtype") == "/Form":
            if depth == _MAX_FORMS:
                raise PdfTextError("the PDF's drawings are nested too deeply")
            own = form.get("/Resources")
            inner = own if isinstance(own, pikepdf.Dictionary) else resources
            self.budget.admit(form)
            self._interpret(form, form.objgen, inner, key, depth + 1)

    def _show(self, key: _Key, font: _Font, shown: Any) -> None:
        parts = shown if isinstance(shown, pikepdf.Array) else [shown]
        for part in parts:
            if isinstance(part, pikepdf.String):
                codes = bytes(part)
                self.budget.step(len(codes))
                self._add(key, font.decode(codes))

    def _add(self, key: _Key, text: str) -> None:
        self.texts.setdefault(key, []).append(text)

    def _font(self, font: Any) -> _Font | None:
        if not isinstance(font, pikepdf.Dictionary):
            return None
        if not font.is_indirect:
            return self._load(font)
        if font.objgen not in self.fonts:
            self.fonts[font.objgen] = self._load(font)
        return self.fonts[font.objgen]

    def _load(self, font: pikepdf.Dictionary) -> _Font:
        width = 2 if font.get("/Subtype") == "/Type0" else 1
        cmap = font.get("/ToUnicode")
        if isinstance(cmap, pikepdf.Stream):
            return _Font(width, dict(_mappings(self.budget.admit(cmap), self.budget)))
        if width == 1:
            return _Font(width, {code: bytes([code]).decode("cp1252", "replace") for code in range(32, 256)})
        return _Font(width, {})


def _text(pdf: pikepdf.Pdf) -> str:
    """Return the text of the structure tree, with spaces around each block."""
    tree = pdf.Root.get("/StructTreeRoot")
    if not isinstance(tree, pikepdf.Dictionary):
        raise PdfTextError("the PDF has no structure tree")
    roles = _roles(tree)
    pages = _Pages(_Budget())
    pieces: list[str] = []
    seen: set[tuple[int, int]] = set()
    # Each entry: a kid, the page it is on, whether bullets are labels here, its depth. A string is text to add.
    stack: list[tuple[Any, Any, bool, int]] = [(tree.get("/K"), None, False, 0)]
    while stack:
        kid, page, bulleted, depth = stack.pop()
        pages.budget.step()
        if depth > _MAX_DEPTH:
            raise PdfTextError("the structure tree is nested too deeply")
        if isinstance(kid, str):
            pieces.append(kid)
        elif isinstance(kid, int):
            pieces.append(pages.text(page, page, kid))
        elif isinstance(kid, pikepdf.Array):
            pages.budget.step(len(kid))
            stack.extend((each, page, bulleted, depth + 1) for each in reversed(list(kid)))
        elif isinstance(kid, pikepdf.Dictionary):
            page = kid.get("/Pg", page)
            if "/S" not in kid:
                if isinstance(kid.get("/MCID"), int):
                    pieces.append(pages.text(page, kid.get("/Stm", page), int(kid.MCID)))
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
            edge = "" if role in _INLINE and _attribute(kid, "/Placement") != "/Block" else " "
            actual = kid.get("/ActualText")
            inner = str(actual) if isinstance(actual, pikepdf.String) else kid.get("/K")
            stack += ((edge, None, False, 0), (inner, page, bulleted, depth + 1), (edge, None, False, 0))
    return "".join(pieces)


def _roles(tree: pikepdf.Dictionary) -> dict[str, str]:
    """Return what each role of the file's own stands for, followed to the end."""
    table = tree.get("/RoleMap")
    given = {str(name): str(role) for name, role in table.items()} if isinstance(table, pikepdf.Dictionary) else {}
    roles = {}
    for name in given:
        role = name
        for _ in range(_MAX_DEPTH):
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
    for _ in range(_MAX_DEPTH):
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


def _mappings(cmap: bytes, budget: _Budget) -> Iterator[tuple[int, str]]:
    """Yield code and text of each entry of a ToUnicode map."""
    section, row, array = b"", [], None  # type: tuple[bytes, list[bytes], list[bytes] | None] # noqa
    for token in _CMAP_TOKEN.finditer(cmap):
        budget.step()
        digits, opening, closing, word = token.groups()
        if word is not None:
            section, row, array = word, [], None
        elif section not in {b"beginbfchar", b"beginbfrange"}:
            continue
        elif opening:
            array = []
        elif digits is not None:
            (row if array is None else array).append(_hexadecimal(digits))
        if section == b"beginbfchar" and len(row) == 2:
            yield int.from_bytes(row[0], "big"), _utf16(row[1])
            row = []
        elif section == b"beginbfrange" and (len(row) == 3 or (closing and array is not None and len(row) == 2)):
            first, last = int.from_bytes(row[0], "big"), int.from_bytes(row[1], "big")
            budget.step(max(0, last - first))
            if array is not None:
                yield from zip(range(first, last + 1), map(_utf16, array), strict=False)
            else:
                base = row[2]
                for offset in range(last - first + 1):
                    tail = (int.from_bytes(base[-2:], "big") + offset) & 0xFFFF
                    yield first + offset, _utf16(base[:-2] + tail.to_bytes(2, "big"))
            row, array = [], None


def _hexadecimal(digits: bytes) -> bytes:
    packed = b"".join(digits.split())
    return bytes.fromhex((packed + b"0" * (len(packed) % 2)).decode("ascii"))


def _utf16(text: bytes) -> str:
    return text.decode("utf-16-be", "replace")
