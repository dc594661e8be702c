"""What needs approval, what was approved, and by whom it may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["clause", "term", "limit", "waiver", "text"]

State = Literal["given", "missing", "lapsed", "refused"]
"""Lapsed is what was approved and has changed since; refused is what somebody gave who may not, or did not prove."""


@dataclass(frozen=True, slots=True)
class Need:
    """An office that must approve something of a deal: a clause, a term, what a limit tells, a waiver, the whole text.

    `id` is that of the slot, the term or the limit, of a waiver its rule and place; `said` what it is and why it needs
    approval, in words; `fingerprint` the SHA-256 of exactly what is to be approved; `proof` the least that proves it,
    of `library.model.PROOFS`.
    """

    kind: Kind
    id: str
    role: str
    said: str
    fingerprint: str
    pointer: str
    proof: str


@dataclass(frozen=True, slots=True)
class Approved:
    """One thing that an approval covers, by the fingerprint that it had."""

    kind: Kind
    id: str
    said: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ApprovalRecord:
    """What a person approved in one agreement, in one office, on a day (ISO 8601).

    An attested one names the file of its evidence with its SHA-256, and who recorded it.
    """

    agreement: str
    role: str
    by: str
    date: str
    approves: tuple[Approved, ...]
    note: str = ""
    evidence: str = ""
    sha256: str = ""
    recorded_by: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalFile:
    """An approval as it lies beside its agreement: its bytes, the signature over them, or b"", and its evidence."""

    path: str
    record: ApprovalRecord
    content: bytes
    signature: bytes = b""
    evidence: bytes = b""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key, and the days (ISO 8601, or "") from which and until which it counts."""

    ssh: str = ""
    openpgp: bytes = b""
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Approver:
    """A person who may approve in some offices, as the base says."""

    name: str
    offices: tuple[str, ...]
    emails: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalStanding:
    """Where a need of an agreement stands: who gave the approval, when and how proven, or `why` it does not hold.

    `note` is what the person said with it.
    """

    agreement: str
    need: Need
    state: State
    why: str = ""
    by: str = ""
    date: str = ""
    proof: str = ""
    path: str = ""
    note: str = ""
