"""The paper and the margins of an agreement: those of its type, unless its own data say otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from clausebook.document.model import PageSetup

PAPERS: Mapping[str, tuple[int, int]] = {"a4": (11906, 16838), "letter": (12240, 15840), "legal": (12240, 20160)}
"""Width and height of each paper, in twentieths of a point."""

BOXES = ("signs", "fields")
"""What check boxes can be in Word."""

SIDES = ("top", "right", "bottom", "left")
_UNITS = {"mm": 1440 / 25.4, "cm": 1440 / 2.54, "in": 1440, "pt": 20}
_LENGTH = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)(mm|cm|in|pt)")
_LEAST = 4320
"""Three inches: less would hold no table and no signature."""


class PaperError(Exception):
    """The page cannot be set so; the message says why."""


def page_of(kind: Mapping[str, Any], deal: object) -> PageSetup | None:
    """Return the page of an agreement from what its type says and what its own data say; None leaves it to the look."""
    own: Mapping[str, Any] = deal if isinstance(deal, Mapping) else {}
    if not kind and not own:
        return None
    said = {**kind, **own}
    margins = {**kind.get("margins", {}), **own.get("margins", {})}
    paper = said.get("paper", "letter")
    if paper not in PAPERS:
        raise PaperError(f"the paper “{paper}” is none of {', '.join(PAPERS)}")
    width, height = PAPERS[paper]
    top, right, bottom, left = (_length(margins[side]) if side in margins else -1 for side in SIDES)
    if width - max(left, 0) - max(right, 0) < _LEAST or height - max(top, 0) - max(bottom, 0) < _LEAST:
        raise PaperError("the margins leave less than three inches for the text")
    if (boxes := said.get("check_boxes", BOXES[0])) not in BOXES:
        raise PaperError(f"check boxes are {' or '.join(BOXES)}, not “{boxes}”")
    contents = bool(said.get("contents", True))
    return PageSetup(width, height, top, right, bottom, left, contents, boxes == BOXES[1], str(said.get("look", "")))


def _length(text: object) -> int:
    match = _LENGTH.fullmatch(str(text))
    if not match:
        raise PaperError(f"“{text}” is no length such as 25mm or 1in")
    return round(float(match[1]) * _UNITS[match[2]])
