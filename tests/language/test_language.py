"""The clause language and its sandbox."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.language.fillings import CLOSE, OPEN, Filling
from clausebook.language.filters import FilterError, Filters
from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import Rendering, Subject, TemplateJob, Term
from clausebook.language.values import Absent, Items, Node, Value, wrap

HOSTILE = "**x** <script>alert(1)</script> {{ 7*7 }} | # @ \\ ` [a](javascript:b) \u00a7"

DATA: dict[str, Any] = {
    "parties": [
        {"key": "a", "short_name": HOSTILE, "tags": ["x", "y"]},
        {"key": "b", "short_name": "Beta", "tags": ["y"]},
        {"key": "c", "short_name": "Gamma"},
    ],
    "value": HOSTILE,
    "fee": {"amount": "1250000.5", "currency": "USD"},
    "round": {"amount": 250000, "currency": "USD"},
    "yen": {"amount": "1000", "currency": "JPY"},
    "day": "2026-03-01",
    "notice": "P90D",
    "share": "12.50",
    "count": 10000,
    "below": "-1000.5",
    "kind": "business-associate",
    "flag": True,
    "off": False,
    "text": "first line\n  second\tline",
}
SHAPE: dict[str, Any] = {
    "p": {
        "parties": {"i": {"p": {"key": {}, "short_name": {}, "tags": {"i": {}}}}},
        "value": {},
        "fee": {"p": {"amount": {}, "currency": {}}},
        "round": {"p": {"amount": {}, "currency": {}}},
        "yen": {"p": {"amount": {}, "currency": {}}},
        "day": {},
        "notice": {},
        "share": {},
        "count": {},
        "below": {},
        "kind": {"l": {"business-associate": "business associate"}},
        "flag": {},
        "off": {},
        "text": {},
        "optional": {"p": {"inner": {}}, "x": True},
        "missing": {"i": {"p": {"name": {}}}},
    },
    "x": True,
}
GLOSSARY = (
    Term("party", ("Party", "Parties"), TemplateJob("term:party", "means a side of this {{ term('Agreement') }}.")),
    Term("agreement", ("Agreement",), TemplateJob("term:agreement", "means this text.")),
    Term("own", ("Own Term",)),
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def render(sandbox: Sandbox, source: str, data: dict[str, Any] | None = None) -> Rendering:
    subject = Subject(data or DATA, "en-US", SHAPE, "shape")
    return sandbox.render(subject, [TemplateJob("clause", source, "/optional")], GLOSSARY, ["clause", "purpose"])


def filled(sandbox: Sandbox, source: str) -> str:
    """Render, and put each placeholder's text in its place."""
    sheet = render(sandbox, source).sheets["clause"]
    assert sheet.problems == ()
    text = sheet.text
    for index, piece in enumerate(sheet.pieces):
        text = text.replace(f"{OPEN}{index}{CLOSE}", piece.text)
    return text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ fee|money }}", "USD\u00a01,250,000.50"),
        ("{{ round|money }}", "USD\u00a0250,000"),
        ("{{ yen|money }}", "JPY\u00a01,000"),
        ("{{ day|date }}", "March 1, 2026"),
        ("{{ notice|duration }}", "90\u00a0days"),
        ("{{ notice|duration('adjective') }}", "90-day"),
        ("{{ (missing or 'P30D')|duration }}", "30\u00a0days"),
        ("{{ share|percent }}", "12.5%"),
        ("{{ count|number }}", "10,000"),
        ("{{ below|number }}", "-1,000.5"),
        ("{{ kind|name }}", "business associate"),
        ("{{ kind|name|sentence }}", "Business associate"),
        ("{{ text }}", "first line second line"),
        ("{{ parties|pluck('key')|and_list }}", "a, b, and c"),
        ("{{ parties|where('key', 'a', 'b')|pluck('key')|or_list }}", "a or b"),
        ("{{ parties|where('tags', 'y')|length }}", "2"),
        ("{{ parties|where_not('key', 'a')|pluck('key')|and_list }}", "b and c"),
        ("{{ (parties|first).key }}{{ (parties|last).key }}{{ parties[1].key }}{{ parties[-1].key }}", "acbc"),
        ("{{ party('b').short_name }}", "Beta"),
        (
            "{% for each in parties %}{{ loop.index }}{{ each.key }}{{ ', ' if not loop.last }}{% endfor %}",
            "1a, 2b, 3c",
        ),
        ("{{ optional.inner|default('words') }}{{ missing|default('none') }}", "wordsnone"),
        ("{% if optional.inner or missing or off %}yes{% else %}no{% endif %}", "no"),
        ("{% if flag and count > 9999 and kind in ['business-associate'] %}yes{% endif %}", "yes"),
        ("{% for each in missing %}{{ each.name }}{% endfor %}", ""),
        ("{% if optional.inner is undefined and flag is defined %}yes{% endif %}", "yes"),
        ("{{ term('Parties') }} {{ 'in' if has('purpose') }}{{ 'out' if has('gone') }}", "Parties in"),
        ("{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ twice(day) }}", "2026-03-012026-03-01"),
        ("{% if this.inner %}a{% else %}b{% endif %}", "b"),
        ("{{ optional['x-own']|default('extension') }}", "extension"),
    ],
)
def test_what_a_clause_can_say(sandbox: Sandbox, source: str, expected: str) -> None:
    assert filled(sandbox, source) == expected


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("{{ ''.__class__ }}", "core/template-refused"),
        ("{{ value.__class__ }}", "core/template-refused"),
        ("{{ parties.__init__ }}", "core/template-refused"),
        ("{{ value['__class__'] }}", "core/template-refused"),
        ("{{ party.__globals__ }}", "core/template-refused"),
        ("{{ loop.__class__ }}", "core/template-name"),
        ("{% for x in parties %}{{ loop.cycle('a') }}{% endfor %}", "core/template-refused"),
        ("{{ value.upper() }}", "core/template-refused"),
        ("{{ 'a'.join(['b']) }}", "core/template-refused"),
        ("{{ '{0}'.format(value) }}", "core/template-refused"),
        ("{{ '%s' % value }}", "core/template-refused"),
        ("{{ 'a' * 10**9 }}", "core/template-refused"),
        ("{{ 1 + 1 }}", "core/template-refused"),
        ("{{ value[1:] }}", "core/template-error"),
        ("{{ parties[1:] }}", "core/template-error"),
        ("{{ parties[9].key }}", "core/template-refused"),
        ("{{ value|safe }}", "core/template-syntax"),
        ("{{ value|e }}", "core/template-syntax"),
        ("{{ value|tojson }}", "core/template-syntax"),
        ("{{ value|upper }}", "core/template-syntax"),
        ("{% include 'x' %}", "core/template-syntax"),
        ("{% import 'x' as y %}", "core/template-syntax"),
        ("{% extends 'x' %}", "core/template-syntax"),
        ("{% block x %}{% endblock %}", "core/template-syntax"),
        ("{% if %}", "core/template-syntax"),
        ("{{ range(3) }}", "core/template-name"),
        ("{{ lipsum() }}", "core/template-name"),
        ("{{ unheard_of }}", "core/template-name"),
        ("{{ optional.inner }}", "core/value-missing"),
        ("{{ optional.innner }}", "core/template-unknown-property"),
        ("{{ term('Nobody') }}", "core/term-undefined"),
        ("{{ term(value) }}", "core/term-name"),
        ("{{ ref('gone') }}", "core/ref-unknown"),
        ("{{ ref(value) }}", "core/ref-unknown"),
        ("{{ ref(parties) }}", "core/ref-name"),
        ("{{ label('no good') }}", "core/label-name"),
        ("{{ label('good', day) }}", "core/label-name"),
        ("{{ refs('clause') }}", "core/ref-name"),
        ("{{ refs('clause', 'purpose', join='nor') }}", "core/ref-name"),
        ("{{ define(value) }}", "core/term-name"),
        ("{{ party('z').short_name }}", "core/template-party"),
        ("{{ parties }}", "core/template-prints-structure"),
        ("{{ fee }}", "core/template-prints-structure"),
        ("{{ flag }}", "core/template-prints-flag"),
        ("{{ [value, day] }}", "core/template-refused"),
        ("{{ none }}", "core/template-refused"),
        ("{{ true }}", "core/template-refused"),
        ("{{ value|date }}", "core/template-filter"),
        ("{{ value|duration }}", "core/template-filter"),
        ("{{ value|number }}", "core/template-filter"),
        ("{{ value|percent }}", "core/template-filter"),
        ("{{ value|money }}", "core/template-filter"),
        ("{{ value|name }}", "core/template-filter"),
        ("{{ value|length }}", "core/template-filter"),
        ("{{ parties|name }}", "core/template-filter"),
        ("{{ notice|duration('shouted') }}", "core/template-filter"),
        ("{{ missing|first }}", "core/template-filter"),
        ("{{ ['a']|pluck('b') }}", "core/template-filter"),
        ("{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}", "core/template-recursion"),
        ("{% set x = 'aaaaaaaaaaaaaaaa' %}" + "{% set x = x ~ x %}" * 40 + "{{ x }}", "core/template-memory"),
        (
            "{% for a in '" + "a" * 2000 + "' %}{% for b in '" + "b" * 2000 + "' %}x{% endfor %}{% endfor %}",
            "core/template-length",
        ),
        ("{{ fee < value }}", "core/template-error"),
    ],
)
def test_what_is_refused(sandbox: Sandbox, source: str, rule: str) -> None:
    problems = render(sandbox, source).sheets["clause"].problems
    assert rule in {problem.rule for problem in problems}, problems


@pytest.mark.parametrize(
    ("language", "said"),
    [("en-US", "- through - / - or - / -, -, and -"), ("de-DE", "- bis - / - oder - / -, - und -")],
)
def test_several_references_are_joined_in_the_language(sandbox: Sandbox, language: str, said: str) -> None:
    source = "{{ refs('a', 'b', join='through') }} / {{ refs('a', 'b', join='or') }} / {{ refs('a', 'b', 'c') }}"
    made = sandbox.render(Subject(DATA, language, SHAPE, "shape"), [TemplateJob("clause", source)], (), ["a", "b", "c"])
    sheet = made.sheets["clause"]
    assert re.sub(f"{OPEN}[0-9]+{CLOSE}", "-", sheet.text) == said
    assert [piece.text for piece in sheet.pieces] == ["first", "last"] * 2 + ["first", "number", "last"]


def test_a_problem_knows_its_line_and_column_and_none_hides_another(sandbox: Sandbox) -> None:
    source = "one\n{{ term('Nobody') }}\n\n  {{ ref('gone') }} {{ optional.inner }}\n{{ x.y }}\n"
    found = [
        (problem.rule, problem.line, problem.column) for problem in render(sandbox, source).sheets["clause"].problems
    ]
    assert found == [
        ("core/term-undefined", 2, 10),
        ("core/ref-unknown", 4, 11),
        ("core/value-missing", 4, 3),
        ("core/template-name", 5, 1),
    ]


def test_every_route_to_text_mints_a_placeholder(sandbox: Sandbox) -> None:
    for source in (
        "{{ value }}",
        "{{ value ~ '' }}",
        "{{ '' ~ value ~ value }}",
        "{{ [value]|and_list }}",
        "{{ [value, [value]|or_list]|and_list }}",
        "{% set x %}{{ value }}{% endset %}{{ x }}",
        "{% macro m(p) %}{{ p }}{% endmacro %}{{ m(value) ~ m(value) }}",
        "{% call(x) m(1) %}{{ value }}{% endcall %}{% macro m(p) %}{{ caller(p) }}{% endmacro %}",
        "{% for x in [value] %}{{ x|sentence }}{% endfor %}",
        "{{ value if flag else 'no' }}",
        "{{ value or 'no' }}",
        "{{ optional.inner|default(value) }}",
        "{{ parties|pluck('short_name')|and_list|sentence }}",
    ):
        text = render(sandbox, source).sheets["clause"].text
        assert "script" not in text, source


def test_the_terms_of_definitions_are_followed(sandbox: Sandbox) -> None:
    rendering = render(sandbox, "{{ term('Parties') }} {{ term('Own Term') }}")
    assert rendering.terms == ("party", "own", "agreement")
    assert set(rendering.sheets) == {"clause", "term:party", "term:agreement"}


def test_pieces_keep_their_place(sandbox: Sandbox) -> None:
    sheet = render(sandbox, "{{ parties|pluck('key')|and_list }}{{ ref('purpose', 'x') }}{{ label('here') }}").sheets[
        "clause"
    ]
    assert [(piece.kind, piece.pointer or piece.target) for piece in sheet.pieces] == [
        ("data", "/parties/0/key"),
        ("data", "/parties/1/key"),
        ("data", "/parties/2/key"),
        ("reference", "purpose"),
        ("label", "here"),
    ]


LOOP = "{% for a in '" + "a" * 3000 + "' %}" * 1 + ("{% for b in '" + "b" * 3000 + "' %}") * 3 + "{% endfor %}" * 4


def test_a_clause_that_loops_for_ever_is_ended_and_not_run_again() -> None:
    with Sandbox(time_limit=1.0) as sandbox:
        begun = time.monotonic()
        first = render(sandbox, LOOP).sheets["clause"].problems
        assert [problem.rule for problem in first] == ["core/template-time"]
        again = time.monotonic()
        assert render(sandbox, LOOP).sheets["clause"].problems == first
        assert time.monotonic() - again < again - begun
        assert render(sandbox, "{{ day }}").sheets["clause"].pieces == (Filling("data", "2026-03-01", "/day"),)


def test_a_child_that_is_killed_is_a_finding_and_the_next_clause_is_rendered() -> None:
    with Sandbox() as sandbox:
        render(sandbox, "{{ day }}")
        child = sandbox._child
        assert child is not None
        threading.Timer(0.3, child.running.process.kill).start()
        assert [problem.rule for problem in render(sandbox, LOOP).sheets["clause"].problems] == ["core/template-crash"]
        assert render(sandbox, "{{ day }}").sheets["clause"].pieces == (Filling("data", "2026-03-01", "/day"),)


def test_conditions_are_told_and_their_faults_found() -> None:
    with Sandbox(time_limit=1.0) as sandbox:
        subject = Subject(DATA, "en-US", SHAPE, "shape")
        values, sheets = sandbox.conditions(
            subject,
            [
                TemplateJob("yes", "parties|length > 2"),
                TemplateJob("no", "this.inner", "/optional"),
                TemplateJob("typo", "optionel"),
                TemplateJob("syntax", "a b"),
                TemplateJob("loop", "true %}" + LOOP + "{% endif %}{% if true"),
            ],
        )
        assert values == {"yes": True, "no": False, "typo": False, "syntax": False, "loop": False}
        assert {name: [problem.rule for problem in found.problems] for name, found in sheets.items()} == {
            "yes": [],
            "no": [],
            "typo": ["core/template-name"],
            "syntax": ["core/template-syntax"],
            "loop": ["core/template-time"],
        }


def test_a_sandbox_can_be_closed_twice_and_starts_again() -> None:
    sandbox = Sandbox()
    sandbox.close()
    sandbox.close()
    assert filled(sandbox, "{{ day }}") == "2026-03-01"
    sandbox.close()


class Notes:
    """A ledger that remembers what it was told."""

    def __init__(self) -> None:
        self.pieces: list[Any] = []
        self.problems: list[str] = []

    def mint(self, piece: Any) -> str:
        self.pieces.append(piece)
        return f"{OPEN}{len(self.pieces) - 1}{CLOSE}"

    def silent(self, pointer: str) -> None:
        """Ask nothing."""

    def problem(self, rule: str, message: str, *, hint: str = "", pointer: str = "", needle: str = "") -> None:
        self.problems.append(rule)


@given(st.text(min_size=1))
def test_no_text_conversion_gives_a_value_away(text: str) -> None:
    notes = Notes()
    value = wrap("!" + text, "/x", {}, notes)
    assert isinstance(value, Value)
    for made in (
        str(value),
        f"{value}",
        f"{value!r}",
        f"{value:>100}",
        value.__html__(),
        "".join(map(str, [value])),
    ):
        assert made.startswith(OPEN)
        assert made.endswith(CLOSE)
        assert made[1:-1].isdecimal()


@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 40))
def test_durations_are_spoken(days: int, months: int, years: int) -> None:
    text = f"P{years}Y{months}M{days}D"
    notes = Notes()
    spoken = Filters("en-US").duration(wrap(text, "/x", {}, notes))
    assert isinstance(spoken, Value)
    for count, unit in ((years, "year"), (months, "month"), (days, "day")):
        assert f"{count}\u00a0{unit}{'' if count == 1 else 's'}" in spoken.text


@given(st.integers(0, 10**15 - 1), st.sampled_from(["USD", "EUR", "JPY", "KWD"]))
def test_money_keeps_every_digit(amount: int, currency: str) -> None:
    money = Filters("en-US").money(wrap({"amount": f"{amount}.25", "currency": currency}, "/fee", {}, Notes()))
    assert isinstance(money, Value)
    assert money.text.replace(",", "").replace("\u00a0", " ").startswith(f"{currency} {amount}.25")


def test_data_compares_by_content() -> None:
    notes = Notes()
    one, other, seven = (wrap(each, "/x", {}, notes) for each in ("a", "a", 7))
    assert one == other == "a"
    assert hash(one) == hash("a")
    assert seven > 6
    assert seven >= 7
    assert seven <= 7
    assert seven < 8
    items = wrap(["a", "b"], "/xs", {}, notes)
    assert isinstance(items, Items)
    assert "a" in items
    absent = Absent(notes, "/gone")
    assert absent == Absent(notes, "/elsewhere")
    assert not absent < 1
    assert len(absent) == 0
    assert isinstance(items.items[0], Node)
    assert notes.problems == []


def test_filters_say_what_they_take() -> None:
    with pytest.raises(FilterError, match="amount of money"):
        Filters("en-US").money("5")


@pytest.mark.parametrize(
    ("source", "message", "hint"),
    [
        ("{{ name|mony }}", "there is no filter `mony`", "did you mean `money`?"),
        ("{{ name|zzz }}", "there is no filter `zzz`", "see templates/README.md"),
        ("{% if name %}a", "a `{% if … %}` is never closed", "write `{% endif %}` where it ends"),
        ("{% for a in b %}a", "a `{% for … %}` is never closed", "write `{% endfor %}` where it ends"),
    ],
)
def test_slips_are_told_in_a_clause_author_s_words(sandbox: Sandbox, source: str, message: str, hint: str) -> None:
    (problem,) = render(sandbox, source, {"name": "A", "b": []}).sheets["clause"].problems
    assert (problem.message, problem.hint) == (message, hint)
