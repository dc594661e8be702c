"""Load one agreement: its YAML, its id, its schema; with every finding."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from clausebook.findings.characters import shortened
from clausebook.findings.model import Finding, Locate, SourceFile, has_errors, with_places
from clausebook.formats.numbers import RULE as FORMAT_UNKNOWN
from clausebook.formats.numbers import UnknownFormat, source_number, unknown
from clausebook.formats.table import FIELD
from clausebook.load.numbered import AGREEMENT_FORMAT, in_file, in_number, newest_positions, number_of
from clausebook.load.positions import Positions
from clausebook.load.yaml import Loaded, load_yaml
from clausebook.project.slips import by_schema
from clausebook.repository import user_cache
from clausebook.repository.agreement_files import AgreementFile, id_problem
from clausebook.repository.engine import engine
from clausebook.repository.tree import Tree, TreeError, unreadable
from clausebook.validate.repository_files import network_schemas
from clausebook.validate.schema_files import AGREEMENT_SCHEMA, schema_line
from clausebook.validate.schemas import SchemaStore

_VALID = "valid"

_loaded = lru_cache(64)(load_yaml)
"""A file is loaded once for all the revisions at which it is the same."""


def load_agreement(
    tree: Tree, file: AgreementFile, schemas: SchemaStore
) -> tuple[dict[str, Any] | None, tuple[Finding, ...], Positions]:
    """Return the agreement's data, or None if it has errors; every finding, in order of place; and all places.

    The data are shared by all who load the same file: they must not be changed.
    """
    try:
        content = tree.read(file.path)
    except TreeError as error:
        return None, (unreadable(file.path, error),), Positions()
    loaded = _loaded(content, file.path)
    findings = [*loaded.findings, *network_schemas(loaded, file.path, schema_line("<type>"))]
    if isinstance(loaded.value, dict):
        try:
            source_number(loaded.value, AGREEMENT_FORMAT)
        except UnknownFormat as error:
            # Nothing else can be told of data whose names mean something else, or nothing, here.
            return None, (unknown(error, file.path, loaded.positions.value),), loaded.positions
        findings += _check_id(loaded, file)
        findings += _check_data(loaded, file, schemas, findings)
    findings = list(by_schema(findings, loaded.value, schemas))
    ordered = tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.sort_key))
    value = loaded.value if isinstance(loaded.value, dict) and not has_errors(ordered) else None
    return value, with_places(ordered, file.path, loaded.value), loaded.positions


def valid_data(tree: Tree, file: AgreementFile, schemas: SchemaStore) -> Mapping[str, Any] | None:
    """Return an agreement's data if it is known that nothing is wrong with them, by its bytes and the schemas.

    Whoever has found them faultless says so by `keep_valid`. They must not be changed.
    """
    key = _key(tree, file, schemas)
    known = user_cache.find(_VALID, key) if key else None
    data = json.loads(known) if known else None
    return data if isinstance(data, dict) else None


def keep_valid(tree: Tree, file: AgreementFile, schemas: SchemaStore, data: Mapping[str, Any]) -> None:
    """Keep an agreement's data with which nothing is wrong."""
    key = _key(tree, file, schemas)
    told = json.dumps(data)
    # What JSON says in another way is loaded each time.
    if key and json.loads(told) == data:
        user_cache.keep(_VALID, key, told.encode())


def _key(tree: Tree, file: AgreementFile, schemas: SchemaStore) -> tuple[str, ...]:
    try:
        content = hashlib.sha256(tree.read(file.path)).hexdigest()
        return engine(__name__), file.id, content, schemas.digest
    except TreeError:
        return ()


def locator(tree: Tree, file: AgreementFile) -> Locate:
    """Return a function that finds a pointer's line and column, by the names that the newest format has.

    The file is read again only if it is called.
    """

    @cache
    def positions() -> Positions:
        loaded: Any = _loaded(tree.read(file.path), file.path)
        return newest_positions(loaded.positions, number_of(loaded.value))

    return lambda pointer: positions().value(pointer)


def _check_data(loaded: Loaded, file: AgreementFile, schemas: SchemaStore, known: list[Finding]) -> list[Finding]:
    value = loaded.value
    type_name = value.get("type") if isinstance(value, dict) else None
    if any(finding.pointer == "/type" for finding in known):
        return []
    types = schemas.types()
    if isinstance(type_name, str) and type_name in types:
        return _check_type(type_name, loaded, file, schemas, known)
    choice = f"the types are: {', '.join(types)}" if types else f"there is no schemas/<type>/{AGREEMENT_SCHEMA}"
    if isinstance(type_name, str):
        message = f"there is no agreement type {shortened(type_name)}"
    elif type_name is None:
        message = "`type` is missing: which kind of agreement this is"
    else:
        message = "`type` must be text"
    at = SourceFile(file.path, loaded.positions.value)
    return [at.finding("core/agreement-type", message, "/type" if type_name is not None else "", choice)]


def _check_type(
    type_name: str, loaded: Loaded, file: AgreementFile, schemas: SchemaStore, known: list[Finding]
) -> list[Finding]:
    """Validate against the type's schemas, in the number that they describe."""
    data: Any = loaded.value
    own, number = schemas.of(type_name), number_of(data)
    described = number if own.findings else own.number
    if number > described:
        message = (
            f"the agreement is of format {number}, but the schemas of `{type_name}` that it goes by "
            f"describe format {described}"
        )
        hint = f"bring it back to format {described}, with git restore; or bring the schemas up to date"
        at = SourceFile(file.path, loaded.positions.value)
        return [at.finding(FORMAT_UNKNOWN, message, f"/{FIELD}", hint)]
    positions = newest_positions(loaded.positions, number) if number < described else loaded.positions
    found = schemas.validate(type_name, in_number(data, described), positions, file.path, known=known)
    return [in_file(each, number) for each in found] if number < described else found


def _check_id(loaded: Loaded, file: AgreementFile) -> list[Finding]:
    value = loaded.value.get("id") if isinstance(loaded.value, dict) else None
    if not isinstance(value, str) or value == file.id:
        return []
    problem = id_problem(value) or f"the id {value} differs from the file's name, {file.id}"
    hint = f"write id: {file.id}, or rename the file"
    return [SourceFile(file.path, loaded.positions.value).finding("core/agreement-id", problem, "/id", hint)]
