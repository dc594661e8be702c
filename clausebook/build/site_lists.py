"""The parts of the site that show many agreements: made anew only if what they show has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from clausebook.build.git_state import GitState
from clausebook.build.keys import hash_of, program
from clausebook.build.made import Head, entry_from, entry_to, findings_from, findings_to, head_from, parcel
from clausebook.build.made_store import MadeStore
from clausebook.build.work_tree import SeenFile
from clausebook.facts.duties.due_list import DueItem, DueWanted, due_items
from clausebook.facts.duties.feed import feed
from clausebook.facts.duties.paper_duties import paper_duties
from clausebook.findings.model import Finding
from clausebook.language.sandbox import Sandbox
from clausebook.library.model import AgreementType
from clausebook.project.project import Project
from clausebook.repository.confined import belongs_to, is_shared
from clausebook.site.duty_pages import duties_page, registers_page
from clausebook.site.gathering import repository_findings
from clausebook.site.page import SitePage
from clausebook.site.page_tree import library_pages, main_pages
from clausebook.site.site_entry import SiteEntry, SiteLists

_GENERAL = "general"
_MAKERS = (__name__, "clausebook.language.worker")

Heads = Mapping[str, tuple[str, Head]]
"""Of each agreement, by id, under which key it was made, and the head of that."""

_SHOWN: Mapping[str, tuple[str, ...]] = {
    "main": ("listed",),
    "library": ("listed", "uses"),
    "duties": ("listed", "owed", "calendar"),
    "registers": ("listed", "registers"),
}
"""The marks of an agreement's head that decide on each list."""


@dataclass(frozen=True, slots=True)
class General:
    """What is of no single agreement: findings, how many clauses the library has, and what registered papers ask."""

    findings: tuple[Finding, ...]
    clauses: int
    papers: SiteEntry
    calendar: bytes


class ListMaker:
    """Makes the lists of a site."""

    def __init__(
        self, root: Path, store: MadeStore, files: Mapping[str, SeenFile], known: tuple[str, ...], git: GitState
    ) -> None:
        self._root, self._store, self._files, self._known, self._git = root, store, files, known, git

    @cached_property
    def general(self) -> General:
        """What is of no single agreement."""
        mine = {path: each.digest for path, each in self._files.items() if belongs_to(path) not in self._known}
        editions = (f"{name} {told}" for name, told in self._git.editions.items() if name not in self._known)
        said = (f"{path} {mine.get(path, '')}" for path in self._files)
        links = (each.digest for each in self._files.values() if each.link)
        key = hash_of((program(*_MAKERS), *said, *links, *editions))
        held = self._store.plain(_GENERAL, key, self._looked_at)
        papers, calendar = entry_from(held["papers"])
        return General(findings_from(held["findings"]), held["clauses"], papers, calendar)

    def made(self, heads: Heads) -> Iterator[tuple[str, tuple[str, Head]]]:
        """Yield the name of each list with its key and its head."""
        for name, pages in self._lists().items():
            key = self._key(name, heads)
            content = self._store.head(key)
            if content is None:
                made = parcel(pages(self._shown(heads)))
                self._store.keep_parcel(key, made)
                content = made.head
            yield name, (key, head_from(content))

    def _lists(self) -> Mapping[str, Callable[[SiteLists], Iterator[SitePage]]]:
        return {
            "main": main_pages,
            "library": lambda lists: library_pages(_with_types(lists, self._types)),
            "duties": lambda lists: iter([duties_page(lists)]),
            "registers": lambda lists: iter([registers_page(lists)]),
        }

    def _key(self, name: str, heads: Heads) -> str:
        marks = (f"{each} {head.marks[mark]}" for each, (_, head) in sorted(heads.items()) for mark in _SHOWN[name])
        general = self.general
        said = [repr(general.papers), str(general.calendar), str(general.clauses)] if name != "library" else []
        wrong = [str(each) for each in self._wrong(heads)] if name == "main" else []
        shared = [f"{path} {each.digest}" for path, each in self._files.items() if is_shared(path)]
        return hash_of((name, program(*_MAKERS), *marks, *said, *wrong, *(shared if name == "library" else ())))

    def _wrong(self, heads: Heads) -> list[Finding]:
        every = {*self.general.findings, *(each for _, head in heads.values() for each in head.findings)}
        return sorted((each for each in every if each.severity == "error"), key=lambda finding: finding.sort_key)

    def _shown(self, heads: Heads) -> SiteLists:
        general, entries = self.general, self._entries(heads)
        calendars = [calendar for _, calendar in entries if calendar]
        return SiteLists(
            tuple(entry for entry, _ in entries),
            clauses=general.clauses,
            wrong=tuple(self._wrong(heads)),
            owed=general.papers.owed,
            calendars=(*calendars, *([general.calendar] if general.calendar else ())),
        )

    def _entries(self, heads: Heads) -> list[tuple[SiteEntry, bytes]]:
        if self._read is None:
            self._read = [entry_from(self._store.entry(key)) for _, (key, _) in sorted(heads.items())]
        return self._read

    _read: list[tuple[SiteEntry, bytes]] | None = None

    @cached_property
    def _types(self) -> tuple[AgreementType, ...]:
        with Sandbox(wait=True) as sandbox:
            project = Project(self._root, sandbox)
            return tuple(kind for name in sorted(project.store.types()) if (kind := project.type(name).kind))

    def _looked_at(self) -> dict[str, Any]:
        with Sandbox() as sandbox:
            project = Project(self._root, sandbox)
            findings = repository_findings(project)
            kinds = (project.type(name).kind for name in project.store.types())
            owed: tuple[DueItem, ...] = tuple(due_items([each for _, each in paper_duties(project)], DueWanted()))
        editions = {each.agreement: self._git.edition(each.agreement) for each in owed}
        papers = entry_to(SiteEntry("", "", owed=owed), feed(owed, editions) if owed else b"")
        return {
            "findings": findings_to(findings),
            "clauses": sum(len(kind.clauses) for kind in kinds if kind),
            "papers": papers.decode(),
        }


def _with_types(lists: SiteLists, types: tuple[AgreementType, ...]) -> SiteLists:
    return SiteLists(lists.entries, types)
