"""Find blanks that nobody has filled in, in an agreement's values and in words of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from clausebook.assemble.inputs import Deal
from clausebook.findings.characters import shortened
from clausebook.findings.model import Finding, finding_in
from clausebook.findings.pointers import pointer

RULE = "core/value-blank"

BLANK = re.compile(
    r"\[[\s_.…·•●○■□▪?*-]*\]"
    # Brackets of a contract's own: "[Reserved]", "[sic]", "[t]he" and "[2020] 1 WLR" are no blanks; nor is a link.
    r"|\[(?!(?i:reserved|intentionally|omitted|signature page|x)\b)[A-Z][^\[\]]*\](?![(\[:])"
    r"|\[(?i:insert|enter|fill|to be|tb[acd]|name|date|amount|number|address|title|party|company)\b[^\[\]]*\](?![(\[:])"
    r"|_{3,}|●|\?{3,}|\b(?:TB[ACD]|TODO|FIXME|X{4,}|[Tt]bd)\b|^\s*(?:…|\.\.\.|\?+)\s*$"
)
"""What stands where somebody must fill in words."""

_BOX = re.compile(r"^\s*(?:[-*+]|[0-9]+[.)]|\([a-z0-9]+\))\s+\[[ xX]\](?=\s+\S)", re.MULTILINE)
_HINT = "write what was agreed; what the agreement can do without may be left out"


def unfilled(deal: Deal, data: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a warning of each value, and each line of the deal's own words, that holds a blank.

    `data` are the deal's as the newest format writes them. A box to tick at the beginning of an item is none.
    """
    for path, text in _texts(data, ()):
        item = f"- {text}" if path and isinstance(path[-1], int) else text
        if blank := BLANK.search(_BOX.sub("", item)):
            yield deal.finding(RULE, _said(blank[0]), pointer(path), _HINT)
    for wording in deal.wordings.values():
        for index, line in enumerate(wording.body.split("\n")):
            if blank := BLANK.search(_BOX.sub("", line)):
                yield finding_in(wording.path, RULE, _said(blank[0]), _HINT, wording.body_line + index, 1)


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
