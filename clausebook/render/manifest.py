"""The manifest attached to a PDF: what the file was made from, as fingerprints.

Each fingerprint is a SHA-256 in hexadecimal. None of them names a commit, which would change every file at each
commit; the commits that give these fingerprints can be found from them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from clausebook.assemble.inputs import Inputs
from clausebook.document.fingerprints import fingerprint
from clausebook.document.interchange import InterchangeError, number_in, parsed
from clausebook.document.model import Clause, Document
from clausebook.document.outgoing import outgoing
from clausebook.formats.table import FORMATS
from clausebook.library.model import AgreementType
from clausebook.repository.hashed import folder_hash

AGREEMENT = "agreement.json"
"""The name under which the outgoing Document is attached."""

MANIFEST = "manifest.json"
"""The name under which the manifest is attached."""

FORMAT = FORMATS["manifest"].mark
"""Names this form of a manifest; a later form has another number."""

MOST_BYTES = 1 << 16
_LONGEST_NAME = 10_000


class ManifestError(Exception):
    """The JSON is not that of a manifest; the message says why, and `hint` if a newer program may know it."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.hint = hint
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a PDF was made from.

    `text` is the fingerprint of the contract's text, in the form of the Document that is attached with it, `data` that
    of the YAML's data, `library` that of the clauses and the glossary's entries in this agreement, `type` that of the
    outline and of what the schemas allow, `look` that of `templates/pdf`, `engine` that of the program.
    """

    agreement: str
    version: str
    text: str
    data: str
    library: str
    type: str
    look: str
    engine: str

    def to_json(self) -> str:
        """Return the manifest as JSON."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, content: str | bytes) -> Manifest:
        """Return the manifest of its JSON, whoever wrote it. Raise ManifestError if it is none."""
        if len(content) > MOST_BYTES:
            raise ManifestError(f"it is longer than {MOST_BYTES >> 10} KiB")
        try:
            data = parsed(content)
            number_in(data, "manifest")
        except InterchangeError as error:
            raise ManifestError(str(error), error.hint) from error
        del data["format"]
        names = [field.name for field in fields(cls)]
        if set(data) != set(names):
            raise ManifestError("it does not hold just " + ", ".join(names))
        for name in names:
            value = data[name]
            if not isinstance(value, str) or len(value) > _LONGEST_NAME:
                raise ManifestError(f"`{name}` is no text")
            if name not in ("agreement", "version") and not _is_digest(value):
                raise ManifestError(f"`{name}` is no SHA-256 in hexadecimal")
        return cls(**data)


def manifest_of(
    document: Document, data: Mapping[str, Any], inputs: Inputs | None, look: Path, made_by: str
) -> Manifest:
    """Return the manifest of an agreement's PDF, laid out by the look in that folder.

    `made_by` is the fingerprint of the program, `inputs` what the agreement was assembled from; None if that is no
    longer known, as of a text kept in a record.
    """
    return Manifest(
        agreement=document.id,
        version=document.version,
        text=fingerprint(outgoing(document)),
        data=_digest(data),
        library=library_fingerprint(document, inputs),
        type=type_fingerprint(inputs.kind, inputs.shape_id) if inputs else _digest(document.type),
        look=folder_hash(look),
        engine=made_by,
    )


def library_fingerprint(document: Document, inputs: Inputs | None) -> str:
    """Return the fingerprint of the clauses and shared definitions that the document uses, and of no others."""
    clauses = [_clause(clause, inputs) for clause in document.clauses()]
    return _digest([clauses, list(_entries(document, inputs)) if inputs else []])


def type_fingerprint(kind: AgreementType, shape_id: str) -> str:
    """Return the fingerprint of a type's outline and of what its schemas allow, known by `shape_id`."""
    return _digest([_plain(kind.outline), shape_id])


def _clause(clause: Clause, inputs: Inputs | None) -> list[str]:
    """Return what a clause of the document is made from."""
    source = clause.source
    if source is None:
        return [clause.id]
    known = None
    if inputs:
        wordings = (wording for wording in inputs.deal.wordings.values() if wording.path == source.path)
        known = next(wordings, None) or inputs.kind.clauses.get(source.clause)
    body = known.body if known and known.version == source.version else ""
    return [clause.id, source.clause, source.version, clause.title, body]


def _entries(document: Document, inputs: Inputs) -> Iterator[list[str]]:
    """Yield the shared definitions that stand in the document; those of the agreement itself are its data."""
    shown = {entry.term for entry in document.definitions()}
    own = {" ".join(str(entry["term"]).split()) for entry in inputs.deal.data.get("glossary", ())}
    for entry in inputs.kind.glossary:
        if entry.term in shown and entry.term not in own:
            yield [entry.term, entry.plural, entry.definition]


def _plain(value: Any) -> Any:
    """Return a part of an outline as plain data, without the places in files where it stands."""
    if is_dataclass(value) and not isinstance(value, type):
        named = (field.name for field in fields(value) if field.name not in ("path", "line"))
        return {name: _plain(getattr(value, name)) for name in named}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    return value


def _digest(data: Any) -> str:
    """Return the SHA-256 of data's canonical JSON: names in order, no white space."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _is_digest(text: str) -> bool:
    return len(text) == 64 and all(character in "0123456789abcdef" for character in text)
