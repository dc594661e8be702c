"""Builds plain data from the C parser's events, without recursion, in one pass."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from clausebook.findings.characters import describe, hidden_characters
from clausebook.findings.pointers import pointer
from clausebook.load.positions import ROOT, ValuePlace
from clausebook.load.problems import RIGHT_FILE, Problems, short

if TYPE_CHECKING:
    from clausebook.load.yaml import Data, Root

MAX_DEPTH = 40
"""The deepest that lists and groups of properties may be nested."""

MAX_VALUES = 50_000
"""The most values, lists and groups together that a file may hold; a long agreement has about 2,000."""

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"-?[1-9][0-9]*|0")
_LONGEST_INTEGER = 4000
QUOTES = ("'", '"')
CURLY_OPENING, CURLY_CLOSING = "“„‟«‘‚", "”“»’‘"
CURLY_MARKS = frozenset(CURLY_OPENING + CURLY_CLOSING) - {"’"}
"""Marks that a value which is a quotation as a whole has none of inside; ’ is an apostrophe as well."""

_COMMENT = re.compile(r" ?(#[^\r\n]*)")
_SWALLOWED = re.compile(r"\n[ \t]*(?:- |[A-Za-z_][\w-]*:(?:[ \r\n]|$))")
"""A line that looks like a property or an item, inside of a quoted text."""

_NOTHING = re.compile(r"(\s*).*[:-]\s+(\{\}|\[\])\s*(?:\s#.*)?$")
_PROPERTY = re.compile(r"[A-Za-z_][\w-]*:(?:\s|$)")

_STANDARD_TAGS = "tag:yaml.org,2002:"

_SHOWN_AT_THEIR_START = ("unexpected", "expected ':'", "',' or", "node content")
"""The parser's words for what is opened and never closed: best shown where it was opened."""

_REFUSED = {
    "core/yaml-tag": "delete it; put text that begins with ! in quotes",
    "core/yaml-anchor": "delete it and write each value out; put text that begins with & in quotes",
    "core/yaml-alias": "write the value out here; put text that begins with * in quotes",
}
"""How what is not allowed is mended, by its rule."""

_ROOTS: dict[str, tuple[type, str, str, str]] = {
    "mapping": (
        dict,
        "core/yaml-not-a-mapping",
        "the file does not hold properties (`name: value`)",
        "begin each line with a property's name and a colon",
    ),
    "list": (list, "core/yaml-not-a-list", "the file does not hold a list", "begin each item with `- `"),
}


class _UnfitError(Exception):
    """The file is not fit to be read any further."""


class _Frame:
    """A list or a mapping that is being filled. `key` is the mapping's key that waits for its value."""

    __slots__ = ("children", "data", "key", "key_at", "start")

    def __init__(self, data: Any, start: tuple[int, int]) -> None:
        self.data = data
        self.children: Any = type(data)()
        self.start = start
        self.key: str | None = None
        self.key_at = start


def build(text: str, problems: Problems, root: Root, empty_text: bool) -> tuple[Data, ValuePlace]:
    """Return the text's data and places. The data is None if the text is unfit; why is in `problems`."""
    builder = _Builder(text, problems, empty_text)
    try:
        builder.run(CParser(text))
    except _UnfitError:
        return None, builder.place
    except MarkedYAMLError as error:
        _report(error, builder, problems)
        return None, builder.place
    except YAMLError as error:
        problems.syntax(str(error), (0, 0), "")
        return None, builder.place
    if not builder.filled:
        problems.add("core/yaml-empty", "the file is empty", None, "write the properties into it, or delete it")
    elif not builder.unfit:
        if root == "any" or type(builder.value) is _ROOTS[root][0]:
            return builder.value, builder.place
        _, rule, message, hint = _ROOTS[root]
        problems.add(rule, message, (builder.place.line, builder.place.column), hint)
    return None, builder.place


class _Builder:
    """Data, places and problems of one run over the events."""

    def __init__(self, text: str, problems: Problems, empty_text: bool) -> None:
        self.text = text
        self.problems = problems
        self.empty_text = empty_text
        self.value: Any = None
        self.place = ROOT
        self.filled = False
        self.unfit = False
        self.frames: list[_Frame] = []
        self.count = 0
        self.unclosed: tuple[tuple[int, int], int] | None = None
        self.alias_line = -1

    def run(self, parser: Any) -> None:
        frames = self.frames
        while (event := parser.get_event()) is not None:
            kind = type(event)
            if kind is ScalarEvent:
                self._scalar(event)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                mark = event.start_mark
                self._refuse_marks(event, mark)
                if len(frames) == MAX_DEPTH:
                    hint = "no agreement needs this: look for a bracket that is never closed"
                    raise self._unfit("core/yaml-too-deep", f"nested deeper than {MAX_DEPTH} levels", mark, hint)
                self._check_place(mark)
                frames.append(_Frame({} if kind is MappingStartEvent else [], (mark.line, mark.column)))
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                frame = frames.pop()
                self._place_value(frame.data, frame.start, frame.children)
            elif kind is AliasEvent:
                mark = event.start_mark
                self.alias_line = mark.line
                self._refuse("core/yaml-alias", f"`*{event.anchor}` stands for a value elsewhere in the file", mark)
                if frames and frames[-1].key is None and type(frames[-1].data) is dict:
                    raise _UnfitError
                self._place_value(None, (mark.line, mark.column), None)
            elif kind is DocumentStartEvent and self.filled:
                hint = "keep one agreement in a file: delete the line `---`, or move what follows to another file"
                said = "a second document begins here"
                raise self._unfit("core/yaml-many-documents", said, event.start_mark, hint)

    def _scalar(self, event: Any) -> None:
        mark = event.start_mark
        at = (mark.line, mark.column)
        text: str = event.value
        frame = self.frames[-1] if self.frames else None
        marked = event.anchor is not None or event.tag is not None
        if marked:
            self._refuse_marks(event, mark)
        plain = event.implicit[0]
        if event.end_mark.line > mark.line and event.style in QUOTES:
            inside = self.text[mark.index : event.end_mark.index]
            self.unclosed = (at, event.end_mark.line) if _SWALLOWED.search(inside) else None
        if frame is not None and frame.key is None and type(frame.data) is dict:
            self._key(frame, text, plain, at)
            self._place_hidden(event)
            return
        if not plain:
            value: str | int | None = text
        elif text in _WORDS:
            value = _WORDS[text]
        elif text[0] in "-0123456789" and len(text) <= _LONGEST_INTEGER and _INTEGER.fullmatch(text):
            value = int(text)
        else:
            value = text
        empty = value is None or (type(value) is str and not self.empty_text and (not value or value.isspace()))
        # What looks empty behind a mark is not: the mark was meant for the value.
        if empty and not marked:
            comment = self._comment(event.end_mark.index) if plain else None
            name = frame.key if frame is not None else None
            self.problems.empty(name, at, self._pointer(), comment[1] if comment and comment[1][1:2].strip() else "")
        elif type(value) is str:
            if not (value.isascii() and value.isprintable()):
                self._look_for_hidden(value, at)
            if plain and not self.empty_text:
                self._look_for_slips(value, event)
        self._place_hidden(event)
        self._place_value(value, at, None)

    def _key(self, frame: _Frame, key: str, plain: bool, at: tuple[int, int]) -> None:
        frame.key, frame.key_at = key, at
        if plain and key == "<<":
            said, hint = (
                "`<<` merges other values in, which is not allowed",
                "write the values out where they are needed",
            )
            self.problems.add("core/yaml-merge-key", said, at, hint)
            self.unfit = True
        elif not key or (not plain and not key.strip()):
            self.problems.add("core/yaml-key", "a property has no name", at, "write its name before the colon")
        elif plain and (key in _WORDS or _INTEGER.fullmatch(key)):
            self.problems.add("core/yaml-key", f"`{key}` is not read as a name", at, f'put it in quotes: "{key}"')
        if key in frame.data:
            said = f"`{short(key)}` is given a second time; it is already on line {frame.children[key].key_line + 1}"
            self.problems.add("core/yaml-duplicate-key", said, at, "keep one of the two", self._pointer())
        if not (key.isascii() and key.isprintable()):
            self._look_for_hidden(key, at)

    def _place_hidden(self, event: Any) -> None:
        if self.problems.expects_hidden and self.problems.next_hidden() < event.end_mark.index:
            self.problems.place_hidden(event.start_mark.index, event.end_mark.index, self._pointer())

    def _look_for_hidden(self, text: str, at: tuple[int, int]) -> None:
        # Those that stand in the file as they are were found before parsing; these come from `"\u202E"`.
        for _, char in hidden_characters(text, returns=True):
            self.problems.hidden(describe(char), at, self._pointer())

    def _look_for_slips(self, value: str, event: Any) -> None:
        """Find what a person may take for the value, or for no part of it, where YAML sees it otherwise."""
        start, end = event.start_mark, event.end_mark
        if found := self._comment(end.index):
            self.problems.comment(value, found[1], (end.line, end.column + 1), self._pointer())
        if value[0] in CURLY_OPENING and value[-1] in CURLY_CLOSING and not CURLY_MARKS & set(value[1:-1]):
            self.problems.curly(value, (start.line, start.column), self._pointer())

    def _comment(self, index: int) -> re.Match[str] | None:
        """Return the comment behind a value, if nothing but one space stands between them."""
        return _COMMENT.match(self.text, index)

    def _place_value(self, value: Any, at: tuple[int, int], children: Any) -> None:
        self.count += 1
        if self.count > MAX_VALUES:
            said = f"the file holds more than {MAX_VALUES:,} values"
            self.problems.add("core/yaml-too-large", said, at, RIGHT_FILE)
            raise _UnfitError
        if not self.frames:
            self.value, self.filled = value, True
            self.place = ValuePlace(*at, *at, children)
            return
        frame = self.frames[-1]
        if type(frame.data) is list:
            frame.data.append(value)
            frame.children.append(ValuePlace(*at, *at, children))
            return
        key = frame.key
        frame.key = None
        if key is not None and key not in frame.data:
            frame.data[key] = value
            frame.children[key] = ValuePlace(*at, *frame.key_at, children)

    def _check_place(self, mark: Any) -> None:
        """Refuse a list or mapping where a mapping's key should be."""
        frame = self.frames[-1] if self.frames else None
        if frame is not None and frame.key is None and type(frame.data) is dict:
            hint = "write a name and a colon; put a value that begins with [ or { in quotes"
            raise self._unfit("core/yaml-key", "a list or a group of properties cannot be a name", mark, hint)

    def _unfit(self, rule: str, said: str, mark: Any, hint: str) -> _UnfitError:
        self.problems.add(rule, said, (mark.line, mark.column), hint)
        return _UnfitError()

    def _refuse_marks(self, event: Any, mark: Any) -> None:
        if event.anchor is not None:
            self._refuse("core/yaml-anchor", f"`&{event.anchor}` names a value for use elsewhere", mark)
        if event.tag is not None:
            self._refuse("core/yaml-tag", f"`{short(event.tag.replace(_STANDARD_TAGS, '!!'))}` is a tag", mark)

    def _refuse(self, rule: str, what: str, mark: Any) -> None:
        said = f"{what}, which is not allowed"
        self.problems.add(rule, said, (mark.line, mark.column), _REFUSED[rule], self._pointer())
        self.unfit = True

    def _pointer(self) -> str:
        return pointer(
            len(frame.data) if type(frame.data) is list else frame.key or ""
            for frame in self.frames
            if type(frame.data) is list or frame.key is not None
        )


def _report(error: MarkedYAMLError, builder: _Builder, problems: Problems) -> None:
    if builder.unclosed and builder.unclosed[1] == error.problem_mark.line:
        # The parser stumbles over what follows the next quotation mark, which may be many lines below.
        said = "a quotation mark is opened here and not closed before the next property"
        problems.syntax(said, builder.unclosed[0], "close the text with the same quotation mark")
        return
    problem, text = str(error.problem), builder.text
    mark = error.problem_mark
    if mark.line == builder.alias_line:
        # The parser stumbles over the words behind what it took for an alias.
        return
    if error.context_mark is not None and any(words in problem for words in _SHOWN_AT_THEIR_START):
        mark = error.context_mark
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    above = next(
        (each for each in reversed(list(enumerate(lines[: mark.line]))) if each[1].split("#")[0].strip()), (0, "")
    )
    nothing = _NOTHING.match(above[1])
    if nothing and (line[: len(nothing[1]) + 1].isspace() or line.lstrip().startswith("- ")):
        said = f"`{nothing[2]}` in line {above[0] + 1} says that there is nothing in it, and this line is below it"
        problems.syntax(said, (mark.line, mark.column), f"delete the {nothing[2]} in line {above[0] + 1}")
        return
    problems.stopped(problem, (mark.line, mark.column), line, _wanted(error, lines))


def _wanted(error: MarkedYAMLError, lines: list[str]) -> int:
    """Return how many spaces the properties of an item have, if the line is one that has too few, else 0."""
    start, mark = error.context_mark, error.problem_mark
    if start is None or not start.column < mark.column or mark.line >= len(lines):
        return 0
    item = next((line for line in reversed(lines[: mark.line]) if line[: start.column + 1].strip() == "-"), "")
    indent = len(item) - len(item[start.column + 1 :].lstrip())
    return indent if _PROPERTY.match(lines[mark.line][mark.column :]) and mark.column < indent else 0
