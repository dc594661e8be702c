"""The filters of the clause language: they take data and give data.

Everything a clause can do to a value is here; nothing of Jinja2's own remains.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from clausebook.formats.locale_words import locale_words
from clausebook.language.reckoning import DURATION
from clausebook.language.values import Absent, Items, Node, Pieces, Record, Value


class FilterError(Exception):
    """A filter was given something it does not take; the message says what it takes."""


class Filters:
    """The filters for one language, as methods; `table()` gives them by name."""

    def __init__(self, language: str) -> None:
        self._locale, self._words = language.replace("-", "_"), locale_words(language)

    def table(self) -> Mapping[str, Callable[..., object]]:
        """Return the filters by the names that templates use."""
        own = (self.and_list, self.date, self.duration, self.money, self.number, self.or_list, self.percent)
        common = (default, first, last, length, name, pluck, sentence, where, where_not)
        return MappingProxyType({"count": length, **{each.__name__: each for each in (*own, *common)}})

    def money(self, amount: object) -> object:
        """Give "USD 250,000" for a record of `amount` and `currency`."""
        if isinstance(amount, Absent):
            return amount
        if not isinstance(amount, Record) or not {"amount", "currency"} <= set(amount.data):
            raise FilterError("money takes an amount of money: a record of `amount` and `currency`")
        currency = str(amount.data["currency"])
        grouped = self._grouped(str(amount.data["amount"]), _minor_digits(currency))
        text = self._words.money.format(currency=currency, amount=grouped)
        return Value(amount.ledger, amount.pointer, {}, text, text)

    def number(self, value: object) -> object:
        """Give "10,000" for 10000; decimals stay as they are written."""
        return _mapped(value, lambda text: self._grouped(text, 0), "number")

    def date(self, value: object) -> object:
        """Give "March 1, 2026" for 2026-03-01, in the outline's language."""
        return _mapped(value, self._long_date, "date")

    def and_list(self, values: object) -> object:
        """Give "a, b, and c"."""
        return self._joined(values, "and")

    def or_list(self, values: object) -> object:
        """Give "a, b, or c"."""
        return self._joined(values, "or")

    def percent(self, value: object) -> object:
        """Give "50%"."""
        return _mapped(value, lambda text: self._words.percent.format(number=self._trimmed(text)), "percent")

    def duration(self, value: object, case: str = "noun") -> object:
        """Give "90 days" for P90D, or "90-day" with the case "adjective"; some languages have more cases."""
        if case not in self._words.cases:
            raise FilterError(f"duration has the cases {' and '.join(self._words.cases)}, not {case!r}")
        return _mapped(value, lambda text: self._words.duration(_amounts(text), case), "duration")

    def _joined(self, values: object, conjunction: str) -> object:
        if isinstance(values, Absent):
            return values
        items = tuple(_listed(values, f"{conjunction}_list"))
        parts = self._words.joined(items, conjunction)
        nodes = [item for item in items if isinstance(item, Node)]
        if not nodes:
            return "".join(map(str, parts))
        return Pieces(nodes[0].ledger, nodes[0].pointer, {}, tuple(parts))

    def _trimmed(self, text: str) -> str:
        try:
            plain = f"{Decimal(text).normalize():f}"
        except ArithmeticError:
            raise FilterError(f"percent takes a plain decimal, not {text!r}") from None
        return plain.replace(".", _symbols(self._locale)[1])

    def _long_date(self, text: str) -> str:
        return date_in_words(text, self._locale)

    def _grouped(self, text: str, digits: int) -> str:
        """Group a plain decimal; pad decimals to `digits` where there are any but zeros."""
        if not re.fullmatch(r"-?\d+(\.\d+)?", text):
            raise FilterError(f"number takes a plain decimal such as 1200 or 99.5, not {text!r}")
        sign = "-" if text.startswith("-") else ""
        whole, _, decimals = text.removeprefix("-").partition(".")
        if digits:
            decimals = decimals.rstrip("0").ljust(digits, "0") if decimals.strip("0") else ""
        group, point = _symbols(self._locale)
        return sign + f"{int(whole):,}".replace(",", group) + (f"{point}{decimals}" if decimals else "")


@lru_cache(1024)
def date_in_words(text: str, language: str) -> str:
    """Return an ISO 8601 date in the words of a language, given as a tag; raise FilterError if it is none."""
    from datetime import date

    from babel.dates import format_date

    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise FilterError(f"date takes a calendar date such as 2026-03-01, not {text!r}") from None
    return format_date(day, format="long", locale=language.replace("-", "_"))


def duration_in_words(text: str, language: str) -> str:
    """Return an ISO 8601 duration in words; raise FilterError if it is none."""
    return locale_words(language).duration(_amounts(text), "noun")


def name(value: object) -> object:
    """Give the words that the schema has for an enumerated value."""

    def labelled(item: Value) -> Value:
        labels = item.shape.get("l", {})
        if item.raw not in labels:
            raise FilterError(f"the schema gives no words (x-labels) for the value {item.raw!r} of `{item.pointer}`")
        return item.said(labels[item.raw])

    return _each(value, labelled, "name")


def sentence(value: object) -> object:
    """Give the value with its first letter in upper case."""
    if isinstance(value, str):
        return value[:1].upper() + value[1:]
    if isinstance(value, Pieces) and value.parts:
        return replace(value, parts=(sentence(value.parts[0]), *value.parts[1:]))
    return _each(value, lambda item: item.said(item.text[:1].upper() + item.text[1:]), "sentence")


def pluck(values: object, name: str) -> object:
    """Give the list of one property of each record, leaving out records without it."""
    _named(name, "pluck")
    found = (record.prop(name) for record in _records(values, "pluck"))
    return _list_like(values, (node for node in found if not isinstance(node, Absent)))


def where(values: object, name: str, *wanted: object) -> object:
    """Give the records whose property is, or holds, one of the wanted values."""
    _named(name, "where")
    return _list_like(values, (item for item in _records(values, "where") if _matches(item.prop(name), wanted)))


def where_not(values: object, name: str, *wanted: object) -> object:
    """Give the records whose property is, and holds, none of the wanted values."""
    _named(name, "where_not")
    return _list_like(values, (item for item in _records(values, "where_not") if not _matches(item.prop(name), wanted)))


def length(values: object) -> int:
    """Give the number of items of a list."""
    return len(tuple(_listed(values, "length")))


def first(values: object) -> object:
    """Give the first item of a list."""
    return _picked(values, 0, "first")


def last(values: object) -> object:
    """Give the last item of a list."""
    return _picked(values, -1, "last")


def default(value: object, words: object) -> object:
    """Give library words in the place of an absent value."""
    if isinstance(value, Absent):
        value.asked()
        return words
    return value


def _named(name: object, filter_name: str) -> None:
    if not isinstance(name, str):
        raise FilterError(f"{filter_name} takes the name of a property in quotes, such as 'amount'")


def _matches(value: object, wanted: tuple[object, ...]) -> bool:
    if isinstance(value, Items):
        return any(item in value for item in wanted)
    return any(value == item for item in wanted)


def _picked(values: object, index: int, filter_name: str) -> object:
    items = tuple(_listed(values, filter_name))
    if not items:
        raise FilterError(f"{filter_name} takes a list with at least one item")
    return items[index]


def _listed(values: object, filter_name: str) -> Iterable[Any]:
    if isinstance(values, Items | Absent | list | tuple):
        return values
    raise FilterError(f"{filter_name} takes a list")


def _records(values: object, filter_name: str) -> Iterable[Record]:
    for item in _listed(values, filter_name):
        if not isinstance(item, Record):
            raise FilterError(f"{filter_name} takes a list of records")
        yield item


def _list_like(values: object, items: Iterable[Node]) -> object:
    if isinstance(values, Items):
        return replace(values, items=tuple(items))
    return list(items)


def _mapped(value: object, change: Callable[[str], str], filter_name: str) -> object:
    if isinstance(value, str):
        return change(value)
    return _each(value, lambda item: item.said(change(item.text)), filter_name)


def _each(value: object, change: Callable[[Value], Value], filter_name: str) -> object:
    if isinstance(value, Absent):
        return value
    if isinstance(value, Items):
        return replace(value, items=tuple(_each(item, change, filter_name) for item in value))  # type: ignore[misc]
    if isinstance(value, Value) and not isinstance(value.raw, bool):
        return change(value)
    raise FilterError(f"{filter_name} takes a value of the agreement")


def _amounts(text: str) -> list[tuple[str, int]]:
    match = DURATION.fullmatch(text)
    amounts = [(unit, int(count)) for unit, count in (match.groupdict() if match else {}).items() if count]
    if not amounts:
        raise FilterError(f"duration takes an ISO 8601 duration such as P90D, not {text!r}")
    return amounts


@lru_cache
def _symbols(locale: str) -> tuple[str, str]:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return get_group_symbol(locale), get_decimal_symbol(locale)


@lru_cache
def _minor_digits(currency: str) -> int:
    from babel.numbers import get_currency_precision

    return int(get_currency_precision(currency))
