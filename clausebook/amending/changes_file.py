"""The file of an amendment's changes: which text they start from, what they are, and which text they make."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from clausebook.amending.applying import apply
from clausebook.amending.instructions import Instruction, from_plain, to_plain
from clausebook.document.fingerprints import fingerprint
from clausebook.document.interchange import MOST_BYTES, InterchangeError, number_in, parsed
from clausebook.document.model import Document
from clausebook.formats.table import FINGERPRINT_FORMS, FORMATS
from clausebook.records.frozen import fixed_data
from clausebook.records.record_files import canonical

FORMAT = FORMATS["amendment"].mark
_FIELDS: Mapping[str, type] = {
    "format": str,
    "agreement": str,
    "number": int,
    "base": dict,
    "restated": dict,
    "data": str,
    "renumber": bool,
    "instructions": list,
}


@dataclass(frozen=True, slots=True)
class TextMark:
    """A text by its version and its fingerprint."""

    version: str
    fingerprint: str

    @staticmethod
    def of(document: Document, form: int = 0) -> TextMark:
        """Return the mark of a document, in a form of fingerprint; 0 is the document's own."""
        return TextMark(document.version, fingerprint(document, form))


@dataclass(frozen=True, slots=True)
class Changes:
    """What amendment `number` of an agreement changes.

    `data` is the fingerprint of the agreement's data from which the restated text was made. `renumber` tells that the
    amendment renumbers expressly. `base` has the form of fingerprint of the executed text, `restated` has `form`.
    """

    agreement: str
    number: int
    base: TextMark
    restated: TextMark
    data: str
    renumber: bool
    instructions: tuple[Instruction, ...]
    form: int = FINGERPRINT_FORMS[-1]

    def restate(self, base: Document) -> Document:
        """Return the text that the changes make of their base. Raise AmendmentError if they do not fit it."""
        return replace(apply(base, self.instructions), version=self.restated.version, form=self.form)


def to_json(changes: Changes) -> str:
    """Return the changes as the text of their file."""
    head = {
        "format": FORMAT,
        "agreement": changes.agreement,
        "number": changes.number,
        "base": asdict(changes.base),
        "restated": asdict(changes.restated),
        "data": changes.data,
        "renumber": changes.renumber,
    }
    lines = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}," for name, value in head.items()]
    # A line for each instruction, so that a difference in git shows which of them changed.
    done = ",\n".join(json.dumps(to_plain(each), ensure_ascii=False) for each in changes.instructions)
    return "\n".join(["{", *lines, '"instructions": [', done, "]", "}", ""])


def from_json(content: bytes) -> Changes:
    """Return the changes of a file's content. Raise InterchangeError, with the reason, if it holds none."""
    if len(content) > MOST_BYTES:
        raise InterchangeError(f"it is longer than {MOST_BYTES >> 20} MiB")
    try:
        return _changes(parsed(content))
    except RecursionError:
        raise InterchangeError("it is nested too deeply") from None
    except ValueError as error:
        raise InterchangeError(f"it is no JSON: {error}") from error


def data_mark(data: Mapping[str, Any]) -> str:
    """Return the fingerprint of an agreement's data; what may change at any time is no part of it."""
    return hashlib.sha256(canonical(fixed_data(data))).hexdigest()


def _changes(data: Any) -> Changes:
    number = number_in(data, "amendment")
    for name, kind in _FIELDS.items():
        if type(data.get(name)) is not kind:
            raise InterchangeError(f"`{name}` is missing or not of the right kind")
    if unknown := sorted(set(data) - set(_FIELDS)):
        raise InterchangeError(f"`{unknown[0]}` is unknown")
    found = []
    for index, each in enumerate(data["instructions"]):
        try:
            found.append(from_plain(each))
        except InterchangeError as error:
            raise InterchangeError(f"instruction {index + 1}: {error}") from error
    base, restated = _read_mark(data, "base"), _read_mark(data, "restated")
    told = (data["agreement"], data["number"], base, restated, data["data"], data["renumber"], tuple(found))
    return Changes(*told, form=FORMATS["amendment"].form(number))


def _read_mark(data: Mapping[str, Any], name: str) -> TextMark:
    mark = data[name]
    if set(mark) != {"version", "fingerprint"} or not all(isinstance(each, str) for each in mark.values()):
        raise InterchangeError(f"`{name}` does not hold a version and a fingerprint")
    return TextMark(mark["version"], mark["fingerprint"])
