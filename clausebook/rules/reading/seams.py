"""Where words were put together: words that stand twice, and values that do not fit the sentence around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from clausebook.document.model import Definition, Run
from clausebook.findings.model import Finding
from clausebook.formats.locale_words import locale_words
from clausebook.rules.reading.finished import END, FinishedText, quoted

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_MOST = 6
"""Words that a value may repeat of those around it, to be found."""

_END_ALONE = f" {END} "
_MARKS_AFTER = ".,;:)?!"

_MARKS = ("..", ",,", ",.", ",;", ",:", ";;", ";.", ";,", ":.", ":;", ":,", " ,", " ;", " .", " )", "( ")
"""Marks that do not stand beside each other, or beside a space."""


def doubled_words(text: FinishedText) -> Iterator[Finding]:
    """Yield each word that stands twice in a row, and each value that repeats the words before or behind it."""
    twice = frozenset(text.spoken["twice"])
    words = text.said.replace(END, _END_ALONE).split(" ")
    for index, (word, following) in enumerate(pairwise(words)):
        # A mark may stand behind the second one.
        again = word == following or (word == following[:-1] and following[-1] in _MARKS_AFTER)
        if again and word.isalpha() and word.islower() and word not in twice:
            before = words[:index]
            at = sum(map(len, before)) + index - before.count(END) * (len(_END_ALONE) - len(END))
            yield _doubled(text, at, at + 2 * len(word) + 1)
    for start, end, _ in text.values():
        first, last = text.paragraph(start)
        if start > first:
            yield from _repeated(text, max(first, start - 80), start, min(last, start + 80))
        if end < last:
            yield from _repeated(text, max(first, end - 80), end, min(last, end + 80))


def _repeated(text: FinishedText, first: int, seam: int, last: int) -> Iterator[Finding]:
    """Yield the words that end right before a seam and are said again right behind it, but for an article."""
    if text.said[seam - 1] != " " and text.said[seam] != " ":
        return
    nearest = text.said[first:seam].split()[-1:]
    if not nearest or nearest[0].casefold() not in text.said[seam:last].casefold():
        return
    before = list(_WORD.finditer(text.said, first, seam))
    after = list(_WORD.finditer(text.said, seam, last))
    if not before or not after or before[-1].end() < seam - 1:
        return
    left = [each[0].casefold() for each in before]
    small, articles = _small(text.language), locale_words(text.language).reading["articles"]
    for skipped in (0, 1) if after[0][0].casefold() in articles else (0,):
        right = [each[0].casefold() for each in after[skipped : skipped + _MOST]]
        for count in range(min(_MOST, len(left), len(right)), 0, -1):
            same = right[:count]
            if left[-count:] == same and (count > 1 or skipped) and not small.issuperset(same):
                yield _doubled(text, before[-count].start(), after[skipped + count - 1].end())
                return


def _doubled(text: FinishedText, start: int, end: int) -> Finding:
    said = f"in {quoted(text.said[start:end])} the same words stand twice"
    return text.finding("core/words-doubled", said, start, end, "take them out of the value, or out of the clause")


def capitals_within(text: FinishedText) -> Iterator[Finding]:
    """Yield each value that begins with a capital within a sentence, though its first word is no name and no term."""
    if not text.words.capitals:
        return
    joins = text.spoken["within_names"]
    titles = {run.origin.pointer for start, run in _alone(text) if run.origin}
    for start, _, run in text.values():
        before = text.said[max(start - 2, 0) : start]
        if len(before) < 2 or before[1] != " " or not (before[0].islower() or before[0] == ","):
            continue
        words = _WORD.findall(run.text[:120])
        if len(words) < 3 or not (words[0].istitle() and len(words[0]) > 1 and words[1].islower()):
            continue
        if words[1] in joins and not words[2].islower():
            continue
        written = text.as_written(run).startswith(words[0]) and run.origin and run.origin.pointer not in titles
        if written and words[0].casefold() in text.small and not _begins_with_name(text, run.text):
            said = f"{quoted(run.text)} begins with a capital in the middle of a sentence"
            hint = "begin it with a small letter, as the clause goes on with it"
            yield text.finding("core/value-capital", said, start, start + 1, hint)


def _alone(text: FinishedText) -> Iterator[tuple[int, Run]]:
    """Yield the values that stand in a paragraph or cell of their own, as titles do."""
    for start, end, run in text.values():
        if text.said[start - 1 : start] in ("", END) and text.said[end : end + 1] == END:
            yield start, run


def wrong_articles(text: FinishedText) -> Iterator[Finding]:
    """Yield each "a" before a vowel and each "an" before a consonant, where a word of small letters follows."""
    pattern = _articles(text.language)
    for found in pattern.finditer(text.said) if pattern else ():
        follows = found.end()
        word = _WORD.match(text.said, follows)
        end = word.end() if word else follows
        said = f"in {quoted(text.said[found.start() : end])} the article does not fit the word"
        yield text.finding(
            "core/article", said, found.start(), end, "write “a” before a consonant, “an” before a vowel"
        )


def broken_punctuation(text: FinishedText) -> Iterator[Finding]:
    """Yield marks that stand twice or after a space, and values that end a sentence in its middle."""
    hint = "end the value without a mark, or leave the mark out of the clause"
    abbreviations = tuple(text.spoken["abbreviations"])
    for at, marks in _marks(text.said):
        value = text.runs[text.run_index(at)]
        if marks == ".." and value.origin and value.origin.kind == "data" and _is_short(value.text, abbreviations):
            said = "a full stop follows a value whose last word is an abbreviation"
            yield text.finding("core/punctuation", said, at + 1, at + 2, "do not end the sentence with that value")
            continue
        start = max(at - 24, text.paragraph(at)[0])
        said = f"the marks in {quoted('…' + text.said[start : at + 2].strip())} do not fit together"
        yield text.finding("core/punctuation", said, at, at + len(marks), hint)
    for start, end, run in text.values():
        follows = text.said[end : end + 2]
        if not run.text.endswith((".", ";", ",")) or _is_short(run.text, abbreviations):
            continue
        if isinstance(text.part_at(start), Definition):
            continue
        if (len(follows) == 2 and follows[0] == " " and follows[1].islower()) or (
            run.text[-1] in ".;" and follows[:1] == ","
        ):
            said = f"{quoted('…' + run.text[-40:])} ends with a mark in the middle of a sentence"
            yield text.finding("core/punctuation", said, start, end, hint)


def _marks(said: str) -> Iterator[tuple[int, str]]:
    """Yield the pairs of marks that do not fit together, each with its place."""
    for marks in _MARKS:
        at = said.find(marks)
        while at >= 0:
            around = said[max(at - 1, 0) : at + len(marks) + 1]
            # Three full stops are left out words, and a number may begin with its point.
            if (
                "..." not in around
                and not (marks[0] == " " and around[-1:].isalnum())
                and not around.startswith(" " * 2)
            ):
                yield at, marks
            at = said.find(marks, at + len(marks))


def _is_short(value: str, abbreviations: tuple[str, ...]) -> bool:
    """Tell whether a value ends with an abbreviation, or with initials such as "a.m." or "L.P."."""
    return value.endswith(abbreviations) or bool(re.search(r"(?:^|[\s.(])[^\W\d_]\.$", value))


def _begins_with_name(text: FinishedText, value: str) -> bool:
    names = (party.short_name for party in text.document.parties)
    return value.startswith((*text.vocabulary.forms, *names, *text.inputs.deal.data.get("names", ())))


@cache
def _small(language: str) -> frozenset[str]:
    return frozenset(locale_words(language).reading["small"])


@cache
def _articles(language: str) -> re.Pattern[str] | None:
    patterns = [each for each in locale_words(language).reading["wrong_article"].values() if each]
    return re.compile("|".join(patterns)) if patterns else None
