"""Look further into an agreement whose data have errors: what would its clauses want of it, once those are mended?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from clausebook.findings.model import Finding, has_errors
from clausebook.findings.pointers import parts, pointer
from clausebook.load.numbered import in_number, number_of
from clausebook.load.positions import Positions
from clausebook.load.yaml import load_yaml
from clausebook.repository.agreement_files import AgreementFile
from clausebook.repository.tree import Tree
from clausebook.validate.common import check_common
from clausebook.validate.completion import Completion
from clausebook.validate.described import party_keys
from clausebook.validate.schemas import Schemas, SchemaStore

MISSING = "core/property-missing"

MENDABLE = tuple(f"core/{name}-" for name in ("property", "text", "value", "list", "date", "money", "party"))
"""Beginnings of the rules whose errors leave the rest of the data readable."""

WANTED = "core/value-missing"
"""The rule of a value that a clause needs and the data lack."""

_TOLD = ("value-missing", "slot-", "clause-unknown", "clause-retired", "schedule-", "wording-", "term-")
TOLD = tuple(f"core/{name}" for name in _TOLD)
"""Beginnings of the rules of what holds whatever the mended values will be."""


def tentative(
    tree: Tree, file: AgreementFile, store: SchemaStore, found: Sequence[Finding]
) -> tuple[Mapping[str, Any], int] | None:
    """Return the data as they could be once the errors found are mended, None if that cannot be told.

    They are of the number that the type's schemas describe; beside them is the number of the file.
    """
    if not all(finding.rule.startswith(MENDABLE) for finding in _errors(found)):
        return None
    value = load_yaml(tree.read(file.path), file.path).value
    if not isinstance(value, dict):
        return None
    name = value.get("type")
    if not isinstance(name, str) or name not in store.types():
        return None
    schemas = store.of(name)
    number = number_of(value)
    if number > schemas.number:
        return None
    value = in_number(value, schemas.number)
    completion = Completion(schemas.root, schemas.references, party_keys(value))
    data = completion.completed(value, {tuple(parts(pointer)) for pointer in _wrong(found)})
    if not isinstance(data, dict) or has_errors(schemas.validate(data, Positions(), file.path)):
        return None
    return None if has_errors(check_common(data, Positions(), file.path, ())) else (data, number)


def further(found: Sequence[Finding], assembled: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what assembling the tentative data says beside the findings, as far as it is no consequence of them."""
    wrong = _wrong(found)
    return tuple(
        finding
        for finding in assembled
        if finding.path.startswith("agreements/")
        and finding.rule.startswith(TOLD)
        and not any(f"{finding.pointer}/".startswith(f"{each}/") for each in wrong)
    )


def with_example(finding: Finding, schemas: Schemas, data: Mapping[str, Any]) -> Finding:
    """Return the finding of a value that a clause needs, with how it could be written."""
    path = parts(finding.pointer)
    if finding.rule != WANTED or not path or schemas.findings:
        return finding
    example = Completion(schemas.root, schemas.references, party_keys(data)).written(path)
    where = f" in `{pointer(path[:-1])}`" if path[:-1] else ""
    return replace(finding, hint=f"add `{example}`{where}, or choose another clause for the slot")


def _errors(found: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.severity == "error"]


def _wrong(found: Iterable[Finding]) -> list[str]:
    """Return the pointers of the values that cannot stay; where something is missing, nothing is wrong yet."""
    return [finding.pointer for finding in _errors(found) if finding.rule != MISSING and finding.pointer]
