"""Small trees with a record or a turn written by hand, for what reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from clausebook.document.fingerprints import fingerprint
from clausebook.document.interchange import to_json
from clausebook.document.model import Document
from clausebook.records.model import RECORD_FORMAT, TURN_FORMAT, ExecutedVersion, FileHash, Turn
from clausebook.records.notation import write
from clausebook.records.record_files import canonical
from tests.support.sample_documents import sample

AGREEMENT = "wren"
DOCUMENT = replace(sample(), id=AGREEMENT, version="1.0", draft=False, status="approved")
DATA: Mapping[str, Any] = {"id": AGREEMENT, "version": "1.0", "status": "approved", "topic": "birds"}
TURN = Turn(AGREEMENT, 1, "sent", "2026-03-04", "", "1.0", fingerprint(DOCUMENT), "", ())
VERSION = ExecutedVersion(
    agreement=AGREEMENT,
    type="nda",
    version="1.0",
    date="2026-03-10",
    verdict="verified",
    reasons=(),
    text=fingerprint(DOCUMENT),
    data=hashlib.sha256(canonical(DATA)).hexdigest(),
    signatories=(),
    attestations=(),
    clauses=(),
    wordings=(),
    files=(),
)
"""Of `files` it names none: `put_version` does."""


def put(root: Path, path: str, content: bytes) -> None:
    """Write a file of the tree."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


def hash_of(name: str, content: bytes) -> FileHash:
    """Return what a record tells of a file."""
    return FileHash(name, hashlib.sha256(content).hexdigest())


def put_version(
    root: Path,
    version: ExecutedVersion = VERSION,
    document: Document = DOCUMENT,
    data: bytes = canonical(DATA),
) -> ExecutedVersion:
    """Write a record with its text and its data, whatever it says of them; return it as it is read."""
    contents = {"document.json": to_json(document).encode(), "data.json": data}
    version = replace(version, files=version.files or tuple(hash_of(*each) for each in contents.items()))
    for name, content in contents.items():
        put(root, f"{version.folder}/{name}", content)
    put(root, f"{version.folder}/record.yaml", write(version, RECORD_FORMAT, "A record.", ("agreement", "version")))
    return version


def put_turn(root: Path, turn: Turn = TURN, document: Document | None = DOCUMENT) -> None:
    """Write a turn, with the text that was sent if there is one."""
    put(root, turn.path, write(turn, TURN_FORMAT, "A turn.", ("agreement", "number")))
    if document:
        put(root, turn.document_path, to_json(document).encode())
