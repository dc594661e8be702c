"""The organisations that stand in agreements: each one, with its agreements and with whom it has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from clausebook.records.journal import Contact
from clausebook.site.page import organisation_path, organisation_slug
from clausebook.site.site_entry import Organisation, SiteEntry


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """An organisation by its legal name, as the first agreement writes it; `slug` is its name in addresses.

    `places` are its agreements, by their ids, each with what it says of the organisation.
    """

    name: str
    slug: str
    places: tuple[tuple[SiteEntry, Organisation], ...]

    @property
    def path(self) -> str:
        """Where its page is written."""
        return organisation_path(self.name)

    def told(self, what: Callable[[Organisation], str]) -> list[str]:
        """Return what agreements say of it, each thing once."""
        return sorted({said for _, each in self.places if (said := what(each))})

    def contacts(self) -> list[tuple[Contact, SiteEntry]]:
        """Return the people whom journals name for it, each once, with the first agreement that does."""
        found: dict[Contact, SiteEntry] = {}
        for entry, each in self.places:
            for contact in entry.glance.contacts:
                if contact.party == each.key:
                    found.setdefault(contact, entry)
        return sorted(found.items(), key=lambda one: (one[0].name, one[0].role, one[1].id))


def by_agreement(known: Iterable[KnownOrganisation]) -> Mapping[str, Sequence[KnownOrganisation]]:
    """Return the organisations of each agreement, by its id."""
    found: dict[str, list[KnownOrganisation]] = {}
    for each in known:
        for entry, _ in each.places:
            found.setdefault(entry.id, []).append(each)
    return found


def organisations_of(entries: Iterable[SiteEntry]) -> Sequence[KnownOrganisation]:
    """Return the organisations of agreements, by name. One is the same however its name is spaced or punctuated."""
    found: dict[str, list[tuple[SiteEntry, Organisation]]] = {}
    for entry in entries:
        for each in entry.organisations:
            found.setdefault(organisation_slug(each.legal_name), []).append((entry, each))
    known = (
        KnownOrganisation(" ".join(places[0][1].legal_name.split()), slug, tuple(places))
        for slug, places in found.items()
    )
    return sorted(known, key=lambda each: (each.name.casefold(), each.slug))
