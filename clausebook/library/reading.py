"""Read the files of a type; what is wrong with one is added to the findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from clausebook.errors import Finding, has_errors
from clausebook.load import Loaded, load_yaml
from clausebook.tree import Tree, TreeError, unreadable

Check = Callable[[Loaded, str], Sequence[Finding]]
"""Checks loaded data against a schema; the text is the file's path, for the findings."""


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks of the files that make up a type."""

    clause: Check
    negotiated: Check
    outline: Check
    glossary: Check


def read_yaml(tree: Tree, path: str, check: Check, findings: list[Finding], root: Any) -> Loaded | None:
    """Return a YAML file, or None if it cannot be used; `root` is what it must hold."""
    content = read(tree, path, findings)
    if content is None:
        return None
    loaded = load_yaml(content, path, root=root, empty_text=True)
    problems = [*loaded.findings]
    if loaded.value is not None:
        problems += check(loaded, path)
    findings += problems
    return None if loaded.value is None or has_errors(problems) else loaded


def read(tree: Tree, path: str, findings: list[Finding]) -> bytes | None:
    """Return a file's bytes, or None if it cannot be read."""
    try:
        return tree.read(path)
    except TreeError as error:
        findings.append(unreadable(path, error))
        return None


def names(tree: Tree, folder: str, findings: list[Finding]) -> list[str]:
    """Return the names in a folder; none if it cannot be read."""
    try:
        return tree.names(folder)
    except TreeError as error:
        findings.append(unreadable(folder, error))
        return []
