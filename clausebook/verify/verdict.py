"""The verdict that three facts allow: what the pages say, whether the file is intact, who signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clausebook.verify.model import FileFact, Signatory, TextFact, Verdict
from clausebook.verify.signatories import signed

_SAME = ("same-bytes", "same-words")


def judge(
    texts: Sequence[TextFact], files: Sequence[FileFact], signatories: Sequence[Signatory]
) -> tuple[Verdict, tuple[str, ...]]:
    """Return the verdict and the reasons for it, in plain words."""
    tampered = [*_tampered(files), *_differing(texts)]
    if tampered:
        return "differs", tuple(tampered)
    damaged = [file.problem for file in files if file.problem]
    unreadable = [text.problem for text in texts if text.outcome == "unreadable"]
    # Beside a file whose text is the agreement's, a scan of the signed paper proves nothing, and does no harm.
    if damaged or (unreadable and not any(text.outcome in _SAME for text in texts)):
        return "unknown", tuple(dict.fromkeys([*damaged, *unreadable]))
    if not signatories:
        return "unknown", ("the agreement names nobody who signs it",)
    doubts = dict.fromkeys(said for text in texts for said in (text.problem, *text.doubts) if said)
    lacking = [*doubts, *_lacking(files, signatories)]
    if lacking:
        return "incomplete", tuple(lacking)
    verified = "the text is the agreement's, and every signatory signed it"
    if any(text.tolerated for text in texts):
        return "verified", (verified, "stamps, ids and pages that were added are no part of it; they are told below")
    return "verified", (verified,)


def _tampered(files: Sequence[FileFact]) -> Iterator[str]:
    for file in files:
        for signature in file.signatures:
            if not signature.intact:
                yield f"the signature in `{signature.field}` is broken" + _why(signature.problem)
            for change in signature.forbidden:
                yield f"after the signature in `{signature.field}`: {change}"
        if file.signatures and file.problem:
            yield file.problem


def _differing(texts: Sequence[TextFact]) -> Iterator[str]:
    for text in texts:
        if text.outcome == "differs":
            yield text.problem or "the pages do not say what the agreement says"
    names = {(text.agreement, text.version) for text in texts if text.agreement}
    if len(names) > 1:
        told = ", ".join(f"{agreement} {version}" for agreement, version in sorted(names))
        yield f"the files are not counterparts of one agreement: {told}"


def _lacking(files: Sequence[FileFact], signatories: Sequence[Signatory]) -> Iterator[str]:
    for signatory in signatories:
        who = signatory.name or signatory.block
        if not signed(signatory) or signatory.evidence == "attestation":
            yield f"{who}, for {signatory.party}: {signatory.detail}"
        elif signatory.doubt:
            yield f"{who}, for {signatory.party}: {signatory.doubt}"
    for file in files:
        for signature in file.signatures:
            if signature.trusted is None:
                yield f"`{signature.field}`: no root certificate was given to check {signature.signer} against"
            elif not signature.trusted:
                yield f"`{signature.field}`: the certificate of {signature.signer} leads to none of the given roots"


def _why(problem: str) -> str:
    return f": {problem}" if problem else ""
