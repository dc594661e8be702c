"""The key dates and duties of one deal, reckoned from its data, its text and what happened since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from clausebook.assemble.citing import citations
from clausebook.document.model import Clause, ClauseSource, Document
from clausebook.facts.duties.asked_due import DueAsked, due_asked
from clausebook.facts.duties.duty_names import slug, told_apart
from clausebook.facts.duties.model import ANY_DAY, Duty, KeyDate, Occurrence, Reckoned, Window
from clausebook.facts.duties.moments import Falling, Happened, Known, Moment, falling, moment, rolled
from clausebook.findings.model import Finding, finding_in
from clausebook.language.dialects import RULES as RULES_DIALECT
from clausebook.language.questions import Answered, Question, Reply, ask
from clausebook.language.reckoning import Unreckonable
from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import Subject
from clausebook.library.bundle import TypeBundle
from clausebook.library.declared import Counting, DeclaredDate, DeclaredDuty, Start, expressions
from clausebook.library.model import AgreementType, LibraryClause

MOST_TOGETHER = 20_000
"""Times that all duties of a deal fall due together, at most: what a library could list without end, nobody reads."""


@dataclass(frozen=True, slots=True)
class DealAsked:
    """A deal of which days are asked: its valid data as clauses see them, its text, and its type as it is today.

    `own` are the clause files of the deal's own, by id.
    """

    id: str
    path: str
    data: Mapping[str, Any]
    document: Document
    bundle: TypeBundle
    own: Mapping[str, LibraryClause] = field(default_factory=dict)

    def clause(self, source: ClauseSource | None) -> LibraryClause | None:
        """Return the clause file from which a part of the text came, as it is today; None if there is none any more."""
        known = self.bundle.kind.clauses if self.bundle.kind else {}
        return known.get(source.clause, self.own.get(source.clause)) if source else None


def reckoned(
    deal: DealAsked, events: Mapping[str, tuple[Happened, ...]], sandbox: Sandbox, window: Window = ANY_DAY
) -> Reckoned:
    """Return the key dates of a deal, and its duties that fall due in a window."""
    kind = deal.bundle.kind
    # Of a library with errors nobody knows what it would declare: its list is not whole.
    broken = tuple(each for each in deal.bundle.findings if each.severity == "error")
    if kind is None:
        return Reckoned(findings=broken)
    places = citations(deal.document)
    declared = tuple(_declared(deal))
    questions = [_date_question(each) for each in kind.facts.dates]
    questions += [_duty_question(clause, duty, kind) for clause, duty in declared]
    dialect = kind.facts.dialect or RULES_DIALECT
    answers = ask(questions, subject_of(deal), dialect, sandbox)
    counting = kind.facts.counting
    counting = replace(counting, place=place_of(counting.place, places))
    dates = KeyDates(kind.facts.dates, answers, events, places, counting)
    findings = [*broken, *_problems(deal, kind.facts.path, questions, answers)]
    findings += dates.findings(deal)
    duties: list[Duty] = []
    times = 0
    for (clause, duty), answer in zip(declared, answers[len(kind.facts.dates) :], strict=True):
        try:
            for each in _duties(clause, duty, answer, dates, places, window):
                times += len(each.occurrences)
                if times > MOST_TOGETHER:
                    raise Unreckonable(
                        f"the duties of the agreement fall due more than {MOST_TOGETHER:,} times together"
                    )
                duties.append(each)
        except Unreckonable as error:
            findings.append(_unclear(deal, _path(deal, clause), f"the duty `{clause.id}/{duty.id}`", error))
    undeclared = tuple(each.id for each in deal.document.clauses() if _unknown(each, deal))
    return Reckoned(dates.all(), told_apart(duties), undeclared, tuple(findings))


def subject_of(deal: DealAsked) -> Subject:
    """Return what expressions speak of."""
    kind = deal.bundle.kind
    language = kind.outline.language if kind else deal.document.language
    return Subject(deal.data, language, deal.bundle.shape, deal.bundle.shape_id)


class KeyDates:
    """The key dates of a deal, each reckoned when it is asked for, and once."""

    def __init__(
        self,
        declared: Sequence[DeclaredDate],
        answers: Sequence[Answered],
        events: Mapping[str, tuple[Happened, ...]],
        places: Mapping[str, str],
        counting: Counting,
    ) -> None:
        self._declared = {each.id: each for each in declared}
        self._answers = {each.id: answer for each, answer in zip(declared, answers, strict=False)}
        self._places = places
        self._found: dict[str, Moment | None] = {}
        self._asked: list[str] = []
        self.known = Known(events, self.moment, counting)

    def moment(self, name: str) -> Moment | None:
        """Return a key date, as what counts from it says it; None if the deal has none of that name.

        Raises Unreckonable for one that its type does not declare, or that counts from itself.
        """
        declared = self._declared.get(name)
        if declared is None:
            raise Unreckonable(f"the type declares no key date `{name}`")
        if name in self._asked:
            raise Unreckonable(f"the key date `{name}` counts from itself")
        if name not in self._found:
            self._asked.append(name)
            try:
                self._found[name] = self._reckon(declared)
            finally:
                self._asked.remove(name)
        found = self._found[name]
        if found is None:
            return None
        place = self._place(declared)
        said = f"{declared.title}{f' ({place})' if place else ''}"
        return replace(found, words=f"{found.day}, {said}" if found.day else f"{said}, which is open")

    def all(self) -> tuple[KeyDate, ...]:
        """Return the key dates that the deal has and that can be reckoned, in the order of their type."""
        there = [(each, self._found[each.id]) for each in self._declared.values() if self._found.get(each.id)]
        return tuple(
            KeyDate(each.id, each.title, str(found.day or ""), found.words, found.waits, self._place(each))
            for each, found in there
            if found
        )

    def findings(self, deal: DealAsked) -> Iterator[Finding]:
        """Reckon all, and yield what cannot be reckoned."""
        kind = deal.bundle.kind
        for name in self._declared:
            try:
                self.moment(name)
            except Unreckonable as error:
                yield _unclear(deal, kind.facts.path if kind else "", f"the key date `{name}`", error)

    def _reckon(self, declared: DeclaredDate) -> Moment | None:
        rows = self._answers[declared.id].rows
        due = due_asked(declared.due, iter(rows[0])) if rows else None
        found = moment(due.start, self.known) if due else None
        return rolled(found, due, self.known) if found and due and due.roll else found

    def _place(self, declared: DeclaredDate) -> str:
        return place_of(declared.place, self._places)


def place_of(place: str, places: Mapping[str, str]) -> str:
    """Return the number in the text of what a type calls `slot#label`, that of the slot if it has no such label."""
    slot, _, label = place.partition("#")
    return places.get(f"{slot}--{label}" if label else slot, places.get(slot, ""))


def _date_question(declared: DeclaredDate) -> Question:
    values = tuple(expressions(declared.due))
    return Question(f"date:{declared.id}", values, let=declared.let, condition=declared.condition)


def _duty_question(clause: Clause, declared: DeclaredDuty, kind: AgreementType) -> Question:
    item = next((slot.item for slot in kind.outline.slots() if slot.id == clause.id), "")
    values = (declared.item or "''", declared.party or "''", *(expressions(declared.due) if declared.due else ()))
    name = f"duty:{clause.id}/{declared.id}/{declared.since}"
    return Question(name, values, (declared.says,), declared.each, declared.let, declared.condition, item)


def awaited(deal: DealAsked) -> frozenset[str]:
    """Return the names of the events for which the dates and duties of a deal wait, or of which they take note."""
    kind = deal.bundle.kind
    dues = [each.due for each in kind.facts.dates] if kind else []
    dues += [duty.due for _, duty in _declared(deal) if duty.due]
    return frozenset(name for due in dues for name in _events(due.start))


def _events(start: Start) -> Iterator[str]:
    if start.basis in ("event", "recorded"):
        yield start.says
    for each in start.among:
        yield from _events(each)


def _declared(deal: DealAsked) -> Iterator[tuple[Clause, DeclaredDuty]]:
    """Yield the clauses of a text with the duties that are declared for their version of the words."""
    for clause in deal.document.clauses():
        known = deal.clause(clause.source)
        for each in known.obligations if known else ():
            if each.duty and clause.source and _holds(each.duty, clause.source.version):
                yield clause, each.duty


def _holds(duty: DeclaredDuty, version: str) -> bool:
    number = _number(version)
    return _number(duty.since) <= number and (not duty.before or number < _number(duty.before))


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in version.split(".") if each.isdecimal())


def _unknown(clause: Clause, deal: DealAsked) -> bool:
    """Tell whether nobody has said which duties a clause's version creates: of words of the deal's own, above all."""
    if clause.source is None or not clause.blocks:
        return False
    known = deal.clause(clause.source)
    if known is None:
        return True
    declared = [each.duty for each in known.obligations if each.duty]
    if not declared:
        return known.id in deal.own
    said = known.version == clause.source.version or any(_holds(each, clause.source.version) for each in declared)
    return not said


def _duties(
    clause: Clause,
    declared: DeclaredDuty,
    answer: Answered,
    dates: KeyDates,
    places: Mapping[str, str],
    window: Window,
) -> Iterator[Duty]:
    place = places.get(f"{clause.id}--{declared.label}", places.get(clause.id, ""))
    source = clause.source
    items = {slug(row[0].text) for row in answer.rows} if declared.each else set()
    for row in answer.rows:
        item, party, *asked = row[:-1]
        name = f"{clause.id}/{declared.id}" + (f"/{slug(item.text)}" if declared.each and slug(item.text) else "")
        due = due_asked(declared.due, iter(asked)) if declared.due else None
        # An event that has the key of an item is about that item alone.
        known = dates.known.without(items - {slug(item.text)})
        there, more = falling(due, known, window.since, window.until) if due else ((), False)
        yield Duty(
            name,
            declared.kind,
            _parties(declared, party),
            row[-1].text,
            place,
            f"{source.clause}@{source.version}" if source else "",
            tuple(_occurrence(name, each) for each in there),
            more,
            dated=due is not None and _has_day(due),
            lapses=declared.lapses,
            shown_by=declared.shown_by,
        )


def _occurrence(duty: str, time: Falling) -> Occurrence:
    found = time.moment
    days = map(str, time.period or ("", ""))
    return Occurrence(f"{duty}#{time.key or time.number}", str(found.day or ""), found.words, found.waits, *days)


def _has_day(due: DueAsked) -> bool:
    return due.start.basis != "on" or bool(due.start.says)


def _parties(declared: DeclaredDuty, party: Reply) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, party.texts))) if declared.party else ()


def _problems(
    deal: DealAsked, path: str, questions: Sequence[Question], answers: Sequence[Answered]
) -> Iterator[Finding]:
    kind = deal.bundle.kind
    for question, answer in zip(questions, answers, strict=True):
        what, _, name = question.name.partition(":")
        if answer.problems and kind:
            clause = next((each for each in deal.document.clauses() if each.id == name.split("/")[0]), None)
            at = path if what == "date" or clause is None else _path(deal, clause)
            called = f"the key date `{name}`" if what == "date" else f"the duty `{name.rpartition('/')[0]}`"
            problem = answer.problems[0]
            said = f"{called} cannot be asked of `{deal.id}`: {problem.message}"
            yield finding_in(at, "core/duty-fails", said, problem.hint or "correct what it declares")


def _path(deal: DealAsked, clause: Clause) -> str:
    known = deal.clause(clause.source)
    return known.path if known else deal.path


def _unclear(deal: DealAsked, path: str, what: str, error: Unreckonable) -> Finding:
    said = f"{what} cannot be reckoned for `{deal.id}`: {error}"
    return finding_in(
        path, "core/duty-unclear", said, "correct what it counts from, or how much later or earlier it is"
    )
