"""The opportunity matrix: partnerships by how well they fit, ranked by the weights that the method states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clausebook.facts.spark.method import Method
from clausebook.facts.spark.partnerships import Partnership


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating with its words; either may be ""."""

    rating: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A partnership in the matrix: its ratings by name, and its `score` of at most 100; None if it has no rating.

    `reckoning` tells how the score comes about.
    """

    partnership: Partnership
    industry: str
    ratings: Mapping[str, Rated]
    opportunity: str
    score: float | None
    reckoning: str


def matrix(method: Method, partnerships: Iterable[Partnership]) -> tuple[MatrixRow, ...]:
    """Return the partnerships that were scanned, the best first; those of the same score by title."""
    first = method.steps[0].id if method.steps else ""
    rows = (_row(method, each, each.steps[first]) for each in partnerships if each.steps.get(first))
    return tuple(sorted(rows, key=lambda row: (-(row.score or 0), row.partnership.title, row.partnership.id)))


def rated(method: Method, said: Any) -> Rated:
    """Return a rating as it is written: the rating alone, words alone, or both."""
    if isinstance(said, Mapping):
        return Rated(str(said.get("rating", "")), str(said.get("words", "")))
    if isinstance(said, str):
        return Rated(said) if said in method.ratings else Rated("", said)
    return Rated()


def _row(method: Method, partnership: Partnership, scan: Mapping[str, Any]) -> MatrixRow:
    ratings = {name: rated(method, scan.get(name)) for name in method.weights}
    known = {name: each for name, each in ratings.items() if each.rating in method.ratings}
    most = max(method.ratings.values(), default=0) * sum(method.weights.values())
    worth = {name: method.ratings[each.rating] * method.weights[name] for name, each in known.items()}
    terms = " + ".join(f"{method.weights[name]:g} × {method.ratings[each.rating]:g}" for name, each in known.items())
    score = 100 * sum(worth.values()) / most if known and most else None
    return MatrixRow(
        partnership,
        str(scan.get("industry", "")),
        ratings,
        str(scan.get("opportunity", "")),
        score,
        f"({terms}) of {most:g}" if known else "",
    )
