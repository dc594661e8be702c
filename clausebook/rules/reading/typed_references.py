"""References by a number that somebody typed: they lead nowhere, or no longer where they led when numbers move."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from clausebook.assemble.inputs import AMENDS
from clausebook.assemble.numbering import cited
from clausebook.document.model import Clause, ItemList
from clausebook.document.walk import Blocks
from clausebook.findings.model import Finding
from clausebook.library.model import Numbering, Outline
from clausebook.rules.reading.finished import FinishedText, quoted

_LABEL = re.compile(r"([^\W\d_]+|§)[ \u00a0]?\{(n|A|a|I|i|number|\w+_[nAaIi])\}")
_NUMBERS = {"A": "[A-Z]", "a": "[a-z]", "I": "[IVXL]+", "i": "[ivxl]+"}
_PLAIN = r"[0-9]{1,2}(?:\.[0-9]{1,2})*[A-Z]?"
_ITEMS = r"(?P<items>(?:\([A-Za-z0-9]{1,4}\))*)"
_ROMAN = ("I", "V", "X")
"""Numbers of other texts, such as a statute's Schedule V, that look like letters."""

_BARE = re.compile(r"[\w.]*\w")


def typed_references(text: FinishedText) -> Iterator[Finding]:
    """Yield each reference to a number of this text that is no reference made by the program."""
    pattern = _pattern(_labels(text.inputs.kind.outline))
    # An amendment speaks of the numbers of the text that it amends.
    if pattern is None or AMENDS in text.inputs.deal.data:
        return
    known = _numbers(text)
    for found in pattern.finditer(text.said):
        number = found["number"]
        made = {text.runs[text.run_index(found.start(name))].origin for name in ("label", "number")}
        if any(origin and origin.kind == "reference" for origin in made) or _is_elsewhere(text, found):
            continue
        said = f"{quoted(found[0])} is a number that was typed in"
        own = text.is_own(text.part_at(found.start()))
        there = known.get(number)
        if there is not None and set(re.findall(r"\([^()]+\)", found["items"])[:1]) <= there:
            value = any(
                run.origin and run.origin.kind == "data" for _, run in text.runs_between(found.start(), found.end())
            )
            hint = "name the clause by its title" if value and not own else "refer to it by [[…]] or ref(…)"
            message = f"{said}: it does not follow when the numbers move"
            yield text.finding("core/reference-typed", message, found.start(), found.end(), hint)
        elif number not in _ROMAN:
            message = f"{said}, and nothing in this text has that number"
            hint = "name the clause that is meant, or the other text whose number this is"
            yield text.finding("core/reference-nowhere", message, found.start(), found.end(), hint)


def _is_elsewhere(text: FinishedText, found: re.Match[str]) -> bool:
    """Tell whether a reference is to a statute or to another text."""
    after = text.said[found.end() : found.end() + 60]
    before = text.said[max(found.start() - 40, 0) : found.start()]
    word = re.search(r"(?:(^|[.!?:]\s|\n)|\s|^)([\w.’']+) $", before)
    # "the Lease Section 4" and "45 CFR Section 2" speak of what stands before; "Under Section 4" begins a sentence.
    if word and word[1] is None and (word[2][0].isupper() or word[2][0].isdigit()):
        return True
    spoken = text.spoken
    of = re.match(
        rf"(?:, [^,;.]*,)? ({'|'.join((*spoken['of_other'], *spoken['of_other_named']))}) ((?:\w+ )?(\w).*)", after
    )
    if of is None or of[2].startswith((*spoken["own"], *(label for label, _ in _labels(text.inputs.kind.outline)))):
        return False
    # "Section 4 of the lease" is that of another text; "Section 4 to the extent that" is not, but "to the Lease" is.
    return of[1] in spoken["of_other"] or of[3].isupper()


def _labels(outline: Outline) -> tuple[tuple[str, str], ...]:
    """Return the words that stand before a number in an outline's own numbers and references, each with its style."""
    numberings = (outline.numbering, *(part.numbering for part in (*outline.sections, *outline.schedules)))
    patterns = dict.fromkeys(pattern for numbering in numberings for pattern in _patterns(numbering))
    found = (pair for pattern in patterns for pair in _LABEL.findall(pattern))
    return tuple(dict.fromkeys((label, "n" if style == "number" else style[-1]) for label, style in found))


def _patterns(numbering: Numbering) -> Iterator[str]:
    yield from (numbering.section, numbering.clause, numbering.subclause, numbering.schedule, numbering.schedule_clause)
    yield from numbering.references.values()


@lru_cache(16)
def _pattern(labels: tuple[tuple[str, str], ...]) -> re.Pattern[str] | None:
    if not labels:
        return None
    styles: dict[str, set[str]] = {}
    for label, style in labels:
        styles.setdefault(label, set()).add(_NUMBERS.get(style, _PLAIN))
    each = (rf"{re.escape(label)}(?:s|en|es)? ?(?:{'|'.join(sorted(numbers))})" for label, numbers in styles.items())
    shapes = "|".join(each)
    numbers = "|".join(sorted({number for group in styles.values() for number in group}, key=len))
    names = "|".join(sorted(map(re.escape, styles), key=len, reverse=True))
    plural = "(?:s|en|es)?"
    begin = rf"(?<![\w§])(?={shapes})(?P<label>{names}){plural} ?"
    return re.compile(rf"{begin}(?P<number>{numbers})(?![\w-])(?!\.[0-9]){_ITEMS}(?![\w(])")


def _numbers(text: FinishedText) -> dict[str, set[str]]:
    """Return the bare numbers of all sections, clauses and schedules, each with the numbers of its items."""
    found: dict[str, set[str]] = {}
    for group in text.document.groups():
        for part in (group, *group.clauses):
            bare = _BARE.findall(cited(part.number))
            if bare:
                found.setdefault(bare[-1], set()).update(_items(part.blocks) if isinstance(part, Clause) else ())
    return found


def _items(blocks: Blocks) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, ItemList):
            for item in block.items:
                yield item.number
                yield from _items(item.blocks)
