"""Which agreements' files git's diff will ask for next: git tells only of one, and where it stands among all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from clausebook.findings.characters import shown_line
from clausebook.findings.model import RepositoryError
from clausebook.history.git_diff.shown_files import shown
from clausebook.history.git_diff.words_cache import ShownFile, find
from clausebook.repository import user_cache
from clausebook.repository.agreement_files import FOLDER, SUFFIXES
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.process import Git
from clausebook.repository.hashed import HashedDisk
from clausebook.repository.tree import MAX_FILE_SIZE, TreeError, names_in

MOST_AHEAD = 24
"""Files of a diff that are assembled before the first is shown: a reader waits some seconds at the most."""

MOST_BYTES = 4 << 20
"""The size of these files together, in bytes: a hundred times that of an agreement."""

_MOST_COMMITS = 200
_MOST_SIDES = 8


@dataclass(frozen=True, slots=True)
class DiffedFile:
    """A file of a diff: `name` in agreements/, the hashes before and after ("" for none), `remaining` files after it.

    `of_work` is the hash of the side that is in the work tree, "" for none, and `work` its content.
    """

    name: str
    blobs: tuple[str, str]
    of_work: str
    work: bytes
    remaining: int


Names = Mapping[str, str]
"""The hashes of the files in agreements/, by name."""


def shown_ahead(root: Path, state: str, change: DiffedFile) -> dict[str, ShownFile]:
    """Return what git shows for both sides of a change, by their hashes; make and keep those that follow as well.

    A diff that costs a start of the engine for each of its files would take minutes.
    """
    contents: dict[str, bytes] = {}
    failed: dict[str, ShownFile] = {}
    with Git(root) as git:
        for blob in filter(None, change.blobs):
            try:
                contents[blob] = change.work if blob == change.of_work else _read(git, blob)
            except RepositoryError as error:
                failed[blob] = ShownFile(why_not=shown_line(error.message))
        disk = HashedDisk(root)
        disk.width = max(map(len, change.blobs))
        for blob, name in ahead(git, disk, change).items() if user_cache.can_keep() else ():
            if blob not in contents and find(state, blob) is None and sum(map(len, contents.values())) < MOST_BYTES:
                # What cannot be read is told when its turn comes.
                with contextlib.suppress(RepositoryError, TreeError):
                    contents[blob] = disk.read(f"{FOLDER}/{name}") if name else _read(git, blob)
    return {**shown(root, state, contents), **failed}


def ahead(git: Git, disk: HashedDisk, change: DiffedFile) -> dict[str, str]:
    """Return the hashes of the files that come after one in a diff, the nearest first, with names in the work tree.

    The name is "" for what git has. Looked for are two states of the repository (the work tree, the index, a recent
    commit) between which the one file changed as it did. Those two are chosen that differ in as many files as are
    still to come, or hardly more: where they are the wrong ones, some files are assembled for nothing.
    """
    old, new = change.blobs
    try:
        sides = list(_sides(git))
    except (RepositoryError, TreeError):
        return {}
    work = [_work(disk)]
    olds, news = (
        [each for each in (work if blob == change.of_work else sides) if each.get(change.name, "") == blob]
        for blob in change.blobs
    )
    found = [_changes(one, other, change.name) for one, other in product(olds[:_MOST_SIDES], news[:_MOST_SIDES])]
    best = min(found, key=lambda names: max(0, len(names) - change.remaining), default={})
    following: dict[str, str] = {}
    for name, both in list(best.items())[: min(change.remaining, MOST_AHEAD)]:
        for blob, own in zip(both, (old, new), strict=True):
            if blob:
                following.setdefault(blob, name if own == change.of_work else "")
    return following


def _read(git: Git, blob: str) -> bytes:
    found = git.read(blob)
    if found.size > len(found.data):
        raise RepositoryError(f"the file is larger than {MAX_FILE_SIZE >> 20} MiB", "see git diff --no-ext-diff")
    return found.data.replace(b"\r\n", b"\n")


def _changes(old: Names, new: Names, name: str) -> dict[str, tuple[str, str]]:
    """Return the hashes before and after of the files after `name` that differ, in git's order."""
    names = sorted(each for each in {*old, *new} if each > name and each.endswith(SUFFIXES))
    return {each: (old.get(each, ""), new.get(each, "")) for each in names if old.get(each) != new.get(each)}


def _sides(git: Git) -> Iterator[Names]:
    yield _index(git)
    seen = set()
    for commit in git.run("rev-list", f"--max-count={_MOST_COMMITS}", "HEAD", "--all").split():
        tree = GitTree(git, commit)
        folder = tree.entry(FOLDER)
        if folder and folder.oid not in seen:
            seen.add(folder.oid)
            yield tree.files(FOLDER)


def _index(git: Git) -> Names:
    found = {}
    for line in git.run("ls-files", "--stage", "-z", "--", FOLDER).split("\0")[:-1]:
        told, _, path = line.partition("\t")
        found[path.removeprefix(f"{FOLDER}/")] = told.split(" ")[1]
    return found


def _work(disk: HashedDisk) -> Names:
    found = {}
    for name in names_in(disk, FOLDER):
        try:
            found[name] = "" if name.endswith("/") else disk.digest(f"{FOLDER}/{name}")
        except TreeError:
            continue
    return found
