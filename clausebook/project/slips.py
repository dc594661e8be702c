"""Slips that only the schema tells from what was meant: empty values, comments, quotation marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from clausebook.findings.model import Finding
from clausebook.findings.pointers import parts
from clausebook.load.problems import COMMENT, CURLY, EMPTY, EMPTY_HINT
from clausebook.load.yaml import Data
from clausebook.validate.completion import Completion
from clausebook.validate.described import described, is_free_text, party_keys
from clausebook.validate.schemas import Schemas, SchemaStore

QUOTED_VALUE = "core/value-quotation-marks"
"""The rule of quotation marks that keep a value from being what the schema wants."""

SLIPS = (COMMENT, CURLY, EMPTY)


def by_schema(findings: Iterable[Finding], value: Data, schemas: SchemaStore) -> Iterator[Finding]:
    """Yield an agreement's findings, with what its type's schema says of the slips among them."""
    found = list(findings)
    name = value.get("type") if isinstance(value, dict) else None
    known = schemas.of(name) if isinstance(name, str) and name in schemas.types() else None
    if known is None or known.findings or not any(finding.rule in SLIPS for finding in found):
        yield from (finding for finding in found if finding.rule != COMMENT)
        return
    wrong = {finding.pointer for finding in found if finding.severity == "error" and finding.rule not in SLIPS}
    quoted = {finding.pointer for finding in found if finding.rule == CURLY}
    for finding in found:
        if finding.rule == CURLY and finding.pointer in wrong:
            yield replace(finding, rule=QUOTED_VALUE, hint="write straight quotation marks, or none")
        elif finding.severity == "error" and finding.rule not in SLIPS and finding.pointer in quoted:
            continue
        elif finding.rule == EMPTY and finding.hint == EMPTY_HINT:
            yield _empty(finding, value, known)
        elif finding.rule != COMMENT or is_free_text(described(known.root, known.references, parts(finding.pointer))):
            yield finding


def _empty(finding: Finding, value: Data, schemas: Schemas) -> Finding:
    path = parts(finding.pointer)
    around = described(schemas.root, schemas.references, path[:-1], choices=False) if path else ()
    if any(path[-1] in part.get("required", ()) for part in around):
        completion = Completion(schemas.root, schemas.references, party_keys(value))
        return replace(finding, hint=f"it is needed: {completion.mend(path, 'write')}")
    if path and path[-1].isdecimal():
        return replace(finding, hint="write the item, or delete the line")
    return finding
