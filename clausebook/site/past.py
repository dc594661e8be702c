"""Give the site's content each agreement's past: its revisions, and the redlines between them."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from clausebook.findings.model import Finding, FindingsError, RepositoryError
from clausebook.history.comparison import Text, comparison, text_of
from clausebook.history.past_texts import Room, Wanted
from clausebook.history.revisions import Revision, history
from clausebook.history.sources import sources
from clausebook.language.sandbox import Sandbox
from clausebook.records.model import EXECUTED, RECORD, Turn
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
from clausebook.site.revision_marks import revision_of
from clausebook.site.site_content import AgreementHistory, RedlineText, SiteContent

MOST_PAIRS = 200
"""Redlines of one agreement between a revision and the one before it; the command makes those of older ones."""

_OID = re.compile(r"[0-9a-f]{40,64}")


def with_past(
    content: SiteContent, root: Path, sandbox: Sandbox, room: Room, git: Git | None, *, internal: bool = True
) -> SiteContent:
    """Return the content with the history of each agreement, and a note on what keeps it from being whole.

    Nothing about the past can stop a build: what cannot be read or assembled is a note on the history's page. Past
    texts are assembled in the `room`. Redlines that are `internal` show causes and commits.
    """
    histories = {}
    for page in content.agreements:
        name = page.document.id
        turns = page.standing.turns if page.standing and not page.standing.executions else ()
        past = _history(root, name, room, git, sandbox, internal, turns)
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
    root: Path, agreement: str, room: Room, git: Git | None, sandbox: Sandbox, internal: bool, turns: Sequence[Turn]
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
        redlines = [made for old, new in pairs[:MOST_PAIRS] if (made := _made_or_noted(desk, old, new, notes))]
        if len(texts) > 1 and texts[0].fingerprint != texts[-1].fingerprint:
            whole = _led_to(texts[0], texts[-1], redlines) or _made_or_noted(desk, texts[-1], texts[0], notes)
        exchanged = [found for turn in turns if turn.text and (found := revision_of(turn, texts))]
        if exchanged and exchanged[-1].fingerprint != texts[0].fingerprint:
            known = _led_to(texts[0], exchanged[-1], [*redlines, *filter(None, [whole])])
            since = known or _made_or_noted(desk, exchanged[-1], texts[0], notes)
    older = max(0, len(pairs) - MOST_PAIRS)
    return AgreementHistory(past.revisions, tuple(redlines), whole, since, tuple(notes), unchanged, older, same)


def _led_to(new: Revision, old: Revision, made: Iterable[RedlineText]) -> RedlineText | None:
    return next((each for each in made if (each.old, each.new) == (old.slug, new.slug)), None)


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


def _made_or_noted(desk: _Desk, old: Revision, new: Revision, notes: list[Finding]) -> RedlineText | None:
    try:
        return desk.redline(old, new)
    except Exception as error:
        said = f"there is no redline from {old.short} to {new.short}: "
        notes.append(_note("core/redline-failed", new.path, error, said))
        return None


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

    def redline(self, old: Revision, new: Revision) -> RedlineText:
        """Return a redline, from the user's cache if it was made before. Raises FindingsError, RepositoryError.

        Its key is what both texts are made from, what they are called, and the engine.
        """
        sides = [(revision, self._wanted(revision)) for revision in (old, new)]
        key = (
            engine(),
            self.agreement,
            str(self.internal),
            *(f"{revision.commit} {side.sources.key}" for revision, side in sides),
        )
        kept = user_cache.kept_or_made("redlines", key, partial(self._written, old, new, sides))
        said = json.loads(zlib.decompress(kept))
        for name, text in said["unchanged"].items():
            self.unchanged.setdefault(name, text)
        return RedlineText(**said["redline"])

    def _written(self, old: Revision, new: Revision, sides: list[tuple[Revision, Wanted]]) -> bytes:
        before, after = (self._text(revision, side) for revision, side in sides)
        made, texts = self._made(before, after, old.slug, new.slug)
        return zlib.compress(json.dumps({"redline": asdict(made), "unchanged": texts}).encode(), 1)

    def _made(self, old: Text, new: Text, old_slug: str, new_slug: str) -> tuple[RedlineText, dict[str, str]]:
        found = comparison(old, new, self.sandbox)
        names = found.names(internal=self.internal)
        heading = RedlineHeading.of(found.redline, *names, found.changes)
        shelf = Shelf()
        inline, beside = (
            render_html(found.redline, heading, view=view, internal=self.internal, fold=True, shelf=shelf)
            for view in VIEWS
        )
        return RedlineText(old_slug, new_slug, *names, len(found.changes), inline, beside), shelf.texts

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
