"""Give the site's content each agreement's past: its revisions, and the redlines between the newest of them."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from clausebook import caching
from clausebook.agreements import AgreementFile
from clausebook.build import Project, TypeBundle
from clausebook.errors import Finding, FindingsError, RepositoryError
from clausebook.history import WORK_TREE, Revision, history
from clausebook.history.keys import HashedDisk, Sources, sources
from clausebook.history.texts import engine
from clausebook.language.sandbox import Sandbox
from clausebook.redlining import Text, comparison, describe, text_of
from clausebook.render.redline import RedlineHeading
from clausebook.render.redline.html import render_html
from clausebook.revisions.git import Git
from clausebook.revisions.tree import GitTree
from clausebook.site.content import AgreementHistory, RedlineText, RevisionRow, SiteContent

MOST_PAIRS = 6
"""Redlines of one agreement between a revision and the one before it; each is two pages as long as the contract."""

REPOSITORY_WIDE = ("history-none", "history-empty", "history-cut")
"""Notes that are the same for every agreement."""

Progress = Callable[[str], None]


def with_history(
    content: SiteContent, root: Path, sandbox: Sandbox, progress: Progress = lambda name: None
) -> SiteContent:
    """Return the content with the history of each agreement, and a note on what keeps it from being whole.

    Nothing about the past can stop a build: what cannot be read or assembled is a note on the history's page.
    """
    histories = {}
    try:
        with Git(root) as git:
            room = _Room(git, root, sandbox)
            for page in content.agreements:
                progress(page.document.id)
                histories[page.document.id] = _history(root, page.document.id, room)
    except RepositoryError:
        histories = {page.document.id: _history(root, page.document.id, None) for page in content.agreements}
    wide = {note.rule: note for past in histories.values() for note in past.notes if note.rule in REPOSITORY_WIDE}
    notes = tuple(replace(note, path=".") for _, note in sorted(wide.items()))
    return replace(content, histories=histories, findings=(*content.findings, *notes))


def _history(root: Path, agreement: str, room: _Room | None) -> AgreementHistory:
    try:
        past = history(root, agreement)
    except Exception as error:  # the past must never keep the present from being built
        return AgreementHistory(notes=(_note("history-failed", agreement, _said(error)),))
    notes = list(past.notes)
    texts = [revision for revision in past.revisions if not revision.problem]
    redlines = tuple(_redlines(room, list(pairwise(texts))[:MOST_PAIRS], notes)) if room else ()
    whole = tuple(_redlines(room, [(texts[0], texts[-1])], notes)) if room and len(texts) > 2 else ()
    return AgreementHistory(tuple(map(_row, past.revisions)), redlines, whole[0] if whole else None, tuple(notes))


def _redlines(room: _Room, pairs: Sequence[tuple[Revision, Revision]], notes: list[Finding]) -> Iterator[RedlineText]:
    for new, old in pairs:
        try:
            yield room.redline(old, new)
        except Exception as error:
            said = f"there is no redline from {old.short} to {new.short}: {_said(error)}"
            notes.append(_note("redline-failed", new.id, said))


@dataclass
class _Room:
    """Where texts of the past are assembled: what they have in common is loaded once."""

    git: Git
    root: Path
    sandbox: Sandbox
    types: dict[str, dict[str, TypeBundle]] = field(default_factory=dict)
    texts: dict[tuple[str, bool], Text] = field(default_factory=dict)

    def redline(self, old: Revision, new: Revision) -> RedlineText:
        """Return a redline, from the user's cache if it was made before. Raises FindingsError, RepositoryError."""
        sides = [(revision, self._sources(revision)) for revision in (old, new)]
        folder = caching.cache_folder("redlines")
        named = "\0".join([engine(), *(f"{revision.commit} {origin.key}" for revision, origin in sides)])
        place = folder / f"{hashlib.sha256(named.encode()).hexdigest()}.json.z" if folder else None
        kept = caching.read(place) if place else None
        if kept is not None:
            return RedlineText(**json.loads(zlib.decompress(kept)))
        before, after = (self._text(revision, origin) for revision, origin in sides)
        made = self._made(before, after, _slug(old), _slug(new))
        if place:
            caching.write(place, zlib.compress(json.dumps(asdict(made)).encode(), 1))
        return made

    def _made(self, old: Text, new: Text, old_slug: str, new_slug: str) -> RedlineText:
        found = comparison(old, new, self.sandbox)
        names = describe(old), describe(new)
        heading = RedlineHeading.of(found.redline, *names, found.changes)
        inline = render_html(found.redline, heading, view="inline", internal=True, fold=True)
        beside = render_html(found.redline, heading, view="side-by-side", internal=True, fold=True)
        return RedlineText(old_slug, new_slug, *names, len(found.changes), inline, beside)

    def _text(self, revision: Revision, origin: Sources) -> Text:
        key = origin.key, bool(revision.commit)
        known = self.texts.get(key)
        if known is None:
            kinds = self.types.setdefault(origin.library, {})
            project = Project(self.root, self.sandbox, kinds, self._tree(revision))
            file = AgreementFile(revision.id, revision.path)
            known = self.texts[key] = text_of(project.assemble(file), revision.commit)
        return replace(known, commit=revision.commit)

    def _sources(self, revision: Revision) -> Sources:
        origin = sources(self._tree(revision), revision.id)
        if origin is None:
            raise RepositoryError(f"{revision.path} is not there any more")
        return origin

    def _tree(self, revision: Revision) -> GitTree | HashedDisk:
        return GitTree(self.git, revision.commit) if revision.commit else HashedDisk(self.root)


def _row(revision: Revision) -> RevisionRow:
    return RevisionRow(
        _slug(revision),
        revision.short,
        revision.versions,
        revision.tags,
        revision.date,
        revision.author,
        revision.subject,
        revision.changed,
        revision.problem,
        revision.hint,
    )


def _slug(revision: Revision) -> str:
    return revision.short if revision.commit else WORK_TREE.replace(" ", "-")


def _said(error: Exception) -> str:
    if isinstance(error, RepositoryError):
        return error.message
    if isinstance(error, FindingsError):
        return "; ".join(finding.message for finding in error.findings)
    return f"Clausebook itself failed: {type(error).__name__}: {str(error)[:200]}"


def _note(rule: str, agreement: str, message: str) -> Finding:
    return Finding(rule=rule, severity="note", message=message, path=f"agreements/{agreement}.yaml")
