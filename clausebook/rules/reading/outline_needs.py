"""What a type's outline must have because a deal's data ask for it."""

from __future__ import annotations

from collections.abc import Iterator

from clausebook.findings.model import Finding
from clausebook.rules.reading.finished import FinishedText


def nowhere_to_sign(text: FinishedText) -> Iterator[Finding]:
    """Yield that the outline does not say what a signatory signs on, though the agreement names signatories."""
    if text.inputs.deal.data["signatures"] and not text.inputs.kind.outline.signatures.lines:
        said = "the agreement names who signs, and the outline of its type has no `signatures` with lines to sign on"
        hint = f"say in `{text.inputs.kind.outline.path}` what a signature block holds"
        yield text.inputs.deal.finding("core/signatures-nowhere", said, "/signatures", hint)
