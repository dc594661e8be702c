"""Say in words what a step inside a clause does, by the formulas of the amending type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from clausebook.amending.narrow_steps import (
    CellStep,
    HeadingStep,
    ListItemStep,
    NamedParagraph,
    NamedTable,
    NarrowStep,
    ParagraphStep,
    RowStep,
    TableStep,
    TextStep,
    reads,
)
from clausebook.amending.quoting import step_text
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


class Unsaid(Exception):
    """The formulas have no words for a step, or no name for its place."""


def said(step: NarrowStep, wording: Wording, cite: Cite, *, in_schedule: bool) -> Said:
    """Return what is said of a step. Raise Unsaid where the formulas cannot say it."""
    return _Words(wording, cite, in_schedule).said(step)


@dataclass(frozen=True, slots=True)
class _Words:
    wording: Wording
    cite: Cite
    in_schedule: bool

    def said(self, step: NarrowStep) -> Said:
        item, name, values = self._parts(step)
        formula = self.wording.formulas.get(name)
        place = {"cited": self.cite(item), "place": self.cite(item, named=True)}
        if formula is None or not all((*place.values(), *values.values())):
            raise Unsaid(name)
        joined = {OF_AGREEMENT: self.wording.of_agreement(in_schedule=self.in_schedule)}
        return Said(formula, {**joined, **place, **values}, step_text(step))

    def _parts(self, step: NarrowStep) -> tuple[str, str, dict[str, str]]:
        """Return the item in which a step stands, the name of its formula, and what else fills it."""
        match step:
            case HeadingStep(former, title):
                return "", "clause_renamed", {"former": former, "title": title}
            case ListItemStep(do, item, _, after):
                return item, f"item_{do}", {"after": self.cite(after)} if after else {}
            case ParagraphStep(do, paragraph):
                return paragraph.item, f"paragraph_{do}", {"paragraph": self._paragraph(paragraph)}
            case TextStep(item, None):
                return item, "text_added_first", {}
            case TextStep(item, after):
                return item, "text_added", {"after": self._block(after)}
            case TableStep(table, new):
                return "", "table_replaced" if new else "table_deleted", {"table": self._table(table)}
            case RowStep(do, table, row):
                return "", f"row_{do}", {"table": self._table(table), "row": row}
            case CellStep(table, row, column, former, new):
                told = {"table": self._table(table), "row": row, "column": column}
                return "", "cell_replaced", {**told, "former": former, "new": reads(new)}

    def _block(self, name: NamedParagraph | NamedTable | str | None) -> str:
        match name:
            case NamedParagraph():
                return self._paragraph(name)
            case NamedTable():
                return self._table(name)
            case _:
                return self.cite(name or "")

    def _paragraph(self, name: NamedParagraph) -> str:
        if name.begins:
            return self._phrase("paragraph_beginning", words=name.begins)
        if name.leads_to:
            return self._phrase("paragraph_leading", item=self.cite(name.leads_to))
        return self._phrase("paragraph_counted", ordinal=self._ordinal(name.count))

    def _table(self, table: NamedTable) -> str:
        if table.among == 1:
            return self._phrase("table_alone")
        return self._phrase("table_counted", ordinal=self._ordinal(table.count))

    def _phrase(self, name: str, **values: str) -> str:
        if name not in self.wording.phrases or not all(values.values()):
            raise Unsaid(name)
        return filled(self.wording.phrases[name], values)

    def _ordinal(self, count: int) -> str:
        """Return first, second …; "" past the last of them."""
        return self.wording.ordinals[count - 1] if count <= len(self.wording.ordinals) else ""
