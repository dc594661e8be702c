"""The parts of the site that show many agreements: made anew only if what they show has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from clausebook.build.git_state import LIBRARY, GitState
from clausebook.build.keys import program
from clausebook.build.made import Head, entry_from, findings_from, head_from
from clausebook.build.made_store import MadeStore
from clausebook.build.work_tree import SeenFile, own_template_digests, shared_digests
from clausebook.document.interchange import part_from_plain
from clausebook.findings.model import Finding
from clausebook.repository.agreement_files import PIPELINE, paths
from clausebook.repository.confined import belongs_to
from clausebook.repository.hashed import hash_of
from clausebook.site.audience import LEGAL
from clausebook.site.site_entry import SiteEntry, SiteLists
from clausebook.site.spark.method_content import PartnershipEntry

GENERAL = "general"
"""The kind of what is kept of no single agreement."""

_WORDS = "library-words"
_MAKERS = (__name__, "clausebook.build.list_pages", "clausebook.language.worker")

Heads = Mapping[str, tuple[str, Head]]
"""Of each agreement, by id, under which key it was made, and the head of that."""

_SHOWN: Mapping[str, tuple[str, ...]] = {
    "main": ("listed", "partnership", "glance", "uses", "owed"),
    "hub": ("listed", "glance"),
    "library": ("listed", "uses"),
    "duties": ("listed", "owed", "calendar"),
    "registers": ("listed", "registers"),
    "pipeline": ("listed", "partnership"),
    "metrics": ("listed", "metrics"),
    "reference": (),
    "executives": ("listed", "glance", "metrics"),
}
"""The marks of an agreement's head that decide on each list."""


@dataclass(frozen=True, slots=True)
class General:
    """What is of no single agreement: findings, how many clauses the library has, what registered papers ask, and
    the steps of the method with the opportunities."""

    findings: tuple[Finding, ...]
    clauses: int
    papers: SiteEntry
    calendar: bytes
    steps: tuple[tuple[str, str], ...] = ()
    opportunities: tuple[PartnershipEntry, ...] = ()


class ListMaker:
    """Makes the lists of a site."""

    def __init__(
        self,
        root: Path,
        store: MadeStore,
        files: Mapping[str, SeenFile],
        known: tuple[str, ...],
        git: GitState,
        audience: str = LEGAL,
    ) -> None:
        self._root, self._store, self._files, self._git = root, store, files, git
        self._known, self._audience = frozenset(known), audience

    @cached_property
    def general(self) -> General:
        """What is of no single agreement."""
        mine = {path: each.digest for path, each in self._files.items() if belongs_to(path) not in self._known}
        editions = (f"{name} {told}" for name, told in self._git.editions.items() if name not in self._known)
        said = (f"{path} {mine.get(path, '')}" for path in self._files)
        links = (each.digest for each in self._files.values() if each.link)
        key = hash_of((program(*_MAKERS), *said, *links, *editions))
        held = self._store.plain(GENERAL, key, self._looked_at)
        papers, calendar = entry_from(held["papers"])
        return General(
            findings_from(held["findings"]),
            held["clauses"],
            papers,
            calendar,
            part_from_plain(tuple[tuple[str, str], ...], held["steps"]),
            part_from_plain(tuple[PartnershipEntry, ...], held["opportunities"]),
        )

    @property
    def _internal(self) -> bool:
        return self._audience == LEGAL

    def made(self, heads: Heads) -> Iterator[tuple[str, tuple[str, Head]]]:
        """Yield the name of each list with its key and its head."""
        shown = cache(lambda: self._shown(heads))
        for name in (each for each in _SHOWN if self._internal or each != "library"):
            key = self._key(name, heads)
            if name == "library":
                key = hash_of((key, *self._words(key, heads, shown)))
            content = self._store.head(key)
            if content is None:
                # What makes pages takes long to import, and most builds make no list.
                from clausebook.build.list_pages import list_parcel

                made = list_parcel(self._root, name, shown())
                self._store.keep_parcel(key, made)
                content = made.head
            yield name, (key, head_from(content))

    def _key(self, name: str, heads: Heads) -> str:
        marks = (f"{each} {head.marks[mark]}" for each, (_, head) in sorted(heads.items()) for mark in _SHOWN[name])
        general = self.general
        said = [repr(general.papers), str(general.calendar), str(general.clauses)]
        said = said if name not in ("library", "reference") else []
        said += [repr((general.steps, general.opportunities))] if name in ("main", "pipeline") else []
        wrong = [str(each) for each in self._wrong(heads)] if name in ("main", "executives") else []
        files = dict(shared_digests(self._files)) if name in ("library", "pipeline") else {}
        if name == "library":
            # Their versions have the days of their commits.
            said += [self._git.general, self._git.commits.get(LIBRARY, "")]
        if name == "reference":
            files = {path: each.digest for path, each in self._files.items() if path.startswith("schemas/")}
        if name == "pipeline":
            files |= {path: each.digest for path, each in self._files.items() if path.startswith(f"{PIPELINE}/")}
        shared = (f"{path} {digest}" for path, digest in files.items())
        own = own_template_digests(self._files)
        return hash_of((name, self._audience, program(*_MAKERS), *own, *marks, *said, *wrong, *shared))

    def _words(self, key: str, heads: Heads, shown: Callable[[], SiteLists]) -> Iterator[str]:
        """Yield what the words of clauses are made from that the library shows: of which deals, and their words."""
        names = self._store.plain(_WORDS, key, lambda: _showing(self._root, shown()))
        for name in (each for each in names if each in heads):
            own = (file.digest for path, file in self._files.items() if path in paths(name))
            yield " ".join((name, heads[name][1].marks["search"], *own))

    def _wrong(self, heads: Heads) -> list[Finding]:
        every = {*self.general.findings, *(each for _, head in heads.values() for each in head.findings)}
        return sorted((each for each in every if each.severity == "error"), key=lambda finding: finding.sort_key)

    def _shown(self, heads: Heads) -> SiteLists:
        general = self.general
        entries = [entry_from(self._store.entry(key)) for _, (key, _) in sorted(heads.items())]
        calendars = [calendar for _, calendar in entries if calendar]
        return SiteLists(
            tuple(entry for entry, _ in entries),
            clauses=general.clauses,
            wrong=tuple(self._wrong(heads)) if self._internal else (),
            owed=general.papers.owed,
            calendars=(*calendars, *([general.calendar] if general.calendar else ())),
            steps=general.steps,
            opportunities=general.opportunities,
            internal=self._internal,
        )

    def _looked_at(self) -> dict[str, Any]:
        from clausebook.build.list_pages import looked_at

        return looked_at(self._root, self._git)


def _showing(root: Path, lists: SiteLists) -> list[str]:
    from clausebook.build.list_pages import showing

    return showing(root, lists)
