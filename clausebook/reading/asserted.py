"""Whether what somebody asserts of a paper stands on a page of it: words, a day, an amount, a length of time.

A day, an amount and a length of time are sought in the forms in which contracts write them. What is not found may
stand there all the same, in a picture or in other words: that is for a person to see.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

from clausebook.formats.locale_words import FALLBACK, locale_words

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

_UNITS = {"D": "day", "W": "week", "M": "month", "Y": "year"}
_NUMBERS = locale_words(FALLBACK).reading["numbers"]
_HYPHENS = re.compile("[\u00ad\u2010-\u2015\u2212]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u02bc": "'"})
_WORD = re.compile(r"\w+")
_GROUPS = re.compile("[.,'\u2019 ]")
_GROUPED = re.compile("[0-9]{1,3}(?:[.,'\u2019 ][0-9]{3})+|[0-9]+")
_AMOUNT = re.compile(r"[0-9]{1,3}(?:[.,'\u2019 ][0-9]{3})+(?:[.,][0-9]{1,4})?|[0-9]+(?:[.,][0-9]{1,4})?")


def stands(kind: str, value: str, text: str) -> bool:
    """Tell whether a value of a kind (a key of `SOUGHT`) stands in the text of a page."""
    return SOUGHT[kind](value, _plain(text))


def _words(value: str, text: str) -> bool:
    words = _joined(_plain(value))
    return len(words) > 2 and words in _joined(text)


def _joined(text: str) -> str:
    return f" {' '.join(_WORD.findall(text))} "


def _day(value: str, text: str) -> bool:
    day = date.fromisoformat(value)
    return any(re.search(form, text) for form in _day_forms(day))


def _day_forms(day: date) -> Iterator[str]:
    name, number = MONTHS[day.month - 1], f"0?{day.day}(?:st|nd|rd|th)?"
    month = rf"{name[:3]}(?:{name[3:]}|t)?\.?"
    yield rf"(?<![0-9]){number}(?: day)?(?: of)?[ -]{month},?[ -](?:the year )?{day.year}(?![0-9])"
    yield rf"\b{month} {number},? {day.year}(?![0-9])"
    yield rf"(?<![0-9]){day.year}([-/.])0?{day.month}\1 ?0?{day.day}(?![0-9])"
    for one, other in ((day.day, day.month), (day.month, day.day)):
        yield rf"(?<![0-9])0?{one}([-/.]) ?0?{other}\1 ?(?:{day.year}|{day.year % 100:02})(?![0-9])"


def _amount(value: str, text: str) -> bool:
    wanted = _cents(value)
    return any(wanted in _readings(found) for found in _AMOUNT.findall(text))


def _readings(amount: str) -> Iterator[str]:
    """Yield what an amount may say, in whichever country it was written."""
    if _GROUPED.fullmatch(amount):
        yield _cents(_GROUPS.sub("", amount))
    whole, separator, rest = amount.rpartition(max(".", ",", key=amount.rfind))
    if separator and separator not in whole:
        yield _cents(f"{_GROUPS.sub('', whole)}.{rest}")


def _cents(plain: str) -> str:
    whole, _, rest = plain.partition(".")
    return f"{whole.lstrip('0') or '0'}.{rest.rstrip('0')}"


def _span(value: str, text: str) -> bool:
    parts = re.findall(r"([0-9]+)([DWMY])", value)
    return bool(parts) and all(_length(int(number), _UNITS[unit], text) for number, unit in parts)


def _length(number: int, unit: str, text: str) -> bool:
    said = rf"(?:{number}|{_in_words(number)})" if number < 100 else str(number)
    return (
        re.search(rf"\b{said}\)?(?: \(?{number}\)?)?[ -](?:calendar |consecutive |full |whole )?{unit}s?\b", text)
        is not None
    )


def _in_words(number: int) -> str:
    small: list[str] = _NUMBERS["small"]
    if number < len(small):
        return small[number]
    tens, ones = divmod(number, 10)
    return f"{_NUMBERS['tens'][tens - 2]}" + (f"[ -]{small[ones]}" if ones else "")


def _plain(text: str) -> str:
    """Return text in small letters, in one line, with plain quotation marks and hyphens; words broken are whole."""
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    text = re.sub("(?<=\\w)[\u00ad\u2010-]\\s*\n\\s*(?=[a-z])", "", text)
    return " ".join(_HYPHENS.sub("-", text).casefold().split())


SOUGHT: Mapping[str, Callable[[str, str], bool]] = MappingProxyType(
    {"words": _words, "date": _day, "amount": _amount, "duration": _span}
)
"""How a value of a kind is sought: words in their order, a date as 2027-03-04, an amount as 1250.00, P90D."""
