"""What an agreement type is made of: outline, clause library, glossary.

Plain data, loaded by `loading.py` from `templates/<type>/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from clausebook.document.model import FieldKind
from clausebook.findings.register import Rule
from clausebook.library.declared import DeclaredDuty, DeclaredFacts
from clausebook.library.shorthand import phrases

LISTS = ("({a})", "({i})", "({A})", "({n})")
"""The numbers of lists, by level, where an outline does not say otherwise."""

Heading = Literal["full", "run-in", "number", "none"]
"""What is printed before a clause: its number and title, above its words or before the first of them, or less."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one clause, or with `title` a heading alone. `slots` are the places on the level below it.

    `item` points to the data it speaks of; `when` is a condition or "". In an outline of reports, `each` points to a
    list, for each item of which the clause stands once, under it as its title.
    """

    id: str
    clause: str
    item: str = ""
    when: str = ""
    line: int = 0
    title: str = ""
    heading: Heading = "full"
    slots: tuple[Slot, ...] = ()
    each: str = ""


@dataclass(frozen=True, slots=True)
class Numbering:
    """Formats of printed numbers and of references; see `templates/README.md`. A number "" is not printed."""

    section: str = "{n}."
    clause: str = "{section}.{n}"
    subclause: str = "{clause}.{n}"
    schedule: str = "Schedule {A}"
    schedule_clause: str = "{n}."
    lists: tuple[str, ...] = LISTS
    references: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutlinePart:
    """A section of the body or a schedule, with its slots in order.

    With `definitions` it lists the defined terms that the agreement uses.
    """

    id: str
    title: str
    slots: tuple[Slot, ...] = ()
    when: str = ""
    definitions: bool = False
    line: int = 0
    numbering: Numbering = Numbering()


class OutlineSection(OutlinePart):
    """A section of the body."""

    __slots__ = ()


class OutlineSchedule(OutlinePart):
    """A schedule."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SignatureLineLayout:
    """A line of each signature block; `value` names a property of the signature's data, or is ""."""

    label: str
    field: FieldKind
    value: str = ""


@dataclass(frozen=True, slots=True)
class SignatureLayout:
    """How a signature block looks; `heading` names a property of the party's data.

    `capacity` names another, and `words` say by its value as what the party signs.
    """

    heading: str = "legal_name"
    lines: tuple[SignatureLineLayout, ...] = ()
    capacity: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


SIGNATURES = "signatures"
"""What an outline's order calls the place where the parties sign."""


@dataclass(frozen=True, slots=True)
class SummaryGroup:
    """What belongs together in a summary of changes: slots, data by their pointers, and defined terms."""

    title: str
    slots: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """The shape of one type of agreement; its conditions are in the clause language of the number `dialect`.

    `order` names the parts in reading order by their ids, with SIGNATURES among them; empty is the usual order.
    `page` says what its pages are, as the data of an agreement may too. `term` says by JSON pointers where the data
    tell when the term `begins`, how long it `lasts`, or its last day, on which it `ends`. `report` is empty but in an
    outline of reports.
    If `shorthand` is not None, its clauses and definitions are written in it (see `library.shorthand`), and it is the
    proper names in them, which have capitals as terms have. `summary` groups its changes, the most important first.
    `recites` is the JSON pointer to what the data recite of the agreement that this one accompanies, or "".
    """

    kind: str
    language: str
    numbering: Numbering
    opening: Slot | None
    closing: Slot | None
    sections: tuple[OutlineSection, ...]
    schedules: tuple[OutlineSchedule, ...]
    signatures: SignatureLayout
    path: str
    dialect: int = 1
    shorthand: tuple[str, ...] | None = None
    order: tuple[str, ...] = ()
    page: Mapping[str, Any] = field(default_factory=dict)
    summary: tuple[SummaryGroup, ...] = ()
    term: Mapping[str, str] = field(default_factory=dict)
    recites: str = ""
    report: Mapping[str, Any] = field(default_factory=dict)

    def parts(self) -> Iterator[tuple[str, tuple[Slot, ...]]]:
        """Yield the title of each part and its slots, with those on lower levels: body first, then schedules."""
        if self.opening:
            yield "Opening", (self.opening,)
        for section in self.sections:
            yield section.title, tuple(all_slots(section.slots))
        if self.closing:
            yield "Closing", (self.closing,)
        for schedule in self.schedules:
            yield schedule.title, tuple(all_slots(schedule.slots))

    def slots(self) -> tuple[Slot, ...]:
        """Return every slot."""
        return tuple(slot for _, slots in self.parts() for slot in slots)

    def places(self) -> tuple[OutlinePart | Slot, ...]:
        """Return everything that has an id: sections, schedules, slots."""
        return (*self.sections, *self.schedules, *self.slots())


def all_slots(slots: Iterable[Slot]) -> Iterator[Slot]:
    """Yield slots, each with those below it, in reading order."""
    for slot in slots:
        yield slot
        yield from all_slots(slot.slots)


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty that a clause creates, in plain words, and as what a deal's days are reckoned from. Internal."""

    who: str
    what: str
    when: str = ""
    duty: DeclaredDuty | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """A condition on the deal's data under which a clause says what the deal says, and what is wrong without it."""

    when: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class LibraryClause:
    """A clause of the library, or wording negotiated for one deal.

    `body` is the template's source, in the clause language of the number `dialect`; `body_line` is the line of `path`
    where it begins.
    `position` is "standard", "fallback 1", …, "by counsel" or "negotiated".
    `departs_from` is "clause@version" for negotiated wording, else "". `shorthand` is that of the outline beside which
    it was loaded; wording of a deal has that of the outline with which it is used.
    """

    id: str
    title: str
    slot: str
    version: str
    status: str
    position: str
    body: str
    body_line: int
    path: str
    approver: str = ""
    guidance: str = ""
    reason: str = ""
    departs_from: str = ""
    obligations: tuple[Obligation, ...] = ()
    fits: tuple[Fit, ...] = ()
    dialect: int = 1
    shorthand: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A shared defined term.

    `definition` is a template that follows the term itself, or "" if a clause defines it; `shorthand` is as a clause's,
    `others` are forms beside the singular and plural.
    """

    term: str
    plural: str
    definition: str
    path: str
    line: int
    dialect: int = 1
    shorthand: tuple[str, ...] | None = None
    others: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """The words by which a text may name it."""
        return tuple(filter(None, (self.term, self.plural, *self.others)))


@dataclass(frozen=True, slots=True)
class RuleExample:
    """Data of a deal, as much as a rule speaks of; the day of the judgment, or ""; and the slots that are filled."""

    data: Mapping[str, Any]
    as_of: str = ""
    uses: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class DealRule:
    """A rule about the deals of a type, in the language of rules of the number `dialect`.

    `each` names what it goes through and `let` what it reckons first, each name with an expression; `when` tells that
    the rule is broken, `at` where, `message` how. `bad` breaks it, and `good` does not.
    One for `signing` is asked only before a deal is signed.
    """

    rule: Rule
    each: tuple[tuple[str, str], ...]
    let: tuple[tuple[str, str], ...]
    when: str
    at: tuple[str, ...]
    message: str
    bad: RuleExample
    good: RuleExample
    path: str
    line: int
    dialect: int
    signing: bool = False

    @property
    def template(self) -> str:
        """The template that tells each fault."""
        return "\n".join(text for _, text in self._pieces)

    def key_at(self, line: int, words: str = "") -> str:
        """Return the key that stands at a line of the template, or that alone has some words: `let: cap`."""
        having = [key for key, text in self._pieces if words and words in text]
        if len(having) == 1:
            return having[0]
        for key, text in self._pieces:
            line -= text.count("\n") + 1
            if line <= 0:
                return key
        return ""

    @property
    def _pieces(self) -> tuple[tuple[str, str], ...]:
        """The parts of the template, each with its key, and each begun on a line of its own."""
        return (
            *((f"each: {name}", f"{{% for {name} in ({source}) %}}") for name, source in self.each),
            *((f"let: {name}", f"{{% set {name} = ({source}) %}}") for name, source in self.let),
            ("when", f"{{% if ({self.when}) %}}{{% if more() %}}"),
            ("at", f"{{{{ fault({', '.join(self.at)}) }}}}"),
            ("message", self.message.strip()),
            ("", "{% endif %}{% endif %}" + "{% endfor %}" * len(self.each)),
        )


PROOFS = ("stated", "attested", "reviewed", "signed")
"""How an approval can be proven, the least first."""


@dataclass(frozen=True, slots=True)
class ApprovalLimit:
    """A rule that tells what offices must approve, and how their approval is proven; see PROOFS."""

    rule: DealRule
    offices: tuple[str, ...]
    proof: str


@dataclass(frozen=True, slots=True)
class ApprovalRules:
    """What needs whose approval in deals of a type, beside what its clauses say: `templates/<type>/approvals.yaml`.

    `proof` is the least that is asked of an approval; `negotiated` are the offices for wording that no library has,
    `whole` those for the whole text. `commitment` and `term` are expressions for the amounts that a deal commits to
    and for how long, or "".
    """

    proof: str = PROOFS[0]
    negotiated: tuple[str, ...] = ("General Counsel",)
    whole: tuple[str, ...] = ()
    limits: tuple[ApprovalLimit, ...] = ()
    commitment: str = ""
    term: str = ""


@dataclass(frozen=True, slots=True)
class AgreementType:
    """One type of agreement: the folder `templates/<name>/`, loaded.

    `unusable` are the ids of clauses whose files have errors; they are not among `clauses`. `unread` are the
    glossary files that have errors: what they define is not known. `unfilled` are the slots whose standard clause is
    not there or is for another slot, and `adrift` those other slots, if the outline has none of that name. All of this
    has findings of the library's own.
    """

    name: str
    outline: Outline
    clauses: Mapping[str, LibraryClause]
    glossary: tuple[GlossaryEntry, ...]
    unusable: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()
    unfilled: frozenset[str] = frozenset()
    adrift: frozenset[str] = frozenset()
    rules: tuple[DealRule, ...] = ()
    approvals: ApprovalRules = ApprovalRules()
    facts: DeclaredFacts = field(default_factory=DeclaredFacts)

    def long(self, text: str, shorthand: tuple[str, ...] | None) -> str:
        """Return the text of a clause or definition with all terms and references as calls: what it says."""
        forms = (form for entry in self.glossary for form in entry.forms)
        return text if shorthand is None else phrases(tuple(dict.fromkeys(forms)), shorthand).written_out(text)
