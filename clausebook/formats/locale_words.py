"""The words that the program itself prints in a contract: one file a language, beside this one.

A file has every name that the English one has; a language may have more cases of a duration.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SUFFIX = ".toml"
FALLBACK = "en"

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class LocaleWords:
    """The words of one language.

    `language` is the tag that they are known by, `quotes` are the double and the single quotation marks, opening and
    closing; `capitals` tells whether they mark a defined term. `money`, `percent`, `page`, `version`,
    `signature_page`, `text_mark` and `fields` are patterns with names in braces; so is what a `restated` copy says of
    itself where no type that amends says it, and so are those of `redline`, in tables of their own where they name
    things of one kind, and in pairs for one and for several. `durations` has, by case and unit, the pattern for one
    and that for several, and what stands between them. `reading` is what a finished text is read by: the English file
    says what each of its lists is.
    """

    language: str
    quotes: str
    capitals: bool
    money: str
    percent: str
    draft: str
    not_approved: str
    contents: str
    page: str
    version: str
    signatures: str
    signature_page: str
    text_mark: str
    lists: Mapping[str, str]
    durations: Mapping[str, Any]
    fields: Mapping[str, str]
    reading: Mapping[str, Any]
    redline: Mapping[str, Any]
    restated: Mapping[str, str]

    @property
    def around_pages(self) -> tuple[str, str, str]:
        """What stands before the number of a page, between it and how many there are, and after that."""
        before, _, rest = self.page.partition("{page}")
        between, _, after = rest.partition("{pages}")
        return before, between, after

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases that a duration has."""
        return tuple(name for name, units in self.durations.items() if isinstance(units, Mapping))

    @property
    def joins(self) -> tuple[str, ...]:
        """The conjunctions of a list."""
        return tuple(name.removesuffix("_two") for name in self.lists if name.endswith("_two"))

    def joined(self, items: Sequence[object], conjunction: str) -> list[object]:
        """Return a list's items with what stands between them; the conjunction is one of `joins`."""
        words = self.lists
        return _between(items, words["between"], words[f"{conjunction}_two"], words[f"{conjunction}_last"])

    def quoted(self, text: str) -> str:
        """Return a text between quotation marks; those within it become the inner ones."""
        inner = text.translate(str.maketrans(self.quotes[:2], self.quotes[2:]))
        return f"{self.quotes[0]}{inner}{self.quotes[1]}"

    def listed(self, items: Sequence[object]) -> str:
        """Return items as a list in words, which ends in "and"."""
        return "".join(map(str, self.joined(items, "and")))

    def counted(self, name: str, count: int) -> str:
        """Return how many there are of what a pair of a redline's patterns counts."""
        return str(self.redline[name][count != 1].format(n=count))

    def duration(self, amounts: Sequence[tuple[str, int]], case: str) -> str:
        """Return a duration in words: units with how many of each, the largest first."""
        units = self.durations[case]
        said = [units[unit][count != 1].format(n=count) for unit, count in amounts]
        if case == "adjective":
            return "-".join(said)
        words = self.durations
        return "".join(map(str, _between(said, words["between"], words["two"], words["last"])))


@cache
def locale_words(language: str) -> LocaleWords:
    """Return the words of a language, given as a tag such as de-CH.

    No outline may name one that has none (`core/outline-language`). A record may, of a time when it could: what was
    said around its text then was English.
    """
    base = base_of(language)
    name = base if base in languages() else FALLBACK
    return LocaleWords(language=name, **tomllib.loads((_FOLDER / f"{name}{SUFFIX}").read_text(encoding="utf-8")))


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have words, in order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob(f"*{SUFFIX}")))


def base_of(language: str) -> str:
    """Return the language of a tag without its region."""
    return language.partition("-")[0].lower()


def _between(items: Sequence[object], between: str, two: str, last: str) -> list[object]:
    found: list[object] = []
    for index, item in enumerate(items):
        if index:
            found.append(between if index < len(items) - 1 else two if len(items) == 2 else last)
        found.append(item)
    return found
