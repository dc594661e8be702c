"""The pages of organisations: each with its agreements, with whom it has them, and whom to call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from clausebook.site.markup import AGREEMENTS, ORGANISATIONS, filled, headings, humane
from clausebook.site.organisations import KnownOrganisation, by_agreement, organisations_of
from clausebook.site.page import SearchRecord, SitePage, address, organisation_slug
from clausebook.site.site_entry import SiteLists

MOST_SHOWN = 200
"""How many agreements, others and contacts a page shows of an organisation; the list of agreements has them all."""


def organisation_pages(lists: SiteLists) -> Iterator[SitePage]:
    """Yield the list of organisations, and the page of each."""
    known = organisations_of(lists.entries)
    among = by_agreement(known)
    partners = {each.slug: _partners(each, among) for each in known}
    yield _list(known, partners)
    for each in known:
        yield _page(each, partners[each.slug])


Partners = Sequence[tuple[KnownOrganisation, int]]
"""With whom an organisation has agreements, and how many: the most first."""


def _partners(mine: KnownOrganisation, among: Mapping[str, Sequence[KnownOrganisation]]) -> Partners:
    by_slug = {each.slug: each for entry, _ in mine.places for each in among[entry.id] if each is not mine}
    counted = Counter(each.slug for entry, _ in mine.places for each in among[entry.id] if each is not mine)
    return [(by_slug[slug], count) for slug, count in sorted(counted.items(), key=lambda one: (-one[1], one[0]))]


def _list(known: Sequence[KnownOrganisation], partners: Mapping[str, Partners]) -> SitePage:
    body = filled("organisations", path=ORGANISATIONS, organisations=known, partners=partners, told=_told)
    search = (SearchRecord("", "Organizations"),)
    return SitePage(ORGANISATIONS, "Organizations", body, "Who works with whom.", headings(body), search, listed=True)


def _page(mine: KnownOrganisation, partners: Partners) -> SitePage:
    body = filled(
        "organisation",
        path=mine.path,
        mine=mine,
        told=_told(mine),
        partners=partners,
        contacts=mine.contacts(),
        others=lambda entry: [
            each.short_name for each in entry.organisations if organisation_slug(each.legal_name) != mine.slug
        ],
        most=MOST_SHOWN,
        every=f"{address(mine.path, AGREEMENTS)}?organisation={mine.slug}",
    )
    words = [*mine.told(lambda each: each.short_name), *mine.told(lambda each: each.industry)]
    search = (SearchRecord("", mine.name, tuple(words)),)
    return SitePage(mine.path, mine.name, body, f"Agreements with {mine.name}.", headings(body), search)


def _told(mine: KnownOrganisation) -> Mapping[str, str]:
    """Return what agreements say of an organisation, by what it is called."""
    return {
        "Known as": "; ".join(mine.told(lambda each: each.short_name)),
        "Industry": "; ".join(mine.told(lambda each: each.industry)),
        "Role": "; ".join(mine.told(lambda each: humane(each.role))),
        "Law of its form": "; ".join(mine.told(lambda each: each.jurisdiction)),
    }
