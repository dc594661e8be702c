"""Write an amendment's instructions as its operative words: a numbered clause for each change.

New text is set in below the sentence that puts it in place, with the numbers that it has in the amended agreement. It
is quoted: nothing in it is an anchor or a link of the amendment's own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from clausebook.amending.instructions import HEADS, Instruction, Renumbering
from clausebook.amending.kept_numbers import with_numbers
from clausebook.amending.narrow_steps import NarrowStep, labels
from clausebook.amending.narrowing import Narrowing
from clausebook.amending.quoting import new_text
from clausebook.amending.step_words import Cite, Said, Unsaid, said
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
    """Return the amendment with a clause for each change at the end of the section that `wording` names.

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
    base: Document,
    instructions: Iterable[Instruction],
    wording: Wording,
    numbering: Numbering,
    *,
    narrow: bool = True,
) -> tuple[Clause, ...]:
    """Return the clauses that say the instructions, without numbers; `numbering` is that of the base's type.

    There is one for each instruction or, if it is `narrow`, for each step inside a text that it replaces, where that
    is clearer.
    """
    return tuple(_Words(base, wording, numbering, narrow=narrow).clauses(instructions))


class _Words:
    """Writes clauses about one base text."""

    def __init__(self, base: Document, wording: Wording, numbering: Numbering, *, narrow: bool = True) -> None:
        self.base, self.wording, self.numbering, self.narrow = base, wording, numbering, narrow
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
        numbered = (part for part in self.parts.values() if part.number)
        self.citations = Counter(self._cite(part, self.homes.get(part.id)) for part in numbered)

    def clauses(self, instructions: Iterable[Instruction]) -> Iterator[Clause]:
        """Yield the clauses for the instructions, without their numbers."""
        told = list(instructions)
        narrowing = Narrowing(self.base, told) if self.narrow else None
        for instruction in told:
            identity = f"{self.wording.section}--{instruction.told_as}"
            steps = self._inside(instruction, narrowing.steps(instruction)) if narrowing else ()
            for count, each in enumerate(steps or (self._whole(instruction),), 1):
                sentence = _sentence(filled(each.formula.text, each.values))
                lead = Paragraph((Run(sentence, origin=Origin("library", ORIGIN)),))
                heading = _sentence(filled(each.formula.heading, each.values))
                yield Clause(f"{identity}--{count}" if len(steps) > 1 else identity, "", heading, (lead, *each.blocks))

    def _whole(self, instruction: Instruction) -> Said:
        """Return what is said of an instruction by the whole of what it puts in place."""
        name, values = self._said(instruction)
        blocks = new_text(instruction) if instruction.kind else (self._numbers(instruction.new),)
        return Said(self.wording.formulas[name], values, blocks)

    def _inside(self, told: Instruction, steps: Sequence[NarrowStep]) -> tuple[Said, ...]:
        """Return what is said of each step inside a text, () where the whole is said."""
        if not steps:
            return ()
        try:
            cite = self._cited_inside(told)
            return tuple(said(step, self.wording, cite) for step in steps)
        except Unsaid:
            return ()

    def _cited_inside(self, told: Instruction) -> Cite:
        """Return what cites a text and its items. Raise Unsaid if others are cited like the text."""
        if told.kind != "clause":
            values = {"term": "", "within": ""}
            if told.kind == "definition":
                values = self._term(self.definitions[told.place], self.homes[told.place].id)
            return self._phrased(filled(self.wording.phrases.get(f"{told.kind}_named", ""), values))
        clause, home = self.parts[told.place], self.homes[told.place]
        if not clause.number:
            if (*home.clauses, *home.definitions) != (clause,):
                raise Unsaid(told.place)
            return self._phrased(self._cite(home))
        if self.citations[self._cite(clause, home)] != 1:
            raise Unsaid(told.place)
        inside = labels(clause.blocks) if isinstance(clause, Clause) else {}

        def cite(item: str = "", *, named: bool = False) -> str:
            around = {item, *(label for label in inside if item.startswith(label))} - {""}
            alike = any(self._cite(clause, home, item=each) in self.citations for each in around)
            return "" if alike else self._cite(clause, home, named=named, item=item)

        return cite

    def _phrased(self, place: str) -> Cite:
        """Return what cites a text that has no number, and its items, by what the text is called."""

        def cite(item: str = "", *, named: bool = False) -> str:
            of = self.wording.phrases.get("item_of", "")
            return filled(of, {"item": item, "place": place}) if item and place else place

        return cite

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
        self,
        part: Section | Schedule | Clause,
        home: Section | Schedule | Clause | None = None,
        *,
        named: bool = False,
        item: str = "",
    ) -> str:
        number = cited(part.number) + item
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
            case Clause(level=level), Section():
                pattern = references.get("subclause" if level else "clause", references["clause"])
                return citation(pattern, **_around(part, home), number=number)
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


def _around(clause: Clause, section: Section) -> dict[str, str]:
    """Return what patterns may say of the section around a clause, and of the clause above it, if there is one."""
    found = numbers_around("section", section.number)
    place = section.clauses.index(clause) if clause in section.clauses else 0
    above = next((each for each in reversed(section.clauses[:place]) if each.level < clause.level), None)
    inner = numbers_around("clause", above.number) if above else {}
    return found | {name: number for name, number in inner.items() if number}


def _sentence(text: str) -> str:
    """Begin with a capital: some types cite a place as "clause 2"."""
    return text[:1].upper() + text[1:]


def _cell(text: str) -> tuple[Run, ...]:
    return (Run(text, origin=Origin("library", ORIGIN)),)
