"""Files at the root of a repository that say whom it trusts and who may do what, each with a schema of its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from clausebook.findings.model import Finding, SourceFile, has_errors
from clausebook.formats.numbers import UnknownFormat, source_number, unknown
from clausebook.load.yaml import load_yaml
from clausebook.repository.tree import Tree, TreeError, unreadable
from clausebook.validate.schema_files import SUFFIX
from clausebook.validate.schemas import Schemas, load_schemas


def load_repository_file(tree: Tree, path: str, kind: str) -> tuple[Any, SourceFile, tuple[Finding, ...]]:
    """Return a file's data, None if it has errors; where its values stand; and every finding about it.

    `kind` is the name of its format and of its schema. Raises TreeError if the file cannot be read.
    """
    return _loaded(tree, path, kind, None)


def repository_files(
    tree: Tree, paths: Iterable[str], kind: str
) -> Iterator[tuple[str, Any, SourceFile, tuple[Finding, ...]]]:
    """Yield each file's path, and what `load_repository_file` returns of it; the schema is loaded once."""
    schemas = None
    for path in paths:
        schemas = schemas or load_schemas(tree, "schemas", f"{kind}{SUFFIX}")
        try:
            yield path, *_loaded(tree, path, kind, schemas)
        except TreeError as error:
            yield path, None, SourceFile(path, lambda pointer: (1, 1)), (unreadable(path, error),)


def _loaded(tree: Tree, path: str, kind: str, schemas: Schemas | None) -> tuple[Any, SourceFile, tuple[Finding, ...]]:
    loaded = load_yaml(tree.read(path), path)
    at = SourceFile(path, loaded.positions.value)
    if loaded.value is None:
        return None, at, tuple(loaded.findings)
    try:
        source_number(loaded.value, kind)
    except UnknownFormat as error:
        return None, at, (unknown(error, path, at.locate),)
    schemas = schemas or load_schemas(tree, "schemas", f"{kind}{SUFFIX}")
    findings = (*loaded.findings, *schemas.validate(loaded.value, loaded.positions, path, known=loaded.findings))
    return None if has_errors(findings) else loaded.value, at, findings
