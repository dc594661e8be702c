"""Finds the agreements of a repository and loads them, with every finding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from clausebook.errors import Finding, has_errors
from clausebook.load import Loaded, load_yaml
from clausebook.tree import Tree, TreeError, unreadable
from clausebook.validate import AGREEMENT, SchemaStore

FOLDER = "agreements"
SUFFIXES = (".yaml", ".yml")
RESERVED = ("executed",)
"""Ids that no agreement can have: folders of these names hold something else."""

_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ID_RULE = "an id is made of lower-case letters, digits and hyphens, at most 63 of them"
_SCHEMA_COMMENT = re.compile(r"#\s*(?:yaml-language-server\s*:\s*)?\$schema\s*[=:]\s*(\S+)")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\")


@dataclass(frozen=True, slots=True)
class AgreementFile:
    """An agreement's file; its id is the file's name without the ending."""

    id: str
    path: str


def find_agreements(tree: Tree) -> tuple[list[AgreementFile], list[Finding]]:
    """Return the agreements of the repository, in order of id, and what is wrong with their names.

    A file whose name cannot be an id is not among them.
    """
    findings: list[Finding] = []
    files: dict[str, AgreementFile] = {}
    try:
        names = tree.names(FOLDER)
    except TreeError as error:
        return [], [unreadable(FOLDER, error)]
    for name in names:
        path = f"{FOLDER}/{name}"
        if name.endswith("/") or name.startswith(".") or name == "README.md":
            continue
        if not name.endswith(SUFFIXES):
            findings.append(
                Finding(
                    rule="agreement-file",
                    severity="warning",
                    message="not an agreement: its name does not end with .yaml",
                    path=path,
                    line=1,
                    column=1,
                    hint=f"rename it, or move it out of {FOLDER}/",
                )
            )
            continue
        agreement = name[: name.rindex(".")]
        problem = _id_problem(agreement)
        if problem:
            findings.append(
                Finding(rule="agreement-id", message=problem, path=path, line=1, column=1, hint="rename the file")
            )
        elif agreement in files:
            findings.append(
                Finding(
                    rule="agreement-id",
                    message=f"two agreements have the id {agreement}: this one and {files[agreement].path}",
                    path=path,
                    line=1,
                    column=1,
                    hint="rename one of the two, and its id",
                )
            )
        else:
            files[agreement] = AgreementFile(agreement, path)
    return [files[agreement] for agreement in sorted(files)], findings


def load_agreement(
    tree: Tree, file: AgreementFile, schemas: SchemaStore
) -> tuple[dict[str, Any] | None, tuple[Finding, ...]]:
    """Return the agreement's data, or None if it has errors; and every finding, in order of place."""
    try:
        content = tree.read(file.path)
    except TreeError as error:
        return None, (unreadable(file.path, error),)
    loaded = load_yaml(content, file.path)
    findings = [*loaded.findings, *_check_comment(loaded, file)]
    if isinstance(loaded.value, dict):
        findings += _check_id(loaded, file)
        findings += _check_schema_property(loaded, file)
        findings += _check_data(loaded, file, schemas, findings)
    ordered = tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.sort_key))
    value = loaded.value if isinstance(loaded.value, dict) and not has_errors(ordered) else None
    return value, ordered


def _check_data(loaded: Loaded, file: AgreementFile, schemas: SchemaStore, known: list[Finding]) -> list[Finding]:
    value = loaded.value
    type_name = value.get("type") if isinstance(value, dict) else None
    if any(finding.pointer == "/type" for finding in known):
        return []
    types = schemas.types()
    if isinstance(type_name, str) and type_name in types:
        return schemas.validate(type_name, value, loaded.positions, file.path, known=known)
    line, column = loaded.positions.value(("type",))
    choice = f"the types are: {', '.join(types)}" if types else f"there is no schemas/<type>/{AGREEMENT}"
    if isinstance(type_name, str):
        message = f"there is no agreement type {_short(type_name)}"
    elif type_name is None:
        message = "`type` is missing: which kind of agreement this is"
    else:
        message = "`type` must be text"
    return [
        Finding(
            rule="agreement-type",
            message=message,
            path=file.path,
            line=line,
            column=column,
            pointer="/type" if type_name is not None else "",
            hint=choice,
        )
    ]


def _check_id(loaded: Loaded, file: AgreementFile) -> list[Finding]:
    value = loaded.value.get("id") if isinstance(loaded.value, dict) else None
    if not isinstance(value, str) or value == file.id:
        return []
    problem = _id_problem(value) or f"the id {value} differs from the file's name, {file.id}"
    line, column = loaded.positions.value(("id",))
    return [
        Finding(
            rule="agreement-id",
            message=problem,
            path=file.path,
            line=line,
            column=column,
            pointer="/id",
            hint=f"write id: {file.id}, or rename the file",
        )
    ]


def _id_problem(text: str) -> str:
    if any(char in text for char in "/\\") or ".." in text:
        return f"the id {_short(text)} holds a path"
    if not _ID.fullmatch(text):
        return f"{_short(text)} cannot be an id: {_ID_RULE}"
    if text in RESERVED:
        return f"{text} cannot be an id: the folder {FOLDER}/{text}/ holds something else"
    return ""


def _check_comment(loaded: Loaded, file: AgreementFile) -> list[Finding]:
    """Refuse a schema from a network, which editors would fetch, in the comments at the file's beginning."""
    findings = []
    for number, line in enumerate(loaded.source.splitlines(), 1):
        if line.strip() and not line.startswith(("#", "---")):
            break
        match = _SCHEMA_COMMENT.match(line)
        if match and _ADDRESS.match(match[1]):
            findings.append(_from_network(match[1], file, number, match.start(1) + 1, ""))
    return findings


def _check_schema_property(loaded: Loaded, file: AgreementFile) -> list[Finding]:
    value = loaded.value.get("$schema") if isinstance(loaded.value, dict) else None
    if not isinstance(value, str) or not _ADDRESS.match(value):
        return []
    line, column = loaded.positions.value(("$schema",))
    return [_from_network(value, file, line, column, "/$schema")]


def _from_network(address: str, file: AgreementFile, line: int, column: int, pointer: str) -> Finding:
    return Finding(
        rule="schema-from-network",
        message=f"the schema {_short(address)} lies in a network; schemas are never fetched from one",
        path=file.path,
        line=line,
        column=column,
        pointer=pointer,
        hint=f"first line of the file: # yaml-language-server: $schema=../schemas/<type>/{AGREEMENT}",
    )


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
