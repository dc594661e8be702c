"""The MkDocs plugin: `mkdocs build` and `serve` show what `clausebook build` does, each agreement made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from clausebook.approvals.desk import Desk
from clausebook.build.made_store import MadeStore, opened_store
from clausebook.build.meanwhile import settle
from clausebook.build.options import MakingOptions, SiteOptions
from clausebook.build.site_build import MadeSite, SiteBuild, SiteSources, sources_of
from clausebook.build.workers import Batch, all_done
from clausebook.build.working import Done, WorkOptions, Workshop
from clausebook.findings.model import FindingsError, has_errors
from clausebook.project.project import Project
from clausebook.repository.hashed import hash_of
from clausebook.site.feeding import Feed
from clausebook.site.gathering import files_of
from clausebook.site.plugin import FeedingPlugin, root_of

FEW = 8
"""Agreements that a preview makes in a process that goes on: others would only begin to load."""


class ClausebookPlugin(FeedingPlugin):  # type: ignore[no-untyped-call]
    """Feed agreements and the clause library to MkDocs.

    A preview has no PDF and its like until somebody asks for one: see `late`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self._store: MadeStore | None = None
        self._workshop: Workshop | None = None
        self._late: Mapping[str, str] = {}
        self._settle: Callable[[], bool] = bool

    def on_shutdown(self) -> None:
        """Let go of what was open."""
        self._settle()
        self._settle = bool
        self._stack.close()
        self._store = self._workshop = None

    def made(self, config: MkDocsConfig) -> Feed:
        """Return all pages and files of the repository, made anew where they changed. Raises FindingsError."""
        root, store = root_of(config), self._opened()
        options = SiteOptions(MakingOptions(late_files=self._preview, audience=self.config.audience))
        self._settle()
        sources = sources_of(root, options, store)
        self._settle = partial(settle, root, options, store, "", sources)
        build = SiteBuild(root, options, store, workers=lambda asked, batches: self._done(sources, asked, batches))
        site = build.made(sources, self.progress)
        self.findings = site.findings
        if not self._preview and has_errors(site.findings):
            raise FindingsError(each for each in site.findings if each.severity == "error")
        feed = build.feed(site)
        if not self._preview:
            return feed
        self._late = dict(_late(site))
        return replace(feed, files={path: given for path, given in feed.files.items() if path not in self._late})

    def late(self, root: Path, path: str) -> bytes | None:
        """Return a file that a preview makes when somebody asks for it, None if it is none. Raises FindingsError."""
        name = self._late.get(path)
        if name is None:
            return super().late(root, path)
        with Project(root) as project, Desk(project) as desk:
            agreement = desk.marked(project.assemble(project.known[name]))
            return files_of(project, agreement, [path.rpartition(".")[2]]).get(path.rpartition("/")[2])

    def _opened(self) -> MadeStore:
        if self._store is None:
            self._store = self._stack.enter_context(opened_store())
        return self._store

    def _done(self, sources: SiteSources, asked: WorkOptions, batches: Sequence[Batch]) -> Iterator[Done]:
        if not self._preview or sum(map(len, batches)) > FEW:
            yield from all_done(asked, batches)
            return
        if self._workshop is None:
            self._workshop = self._stack.enter_context(Workshop(asked))
        self._workshop.refresh(hash_of((sources.git.head, *sources.shared.values())))
        for batch in batches:
            yield from self._workshop.done(batch)


def _late(site: MadeSite) -> Iterator[tuple[str, str]]:
    """Yield the paths of the files that are made late, with the ids of their agreements."""
    empty = hash_of(())
    for name in site.sources.known:
        for path, mark in site.parts[name].head.files.items():
            if mark == empty:
                yield path, name
