"""The language of rules: that of clauses, with arithmetic on amounts, dates and durations, and with sets.

A rule judges; it prints nothing of a contract. What the data leave out stays absent through every operation, and an
absent value is neither more nor less than another, so a rule about it does not fire.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any

from jinja2 import Undefined

from clausebook.language.fillings import Filling
from clausebook.language.filters import FilterError, Filters
from clausebook.language.reckoning import Unreckonable, business_day, compute, plain, span
from clausebook.language.values import Absent, Items, Node, Record, Value

_DURATION = re.compile(r"(?<![\w.,])([0-9]{1,4}) (days?|weeks?|months?|years?)(?!\w)")
"""A duration of whole days, weeks, months or years in running text."""


class RuleFilters(Filters):
    """The filters of rules for one language, as methods; `table()` gives them by name, with those of clauses."""

    def table(self) -> Mapping[str, Callable[..., object]]:
        """Return the filters by the names that rules use."""
        sets = (also, without, shared, unique, find, position, listed)
        own = (
            most_days,
            least_days,
            total,
            rounded,
            smallest,
            largest,
            says,
            mentions,
            plus_business_days,
            first_duration,
            *sets,
        )
        return MappingProxyType({**super().table(), **{each.__name__: each for each in own}, "money": self.money_of})

    def money_of(self, amount: object, currency: object = "") -> object:
        """Give "USD 250,000" for a record of `amount` and `currency`, or for a number and the code of a currency."""
        if isinstance(amount, Record | Absent):
            return self.money(amount)
        told = {"amount": f"{_number(amount, 'money'):f}", "currency": str(_raw(currency))}
        # What comes from the data stays inert.
        node = next((each for each in (currency, amount) if isinstance(each, Node)), None)
        ledger, pointer = (node.ledger, node.pointer) if node else (_Nowhere(), "")
        return self.money(Record(ledger, pointer, {}, told))

    def number(self, value: object) -> object:
        """Give "10,000" for 10000, of the data or computed."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return self._grouped(f"{Decimal(value).normalize():f}", 0)
        return Filters.number(self, value)


class _Nowhere:
    """The ledger of what is computed, which stands at no place."""

    def mint(self, piece: Filling) -> str:
        return piece.text

    def problem(self, rule: str, message: str, *, hint: str = "", pointer: str = "", needle: str = "") -> None:
        raise FilterError(message)

    def silent(self, pointer: str) -> None:
        """Ask nothing: nobody left it out."""


def reckon(sign: str, left: object, right: object) -> object:
    """Return what an operator of a rule gives; see `reckoning.compute`. What is absent on a side is so in the result.

    The day that is reckoned from a date of the data stands where that does.
    """
    for each in (left, right):
        if isinstance(each, Absent):
            return each
    found = compute(sign, _raw(left), _raw(right))
    return replace(left, raw=found, text=found) if isinstance(found, str) and isinstance(left, Value) else found


def most_days(value: object) -> object:
    """Give the most days that a duration can last: 31 for P1M, 366 for P1Y."""
    return _days(value, 1, "most_days")


def least_days(value: object) -> object:
    """Give the fewest days that a duration can last: 28 for P1M, 365 for P1Y."""
    return _days(value, 0, "least_days")


def total(values: object) -> object:
    """Give the sum of a list of numbers; 0 for none."""
    return sum((_number(each, "total") for each in _listed(values, "total")), Decimal(0))


def rounded(value: object) -> object:
    """Give the whole number nearest to a number; the upper one of two."""
    if isinstance(value, Absent):
        return value
    return _number(value, "rounded").quantize(Decimal(1), ROUND_HALF_UP)


def smallest(values: object) -> object:
    """Give the smallest of a list of numbers or dates, or nothing of an empty list."""
    return _extreme(values, min, "smallest")


def largest(values: object) -> object:
    """Give the largest of a list of numbers or dates, or nothing of an empty list."""
    return _extreme(values, max, "largest")


def also(values: object, others: object) -> object:
    """Give the items of a list, and those of another."""
    return _kept(values, (*_listed(values, "also"), *_listed(others, "also")))


def without(values: object, others: object) -> object:
    """Give the items of a list that are not in another."""
    taken = set(map(_key, _listed(others, "without")))
    return _kept(values, (each for each in _listed(values, "without") if _key(each) not in taken))


def shared(values: object, others: object) -> object:
    """Give the items of a list that are in another, too."""
    there = set(map(_key, _listed(others, "shared")))
    return _kept(values, (each for each in _listed(values, "shared") if _key(each) in there))


def unique(values: object) -> object:
    """Give the items of a list, each once."""
    seen: dict[object, object] = {}
    for each in _listed(values, "unique"):
        seen.setdefault(_key(each), each)
    return _kept(values, seen.values())


def listed(value: object) -> object:
    """Give a list as it is, and anything else as a list of it alone; nothing of what is absent.

    A name that stands for nothing anywhere is a mistake, and no value that is left out.
    """
    if isinstance(value, Undefined):
        return [] if value._undefined_name is None else [str(value)]
    return value if isinstance(value, Items | list | tuple) else [] if isinstance(value, Absent) else [value]


def first_duration(value: object) -> object:
    """Give the first duration that a text names in digits, as `20 days` or `6 months`: P20D, P6M; nothing if none."""
    found = None if isinstance(value, Absent) else _DURATION.search(_told(value))
    return f"P{found[1]}{found[2][0].upper()}" if found else _nothing(value)


def find(values: object, name: str, wanted: object) -> object:
    """Give the first record of a list whose property is the wanted value, or nothing."""
    for each in _listed(values, "find"):
        if isinstance(each, Record) and name in each.data and each.prop(name) == wanted:
            return each
    return _nothing(values, wanted)


def position(values: object, name: str, wanted: object) -> object:
    """Give where the first record stands whose property is the wanted value: 1, 2 …; nothing if there is none."""
    for number, each in enumerate(_listed(values, "position"), 1):
        if isinstance(each, Record) and name in each.data and each.prop(name) == wanted:
            return number
    return _nothing(values, wanted)


def says(value: object, *words: object) -> bool:
    """Tell whether a text has one of the words, or phrases, whole and in any letters."""
    return bool(mentions(value, words))


def mentions(value: object, words: object) -> object:
    """Give the words, or phrases, of a list that a text has, whole and in any letters."""
    if isinstance(value, Absent):
        return []
    text = _told(value)
    there = (each for each in _listed(words, "mentions") if not isinstance(each, Absent))
    return [each for each in there if re.search(rf"(?<!\w){re.escape(_told(each))}(?!\w)", text, re.IGNORECASE)]


def plus_business_days(value: object, count: object, country: str = "US", region: str = "") -> object:
    """Give the day so many business days later: Saturdays, Sundays and a country's public holidays left out."""
    if isinstance(value, Absent):
        return value
    day, left = plain(_raw(value)), int(_number(count, "plus_business_days"))
    if not isinstance(day, date) or not 0 <= left <= 1000:
        raise FilterError("plus_business_days takes a date and up to 1,000 days")
    try:
        said = business_day(day, left, country, region).isoformat()
    except Unreckonable as error:
        raise FilterError(str(error)) from None
    return replace(value, raw=said, text=said) if isinstance(value, Value) else said


def _told(value: object) -> str:
    return value.text if isinstance(value, Value) else str(value)


def _raw(value: object) -> object:
    return value.raw if isinstance(value, Value) else value


def _number(value: object, name: str) -> Decimal:
    found = plain(_raw(value))
    if not isinstance(found, Decimal):
        raise FilterError(f"{name} takes numbers")
    return found


def _days(value: object, end: int, name: str) -> object:
    if isinstance(value, Absent):
        return value
    found = plain(_raw(value))
    if not isinstance(found, tuple):
        raise FilterError(f"{name} takes a duration such as P90D")
    return span(found)[end]


def _extreme(values: object, choose: Callable[..., Any], name: str) -> object:
    items = [each for each in _listed(values, name) if not isinstance(each, Absent)]
    kinds = {type(plain(_raw(each))) for each in items}
    if len(kinds) > 1 or not kinds <= {Decimal, date}:
        raise FilterError(f"{name} takes a list of numbers, or of dates")
    return choose(items, key=lambda each: plain(_raw(each))) if items else _nothing(values)


def _listed(values: object, name: str) -> Iterable[Any]:
    if isinstance(values, Items | Absent | list | tuple):
        return values
    raise FilterError(f"{name} takes a list")


def _kept(values: object, items: Iterable[Any]) -> object:
    return replace(values, items=tuple(items)) if isinstance(values, Items) else list(items)


def _key(each: object) -> object:
    if isinstance(each, list | dict):
        raise FilterError("lists within lists cannot be told apart")
    return each.pointer if isinstance(each, Node) and not isinstance(each, Value) else _raw(each)


def _nothing(*asked: object) -> Absent:
    node = next((each for each in asked if isinstance(each, Node)), None)
    return Absent(node.ledger, node.pointer, {"o": True}) if node else Absent(_Nowhere(), "", {"o": True})
