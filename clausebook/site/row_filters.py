"""The filters of a table, and by what a script finds its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from clausebook.site.slugs import slugs

Words = Mapping[str, Iterable[str]]
"""By filter, those of its choices that a row has, in words."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter of a table: `options` are its choices, each with its name in addresses and its words."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


class TableFilters:
    """The filters of a table, and by what each row is found: choices by their numbers, to be brief.

    `rows` are the words of each row by its key, `wanted` the filters, each with what it is called. `named` are names in
    addresses that the choices of a filter have already, by their words.
    """

    def __init__(
        self, rows: Mapping[str, Words], wanted: Mapping[str, str], named: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        self._rows = rows
        self.choices = []
        self._numbers: dict[str, dict[str, int]] = {}
        for name, label in wanted.items():
            every = {word for found in rows.values() for word in found[name]}
            names = (named or {}).get(name) or slugs(every)
            words = sorted(every, key=lambda word: (word.casefold(), word))
            self._numbers[name] = {word: number for number, word in enumerate(words)}
            self.choices.append(Choice(name, label, tuple((names[word], word) for word in words)))

    def marks_of(self, key: str) -> Iterator[tuple[str, str]]:
        """Yield by what a row is found: each filter, with the numbers of those of its choices."""
        for name, numbers in self._numbers.items():
            yield name, " ".join(str(numbers[word]) for word in dict.fromkeys(self._rows[key][name]))
