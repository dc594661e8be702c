"""Keys: the hash of exactly what goes into what is made of an agreement; no key changed, nothing is made again."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from clausebook.build.families import families
from clausebook.build.git_state import LIBRARY, GitState
from clausebook.build.work_tree import SeenFile, own_template_digests, shared_digests
from clausebook.repository.confined import belongs_to
from clausebook.repository.engine import engine
from clausebook.repository.hashed import hash_of

MAKERS = ("clausebook.build.agreement_task", "clausebook.language.worker")
"""The modules that, with all they import, decide on what is made of an agreement; the second runs in a child."""

SHARED_FILES = "the library, schemas and looks"
"""What the part is called that stands for the files that all agreements share."""

TEMPLATES = "the templates of pages in templates/site/pages/"

PACKAGES = ("icalendar", "leather", "pillow", "pypdfium2", "pyhanko", "markupsafe")
"""Packages that decide on it beside those of the engine."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be made of an agreement: `family` are the agreements that it may depend on, itself among them.

    `parts` are hashes of all that goes into it, by what a person calls them.
    """

    id: str
    family: tuple[str, ...]
    parts: Mapping[str, str]

    @property
    def key(self) -> str:
        """The hash of all that goes into it."""
        return hash_of(f"{name} {mark}" for name, mark in sorted(self.parts.items()))


def shared_parts(files: Mapping[str, SeenFile], git: GitState, options: Mapping[str, str]) -> Mapping[str, str]:
    """Return the parts of every agreement's key; `options` are those that change what is made."""
    shared = (f"{path} {digest}" for path, digest in shared_digests(files).items())
    return {
        "the program": program(*MAKERS),
        SHARED_FILES: hash_of(shared),
        TEMPLATES: hash_of(own_template_digests(files)),
        "the library at the base": git.at_base.get(LIBRARY, ""),
        "commits of the library": git.commits.get(LIBRARY, ""),
        "tags, and the state of git": git.general,
        **options,
    }


def tasks_of(
    known: Iterable[str], files: Mapping[str, SeenFile], git: GitState, shared: Mapping[str, str]
) -> list[Task]:
    """Return what is to be made of each known agreement, by id; `shared` are the parts of every key."""
    ids = {*known}
    by_owner: dict[str, dict[str, str]] = {}
    named: dict[str, set[str]] = {}
    for path, each in files.items():
        name = belongs_to(path)
        if name:
            by_owner.setdefault(name, {})[path] = each.digest
            named.setdefault(name, set()).update(each.names)
    found = []
    # Registered papers, too, may be named by agreements.
    for family in families({*ids, *by_owner}, named):
        own = {path: mark for name in family for path, mark in by_owner.get(name, {}).items()}
        own |= {f"{name} at the base": git.at_base[name] for name in family if name in git.at_base}
        own |= {f"commits of {name}": git.commits[name] for name in family if name in git.commits}
        for name in family:
            if name in ids:
                edition = {"its edition": str(git.editions.get(name, ""))}
                found.append(Task(name, family, {**shared, **own, **edition, "its id": name}))
    return sorted(found, key=lambda task: task.id)


@cache
def program(*modules: str) -> str:
    """Return the fingerprint of modules of this program, with all they import, and of the packages that decide."""
    return hash_of((engine(*modules), *(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)))
