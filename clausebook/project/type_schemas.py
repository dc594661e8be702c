"""What else is to be said of a type's schemas: how other tools read them, and names that the clauses have already."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clausebook.findings.model import Finding, FindingsError, finding_in
from clausebook.findings.pointers import pointer
from clausebook.language.dialects import DIALECTS
from clausebook.load.positions import Positions
from clausebook.load.yaml import load_yaml
from clausebook.repository.tree import Tree, TreeError
from clausebook.validate.schema_files import path_of, subschemas, whole_path
from clausebook.validate.schemas import Schemas, SchemaStore
from clausebook.validate.value_formats import is_anchored
from clausebook.validate.whole_schemas import ANY, any_schema, as_file, whole_schema

_MAKE = "make it anew: clausebook schemas"
_FUNCTIONS = frozenset[str]().union(*(dialect.functions for dialect in DIALECTS.values()))

_Said = tuple[str, str, str, tuple[str | int, ...]]
"""Rule, message and hint of what is wrong in a schema, and where."""


def whole_files(store: SchemaStore) -> Mapping[str, bytes]:
    """Return the self-contained schema of each type, and the one that chooses among them, by their paths.

    Raises FindingsError if the schemas of a type cannot be used.
    """
    known = {kind: _whole(store.of(kind), kind) for kind in store.types()}
    return {whole_path(kind): as_file(schema) for kind, schema in ((ANY, any_schema(store.types())), *known.items())}


def schema_findings(tree: Tree, schemas: Schemas, kind: str) -> Iterator[Finding]:
    """Yield what is wrong with the schemas of a type although they can be used."""
    if schemas.findings:
        return
    for name, content in schemas.contents:
        if isinstance(content, bytes):
            yield from _in_file(path_of(schemas.folder, name), content, root=name == schemas.root_file)
    try:
        other = _is_other(tree, whole_path(kind), _whole(schemas, kind))
    except FindingsError as error:
        yield from error.findings
        return
    if other:
        said = f"the schema is not what schemas/{kind}/ makes now: editors and other tools go by an old one"
        yield finding_in(whole_path(kind), "core/schema-outdated", said, _MAKE)


def choice_findings(tree: Tree, kinds: Sequence[str]) -> Iterator[Finding]:
    """Yield what is wrong with the schema that chooses among those of all types."""
    if ANY not in kinds and _is_other(tree, whole_path(ANY), any_schema(kinds)):
        said = "the schema does not know the types that there are now: editors and other tools go by an old one"
        yield finding_in(whole_path(ANY), "core/schema-outdated", said, _MAKE)


def _in_file(path: str, content: bytes, *, root: bool) -> Iterator[Finding]:
    schema = json.loads(content)
    found = [*_unanchored(schema), *(_taken(schema) if root else ())]
    positions = load_yaml(content, path).positions if found else Positions()
    for rule, said, hint, where in found:
        yield Finding(rule, said, path, *positions.value(where), pointer(where), hint)


def _unanchored(schema: Any) -> Iterator[_Said]:
    for where, part in subschemas(schema):
        pattern = part.get("pattern")
        if isinstance(pattern, str) and not is_anchored(pattern):
            said = f"the schema's pattern {pattern} is not anchored: other tools take any value in which it occurs"
            # A block of text ends with a line break, which our validator leaves out.
            end = r"\n*$" if part.get("x-multiline") else "$"
            yield "core/schema-anchor", said, f"write it as ^(?:{pattern}){end}", (*where, "pattern")


def _taken(schema: Any) -> Iterator[_Said]:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    for name in sorted(_FUNCTIONS.intersection(properties if isinstance(properties, dict) else ())):
        said = f"no property of an agreement can be named `{name}`: in a clause, {name}(…) is a function"
        hint = f"give the property another name, such as the_{name}"
        yield "core/schema-name", said, hint, ("properties", name)


def _whole(schemas: Schemas, kind: str) -> Mapping[str, Any]:
    if schemas.findings:
        raise FindingsError(schemas.findings)
    try:
        return whole_schema(schemas, kind)
    except Exception as error:  # schemas are proven right only when they fail
        raise FindingsError(schemas.faults(error)) from error


def _is_other(tree: Tree, path: str, wanted: Mapping[str, Any]) -> bool:
    """Tell whether a schema is there, and not the one that is wanted."""
    try:
        return bool(json.loads(tree.read(path)) != wanted)
    except TreeError:  # a repository may do without
        return False
    except (ValueError, RecursionError):
        return True
