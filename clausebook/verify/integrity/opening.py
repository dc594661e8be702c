"""Opening a PDF that may be hostile, and asking a second reader whether it sees the same signatures."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.status import SignatureCoverageLevel

from clausebook.verify.integrity.byte_ranges import Coverage

logging.getLogger("pikepdf").addHandler(logging.NullHandler())

_TWO_TABLES = "The file has two tables of its objects for two kinds of readers, so it can say two things."
_DISAGREE = "Two readers of PDF do not agree on what the file holds, so it was made to mislead or is damaged."


def opened(pdf: bytes) -> pikepdf.Pdf:
    """Open a PDF as it stands: nothing is repaired, for a repair is a guess."""
    return pikepdf.open(io.BytesIO(pdf), attempt_recovery=False, inherit_page_attributes=False, suppress_warnings=True)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What another reader sees: how often the file was written, what speaks against it, and the `former` signatures.

    Those were made without drawing the signatory's name and title again, as Clausebook once did.
    """

    revisions: int
    problem: str = ""
    former: tuple[str, ...] = ()


def second_opinion(pdf: bytes, signatures: Sequence[tuple[str, Coverage]]) -> Opinion:
    """Return what another reader sees.

    What one reader of PDF shows and another does not is how a signed file is made to say two things.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        if reader.encrypted:
            reader.decrypt("")  # a password of the owner's alone: anybody may read it
        revisions = int(reader.xrefs.total_revisions)
        if reader.xrefs.hybrid_xrefs_present:
            return Opinion(revisions, _TWO_TABLES)
        seen = {
            (item.field_name, int(item.byte_range[1]), int(item.byte_range[2]))
            for item in reader.embedded_signatures
            if item.evaluate_signature_coverage() >= SignatureCoverageLevel.ENTIRE_REVISION
        }
    except Exception:  # whatever stops the second reader, the two do not agree
        return Opinion(pdf.count(b"startxref"), _DISAGREE)
    known = {(name, covers.gap, covers.after) for name, covers in signatures}
    if seen != known:
        return Opinion(revisions, _DISAGREE)
    try:
        return Opinion(revisions, former=tuple(_former(reader, revisions)))
    except Exception:  # it is a remark, which decides nothing
        return Opinion(revisions)


def _former(reader: PdfFileReader, revisions: int) -> Iterator[str]:
    """Yield the fields of signatures after which more was written, and with which locked words were not drawn."""
    drawn = {
        field["/T"]: field["/AP"].raw_get("/N")
        for field in (item.get_object() for item in reader.root["/AcroForm"]["/Fields"])
        if field.get("/FT") == "/Tx" and "/AP" in field
    }
    for item in reader.embedded_regular_signatures:
        lock = item.sig_field.get("/Lock", {})
        written = {ref.idnum for ref in reader.xrefs.explicit_refs_in_revision(item.signed_revision)}
        shown = [drawn[name] for name in lock.get("/Fields", ()) if lock.get("/Action") == "/Include" and name in drawn]
        if item.signed_revision + 1 < revisions and any(getattr(each, "idnum", 0) not in written for each in shown):
            yield item.field_name
