"""Find blanks that nobody has filled in: in an agreement's values, in words of its own, in clauses of the library."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from clausebook.assemble.inputs import Deal
from clausebook.findings.characters import shortened
from clausebook.findings.model import Finding, finding_in
from clausebook.findings.pointers import pointer
from clausebook.formats.locale_words import FALLBACK, locale_words
from clausebook.rules.reading.finished import FinishedText, quoted

RULE = "core/value-blank"

BLANK = re.compile(
    r"\[[\s_.…·•●○■□▪?*-]*\]"
    # Brackets of a contract's own: "[Reserved]", "[sic]", "[t]he" and "[2020] 1 WLR" are no blanks; nor is a link.
    r"|\[(?!(?i:reserved|intentionally|omitted|signature page|x)\b)[A-Z][^\[\]]*\](?![(\[:])"
    r"|\[(?i:insert|enter|fill|to be|tb[acd]|name|date|amount|number|address|title|party|company)\b[^\[\]]*\](?![(\[:])"
    r"|_{3,}|●|\?{2,}|\b(?:TB[ACD]|TODO|FIXME|X{4,}|[Tt]bd)\b|^\s*(?:…|\.\.\.|\?+)\s*$"
    r"|(?i:\blorem ipsum\b)"
)
"""What stands where somebody must fill in words."""

_BOX = re.compile(r"^\s*(?:[-*+]|[0-9]+[.)]|\([a-z0-9]+\))\s+\[[ xX]\](?=\s+\S)", re.MULTILINE)
_SIGNS = ("[", "_", "●", "??", "TB", "bd", "TODO", "FIXME", "XX", "orem ipsum", "OREM IPSUM")
"""One of them is in every blank of a clause, and hardly any in a text without one."""

_LINE = "_"
"""A line to write on, which a form that is filled in later has on purpose."""

_HINT = "write what was agreed; what the agreement can do without may be left out"


def unfilled(deal: Deal, data: Mapping[str, Any], language: str = FALLBACK) -> Iterator[Finding]:
    """Yield a warning of each value, and each line of the deal's own words, that holds a blank.

    `data` are the deal's as the newest format writes them. A box to tick at the beginning of an item is none.
    """
    for path, text in _texts(data, ()):
        item = f"- {text}" if path and isinstance(path[-1], int) else text
        if blank := _blank(_BOX.sub("", item), language):
            yield deal.finding(RULE, _said(blank), pointer(path), _HINT)
    for wording in deal.wordings.values():
        for index, line in enumerate(wording.body.split("\n")):
            if blank := _blank(_BOX.sub("", line), language):
                yield finding_in(wording.path, RULE, _said(blank), _HINT, wording.body_line + index, 1)


def clause_blanks(text: FinishedText) -> Iterator[Finding]:
    """Yield each blank that the library itself has left in a clause or definition."""
    for found in BLANK.finditer(text.said) if any(sign in text.said for sign in _SIGNS) else ():
        origin = text.runs[text.run_index(found.start())].origin
        if (
            found[0].strip(_LINE)
            and origin
            and origin.kind == "library"
            and not text.is_own(text.part_at(found.start()))
        ):
            said = f"{quoted(found[0])} is a blank in a clause of the library"
            yield text.finding(
                "core/clause-blank", said, found.start(), found.end(), "write the words, or take them from the data"
            )


def _blank(text: str, language: str) -> str:
    """Return the blank that a text holds, or ""."""
    found = BLANK.search(text)
    if found:
        return found[0]
    later = _later(language).search(text)
    return later[1] if later else ""


@cache
def _later(language: str) -> re.Pattern[str]:
    """Return the pattern of words that promise others, such as "to be agreed", where nothing goes on with them."""
    phrases = "|".join(map(re.escape, locale_words(language).reading["blanks"]))
    return re.compile(rf"(?:^|[(\[:;,–—-]) *({phrases})(?= *(?:$|[)\].;,]))", re.IGNORECASE | re.MULTILINE)


def _said(blank: str) -> str:
    return f"“{shortened(blank.strip())}” is a blank that nobody has filled in"


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield each text in a value, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _texts(each, (*path, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, (*path, index))
