"""Make all of one agreement: its files, its pages and those of its past, and what lists show of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from clausebook.approvals.desk import Desk
from clausebook.build.made import Parcel, parcel
from clausebook.build.options import MakingOptions
from clausebook.facts.duties.editions import Edition
from clausebook.facts.duties.feed import feed
from clausebook.findings.model import RepositoryError, has_errors
from clausebook.history.past_texts import Room, Wanted
from clausebook.history.sources import sources
from clausebook.language.sandbox import Sandbox
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.repository.git.process import Git
from clausebook.repository.hashed import HashedDisk, hashed_once
from clausebook.site.audience import LEGAL
from clausebook.site.audience_content import seen_by
from clausebook.site.gathering import content_of, neighbour_of
from clausebook.site.own_pages import own_pages, using
from clausebook.site.page_tree import agreement_pages, entries_of
from clausebook.site.past import with_past
from clausebook.site.site_content import Neighbour, SiteContent
from clausebook.site.spark.method_content import method_content

MOST_HELD = 4
"""Agreements of a family that are kept assembled; of a larger one each is assembled again when it is made."""


class Maker:
    """Makes agreements of one repository in a sandbox; what they share is loaded once. A context manager."""

    def __init__(self, root: Path, options: MakingOptions, sandbox: Sandbox) -> None:
        self._root, self._options, self._sandbox = root, options, sandbox
        self._stack = ExitStack()

    def __enter__(self) -> Maker:
        self._whole = Project(self._root, self._sandbox)
        self._pages = own_pages(self._root)
        # Agreements show nothing of opportunities: none is read for them.
        self._method = method_content(self._whole.confined(()))
        self._desk = self._stack.enter_context(Desk(self._whole, self._options.reviews))
        self._room = self._stack.enter_context(Room(self._root, self._sandbox))
        try:
            self._git: Git | None = self._stack.enter_context(Git(self._root))
        except RepositoryError:
            self._git = None
        self.forget()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def forget(self) -> None:
        """Let go of the family that was read last: it may have changed."""
        self._family: tuple[str, ...] = ()
        self._disk = hashed_once(HashedDisk(self._root))

    def made(self, name: str, family: Sequence[str], edition: Edition) -> Parcel:
        """Return all of an agreement. Nothing is read of agreements of other families, unless it has errors.

        Then it is made as the whole repository has it: what to do may be to name another agreement.
        """
        content = replace(self._content(name, family), editions={name: edition})
        findings = content.all_findings()
        shown = seen_by(content, self._options.audience)
        entry = entries_of(shown)[0]
        calendar = feed(entry.owed, content.editions) if entry.owed else b""
        with using(self._pages):
            return parcel(agreement_pages(shown), findings, entry, calendar)

    def _content(self, name: str, family: Sequence[str]) -> SiteContent:
        self._open(tuple(family))
        assembled = self._held.get(name) or self._assembled(name)
        neighbours = {each: self._neighbours[each] for each in self._neighbours if each != name}
        options = self._options
        content = content_of(
            self._project,
            self._of,
            [assembled],
            sound_files_only=options.sound_files_only,
            late=options.late_files,
            method=self._method,
        )
        if content.broken and not has_errors(content.all_findings()):
            # Whoever put the site together may have been able to use the type that could not be used here.
            content = replace(content, findings=(*content.findings, *self._whole.type_findings()))
        content = replace(content, neighbours=neighbours)
        internal, files = options.audience == LEGAL, not options.late_files
        content = with_past(content, self._root, self._sandbox, self._room, self._git, internal=internal, files=files)
        self._room.forget()
        return content

    def _open(self, family: tuple[str, ...]) -> None:
        if family == self._family:
            return
        self._family = family
        self._project = self._whole.confined(family)
        self._of = self._desk.of(self._project)
        self._held: dict[str, Agreement] = {}
        self._neighbours: dict[str, Neighbour] = {}
        for each in family if len(family) > 1 else ():
            if each in self._project.known:
                found = self._assembled(each)
                only = self._options.sound_files_only
                self._neighbours[each] = neighbour_of(self._project, found, sound_files_only=only)
                if len(self._held) < MOST_HELD:
                    self._held[each] = found

    def _assembled(self, name: str) -> Agreement:
        found = self._project.assemble(self._project.known[name])
        # The past of an agreement ends with its text of today, which is not assembled twice.
        if found.record is None and (origin := sources(self._disk, name)):
            self._room.take(Wanted(origin, self._disk), found)
        if has_errors(found.findings):
            found = self._whole.assemble(self._whole.known[name])
            self._whole.forget(found.file)
        return self._of.marked(found)
