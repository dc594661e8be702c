"""Legal holds: while one is open, nothing of its agreement is deleted or rewritten.

A change is judged by the holds of the branch that it goes into: what it says of them itself counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from clausebook.amending.amendment_files import amended_by
from clausebook.findings.characters import shortened
from clausebook.findings.model import Finding, RepositoryError, finding_in
from clausebook.lifecycle.turns import check_note
from clausebook.load.yaml import load_yaml
from clausebook.project.project import Project
from clausebook.records.journal import LIFE, Hold, journal_path, sound_journal
from clausebook.records.journal_edits import with_changed, with_entries
from clausebook.records.model import EXECUTED, MOST_SIGNED, turns_folder
from clausebook.records.results_files import results_path
from clausebook.repository.agreement_files import APPROVALS, EVIDENCE, FOLDER, JOURNALS, REGISTERED, SUFFIXES
from clausebook.repository.git.base import base_of, compared_base
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.objects import SHORT
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import head_of
from clausebook.repository.hashed import files_in, is_blob
from clausebook.repository.tree import Tree, TreeError, names_in
from clausebook.repository.writing import publish_together
from clausebook.validate.value_formats import check_date

MOST_TOLD = 20
"""How many files of one agreement under hold are told of."""

_PERSONS = ("owner", "deputy")

_Holds = Mapping[str, Mapping[str, Any]]
"""An open hold of each agreement under one, by id, as its journal has it."""


def hold(project: Project, agreement: str, matter: str, by: str, on: str) -> Hold:
    """Put an agreement under hold from a day on, ISO 8601, and return what was written into its journal.

    Raises RepositoryError for what was asked for, FindingsError if the journal has errors; nothing is written then.
    """
    made = Hold(*_told(project, agreement, matter, by, on))
    if any(each.matter == made.matter and not each.released for each in sound_journal(project.tree, agreement).holds):
        raise RepositoryError(f"`{agreement}` is under hold already in this matter", "see its journal")
    entry = {"matter": made.matter, "since": made.since, "by": made.by}
    publish_together(with_entries(project.tree, "holds", {agreement: [entry]}), project.root)
    return made


def release(project: Project, agreement: str, matter: str, by: str, on: str) -> Hold:
    """Release an agreement from a hold, which stays in the journal as released; see `hold`."""
    matter, on, by = _told(project, agreement, matter, by, on)
    holds = sound_journal(project.tree, agreement).holds
    for index, each in enumerate(holds):
        if each.matter == matter and not each.released:
            if on < each.since:
                raise RepositoryError(f"{on} is before the hold began, on {each.since}", "write the day with --on")
            made = {"matter": matter, "since": each.since, "by": each.by, "released": {"on": on, "by": by}}
            publish_together(with_changed(project.tree, "holds", agreement, index, made), project.root)
            return each
    matters = "; ".join(each.matter for each in holds if not each.released)
    hint = f"it is under hold in: {matters}" if matters else "it is under no hold"
    raise RepositoryError(f"`{agreement}` is under no hold in this matter", hint)


def hold_findings(project: Project) -> Iterator[Finding]:
    """Yield what the work tree deletes or rewrites although it is under hold, compared with where it left its base."""
    holds = _open_holds([project.tree])
    try:
        with Git(project.root) as git:
            head = None if git.bare else head_of(git)
            if head:
                found = compared_base(git, head)
                holds = _open_holds([GitTree(git, found.tip), GitTree(git, found.commit)])
                yield from _broken(GitTree(git, found.commit), project.tree, holds)
    except RepositoryError as error:
        for name in holds:
            said = f"whether the hold on `{name}` is kept cannot be told: {error.message}"
            yield finding_in(journal_path(name), "core/hold-unjudged", said, error.hint)


def hold_broken(before: Tree, after: Tree, named: str) -> Iterator[Finding]:
    """Yield what a change deletes or rewrites although it is under hold; `named` is the protected branch, or ""."""
    if isinstance(before, GitTree):
        trees = [before]
        with suppress(RepositoryError):  # where no branch is protected, what the change began from is all there is
            trees.insert(0, GitTree(before.git, base_of(before.git, named).commit))
        yield from _broken(before, after, _open_holds(trees))


def _told(project: Project, agreement: str, matter: str, by: str, on: str) -> tuple[str, str, str]:
    project.expect(agreement)
    matter, by = matter.strip(), by.strip()
    for name, text in (("matter", matter), ("by", by)):
        check_note(text, name)
        if not text:
            what = "for which matter" if name == "matter" else "who says so"
            raise RepositoryError(f"nothing tells {what}", f"write it with --{name}")
    check_date(on)
    return matter, on, by


def _open_holds(trees: Iterable[Tree]) -> _Holds:
    """Return an open hold of each agreement that is under one in any of the trees; hostile files are bounded."""
    found: dict[str, Mapping[str, Any]] = {}
    for tree in trees:
        for name in names_in(tree, JOURNALS):
            stem, _, ending = name.rpartition(".")
            for each in _listed(_journal(tree, f"{JOURNALS}/{name}", b"holds").get("holds")):
                if f".{ending}" in SUFFIXES and isinstance(each, Mapping) and not each.get("released"):
                    found.setdefault(stem, each)
    return found


def _broken(before: GitTree, after: Tree, holds: _Holds) -> Iterator[Finding]:
    if not holds:
        return
    names = [name.rpartition(".")[0] for name in names_in(before, FOLDER) if name.endswith(SUFFIXES)]
    folders = (name for folder in (FOLDER, EXECUTED, EVIDENCE) for name in names_in(before, folder))
    names += [name[:-1] for name in folders if name.endswith("/")]
    for name in dict.fromkeys((*holds, *names)):
        held = _held_by(name, holds)
        if held == name:
            yield from _released(after, name, holds[name])
        if held:
            told = [*_files(before, after, name), *_entries(before, after, name), *_results(before, after, name)]
            for path, what in told[:MOST_TOLD]:
                yield _finding(path, what, held, holds[held], before.commit)
            if told[MOST_TOLD:]:
                more = f"has {len(told) - MOST_TOLD} more files deleted or rewritten,"
                yield _finding(f"{FOLDER}/{name}", more, held, holds[held], before.commit)


def _released(after: Tree, name: str, held: Mapping[str, Any]) -> Iterator[Finding]:
    """Say that a change releases the hold: whoever reviews it must know, for nothing protects the agreement then."""
    for path in (f"{JOURNALS}/{each}" for each in _own_files(name)):
        rows = _listed(_journal(after, path).get("holds"))
        if held not in rows and held in map(_unreleased, rows):
            said = f"the hold on `{name}` is released: {shortened(str(held.get('matter', '')))}"
            hint = "whoever merges this lets files of the agreement be deleted; see that the hold is over"
            yield finding_in(path, "core/hold-released", said, hint)


def _held_by(name: str, holds: _Holds) -> str:
    """Return the agreement whose hold holds this one: itself, or what it amends; "" if none does."""
    while name not in holds:
        amended = amended_by(name)
        if amended is None:
            return ""
        name = amended[0]
    return name


def _finding(path: str, what: str, held: str, by: Mapping[str, Any], commit: str) -> Finding:
    told = ", ".join(shortened(str(by.get(each, ""))) for each in ("matter", "by"))
    said = f"`{path}` {what} though `{held}` is under legal hold since {shortened(str(by.get('since', '')))} ({told})"
    hint = (
        f"bring it back: git restore --source={commit[:SHORT]} -- {path}; a hold is released first, in a change of its "
    )
    hint += f"own that is merged before: clausebook hold {held} --release --matter TEXT --by NAME --on DATE"
    return finding_in(path, "core/hold-broken", said, hint)


def _files(before: GitTree, after: Tree, name: str) -> Iterator[tuple[str, str]]:
    """Yield each file of an agreement that is gone, and each one that is never edited and was, with what to say."""
    own, paper = f"{FOLDER}/{name}", f"{REGISTERED}/{name}"
    fixed = tuple(
        f"{each}/"
        for each in (f"{EXECUTED}/{name}", turns_folder(name), f"{own}/{APPROVALS}", f"{EVIDENCE}/{name}", paper)
    )
    held = {
        f"{folder}/{each}": oid
        for folder in (FOLDER, REGISTERED)
        for each, oid in files_in(before, folder).items()
        if each in _own_files(name)
    }
    for folder in (own, f"{EXECUTED}/{name}", f"{EVIDENCE}/{name}", paper):
        held |= _below(before, folder)
    there = {each: set(names_in(after, each)) for each in {path.rpartition("/")[0] for path in held}}
    gone = [path for path in held if path.rpartition("/")[2] not in there[path.rpartition("/")[0]]]
    kept = {path: oid for path, oid in held.items() if path not in gone and path.startswith(fixed)}
    if isinstance(after, GitTree):
        edited = [path for path, oid in kept.items() if after.digest(path) != oid]
    else:
        other = [path for path, oid in kept.items() if not is_blob(oid, after, path, MOST_SIGNED)]
        stored = before.git.as_stored(other) if other else []
        edited = [path for path, oid in zip(other, stored, strict=True) if kept[path] != oid]
    yield from ((path, "is deleted,") for path in sorted(gone))
    yield from ((path, "is rewritten,") for path in sorted(edited))


def _own_files(name: str) -> tuple[str, ...]:
    return tuple(f"{name}{each}" for each in SUFFIXES)


def _below(tree: GitTree, folder: str) -> dict[str, str]:
    found: dict[str, str] = {}
    waiting = [folder]
    while waiting:
        each = waiting.pop()
        found |= {f"{each}/{name}": oid for name, oid in files_in(tree, each).items()}
        waiting += [f"{each}/{name[:-1]}" for name in names_in(tree, each) if name.endswith("/")]
    return found


def _entries(before: Tree, after: Tree, name: str) -> Iterator[tuple[str, str]]:
    """Yield each part of an agreement's journal of which something was taken out or rewritten."""
    for path in (f"{JOURNALS}/{each}" for each in _own_files(name)):
        old = _journal(before, path)
        new = _journal(after, path)
        for part, told in old.items():
            now = new.get(part)
            if part in _PERSONS or part in LIFE:
                kept = part in new if part in _PERSONS else now == told
            else:
                rows = _listed(now)
                rows = [*rows, *map(_unreleased, rows)] if part == "holds" else rows
                kept = all(each in rows for each in _listed(told))
            if not kept:
                yield path, f"has not all that stood under `{part}`,"


def _results(before: Tree, after: Tree, name: str) -> Iterator[tuple[str, str]]:
    """Yield the results of an agreement if a row of them was taken out, or is another one now."""
    path = results_path(name)
    if not _rows(before, path) <= _rows(after, path):
        yield path, "has not all rows that stood in it,"


def _rows(tree: Tree, path: str) -> set[bytes]:
    try:
        return {line for line in tree.read(path).splitlines() if line.strip()}
    except TreeError:
        return set()


def _unreleased(entry: Any) -> Any:
    return {key: each for key, each in entry.items() if key != "released"} if isinstance(entry, Mapping) else entry


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _journal(tree: Tree, path: str, needed: bytes = b"") -> Mapping[str, Any]:
    """Return what stands in a journal, {} if it is not there or cannot be read, or does not say the needed word."""
    try:
        content = tree.read(path) if path.rpartition("/")[2] in names_in(tree, JOURNALS) else b""
        # YAML can say a word in escapes, too.
        says = needed in content or b"\\" in content
        value = load_yaml(content, path).value if content and says else None
    except TreeError:
        value = None
    return value if isinstance(value, dict) else {}
