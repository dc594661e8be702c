"""Bookmark names: the document's anchors, in the form that Word accepts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

MAX_LENGTH = 40

_UNFIT = re.compile(r"[^A-Za-z0-9_]")
_DIGEST_LENGTH = 10


def bookmark_names(anchors: Iterable[str]) -> dict[str, str]:
    """Return the bookmark name of every anchor.

    Names are unique whatever their case, begin with a letter, hold only ASCII letters, digits
    and underscores, and have at most 40 characters.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for anchor in dict.fromkeys(anchors):
        name = _UNFIT.sub("_", anchor)
        if not name[0].isalpha():
            name = "a_" + name
        if len(name) > MAX_LENGTH or name.lower() in taken:
            digest = hashlib.sha256(anchor.encode("utf-8", "backslashreplace")).hexdigest()[:_DIGEST_LENGTH]
            name = f"{name[: MAX_LENGTH - _DIGEST_LENGTH - 1]}_{digest}"
        names[anchor] = name
        taken.add(name.lower())
    return names
