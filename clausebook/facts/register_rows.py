"""Registers: the rows of one kind of all agreements, with what is missing in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clausebook.facts.agreement_facts import AgreementFacts
from clausebook.facts.asked_facts import Fact
from clausebook.findings.model import RepositoryError
from clausebook.findings.near_names import did_you_mean
from clausebook.library.declared import DeclaredRegister
from clausebook.records.evidence_files import Evidence


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A row of a register: `cells` in the order of its headings; `missing` are the headings of what must not be empty.

    `state` is the stage that the agreement has reached.
    """

    agreement: str
    title: str
    state: str
    cells: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """A register over agreements: the headings of its own cells, and its rows by agreement."""

    id: str
    title: str
    description: str
    headings: tuple[str, ...]
    rows: tuple[RegisterRow, ...]

    def table(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Return all headings, and all rows of as many cells."""
        rows = [(row.agreement, row.state, *row.cells, ", ".join(row.missing)) for row in self.rows]
        return ("Agreement", "Stage", *self.headings, "Missing"), rows


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
    headings = (
        *(column.title for column in columns if _shows(declared, column.id)),
        *(titles.get(name, name) for name in declared.dates),
        *map(_of_evidence, declared.evidence),
    )
    return Register(declared.id, declared.title, declared.description, headings, rows)


def _row(declared: DeclaredRegister, found: AgreementFacts, row: Sequence[Fact]) -> RegisterRow:
    dates = {date.id: date.day or "open" for date in found.duties.reckoned.dates}
    evidence = {_of_evidence(kind): _newest(found, kind) for kind in declared.evidence}
    cells = (
        *(term.shown for term in row if _shows(declared, term.id)),
        *(dates.get(name, "") for name in declared.dates),
        *map(_said, evidence.values()),
    )
    missing = [term.title for term in row if term.id in declared.needs and not term.shown]
    # Before anybody signed, nothing is owed that evidence could close.
    missing += [heading for heading, there in evidence.items() if there is None and found.duties.signed]
    document = found.duties.deal.document
    return RegisterRow(document.id, document.title, found.standing.stage, cells, tuple(missing))


def _shows(declared: DeclaredRegister, column: str) -> bool:
    return not declared.columns or column in declared.columns


def _of_evidence(kind: str) -> str:
    return f"Evidence: {kind}"


def _newest(found: AgreementFacts, kind: str) -> Evidence | None:
    there = [each for each in found.duties.closed.values() if each.kind == kind]
    return max(there, key=lambda each: each.on, default=None)


def _said(found: Evidence | None) -> str:
    return f"{found.outcome} on {found.on} by {found.by}" if found else ""
