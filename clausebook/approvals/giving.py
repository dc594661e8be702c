"""Give an approval: write down what is approved, and have it signed or attested."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from clausebook.approvals.approval_files import approvals_folder, file_name, written
from clausebook.approvals.model import ApprovalRecord, Approved, Need
from clausebook.approvals.offices import same_office
from clausebook.approvals.signatures import NAMESPACE
from clausebook.findings.model import RepositoryError
from clausebook.findings.near_names import did_you_mean

TIME_LIMIT = 300
"""Seconds in which the key's owner types a passphrase or touches a token."""


def needs_for(needs: Sequence[Need], role: str, only: Iterable[str], agreement: str) -> tuple[Need, ...]:
    """Return what an office is to approve; `only` names slots, limits, or `text`. Raises RepositoryError."""
    roles = list(dict.fromkeys(need.role for need in needs))
    asked = [need for need in needs if same_office(need.role, role)]
    if not asked:
        hint = did_you_mean(role, roles, f"asked are: {', '.join(roles) or 'none'}")
        raise RepositoryError(f"nothing in `{agreement}` needs the approval of the {role}", hint)
    wanted = list(only)
    known = [need.id or need.kind for need in asked]
    for name in wanted:
        if name not in known:
            hint = did_you_mean(name, known, f"there are: {', '.join(known)}")
            raise RepositoryError(f"the {role} is not asked for `{name}` in `{agreement}`", hint)
    return tuple(need for need in asked if not wanted or (need.id or need.kind) in wanted)


def approval(
    agreement: str, needs: Sequence[Need], by: str, date: str, note: str = "", evidence: Path | None = None,
    recorded_by: str = "",
) -> tuple[ApprovalRecord, dict[str, bytes]]:  # fmt: skip
    """Return the approval of some needs of one office, and the files to keep it, without a signature."""
    things = tuple(Approved(need.kind, need.id, need.said, need.fingerprint) for need in needs)
    record = ApprovalRecord(agreement, needs[0].role, by, date, things, note)
    files: dict[str, bytes] = {}
    folder = approvals_folder(agreement)
    if evidence:
        if not recorded_by:
            raise RepositoryError("evidence is recorded by somebody", "name that person with --recorded-by")
        try:
            content = evidence.read_bytes()
        except OSError as error:
            raise RepositoryError(f"`{evidence}` cannot be read: {error.strerror}", "check that it is there") from error
        name = Path(file_name(record)).stem + evidence.suffix.casefold()
        record = replace(record, evidence=name, sha256=hashlib.sha256(content).hexdigest(), recorded_by=recorded_by)
        files[f"{folder}/{name}"] = content
    files[f"{folder}/{file_name(record)}"] = written(record)
    return record, files


def signature(content: bytes, name: str, key: Path) -> bytes:
    """Return the detached signature over some content that `ssh-keygen` makes with a key; it asks for a passphrase.

    Raises RepositoryError if there is none.
    """
    program = shutil.which("ssh-keygen")
    if program is None:
        said = "ssh-keygen is not installed, so nothing can be signed here"
        raise RepositoryError(said, "install OpenSSH, or sign the file elsewhere and put the signature beside it")
    if not key.is_file():
        hint = "name the file of an SSH key, the private one or, with an agent, the public one"
        raise RepositoryError(f"there is no key `{key}`", hint)
    hint = "try the key with ssh-keygen -y -f KEY"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        command = [program, "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(key.resolve()), str(file)]
        try:
            done = subprocess.run(command, stderr=subprocess.PIPE, timeout=TIME_LIMIT, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RepositoryError(f"ssh-keygen does not sign: {error}", hint) from error
        made = file.with_name(f"{name}.sig")
        if done.returncode or not made.is_file():
            said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise RepositoryError(f"ssh-keygen does not sign: {said}", hint)
        return made.read_bytes()
