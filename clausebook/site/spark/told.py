"""Data of any schema as a page shows them: its titles, its words for values and its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from clausebook.formats.locale_words import locale_words
from clausebook.language.filters import FilterError, duration_in_words
from clausebook.render.page_templates import html
from clausebook.site.markup import day, humane
from clausebook.validate.described import Parts, below, for_the_contract, parts_of
from clausebook.validate.schemas import Schemas

MOST_IN_LINE = 3
"""Parts of a group that stand in one line; one of more has a heading."""

_LANGUAGE = "en-US"
_NOTHING = Markup()


@dataclass(frozen=True, slots=True)
class ToldValue:
    """A value as a page shows it. `title` and `about` are the schema's; `kind` is words, mark, list, group or table.

    `words` are those of a single value; a mark is one of an enumeration. `parts` are what a group or a list holds, the
    `rows` of a table hold a value a column or None. `look` is what the schema says of how to show it, or "".
    """

    name: str
    title: str
    about: str
    kind: str
    look: str = ""
    words: Markup = _NOTHING
    parts: tuple[ToldValue, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[ToldValue | None, ...], ...] = ()

    @property
    def short(self) -> bool:
        """Whether it is shown in a few words, and needs no heading of its own."""
        return self.kind in ("words", "mark", "list") or (
            self.kind == "group"
            and not self.look
            and len(self.parts) <= MOST_IN_LINE
            and all(each.kind in ("words", "mark") for each in self.parts)
        )

    def part(self, name: str) -> ToldValue | None:
        """Return a part of a group by its name."""
        return next((each for each in self.parts if each.name == name), None)

    def texts(self) -> Iterator[str]:
        """Yield the words of it and of all that it holds, plain."""
        if self.words:
            yield self.words.striptags()
        for each in self.parts:
            yield from each.texts()
        for row in self.rows:
            yield " · ".join(text for each in row if each for text in each.texts())


def with_names(value: ToldValue, names: Mapping[str, str]) -> ToldValue:
    """Return a value in which properties of some names, and columns of them, have other titles."""
    rows = tuple(tuple(each and with_names(each, names) for each in row) for row in value.rows)
    cells = (next((row[at] for row in rows if row[at]), None) for at in range(len(value.columns)))
    return replace(
        value,
        title=names.get(value.name, value.title),
        parts=tuple(with_names(each, names) for each in value.parts),
        columns=tuple(cell.title if cell else title for cell, title in zip(cells, value.columns, strict=True)),
        rows=rows,
    )


def told(schemas: Schemas, data: Mapping[str, Any], *, internal: bool = False) -> tuple[ToldValue, ...]:
    """Return what data of a schema say, in the schema's order; what is `x-internal` only if it is `internal`."""
    seen = data if internal else for_the_contract(data, [schemas.root], schemas.references)
    return _Teller(schemas.references).group(seen, [schemas.root])


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells data of one schema; `references` are what it refers to."""

    references: Mapping[str, Any]

    def group(self, data: Mapping[str, Any], schemas: Sequence[Any]) -> tuple[ToldValue, ...]:
        """Return what a group of data says."""
        return tuple(self._value(name, data[name], schemas) for name in self._names(schemas) if name in data)

    def _names(self, schemas: Sequence[Any]) -> Iterable[str]:
        parts = (part for schema in schemas for part in parts_of(schema, self.references))
        return dict.fromkeys(name for part in parts for name in part.get("properties", {}))

    def _value(self, name: str, value: Any, above: Sequence[Any]) -> ToldValue:
        schemas = below(above, self.references, name)
        parts = tuple(part for schema in schemas for part in parts_of(schema, self.references))
        said = {key: str(_first(parts, key) or "") for key in ("title", "description", "x-look")}
        title, about, look = said["title"] or humane(name), said["description"], said["x-look"]
        if isinstance(value, Mapping):
            if money := _money(value):
                return ToldValue(name, title, about, "words", look, html(money))
            return ToldValue(name, title, about, "group", look, parts=self.group(value, schemas))
        if isinstance(value, list):
            return self._several(ToldValue(name, title, about, "list", look), value, schemas)
        labels = _first(parts, "x-labels") or {}
        kind = "mark" if labels else "words"
        return ToldValue(name, title, about, kind, look, _words(value, parts, labels))

    def _several(self, listed: ToldValue, value: list[Any], schemas: Sequence[Any]) -> ToldValue:
        groups = [each for each in value if isinstance(each, Mapping)]
        if not groups:
            return replace(listed, parts=tuple(self._value("0", each, schemas) for each in value))
        inner = below(schemas, self.references, "0")
        rows = [{each.name: each for each in self.group(row, inner)} for row in groups]
        names = [name for name in self._names(inner) if any(name in row for row in rows)]
        titles = tuple(next(row[name].title for row in rows if name in row) for name in names)
        cells = tuple(tuple(row.get(name) for name in names) for row in rows)
        return replace(listed, kind="table", columns=titles, rows=cells)


def _words(value: Any, parts: Parts, labels: Mapping[str, str]) -> Markup:
    if isinstance(value, bool):
        return html("yes" if value else "no")
    if isinstance(value, int | float):
        return html(f"{value:,}")
    text, formats = str(value), {part.get("format") for part in parts}
    if text in labels:
        return html(labels[text])
    if "date" in formats:
        return day(text)
    if "duration" in formats:
        try:
            return html(duration_in_words(text, _LANGUAGE))
        except FilterError:
            return html(text)
    return html(text)


def _money(value: Mapping[str, Any]) -> str:
    """Return an amount of money in words, "" if it is none."""
    if value.keys() != {"amount", "currency"}:
        return ""
    whole, point, rest = str(value["amount"]).partition(".")
    grouped = f"{int(whole):,}{point}{rest}" if whole.isdecimal() else str(value["amount"])
    return locale_words(_LANGUAGE).money.format(currency=value["currency"], amount=grouped)


def _first(parts: Parts, key: str) -> Any:
    return next((part[key] for part in parts if key in part), None)
