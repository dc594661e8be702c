"""The page of all partnerships (board, opportunity matrix, the house's own scan), and that of each opportunity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from clausebook.facts.spark.partnerships import of_opportunity
from clausebook.formats.csv_text import csv_file
from clausebook.records.opportunities import Opportunity
from clausebook.site.markup import HOME, PIPELINE, day, filled, headings, humane
from clausebook.site.page import SearchRecord, SitePage
from clausebook.site.site_entry import SiteLists
from clausebook.site.spark.method_content import PartnershipEntry, opportunity_path
from clausebook.site.spark.partnership_page import partnership_pages

MOST_ON_BOARD = 20
"""Partnerships of a step that the board shows; the matrix has more."""

MOST_IN_MATRIX = 300
"""Rows that the matrix shows; the spreadsheet beside it has all."""


def partnerships(lists: SiteLists) -> list[PartnershipEntry]:
    """Return all partnerships, the best first; those of the same score by title."""
    found = [*lists.opportunities, *(each.partnership for each in lists.entries if each.partnership)]
    return sorted(found, key=lambda each: (-each.rank, each.title, each.id))


def board(lists: SiteLists) -> list[tuple[str, str, list[PartnershipEntry]]]:
    """Return each step, by id and title, with the partnerships that have come to it and are pursued."""
    there = [each for each in partnerships(lists) if not each.closed]
    return [(step, title, [each for each in there if each.step == step]) for step, title in lists.steps]


def pipeline_pages(lists: SiteLists) -> Iterator[SitePage]:
    """Yield the page of all partnerships, and that of each opportunity."""
    yield _pipeline(lists)
    for each in lists.method.opportunities:
        yield from _opportunity(lists, each)


def _pipeline(lists: SiteLists) -> SitePage:
    method, landscape, ranked = lists.method.method, lists.method.landscape, partnerships(lists)
    rows = [each for each in ranked if each.rank >= 0]
    body = filled(
        "spark/pipeline",
        path=PIPELINE,
        method=method,
        worth=method.ratings,
        columns=list(map(humane, method.weights)),
        board=board(lists),
        most=MOST_ON_BOARD,
        stories=[(*story, each.organisation) for each in ranked for story in each.stories],
        closed=[each for each in ranked if each.closed],
        rows=rows[:MOST_IN_MATRIX],
        all=len(rows),
        organisation=landscape.get("organisation", ""),
        strengths=landscape.get("strengths", ()),
        industries=landscape.get("industries", ()),
        trends=landscape.get("trends", ()),
        known=_by_industry(ranked),
        lack={each["weakness"]: each.get("made_good_by", []) for each in landscape.get("weaknesses", ())},
    )
    search = (SearchRecord("", "Pipeline", tuple(_said(landscape)), part=True),)
    files = {"matrix.csv": _spreadsheet(lists, rows)} if rows else {}
    about = "Partnerships by step, the opportunity matrix, the industry map and trends."
    return SitePage(PIPELINE, "Pipeline", body, about, headings(body), search, listed=True, files=files)


def _opportunity(lists: SiteLists, opportunity: Opportunity) -> Iterator[SitePage]:
    path, data = opportunity_path(opportunity.id), opportunity.data
    owner, closed = data.get("owner", {}), data.get("closed")
    notice = day(closed["on"]) + f": not pursued any more. {closed['why']}" if closed else ""
    facts = {
        "Organization": opportunity.organisation,
        "Kind": humane(opportunity.kind),
        "Owner": owner.get("name", ""),
    }
    return partnership_pages(
        lists.method,
        of_opportunity(lists.method.method, opportunity),
        path,
        [(HOME, "Home"), (PIPELINE, "Pipeline")],
        facts,
        notice,
        internal=lists.internal,
    )


def _by_industry(found: Sequence[PartnershipEntry]) -> Mapping[str, list[PartnershipEntry]]:
    """Return partnerships by industry, in small letters, for people write it one way and the other."""
    known: dict[str, list[PartnershipEntry]] = {}
    for each in found:
        known.setdefault(each.industry.lower(), []).append(each)
    return known


def _said(landscape: Mapping[str, list[Mapping[str, str]]]) -> Iterator[str]:
    for each in landscape.get("industries", ()):
        yield f"{each['name']}: {', '.join([*each['brings'], *each.get('examples', ())])}"
    for each in landscape.get("trends", ()):
        yield f"{each['trend']} ({each['source']})"


def _spreadsheet(lists: SiteLists, rows: Sequence[PartnershipEntry]) -> bytes:
    weights = list(lists.method.method.weights)
    columns = [name for each in weights for name in (each, f"{each}_words")]
    return csv_file(
        ("rank", "industry", "partner", *columns, "opportunity", "score", "reckoning", "step"),
        (
            [
                str(number),
                each.industry,
                each.organisation,
                *(said for one in each.ratings for said in (one.rating, one.words)),
                each.opportunity,
                f"{each.rank / 100:.2f}",
                each.reckoning,
                each.step,
            ]
            for number, each in enumerate(rows, 1)
        ),
    )
