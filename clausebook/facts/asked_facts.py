"""Ask a deal for the terms at a glance and the tables that its type declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from clausebook.assemble.citing import citations
from clausebook.facts.duties.deal_duties import DealAsked, subject_of
from clausebook.findings.model import Finding, finding_in
from clausebook.language.questions import Answered, Question, Reply, ask
from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import Subject
from clausebook.language.values import OPEN_SHAPE
from clausebook.library.declared import DeclaredFact, DeclaredTable

_SHOWN: Mapping[str, str] = {
    "money": "{{% for each in ({0})|listed %}}{{{{ each|money }}}}{{{{ '' if loop.last else '; ' }}}}{{% endfor %}}",
    "date": "{{% set it = ({0}) %}}{{% if it is defined %}}{{{{ it|date }}}}{{% endif %}}",
    "duration": "{{% set it = ({0}) %}}{{% if it is defined %}}{{{{ it|duration }}}}{{% endif %}}",
    "percent": "{{% set it = ({0}) %}}{{% if it is defined %}}{{{{ it|percent }}}}{{% endif %}}",
    "name": "{{% for each in ({0})|listed %}}{{{{ each|name }}}}{{{{ '' if loop.last else ', ' }}}}{{% endfor %}}",
    "flag": "{{{{ 'yes' if ({0}) else 'no' }}}}",
    "party": (
        "{{% for each in ({0})|listed %}}{{{{ party(each).short_name }}}}"
        "{{{{ '' if loop.last else ', ' }}}}{{% endfor %}}"
    ),
}
"""How a value of a kind is shown; one of any other kind is shown as it is."""

_VALUE: Mapping[str, str] = {
    "money": "{{% for each in ({0})|listed %}}{{{{ each.amount }}}} {{{{ each.currency }}}}"
    "{{{{ '' if loop.last else '; ' }}}}{{% endfor %}}",
    "flag": "{{{{ 'true' if ({0}) else 'false' }}}}",
}
"""What a value of a kind is for programs; one of any other kind is what stands in the data."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A term at a glance: `value` is for programs and `shown` for people, "" where the deal leaves it open.

    `place` is the number in the text that says it, `pointer` leads to the value in the data.
    """

    id: str
    title: str
    kind: str
    value: str
    shown: str
    place: str
    pointer: str


@dataclass(frozen=True, slots=True)
class FactTable:
    """Rows of one kind: each has a term a column, in the order of the columns."""

    id: str
    title: str
    place: str
    rows: tuple[tuple[Fact, ...], ...]


@dataclass(frozen=True, slots=True)
class AskedFacts:
    """What a deal answers to the questions of its type."""

    terms: tuple[Fact, ...] = ()
    tables: tuple[FactTable, ...] = ()
    findings: tuple[Finding, ...] = ()


def asked_facts(deal: DealAsked, beside: Mapping[str, Any], sandbox: Sandbox) -> AskedFacts:
    """Return the terms at a glance and the tables of a deal; expressions can speak of what is `beside` it, too."""
    declared = deal.bundle.kind.facts if deal.bundle.kind else None
    if declared is None or not (declared.facts or declared.tables):
        return AskedFacts()
    places = citations(deal.document)
    questions = [_question(f"fact:{each.id}", (each,), each) for each in declared.facts]
    questions += [_question(f"table:{each.id}", each.columns, each) for each in declared.tables]
    subject = _with(subject_of(deal), beside)
    answers = ask(questions, subject, declared.dialect, sandbox)
    count = len(declared.facts)
    terms = tuple(
        term
        for fact, answer in zip(declared.facts, answers[:count], strict=True)
        for row in answer.rows
        for term in _terms((fact,), row, _place(fact.place, places))
        if term.shown
    )
    tables = tuple(
        FactTable(
            each.id,
            each.title,
            _place(each.place, places),
            tuple(tuple(_terms(each.columns, row, "")) for row in answer.rows),
        )
        for each, answer in zip(declared.tables, answers[count:], strict=True)
    )
    return AskedFacts(terms, tables, tuple(_problems(deal, declared.path, questions, answers)))


def _with(subject: Subject, beside: Mapping[str, Any]) -> Subject:
    known = {**subject.shape.get("p", {}), **dict.fromkeys(beside, OPEN_SHAPE)}
    shape = {**subject.shape, "p": known}
    return replace(subject, data={**subject.data, **beside}, shape=shape, shape_id=f"{subject.shape_id}/facts")


def _question(name: str, facts: Sequence[DeclaredFact], within: DeclaredFact | DeclaredTable) -> Question:
    plain = tuple(each.value if each.kind not in _VALUE else "''" for each in facts)
    written = (_VALUE.get(each.kind, "").format(each.value) for each in facts)
    shown = (_SHOWN.get(each.kind, "").format(each.value) for each in facts)
    each = within.each if isinstance(within, DeclaredTable) else ()
    return Question(name, plain, (*written, *shown), each, within.let, within.condition)


def _terms(facts: Sequence[DeclaredFact], row: Sequence[Reply], place: str) -> Iterator[Fact]:
    count = len(facts)
    for fact, plain, written, shown in zip(facts, row, row[count:], row[2 * count :], strict=False):
        value = written.text if fact.kind in _VALUE else "; ".join(plain.texts)
        said = shown.text if fact.kind in _SHOWN else ", ".join(plain.texts)
        yield Fact(
            fact.id, fact.title, fact.kind, value, said, place, plain.pointer or written.pointer or shown.pointer
        )


def _place(said: str, places: Mapping[str, str]) -> str:
    slot, _, label = said.partition("#")
    return places.get(f"{slot}--{label}" if label else slot, places.get(slot, ""))


def _problems(
    deal: DealAsked, path: str, questions: Sequence[Question], answers: Sequence[Answered]
) -> Iterator[Finding]:
    for question, answer in zip(questions, answers, strict=True):
        if answer.problems:
            what, _, name = question.name.partition(":")
            problem = answer.problems[0]
            said = f"the {what} `{name}` cannot be asked of `{deal.id}`: {problem.message}"
            yield finding_in(path, "core/fact-fails", said, problem.hint or "correct its expression")
