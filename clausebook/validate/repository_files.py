"""Files at the root of a repository that say whom it trusts and who may do what, each with a schema of its name."""

from __future__ import annotations

from typing import Any

from clausebook.findings.model import Finding, SourceFile, has_errors
from clausebook.formats.numbers import UnknownFormat, source_number, unknown
from clausebook.load.yaml import load_yaml
from clausebook.repository.tree import Tree
from clausebook.validate.schema_files import SUFFIX
from clausebook.validate.schemas import load_schemas


def load_repository_file(tree: Tree, path: str, kind: str) -> tuple[Any, SourceFile, tuple[Finding, ...]]:
    """Return a file's data, None if it has errors; where its values stand; and every finding about it.

    `kind` is the name of its format and of its schema. Raises TreeError if the file cannot be read.
    """
    loaded = load_yaml(tree.read(path), path)
    at = SourceFile(path, loaded.positions.value)
    if loaded.value is None:
        return None, at, tuple(loaded.findings)
    try:
        source_number(loaded.value, kind)
    except UnknownFormat as error:
        return None, at, (unknown(error, path, at.locate),)
    schemas = load_schemas(tree, "schemas", f"{kind}{SUFFIX}")
    findings = (*loaded.findings, *schemas.validate(loaded.value, loaded.positions, path, known=loaded.findings))
    return None if has_errors(findings) else loaded.value, at, findings
