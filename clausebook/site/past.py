"""Give the site's content each agreement's past: its revisions, and the redlines between them."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

from clausebook.findings.model import Finding, FindingsError, RepositoryError
from clausebook.history.comparison import Comparison, Text, comparison, text_of
from clausebook.history.past_texts import Room, Wanted
from clausebook.history.revisions import Revision, history
from clausebook.history.sources import sources
from clausebook.history.written_redlines import written_redline
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.standing import Standing
from clausebook.records.model import EXECUTED, RECORD
from clausebook.render.formats import look_digest, pdf_look
from clausebook.render.redline.formats import RedlineOptions
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.html import VIEWS, render_html
from clausebook.repository import user_cache
from clausebook.repository.agreement_files import path_in
from clausebook.repository.engine import engine
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.objects import read_commit
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import head_of
from clausebook.repository.hashed import HashedDisk
from clausebook.site.folds import Shelf
from clausebook.site.repository_notes import REPOSITORY_WIDE
from clausebook.site.revision_marks import left_house
from clausebook.site.site_content import AgreementHistory, RedlineText, SiteContent

MOST_PAIRS = 200
"""Redlines of one agreement between a revision and the one before it; the command makes those of older ones."""

FILES = ("docx", "pdf")
"""The formats in which a redline can be taken away."""

_Sides = tuple[tuple[Revision, Wanted], tuple[Revision, Wanted]]

_OID = re.compile(r"[0-9a-f]{40,64}")


def with_past(
    content: SiteContent,
    root: Path,
    sandbox: Sandbox,
    room: Room,
    git: Git | None,
    *,
    internal: bool = True,
    files: bool = True,
) -> SiteContent:
    """Return the content with the history of each agreement, and a note on what keeps it from being whole.

    Nothing about the past can stop a build: what cannot be read or assembled is a note on the history's page. Past
    texts are assembled in the `room`. Redlines that are `internal` show causes and commits; without `files` none has
    any to take away.
    """
    histories = {}
    for page in content.agreements:
        name = page.document.id
        past = _history(root, name, room, git, sandbox, page.standing, internal=internal, files=files)
        executed = page.standing and page.standing.executions
        histories[name] = replace(past, recorded=_recorded(git, name)) if git and executed else past
        room.forget()
    wide: dict[str, Finding] = {}
    for past in histories.values():
        for note in past.notes:
            if note.rule in REPOSITORY_WIDE:
                wide.setdefault(note.rule, replace(note, path="."))
    return replace(content, histories=histories, findings=(*content.findings, *(wide[rule] for rule in sorted(wide))))


def _history(
    root: Path,
    agreement: str,
    room: Room,
    git: Git | None,
    sandbox: Sandbox,
    standing: Standing | None,
    *,
    internal: bool,
    files: bool,
) -> AgreementHistory:
    try:
        past = history(root, agreement, room=room, git=git)
    except Exception as error:  # the past must never keep the present from being built
        return AgreementHistory(notes=(_note("core/history-failed", path_in(HashedDisk(root), agreement), error),))
    texts = [revision for revision in past.revisions if not revision.problem]
    pairs = [(old, new) for new, old in pairwise(texts) if old.fingerprint != new.fingerprint]
    same = frozenset(new.slug for new, old in pairwise(texts) if old.fingerprint == new.fingerprint)
    redlines: list[RedlineText] = []
    whole: RedlineText | None = None
    since: RedlineText | None = None
    notes = list(past.notes)
    unchanged: dict[str, str] = {}
    if git:
        desk = _Desk(agreement, root, git, room, sandbox, internal, unchanged)
        out = left_house(standing, texts) if standing else None
        if out and out.fingerprint == texts[0].fingerprint:
            out = None
        # Both files take as long as ten redlines on a page: only what is asked for most has them, once it is committed.
        asked = [(out, texts[0])] if out and texts[0].commit else pairs
        taken = [(old, new) for old, new in asked if new.commit][:1] if files else []
        made: dict[tuple[str, str], RedlineText | None] = {}

        def redline(old: Revision, new: Revision) -> RedlineText | None:
            key = (old.slug, new.slug)
            if key not in made:
                made[key] = _made_or_noted(desk, old, new, notes, files=(old, new) in taken)
            return made[key]

        redlines = [found for old, new in pairs[:MOST_PAIRS] if (found := redline(old, new))]
        if len(texts) > 1 and texts[0].fingerprint != texts[-1].fingerprint:
            whole = redline(texts[-1], texts[0])
        if out:
            since = redline(out, texts[0])
    older = max(0, len(pairs) - MOST_PAIRS)
    return AgreementHistory(past.revisions, tuple(redlines), whole, since, tuple(notes), unchanged, older, same)


def _recorded(git: Git, agreement: str) -> Mapping[str, str]:
    """Return when the record of each executed version was committed; nothing of a clone that may not have it."""
    folder = f"{git.prefix}{EXECUTED}/{agreement}/"
    found: dict[str, str] = {}
    commit = ""
    try:
        top = None if git.shallow else head_of(git)
        if top is None:
            return {}
        listed = git.run(
            *("log", "-z", "--reverse", "--full-history", "--diff-filter=A", "--no-renames", "--name-only"),
            *("--format=%H", top, "--", f":(top,literal){folder}"),
        )
        for line in filter(None, re.split(r"[\0\n]", listed)):
            if _OID.fullmatch(line):
                commit = line
            elif line.startswith(folder) and line.endswith(f"/{RECORD}"):
                version = line.removeprefix(folder).removesuffix(f"/{RECORD}")
                # What was taken away and brought back was recorded when it came first.
                found.setdefault(version, read_commit(git, commit).date)
    except RepositoryError:
        return {}
    return found


def _made_or_noted(
    desk: _Desk, old: Revision, new: Revision, notes: list[Finding], *, files: bool
) -> RedlineText | None:
    said = "there is no redline"
    made: RedlineText | None = None
    try:
        sides = desk.sides(old, new)
        found = cache(lambda: desk.compared(sides))
        made = desk.redline(sides, found)
        said = "there is no Word or PDF file of the redline"
        return replace(made, files=desk.files(sides, found)) if files else made
    except Exception as error:
        said += f" from {old.short} to {new.short}: "
        notes.append(_note("core/redline-failed", new.path, error, said))
        return made


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where the redlines of one agreement are made; `unchanged` gathers the words that they fold."""

    agreement: str
    root: Path
    git: Git
    room: Room
    sandbox: Sandbox
    internal: bool
    unchanged: dict[str, str]

    def redline(self, sides: _Sides, found: Callable[[], Comparison]) -> RedlineText:
        """Return a redline, from the user's cache if it was made before. Raises FindingsError, RepositoryError.

        Its key is what both texts are made from, what they are called, and the engine.
        """
        key = (
            engine(),
            self.agreement,
            str(self.internal),
            *(f"{revision.commit} {side.sources.key}" for revision, side in sides),
        )
        old, new = (revision.slug for revision, _ in sides)
        kept = user_cache.kept_or_made("redlines", key, lambda: self._written(found(), old, new))
        said = json.loads(zlib.decompress(kept))
        for name, text in said["unchanged"].items():
            self.unchanged.setdefault(name, text)
        return RedlineText(**said["redline"])

    def files(self, sides: _Sides, found: Callable[[], Comparison]) -> Mapping[str, bytes]:
        """Return a redline as files, for anybody, as `clausebook redline` writes them. Raises as `redline` does.

        They are kept as redlines are, by the look of each beside the rest.
        """
        key = (self.agreement, *(f"{each.commit} {each.date} {each.author} {side.sources.key}" for each, side in sides))
        date = sides[1][0].date[:10]
        return {
            f"{self.agreement}-redline-{date}.{name}": user_cache.kept_or_made(
                "redline-files", (name, engine(), look_digest(self.root, name), *key), partial(self._file, found, name)
            )
            for name in FILES
        }

    def sides(self, old: Revision, new: Revision) -> _Sides:
        """Return both revisions with what their texts are made from."""
        return (old, self._wanted(old)), (new, self._wanted(new))

    def compared(self, sides: _Sides) -> Comparison:
        """Compare both texts."""
        before, after = (self._text(revision, side) for revision, side in sides)
        return comparison(before, after, self.sandbox)

    def _file(self, found: Callable[[], Comparison], name: str) -> bytes:
        options = RedlineOptions(internal=False, look=pdf_look(self.root))
        return written_redline(found(), name, self.root, options)

    def _written(self, found: Comparison, old_slug: str, new_slug: str) -> bytes:
        made, texts = self._made(found, old_slug, new_slug)
        return zlib.compress(json.dumps({"redline": asdict(made), "unchanged": texts}).encode(), 1)

    def _made(self, found: Comparison, old_slug: str, new_slug: str) -> tuple[RedlineText, dict[str, str]]:
        names = found.names(internal=self.internal)
        heading = RedlineHeading.of(found.redline, *names, found.changes)
        shelf = Shelf()
        inline, beside = (
            render_html(found.redline, heading, view=view, internal=self.internal, fold=True, shelf=shelf)
            for view in VIEWS
        )
        return RedlineText(old_slug, new_slug, len(found.changes), inline, beside), shelf.texts

    def _text(self, revision: Revision, side: Wanted) -> Text:
        found = self.room.agreement(side, self.sandbox)
        text = text_of(found, revision.commit, revision.date[:10], revision.author)
        # The site's causes name no lines, and to find them means to read each file again.
        inputs = text.inputs
        return replace(text, inputs=replace(inputs, deal=replace(inputs.deal, locate=_nowhere))) if inputs else text

    def _wanted(self, revision: Revision) -> Wanted:
        tree = GitTree(self.git, revision.commit) if revision.commit else HashedDisk(self.root)
        origin = sources(tree, revision.id)
        if origin is None:
            raise RepositoryError(f"{revision.path} is not there any more")
        return Wanted(origin, tree)


def _nowhere(pointer: str) -> tuple[int, int]:
    return 0, 0


def _note(rule: str, path: str, error: Exception, said: str = "") -> Finding:
    hint = ""
    match error:
        case RepositoryError():
            said, hint = said + error.message, error.hint
        case FindingsError():
            said += "; ".join(finding.message for finding in error.findings)
        case _:
            said += f"Clausebook itself failed: {type(error).__name__}: {str(error)[:200]}"
    return Finding(rule=rule, message=said, path=path, hint=hint)
