"""What the pages of a PDF of ours paint, in order: texts with their places and colours, and areas.

Reads the operators as Typst writes them, for speed, and refuses what it does not know: what is not understood may show
anything. Texts are what the fonts' own maps say of the glyphs, not what a file says that they should be read as.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import pikepdf

from clausebook.render.pdf.breaks import BREAK_HELPER
from clausebook.render.proof.glyph_maps import LITERAL, NUMBER, Font, UnknownDrawing, font_of, glyphs_of, letters

Matrix = tuple[float, float, float, float, float, float]
Colour = tuple[float, ...]
"""Red, green and blue, 0 to 1; () if it is not one colour, or not known."""


_UPRIGHT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Extent(NamedTuple):
    """A place on a page, in points from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


class State(NamedTuple):
    """How the next thing is painted: the clip is None where it is no rectangle."""

    matrix: Matrix
    clip: Extent | None
    fill: Colour = (0.0, 0.0, 0.0)
    stroke: Colour = (0.0, 0.0, 0.0)
    opacity: float = 1.0
    line: float = 1.0
    mode: int = 0
    font: str = ""
    size: float = 0.0


class Glyphs(NamedTuple):
    """A stretch of glyphs on a baseline. `number` is that of its marked sequence, -1 for an artifact.

    `width` tells how far it runs, in points before its matrix, and `pulled` how far a letter of it is pulled back at
    most, in thousandths of the size.
    """

    number: int
    text: str
    state: State
    width: float
    pulled: float

    def box(self, bottom: float, top: float) -> Extent:
        """Return the box of its letters between two heights over the baseline in parts of its size."""
        size = self.state.size
        return placed((0.0, bottom * size, self.width, top * size), self.state.matrix)


class Area(NamedTuple):
    """What else is painted: its box, its colour, how much it hides; a `picture` may show anything."""

    box: Extent
    colour: Colour
    opacity: float
    picture: bool = False


Painted = Glyphs | Area

_OPERAND = rb"%b|%b|/[^\s/<>\[\]()]+|<<(?:[^<>()]|%b)*>>|\[(?:[^\[\]()<>]|%b)*\]" % (
    NUMBER,
    LITERAL,
    LITERAL,
    LITERAL,
)
_ANY = rb"((?:(?:%b)\s*)*)([A-Za-z'\"][A-Za-z0-9*]*)\s*" % _OPERAND
# A text as Typst writes nearly all: in a marked sequence, placed, coloured and shown in one go.
_SHOWN = (
    rb"(?:/Span<</MCID (\d+)(?:/Lang\([\w-]+\))?>>BDC\s)?+q\s1 0 0 -1 (%b) (%b) cm\s?/\w+ cs\s((?:[\d.]+ )+)scn\s"
    rb"BT\s0 Tr\s?/(\w+) ([\d.]+) Tf\s1 0 0 -1 0 0 Tm\s?"
    rb"(\[[^\]]*+(?:\](?!\s?TJ)[^\]]*+)*+\]|%b)\s?T[Jj]\sET\sQ\s?(EMC\s?)?+" % (NUMBER, NUMBER, LITERAL)
)
# A line or an area as Typst writes nearly all: placed, coloured and drawn in one go.
_DRAWN = (
    rb"q\s1 0 0 -1 (%b) (%b) cm\s?/\w+ (?:cs\s((?:[\d.]+ )+)scn|CS\s((?:[\d.]+ )+)SCN\s([\d.]+) w\s[\d.]+ M)\s"
    rb"((?:%b %b [ml]\s)+)(?:h\s)?([fS])\sQ(?![A-Za-z0-9*])\s*" % ((NUMBER,) * 4)
)
_STEP = re.compile(rb"%b|%b|%b" % (_SHOWN, _DRAWN, _ANY), re.DOTALL)
_ESCAPED = re.compile(rb"\\[\\()]")
_AS_DIGITS = {b"\\\\": b"\\134", b"\\(": b"\\050", b"\\)": b"\\051"}
_MCID = re.compile(rb"/MCID\s+(\d+)")
_ACTUAL = re.compile(rb"/ActualText\s*(?:<(?:FEFF|feff)([0-9A-Fa-f]*)>|\(([^()\\]*)\))")
_UNIT = (0.0, 0.0, 1.0, 1.0)


def placed(box: tuple[float, float, float, float], matrix: Matrix) -> Extent:
    """Return the upright box around a box that a matrix takes to its place."""
    a, b, c, d, e, f = matrix
    left, bottom, right, top = box
    if b == c == 0 and a > 0:
        low, high = (bottom, top) if d > 0 else (top, bottom)
        return Extent(a * left + e, d * low + f, a * right + e, d * high + f)
    across = (a * left, a * right), (c * bottom, c * top)
    up = (b * left, b * right), (d * bottom, d * top)
    return Extent(
        *(sum(map(min, each)) + by for each, by in ((across, e), (up, f))),
        *(sum(map(max, each)) + by for each, by in ((across, e), (up, f))),
    )


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """Return the matrix that does first what the inner one does."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, l = outer  # noqa: E741
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l)


@dataclass(slots=True)
class Pages:
    """Reads what pages and fields paint; fonts are read once."""

    fonts: dict[tuple[int, int], Font] = field(default_factory=dict)

    def page(self, page: Any) -> Iterator[Painted]:
        """Yield what a page paints, without its fields. Raise UnknownDrawing."""
        state = State(_UPRIGHT, Extent(*map(float, page.get("/CropBox", page.MediaBox))))
        return self._painted(page.Contents.read_bytes(), page.Resources, state)

    def field(self, widget: Any) -> Iterator[Painted]:
        """Yield what a form field paints, on its page. Raise UnknownDrawing."""
        look = widget.get("/AP", {}).get("/N")
        if isinstance(look, pikepdf.Stream):
            box, bounds = [float(each) for each in widget.Rect], [float(each) for each in look.BBox]
            by = box[0] - bounds[0], box[1] - bounds[1]
            yield from self._painted(look.read_bytes(), look.Resources, State((1.0, 0.0, 0.0, 1.0, *by), Extent(*box)))

    def _painted(self, content: bytes, resources: Any, state: State) -> Iterator[Painted]:
        # So that a parenthesis is always the beginning or the end of a string.
        content = _ESCAPED.sub(lambda found: _AS_DIGITS[found[0]], content)
        fonts = {name[1:].encode(): self._font(font) for name, font in resources.get("/Font", {}).items()}
        return _Run(fonts, resources, state).steps(content)

    def _font(self, font: Any) -> Font:
        found = self.fonts.get(font.objgen)
        if found is None:
            found = self.fonts[font.objgen] = font_of(font)
        return found


@dataclass(slots=True)
class _Run:
    """The running of one page's or field's operators."""

    fonts: Mapping[bytes, Font]
    resources: Any
    state: State
    stack: list[State] = field(default_factory=list)
    marks: list[int] = field(default_factory=lambda: [-1])
    path: list[tuple[float, float]] = field(default_factory=list)
    straight: bool = True
    clips: bool = False
    before_text: Matrix = _UPRIGHT
    actual: str = ""
    told: str = ""

    def steps(self, content: bytes) -> Iterator[Painted]:
        end = 0
        marks = self.marks
        for step in _STEP.finditer(content):
            if step.start() != end:
                break
            end = step.end()
            groups = step.groups()
            number, x, y, colour, font, size, shown, closed = groups[:8]
            if shown is None:
                found = self._step(groups[-1].decode(), groups[-2]) if groups[-1] else self._drawn(*groups[8:-2])
                if found:
                    yield found
                continue
            if number is not None:
                marks.append(int(number))
            outer = self.state
            # The text's own matrix only turns upright what the page's turns over.
            matrix = (1.0, 0.0, 0.0, 1.0, float(x), float(y))
            matrix = matrix if outer.matrix == _UPRIGHT else times(matrix, outer.matrix)
            fill = _colour(colour)
            yield self._text(State(matrix, outer.clip, fill, fill, outer.opacity, 1.0, 0, "", float(size)), font, shown)
            if closed is not None:
                marks.pop()
        if end != len(content):
            raise UnknownDrawing(f"it has an operator that is not known: {content[end : end + 20]!r}")

    def _text(self, state: State, name: bytes, operand: bytes) -> Glyphs:
        font = self.fonts.get(name)
        if font is None:
            raise UnknownDrawing("a font is not named")
        codes, shifts = glyphs_of(operand)
        text = "".join(map(font.texts.__getitem__, codes))
        width = (sum(map(font.widths.__getitem__, codes)) - sum(shifts)) / 1000 * state.size
        pulled = max(shifts) if shifts else 0.0
        if self.actual:
            # What it should be read as is believed if it has the same letters: its accents may stand in another order.
            if letters(self.actual) == letters(text):
                # Accents without a letter are told again with each of them.
                text = "" if self.actual == self.told and not letters(text) else self.actual
            self.actual, self.told = "", self.actual
        return Glyphs(self.marks[-1], text, state, width, pulled)

    def _drawn(
        self, x: bytes, y: bytes, fill: bytes | None, stroke: bytes, line: bytes, path: bytes, operator: bytes
    ) -> Area | None:
        """Draw one line or area, after which all is as it was."""
        outer = self.state
        state = outer._replace(matrix=times((1.0, 0.0, 0.0, -1.0, float(x), float(y)), outer.matrix))
        if fill is not None:
            self.state = state._replace(fill=_colour(fill))
        else:
            self.state = state._replace(stroke=_colour(stroke), line=float(line))
        steps = path.split()
        self.path += zip(map(float, steps[::3]), map(float, steps[1::3]), strict=True)
        area = self._filled(operator.decode())
        self.state = outer
        return area

    def _step(self, operator: str, given: bytes) -> Painted | None:
        """Do one operator; what it is not given is not known."""
        state = self.state
        if operator == "q":
            self.stack.append(state)
        elif operator == "Q":
            self.state = self.stack.pop()
        elif operator in ("BDC", "BMC"):
            number = _MCID.search(given)
            artifact = given.startswith(b"/Artifact")
            actual = _ACTUAL.search(given)
            self.actual = _spoken(actual) if actual else ""
            self.marks.append(int(number[1]) if number else -1 if artifact else self.marks[-1])
        elif operator == "EMC":
            self.marks.pop()
        elif operator == "Do":
            return self._picture(given.strip()[1:].decode())
        elif operator == "sh":
            return Area(state.clip or _EVERYWHERE, (), 1.0, True)
        elif operator == "gs":
            self.state = self._with(given.strip()[1:].decode())
        elif operator in ("Tj", "TJ"):
            return self._text(state, state.font.encode(), given)
        elif operator in ("f", "f*", "S", "s", "B", "B*", "b", "b*", "n"):
            return self._filled(operator)
        else:
            self._set(operator, given)
        return None

    def _set(self, operator: str, written: bytes) -> None:
        state = self.state
        given = written.split()
        if operator == "cm":
            self.state = state._replace(matrix=times(_matrix(given), state.matrix))
        elif operator == "BT":
            self.before_text = state.matrix
        elif operator == "Tm":
            self.state = state._replace(matrix=times(_matrix(given), self.before_text))
        elif operator == "ET":
            self.state = state._replace(matrix=self.before_text)
        elif operator == "Tf":
            self.state = state._replace(font=given[0][1:].decode(), size=float(given[1]))
        elif operator == "Tr":
            self.state = state._replace(mode=int(given[0]))
        elif operator in ("scn", "g", "rg", "k"):
            self.state = state._replace(fill=_colour(written))
        elif operator in ("SCN", "G", "RG", "K"):
            self.state = state._replace(stroke=_colour(written))
        elif operator == "w":
            self.state = state._replace(line=float(given[0]))
        elif operator in ("m", "l", "c", "v", "y"):
            numbers = list(map(float, given))
            self.path += zip(numbers[::2], numbers[1::2], strict=True)
            self.straight = self.straight and operator in ("m", "l")
        elif operator == "re":
            x, y, width, height = map(float, given)
            self.path += ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        elif operator in ("W", "W*"):
            self.clips = True
        elif operator not in ("cs", "CS", "M", "J", "j", "d", "i", "h", "ri"):
            raise UnknownDrawing(f"it has an operator that is not known: {operator}")

    def _filled(self, operator: str) -> Area | None:
        path, state = self.path, self.state
        if not path:
            return None
        across, up = [x for x, _ in path], [y for _, y in path]
        box = placed((min(across), min(up), max(across), max(up)), state.matrix)
        area = None
        if operator != "n":
            fills = operator[0] in "fBb"
            if not fills or operator[0] in "Bb":
                half = state.line * _scale(state.matrix) / 2
                box = Extent(box.left - half, box.bottom - half, box.right + half, box.top + half)
            area = _within(Area(box, state.fill if fills else state.stroke, state.opacity), state.clip)
        if self.clips:
            upright = (
                self.straight and len(set(across)) == len(set(up)) == 2 and not (state.matrix[1] or state.matrix[2])
            )
            clip = _shared(box, state.clip) if upright and state.clip else None
            self.state = state._replace(clip=clip)
        self.path, self.straight, self.clips = [], True, False
        return area

    def _picture(self, name: str) -> Area:
        drawn = self.resources.XObject[f"/{name}"]
        bounds, matrix = _UNIT, self.state.matrix
        if drawn.get("/Subtype") == "/Form":
            left, bottom, right, top = map(float, drawn.BBox)
            bounds = (left, bottom, right, top)
            if "/Matrix" in drawn:
                matrix = times(_matrix(drawn.Matrix), matrix)
        area = Area(placed(bounds, matrix), (), 1.0, True)
        return _within(area, self.state.clip) or area._replace(box=_NOWHERE)

    def _with(self, name: str) -> State:
        given = self.resources.ExtGState[f"/{name}"]
        known = {"/Type", "/ca", "/CA", "/SMask", "/BM", "/AIS", "/SA", "/OP", "/op", "/OPM"}
        if (
            set(given.keys()) - known
            or given.get("/SMask", "/None") != "/None"
            or given.get("/BM", "/Normal") != "/Normal"
        ):
            # What is mixed in some other way may vanish.
            return self.state._replace(opacity=0.0)
        return self.state._replace(opacity=float(given.get("/ca", self.state.opacity)))


_EVERYWHERE = Extent(-1e9, -1e9, 1e9, 1e9)
_NOWHERE = Extent(-1e9, -1e9, -1e9, -1e9)


def _shared(one: Extent, other: Extent) -> Extent:
    return Extent(
        max(one.left, other.left), max(one.bottom, other.bottom), min(one.right, other.right), min(one.top, other.top)
    )


def _within(area: Area, clip: Extent | None) -> Area | None:
    """Return what of an area is seen; all of it where the clip is not known."""
    box = _shared(area.box, clip) if clip else area.box
    return area._replace(box=box) if box.left < box.right and box.bottom < box.top else None


def _matrix(given: Any) -> Matrix:
    a, b, c, d, e, f = map(float, given)
    return a, b, c, d, e, f


def _scale(matrix: Matrix) -> float:
    a, b, c, d, _, _ = matrix
    return float(abs(a * d - b * c) ** 0.5)


@lru_cache(maxsize=256)
def _colour(given: bytes) -> Colour:
    try:
        parts = tuple(map(float, given.split()))
    except ValueError:  # a pattern
        return ()
    if len(parts) == 1:
        return parts * 3
    if len(parts) == 4:
        black = 1 - parts[3]
        return tuple((1 - part) * black for part in parts[:3])
    return parts if len(parts) == 3 else ()


def _spoken(actual: re.Match[bytes]) -> str:
    text = actual[2].decode("latin-1") if actual[1] is None else bytes.fromhex(actual[1].decode()).decode("utf-16-be")
    return text.replace(BREAK_HELPER, "")
