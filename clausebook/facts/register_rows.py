"""Registers: the rows of one kind of all agreements, with what is missing in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from clausebook.facts.agreement_facts import AgreementFacts
from clausebook.facts.asked_facts import Fact
from clausebook.facts.register_table import Register, RegisterRow
from clausebook.findings.model import RepositoryError
from clausebook.findings.near_names import did_you_mean
from clausebook.library.declared import DeclaredRegister
from clausebook.records.evidence_files import Evidence

OPEN = "open"
"""What stands in the place of a day that waits for an event."""


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """Which rows are asked for: cells by name or heading with words that stand in them, and days of the end, or "".

    The end is the first key date of the register.
    """

    cells: tuple[tuple[str, str], ...] = ()
    since: str = ""
    until: str = ""
    missing: bool = False
    signed: bool = False


def narrowed(register: Register, wanted: RowsWanted) -> tuple[Register, int]:
    """Return a register with the rows that are wanted, and how many are left out because their end is open.

    Raises RepositoryError for a column that the register has not.
    """
    asked = [(_column(register, name), _whole(words)) for name, words in wanted.cells]
    rows = [row for row in register.rows if (row.missing or not wanted.missing) and (row.signed or not wanted.signed)]
    rows = [row for row in rows if all(words(row.cells[at]) for at, words in asked)]
    if not wanted.since and not wanted.until:
        return replace(register, rows=tuple(rows)), 0
    if not register.dates:
        raise RepositoryError(f"the register `{register.id}` has no key date", "its type's facts.yaml names those")
    end = register.names.index(register.dates[0])
    days = [(row.cells[end], row) for row in rows]
    kept = (row for day, row in days if day != OPEN and wanted.since <= day <= (wanted.until or day))
    return replace(register, rows=tuple(kept)), sum(day == OPEN for day, _ in days)


def _column(register: Register, name: str) -> int:
    for every in (register.names, register.headings):
        folded = [each.casefold() for each in every]
        if name.casefold() in folded:
            return folded.index(name.casefold())
    there = f"there are: {', '.join(register.names)}"
    raise RepositoryError(
        f"the register `{register.id}` has no column `{name}`", did_you_mean(name, register.names, there)
    )


def _whole(words: str) -> Callable[[str], bool]:
    """Return what tells whether words stand in a cell, whole and in any letters; no words stand in empty cells."""
    asked = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)" if words else r"\A\Z", re.IGNORECASE)
    return lambda cell: bool(asked.search(cell))


def registers_of(found: Sequence[AgreementFacts], wanted: str = "") -> list[Register]:
    """Return the registers that the types of agreements declare, or the one that is wanted.

    Types share a register by its name; the first one says what it looks like. Raises RepositoryError for a name that
    none declares.
    """
    declared: dict[str, DeclaredRegister] = {}
    for each in found:
        kind = each.duties.deal.bundle.kind
        for register in kind.facts.registers if kind else ():
            declared.setdefault(register.id, register)
    if wanted and wanted not in declared:
        hint = did_you_mean(wanted, declared, f"there are: {', '.join(declared) or 'none'}")
        raise RepositoryError(f"there is no register `{wanted}`", hint)
    return [_register(each, found) for name, each in declared.items() if wanted in ("", name)]


def _register(declared: DeclaredRegister, found: Sequence[AgreementFacts]) -> Register:
    every = [(each, table) for each in found if (table := each.table(declared.table))]
    rows = tuple(_row(declared, each, row) for each, table in every for row in table.rows)
    kinds = [each.duties.deal.bundle.kind for each, _ in every]
    tables = (each for kind in kinds if kind for each in kind.facts.tables if each.id == declared.table)
    columns = next((each.columns for each in tables), ())
    titles = {date.id: date.title for kind in kinds if kind for date in kind.facts.dates}
    shown = [column for column in columns if _shows(declared, column.id)]
    names = (*(column.id for column in shown), *declared.dates, *declared.evidence)
    headings = (
        *(column.title for column in shown),
        *(titles.get(name, name) for name in declared.dates),
        *map(_of_evidence, declared.evidence),
    )
    return Register(declared.id, declared.title, declared.description, names, headings, tuple(declared.dates), rows)


def _row(declared: DeclaredRegister, found: AgreementFacts, row: Sequence[Fact]) -> RegisterRow:
    dates = {date.id: date.day or OPEN for date in found.duties.reckoned.dates}
    evidence = {_of_evidence(kind): _newest(found, kind) for kind in declared.evidence}
    cells = (
        *(term.shown for term in row if _shows(declared, term.id)),
        *(dates.get(name, "") for name in declared.dates),
        *(each.words() if each else "" for each in evidence.values()),
    )
    missing = [term.title for term in row if term.id in declared.needs and not term.shown]
    # Before anybody signed, nothing is owed that evidence could close.
    missing += [heading for heading, there in evidence.items() if there is None and found.duties.signed]
    document = found.duties.deal.document
    return RegisterRow(document.id, document.title, found.duties.signed, found.standing.stage, cells, tuple(missing))


def _shows(declared: DeclaredRegister, column: str) -> bool:
    return not declared.columns or column in declared.columns


def _of_evidence(kind: str) -> str:
    return f"Evidence: {kind}"


def _newest(found: AgreementFacts, kind: str) -> Evidence | None:
    there = [each for each in found.duties.closed.values() if each.kind == kind]
    return max(there, key=lambda each: each.on, default=None)
