"""Files beside agreements and types, each with a schema of its kind: whom a repository trusts, journals, evidence.

And what no file of YAML may ask of an editor: to fetch its schema from a network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from clausebook.findings.characters import shortened
from clausebook.findings.model import Finding, SourceFile, has_errors
from clausebook.formats.numbers import UnknownFormat, source_number, unknown
from clausebook.load.editing import property_lines
from clausebook.load.yaml import Loaded, load_yaml
from clausebook.repository.tree import Tree, TreeError, unreadable
from clausebook.validate.schema_files import SUFFIX
from clausebook.validate.schemas import Schemas, load_schemas

_SCHEMA_COMMENT = re.compile(r"#\s*(?:yaml-language-server\s*:\s*)?\$schema\s*[=:]\s*(\S+)")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\")


SchemaOf = Callable[[str], Schemas]
"""Gives the schema of a kind of file."""


def load_repository_file(
    tree: Tree, path: str, kind: str, known: SchemaOf | None = None
) -> tuple[Any, SourceFile, tuple[Finding, ...]]:
    """Return a file's data, None if it has errors; where its values stand; and every finding about it.

    `kind` is the name of its format and of its schema, which is loaded if `known` does not give it. Raises TreeError
    if the file cannot be read.
    """
    loaded = load_yaml(tree.read(path), path)
    at = SourceFile(path, loaded.positions.value)
    noted = (*loaded.findings, *network_schemas(loaded, path, editor_line(path, kind)))
    if loaded.value is None:
        return None, at, noted
    try:
        source_number(loaded.value, kind)
    except UnknownFormat as error:
        return None, at, (unknown(error, path, at.locate),)
    schemas = known(kind) if known else schema_of(tree, kind)
    findings = (*noted, *schemas.validate(loaded.value, loaded.positions, path, known=noted))
    return None if has_errors(findings) else loaded.value, at, findings


def read_repository_file(
    tree: Tree, path: str, kind: str, known: SchemaOf | None = None
) -> tuple[Any, SourceFile, tuple[Finding, ...]]:
    """Return what `load_repository_file` does; that a file cannot be read is a finding about it, too."""
    try:
        return load_repository_file(tree, path, kind, known)
    except TreeError as error:
        return None, SourceFile(path, lambda pointer: (1, 1)), (unreadable(path, error),)


def schema_of(tree: Tree, kind: str) -> Schemas:
    """Return the schema of a kind of file."""
    return load_schemas(tree, "schemas", f"{kind}{SUFFIX}")


def editor_line(path: str, kind: str) -> str:
    """Return the first line of a file at a path, by which editors find the schema of its kind."""
    return f"# yaml-language-server: $schema={'../' * path.count('/')}schemas/{kind}{SUFFIX}"


def written(path: str, kind: str, data: Mapping[str, Any], plain: re.Pattern[str]) -> bytes:
    """Return a new file of a kind that holds data, as YAML; for `plain` see `editing.scalar`."""
    lines = (line for name, value in data.items() for line in property_lines(name, value, plain))
    return "".join(f"{line}\n" for line in (editor_line(path, kind), *lines)).encode()


def network_schemas(loaded: Loaded, path: str, mend: str) -> Iterator[Finding]:
    """Refuse a schema from a network, which editors would fetch: in the comments at the beginning, or as a property.

    `mend` is the line that should stand there.
    """
    said = "the schema {} lies in a network; schemas are never fetched from one"
    hint, rule = f"first line of the file: {mend}", "core/schema-from-network"
    for number, line in enumerate(loaded.source.splitlines(), 1):
        if line.strip() and not line.startswith(("#", "---")):
            break
        match = _SCHEMA_COMMENT.match(line)
        if match and _ADDRESS.match(match[1]):
            yield Finding(rule, said.format(shortened(match[1])), path, number, match.start(1) + 1, "", hint)
    value = loaded.value.get("$schema") if isinstance(loaded.value, dict) else None
    if isinstance(value, str) and _ADDRESS.match(value):
        line_number, column = loaded.positions.value(("$schema",))
        yield Finding(rule, said.format(shortened(value)), path, line_number, column, "/$schema", hint)
