"""Load: bytes of a YAML file to plain data, with every problem and every position.

The data holds only dict, list, str, int, bool and None. Text, integers, true, false and null are told
apart as in YAML 1.2; all else (dates, decimals, `NO`, `1e3`, `02134`) stays the text as it is written.
What could harm or surprise (anchors, tags, duplicate keys, deep nesting, hidden characters) is a finding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, TypeAlias

from clausebook.findings.characters import describe, hidden_characters, without_hidden
from clausebook.findings.model import Finding
from clausebook.load.events import build
from clausebook.load.positions import Lines, Positions
from clausebook.load.problems import MOST, RIGHT_FILE, Problems
from clausebook.repository.tree import MAX_FILE_SIZE

Data: TypeAlias = "dict[str, Data] | list[Data] | str | int | bool | None"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A YAML file's data. `value` is None when the file is not fit to be read any further."""

    value: Data
    findings: tuple[Finding, ...]
    source: str = field(default="", repr=False)
    positions: Positions = field(default_factory=Positions, repr=False)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A Markdown file in two: its front matter, and its body with the line at which it begins."""

    data: Loaded
    body: str
    body_line: int
    findings: tuple[Finding, ...]


Root = Literal["mapping", "list", "any"]

_OPENING = re.compile(r"---[ \t]*(\r\n|\n|\r)")
_NO_BREAK = re.compile(r" *\u00a0[ \u00a0]*(?:- |[A-Za-z_][\w-]*:(?:\s|$))")
_BLOCK = re.compile(r"([ -]*)([^ -].*)?[|>][-+0-9]*\s*(?: #.*)?$")
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
_MERGE = (
    "keep what is right of both sides, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>; "
    "of a record keep one side whole, with git checkout --ours or --theirs and its folder"
)
_CLOSING = re.compile(r"^---[ \t]*(\r\n|\n|\r|\Z)", re.MULTILINE)


def load_yaml(data: bytes, path: str, *, root: Root = "mapping", empty_text: bool = False) -> Loaded:
    """Load a YAML file, safely and with all its findings.

    `root` says what the file must hold; with `empty_text`, text without a word is no finding.
    """
    problems = Problems(path)
    text = _decode(data, problems)
    if text is None:
        return Loaded(None, problems.all())
    return _load(text, problems, root, empty_text)


def split_front_matter(data: bytes, path: str) -> FrontMatter:
    """Split a Markdown file into its YAML front matter and its body; positions are those of the file.

    Line ends of the body are made line feeds. All findings, of both parts, are in `findings`.
    """
    problems = Problems(path)
    text = _decode(data, problems)
    opening = _OPENING.match(text) if text is not None else None
    closing = _CLOSING.search(text, opening.end()) if text is not None and opening else None
    if text is None or opening is None or closing is None:
        if text is not None:
            said = "the file does not begin with front matter" if opening is None else "the front matter is not closed"
            hint = "put the front matter between two lines that hold only ---, the first of them line 1"
            problems.add("core/front-matter-missing", said, (0, 0), hint)
        return FrontMatter(Loaded(None, problems.all()), "", 1, problems.all())
    # Spaces in the place of the first line keep every position that of the file.
    front = " " * 3 + text[3 : closing.start()]
    loaded = _load(front, problems, "mapping", empty_text=True)
    lines = Lines(text)
    for index, char in islice(hidden_characters(text[closing.end() :]), MOST):
        line, column = lines.at(closing.end() + index)
        problems.hidden(describe(char), (line - 1, column - 1))
    body = text[closing.end() :].replace("\r\n", "\n").replace("\r", "\n")
    return FrontMatter(loaded, body, lines.at(closing.end())[0], problems.all())


def _load(text: str, problems: Problems, root: Root, empty_text: bool) -> Loaded:
    hidden = list(hidden_characters(text))
    if hidden:
        lines = Lines(text)
        told = [(index, lines.at(index), describe(char)) for index, char in hidden[:MOST]]
        problems.expect_hidden(told, len(hidden[MOST:]))
        text = without_hidden(text)
    if marks := _CONFLICT.search(text):
        line = Lines(text).at(marks.start())[0]
        problems.syntax("git could not merge two changes of this file, and left its marks", (line - 1, 0), _MERGE)
        return Loaded(None, problems.all(), text)
    if at := _no_break_spaces(text):
        said = "the line is indented with no-break spaces (U+00A0), which look like spaces and are none for YAML"
        problems.add("core/yaml-no-break-space", said, at, "delete them and indent with spaces, two for each level")
        return Loaded(None, problems.all(), text)
    value, place = build(text, problems, root, empty_text)
    return Loaded(value, problems.all(), text, Positions(place))


def _no_break_spaces(text: str) -> tuple[int, int] | None:
    """Return where the first line stands, from 0, that is indented with no-break spaces; a block of text may be."""
    if "\u00a0" not in text:
        return None
    block: int | None = None
    for number, line in enumerate(text.split("\n")):
        spaces = len(line) - len(line.lstrip(" "))
        if not line.strip(" ") or (block is not None and spaces > block):
            continue
        if _NO_BREAK.match(line):
            return number, spaces
        opened = _BLOCK.match(line)
        # A block belongs to its property, or to the item itself.
        block = (len(opened[1]) if opened[2] else spaces) if opened else None
    return None


def _decode(data: bytes, problems: Problems) -> str | None:
    if len(data) > MAX_FILE_SIZE:
        said = f"the file is {len(data) / (1 << 20):.1f} MiB; at most {MAX_FILE_SIZE >> 20} MiB are read"
        problems.add("core/yaml-too-large", said, None, RIGHT_FILE)
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        said = "the file is not in UTF-8 but in UTF-16 or UTF-32"
        problems.add("core/yaml-encoding", said, (0, 0), "save it again as UTF-8")
        return None
    # A byte order mark at the very start is the habit of some editors, and harmless.
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = Lines(before).at(len(before))
        said = f"the byte 0x{data[error.start]:02X} is not UTF-8 text"
        hint = "save the file again as UTF-8; if it is not a text file, remove it"
        problems.add("core/yaml-encoding", said, (line - 1, column - 1), hint)
        return None
