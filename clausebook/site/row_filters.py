"""The filters of a table, and by what a script finds its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from clausebook.site.slugs import slugs

Words = Mapping[str, Iterable[str]]
"""By filter, those of its choices that a row has, in words."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter of a table: `options` are its choices, each with its name in addresses and its words."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TableFilters:
    """The filters of a table, and by what each row is found, by its key: each filter with the numbers of its choices.

    Choices go by numbers to be brief.
    """

    choices: tuple[Choice, ...]
    marks: Mapping[str, Sequence[tuple[str, str]]]


def table_filters(
    rows: Mapping[str, Words], wanted: Mapping[str, str], named: Mapping[str, Mapping[str, str]] = MappingProxyType({})
) -> TableFilters:
    """Return the filters of a table.

    `rows` are the words of each row by its key, `wanted` the filters, each with what it is called. `named` are names in
    addresses that the choices of a filter have already, by their words.
    """
    choices, marks = [], {key: list[tuple[str, str]]() for key in rows}
    for name, label in wanted.items():
        every = {word for found in rows.values() for word in found[name]}
        names, words = named.get(name) or slugs(every), sorted(every, key=lambda word: (word.casefold(), word))
        choices.append(Choice(name, label, tuple((names[word], word) for word in words)))
        numbers = {word: str(number) for number, word in enumerate(words)}
        for key, found in rows.items():
            marks[key].append((name, " ".join(numbers[word] for word in dict.fromkeys(found[name]))))
    return TableFilters(tuple(choices), marks)
