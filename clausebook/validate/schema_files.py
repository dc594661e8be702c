"""Reads the schemas of one folder and proves that they stand alone: no reference leads out of it.

But for one file: the definitions that all types share, `common.schema.json` in the folder above.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from clausebook.findings.model import Finding, finding_in
from clausebook.findings.pointers import child, parts, pointer
from clausebook.load.positions import Positions
from clausebook.load.yaml import load_yaml
from clausebook.repository.tree import Tree, TreeError, names_in
from clausebook.validate.value_formats import VALUE_FORMATS, pattern_problem

SUFFIX = ".schema.json"
AGREEMENT_SCHEMA = "agreement.schema.json"
"""The file that makes a folder of schemas the schemas of an agreement type."""

SHARED = "../common.schema.json"
"""The one file outside of its folder that the schemas of a type may refer to."""

RESTORE = "put the schema back as it was"

Contents: TypeAlias = "Sequence[tuple[str, bytes | str]]"
"""Name and bytes of each schema file of a folder; why it cannot be read in place of the bytes."""

HOLD_MAPS = ("properties", "patternProperties", "$defs", "dependentSchemas")
HOLD_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
HOLD_ONE = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")
_REFUSED = ("$dynamicRef", "$recursiveRef", "$anchor", "$dynamicAnchor", "unevaluatedProperties", "unevaluatedItems")


@dataclass(frozen=True, slots=True)
class SchemaFiles:
    """The schemas of a folder by file name. Every reference in them is one of `references`."""

    files: Mapping[str, Any]
    references: Mapping[str, Any]
    findings: tuple[Finding, ...]


def schema_line(kind: str, *, whole: bool = True) -> str:
    """Return the first line of an agreement's file, by which editors find the schema of its type."""
    return f"# yaml-language-server: $schema=../{whole_path(kind) if whole else f'schemas/{kind}/{AGREEMENT_SCHEMA}'}"


def whole_path(kind: str) -> str:
    """Return where the self-contained schema of a type lies, which is made from the type's own."""
    return f"schemas/whole/{kind}{SUFFIX}"


def read_schemas(tree: Tree, folder: str) -> Contents:
    """Return the schema files of the folder, and the shared one if they refer to it.

    Raise TreeError if the folder cannot be read.
    """
    files = [(name, _content(tree, f"{folder}/{name}")) for name in tree.names(folder) if name.endswith(SUFFIX)]
    above = folder.rpartition("/")[0]
    named = any(isinstance(content, bytes) and SHARED.encode() in content for _, content in files)
    if named and SHARED.removeprefix("../") in names_in(tree, above):
        files.append((SHARED, _content(tree, path_of(folder, SHARED))))
    return files


def path_of(folder: str, name: str) -> str:
    """Return the path of a schema file, which its folder's schemas know by a name."""
    return f"{folder.rpartition('/')[0]}/{name.removeprefix('../')}" if name == SHARED else f"{folder}/{name}"


def parse_schemas(folder: str, contents: Contents) -> SchemaFiles:
    """Parse the files, resolve each reference within them, and say what cannot be used.

    References are rewritten in place to "file#pointer", so that they mean the same wherever they are met.
    """
    files: dict[str, Any] = {}
    places = _Places(folder, dict(contents))
    findings: list[Finding] = []
    for name, content in contents:
        if isinstance(content, str):
            findings.append(places.finding("core/file-unreadable", f"the schema {content}", name, (), RESTORE))
            continue
        try:
            files[name] = json.loads(content)
        except (ValueError, RecursionError) as error:
            where = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
            said, hint = f"the schema is not valid JSON: {error}", "correct it there, or just before"
            findings.append(finding_in(path_of(folder, name), "core/schema-syntax", said, hint, *where))
    references: dict[str, Any] = {}
    for name, schema in files.items():
        if isinstance(schema, dict):
            # jsonschema would take a schema that names its dialect out of the hands of our own validator.
            schema.pop("$schema", None)
        for path, part in subschemas(schema):
            for rule, message, hint in _check(name, path, part, files, references, folder):
                findings.append(places.finding(rule, message, name, path, hint))
    return SchemaFiles(files, references, tuple(sorted(findings, key=lambda finding: finding.sort_key)))


def subschemas(schema: Any) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Yield the schema and every schema inside it, each with its path."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), schema)]
    while waiting:
        path, part = waiting.pop()
        if not isinstance(part, dict):
            continue
        yield path, part
        for keyword in HOLD_ONE:
            if keyword in part:
                waiting.append(((*path, keyword), part[keyword]))
        for keyword in HOLD_MAPS:
            if isinstance(part.get(keyword), dict):
                waiting.extend(((*path, keyword, name), value) for name, value in part[keyword].items())
        for keyword in HOLD_LISTS:
            if isinstance(part.get(keyword), list):
                waiting.extend(((*path, keyword, index), value) for index, value in enumerate(part[keyword]))


def _content(tree: Tree, path: str) -> bytes | str:
    try:
        return tree.read(path)
    except TreeError as error:
        return str(error)


def _check(
    name: str,
    path: tuple[str | int, ...],
    part: dict[str, Any],
    files: Mapping[str, Any],
    references: dict[str, Any],
    folder: str,
) -> Iterator[tuple[str, str, str]]:
    reference = part.get("$ref")
    if reference is not None:
        absolute, target = _resolve(str(reference), name, files)
        if target is None:
            said = f"the schema's reference to {reference} is not a file of {folder}/ or a place in one"
            hint = f"schemas are never fetched from a network: name a file of the same folder, or {SHARED}"
            if name == SHARED:
                said = f"the schema's reference to {reference} is not a place in the same file"
                hint = "what all types share refers to nothing but itself: write #/$defs/ and the definition's name"
            yield "core/schema-reference", said, hint
        part["$ref"] = absolute
        references[absolute] = target
    patterns = [part["pattern"]] if isinstance(part.get("pattern"), str) else []
    if isinstance(part.get("patternProperties"), dict):
        patterns += part["patternProperties"]
    for pattern in patterns:
        problem = pattern_problem(pattern)
        if problem:
            yield (
                "core/schema-pattern",
                f"the schema's pattern {pattern} cannot be run: {problem}",
                "patterns are RE2: no look-around and no back-references",
            )
    if "format" in part and part["format"] not in VALUE_FORMATS:
        yield (
            "core/schema-format",
            f"the schema's format {part['format']} is not known",
            f"known: {', '.join(VALUE_FORMATS)}",
        )
    for keyword in _REFUSED:
        if keyword in part:
            yield "core/schema-keyword", f"the schema uses {keyword}, which is not available", "use $ref and $defs"
    if "$id" in part and path:
        yield "core/schema-keyword", "the schema uses $id inside a schema, which is not available", "use $ref and $defs"


def _resolve(reference: str, name: str, files: Mapping[str, Any]) -> tuple[str, Any]:
    file, _, fragment = reference.partition("#")
    # What all types share refers to nothing but itself: its neighbours are not those of the type.
    target: Any = None if file and name == SHARED else files.get(file := (file or name).removeprefix("./"))
    if fragment and not fragment.startswith("/"):
        target = None
    for step in parts(fragment):
        target = child(target, step)
    return f"{file}#{fragment}", target if isinstance(target, dict | bool) else None


class _Places:
    """Finds lines and columns in the schema files, which is only needed when something is wrong."""

    def __init__(self, folder: str, contents: Mapping[str, bytes | str]) -> None:
        self._folder, self._contents = folder, contents
        self._known: dict[str, Positions] = {}

    def finding(self, rule: str, message: str, name: str, path: tuple[str | int, ...], hint: str = "") -> Finding:
        content = self._contents[name]
        if isinstance(content, bytes) and name not in self._known:
            # JSON is YAML, so its positions come from the same place.
            self._known[name] = load_yaml(content, name).positions
        line, column = self._known.get(name, Positions()).value(path)
        return Finding(rule, message, path_of(self._folder, name), line, column, pointer(path), hint)
