"""Approvals beside their agreements: `agreements/<id>/approvals/<name>.yaml`, with a signature as `<name>.yaml.sig`."""

from __future__ import annotations

from clausebook.approvals.model import ApprovalFile, ApprovalRecord
from clausebook.approvals.signatures import MOST_BYTES
from clausebook.findings.model import Finding
from clausebook.formats.table import FORMATS
from clausebook.records.notation import read, write
from clausebook.repository.agreement_files import APPROVALS, FOLDER
from clausebook.repository.portable_names import plain_name
from clausebook.repository.tree import NO_LINK, DiskTree, Tree, TreeError, names_in, unreadable

SIGNATURES = (".sig", ".asc")
"""How the file of a signature ends, behind the name of what it signs."""

MOST_EVIDENCE = 64 << 20

_SAID = "An approval. Whatever is edited here is approved no more: give a new one with `clausebook approve`."


def approvals_folder(agreement: str) -> str:
    """Return where an agreement's approvals lie."""
    return f"{FOLDER}/{agreement}/{APPROVALS}"


def read_approvals(tree: Tree, agreement: str) -> tuple[tuple[ApprovalFile, ...], tuple[Finding, ...]]:
    """Return the approvals beside an agreement, in order of name, and what is wrong with their files.

    No link is followed, neither on disk nor in a revision. Line ends are those that the file was written with.
    """
    folder = approvals_folder(agreement)
    names = names_in(tree, folder)
    found: list[ApprovalFile] = []
    findings: list[Finding] = []
    for name in names:
        if not name.endswith(".yaml"):
            continue
        path = f"{folder}/{name}"
        try:
            if isinstance(tree, DiskTree) and tree.linked(path):
                raise TreeError("is a symbolic link, or lies behind one", NO_LINK)
            content = tree.read(path).replace(b"\r\n", b"\n")
            record, problems = read(ApprovalRecord, content, path, "approval", {})
            findings += problems
            signature = next(
                (tree.raw(f"{path}{end}", MOST_BYTES) for end in SIGNATURES if f"{name}{end}" in names), b""
            )
            if record:
                kept = record.evidence in names and bool(record.evidence)
                evidence = tree.raw(f"{folder}/{record.evidence}", MOST_EVIDENCE) if kept else b""
                found.append(ApprovalFile(path, record, content, signature, evidence))
        except TreeError as error:
            findings.append(unreadable(path, error))
    return tuple(found), tuple(findings)


def written(record: ApprovalRecord) -> bytes:
    """Return an approval as its file holds it."""
    left_out = tuple(name for name in ("note", "evidence", "sha256", "recorded_by") if not getattr(record, name))
    return write(record, FORMATS["approval"].mark, _SAID, left_out)


def file_name(record: ApprovalRecord) -> str:
    """Return the name of an approval's file: the office, the day and the person, in small letters."""
    return f"{plain_name(f'{record.role} {record.date} {record.by}', 100)}.yaml"
