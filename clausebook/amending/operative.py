"""Write an amendment's instructions as its operative words: a numbered clause for each change.

New text is set in below the sentence that puts it in place, with the numbers that it has in the amended agreement. It
is quoted: nothing in it is an anchor or a link of the amendment's own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from clausebook.amending.instructions import HEADS, Instruction, Renumbering
from clausebook.amending.kept_numbers import with_numbers
from clausebook.amending.narrow_steps import NarrowStep
from clausebook.amending.narrowing import Narrowing
from clausebook.amending.place_names import UnnamedError
from clausebook.amending.quoting import new_text
from clausebook.amending.step_words import Cite, Said, said
from clausebook.amending.wording import OF_AGREEMENT, Wording, filled
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
        self.base, self.numbering, self.narrow = base, numbering, narrow
        self.wording, self.references = wording.amending(numbering.references)
        self.last: dict[tuple[str, str, str], str] = {}
        groups = base.groups()
        self.parts: dict[str, Any] = {part.id: part for group in groups for part in (group, *_inside(group))}
        self.homes = {part.id: group for group in groups for part in _inside(group)}
        numbered = (part for part in self.parts.values() if getattr(part, "number", ""))
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
            in_schedule = isinstance(self.homes.get(told.place), Schedule)
            return tuple(said(step, self.wording, cite, in_schedule=in_schedule) for step in steps)
        except UnnamedError:
            return ()

    def _cited_inside(self, told: Instruction) -> Cite:
        """Return what cites a text and its items. Raise UnnamedError if others are cited like the text."""
        if told.kind != "clause":
            values = {"term": "", "within": ""}
            if told.kind == "definition":
                values = self._term(self.parts[told.place], self.homes[told.place].id)
            return self._phrased(filled(self.wording.phrases.get(f"{told.kind}_named", ""), values))
        clause, home = self.parts[told.place], self.homes[told.place]
        if not clause.number:
            if _inside(home) != (clause,):
                raise UnnamedError(told.place)
            return self._phrased(self._cite(home))
        if self.citations[self._cite(clause, home)] != 1:
            raise UnnamedError(told.place)

        def cite(item: str = "", *, named: bool = False) -> str:
            around = (item[:length] for length in range(1, len(item) + 1))
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
            case "add":
                return self._added(kind, told.within, place, new)
            case _ if kind == "definition":
                return f"definition_{told.action}d", self._term(self.parts[place], self.homes[place].id)
            case "rename":
                return f"{kind}_renamed", {**self._old(place), "former": self.parts[place].title, "title": new}
            case "delete":
                return f"{kind}_{'reserved' if new else 'deleted'}", self._old(place)
            case _:
                # A clause without a number is the text of a schedule that has no clauses of its own.
                alone = not new.number and isinstance(self.homes[place], Schedule)
                return "schedule_replaced" if alone else "clause_replaced", self._old(place)

    def _added(self, kind: str, within: str, after: str, new: Any) -> tuple[str, Mapping[str, str]]:
        """Return the formula of what is added: after what stands there or was added there, or before it, or alone."""
        defines, home = kind == "definition", self.parts.get(within)
        if defines:
            values, called = self._term(new, within), new.term
        else:
            values = self._values(new, home)
            called = values["cited"]
        place = (kind, within, after)
        follows, self.last[place] = self.last.get(place, ""), called
        if follows or after:
            follows = follows or (self.parts[after].term if defines else self._old(after)["place"])
            return f"{kind}_added", {**values, "after": follows}
        row = home.clauses if home else self.base.sections if kind == "section" else self.base.schedules
        if defines or row:
            return f"{kind}_added_first", {**values, **({} if defines else {"before": self._old(row[0].id)["place"]})}
        return f"{kind}_added_alone", {**values, "within": self._old(within)["place"] if within else ""}

    def _term(self, definition: Definition, within: str) -> dict[str, str]:
        return {"term": definition.term, "within": self._old(within)["place"]}

    def _old(self, place: str) -> dict[str, str]:
        """Return how a place of the base is cited, with its heading and without."""
        return self._values(self.parts[place], self.homes.get(place))

    def _values(self, part: Section | Schedule | Clause, home: Section | Schedule | None) -> dict[str, str]:
        joined = self.wording.of_agreement(in_schedule=isinstance(part, Schedule) or isinstance(home, Schedule))
        return {"cited": self._cite(part, home), "place": self._cite(part, home, named=True), OF_AGREEMENT: joined}

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
        references = {name: _TITLE.sub("", pattern) for name, pattern in self.references.items()}
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


def _inside(group: Section | Schedule) -> tuple[Clause | Definition, ...]:
    return (*group.clauses, *group.definitions)


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
