"""The overview for executives, and the portfolio in charts: value, results, risks and decisions of all agreements."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from clausebook.facts.asked_facts import Fact
from clausebook.facts.duties.model import KeyDate
from clausebook.facts.glance import Glance
from clausebook.findings.model import Finding
from clausebook.records.journal import Person
from clausebook.site.charts import Bar, bar_chart
from clausebook.site.executives_page import executives_page
from clausebook.site.portfolio_charts import MOST_BARS, currencies, portfolio_figures, value_figures
from clausebook.site.site_entry import Awaited, MetricEntry, Organisation, SiteEntry, SiteLists
from tests.support.html_reader import Element, read_html

HOSTILE = '<script>alert("1")</script>'


def entry(number: int, sum_of: str = "", **told: object) -> SiteEntry:
    """Return an agreement with two partners, Marsh in rowing and one of a name that means harm, worth a sum."""
    value = Fact("hire", "Hire", "money", sum_of, sum_of, "1.1", "") if sum_of else None
    glance = told.pop("glance", Glance())
    assert isinstance(glance, Glance)
    return replace(
        SiteEntry(
            f"deal-{number}",
            f"Deal {number}",
            status="draft",
            organisations=(
                Organisation("we", "Heron Club", "Heron", industry="Sport"),
                Organisation("a", "Marsh, Inc.", "Marsh", industry="Rowing", partner=True),
                Organisation("b", HOSTILE, HOSTILE, industry="Rowing", partner=True),
            ),
            glance=replace(glance, value=value),
        ),
        **told,
    )


def test_a_bar_of_any_length_can_be_drawn() -> None:
    assert "<rect" in bar_chart("a", "T", "D", [Bar("x", Decimal("9" * 400), "much"), Bar("y", Decimal(1), "one")])


def said(element: Element) -> str:
    return " ".join(element.text().split())


def rows(entries: tuple[SiteEntry, ...], caption: str, **told: object) -> list[list[str]]:
    """Return the rows of a table of the page, by its caption."""
    page = read_html(executives_page(SiteLists(entries, **told)).body)  # type: ignore[arg-type]
    (found,) = [each for each in page.all("table") if said(each.all("caption")[0]) == caption]
    return [[said(cell) for cell in row.all("td")] for row in found.all("tr")[1:]]


def values(entries: tuple[SiteEntry, ...], part: str) -> dict[str, list[tuple[str, str]]]:
    return {
        currency: [*figure.rows]
        for currency in currencies(entries)
        for figure in value_figures(entries, currency, [part])
    }


def test_what_agreements_are_worth_is_told_by_currency_and_an_agreement_counts_with_each_partner() -> None:
    entries = (entry(1, "USD 900"), entry(2, "USD 1,100.50"), entry(3, "EUR 70"), entry(4))
    assert values(entries, "partner") == {
        "EUR": [(HOSTILE, "EUR 70"), ("Marsh", "EUR 70")],
        "USD": [(HOSTILE, "USD 2,000.50"), ("Marsh", "USD 2,000.50")],
    }
    # Two partners of one industry do not count twice with it.
    assert values(entries, "industry") == {"EUR": [("Rowing", "EUR 70")], "USD": [("Rowing", "USD 2,000.50")]}
    assert values((replace(entries[0], organisations=()),), "industry") == {"USD": [("Not told", "USD 900")]}


def test_the_decisions_wanted_name_the_day_the_matter_and_whose_it_is() -> None:
    notice = KeyDate("notice", "Last day for notice", "2028-12-19", "", (), "3.1")
    owner = Person("Ada Sample")
    signed = entry(1, glance=Glance(notice=notice, signed=True, owner=owner))
    drafted = entry(
        2,
        glance=Glance(notice=notice, owner=owner),
        awaited=(Awaited("General Counsel", "clause", 2), Awaited("Chief Financial Officer", "limit", 1)),
        metrics=(
            MetricEntry("Trips", "open", behind="a second boathouse"),
            MetricEntry("Trips", "shut", behind="a third boathouse"),
        ),
    )
    assert rows((drafted, signed), "Decisions wanted") == [
        ["December 19, 2028", "Renew it, or let it end: last day for notice", "Deal 1", "Ada Sample"],
        ["Now", "2 approvals to give: words that depart from the standard", "Deal 2", "General Counsel"],
        ["Now", "1 approval to give: what goes beyond a limit of ours", "Deal 2", "Chief Financial Officer"],
        ["Now", "Go on, now that the gate is open: a second boathouse", "Deal 2", "Ada Sample"],
    ]
    body = executives_page(SiteLists((signed,))).body
    assert 'data-cb-due="2028-12-19"' in body


def test_results_are_counted_by_state_with_the_worst_first_and_a_miss_says_what_follows() -> None:
    fine = entry(1, metrics=(MetricEntry("Trips", "met", value="9"), MetricEntry("Boats", "no-data")))
    miss = MetricEntry(
        "Trips", "missed", "at least 9", "8", "2028-01-01", "8; 2 results in a row do not reach it", "pay"
    )
    bad = entry(2, glance=Glance(signed=True), metrics=(miss, MetricEntry("Boats", "at-risk", value="1")))
    drafted = entry(4, metrics=(miss,))
    unmeasured = entry(3, metrics=(MetricEntry("Trips", "no-data"),))
    entries = (fine, bad, unmeasured)
    assert rows(entries, "Results against goals") == [
        ["Deal 2", "1", "1", "0", "0", "0"],
        ["Deal 1", "0", "0", "0", "1", "1"],
    ]
    assert rows(entries, "What is missed, and what follows") == [
        ["Deal 2", "Trips at least 9", "8; 2 results in a row do not reach it.", "Pay."]
    ]
    ((*_, follows),) = rows((drafted,), "What is missed, and what follows")
    assert follows == "Not signed, so nothing is owed yet; the draft says: Pay."


def test_the_risks_are_open_liability_errors_departures_and_shut_gates() -> None:
    shut = MetricEntry("Trips", "shut", behind="a third boathouse", reckoning="it opens with 9; 8")
    risky = entry(
        1,
        glance=Glance(risks=("Liability has no limit",)),
        awaited=(Awaited("Counsel", "clause", 1), Awaited("Counsel", "text", 1)),
        metrics=(shut, MetricEntry("Trips", "no-data", behind="a fourth boathouse")),
    )
    wrong = Finding("core/ref-unknown", "no such clause", "agreements/deal-2.yaml")
    assert rows((risky, entry(2)), "Risks", wrong=(wrong, wrong)) == [
        ["Liability", "Liability has no limit.", "Deal 1"],
        ["Cannot be signed", "2 errors to mend first.", "Deal 2"],
        ["Departs from standard", "1 clause in words that nobody has approved. Waits for the Counsel.", "Deal 1"],
        ["Gate shut", "A third boathouse. It opens with 9; 8.", "Deal 1"],
    ]


def test_without_anything_the_page_says_so() -> None:
    text = said(read_html(executives_page(SiteLists()).body))
    for words in ("Nothing waits for a decision", "No agreement has a result yet", "None is known", "what it is worth"):
        assert words in text
    unmeasured = entry(1, metrics=(MetricEntry("Trips", "no-data", behind="a boathouse"),))
    assert "no gate is shut" not in executives_page(SiteLists((unmeasured,))).body, "nothing was measured, so it is"


def test_names_are_inert_in_charts_and_tables() -> None:
    body = executives_page(SiteLists((entry(1, "USD 5"),))).body
    assert "<script" not in body
    assert "&lt;script&gt;" in body


def test_a_bar_is_as_long_as_its_value_and_has_its_words_at_its_end() -> None:
    drawn = bar_chart("a", "Title", "All", [Bar("one", Decimal(30), "thirty"), Bar("one", Decimal(10), "ten")])
    chart = read_html(str(drawn))
    (long, short) = sorted(
        (each for each in chart.all("rect") if each.attributes.get("fill") == "currentColor"),
        key=lambda each: float(each.attributes["y"]),
    )
    assert float(long.attributes["width"]) == 3 * float(short.attributes["width"])
    words = {said(each): each.attributes for each in chart.all("text")}
    assert float(words["thirty"]["x"]) > float(long.attributes["width"])
    assert float(words["thirty"]["y"]) < float(words["ten"]["y"])
    assert [said(each) for each in chart.all("title")] == ["Title"]
    assert "style" not in drawn


def test_a_chart_shows_the_largest_and_its_table_all() -> None:
    every = tuple(
        replace(
            entry(each, f"USD {each + 1}"), organisations=(Organisation("p", f"P{each}", f"P{each}", partner=True),)
        )
        for each in range(MOST_BARS + 3)
    )
    (figure,) = value_figures(every, "USD", ["partner"])
    assert (len(figure.rows), figure.left) == (MOST_BARS + 3, 3)
    assert f"P{MOST_BARS + 2}<" in figure.chart
    assert "P0<" not in figure.chart


def test_home_shows_agreements_by_status_and_by_the_quarter_in_which_they_end() -> None:
    ends = [KeyDate("end", "End", day, "", (), "") for day in ("2029-04-18", "2029-06-30", "2028-12-31", "")]
    entries = [entry(number, glance=Glance(ends=each)) for number, each in enumerate(ends)]
    (status, by_end) = portfolio_figures([*entries, SiteEntry("x", "x", broken=True)])
    assert status.rows == (("Draft", "4"),)
    assert by_end.rows == (("2028, 4th quarter", "1"), ("2029, 2nd quarter", "2"), ("Open", "1"))
    assert portfolio_figures([]) == []
