"""The references by which evidence, reminders and calendars name a duty, whatever its day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import replace
from itertools import count
from unicodedata import normalize

from clausebook.facts.duties.model import Duty


def told_apart(duties: Sequence[Duty]) -> tuple[Duty, ...]:
    """Give duties of one name the parties behind it that owe them, or else numbers: names that no other has.

    All of them get one, so that evidence for one that goes closes none that stays.
    """
    many = {name for name, count in Counter(each.id for each in duties).items() if count > 1}
    by_party = [f"{each.id}-{'-'.join(map(slug, each.parties))}".strip("-") for each in duties]
    alone = Counter((*by_party, *(each.id for each in duties)))
    names = {each.id for each in duties} - many
    found: list[Duty] = []
    for duty, owed in zip(duties, by_party, strict=True):
        name = duty.id
        if name in many:
            name = owed if alone[owed] == 1 else unlike(name, names, 1)
        names.add(name)
        renamed = (replace(each, reference=name + each.reference.removeprefix(duty.id)) for each in duty.occurrences)
        found.append(duty if name == duty.id else replace(duty, id=name, occurrences=tuple(renamed)))
    return tuple(found)


def unlike(name: str, taken: Container[str], first: int = 2) -> str:
    """Return a name with the first number behind it that makes it none of those taken."""
    return next(each for number in count(first) if (each := f"{name}-{number}") not in taken)


def slug(text: str) -> str:
    """Return a text as a part of a reference: its letters and digits in lower case, with hyphens between them."""
    return "-".join(re.findall(r"[^\W_]+", normalize("NFKC", text.casefold())))[:60].strip("-")
