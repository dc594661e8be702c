"""The pages of partnerships: a method that is data alone, what is answered, what lacks, the board and the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from clausebook.facts.metrics.agreement_metrics import AgreementMetrics
from clausebook.facts.metrics.gates import WatchedGate, gates_in
from clausebook.facts.spark.equity import Contribution, Equity, PartyEquity
from clausebook.facts.spark.method import Method, MethodStep, Point
from clausebook.facts.spark.partnerships import Partnership, of_agreement
from clausebook.records.opportunities import Opportunity
from clausebook.site.audience_content import seen_by
from clausebook.site.page import SitePage
from clausebook.site.page_tree import page_tree
from clausebook.site.site_content import SiteContent
from clausebook.site.spark.method_content import MethodContent
from clausebook.site.spark.partnership_page import partnership_pages
from clausebook.validate.schemas import Schemas
from tests.support.html_reader import Element, read_html
from tests.support.site_content import agreement

METHOD = Method(
    name="SAIL",
    steps=(
        MethodStep("look", "Look out", "See who is at sea."),
        MethodStep("moor", "Moor", "Tie up beside each other.", of_agreements=True),
    ),
    ratings={"strong": 2, "weak": 1},
    weights={"wind": 3, "hull": 1},
    points=(
        Point("seen", "Seen", "strategy", "look", "Somebody saw it.", ("/look/crew/*/who",)),
        Point(
            "signed", "Signed", "challenge", "moor", "It is signed.", ("/deal/signatures", "/moor/ropes|/moor/chain")
        ),
    ),
)
RATED = {
    "oneOf": [{"type": "string"}, {"type": "object", "properties": {"rating": {"title": "R"}, "words": {"title": "W"}}}]
}
LOOK = {
    "properties": {
        "wind": {"title": "Wind", **RATED},
        "hull": {"title": "Hull", **RATED},
        "industry": {"title": "Industry"},
        "crew": {
            "title": "Crew",
            "type": "array",
            "items": {"properties": {"who": {"title": "Sailor"}, "stance": {"title": "Stance", "x-internal": True}}},
        },
    }
}
MOOR = {
    "properties": {
        "ropes": {"title": "Ropes"},
        "chain": {"title": "Anchor chain"},
        "tale": {
            "title": "Tale",
            "x-look": "before-after",
            "properties": {"before": {"title": "At first"}, "after": {"title": "At last"}},
        },
    }
}


def schemas(name: str, root: Mapping[str, Any]) -> Schemas:
    return Schemas("schemas", name, root, {}, ())


def content(*opportunities: Opportunity, **landscape: Any) -> MethodContent:
    known = {"look": (schemas("spark-look.schema.json", LOOK),), "moor": (schemas("spark-moor.schema.json", MOOR),)}
    return MethodContent(METHOD, known, opportunities, landscape)


def opportunity(name: str, organisation: str = "Gull & Co", **data: Any) -> Opportunity:
    return Opportunity(name, name.title(), organisation, data=data)


def pages(*opportunities: Opportunity, **landscape: Any) -> dict[str, SitePage]:
    return {page.path: page for page in page_tree(SiteContent((), (), method=content(*opportunities, **landscape)))}


def body(page: SitePage) -> Element:
    return read_html(page.body)


def of_an_agreement(**steps: Any) -> dict[str, SitePage]:
    one = agreement(1)
    deal = {**one.data, "signatures": [{"name": "Ada"}]}
    told = of_agreement(METHOD, one.document.id, one.document.title, "Harborview, Northwind", deal, steps)
    site = SiteContent((replace(one, partnership=told),), (), method=content())
    return {page.path: page for page in page_tree(site)}


def only_page(told: Partnership, **more: Any) -> Element:
    (page,) = partnership_pages(content(), told, "agreements/sample-1/spark/index.html", [], **more)
    return body(page)


def points(page: SitePage) -> dict[str, str]:
    lists = body(page).all("ul", class_="cb-points")
    return {item.all("strong")[0].text().strip(): item.text().strip() for each in lists for item in each.all("li")}


SIDES = {
    "properties": {
        "goals": {
            "title": "Goals",
            "type": "array",
            "items": {"properties": {"ours": {"title": "Ours"}, "theirs": {"title": "Theirs"}}},
        }
    }
}


@pytest.mark.parametrize(
    ("deal", "landscape", "heads"),
    [
        ({}, {"organisation": "Heron Club"}, ["Heron Club", "Gull & Co"]),
        ({}, {}, ["Ours", "Gull & Co"]),
        ({"parties": [("Marsh, Inc.", "Marsh"), ("Gull & Co", "Gull")]}, {}, ["Marsh", "Gull"]),
        (
            {"parties": [("Gull & Co", "Gull"), ("Heron Club", "Heron"), ("Rail, Inc.", "Rail"), ("Tern", "Tern")]},
            {"organisation": "Heron Club"},
            ["Heron", "Gull, Rail, and Tern"],
        ),
    ],
)
def test_what_is_ours_and_theirs_stands_under_the_names_of_the_parties(
    deal: dict[str, Any], landscape: dict[str, Any], heads: list[str]
) -> None:
    parties = [{"legal_name": name, "short_name": short} for name, short in deal.get("parties", ())]
    steps = {"look": {"goals": [{"ours": "more boats", "theirs": "more birds"}]}}
    one = Partnership("one", "One", "Gull & Co", steps, {"parties": parties} if parties else {})
    known = MethodContent(METHOD, {"look": (schemas("spark-look.schema.json", SIDES),)}, (), landscape)
    page, *_ = partnership_pages(known, one, "a/index.html", [])
    (table,) = [each for each in body(page).all("table") if "more boats" in each.text()]
    assert [each.text().strip() for each in table.all("th")] == heads
    assert any("Gull" in text for each in page.search for text in each.passages)


def test_another_method_needs_no_python() -> None:
    page = pages(opportunity("gull", look={"industry": "Fishing", "crew": [{"who": "Ada"}]}))[
        "pipeline/gull/index.html"
    ]
    said = body(page).text()
    for words in ("SAIL", "Look out", "See who is at sea.", "Moor", "Industry", "Fishing", "Sailor", "Ada"):
        assert words in said
    assert page.title == "Gull: SAIL"


def test_what_is_answered_and_what_lacks_is_told_in_the_schemas_words() -> None:
    found = points(pages(opportunity("gull", look={"crew": [{"who": "Ada"}]}))["pipeline/gull/index.html"])
    assert found["Seen"].startswith("Answered:")
    assert found["Signed"].startswith("Lacking:")
    assert "Not told yet: Agreement: /signatures; Moor: Ropes or Moor: Anchor chain." in found["Signed"]


def test_one_steps_data_change_what_another_steps_point_says() -> None:
    path = "agreements/sample-1/spark/index.html"
    before = points(of_an_agreement(look={"industry": "Fishing"})[path])["Signed"]
    after = points(of_an_agreement(look={"industry": "Fishing"}, moor={"chain": "of iron"})[path])["Signed"]
    assert "Ropes or Moor: Anchor chain" in before
    assert after.startswith("Answered:")


def test_an_agreement_leads_to_its_partnership_if_anything_is_told_of_it() -> None:
    there = of_an_agreement(look={"industry": "Fishing"})
    links = {a.attributes["href"] for a in body(there["agreements/sample-1/index.html"]).all("a")}
    assert "../../agreements/sample-1/spark/" in links
    back = {a.attributes["href"] for a in body(there["agreements/sample-1/spark/index.html"]).all("a")}
    assert "../../../agreements/sample-1/" in back
    silent = {page.path for page in page_tree(SiteContent((agreement(1),), (), method=content()))}
    assert "agreements/sample-1/spark/index.html" not in silent


def test_only_lawyers_are_told_a_stance() -> None:
    crew = [{"who": "Ada", "stance": "PLANTED"}]
    one = agreement(1)
    told = of_agreement(METHOD, one.document.id, one.document.title, "Northwind", one.data, {"look": {"crew": crew}})
    known = content(opportunity("gull", look={"crew": crew}))
    site = SiteContent((replace(one, partnership=told),), (), method=known)
    legal = {page.path for page in page_tree(site) if "PLANTED" in repr(page)}
    assert legal == {"pipeline/gull/index.html", "agreements/sample-1/spark/index.html"}
    assert "PLANTED" not in repr(page_tree(seen_by(site, "business")))


def test_what_the_schemas_call_internal_is_for_lawyers_wherever_it_would_stand() -> None:
    inside = {"x-internal": True}
    look = {**LOOK["properties"], "wind": {**LOOK["properties"]["wind"], **inside}, "industry": inside}
    moor = {**MOOR["properties"], "tale": {**MOOR["properties"]["tale"], **inside}}
    said = {"wind": {"rating": "strong", "words": "PLANTED"}, "industry": "PLANTED"}
    tale = {"title": "PLANTED", "before": "PLANTED"}
    one, steps = agreement(1), {"look": said, "moor": {"tale": tale}}
    told = of_agreement(METHOD, one.document.id, one.document.title, "Northwind", one.data, steps)
    known = replace(
        content(opportunity("gull", **steps)),
        schemas={"look": (schemas("look", {"properties": look}),), "moor": (schemas("moor", {"properties": moor}),)},
    )
    site = SiteContent((replace(one, partnership=told),), (), method=known)
    assert {"pipeline/index.html", "pipeline/gull/tale/index.html"} <= {
        page.path for page in page_tree(site) if "PLANTED" in repr(page)
    }
    found = page_tree(seen_by(site, "business"))
    assert "PLANTED" not in repr(found)
    assert "agreements/sample-1/spark/index.html" in {page.path for page in found}


def test_before_and_after_stand_beside_each_other() -> None:
    told = {"tale": {"before": "adrift", "after": "safe"}}
    page = body(pages(opportunity("gull", moor=told))["pipeline/gull/index.html"])
    (after,) = page.all("div", class_="cb-story-after")
    assert [each.text().strip() for each in after.all("p")] == ["At last", "safe"]


def test_a_story_has_a_page_of_its_own_to_which_the_pipeline_leads() -> None:
    found = pages(opportunity("gull", moor={"tale": {"before": "adrift", "after": "safe"}}))
    own = found["pipeline/gull/tale/index.html"]
    assert (own.title, "adrift" in body(own).text(), "safe" in body(own).text()) == ("Tale", True, True)
    assert own.search[0].passages == ("adrift", "safe")
    for path, link in (
        ("pipeline/index.html", "../pipeline/gull/tale/"),
        ("pipeline/gull/index.html", "../../pipeline/gull/tale/"),
    ):
        assert link in {a.attributes["href"] for a in body(found[path]).all("a")}
    assert "pipeline/gull/tale/index.html" not in pages(opportunity("gull", moor={"ropes": "two"}))


def test_the_matrix_ranks_by_the_weights_and_shows_words_and_reckoning() -> None:
    found = pages(
        opportunity("gull", "Gull", look={"wind": "weak", "hull": {"rating": "strong", "words": "of oak"}}),
        opportunity("tern", "Tern", look={"wind": "strong", "hull": "weak", "industry": "Fishing"}),
        opportunity("rook", "Rook", look={"industry": "Chess"}),
    )
    page = found["pipeline/index.html"]
    rows = [[cell.text().strip() for cell in row.all("td")] for row in body(page).all("tr") if row.all("td")]
    assert [row[0].split() for row in rows] == [["Tern", "Fishing"], ["Gull"]]
    assert [row[-1].split() for row in rows] == [
        ["88", "(3", "×", "2", "+", "1", "×", "1)", "of", "8"],
        ["62", "(3", "×", "1", "+", "1", "×", "2)", "of", "8"],
    ]
    assert "of oak" in rows[1][2]
    sheet = page.files["matrix.csv"].decode("utf-8-sig").splitlines()
    assert len(sheet) == 3
    assert "Tern" in sheet[1]


def test_the_board_has_each_partnership_at_its_step_and_none_that_is_closed() -> None:
    found = pages(
        opportunity("gull", look={"industry": "Fishing"}),
        opportunity("tern", look={"industry": "Fishing"}, moor={"ropes": "two"}),
        opportunity("rook", look={"industry": "Chess"}, closed={"on": "2026-03-01", "why": "lost"}),
    )
    lanes = body(found["pipeline/index.html"]).all("li", class_="cb-lane")
    assert [[a.text() for a in lane.all("a")] for lane in lanes] == [["Gull"], ["Tern"]]
    assert "Rook" in body(found["pipeline/index.html"]).text()
    assert "March 1, 2026: not pursued any more. lost" in body(found["pipeline/rook/index.html"]).text()
    home = body(found["index.html"]).all("li", class_="cb-lane")
    assert [[a.text() for a in lane.all("a")] for lane in home] == [["Gull"], ["Tern"]]


def test_the_map_and_trends_are_those_of_the_house() -> None:
    found = pages(
        opportunity("gull", look={"industry": "Fishing"}),
        organisation="Harbor",
        strengths=["ships"],
        weaknesses=[{"weakness": "no nets", "made_good_by": ["Fishing"]}],
        industries=[{"name": "Fishing", "brings": ["nets"], "examples": ["Kelp Ltd"]}],
        trends=[
            {"on": "2026-01-02", "trend": "older", "source": "a port"},
            {"on": "2026-05-02", "trend": "newer", "source": "a port", "industries": ["Fishing"]},
        ],
    )
    page = body(found["pipeline/index.html"])
    (card,) = page.all("li", class_="cb-card cb-industry")
    assert ("nets" in card.text(), "Kelp Ltd" in card.text(), [a.text() for a in card.all("a")]) == (
        True,
        True,
        ["Gull"],
    )
    assert [row.all("td")[1].text().strip() for row in page.all("tr") if row.all("td")] == ["newer", "older"]
    assert "no nets" in page.text()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "x" * 300])
def test_names_are_inert_and_may_be_long(name: str) -> None:
    found = pages(opportunity("gull", name, look={"wind": "strong", "industry": name}))
    for path in ("pipeline/index.html", "pipeline/gull/index.html"):
        assert not body(found[path]).all("script")
        assert name in body(found[path]).text()


def test_without_a_method_there_is_a_page_that_says_so() -> None:
    found = {page.path: page for page in page_tree(SiteContent((), ()))}
    assert "There is no method yet" in found["pipeline/index.html"].body
    assert "Pipeline</h2>" not in found["index.html"].body


def test_equity_is_a_table_and_a_picture_with_the_least_share() -> None:
    given = Contribution("boats", "financial", ("gull",), (), "USD 300", Decimal(300))
    parties = (
        PartyEquity("gull", "Gull & Co", Decimal(300), Decimal(0), Decimal(75), 0, "enough", "300 of 400 is 75.0%"),
        PartyEquity("tern", "Tern", Decimal(100), Decimal(9), Decimal(25), 2, "open", "100 of 400 is 25.0%"),
    )
    equity = Equity((given,), parties, "USD", Decimal("30.0"))
    told = of_agreement(METHOD, "sample-1", "Sample", "Gull", {"signatures": [1]}, {"moor": {"ropes": "two"}})
    page = only_page(told, equity=equity)
    pictures = page.all("svg")
    assert [each.attributes["aria-label"] for each in pictures] == [
        "75.0% of what all give; the least share is 30.0%",
        "25.0% of what all give; the least share is 30.0%",
    ]
    assert [each.all("rect", class_="cb-share-given")[0].attributes["width"] for each in pictures] == ["75.0", "25.0"]
    rows = [row.text() for row in page.all("tr") if row.all("svg")]
    assert "Enough" in rows[0]
    assert all(words in rows[1] for words in ("Open", "and 2 things without an amount", "100 of 400 is 25.0%"))
    assert any("boats" in row.text() and "Gull & Co" in row.text() for row in page.all("tr"))


def test_a_steps_gates_are_open_or_shut_by_what_was_measured() -> None:
    steps = {"moor": {"ropes": "two", "plan": [{"step": "a second pier", "gate": {"metric": "Knots", "at_least": 9}}]}}
    told = of_agreement(METHOD, "sample-1", "Sample", "Gull", {"signatures": [1]}, steps)
    (gate,) = gates_in(steps)
    elsewhere = replace(gate, metric="Miles")
    seen = (WatchedGate(gate, "shut", "5 of 9"), WatchedGate(elsewhere, "open", "not planned in a step"))
    watched = AgreementMetrics("sample-1", "Sample", True, "2026-03-01", (), seen)
    page = only_page(told, watched=watched)
    rows = [[cell.text().strip() for cell in row.all("td")] for row in page.all("tr") if row.all("td")]
    assert rows == [["a second pier", "Knots", "Shut", "5 of 9"]]
    assert "../../../agreements/sample-1/#page_metrics" in {a.attributes["href"] for a in page.all("a")}
