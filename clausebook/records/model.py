"""What records hold: turns of a negotiation, and versions that were executed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from clausebook.formats.table import FORMATS
from clausebook.repository.agreement_files import FOLDER

RECORD_FORMAT = FORMATS["record"].mark
TURN_FORMAT = FORMATS["turn"].mark
VOID_FORMAT = FORMATS["void"].mark

EXECUTED = f"{FOLDER}/executed"
RECORD, DOCUMENT, DATA, MARKDOWN, SIGNED = "record.yaml", "document.json", "data.json", "agreement.md", "signed.pdf"
"""Names of the files of a record."""

SCAN = "scan.pdf"
"""The first scan of paper that was signed; the next one is scan-2.pdf."""

VOID = "void.yaml"
"""The file beside a record that says that it is void."""

AS_SENT = "as-sent"
"""The folder of an agreement that holds the library with which it was sent."""

MOST_DOCUMENT = 16 << 20
MOST_SIGNED = 64 << 20
"""The largest files of a record that are read, in bytes: a Document, and a signed PDF or another file beside it."""


@dataclass(frozen=True, slots=True)
class ClauseVersion:
    """Which clause filled a slot, in which version."""

    slot: str
    clause: str
    version: str


@dataclass(frozen=True, slots=True)
class FileHash:
    """A file and the SHA-256 of its content, in hexadecimal."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RecordedSignatory:
    """Who signed, and by what evidence, as it was verified at execution; see `verify.model.Signatory`."""

    block: str
    party: str
    name: str
    evidence: str
    time: str
    detail: str


@dataclass(frozen=True, slots=True)
class RecordedAttestation:
    """What a named person stated at execution of a signature block's signing. It proves nothing by itself.

    Of ink on paper, `signed_on` is the day of the signature (ISO 8601) and `scans` the record's files that show it; in
    records of earlier formats, and where something else is attested, both are empty.
    """

    block: str
    statement: str
    signed_on: str = ""
    scans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedTrust:
    """What certificates of the record were trusted for at execution; see `verify.model.Role`. `file` holds them."""

    file: str
    kind: str
    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class ExecutedVersion:
    """A version that the parties signed: the record of `agreements/executed/<agreement>/<version>/`.

    `date` is ISO 8601. `text` is the fingerprint of the Document's text, in the form that the
    Document's number implies, and `data` that of the agreement's data.
    `wordings` are the clause files of the deal's own, and an amendment's changes, `files` all other files of the
    record. `trust` tells whose certificates proved what; in records of format 1 they were trusted for everything, and
    it is empty. `acknowledged` are the names of the reasons in spite of which it was executed.
    """

    agreement: str
    type: str
    version: str
    date: str
    verdict: str
    reasons: tuple[str, ...]
    text: str
    data: str
    signatories: tuple[RecordedSignatory, ...]
    attestations: tuple[RecordedAttestation, ...]
    clauses: tuple[ClauseVersion, ...]
    wordings: tuple[FileHash, ...]
    files: tuple[FileHash, ...]
    trust: tuple[RecordedTrust, ...] = ()
    acknowledged: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """Where the record lies."""
        return f"{EXECUTED}/{self.agreement}/{self.version}"

    def sha256(self, name: str) -> str:
        """Return the hash of one of the record's files, "" if it has none of that name."""
        return next((file.sha256 for file in self.files if file.name == name), "")


@dataclass(frozen=True, slots=True)
class Void:
    """Why a record is void, who says so, and since when: `date` is ISO 8601. All are "" if that cannot be read."""

    reason: str
    by: str
    date: str

    def words(self) -> str:
        """Return what the mark says, in one line."""
        if not self.date:
            return f"void, but {VOID} beside it cannot be read"
        return f"void since {self.date}: {self.reason} ({self.by})"


Direction = Literal["sent", "received"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the negotiation: a text that was sent, or an answer that was received.

    `number` counts from 1 and names its files, `date` is ISO 8601. `party` is the key of the other party, or ""
    for all of them. `version` and `text`, the text's fingerprint, tell what was sent, or of what was sent
    last before the answer; "" if nothing was. `clauses` are empty for what was received.
    """

    agreement: str
    number: int
    direction: Direction
    date: str
    party: str
    version: str
    text: str
    note: str
    clauses: tuple[ClauseVersion, ...]

    @property
    def path(self) -> str:
        """Where the turn is written down."""
        return f"{turns_folder(self.agreement)}/{self.number:04d}.yaml"

    @property
    def document_path(self) -> str:
        """Where the Document lies that was sent."""
        return f"{turns_folder(self.agreement)}/{self.number:04d}.json"


def numbered_scan(number: int) -> str:
    """Return the name of a record's scan, of which the first has the number 1."""
    return SCAN if number == 1 else SCAN.replace(".", f"-{number}.")


def turns_folder(agreement: str) -> str:
    """Return where the turns of an agreement lie."""
    return f"{FOLDER}/{agreement}/turns"


def as_sent_folder(agreement: str) -> str:
    """Return where the library as an agreement was sent with it lies."""
    return f"{FOLDER}/{agreement}/{AS_SENT}"
