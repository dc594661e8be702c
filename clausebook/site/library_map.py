"""Where each library clause has its page, and who uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clausebook.library.model import AgreementType
from clausebook.site.site_entry import ClauseUse, SiteEntry

STANDARD = "standard"

Use = tuple[SiteEntry, ClauseUse]
"""An agreement, and one place where it uses a clause."""


@dataclass(frozen=True, slots=True)
class LibraryMap:
    """Paths of clause pages and the uses of clauses, by type and clause id."""

    paths: Mapping[tuple[str, str], str]
    uses: Mapping[tuple[str, str], tuple[Use, ...]]

    def users(self, kind: str, clause: str) -> int:
        """Return how many agreements use a clause."""
        return len({entry.id for entry, _ in self.uses.get((kind, clause), ())})


def library_map(types: Sequence[AgreementType], entries: Sequence[SiteEntry] = ()) -> LibraryMap:
    """Return where the clauses' pages are and who uses them.

    A clause's page is `clauses/<id>/`. Where two types have a clause of the same id, the
    type that comes later has it at `clauses/<type>/<id>/`.
    """
    paths: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for agreement_type in types:
        for clause_id in agreement_type.clauses:
            path = f"clauses/{clause_id}/index.html"
            if path in taken:
                path = f"clauses/{agreement_type.name}/{clause_id}/index.html"
            taken.add(path)
            paths[agreement_type.name, clause_id] = path
    uses: dict[tuple[str, str], list[Use]] = {}
    for entry in entries:
        for use in entry.uses:
            uses.setdefault((entry.type, use.library_clause), []).append((entry, use))
    return LibraryMap(paths, {key: tuple(value) for key, value in uses.items()})
