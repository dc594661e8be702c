"""Say in words what a step inside a clause does, by the formulas of the amending type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from clausebook.amending.narrow_steps import NarrowStep, PlaceName
from clausebook.amending.place_names import UnnamedError
from clausebook.amending.quoting import quoted
from clausebook.amending.wording import OF_AGREEMENT, Formula, Wording, filled
from clausebook.document.walk import Blocks


class Cite(Protocol):
    """What cites a text and its items."""

    def __call__(self, item: str = "", *, named: bool = False) -> str:
        """Return how the text is cited, or an item of it; with `named`, by its heading too; "" if it cannot be."""


@dataclass(frozen=True, slots=True)
class Said:
    """The formula of a change, what it is filled with, and the text that is set in below it."""

    formula: Formula
    values: Mapping[str, str]
    blocks: Blocks = ()


def said(step: NarrowStep, wording: Wording, cite: Cite, *, in_schedule: bool) -> Said:
    """Return what is said of a step. Raise UnnamedError where the formulas cannot say it."""
    values = {"cited": cite(step.item), "place": cite(step.item, named=True)}
    for name, each in step.names.items():
        values[name] = each if isinstance(each, str) else _called(each, wording, cite)
    formula = wording.formulas.get(step.formula)
    if formula is None or not all(values.values()):
        raise UnnamedError(step.formula)
    values[OF_AGREEMENT] = wording.of_agreement(in_schedule=in_schedule)
    return Said(formula, values, quoted(step.text))


def _called(name: PlaceName, wording: Wording, cite: Cite) -> str:
    """Return what a place inside a text is called, "" if there are no words for it."""
    item = cite(name.item) if name.item else ""
    if not name.phrase:
        return item
    ordinal = next(iter(wording.ordinals[name.count - 1 : name.count]), "") if name.count else ""
    if (name.item and not item) or (name.count and not ordinal):
        return ""
    return filled(wording.phrases.get(name.phrase, ""), {"item": item, "words": name.words, "ordinal": ordinal})
