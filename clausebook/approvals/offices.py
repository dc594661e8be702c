"""Offices, persons and companies, as clauses and people name them."""

from __future__ import annotations

import re
import unicodedata

KEEPER = "General Counsel"
"""The office that keeps whom to trust, who may approve and bind, and by what rules deals are judged."""

_AND = re.compile(r"\s*(?:,|;|\band\b)\s*")


def offices(approver: str) -> tuple[str, ...]:
    """Return the offices that must approve: "A and B" are two."""
    return tuple(role for role in _AND.split(approver) if role)


def same_office(role: str, other: str) -> bool:
    """Tell whether two names are those of one office."""
    return name_key(role) == name_key(other)


def in_office(day: str, first: str, last: str) -> bool:
    """Tell whether a day (ISO 8601) lies between a first and a last one, either of them "" for no bound.

    A day that is not told, "", lies within no bound.
    """
    return (not first or first <= day) and (not last or (day != "" and day <= last))


def name_key(name: str) -> str:
    """Return what two spellings of a name share: its letters and figures, without case, accents, marks and spaces."""
    return "".join(each for each in unicodedata.normalize("NFKD", name).casefold() if each.isalnum())
