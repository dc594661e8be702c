"""Where the project lay in a revision: its folder may have had another name, or another place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache

from clausebook.findings.model import RepositoryError
from clausebook.repository.git.objects import FOLDER, read_commit, read_tree
from clausebook.repository.git.process import Git

DEEPEST = 4
"""How many folders deep a former place of the project is looked for."""

MARKS = ("agreements", "templates")
"""What a project's folder holds."""


def project_folder(git: Git, root: str) -> str:
    """Return where the project lay in a tree of the whole repository: "", or a path that ends with a slash.

    It lay elsewhere only if one folder alone was a project that is none any more, and had an agreement or a type of the
    same name: where two could be meant, none is. Raises MissingObject if the clone does not have its folders.
    """
    if _is_project(git, root, git.prefix):
        return git.prefix
    gone = [folder for folder in _projects(git, root, DEEPEST) if not _still_there(git, folder)]
    # What is not known of the project as it is cannot be told from another one.
    if len(gone) == 1 and not _names(git, root, gone[0]).isdisjoint(_names_now(git)):
        return gone[0]
    return git.prefix


def folder_at(git: Git, root: str, path: str) -> str | None:
    """Return the id of the tree at a path, "" or one that ends with a slash; None if there is none."""
    oid: str | None = root
    for name in path.split("/")[:-1]:
        entry = read_tree(git, oid).get(name) if oid else None
        oid = entry.oid if entry and entry.kind == FOLDER else None
    return oid


def _is_project(git: Git, root: str, folder: str) -> bool:
    oid = folder_at(git, root, folder)
    held = read_tree(git, oid) if oid else {}
    return all(name in held and held[name].kind == FOLDER for name in MARKS)


@lru_cache(maxsize=4096)
def _projects(git: Git, oid: str, deep: int) -> tuple[str, ...]:
    """Return the projects in a tree, by their paths from it on; none lies in another one."""
    if _is_project(git, oid, ""):
        return ("",)
    held = read_tree(git, oid).items() if deep else ()
    folders = ((name, entry.oid) for name, entry in held if entry.kind == FOLDER)
    return tuple(f"{name}/{path}" for name, inner in folders for path in _projects(git, inner, deep - 1))


def _still_there(git: Git, folder: str) -> bool:
    """Tell whether a folder is a project still: then it is not ours under another name."""
    if not git.bare:
        place = git.path.resolve().joinpath(*[os.pardir] * git.prefix.count("/"), folder)
        if all((place / name).is_dir() for name in MARKS):
            return True
    head = _head_tree(git)
    return head is not None and _is_project(git, head, git.prefix) and _is_project(git, head, folder)


def _names(git: Git, root: str, folder: str) -> set[str]:
    """Return the names of a project's agreements and types, whose files end alike."""
    found = (folder_at(git, root, f"{folder}{mark}/") for mark in MARKS)
    return {name.partition(".")[0] for oid in found if oid for name in read_tree(git, oid)} - _COMMON


def _names_now(git: Git) -> set[str]:
    head = _head_tree(git)
    known = _names(git, head, git.prefix) if head else set()
    return known | set(_on_disk(git))


def _on_disk(git: Git) -> Iterator[str]:
    for mark in MARKS if not git.bare else ():
        place = git.path / mark
        if place.is_dir():
            yield from {name.partition(".")[0] for name in os.listdir(place)} - _COMMON


@lru_cache(maxsize=8)
def _head_tree(git: Git) -> str | None:
    head = git.find("HEAD^{commit}")
    try:
        return read_commit(git, head.oid).tree if head else None
    except RepositoryError:
        return None


_COMMON = {"README", "executed", "journal", "evidence", "results", "pipeline", "site", "pdf", "docx", ""}
"""Names that every project has."""
