"""The history of an agreement: the commits that changed its assembled text, each with the library of its time."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from clausebook.findings.characters import without_hidden
from clausebook.findings.model import Finding, RepositoryError
from clausebook.history.commit_chain import EVERY_STEP, MOST_STEPS, CommitChain, Step, chain
from clausebook.history.gaps import gaps
from clausebook.history.past_texts import ABSENT, PastText, Room, Wanted, mend_if_absent, said_version, same_text, texts
from clausebook.history.sources import Sources, sources
from clausebook.repository.agreement_files import find_agreements, is_id, no_agreement, path_in
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.objects import SHORT, read_commit
from clausebook.repository.git.process import MISSING, Git, GitUnavailable, MissingObject
from clausebook.repository.git.revision_names import find_commit, head_of, is_reference, resolve, unknown
from clausebook.repository.hashed import HashedDisk
from clausebook.repository.tree import Tree

if TYPE_CHECKING:
    from clausebook.language.sandbox import Sandbox
    from clausebook.project.agreement import Agreement
    from clausebook.project.project import Progress

WORK_TREE = "work tree"
"""The name of what is not committed yet; its commit is ""."""

MOST_TAGS = 1000

_GIT_ONLY = re.compile(r"HEAD|.*[~^].*|[0-9a-f]{7,64}|refs/.*")


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit that changed the agreement's text, or the work tree, whose `commit`, `date` and `author` are "".

    `date` is when the author wrote it, in UTC. `id` is the agreement's at that commit. `versions` are all that
    the agreement called this text, oldest first; `status` is the last. `changed` counts the clauses, definitions
    and other parts whose words, emphasis or links differ from the revision before that could be assembled, None for
    the first; 0 means that only order or numbers changed. `former` are its fingerprints in older forms: texts were sent
    and signed by them. `commits` are the first of each of `versions`: equal words do not make two versions one. With
    `problem` it cannot be assembled: `fingerprint` is "".
    """

    commit: str
    short: str
    date: str
    author: str
    subject: str
    id: str
    path: str
    title: str
    versions: tuple[str, ...]
    status: str
    tags: tuple[str, ...]
    fingerprint: str
    changed: int | None
    merge: bool
    problem: str = ""
    hint: str = ""
    former: Sequence[str] = ()
    commits: Sequence[str] = ()

    @property
    def slug(self) -> str:
        """Its name in paths."""
        return self.short if self.commit else WORK_TREE.replace(" ", "-")

    def is_named(self, mark: str) -> bool:
        """Tell whether a fingerprint, of any form, is that of this text."""
        return bool(mark) and mark in (self.fingerprint, *self.former)

    @property
    def version(self) -> str:
        """The version that the revision itself names."""
        return self.versions[0] if self.versions else ""


@dataclass(frozen=True, slots=True)
class History:
    """The revisions, newest first, and notes on what is not among them."""

    id: str
    revisions: tuple[Revision, ...]
    notes: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Past:
    """The steps of an agreement and their texts: `rows` says for each step which revision it belongs to."""

    chain: CommitChain
    texts: Sequence[PastText]
    rows: Sequence[int]

    @property
    def path(self) -> str:
        """Where the newest step has the agreement's file, "" without any."""
        return self.chain.steps[0].sources.path if self.chain.steps else ""


def history(
    root: Path,
    agreement: str,
    head: str = "",
    progress: Progress = lambda name: None,
    room: Room | None = None,
    most: int = MOST_STEPS,
    git: Git | None = None,
) -> History:
    """Return the agreement's revisions up to `head`, a revision's name; without it, up to the work tree.

    Only the newest `most` commits that may have changed it are looked at.

    `room`, if given, is where texts that are not known yet are assembled, and `git` the repository, opened.
    Without git, without commits, or in a shallow or partial clone, a note says what is missing.
    Raises RepositoryError if there is no such agreement or revision.
    """
    path = path_in(HashedDisk(root), agreement)
    notes: list[Finding] = []
    try:
        with nullcontext(git) if git else Git(root) as git:
            top = resolve(git, head) if head else head_of(git)
            if top is None:
                notes.append(_note(path, "core/history-empty", "nothing is committed yet", "commit it with git commit"))
            past = _past(git, root, agreement, top, progress, room, most)
            revisions = _revisions(git, past, top)
            if not head and not git.bare:
                revisions = [*_work_tree(root, agreement, past, revisions, progress, room), *revisions]
            if not revisions:
                raise _no_agreement(agreement, GitTree(git, top) if top else None)
            notes += gaps(git, past.path or path, past.chain, [text.problem == ABSENT for text in past.texts])
            if past.chain.gone and past.chain.steps:
                gone = f"{head or 'HEAD'} does not have the agreement any more"
                notes.append(_note(past.path, "core/history-gone", gone, ""))
    except GitUnavailable as error:
        if head:
            raise
        notes.append(_note(path, "core/history-none", error.message, error.hint))
        revisions = list(_work_tree(root, agreement, _Past(CommitChain(), (), ()), (), progress, room))
        if not revisions:
            raise _no_agreement(agreement, HashedDisk(root)) from error
    return History(agreement, tuple(revisions), tuple(notes))


def commit_of(git: Git, root: Path, agreement: str, name: str) -> str:
    """Return the commit that a name means for an agreement: a revision of git's, or a version; "" for the work tree.

    A version is that of the newest commit of that version. Raises RepositoryError if there is none, or two.
    """
    if name == WORK_TREE:
        return ""
    found = find_commit(git, name)
    top = head_of(git)
    if top is None or (found and _GIT_ONLY.fullmatch(name)):
        if found is None:
            raise unknown(git, name)
        return found
    versions: dict[str, Step] = {}
    for step in chain(git, top, agreement, EVERY_STEP).steps if is_id(agreement) else ():
        versions.setdefault(said_version(GitTree(git, step.commit), step.sources.path), step)
    versions.pop("", None)
    step_named = versions.get(name) or (None if found else versions.get(name.removeprefix("v")))
    if step_named is None:
        if found is None:
            raise unknown(git, name, tuple(versions))
        return found
    if found and is_reference(git, name):
        there = sources(GitTree(git, found), step_named.sources.id)
        if there is None or there.key != step_named.sources.key:
            raise RepositoryError(
                f"`{name}` is both a version of {agreement} and a branch or tag of git's, and they differ",
                f"write {step_named.commit[:SHORT]} for the version, {found[:SHORT]} for the other",
            )
        return found
    return step_named.commit


def agreement_at(git: Git, root: Path, agreement: str, commit: str, sandbox: Sandbox) -> Agreement:
    """Return the agreement, assembled as it stood at a commit (a full id, or "" for the work tree), with findings.

    Its renames are followed. Raises RepositoryError if it was not there.
    """
    from clausebook.project.project import Project
    from clausebook.repository.agreement_files import AgreementFile

    if not commit:
        project = Project(root, sandbox, judging=None)
        return project.assemble(project.files([agreement])[0])
    tree = GitTree(git, commit)
    origin = _sources_at(git, tree, agreement)
    if hint := mend_if_absent(tree, origin):
        raise MissingObject(f"what `{agreement}` was made of at {commit[:SHORT]} {MISSING}", hint)
    return Project(root, sandbox, judging=None, over=tree).assemble(AgreementFile(origin.id, origin.path))


def _sources_at(git: Git, tree: GitTree, agreement: str) -> Sources:
    there = sources(tree, agreement) if is_id(agreement) else None
    if there:
        return there
    top = head_of(git)
    steps = chain(git, top, agreement, EVERY_STEP).steps if top and is_id(agreement) else ()
    for name in dict.fromkeys(step.sources.id for step in steps):
        there = sources(tree, name)
        if there:
            return there
    if not steps:
        raise _no_agreement(agreement, tree)
    commit = read_commit(git, tree.commit)
    raise RepositoryError(
        f"there was no agreement `{agreement}` yet at {commit.short} ({commit.date[:10]}, {commit.subject})",
        f"its first revision is {steps[-1].commit[:SHORT]}",
    )


def _past(
    git: Git, root: Path, agreement: str, top: str | None, progress: Progress, room: Room | None, most: int
) -> _Past:
    known = top is not None and is_id(agreement)
    found = chain(git, top, agreement, most) if top and known else CommitChain()
    wanted = (Wanted(step.sources, GitTree(git, step.commit)) for step in found.steps)
    by_key = texts(root, wanted, progress, room)
    listed = [by_key[step.sources.key] for step in found.steps]
    return _Past(found, listed, _rows(listed))


def _rows(listed: Sequence[PastText]) -> Sequence[int]:
    """Return for each text, newest first, the number of its revision, counted from the oldest."""
    rows: list[int] = []
    before: PastText | None = None
    for text in reversed(listed):
        rows.append((rows[-1] if rows else -1) + (before is None or not same_text(before, text)))
        before = text
    return rows[::-1]


def _revisions(git: Git, past: _Past, top: str | None) -> list[Revision]:
    tags = _tags(git, past, top) if top else {}
    revisions: list[Revision] = []
    before: PastText | None = None
    steps = list(zip(past.chain.steps, past.texts, past.rows, strict=True))[::-1]
    for step, text, row in steps:
        if row == len(revisions):
            commit = read_commit(git, step.commit)
            revisions.append(
                _revision(
                    step.sources,
                    text,
                    before,
                    commit=commit.oid,
                    short=commit.short,
                    date=commit.date,
                    author=commit.author,
                    subject=commit.subject,
                    tags=tuple(sorted(tags.get(row, ()))),
                    merge=step.merge,
                )
            )
        else:
            last = revisions[-1]
            called = dict(zip(last.versions, last.commits, strict=True))
            if text.version:
                called.setdefault(text.version, step.commit)
            revisions[-1] = replace(last, versions=tuple(called), commits=tuple(called.values()), status=text.status)
        before = text if text.fingerprint else before
    return revisions[::-1]


def _revision(
    origin: Sources,
    text: PastText,
    before: PastText | None,
    *,
    commit: str = "",
    short: str = WORK_TREE,
    date: str = "",
    author: str = "",
    subject: str = "",
    tags: tuple[str, ...] = (),
    merge: bool = False,
) -> Revision:
    changed = None
    if before and text.fingerprint:
        names = before.parts.keys() | text.parts.keys()
        changed = sum(before.parts.get(name) != text.parts.get(name) for name in names)
    return Revision(
        commit,
        short,
        date,
        author,
        subject,
        origin.id,
        origin.path,
        text.title,
        (text.version,) if text.version else (),
        text.status,
        tags,
        text.fingerprint,
        changed,
        merge,
        f"{text.problem} ({text.place})" if text.place else text.problem,
        text.hint,
        tuple(text.fingerprints[:-1]),
        (commit,) if text.version else (),
    )


def _work_tree(
    root: Path,
    agreement: str,
    past: _Past,
    revisions: Sequence[Revision],
    progress: Progress,
    room: Room | None = None,
) -> Iterator[Revision]:
    """Yield what is not committed yet, if its text is not that of the last commit."""
    disk = HashedDisk(root)
    if past.chain.steps:
        disk.width = len(past.chain.steps[0].commit)
    origin = sources(disk, agreement) if is_id(agreement) else None
    steps = past.chain.steps if not past.chain.gone else ()
    if origin is None or (steps and steps[0].sources.key == origin.key):
        return
    text = texts(root, [Wanted(origin, disk)], progress, room)[origin.key]
    if not steps or not same_text(past.texts[0], text):
        before = next((known for known in past.texts if known.fingerprint), None)
        yield _revision(origin, text, before, subject="not committed yet")


def _tags(git: Git, past: _Past, top: str) -> Mapping[int, set[str]]:
    """Return the tags of each revision: of the commit itself, or of a later one at which the text still stood."""
    listed = git.run(
        "for-each-ref",
        f"--count={MOST_TAGS}",
        "--sort=-creatordate",
        f"--merged={top}",
        "--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname:lstrip=2)",
        "refs/tags",
    )
    rows: dict[str, list[tuple[int, int]]] = {}
    for step, row in zip(past.chain.steps, past.rows, strict=True):
        rows.setdefault(step.sources.key, []).append((read_commit(git, step.commit).committed, row))
    names = tuple(dict.fromkeys(step.sources.id for step in past.chain.steps))
    tags: dict[int, set[str]] = {}
    # Git's names are UTF-8, whatever this machine's locale is: the site shows them.
    for line in os.fsencode(listed).decode(errors="replace").splitlines():
        fields = line.split(" ")
        commit = next((oid for kind, oid in zip(fields[:4:2], fields[1:4:2], strict=True) if kind == "commit"), None)
        if commit is None:
            continue
        try:
            tree, tagged = GitTree(git, commit), read_commit(git, commit).committed
        except MissingObject:
            continue
        there = next((found for name in names if (found := sources(tree, name))), None)
        standing = rows.get(there.key, ()) if there else ()
        if standing:
            row = next((row for committed, row in standing if committed <= tagged), standing[0][1])
            tags.setdefault(row, set()).add(without_hidden(fields[4]))
    return tags


def _no_agreement(agreement: str, tree: Tree | None) -> RepositoryError:
    return no_agreement(agreement, [file.id for file in find_agreements(tree)[0]] if tree else ())


def _note(path: str, rule: str, message: str, hint: str) -> Finding:
    return Finding(rule=rule, message=message, path=path, hint=hint)
