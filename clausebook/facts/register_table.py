"""A register: rows of one kind of all agreements."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A row of a register: `cells` in the order of its headings; `missing` are the headings of what must not be empty.

    `state` is the stage that the agreement has reached.
    """

    agreement: str
    title: str
    signed: bool
    state: str
    cells: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """A register over agreements: the headings of its own cells, and its rows by agreement.

    `names` are those of the cells in `facts.yaml`: columns, key dates, and kinds of evidence.
    """

    id: str
    title: str
    description: str
    names: tuple[str, ...]
    headings: tuple[str, ...]
    dates: tuple[str, ...]
    rows: tuple[RegisterRow, ...]

    def table(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Return all headings, and all rows of as many cells."""
        rows = [(row.agreement, row.state, *row.cells, ", ".join(row.missing)) for row in self.rows]
        return ("Agreement", "Stage", *self.headings, "Missing"), rows
