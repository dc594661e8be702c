"""The organisations that stand in agreements: each one, with its agreements and with whom it has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from clausebook.records.journal import Contact
from clausebook.site.site_entry import Organisation, SiteEntry
from clausebook.site.slugs import slugs

ORGANISATIONS = "organisations/index.html"


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """An organisation by its legal name, however it is spaced; `slug` is its name in addresses.

    `places` are its agreements, by their ids, each with what it says of the organisation.
    """

    name: str
    slug: str
    places: tuple[tuple[SiteEntry, Organisation], ...]

    @property
    def path(self) -> str:
        """Where its page is written."""
        return f"organisations/{self.slug}/index.html"

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


def organisations_of(entries: Iterable[SiteEntry]) -> Sequence[KnownOrganisation]:
    """Return the organisations of agreements, by name."""
    found: dict[str, list[tuple[SiteEntry, Organisation]]] = {}
    for entry in entries:
        for each in entry.organisations:
            found.setdefault(_called(each), []).append((entry, each))
    names = slugs(found)
    return [KnownOrganisation(name, names[name], tuple(found[name])) for name in sorted(found, key=_sorting)]


def _called(organisation: Organisation) -> str:
    return " ".join(organisation.legal_name.split())


def _sorting(name: str) -> tuple[str, str]:
    return name.casefold(), name
