"""Give the executed text for what would otherwise be assembled: once signed, a text is a record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from clausebook.document import statuses
from clausebook.document.model import Document
from clausebook.findings.model import Finding, FindingsError, Locate, SourceFile
from clausebook.findings.pointers import MISSING, child, escaped, parts
from clausebook.load.numbered import newest, number_of
from clausebook.records.model import EXECUTED, MOST_DOCUMENT, ExecutedVersion, Void
from clausebook.records.record_files import data_of, document_of, is_hash_of, read_executed, voided
from clausebook.repository.tree import Tree, TreeError
from clausebook.validate.common import APART

STATUS = "status"

MOVING = (STATUS, *APART)
"""The properties that may change after execution: where the agreement stands, and what is no part of the contract."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """The text of an executed version; without `document`, `findings` say why there is none."""

    record: ExecutedVersion | None
    document: Document | None
    findings: tuple[Finding, ...]


def frozen(tree: Tree, agreement: str, path: str, data: Mapping[str, Any], locate: Locate) -> Frozen | None:
    """Return the executed text of an agreement's version, or None if that version is not executed.

    The data must be those that were executed, but for what may change since.
    """
    version, status = str(data.get("version", "")), data.get(STATUS)
    records, problems = read_executed(tree, agreement)
    place = f"{EXECUTED}/{agreement}/{version}"
    mine = tuple(problem for problem in problems if f"{problem.path}/".startswith(f"{place}/"))
    record = next((each for each in records if each.version == version), None)
    at = SourceFile(path, locate)
    if record is None:
        if mine:
            return Frozen(None, None, mine)
        if status in statuses.SINCE_EXECUTION:
            void = next((mark for each, mark in voided(tree, agreement) if each.version == version), None)
            made = _void(at, version, str(status), void) if void else None
            return Frozen(None, None, (made or _missing(at, agreement, version, str(status), records),))
        return None
    findings = [*_status(at, version, status)]
    try:
        findings += _changed(at, version, data_of(tree, record), data)
        findings += _wordings(tree, at, record, path.rpartition(".")[0])
        document = replace(document_of(tree, record), draft=False, status=str(status))
    except FindingsError as error:
        return Frozen(record, None, (*findings, *error.findings))
    return Frozen(record, None if findings else document, tuple(findings))


def fixed_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data that never change once an agreement is executed."""
    return {name: value for name, value in data.items() if name not in MOVING}


def differences(old: Any, new: Any, pointer: str = "") -> Iterator[str]:
    """Yield the pointer of each value that differs, came or went."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            step = f"{pointer}/{escaped(str(key))}"
            if key in old and key in new:
                yield from differences(old[key], new[key], step)
            else:
                yield step
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from differences(before, after, f"{pointer}/{index}")
    elif type(old) is not type(new) or old != new:
        yield pointer


def _missing(
    at: SourceFile, agreement: str, version: str, status: str, records: tuple[ExecutedVersion, ...]
) -> Finding:
    known = f"; executed are: {', '.join(each.version for each in records)}" if records else ""
    return at.finding(
        "core/record-missing",
        f"the status is {status}, but version {version} has no record of its execution{known}",
        f"/{STATUS}",
        f"record it with: clausebook execute {agreement} --signed FILE.pdf; or set the status back",
    )


def _void(at: SourceFile, version: str, status: str, void: Void) -> Finding:
    return at.finding(
        "core/record-void",
        f"the status is {status}, but the record of version {version} is {void.words()}",
        f"/{STATUS}",
        "set the status back to approved or draft; to have the agreement executed anew, raise `version` first",
    )


def _status(at: SourceFile, version: str, status: Any) -> Iterator[Finding]:
    if status in statuses.BEFORE_EXECUTION:
        yield at.finding(
            "core/executed-status",
            f"version {version} is executed, so its status cannot be {status} any more",
            f"/{STATUS}",
            f"for a new draft raise `version`; else the status is one of {', '.join(statuses.SINCE_EXECUTION)}",
        )


def _changed(at: SourceFile, version: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Finding]:
    if number_of(old) != number_of(new):
        old, new = newest(old), newest(new)
    for pointer in differences(fixed_data(old), fixed_data(new)):
        yield at.finding(
            "core/executed-data",
            f"{pointer} is not what it was when version {version} was executed{_was(old, pointer)}",
            pointer,
            "an executed version never changes: raise `version` for a new draft, or set the value back",
        )


def _was(data: Any, pointer: str) -> str:
    for name in parts(pointer):
        data = child(data, name)
    shown = "" if data is MISSING else json.dumps(data, ensure_ascii=False)
    return f": {shown}" if 0 < len(shown) <= 80 else ""


def _wordings(tree: Tree, at: SourceFile, record: ExecutedVersion, folder: str) -> Iterator[Finding]:
    """Find wording of the deal's own, or changes of an amendment, that were changed: it would not show in the text."""
    for file in record.wordings:
        path = f"{folder}/{file.name}"
        try:
            same = is_hash_of(file.sha256, tree.raw(path, MOST_DOCUMENT))
        except TreeError:
            same = False
        if not same:
            said = f"`{path}` is not what it was when version {record.version} was executed"
            hint = "an executed version never changes: raise `version` for a new draft, or bring the file back"
            yield replace(at.finding("core/executed-data", said, "/version", hint), column=1)
