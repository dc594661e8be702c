"""What is wrong with schemas that failed while they were used.

Proving schemas right takes longer than all the rest of a check, so it is done only when one fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from clausebook.findings.model import Finding
from clausebook.findings.pointers import pointer
from clausebook.findings.source_file import SourceFile, finding_in
from clausebook.load.yaml import load_yaml
from clausebook.validate.schema_files import Contents

HINT = "correct the schema: it must be a JSON Schema of 2020-12"


def faults_of(folder: str, root_file: str, contents: Contents, error: Exception) -> tuple[Finding, ...]:
    """Return what is wrong with the schemas of a folder; `error` is what came of using them."""
    if isinstance(error, RecursionError):
        message = "the schemas cannot be used: a reference leads back to itself"
    else:
        found = tuple(finding for name, content in contents for finding in _faults(f"{folder}/{name}", content))
        if found:
            return found
        message = f"the schemas cannot be used: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
    return (finding_in(f"{folder}/{root_file}", "core/schema-unusable", message, HINT),)


def _faults(path: str, content: bytes | str) -> Iterator[Finding]:
    from jsonschema import Draft202012Validator

    if isinstance(content, str):
        return
    positions = load_yaml(content, path, root="any", empty_text=True).positions
    for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(json.loads(content)):
        message = f"not a JSON Schema: {error.message}"
        yield SourceFile(path, positions.value).finding(
            "core/schema-unusable", message, pointer(error.absolute_path), HINT
        )
