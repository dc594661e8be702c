"""What is known of a partnership by the steps of the method: from its opportunity, or its agreement and its journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from clausebook.document.statuses import DRAFTS
from clausebook.facts.spark.method import Method, MethodStep, Point
from clausebook.findings.pointers import MISSING, child, parts, texts_in, value_at
from clausebook.records.opportunities import Opportunity
from clausebook.rules.reading.placeholders import BLANK

ANY = "*"
"""Stands in a pointer for any item of a list, or any property."""

DEAL = "deal"
"""The first step of a pointer to what the agreement itself says."""


@dataclass(frozen=True, slots=True)
class Partnership:
    """A partnership, with an agreement or without: what the data say of each step, by its id.

    `deal` are the agreement's data, {} without one; `organisation` is the partner, `status` the agreement's.
    """

    id: str
    title: str
    organisation: str
    steps: Mapping[str, Mapping[str, Any]]
    deal: Mapping[str, Any] = field(default_factory=dict)
    status: str = ""

    @property
    def has_agreement(self) -> bool:
        """Whether there is an agreement."""
        return bool(self.deal)


@dataclass(frozen=True, slots=True)
class PointAnswered:
    """A point of the method, and what of its needs no data answer."""

    point: Point
    lacking: tuple[str, ...]


def of_opportunity(method: Method, opportunity: Opportunity) -> Partnership:
    """Return what an opportunity says of its partnership."""
    steps = {step.id: opportunity.data.get(step.id, {}) for step in method.steps}
    return Partnership(opportunity.id, opportunity.title, opportunity.organisation, steps)


def of_agreement(
    method: Method, name: str, title: str, organisation: str, deal: Mapping[str, Any], living: Mapping[str, Any]
) -> Partnership:
    """Return what an agreement's data and, before them, its journal (`living`) say of its partnership."""
    told = steps_told(deal, living)
    steps = {step.id: {**_earlier(step, told), **_of_step(told, step.id)} for step in method.steps}
    return Partnership(name, title, organisation, steps, deal, str(deal.get("status", "")))


def steps_told(deal: Mapping[str, Any], living: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what an agreement's data and, before them, its journal (`living`) say, by step, of whichever method."""
    agreed = _of_step(deal, "spark")
    return {**agreed, **{step: {**_of_step(agreed, step), **_of_step(living, step)} for step in living}}


def answered(method: Method, partnership: Partnership) -> tuple[PointAnswered, ...]:
    """Return each point of the method with what no data of the partnership answer; a blank of a draft answers none."""
    told = {**partnership.steps, DEAL: partnership.deal}
    is_empty = _has_blank if partnership.status in DRAFTS else _is_nothing

    def lacks(need: str) -> bool:
        values = (value for one in need.split("|") for value in _found(told, list(parts(one))))
        return all(_is_nothing(value) or is_empty(value) for value in values)

    return tuple(PointAnswered(point, tuple(filter(lacks, point.needs))) for point in method.points)


def reached(method: Method, partnership: Partnership) -> MethodStep | None:
    """Return the last step of which anything is told, of one with an agreement at least that of agreements; or None."""
    told = [
        step
        for step in method.steps
        if partnership.steps.get(step.id) or (step.of_agreements and partnership.has_agreement)
    ]
    return told[-1] if told else None


def _earlier(step: MethodStep, told: Mapping[str, Any]) -> Mapping[str, Any]:
    found = ((name, value_at(told, pointer)) for name, pointer in step.earlier.items())
    return {name: value for name, value in found if value is not MISSING}


def _of_step(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    said = told.get(name)
    return said if isinstance(said, Mapping) else {}


def _is_nothing(value: Any) -> bool:
    return value is MISSING or value in (None, "", [], {})


def _has_blank(value: Any) -> bool:
    return any(BLANK.search(text) for text in texts_in(value))


def _found(value: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield value
        return
    first, *rest = path
    if first == ANY:
        inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        for each in inner:
            yield from _found(each, rest)
    else:
        yield from _found(child(value, first), rest)
