"""Read the records of a tree: what was sent and received, and what was executed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from clausebook.document.fingerprints import fingerprint
from clausebook.document.interchange import InterchangeError, from_json
from clausebook.document.model import Document
from clausebook.findings.model import Finding, FindingsError, finding_in
from clausebook.formats.numbers import RULE as FORMAT_UNKNOWN
from clausebook.formats.numbers import UnknownFormat, source_number, unknown
from clausebook.records.model import (
    DATA,
    DOCUMENT,
    EXECUTED,
    MOST_DOCUMENT,
    RECORD,
    VOID,
    ExecutedVersion,
    Turn,
    Void,
    turns_folder,
)
from clausebook.records.notation import read
from clausebook.repository.tree import MAX_FILE_SIZE, Tree, TreeError, names_in, unreadable
from clausebook.validate.value_formats import is_date

RESTORE = "a record is never edited: bring back what was committed, with git restore"

HALF = (
    "bring it back with git restore; or, if an interrupted `clausebook execute` left it, move the folder out of "
    "the repository, with the signed file in it, and execute again"
)

Kept = TypeVar("Kept", ExecutedVersion, Turn, Void)

_TURN = re.compile(r"[0-9]{4}\.yaml")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}")

MOST_PDF = 64 << 20
"""The largest signed PDF of a record that is read, in bytes: what `verify` takes."""


def executed(tree: Tree, agreement: str) -> tuple[ExecutedVersion, ...]:
    """Return the executed versions of an agreement, oldest first, without records that are void or cannot be read."""
    return read_executed(tree, agreement)[0]


def read_executed(tree: Tree, agreement: str) -> tuple[tuple[ExecutedVersion, ...], tuple[Finding, ...]]:
    """Return the executed versions of an agreement, oldest first, and what is wrong with the records of others."""
    records, findings = read_records(tree, agreement)
    return tuple(each for each in records if not is_void(tree, each)), findings


def is_void(tree: Tree, record: ExecutedVersion) -> bool:
    """Tell whether a record is marked as void."""
    return VOID in names_in(tree, record.folder)


def void_of(tree: Tree, record: ExecutedVersion) -> Void | None:
    """Return how a record is marked as void, None if it is not."""
    return read_void(tree, record)[0] if is_void(tree, record) else None


def voided(tree: Tree, agreement: str) -> tuple[tuple[ExecutedVersion, Void], ...]:
    """Return the records of an agreement that are void, oldest first, and how they are marked."""
    found = ((each, void_of(tree, each)) for each in read_records(tree, agreement)[0])
    return tuple((record, mark) for record, mark in found if mark)


def read_void(tree: Tree, record: ExecutedVersion) -> tuple[Void, tuple[Finding, ...]]:
    """Return the mark of a void record, and what is wrong with it: a record stays void though its mark is damaged."""
    path = f"{record.folder}/{VOID}"
    found, findings = _read(tree, Void, path, "void", {})
    if found and found.date < record.date:
        findings = [damaged(path, f"is of {found.date}, before the execution on {record.date}")]
    elif found and not (found.reason.strip() and found.by.strip()):
        findings = [damaged(path, "does not tell why the record is void, and who says so")]
    return found or Void("", "", ""), tuple(findings)


def read_records(tree: Tree, agreement: str) -> tuple[tuple[ExecutedVersion, ...], tuple[Finding, ...]]:
    """Return the records of an agreement, oldest first, the void ones too, and what is wrong with others."""
    folder = f"{EXECUTED}/{agreement}"
    found: list[ExecutedVersion] = []
    findings: list[Finding] = []
    try:
        names = tree.names(folder)
    except TreeError as error:
        return (), (unreadable(folder, error),)
    for name in names:
        if name.endswith("/"):
            version, problems = _executed(tree, agreement, name[:-1])
            findings += problems
            found += [version] if version else []
        else:
            findings.append(stray(f"{folder}/{name}", "is no folder of an executed version"))

    def order(each: ExecutedVersion) -> tuple[str, list[tuple[int, int | str]]]:
        numbers = re.split(r"[._-]", each.version)
        return each.date, [(0, int(number)) if number.isdecimal() else (1, number) for number in numbers]

    return tuple(sorted(found, key=order)), tuple(findings)


def document_of(tree: Tree, version: ExecutedVersion) -> Document:
    """Return the executed text as it was recorded. Raise FindingsError if that cannot be read, or was changed."""
    path = f"{version.folder}/{DOCUMENT}"
    content = _recorded(tree, version, DOCUMENT)
    document = _document(content, path)
    if (document.id, document.version) != (version.agreement, version.version):
        raise FindingsError([damaged(path, "is the text of another agreement or version")])
    if fingerprint(document) != version.text:
        raise FindingsError([damaged(path, f"has not the text whose fingerprint is {version.text[:12]}")])
    return document


def unsigned_of(tree: Tree, version: ExecutedVersion) -> Iterator[bytes]:
    """Yield each PDF of a record as it was before anybody signed it. Raise FindingsError if one was changed."""
    for each in version.files:
        if each.name.startswith("signed") and each.name.endswith(".pdf"):
            content = _recorded(tree, version, each.name, MOST_PDF)
            first, end, _ = content.partition(b"%%EOF")
            yield first + end


def data_of(tree: Tree, version: ExecutedVersion) -> Mapping[str, Any]:
    """Return the agreement's data at execution. Raise FindingsError if that cannot be read, or was changed."""
    path = f"{version.folder}/{DATA}"
    content = _recorded(tree, version, DATA)
    try:
        data = json.loads(content)
        whole = isinstance(data, dict) and canonical(data) == content.strip()
    except (ValueError, RecursionError):
        data, whole = None, False
    if not isinstance(data, dict) or not whole:
        raise FindingsError([damaged(path, "does not hold the data of an agreement")])
    if hashlib.sha256(content.strip()).hexdigest() != version.data:
        raise FindingsError([damaged(path, "is not the data that the record tells of")])
    try:
        source_number(data, "agreement")
    except UnknownFormat as error:
        raise FindingsError([unknown(error, path, lambda pointer: (1, 1))]) from error
    return data


def turns(tree: Tree, agreement: str) -> tuple[Turn, ...]:
    """Return the turns of an agreement's negotiation, oldest first, without those that cannot be read."""
    return read_turns(tree, agreement)[0]


def read_turns(tree: Tree, agreement: str) -> tuple[tuple[Turn, ...], tuple[Finding, ...]]:
    """Return the turns of an agreement's negotiation, oldest first, and what is wrong with others."""
    folder = turns_folder(agreement)
    found: list[Turn] = []
    findings: list[Finding] = []
    try:
        names = tree.names(folder)
    except TreeError as error:
        return (), (unreadable(folder, error),)
    for name in names:
        path = f"{folder}/{name}"
        if _TURN.fullmatch(name):
            turn, problems = _read(tree, Turn, path, "turn", {"agreement": agreement, "number": int(name[:4])})
            findings += problems
            found += [turn] if turn else []
        elif not (name.endswith(".json") and _TURN.fullmatch(f"{name[:-5]}.yaml")):
            findings.append(stray(path, "is no turn"))
    known = {turn.number for turn in found}
    for name in names:
        if name.endswith(".json") and name[:4].isdecimal() and f"{name[:4]}.yaml" not in names:
            findings.append(damaged(f"{folder}/{name}", "is the text of a turn that is not written down"))
    for number in sorted(set(range(1, max(known, default=0))) - known):
        if f"{number:04d}.yaml" not in names:
            findings.append(damaged(f"{folder}/{number:04d}.yaml", "is missing: there are later turns"))
    return tuple(found), tuple(findings)


def sent_document(tree: Tree, turn: Turn) -> Document:
    """Return the text of a turn that was sent. Raise FindingsError if it cannot be read, or was changed."""
    try:
        content = tree.raw(turn.document_path, MOST_DOCUMENT)
    except TreeError as error:
        raise FindingsError([unreadable(turn.document_path, error)]) from error
    document = _document(content, turn.document_path)
    if fingerprint(document) != turn.text or document.version != turn.version:
        raise FindingsError([damaged(turn.document_path, f"has not the text whose fingerprint is {turn.text[:12]}")])
    return document


def canonical(data: Any) -> bytes:
    """Return data as JSON, in the one way in which fingerprints of it are taken."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def is_hash_of(expected: str, content: bytes) -> bool:
    """Tell whether a content has a SHA-256; of a text, line ends are of no account."""
    if hashlib.sha256(content).hexdigest() == expected:
        return True
    return b"\r\n" in content and hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest() == expected


def can_name_a_folder(version: str) -> bool:
    """Tell whether a version can be the name of a record's folder."""
    return _VERSION.fullmatch(version) is not None and not version.endswith(".")


def damaged(path: str, said: str, hint: str = RESTORE, rule: str = "core/record-damaged") -> Finding:
    """Return the finding of a file of a record that is not as it should be; `said` follows its path."""
    return finding_in(path, rule, f"`{path}` {said}", hint)


def stray(path: str, said: str) -> Finding:
    """Return the finding of a file that is no part of a record."""
    return damaged(path, said, "move it out of the records", "core/record-stray")


def _executed(tree: Tree, agreement: str, version: str) -> tuple[ExecutedVersion | None, list[Finding]]:
    folder = f"{EXECUTED}/{agreement}/{version}"
    path = f"{folder}/{RECORD}"
    try:
        if RECORD not in tree.names(folder):
            return None, [damaged(folder, f"has no {RECORD}", HALF)]
    except TreeError as error:
        return None, [unreadable(path, error)]
    found, findings = _read(tree, ExecutedVersion, path, "record", {"agreement": agreement, "version": version})
    names = [file.name for file in found.files] if found else []
    if len(set(names)) < len(names) or any("/" in name or "\\" in name for name in names):
        return None, [damaged(path, "names a file twice, or one that is not beside it")]
    return found, findings


def _read(
    tree: Tree, kind: type[Kept], path: str, name: str, given: Mapping[str, Any]
) -> tuple[Kept | None, list[Finding]]:
    """Return a record or a turn, or None and why not; see `notation.read`."""
    try:
        content = tree.raw(path, MAX_FILE_SIZE)
    except TreeError as error:
        return None, [unreadable(path, error)]
    found, findings = read(kind, content, path, name, given)
    if found and not is_date(found.date):
        return None, [damaged(path, f"has a date that is none: {found.date[:40]}")]
    return found, findings


def _recorded(tree: Tree, version: ExecutedVersion, name: str, most: int = MOST_DOCUMENT) -> bytes:
    """Return a file of a record, which must be the one that the record tells of."""
    path = f"{version.folder}/{name}"
    try:
        content = tree.raw(path, most)
    except TreeError as error:
        raise FindingsError([unreadable(path, error)]) from error
    if not is_hash_of(version.sha256(name), content):
        raise FindingsError([damaged(path, "is not the file whose SHA-256 the record tells")])
    return content


def _document(content: bytes, path: str) -> Document:
    try:
        return from_json(content)
    except InterchangeError as error:
        if error.hint:
            raise FindingsError([damaged(path, f"cannot be read: {error}", error.hint, FORMAT_UNKNOWN)]) from error
        raise FindingsError([damaged(path, f"holds no text of an agreement: {error}")]) from error
