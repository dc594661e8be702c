"""Write an amendment's instructions as its operative words: a numbered clause for each.

New text is set in below the sentence that puts it in place, with the numbers that it has in the amended agreement. It
is quoted: nothing in it is an anchor or a link of the amendment's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from clausebook.amending.instructions import (
    AddClause,
    AddDefinition,
    AddSchedule,
    AddSection,
    DeleteClause,
    DeleteDefinition,
    DeleteSchedule,
    DeleteSection,
    Instruction,
    RenameSchedule,
    RenameSection,
    Renumber,
    ReplaceClause,
    ReplaceClosing,
    ReplaceDefinition,
    ReplaceKind,
    ReplaceOpening,
    ReplaceParties,
    ReplaceSignatures,
    ReplaceTitle,
    name_of,
)
from clausebook.amending.kept_numbers import with_numbers
from clausebook.amending.quoting import new_text
from clausebook.amending.wording import Wording, filled
from clausebook.assemble.numbering import cited, heading_number
from clausebook.assemble.places import citation
from clausebook.document.model import Clause, Definition, Document, Origin, Paragraph, Run, Schedule, Section, Table
from clausebook.library.model import Numbering

ORIGIN = "operative words"


def with_operative_words(
    amendment: Document,
    base: Document,
    instructions: Iterable[Instruction],
    wording: Wording,
    numbering: tuple[Numbering, Numbering],
) -> Document:
    """Return the amendment with a clause for each instruction at the end of the section that `wording` names.

    `base` is the text that is amended; `numbering` is that of the amendment's type and of the base's.
    """
    own, theirs = numbering
    written = operative_clauses(base, instructions, wording, theirs)
    sections = []
    for section in amendment.sections:
        clauses = list(section.clauses)
        if section.id == wording.section:
            for clause in written:
                number = heading_number(own.clause, len(clauses) + 1, section=cited(section.number))
                clauses.append(replace(clause, number=number))
        sections.append(replace(section, clauses=tuple(clauses)))
    return replace(amendment, sections=tuple(sections))


def operative_clauses(
    base: Document, instructions: Iterable[Instruction], wording: Wording, numbering: Numbering
) -> tuple[Clause, ...]:
    """Return a clause for each instruction, without its number; `numbering` is that of the base's type."""
    return tuple(_Words(base, wording, numbering).clauses(instructions))


class _Words:
    """Writes clauses about one base text."""

    def __init__(self, base: Document, wording: Wording, numbering: Numbering) -> None:
        self.base, self.wording, self.numbering = base, wording, numbering
        self.last: dict[tuple[str, str], str] = {}
        self.parts: dict[str, Section | Schedule | Clause] = {}
        self.definitions = {each.id: each for schedule in base.schedules for each in schedule.definitions}
        self.homes: dict[str, Section | Schedule] = {}
        for group in base.groups():
            self.parts[group.id] = group
            for clause in group.clauses:
                self.parts[clause.id] = clause
                self.homes[clause.id] = group
        for schedule in base.schedules:
            self.homes |= dict.fromkeys((each.id for each in schedule.definitions), schedule)

    def clauses(self, instructions: Iterable[Instruction]) -> Iterator[Clause]:
        """Yield a clause for each instruction, without its number."""
        for instruction in instructions:
            name, values = self.said(instruction)
            blocks = (self._numbers(instruction),) if isinstance(instruction, Renumber) else new_text(instruction)
            formula = self.wording.formulas[name]
            lead = Paragraph((Run(_sentence(filled(formula.text, values)), origin=Origin("library", ORIGIN)),))
            identity = f"{self.wording.section}--{name_of(instruction)}{self._place(instruction)}"
            yield Clause(identity, "", _sentence(filled(formula.heading, values)), (lead, *blocks))

    def said(self, instruction: Instruction) -> tuple[str, Mapping[str, str]]:
        """Return the formula's name, and what it is filled with."""
        match instruction:
            case Renumber():
                return "renumbered", {}
            case ReplaceKind(kind):
                return "kind_replaced", {"former": self.base.kind, "title": kind}
            case ReplaceTitle(title):
                return "title_replaced", {"former": self.base.title, "title": title}
            case ReplaceParties():
                return "parties_replaced", {}
            case ReplaceOpening(clause):
                return _framing("opening", self.base.opening, clause), {}
            case ReplaceClosing(clause):
                return _framing("closing", self.base.closing, clause), {}
            case ReplaceSignatures(signatures):
                return "signatures_replaced" if signatures else "signatures_deleted", {}
            case RenameSection(place, title):
                return "section_renamed", {**self._old(place), "former": self.parts[place].title, "title": title}
            case RenameSchedule(place, title):
                return "schedule_renamed", {**self._old(place), "former": self.parts[place].title, "title": title}
            case DeleteSection(place, reserved):
                return "section_reserved" if reserved else "section_deleted", self._old(place)
            case DeleteSchedule(place, reserved):
                return "schedule_reserved" if reserved else "schedule_deleted", self._old(place)
            case DeleteClause(place, reserved):
                return "clause_reserved" if reserved else "clause_deleted", self._old(place)
            case ReplaceClause(place, clause):
                # A clause without a number is the text of a schedule that has no clauses of its own.
                alone = not clause.number and isinstance(self.homes[place], Schedule)
                return "schedule_replaced" if alone else "clause_replaced", self._old(place)
            case AddSection(after, section):
                return self._added("section", "", after, self.base.sections, section)
            case AddSchedule(after, schedule):
                return self._added("schedule", "", after, self.base.schedules, schedule)
            case AddClause(within, after, clause):
                return self._added("clause", within, after, self._clauses(within), clause)
            case AddDefinition(within, after, definition):
                return self._definition_added(within, after, definition)
            case DeleteDefinition(place):
                return "definition_deleted", self._term(self.definitions[place], self.homes[place].id)
            case ReplaceDefinition(place):
                return "definition_replaced", self._term(self.definitions[place], self.homes[place].id)

    def _clauses(self, within: str) -> tuple[Clause, ...]:
        group = self.parts[within]
        return () if isinstance(group, Clause) else group.clauses

    def _added(
        self,
        kind: str,
        within: str,
        after: str,
        row: Sequence[Clause | Section | Schedule],
        new: Clause | Section | Schedule,
    ) -> tuple[str, Mapping[str, str]]:
        home = self.parts.get(within)
        values = {"cited": self._cite(new, home), "place": self._cite(new, home, named=True)}
        place = (within or kind, after)
        if place in self.last or after:
            values["after"] = self.last.get(place) or self._old(after)["place"]
            name = f"{kind}_added"
        elif row:
            values["before"] = self._old(row[0].id)["place"]
            name = f"{kind}_added_first"
        else:
            values["within"] = self._old(within)["place"] if within else ""
            name = f"{kind}_added_alone"
        self.last[place] = values["cited"]
        return name, values

    def _definition_added(self, within: str, after: str, definition: Definition) -> tuple[str, Mapping[str, str]]:
        values = self._term(definition, within)
        place = (within, f"definition {after}")
        if place in self.last or after:
            values["after"] = self.last.get(place) or self.definitions[after].term
        self.last[place] = definition.term
        return "definition_added" if "after" in values else "definition_added_first", values

    def _term(self, definition: Definition, within: str) -> dict[str, str]:
        return {"term": definition.term, "within": self._old(within)["place"]}

    def _old(self, place: str) -> dict[str, str]:
        """Return how a place of the base is cited, with its heading and without."""
        part, home = self.parts[place], self.homes.get(place)
        return {"place": self._cite(part, home, named=True), "cited": self._cite(part, home)}

    def _cite(
        self, part: Section | Schedule | Clause, home: Section | Schedule | Clause | None = None, *, named: bool = False
    ) -> str:
        number = cited(part.number)
        if not number and home is not None:
            return self._cite(home, named=named)
        if named and part.title:
            number = filled(self.wording.named, {"number": number, "title": part.title})
        references = self.numbering.references
        match part, home:
            case Schedule(), _:
                return citation(references["schedule"], number=number)
            case Clause(), Schedule():
                schedule = self._cite(home)
                return citation(references["schedule_clause"], number=number, schedule=schedule)
            case Clause(), _:
                return citation(references["clause"], number=number)
            case _:
                return citation(references["section"], number=number)

    def _numbers(self, instruction: Renumber) -> Table:
        """Return the table of former and new numbers."""
        after = _Words(
            with_numbers(self.base, {each.place: each.number for each in instruction.numbers}),
            self.wording,
            self.numbering,
        )
        rows = []
        for each in instruction.numbers:
            texts = (self._old(each.place)["cited"], after._old(each.place)["cited"], self.parts[each.place].title)
            rows.append(tuple(_cell(text) for text in texts))
        return Table(("left",) * 3, tuple(map(_cell, self.wording.columns)), tuple(rows))

    def _place(self, instruction: Instruction) -> str:
        match instruction:
            case AddSection(_, part) | AddSchedule(_, part) | AddClause(_, _, part) | AddDefinition(_, _, part):
                return f"--{part.id}"
            case (
                DeleteSection(place)
                | DeleteSchedule(place)
                | DeleteClause(place)
                | DeleteDefinition(place)
                | RenameSection(place)
                | RenameSchedule(place)
                | ReplaceClause(place)
                | ReplaceDefinition(place)
            ):
                return f"--{place}"
            case _:
                return ""


def _framing(name: str, old: Clause | None, new: Clause | None) -> str:
    return f"{name}_{'added' if old is None else 'deleted' if new is None else 'replaced'}"


def _sentence(text: str) -> str:
    """Begin with a capital: some types cite a place as "clause 2"."""
    return text[:1].upper() + text[1:]


def _cell(text: str) -> tuple[Run, ...]:
    return (Run(text, origin=Origin("library", ORIGIN)),)
