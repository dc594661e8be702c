"""Where each library clause has its page, and who uses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
        return len(self._using(kind, [clause]))

    def fillers(self, kind: AgreementType, slot: str) -> int:
        """Return how many agreements fill a slot with any clause of the library."""
        return len(self._using(kind.name, [each.id for each in kind.clauses.values() if each.slot == slot]))

    def holding(self, kind: str, clause: str, version: str) -> list[SiteEntry]:
        """Return the agreements that have a version of a clause, by id."""
        found = {entry.id: entry for entry, use in self.uses.get((kind, clause), ()) if use.version == version}
        return [found[each] for each in sorted(found)]

    def _using(self, kind: str, clauses: Iterable[str]) -> set[str]:
        return {entry.id for clause in clauses for entry, _ in self.uses.get((kind, clause), ())}


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
