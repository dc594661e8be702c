"""Opening a PDF that may be hostile, and asking a second reader whether it sees the same signatures."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence

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


def second_opinion(pdf: bytes, signatures: Sequence[tuple[str, Coverage]]) -> tuple[int, str]:
    """Return how many revisions another reader sees, and what speaks against the file, or "".

    What one reader of PDF shows and another does not is how a signed file is made to say two things.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        if reader.encrypted:
            reader.decrypt("")  # a password of the owner's alone: anybody may read it
        revisions = int(reader.xrefs.total_revisions)
        if reader.xrefs.hybrid_xrefs_present:
            return (
                revisions,
                _TWO_TABLES,
            )
        seen = {
            (item.field_name, int(item.byte_range[1]), int(item.byte_range[2]))
            for item in reader.embedded_signatures
            if item.evaluate_signature_coverage() >= SignatureCoverageLevel.ENTIRE_REVISION
        }
    except Exception:  # whatever stops the second reader, the two do not agree
        return pdf.count(b"startxref"), _DISAGREE
    known = {(name, covers.gap, covers.after) for name, covers in signatures}
    return revisions, "" if seen == known else _DISAGREE
