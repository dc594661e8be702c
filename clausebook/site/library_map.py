"""Where each library clause has its page, and who uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clausebook.document.model import Clause, Document
from clausebook.site.site_content import SiteContent

STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class ClauseUse:
    """One place where an agreement uses a library clause, or departs from it."""

    document: Document
    clause: Clause


@dataclass(frozen=True, slots=True)
class LibraryMap:
    """Paths of clause pages and the uses of clauses, by type and clause id."""

    paths: Mapping[tuple[str, str], str]
    uses: Mapping[tuple[str, str], tuple[ClauseUse, ...]]

    def users(self, kind: str, clause: str) -> int:
        """Return how many agreements use a clause."""
        return len({use.document.id for use in self.uses.get((kind, clause), ())})


def library_map(content: SiteContent) -> LibraryMap:
    """Return where the clauses' pages are and who uses them.

    A clause's page is `clauses/<id>/`. Where two types have a clause of the same id, the
    type that comes later has it at `clauses/<type>/<id>/`.
    """
    paths: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for agreement_type in content.types:
        for clause_id in agreement_type.clauses:
            path = f"clauses/{clause_id}/index.html"
            if path in taken:
                path = f"clauses/{agreement_type.name}/{clause_id}/index.html"
            taken.add(path)
            paths[agreement_type.name, clause_id] = path
    uses: dict[tuple[str, str], list[ClauseUse]] = {}
    for agreement in content.agreements:
        document = agreement.document
        for clause in document.clauses():
            if clause.source:
                uses.setdefault((document.type, clause.source.library_clause), []).append(ClauseUse(document, clause))
    return LibraryMap(paths, {key: tuple(value) for key, value in uses.items()})


def deviations(document: Document) -> list[Clause]:
    """Return the clauses that are not the standard of their slot."""
    return [clause for clause in document.clauses() if clause.source and clause.source.deviates]
