"""Read the files of a type; what is wrong with one is added to the findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from clausebook.findings.model import Finding, has_errors, with_places
from clausebook.formats.numbers import UnknownFormat, source_number, unknown
from clausebook.formats.table import FIELD, FORMATS
from clausebook.load.yaml import FrontMatter, Loaded, Root, load_yaml, split_front_matter
from clausebook.repository.tree import Tree, TreeError, unreadable
from clausebook.validate.schemas import Schemas

Kind = Literal["clause", "negotiated", "outline", "glossary", "rules", "approvals", "facts"]

MOST_FILES = 1024
"""Files that are kept loaded and checked: neighbouring revisions share nearly all of them."""


Checks = Mapping[str, Schemas]
"""The schemas of the files that make up a type, by kind."""


@dataclass(frozen=True, slots=True)
class Front:
    """A clause file: its front matter, its text with the line where that begins, and the language of that."""

    data: Mapping[str, Any]
    body: str
    body_line: int
    dialect: int


def read_yaml(tree: Tree, path: str, checks: Checks, kind: Kind, findings: list[Finding], root: Root) -> Loaded | None:
    """Return a YAML file, or None if it cannot be used; `root` is what it must hold. It must not be changed."""
    front = _read(tree, path, checks, kind, findings, root)
    return front.data if front else None


def dialect_of(loaded: Loaded, kind: Kind) -> int:
    """Return the number of the clause language in which the templates of a file are written."""
    return FORMATS[kind].dialect(source_number(loaded.value, kind))


def read_front_matter(tree: Tree, path: str, checks: Checks, kind: Kind, findings: list[Finding]) -> Front | None:
    """Return a clause file, or None if it cannot be used. It must not be changed."""
    front = _read(tree, path, checks, kind, findings, None)
    if front is None or not isinstance(front.data.value, dict):
        return None
    return Front(front.data.value, front.body, front.body_line, dialect_of(front.data, kind))


def names(tree: Tree, folder: str, findings: list[Finding]) -> list[str]:
    """Return the names in a folder; none if it cannot be read."""
    try:
        return tree.names(folder)
    except TreeError as error:
        findings.append(unreadable(folder, error))
        return []


@dataclass(frozen=True, slots=True)
class _File:
    """A file to load and check, told apart from others by all that the outcome depends on."""

    path: str
    content: bytes
    kind: Kind
    root: Root | None
    schemas: tuple[tuple[str, bytes | str], ...]
    checked: Schemas = field(compare=False)

    def problems(self, loaded: Loaded) -> Sequence[Finding]:
        if loaded.value is None:
            return ()
        try:
            source_number(loaded.value, self.kind)
        except UnknownFormat as error:
            # Nothing else can be told of what is written in a way that is not known.
            return (unknown(error, self.path, loaded.positions.value),)
        return self.checked.validate(loaded.value, loaded.positions, self.path, known=loaded.findings)


def _read(
    tree: Tree, path: str, checks: Checks, kind: Kind, findings: list[Finding], root: Root | None
) -> FrontMatter | None:
    """Return a file, or None if it cannot be used; without `root` it is Markdown that begins with front matter."""
    try:
        content = tree.read(path)
    except TreeError as error:
        findings.append(unreadable(path, error))
        return None
    file = _File(path, content, kind, root, tuple(checks[kind].contents), checks[kind])
    front, problems = _kept(file) if file.schemas else _loaded(file)
    findings += with_places(problems, path, front.data.value)
    return None if front.data.value is None or has_errors(problems) else front


def _loaded(file: _File) -> tuple[FrontMatter, tuple[Finding, ...]]:
    if file.root is None:
        front = split_front_matter(file.content, file.path)
        return front, (*front.findings, *file.problems(front.data))
    loaded = load_yaml(file.content, file.path, root=file.root, empty_text=True)
    front = FrontMatter(loaded, "", 1, loaded.findings)
    if loaded.value is None and file.root == "list":
        # A list has no place for a number, so what says one is no list.
        other = load_yaml(file.content, file.path, root="any", empty_text=True)
        if isinstance(other.value, dict) and FIELD in other.value:
            return front, tuple(file.problems(other)) or loaded.findings
    return front, (*loaded.findings, *file.problems(loaded))


_kept = lru_cache(maxsize=MOST_FILES)(_loaded)
