"""The cells of a sheet of facts: each says one thing, or is refused with the way to say it."""

from __future__ import annotations

from typing import Any

import pytest

from clausebook.formats.csv_sheet import CsvRow
from clausebook.lifecycle.fact_sheet import Reading, duty_of, facts_of

TODAY = "2026-11-28"


def read(cells: dict[str, str], **more: Any) -> tuple[list[tuple[str, str, int]], list[str]]:
    """Return the facts of a row, and what is wrong with it."""
    row, findings = facts_of(CsvRow(7, cells), Reading(TODAY, "Ada Quill", TODAY, **more), "facts.csv")
    assert all(each.line == 7 for each in findings)
    return [(each.fact, each.value + each.currency, each.page) for each in row.facts], [
        f"{each.message}: {each.hint}" for each in findings
    ]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2027-03-04", "2027-03-04"),
        ("2027/3/4", "2027-03-04"),
        ("2027-03-04 00:00:00", "2027-03-04"),
        ("4 March 2027", "2027-03-04"),
        ("4th of March, 2027", "2027-03-04"),
        ("Mar 4, 2027", "2027-03-04"),
        ("4-Mar-2027", "2027-03-04"),
        ("September 30, 2027", "2027-09-30"),
        ("30 Sept. 2027", "2027-09-30"),
        ("20/06/2027", "2027-06-20"),
        ("06/20/2027", "2027-06-20"),
        ("20.06.2027", "2027-06-20"),
        ("05/05/2027", "2027-05-05"),
        ("29.02.2028", "2028-02-29"),
    ],
)
def test_a_date_is_read(cell: str, day: str) -> None:
    assert read({"end": cell}) == ([("end", day, 0)], [])


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("03/04/2027", "either of two months: write it as 2027-03-04, or say --dates"),
        ("03.04.2027", "either of two months"),
        ("20/06/27", "no date that is known"),
        ("46450", "no date that is known"),
        ("31.02.2027", "no day of the calendar"),
        ("20/20/2027", "no day of the calendar"),
        ("4 Marx 2027", "no date that is known"),
        ("1492-10-12", "no day of the calendar"),
        ("next year", "no date that is known"),
        ("=TODAY()", "no date that is known"),
    ],
)
def test_a_date_that_is_none_or_two_is_refused(cell: str, said: str) -> None:
    facts, problems = read({"end": cell})
    assert facts == []
    assert len(problems) == 1
    assert said in problems[0]


def test_a_sheet_may_say_in_which_order_its_dates_are() -> None:
    assert read({"end": "03/04/2027"}, dates="day-first")[0] == [("end", "2027-04-03", 0)]
    assert read({"end": "03/04/2027"}, dates="month-first")[0] == [("end", "2027-03-04", 0)]
    assert read({"end": "20/06/2027"}, dates="month-first")[0] == []


@pytest.mark.parametrize(
    ("cell", "decimal", "amount"),
    [
        ("1250000", "", "1250000"),
        ("1,250,000.00", "", "1250000.00"),
        ("1.250.000,00", "", "1250000.00"),
        ("1.250.000", "", "1250000"),
        ("1'250'000.50", "", "1250000.50"),
        ("1 250 000,5", "", "1250000.5"),
        ("12,50", "", "12.50"),
        ("0.500", "", "0.500"),
        ("$1,250.00", "", "1250.00"),
        ("1.250", "comma", "1250"),
        ("1.250", "point", "1.250"),
        ("1,250", "point", "1250"),
    ],
)
def test_an_amount_is_read(cell: str, decimal: Any, amount: str) -> None:
    facts = [("value", f"{amount}USD", 2)]
    assert read({"value": cell, "currency": "usd", "value page": "p. 2"}, decimal=decimal) == (facts, [])
    assert read({"value": f"{cell} USD", "value page": "2"}, decimal=decimal) == (facts, [])


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"value": "1.250", "currency": "EUR"}, "write 1250, or 1.2500; or say --decimal"),
        ({"value": "1,250", "currency": "EUR"}, "--decimal comma or --decimal point"),
        ({"value": "1.25E+06", "currency": "EUR"}, "no amount"),
        ({"value": "-5", "currency": "EUR"}, "no amount"),
        ({"value": "1.25.00", "currency": "EUR"}, "no amount"),
        ({"value": "1,2500,00.0", "currency": "EUR"}, "no amount"),
        ({"value": "9" * 20, "currency": "EUR"}, "anybody pays"),
        ({"value": "5"}, "currency: the value has none"),
        ({"value": "5 USD", "currency": "EUR"}, "the value is in USD, and the currency EUR"),
        ({"value": "5", "currency": "dollars"}, "is no code"),
        ({"currency": "EUR"}, "without a value"),
        ({"title": "Lease", "title page": "three"}, "is no page"),
        ({"title": "Lease", "title page": "2001"}, "is no page"),
        ({"parties": ";".join(map(str, range(101)))}, "name at most 100"),
        ({"title": "Lease", "owner": "X", "owner email": "x@localhost"}, "no address of an owner"),
        ({"title": "Lease", "end page": "3"}, "nothing asserted from it"),
        ({"title": "Le\u202ease"}, "nobody can see"),
        ({"notice": "soon"}, "no length of time"),
        ({"notice": "10 business days"}, "no length of time"),
        ({"title": "Lease", "asserted on": "2026-11-29"}, "still to come"),
        ({"title": "Lease", "owner email": "x@y.example"}, "no address of an owner"),
    ],
)
def test_what_cannot_be_taken_is_refused(cells: dict[str, str], said: str) -> None:
    problems = read(cells)[1]
    assert any(said in each for each in problems), problems


def test_parties_lengths_and_words_are_read() -> None:
    cells = {"parties": "Heron Ltd; Marsh\nLane; Heron Ltd", "parties page": "1", "notice": "90 days' notice"}
    cells |= {"title": "=HYPERLINK(1)", "law": "New York"}
    assert read(cells) == (
        [
            ("title", "=HYPERLINK(1)", 0),
            ("party", "Heron Ltd", 1),
            ("party", "Marsh", 1),
            ("party", "Lane", 1),
            ("notice", "P90D", 0),
            ("law", "New York", 0),
        ],
        [],
    )


def test_somebody_asserts_it() -> None:
    _, findings = facts_of(CsvRow(2, {"title": "Lease"}), Reading(TODAY), "facts.csv")
    assert [each.message for each in findings] == ["the row does not say who asserts it"]


def test_a_duty_is_read() -> None:
    cells = {"what": "deliver the report", "party": "Heron", "due": "2027-01-31", "every": "Quarterly", "page": "5"}
    duty, findings = duty_of(CsvRow(2, cells), Reading(TODAY, "Ada Quill", TODAY), "duties.csv")
    assert (duty.what, duty.party, duty.due, duty.every, duty.page) == (
        "deliver the report",
        "Heron",
        "2027-01-31",
        "quarterly",
        5,
    )
    assert not findings
    for wrong in ({"every": "now and then", "what": "x"}, {"due": "Friday", "what": "x"}, {"party": "Heron"}):
        assert duty_of(CsvRow(2, wrong), Reading(TODAY, "Ada Quill", TODAY), "duties.csv")[1]
