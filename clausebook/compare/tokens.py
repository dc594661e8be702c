"""Split text into what a redline may mark apart: words, references and signs, never less than a word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clausebook.document.model import Run, Runs

_SIGNS = (
    r"!-/:-@\[-^`{-~"  # ASCII without the underscore
    r"\u00a1-\u00a9\u00ab\u00ac\u00ae-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7"
    r"\u2010-\u2027\u2030-\u205e\u20a0-\u20c0\u2190-\u2bff\u3001-\u3003\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20"
)
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"[^\s{_SIGNS}{_HAN}]"

_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S., e.g.
    rf"|{_LETTER}+(?:(?:[-‐‑'’/&@·]|(?<=\d)[.,:](?=\d)|\.(?=[a-z0-9])){_LETTER}+|(?<=\u200d)\S{_LETTER}*)*"
    rf"|[^\s]"  # a sign, or a Han character, which is a word of its own
)
"""Numbers with their separators, hyphenated words, contractions, and/or and addresses are one word each."""

_LABEL = re.compile(r"\([^()]*\)|\b[\w.]*\d[\w.]*|\b(?:[IVXLC]+|[A-Za-z])\b|[⁰¹²³⁴-⁹]+")
"""What counts parts off in a citation: numbers, letters and what stands in brackets; and a footnote's number."""

POINTS_TO = "\0"
"""In a token's key: before the target of a reference or the address of a link."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text and its tokens: `keys` are what is compared, the rest where each lies in `text`."""

    runs: Runs
    text: str
    keys: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]

    def gap(self, index: int) -> tuple[int, int]:
        """Return where the white space before a token lies; before the first there is none."""
        return (self.ends[index - 1], self.starts[index]) if index else (self.starts[0], self.starts[0])


def tokens(runs: Runs, *, linked: bool) -> Tokens:
    """Split runs into tokens; a word may span runs.

    With `linked`, a reference is one token, known by its target and not by its
    text, and the words of a link are known by its address too.
    """
    text = runs[0].text if len(runs) == 1 else "".join(run.text for run in runs)
    if linked and any(map(points, runs)):
        return _linked(runs, text)
    keys, starts, ends = [], [], []
    for match in _TOKEN.finditer(text):
        keys.append(match[0])
        starts.append(match.start())
        ends.append(match.end())
    return Tokens(runs, text, keys, starts, ends)


def plain_words(text: str) -> list[str]:
    """Return the words and signs of a text."""
    return _TOKEN.findall(text)


def points(run: Run) -> str:
    """Return where a reference or a link points, "" for all other runs, those of defined terms too."""
    target = run.target
    if not target or (run.origin and run.origin.kind == "term") or target.startswith("#term-"):
        return ""
    return target


def address(run: Run) -> str:
    """Return where a link leads outside the document, "" for all other runs."""
    return "" if run.target.startswith("#") else run.target


def targets(runs: Runs) -> tuple[str, ...]:
    """Return where the runs' references and links point."""
    return tuple(target for run in runs if run.target and (target := points(run)))


def only_renumbered(old: str, new: str) -> bool:
    """Tell whether two citations of the same place differ in its number alone."""
    return _LABEL.sub("", old).split() == _LABEL.sub("", new).split()


def _linked(runs: Runs, text: str) -> Tokens:
    keys: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    offset = done = 0
    for run in runs:
        start, offset = offset, offset + len(run.text)
        target = points(run)
        if not target or not run.text.strip():
            continue
        _add(keys, starts, ends, text, done, start, "")
        if target.startswith("#"):
            keys.append(POINTS_TO + target)
            starts.append(start + len(run.text) - len(run.text.lstrip()))
            ends.append(start + len(run.text.rstrip()))
        else:
            _add(keys, starts, ends, text, start, offset, POINTS_TO + target)
        done = offset
    _add(keys, starts, ends, text, done, offset, "")
    return Tokens(runs, text, keys, starts, ends)


def _add(keys: list[str], starts: list[int], ends: list[int], text: str, start: int, end: int, suffix: str) -> None:
    for match in _TOKEN.finditer(text, start, end):
        keys.append(match[0] + suffix)
        starts.append(match.start())
        ends.append(match.end())
