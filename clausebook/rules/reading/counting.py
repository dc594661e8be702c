"""One or many: how many parties a phrase speaks of, and a noun beside its number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from clausebook.findings.model import Finding
from clausebook.formats.locale_words import locale_words
from clausebook.rules.reading.figures import number_words
from clausebook.rules.reading.finished import FinishedText, quoted

_NUMBER = re.compile(r"(?<![\w.,/%:$€£-])([0-9]+|[^\W\d_]+) $")


def party_counts(text: FinishedText) -> Iterator[Finding]:
    """Yield each phrase that is only said of two parties where there are more, or of more where there are two."""
    parties = len(text.document.parties)
    if parties < 2:
        return
    wrong, there = ("of_many", "only two") if parties == 2 else ("of_two", "more than two")
    spoken = text.spoken
    for found in _phrases(text.language, wrong).finditer(text.said):
        before = text.said[text.paragraph(found.start())[0] : found.start()]
        if found[0] in spoken["of_the_second"] and any(pair in before for pair in spoken["of_one_pair"]):
            continue
        said = f"{quoted(found[0])} is said where there are {there} parties"
        hint = "say who is meant, in words that fit however many parties there are"
        yield text.finding("core/party-count", said, found.start(), found.end(), hint)


def noun_numbers(text: FinishedText) -> Iterator[Finding]:
    """Yield each unit of time that has the wrong number: "1 days", "2 month"."""
    one, many = _units(text.language)
    words = number_words(text.language)
    for unit in _unit(text.language).finditer(text.said):
        before = _NUMBER.search(text.said[max(unit.start() - 24, 0) : unit.start()])
        number = before and (int(before[1]) if before[1].isdigit() else words.get(before[1]))
        if before and number and (unit[0] not in one if number == 1 else unit[0] not in many):
            start = unit.start() - len(before[0])
            said = f"in {quoted(text.said[start : unit.end()])} the noun does not fit its number"
            yield text.finding("core/noun-number", said, start, unit.end(), "write the singular, or the plural")


@cache
def _phrases(language: str, which: str) -> re.Pattern[str]:
    phrases = locale_words(language).reading[which]
    either = "|".join(f"[{each[0].upper()}{each[0]}]{re.escape(each[1:])}" for each in phrases)
    return re.compile(rf"(?:{either})\b")


@cache
def _units(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the units of time for one and for several, in all cases of the language in which they stand alone."""
    words = locale_words(language)
    forms = [pair for case in words.cases if case != "adjective" for pair in words.durations[case].values()]
    one, many = (frozenset(pair[place].format(n="").strip() for pair in forms) for place in (0, 1))
    return one, many


@cache
def _unit(language: str) -> re.Pattern[str]:
    one, many = _units(language)
    return re.compile(rf"(?:{'|'.join(sorted(one ^ many, key=len, reverse=True))})(?![\w’'-])")
