"""Calls that a template makes with texts in quotes give what the same calls with values give."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clausebook.language.fillings import CLOSE, OPEN, Filling
from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import Sheet, Subject, TemplateJob, Term

DATA = {"a": "given", "items": [{"x": "1"}, {"x": "2"}]}
SHAPE = {"p": {"a": {}, "b": {}, "items": {"i": {"p": {"x": {}}}}}}
TERMS = (Term("party", ("Party", "Parties")),)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def sheet_of(sandbox: Sandbox, source: str) -> Sheet:
    subject = Subject(DATA, "en-US", SHAPE, "fixed")
    return sandbox.render(subject, [TemplateJob("clause", source)], TERMS, ["fees", "clause"]).sheets["clause"]


@pytest.mark.parametrize(
    "call",
    [
        "term('Party')",
        "define('Parties')",
        "ref('fees')",
        "ref('fees', 'late')",
        "ref_number('fees')",
        "ref_item('fees', 'late')",
        "label('late')",
        "label('late', '(a)')",
        "term('Nobody')",
        "ref('nowhere')",
        "label('no name')",
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        "one\n{{ % }} and {{ a }} two",
        "{% for i in items %}{{ i.x }}{{ % }}{% endfor %}",
        "{% if b %}{{ % }}{% else %}-{% endif %}",
    ],
)
def test_a_fixed_call_is_the_call(sandbox: Sandbox, call: str, around: str) -> None:
    fixed = sheet_of(sandbox, around.replace("{{ % }}", f"{{{{ {call} }}}}"))
    called = sheet_of(sandbox, around.replace("{{ % }}", f"{{{{ {call} if a == 'given' }}}}"))
    assert bool(fixed.fixed)
    assert not called.fixed
    assert {problem.rule for problem in fixed.problems} == {problem.rule for problem in called.problems}
    if not fixed.problems:
        assert (fixed.text, fixed.pieces, fixed.forms) == (called.text, called.pieces, called.forms)


def test_pieces_stand_in_the_order_of_the_text(sandbox: Sandbox) -> None:
    sheet = sheet_of(sandbox, "{{ a }}{{ term('Party') }}{{ a }}")
    assert sheet.text == "".join(f"{OPEN}{number}{CLOSE}" for number in range(3))
    assert sheet.pieces == (
        Filling("data", "given", "/a"),
        Filling("term", "Party", target="party"),
        Filling("data", "given", "/a"),
    )


def test_places_of_silences_go_with_the_text(sandbox: Sandbox) -> None:
    sheet = sheet_of(
        sandbox, "{{ term('Party') }}{% for i in items %}{{ i.x }}{% endfor %}{{ b|default('none') }} of it"
    )
    (silence,) = sheet.silences
    assert sheet.text[silence.start : silence.end] == "none"


@pytest.mark.parametrize(
    "source",
    [
        "{% set term = a %}{{ term('Party') }}",
        "{% macro term(x) %}{{ a }}{% endmacro %}{{ term('Party') }}",
        "{% set said %}{{ term('Party') }}{% endset %}{{ said }}",
        "{% macro say() %}{{ term('Party') }}{% endmacro %}{{ say() }}",
        "{{ '\\ue0020\\ue003' }}{{ term('Party') }}",
    ],
)
def test_what_may_be_another_call_is_not_fixed(sandbox: Sandbox, source: str) -> None:
    assert not sheet_of(sandbox, source).fixed


def test_a_condition_knows_no_terms(sandbox: Sandbox) -> None:
    subject = Subject(DATA, "en-US", SHAPE, "fixed")
    _, sheets = sandbox.conditions(subject, [TemplateJob("c", "true %}{{ term('Party') }}{% endif %}{% if true")])
    assert [problem.rule for problem in sheets["c"].problems] == ["core/template-name"]


def test_of_many_templates_the_one_at_fault_is_found(sandbox: Sandbox) -> None:
    slow = "{% for a in '" + "a" * 3000 + "' %}" + ("{% for b in '" + "b" * 3000 + "' %}") * 3 + "{% endfor %}" * 4
    jobs = [TemplateJob("one", "words"), TemplateJob("slow", slow), TemplateJob("two", "{{ a }}")]
    with Sandbox(time_limit=0.5) as careful:
        sheets = careful.render(Subject(DATA, "en-US", SHAPE, "fixed"), jobs, (), ()).sheets
    assert {name: [each.rule for each in sheet.problems] for name, sheet in sheets.items()} == {
        "one": [],
        "slow": ["core/template-time"],
        "two": [],
    }
