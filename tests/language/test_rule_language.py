"""What only rules can ask of a deal: sets, places in a list, words of a text, whole numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clausebook.language.dialects import REPORTS, RULES
from clausebook.language.fillings import CLOSE, OPEN
from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import Sheet, Subject, TemplateJob

DATA = {
    "steps": [{"kind": "talks"}, {"kind": "mediation"}, {"kind": "court"}],
    "mine": ["a", "b"],
    "yours": ["b", "c"],
    "seat": "Kansas City, Missouri",
    "city": "kansas city",
    "sum": "1250.5",
    "off": False,
    "by_name": {"a": {"word": "alder"}},
}
SHAPE = {
    "p": {
        "steps": {"i": {"p": {"kind": {}}}},
        "mine": {},
        "yours": {},
        "seat": {},
        "city": {},
        "sum": {},
        "gone": {},
        "off": {},
        "by_name": {"p": {"a": {"p": {"word": {}}}}},
    }
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def given(sandbox: Sandbox, expression: str) -> Sheet:
    """Return the sheet of a template that prints what an expression of a rule gives."""
    job = TemplateJob("rule:try", f"{{{{ {expression} }}}}", dialect=RULES)
    return sandbox.render(Subject(DATA, "en-US", SHAPE, "test/rules"), [job], (), []).sheets["rule:try"]


def printed(sandbox: Sandbox, expression: str) -> str:
    sheet = given(sandbox, expression)
    assert not sheet.problems
    text = sheet.text
    for index, piece in enumerate(sheet.pieces):
        text = text.replace(f"{OPEN}{index}{CLOSE}", piece.text)
    return text


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("mine|also(yours)|and_list", "a, b, b, and c"),
        ("mine|also(yours)|unique|and_list", "a, b, and c"),
        ("gone|also(mine)|and_list", "a and b"),
        ("mine|also(gone)|length", "2"),
        ("steps|position('kind', 'mediation')", "2"),
        ("'never' if steps|position('kind', 'expert') < 9 else 'not there'", "not there"),
        ("'late' if steps|position('kind', 'court') > steps|position('kind', 'talks') else 'early'", "late"),
        ("seat|mentions(['Missouri', 'Kansas', 'Ohio', 'Miss'])|and_list", "Missouri and Kansas"),
        ("gone|mentions(['Ohio'])|length", "0"),
        ("'yes' if seat|says(city) else 'no'", "yes"),
        ("'yes' if seat|says('kansas cit') else 'no'", "no"),
        ("'yes' if seat|says(gone) else 'no'", "no"),
        ("sum|rounded", "1251"),
        ("'within 20 days after 3 months'|first_duration", "P20D"),
        ("'within 6 months after it ends'|first_duration", "P6M"),
        ("'yes' if 'within 1.5 days, or 2 Business Days'|first_duration else 'no'", "no"),
        ("'yes' if gone|first_duration else 'no'", "no"),
        ("by_name[mine|first].word", "alder"),
        ("'there' if by_name[yours|last] else 'absent'", "absent"),
        ("(sum - 1)|rounded|money('USD')", "USD\u00a01,250"),
    ],
)
def test_what_an_expression_gives(sandbox: Sandbox, expression: str, wanted: str) -> None:
    assert printed(sandbox, expression) == wanted


@pytest.mark.parametrize(
    "expression", ["seat|mentions('Ohio')", "seat|rounded", "seat|also(mine)", "seat|position('kind', 'x')"]
)
def test_what_a_filter_does_not_take(sandbox: Sandbox, expression: str) -> None:
    [problem] = given(sandbox, expression).problems
    assert problem.rule == "core/template-filter"


def test_a_fault_stands_at_a_value_that_is_false(sandbox: Sandbox) -> None:
    pieces = given(sandbox, "fault(off, mine) if more() else none").pieces
    assert [each.pointer for each in pieces if each.kind == "fault"] == ["/off"]


def test_a_computed_number_is_grouped_as_one_of_the_data_is(sandbox: Sandbox) -> None:
    assert printed(sandbox, "(sum * 4)|number") == "5,002"
    assert printed(sandbox, "sum|number") == "1,250.5"
    assert printed(sandbox, "1234567|number") == "1,234,567"


def test_money_of_a_value_stays_a_value(sandbox: Sandbox) -> None:
    for expression in ("sum|money(seat)", "(sum * 2)|money(seat)", "sum|money('USD')"):
        sheet = given(sandbox, expression)
        assert [piece.kind for piece in sheet.pieces] == ["data"], expression
        assert sheet.text == f"{OPEN}0{CLOSE}"
    assert given(sandbox, "2500|money('USD')").text == "USD\u00a02,500"


def test_a_place_can_be_an_item_of_a_list(sandbox: Sandbox) -> None:
    job = TemplateJob("try", "{{ this.kind }}", item="/steps/1", dialect=REPORTS)
    sheet = sandbox.render(Subject(DATA, "en-US", SHAPE, "test/rules"), [job], (), []).sheets["try"]
    assert [(piece.text, piece.pointer) for piece in sheet.pieces] == [("mediation", "/steps/1/kind")]
