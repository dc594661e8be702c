"""Gathers the findings of one file, in plain words."""

from __future__ import annotations

import re

from clausebook.findings.characters import shortened
from clausebook.findings.model import Finding, finding_in

At = tuple[int, int]
"""Line and column, from 0."""

MOST = 1000
"""The most findings that are kept of one file; how many more there were is said."""

EMPTY, COMMENT, CURLY = "core/text-empty", "core/text-comment", "core/text-quotation-marks"
"""Rules of which the schema decides whether, or how, a finding is told."""

RIGHT_FILE = "an agreement is a few pages of text: check that this is the right file"

EMPTY_HINT = "write the value, or delete the property if there is none"

_CURLY_OPENED = re.compile(r"(?:^|[:,\[{-])\s*([“”„‟«‘’‚])")
_QUOTED = re.compile(r"""(?:^|[:,\[{-])\s+("[^"]*"|'[^']*')\s*$""")

_SYNTAX: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "there is a colon where none can stand",
        "put the value in quotes if the colon is part of its text; else check the indentation",
    ),
    (
        "could not find expected ':'",
        "this line is neither a property (`name: value`) nor the continuation of one",
        "give it a colon and a value, or indent it below the property that it belongs to",
    ),
    (
        "did not find expected key",
        "this line does not line up with the lines above",
        "indent it exactly as the other properties of the same group",
    ),
    (
        "did not find expected <document start>",
        "this line does not belong to the lines above",
        "check its indentation, and that each property has a colon and a space after its name",
    ),
    (
        "did not find expected '-' indicator",
        "this line does not line up with the list above",
        "begin each item of the list with `- ` at the same indentation",
    ),
    (
        "block sequence entries are not allowed",
        "a list item cannot stand here",
        "begin the list on the line below its property, with `- ` before each item",
    ),
    (
        "found unexpected end of stream",
        "a quotation mark is opened here and never closed",
        "close the text with the same quotation mark",
    ),
    (
        "found unexpected document indicator",
        "a quotation mark is opened here and never closed",
        "close the text with the same quotation mark",
    ),
    (
        "did not find expected ',' or",
        "a bracket is opened and not closed, or a comma is missing",
        "close each [ with ] and each { with }, with commas between what is in them",
    ),
    (
        "did not find expected node content",
        "something is missing here",
        "close each [ with ] and each { with }, with commas between what is in them",
    ),
    (
        "found unknown escape character",
        "a backslash in double quotes begins a code, and this is none",
        "use single quotes, or write two backslashes",
    ),
)


class Problems:
    """The findings of one file so far. Lines and columns are given from 0."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._findings: list[Finding] = []
        self._more = 0
        self._hidden: list[tuple[int, At, str]] = []
        self._found = 0

    def add(self, rule: str, message: str, at: At | None = None, hint: str = "", pointer: str = "") -> None:
        """Add a finding; without a place it concerns the whole file."""
        if len(self._findings) >= MOST:
            self._more += 1
            return
        line, column = (at[0] + 1, at[1] + 1) if at else (0, 0)
        self._findings.append(Finding(rule, message, self._path, line, column, pointer, hint))

    def hidden(self, character: str, at: At, pointer: str = "") -> None:
        """Add a hidden character."""
        hint = f"delete it, and type the text around it again if need be ({character})"
        self.add("core/text-hidden-character", f"a character that cannot be seen: {character}", at, hint, pointer)

    def empty(self, name: str | None, at: At, pointer: str, comment: str = "") -> None:
        """Add a value that says nothing; `name` is its property, None for an item of a list.

        `comment` is what stands behind it on its line, if that is a comment.
        """
        hint = EMPTY_HINT
        if comment:
            hint = f"if the value is {short(comment)}, put it in quotes: without them # begins a comment"
        elif name is not None and " " in name:
            # `{what: review this, and that}` makes a property of "and that".
            hint = "if these words belong to the text before them, put that whole text in quotes"
        said = "the item says nothing" if name is None else f"`{short(name)}` has no value"
        self.add(EMPTY, said, at, hint, pointer)

    def comment(self, value: str, comment: str, at: At, pointer: str) -> None:
        """Add a warning of words that a person may take for a part of the value, where YAML sees a comment."""
        said = f"the value is only “{short(value)}”: what follows it, {short(comment)}, is a comment"
        hint = f'put the whole value in quotes, "{short(f"{value} {comment}")}"; before a comment write two spaces'
        self.add(COMMENT, said, at, hint, pointer)

    def curly(self, value: str, at: At, pointer: str) -> None:
        """Add a warning of typographic quotation marks around a value, which YAML takes for a part of it."""
        said = f"the quotation marks {value[0]} {value[-1]} are a part of the value, and would be printed"
        hint = f"delete them, or write straight ones; if they belong to the text, write '{short(value)}'"
        self.add(CURLY, said, at, hint, pointer)

    def syntax(self, said: str, at: At, hint: str) -> None:
        """Add what keeps the file from being YAML."""
        self.add("core/yaml-syntax", f"not valid YAML: {said}", at, hint)

    def stopped(self, problem: str, at: At, line: str, wanted: int = 0) -> None:
        """Add what stopped the parser, in plain words; `line` is the text of that line.

        `wanted` is how many spaces the properties of the list's item have, where the line is likely one of them.
        """
        char = line[at[1] : at[1] + 1]
        if "\t" in line[: len(line) - len(line.lstrip())] or char == "\t":
            said = "the line is indented with a tab, which YAML does not allow"
            self.add("core/yaml-tab", said, at, "indent with spaces, two for each level")
        elif opened := _CURLY_OPENED.search(line):
            said = f"{opened[1]} is no quotation mark for YAML, only a letter of the text"
            self.syntax(said, (at[0], opened.start(1)), 'put the value in straight quotation marks: "…"')
        elif _QUOTED.search(line[: at[1]]) and char not in ("", "#"):
            hint = "put the whole value in quotation marks, and write each of the same kind inside it twice "
            hint += "('it''s') or with a backslash (\"the \\\"site\\\"\")"
            self.syntax("there is text behind a closing quotation mark", at, hint)
        elif wanted and "'-' indicator" in problem:
            said = f"this line begins with {_spaces(at[1])}, the properties of the item above with {wanted}"
            self.syntax(said, at, f"indent it like them, with {_spaces(wanted)}")
        elif "cannot start any token" in problem and char:
            self.syntax(f"a value cannot begin with `{char}`", at, "put the value in quotes")
        else:
            otherwise = problem, "check the indentation and the quotation marks of this line and the one before"
            said, hint = next((told for key, *told in _SYNTAX if key in problem), otherwise)
            self.syntax(said, at, hint)

    def expect_hidden(self, hidden: list[tuple[int, At, str]], more: int) -> None:
        """Note hidden characters of the file: index, line and column from 1, and description; `more` are left out."""
        self._hidden = hidden
        self._more += more

    @property
    def expects_hidden(self) -> bool:
        """Tell whether hidden characters wait for the values that they are in."""
        return self._found < len(self._hidden)

    def place_hidden(self, start: int, end: int, pointer: str) -> None:
        """Add the noted characters before `end`; those from `start` on belong to the value at `pointer`."""
        while self.expects_hidden and self._hidden[self._found][0] < end:
            index, (line, column), character = self._hidden[self._found]
            self.hidden(character, (line - 1, column - 1), pointer if index >= start else "")
            self._found += 1

    def next_hidden(self) -> int:
        """Return the index of the next noted character that has no finding yet."""
        return self._hidden[self._found][0]

    def all(self) -> tuple[Finding, ...]:
        """Return all findings in order, those still noted included."""
        if self._hidden:
            self.place_hidden(self._hidden[-1][0] + 1, self._hidden[-1][0] + 1, "")
        found = sorted(self._findings, key=lambda finding: finding.sort_key)
        if self._more:
            found.append(too_many(self._path, f"and {self._more} more findings in this file"))
        return tuple(found)


def too_many(path: str, said: str) -> Finding:
    """Return the finding that says that others are left out."""
    return finding_in(path, "core/too-many-findings", said, "mend the first ones and check again", 0, 0)


def _spaces(count: int) -> str:
    return f"{count} space" if count == 1 else f"{count} spaces"


def short(text: str) -> str:
    """Return the text, cut to what a message can hold."""
    return shortened(text, 60)
