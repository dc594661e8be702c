"""Write an amendment's instructions as its operative words: a numbered clause for each.

New text is set in below the sentence that puts it in place, with the numbers that it has in the amended agreement. It
is quoted: nothing in it is an anchor or a link of the amendment's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from clausebook.amending.instructions import HEADS, Instruction, Renumbering
from clausebook.amending.kept_numbers import with_numbers
from clausebook.amending.quoting import new_text
from clausebook.amending.wording import Wording, filled
from clausebook.assemble.numbering import cited, heading_number
from clausebook.assemble.places import UNNUMBERED, citation, numbers_around
from clausebook.document.model import Clause, Definition, Document, Origin, Paragraph, Run, Schedule, Section, Table
from clausebook.library.model import Numbering

ORIGIN = "operative words"
_TITLE = re.compile(r"[ ,–—-]*[(\[“\"]?\{title\}[)\]”\"]?")


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

    def extended(section: Section) -> Section:
        rows = enumerate(written, sum(not clause.level for clause in section.clauses) + 1)
        around = numbers_around("section", section.number)
        added = (replace(clause, number=heading_number(own.clause, n, **around)) for n, clause in rows)
        return replace(section, clauses=(*section.clauses, *added)) if section.id == wording.section else section

    return replace(amendment, sections=tuple(map(extended, amendment.sections)))


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
        self.definitions = {each.id: each for each in base.definitions()}
        self.homes: dict[str, Section | Schedule] = {}
        for group in base.groups():
            self.parts[group.id] = group
            for clause in group.clauses:
                self.parts[clause.id] = clause
                self.homes[clause.id] = group
            self.homes |= dict.fromkeys((each.id for each in group.definitions), group)

    def clauses(self, instructions: Iterable[Instruction]) -> Iterator[Clause]:
        """Yield a clause for each instruction, without its number."""
        for instruction in instructions:
            name, values = self._said(instruction)
            blocks = new_text(instruction) if instruction.kind else (self._numbers(instruction.new),)
            formula = self.wording.formulas[name]
            lead = Paragraph((Run(_sentence(filled(formula.text, values)), origin=Origin("library", ORIGIN)),))
            place = instruction.new.id if instruction.action == "add" else instruction.place
            identity = "--".join(filter(None, (self.wording.section, instruction.do, place)))
            yield Clause(identity, "", _sentence(filled(formula.heading, values)), (lead, *blocks))

    def _said(self, told: Instruction) -> tuple[str, Mapping[str, str]]:
        """Return the formula's name, and what it is filled with."""
        kind, place, new = told.kind, told.place, told.new
        if not kind:
            return "renumbered", {}
        if kind in HEADS:
            old = getattr(self.base, kind)
            gone = new in (None, ()) and kind != "parties"
            values = {"former": old, "title": new} if isinstance(new, str) else {}
            return f"{kind}_{'added' if old is None else 'deleted' if gone else 'replaced'}", values
        match told.action:
            case "add" if kind == "definition":
                return self._definition_added(told.within, place, new)
            case "add":
                return self._added(kind, told.within, place, new)
            case _ if kind == "definition":
                return f"definition_{told.action}d", self._term(self.definitions[place], self.homes[place].id)
            case "rename":
                return f"{kind}_renamed", {**self._old(place), "former": self.parts[place].title, "title": new}
            case "delete":
                return f"{kind}_{'reserved' if new else 'deleted'}", self._old(place)
            case _:
                # A clause without a number is the text of a schedule that has no clauses of its own.
                alone = not new.number and isinstance(self.homes[place], Schedule)
                return "schedule_replaced" if alone else "clause_replaced", self._old(place)

    def _row(self, kind: str, within: str) -> Sequence[Clause | Section | Schedule]:
        """Return what stands in a place of the base to which something is added."""
        if not within:
            return self.base.sections if kind == "section" else self.base.schedules
        group = self.parts[within]
        return () if isinstance(group, Clause) else group.clauses

    def _added(
        self, kind: str, within: str, after: str, new: Clause | Section | Schedule
    ) -> tuple[str, Mapping[str, str]]:
        row = self._row(kind, within)
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
        if not number and part.title:
            return part.title
        if named and part.title:
            number = filled(self.wording.named, {"number": number, "title": part.title})
        # Where the title is wanted, the formulas say how.
        references = {name: _TITLE.sub("", pattern) for name, pattern in self.numbering.references.items()}
        match part, home:
            case Schedule(), _:
                return citation(references["schedule"], number=number)
            case Clause(), Schedule():
                schedule = self._cite(home)
                around = numbers_around("schedule", home.number) | {"schedule": schedule}
                return citation(references["schedule_clause"], **around, number=number)
            case Clause(), Section():
                return citation(references["clause"], **numbers_around("section", home.number), number=number)
            case Clause(), _:
                return citation(references["clause"], **UNNUMBERED, number=number)
            case _:
                return citation(references["section"], number=number)

    def _numbers(self, numbers: Sequence[Renumbering]) -> Table:
        """Return the table of former and new numbers."""
        renumbered = with_numbers(self.base, {each.place: each.number for each in numbers})
        after = _Words(renumbered, self.wording, self.numbering)
        rows = []
        for each in numbers:
            texts = (self._old(each.place)["cited"], after._old(each.place)["cited"], self.parts[each.place].title)
            rows.append(tuple(map(_cell, texts)))
        return Table(("left",) * 3, tuple(map(_cell, self.wording.columns)), tuple(rows))


def _sentence(text: str) -> str:
    """Begin with a capital: some types cite a place as "clause 2"."""
    return text[:1].upper() + text[1:]


def _cell(text: str) -> tuple[Run, ...]:
    return (Run(text, origin=Origin("library", ORIGIN)),)
