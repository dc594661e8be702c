"""The lists of many agreements: to narrow, to compare, by organisation and by day; with names that mean harm."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from clausebook.approvals.model import ApprovalStanding, Need
from clausebook.facts.asked_facts import Fact
from clausebook.facts.duties.due_item import DueItem
from clausebook.facts.duties.model import KeyDate
from clausebook.facts.glance import Glance
from clausebook.language.sandbox import Sandbox
from clausebook.reading.pages import read_pages
from clausebook.records.journal import Contact, Person
from clausebook.site.agreement_lists import agreements_page, comparison_page
from clausebook.site.journal_part import next_duty
from clausebook.site.organisation_pages import MOST_SHOWN, organisation_pages
from clausebook.site.organisations import organisations_of
from clausebook.site.page import SitePage, organisation_slug
from clausebook.site.page_tree import main_pages, page_tree
from clausebook.site.portfolio import worth
from clausebook.site.site_content import SiteContent
from clausebook.site.site_entry import Awaited, ClauseUse, Organisation, SiteEntry, SiteLists
from clausebook.site.slugs import slugs
from clausebook.site.timeline_page import timeline_page
from tests.support.browser import CHROMIUM, ServedSite, printed, served
from tests.support.executed_repositories import record
from tests.support.html_reader import Element, read_html
from tests.support.repositories import shapes_repository
from tests.support.site_content import agreement, content, sample_type
from tests.support.whole_sites import site_content, write_site

LONG = "Larch " * 50 + "Trust"
HOSTILE = '<script>alert("1")</script>'


def entry(number: int, *names: str, **seen: object) -> SiteEntry:
    """Return an agreement of organisations, with what is seen of it at a glance."""
    parties = tuple(Organisation(f"p{at}", name, name[:9], "partner", "Rowing") for at, name in enumerate(names))
    return SiteEntry(
        f"deal-{number:04}",
        f"Deal {number}",
        "charter",
        "Charter",
        "1.0",
        "draft",
        organisations=parties,
        uses=(ClauseUse(f"clause-{number % 2}", "a", "1", "1.0"),),
        glance=Glance(**seen),  # type: ignore[arg-type]
    )


def money(amount: str) -> Fact:
    return Fact("hire", "Hire", "money", f"{amount} USD", f"USD {amount}", "1.1", "")


def key_date(name: str, day: str) -> KeyDate:
    return KeyDate(name, name.title(), day, day or "open: not recorded", (), "")


def said(element: Element) -> str:
    return " ".join(element.text().split())


def table_of(page: SitePage) -> list[list[str]]:
    (table,) = read_html(page.body).all("table")
    return [[said(cell) for cell in row.all("td")] for row in table.all("tr")[1:]]


ENTRIES = (
    entry(
        1,
        "Heron Club",
        HOSTILE,
        value=money("900"),
        regimes=("HIPAA",),
        ends=key_date("end", "2029-04-18"),
        notice=key_date("notice", "2028-12-19"),
        dates=(key_date("end", "2029-04-18"), key_date("notice", "2028-12-19")),
        owner=Person("Ada Sample"),
        contacts=(Contact("Ben Sample", "p1", "Secretary", "ben@marsh.example"), Contact("Cy Sample", "p0")),
        compared=(replace(money("900"), id="cap", title="Cap"), Fact("law", "Law", "text", "", "", "", "")),
    ),
    entry(2, "Heron  Club", LONG, ends=key_date("end", ""), dates=(key_date("end", ""),)),
)


# Names in addresses


def test_no_two_names_have_one_address_whatever_they_are_made_of() -> None:
    found = slugs(["A & B", "A B", "A-B", "蓮", "鷺", LONG, LONG + "s", "A B"])
    assert len(set(found.values())) == len(found) == 7
    assert found["A & B"] == "a-b"
    assert found == slugs(sorted(found, reverse=True))
    assert all(0 < len(each) < 65 and each.isascii() for each in found.values())


def test_an_organisation_is_one_however_its_name_is_spaced_and_punctuated() -> None:
    (first, *others) = [each for each in organisations_of(ENTRIES) if "Heron" in each.name]
    assert not others
    assert [each.id for each, _ in first.places] == ["deal-0001", "deal-0002"]


def test_an_organisations_address_follows_from_its_name_alone() -> None:
    names = ("A & B", "A B", "A-B", "蓮", "鷺", LONG, LONG + "s", HOSTILE, "Cornerway Stores, Inc.")
    found = [organisation_slug(name) for name in names]
    assert len(set(found)) == len(names)
    # Nobody can take another one's page by taking its number into a name.
    assert organisation_slug(organisation_slug("Foo!").replace("-", " ")) != organisation_slug("Foo!")
    assert found[-1] == organisation_slug("Cornerway  Stores Inc") == "cornerway-stores-inc"
    assert all(re.fullmatch("[a-z0-9-]{1,70}", each) for each in found)


# The table of agreements


def rows(page: SitePage) -> list[Element]:
    (table,) = read_html(page.body).all("table")
    return table.all("tr")[1:]


def test_each_row_names_the_choices_that_lead_to_it() -> None:
    page = agreements_page(SiteLists(ENTRIES))
    form = read_html(page.body).all("div", data_cb_narrows="agreements")[0]
    selects = {each.attributes["name"]: each.all("option")[1:] for each in form.all("select")}
    assert list(selects) == ["organisation", "industry", "status", "kind", "regime", "owner", "clause"]
    for name, options in selects.items():
        for option in options:
            number = option.attributes["data-cb-at"] or ""
            led = [row for row in rows(page) if number in (row.attributes.get(f"data-cb-{name}") or "").split()]
            assert led, f"{name}: {said(option)} leads to no agreement"
    chosen = {said(option): option.attributes["data-cb-at"] for option in selects["organisation"]}
    assert set(chosen) == {"Heron Club", HOSTILE, " ".join(LONG.split())}
    first, second = rows(page)
    assert chosen[HOSTILE] in (first.attributes["data-cb-organisation"] or "").split()
    assert chosen[HOSTILE] not in (second.attributes["data-cb-organisation"] or "").split()
    assert (first.attributes["data-cb-ends"], first.attributes["data-cb-notice"]) == ("2029-04-18", "2028-12-19")
    assert first.attributes["data-cb-worth"] == "900"
    assert "data-cb-ends" not in second.attributes


def test_the_spreadsheet_says_what_the_table_does() -> None:
    table = agreements_page(SiteLists(ENTRIES)).files["agreements.csv"].decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(table))
    assert first["Organizations"] == f"Heron Club; {HOSTILE}"
    assert (first["Value"], first["Ends"], first["Notice by"], first["Owner"]) == (
        "USD 900",
        "2029-04-18",
        "2028-12-19",
        "Ada Sample",
    )
    assert second["Ends"] == "open"


@pytest.mark.parametrize("maker", [agreements_page, comparison_page, timeline_page])
def test_a_list_without_agreements_says_so(maker: object) -> None:
    page: SitePage = maker(SiteLists())  # type: ignore[operator]
    assert not read_html(page.body).all("table")
    assert not read_html(page.body).all("div", data_cb_narrows="agreements")


# Terms side by side


def test_terms_stand_in_the_order_of_their_type_also_where_a_deal_has_none() -> None:
    page = comparison_page(SiteLists(ENTRIES))
    heads = [said(head) for head in read_html(page.body).all("th", scope="col")]
    assert heads == ["Agreement", "Cap", "Law"]
    assert table_of(page) == [["USD 900 1.1", "–"]]
    assert b"USD 900" in page.files["comparison.csv"]


# Organisations


def organisation(pages: Sequence[SitePage], name: str) -> Element:
    return read_html(next(page.body for page in pages if page.title == name))


def test_an_organisations_page_names_its_agreements_partners_and_people() -> None:
    pages = list(organisation_pages(SiteLists(ENTRIES)))
    hostile = organisation(pages, HOSTILE)
    assert not hostile.all("script")
    assert said(hostile.by_id("page_title")) == HOSTILE
    people = hostile.all("table")[1].text()
    assert "Ben Sample" in people
    assert "Cy Sample" not in people
    assert "mailto:ben@marsh.example" in {a.attributes["href"] for a in hostile.all("a")}
    heron = organisation(pages, "Heron Club")
    partners = [said(each) for each in heron.all("ul", class_="cb-plain")[0].all("li")]
    assert partners == [f"{' '.join(LONG.split())} 1 agreement", f"{HOSTILE} 1 agreement"]


def test_an_organisation_of_a_thousand_agreements_shows_some_and_leads_to_all() -> None:
    many = tuple(entry(number, "Heron Club", f"Partner {number}") for number in range(1000))
    pages = list(organisation_pages(SiteLists(many)))
    assert len(pages) == 1002
    heron = organisation(pages, "Heron Club")
    assert len(heron.all("table")[0].all("tr")) == MOST_SHOWN + 1
    assert "../../agreements/?organisation=heron-club" in {a.attributes["href"] for a in heron.all("a")}
    assert len(heron.all("ul", class_="cb-plain")[0].all("li")) == MOST_SHOWN


# Days


def test_the_timeline_shows_each_month_and_what_waits() -> None:
    many = tuple(
        entry(number, "Heron Club", ends=end, dates=(end,))
        for number in range(3)
        for end in (key_date("end", "2029-04-30"),)
    )
    page = read_html(timeline_page(SiteLists((*ENTRIES, *many))).body)
    april = next(each for each in page.all("li") if each.attributes.get("data-cb-month") == "2029-04")
    assert said(april) == "April 4 dates, 4 ends"
    assert "cb-month-many" in (april.attributes["class"] or "")
    days = [row.attributes["data-cb-due"] for row in page.all("tr") if "data-cb-due" in row.attributes]
    assert days == ["2028-12-19", "2029-04-18", "2029-04-30", "2029-04-30", "2029-04-30"]
    waiting = page.all("table")[-1].all("tr")[1:]
    assert [said(row.all("td")[0]) for row in waiting] == ["Deal 2"]


# An agreement's first screen, and what its data and records say of why


@pytest.fixture
def charter(tmp_path: Path) -> dict[str, SitePage]:
    """Return the pages of a repository whose charters of boats are signed, with a journal and an approval."""
    root = shapes_repository(tmp_path, "boats")
    journal = root / "agreements/journal/heron-marsh.yaml"
    told = (
        "decisions:\n  - {on: 2027-02-03, by: Ada Sample, decision: Paint <b>her</b> blue, why: She was green}\n"
        "feedback:\n  - {on: 2027-02-02, from: a rower, said: Too green, answer: She is painted}\n"
    )
    journal.write_text(journal.read_text("utf-8") + told, "utf-8")
    with Sandbox() as sandbox:
        record(root, "heron-marsh", "2027-01-15", sandbox)
    return {page.path: page for page in page_tree(site_content(root))}


def test_the_first_screen_says_who_what_when_and_whom_to_call(charter: dict[str, SitePage]) -> None:
    page = read_html(charter["agreements/heron-marsh/index.html"].body)
    (glance,) = page.all("aside", class_="cb-glance")
    facts = {said(each.all("dt")[0]): said(each.all("dd")[0]) for each in glance.all(class_="cb-fact")}
    assert facts["Value"] == "USD 1,200 Hire, 1.1"
    assert facts["Term ends"] == "February 12, 2027"
    assert facts["Notice by"].startswith("January 31, 2027")
    assert facts["Governing law"] == "Heron"
    assert facts["Owner"] == "Ada Sample Deputy: Cy Sample"
    assert facts["Whom to call"].startswith("Ben Sample Secretary")
    assert not {"Clauses", "Findings", "Text fingerprint", "Deviations"} & facts.keys()
    parties = {a.attributes["href"] for a in glance.all("a") if "organisations/" in (a.attributes["href"] or "")}
    assert parties
    assert {each.removeprefix("../../") + "index.html" for each in parties} <= charter.keys()


def test_a_role_is_called_as_the_schema_calls_it() -> None:
    words = {"healthcare-organisation": "healthcare organization"}
    pages = {page.path: page.body for page in page_tree(SiteContent((replace(agreement(1), roles=words),), ()))}
    for body in (pages["agreements/sample-1/index.html"], pages["organisations/index.html"]):
        assert "Healthcare organization" in body
        assert "Healthcare organisation" not in body


def test_the_next_duty_is_the_first_that_nobody_closed() -> None:
    def due(day: str, kind: str = "report", state: str = "due") -> DueItem:
        return DueItem(day, "", "a", "A", f"{kind}/{day}", kind, (), "Heron", "report", "", "", state)

    items = [due("2027-01-01", state="done on 2027-01-02"), due("2027-02-01", "date"), due("2027-03-01"), due("")]
    assert next_duty(items) is items[2]
    assert next_duty(items[:2]) is None


def test_the_journal_stands_on_the_page_in_order_of_days(charter: dict[str, SitePage]) -> None:
    page = read_html(charter["agreements/heron-marsh/index.html"].body)
    (table,) = [each for each in page.all("table") if "What happened" in " ".join(map(said, each.all("caption")))]
    rows = [[said(cell) for cell in row.all("td")] for row in table.all("tr")[1:]]
    assert rows == [
        ["February 2, 2027", "Said: Too green", "a rower", "She is painted"],
        ["February 3, 2027", "Decided: Paint <b>her</b> blue", "Ada Sample", "She was green"],
    ]
    assert "page_journal" not in charter["agreements/heron-ferry/index.html"].body


def test_the_reason_of_a_choice_and_the_note_of_an_approval_are_shown() -> None:
    need = Need("clause", "scope", "General Counsel", "1.1 Scope departs", "f", "/clauses/scope", "recorded")
    given = ApprovalStanding("sample-2", need, "given", by="Ada", date="2026-06-02", proof="signed", note="Once <only>")
    chosen = {"clauses": {"scope": {"use": "scope-narrow", "reason": "They row <alone>."}, "law": "law"}}
    shown = replace(agreement(2), data=chosen, approvals=(given,))
    pages = {page.path: page for page in page_tree(SiteContent((shown,), (sample_type(),)))}
    page = read_html(pages["agreements/sample-2/index.html"].body)
    origin, approvals = (
        next(each for each in page.all("table") if [said(one) for one in each.all("caption")] == [caption])
        for caption in ("Where each clause came from", "Approvals")
    )
    reasons = {said(row.all("td")[1]): said(row.all("td")[6]) for row in origin.all("tr") if row.all("td")}
    assert reasons["Scope"] == "They row <alone>."
    assert reasons["Law"] == "They <insisted>."
    assert [said(cell) for cell in approvals.all("tr")[1].all("td")][2:] == [
        "Given, signed",
        "Ada",
        "June 2, 2026",
        "Once <only>",
    ]


# Home


def owed(day: str, kind: str, name: str, state: str = "due") -> DueItem:
    return DueItem(day, "", "a", "A", f"{kind}/{name}", kind, (), "Heron", name, "", "", state)


def test_home_shows_what_is_due_first_and_what_waits_for_a_decision() -> None:
    items = (
        owed("2028-12-19", "date", "notice"),
        owed("2027-01-15", "date", "effective"),
        owed("2027-02-01", "report", "report the <weather>"),
        owed("2027-01-20", "report", "was told", "done on 2027-01-19"),
    )
    signed = replace(ENTRIES[0], owed=items, glance=replace(ENTRIES[0].glance, signed=True), stage="answered")
    draft = replace(ENTRIES[1], owed=items, awaited=(Awaited("General Counsel", "clause", 2),))
    home = read_html(next(page for page in main_pages(SiteLists((signed, draft))) if page.path == "index.html").body)
    due, waiting, *_ = home.all("table")
    assert [row.attributes["data-cb-due"] for row in due.all("tr")[1:]] == ["2027-02-01", "2028-12-19"]
    assert said(due.all("td")[1]) == "Report the <weather> Heron"
    assert [(said(row.all("td")[0]), said(row.all("td")[1])) for row in waiting.all("tr")[1:]] == [
        ("Deal 1", "Their answer is to be read and taken, or refused"),
        ("Deal 2", "2 approvals to give: words that depart from the standard General Counsel"),
        ("Deal 2", "Nobody is named who looks after it"),
    ]
    stats = {said(each.all("dt")[0]): said(each.all("dd")[0]) for each in home.all(class_="cb-stat")}
    assert stats["Signed value"] == "USD 900"
    assert "In negotiation" not in stats


def test_home_says_so_if_nothing_needs_anybody() -> None:
    home = next(main_pages(SiteLists((replace(ENTRIES[0], owed=()),))))
    assert "Nothing is due, and nothing waits for a decision." in home.body


def test_sums_of_two_currencies_are_not_added_up() -> None:
    euro = replace(money("900"), value="100.50 EUR")
    found = worth([entry(1, value=money("900")), entry(2, value=euro), entry(3, value=money("1")), entry(4)])
    assert found == {"Signed value": [], "In negotiation": ["EUR 100.50", "USD 901"]}


# In a browser


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedSite]:
    """Serve the site of three agreements made by hand."""
    root = shapes_repository(tmp_path_factory.mktemp("house"), "boats")
    write_site(root, root / "site", content(3))
    page = (root / "site/agreements/index.html").read_text(encoding="utf-8")
    dark = re.sub('data-md-color-scheme="[a-z]+"', 'data-md-color-scheme="slate"', page)
    (root / "site/agreements/dark.html").write_text(dark, encoding="utf-8")
    with served(root / "site") as found:
        yield found


@pytest.mark.slow("a browser that narrows a list")
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_what_was_asked_of_a_list_stands_in_its_address(house: ServedSite) -> None:
    def shown(address: str) -> tuple[list[str], Element]:
        page = house.opened(address)
        rows = [row for row in page.all("table")[0].all("tr")[1:] if "hidden" not in row.attributes]
        return [(row.all("a")[0].attributes["href"] or "") for row in rows], page

    every, page = shown("agreements/")
    assert len(every) == 3
    assert "hidden" not in page.all("div", data_cb_narrows="agreements")[0].attributes
    assert "hidden" in page.all("p", class_="cb-notice")[0].attributes
    some, page = shown("agreements/?status=in-review")
    assert some == ["../agreements/sample-1/"]
    assert "1 of 3" in page.text()
    downwards, _ = shown("agreements/?sort=-Agreement")
    assert downwards == every[::-1]
    none, page = shown("agreements/?status=in-review&words=zebra")
    assert none == []
    assert "hidden" not in page.all("p", class_="cb-notice")[0].attributes


@pytest.mark.slow("a browser that prints")
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize("window", ["360,900", "1440,900"])
def test_a_printed_table_has_all_its_columns(house: ServedSite, window: str) -> None:
    data = printed(f"{house.address}agreements/", f"--window-size={window}")
    words = [word.text for page in read_pages(data) for word in page.words]
    table = house.opened("agreements/").all("table")[0]
    heads = [each.text().split()[-1] for each in table.all("th")]
    assert [each for each in heads if each not in words] == []


@pytest.mark.slow("a browser that prints")
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_what_is_read_in_the_dark_prints_on_white_paper(house: ServedSite) -> None:
    with pypdfium2.PdfDocument(printed(f"{house.address}agreements/dark.html")) as document:
        painted = bytes(document[0].render(scale=0.5).buffer)
    assert painted[:3] == b"\xff\xff\xff"
    assert painted.count(255) > len(painted) * 0.7
