"""The verdict that three facts allow: what the pages say, whether the file is intact, who signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clausebook.verify.model import FileFact, Reason, Signatory, TextFact, Verdict
from clausebook.verify.signatories import signed
from clausebook.verify.trust import FIELD_OF_AGREEMENT

UNCHECKED = ":unchecked"
"""How the name of a reason ends that says that nobody's certificates were given to check a signature against."""

_SAME = ("same-bytes", "same-words")

HARMLESS = frozenset(
    (
        "i am the author of this document",
        "i have reviewed this document",
        "i am approving this document",
        "i attest to the accuracy and integrity of this document",
        "i agree to the terms defined by the placement of my signature on this document",
        "digitally verifiable pdf exported from www.docusign.com",
    )
)
"""Reasons that programs offer for a signature (those of Adobe's list, and a service's), none of them a condition."""


def judge(
    texts: Sequence[TextFact], files: Sequence[FileFact], signatories: Sequence[Signatory]
) -> tuple[Verdict, tuple[Reason, ...]]:
    """Return the verdict and the reasons for it, in plain words."""
    tampered = [*_tampered(files), *_differing(texts)]
    if tampered:
        return "differs", tuple(tampered)
    damaged = [Reason("file", file.problem) for file in files if file.problem]
    damaged += [
        Reason("signature", f"the signature in `{each.field}` cannot be judged: {each.problem}")
        for file in files
        for each in file.signatures
        if each.unjudged
    ]
    unreadable = [Reason("text", text.problem) for text in texts if text.outcome == "unreadable"]
    # Beside a file whose text is the agreement's, a scan of the signed paper proves nothing, and does no harm.
    if damaged or (unreadable and not any(text.outcome in _SAME for text in texts)):
        return "unknown", tuple(dict.fromkeys([*damaged, *unreadable]))
    if not signatories:
        return "unknown", (Reason("nobody", "the agreement names nobody who signs it"),)
    doubts = dict.fromkeys(said for text in texts for said in (text.problem, *text.doubts) if said)
    lacking = [Reason(f"text-{number}", said) for number, said in enumerate(doubts, 1)]
    lacking += [*_lacking(files, signatories), *_scans(texts, files, signatories)]
    if lacking:
        return "incomplete", tuple(lacking)
    verified = Reason("verified", "the text is the agreement's, and every signatory signed it")
    if any(text.tolerated for text in texts):
        told = "stamps, ids and pages that were added are no part of it; they are told below"
        return "verified", (verified, Reason("added", told))
    return "verified", (verified,)


def _tampered(files: Sequence[FileFact]) -> Iterator[Reason]:
    for file in files:
        for signature in file.signatures:
            if not signature.intact and not signature.unjudged:
                yield Reason("broken", f"the signature in `{signature.field}` is broken" + _why(signature.problem))
            for change in signature.forbidden:
                yield Reason("changed", f"after the signature in `{signature.field}`: {change}")
        if file.signatures and file.problem:
            yield Reason("file", file.problem)


def _differing(texts: Sequence[TextFact]) -> Iterator[Reason]:
    for text in texts:
        if text.outcome == "differs":
            yield Reason("text", text.problem or "the pages do not say what the agreement says")
    names = {(text.agreement, text.version) for text in texts if text.agreement}
    if len(names) > 1:
        told = ", ".join(f"{agreement} {version}" for agreement, version in sorted(names))
        yield Reason("text", f"the files are not counterparts of one agreement: {told}")


def _lacking(files: Sequence[FileFact], signatories: Sequence[Signatory]) -> Iterator[Reason]:
    for signatory in signatories:
        who = f"{signatory.name or signatory.block}, for {signatory.party}"
        if not signed(signatory) or signatory.evidence == "attestation":
            yield Reason(f"{signatory.block}:{signatory.evidence}", f"{who}: {signatory.detail}")
        if signatory.doubt:
            yield Reason(f"{signatory.block}:doubt", f"{who}: {signatory.doubt}")
    for file in files:
        for signature in file.signatures:
            name = signature.field
            if signature.trusted is None:
                said = f"`{name}`: nobody's certificates were given to check {signature.signer} against"
                yield Reason(f"{name}{UNCHECKED}", said)
            elif not signature.counts:
                why = signature.problem or "its certificate is not trusted for this"
                said = f"`{name}`, {signature.signer}: {why[0].lower()}{why[1:].rstrip('.')}"
                yield Reason(f"{name}:untrusted", said)
            if signature.said and signature.said.casefold().rstrip(".") not in HARMLESS:
                said = f"`{name}`: {signature.signer} gave a reason for signing, which may be a condition"
                yield Reason(f"{name}:reason", f"{said}: “{signature.said}”; read it")
            for number, words in enumerate(signature.besides, 1):
                said = f"`{name}`: the signature of {signature.signer} says more, which may be a condition"
                yield Reason(f"{name}:besides-{number}", f"{said}: “{words}”; read it")


def _scans(texts: Sequence[TextFact], files: Sequence[FileFact], signatories: Sequence[Signatory]) -> Iterator[Reason]:
    """Find blocks that are attested though no file shows anything of it: neither a scan nor a signature."""
    if any(text.outcome == "unreadable" for text in texts):
        return
    fields = {signature.field for file in files for signature in file.signatures}
    for each in signatories:
        if each.evidence == "attestation" and f"{each.block}{FIELD_OF_AGREEMENT}" not in fields:
            said = f"{each.name or each.block} is said to have signed on paper, but no scan of it is among the files"
            yield Reason(f"{each.block}:scan", said)


def _why(problem: str) -> str:
    return f": {problem}" if problem else ""
