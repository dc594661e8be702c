"""A number in words beside the same number in figures: they must agree, for words usually prevail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from clausebook.findings.model import Finding
from clausebook.formats.locale_words import locale_words
from clausebook.rules.reading.finished import FinishedText, quoted

_FIGURES_LAST = re.compile(r"\(([0-9]{1,3}) ?%?\)")
_FIGURES_FIRST = re.compile(r"(?<![0-9.,])([0-9]{1,3}) ?%? \(([^\W\d_][^\W\d_ -]*(?:[ -][^\W\d_]+){0,6})\)")
_BETWEEN = re.compile(r"[\s-]+")
_LONGEST = 7
"""Words in the longest number below a thousand, with room to spare."""

_HINT = "say the number once, or the same number in words and in figures"


def disagreements(text: FinishedText) -> Iterator[Finding]:
    """Yield each number whose words say another number than its figures."""
    known, spoken = number_words(text.language), text.spoken["numbers"]
    for found in _FIGURES_LAST.finditer(text.said):
        start = max(text.paragraph(found.start())[0], found.start() - 80)
        before = text.said[start : found.start()].rstrip()
        for unit in spoken["percent"]:
            before = before.removesuffix(f" {unit}")
        words = _BETWEEN.split(before.casefold())[-_LONGEST:]
        phrase = next((words[at:] for at in range(len(words)) if " ".join(words[at:]) in known), None)
        if phrase is None or _part_of_larger(words[: -len(phrase)], spoken):
            continue
        if known[" ".join(phrase)] != int(found[1]):
            begin = start + len(before) - len(" ".join(phrase))
            yield _finding(text, begin, found.end())
    for found in _FIGURES_FIRST.finditer(text.said):
        number = known.get(_BETWEEN.sub(" ", found[2].casefold()))
        if number is not None and number != int(found[1]):
            yield _finding(text, found.start(), found.end())


@cache
def number_words(language: str) -> Mapping[str, int]:
    """Return the numbers from 0 to 999 by their words in a language, which blanks alone join."""
    spoken = locale_words(language).reading["numbers"]
    below = {word: number for number, word in enumerate(spoken["small"])}
    for place, tens in enumerate(spoken["tens"], 2):
        below[tens] = 10 * place
        for number, digit in enumerate(spoken["digits"][1:], 1):
            below[spoken["compound"].format(tens=tens, digit=digit)] = 10 * place + number
    found = dict(below) | {spoken["digits"][1]: 1}
    for number, digit in enumerate(spoken["digits"]):
        for pattern in spoken["hundreds"] if number else ():
            hundred = pattern.format(digit=digit)
            found[hundred] = 100 * number
            found |= {
                f"{hundred}{join}{word}": 100 * number + rest
                for join in spoken["joins"]
                for word, rest in below.items()
            }
    return found


def _part_of_larger(before: list[str], spoken: Mapping[str, Any]) -> bool:
    """Tell whether a number is the end of a larger one, such as the last words of one thousand two hundred."""
    joins = {join.strip() for join in spoken["joins"]}
    rest = [word for word in before if word not in joins]
    return bool(rest) and rest[-1] in spoken["larger"]


def _finding(text: FinishedText, start: int, end: int) -> Finding:
    said = f"{quoted(text.said[start:end])} says one number in words and another in figures"
    return text.finding("core/figures-disagree", said, start, end, _HINT)
