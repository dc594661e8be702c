"""Say what was found about a PDF that came back: in plain words, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType

from clausebook.findings.characters import one_line, without_hidden
from clausebook.verify.model import FileFact, Signatory, Signature, TextFact, Verdict, Verification

SAYINGS: Mapping[Verdict, str] = MappingProxyType(
    {
        "verified": "VERIFIED",
        "incomplete": "TEXT MATCHES, EVIDENCE INCOMPLETE",
        "differs": "DIFFERS OR TAMPERED",
        "unknown": "COULD NOT TELL",
    }
)

SHORT = 8
MOST_ADDED = 12
"""Lines of added words; the JSON has them all."""

MOST_TOLD = 160
"""Characters of words from outside that are told at once; the JSON has them all."""


def text_report(found: Verification) -> str:
    """Return what was found in plain words, for a terminal."""
    return _written("\n".join(_lines(found)) + "\n")


def json_report(found: Verification) -> str:
    """Return all that was found as JSON; the fields are those of `Verification`."""
    return _written(json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n")


REPORTS: Mapping[str, Callable[[Verification], str]] = MappingProxyType({"text": text_report, "json": json_report})


def _lines(found: Verification) -> Iterator[str]:
    name = f"{found.text.agreement} {found.text.version}: " if found.text.agreement else ""
    yield f"{_inert(name)}{SAYINGS[found.verdict]}"
    for reason in found.reasons:
        name = f" [{_inert(reason.name)}]" if found.verdict == "incomplete" else ""
        yield f"  - {_inert(reason.words)}{name}"
    if found.text.void:
        yield f"  - the record of this version's execution is {_inert(found.text.void)}"
    yield ""
    yield "Text"
    yield from (f"  {line}" for line in _text(found.text))
    for number, file in enumerate(found.files, 1):
        yield ""
        yield "File" if len(found.files) == 1 else f"File {number}"
        yield from (f"  {line}" for line in _file(file))
    yield ""
    yield "Signatories"
    yield from (f"  {line}" for line in _signatories(found.signatories))


def _text(text: TextFact) -> Iterator[str]:
    if text.outcome == "same-bytes":
        yield "the file begins, byte for byte, with what this repository builds, and shows nothing else"
    elif text.outcome == "same-words":
        yield "the pages say, and show, what this repository's text says; the file itself was written anew"
    elif text.outcome == "differs":
        yield _inert(text.problem or "the pages do not say what this repository's text says")
    else:
        yield f"could not be compared: {_inert(text.problem)}"
    if text.fingerprint:
        yield f"fingerprint of the text: {text.fingerprint}"
    if text.commits:
        yield f"revisions with this text: {', '.join(commit[:SHORT] for commit in text.commits)}"
    if text.same_words:
        yield f"the same words, as another version: {', '.join(map(_inert, text.same_words))}"
    if text.attached == "missing":
        yield "no Document is attached: the file was written anew, or is not ours"
    elif text.attached != "matches":
        yield f"the attached Document {'is damaged' if text.attached == 'damaged' else 'differs'}"
    for each in text.differences:
        if each.expected and each.found:
            yield f"{_inert(each.place)}: “{_short(each.expected)}” became “{_short(each.found)}”"
        elif each.found:
            yield f"{_inert(each.place)}: added “{_short(each.found)}”"
        else:
            yield f"{_inert(each.place)}: missing “{_short(each.expected)}”"
    for doubt in text.doubts:
        yield f"a person has to look: {_inert(doubt)}"
    for words in text.tolerated[:MOST_ADDED]:
        yield f"added, and no part of the agreement: {_short(words)}"
    if len(text.tolerated) > MOST_ADDED:
        yield f"and {len(text.tolerated) - MOST_ADDED} more additions of the kind"


def _file(file: FileFact) -> Iterator[str]:
    if file.problem:
        yield _inert(file.problem)
    if not file.signatures:
        yield "no signature is in the file"
    for each in file.signatures:
        yield _inert(_signature(each))
        yield from (f"    after it, allowed: {_inert(change)}" for change in each.changes)
        yield from (f"    after it, NOT ALLOWED: {_inert(change)}" for change in each.forbidden)
    yield from (f"after the last signature: {_inert(change)}" for change in file.after)
    yield from (f"worth knowing: {_inert(remark)}" for remark in file.remarks)


def _signature(each: Signature) -> str:
    kinds = {"signature": "signed", "seal": "sealed", "timestamp": "time-stamped"}
    by = f"{each.signer} ({each.organisation})" if each.organisation else each.signer or "an unknown signer"
    when = ""
    if each.time:
        source = "by a time-stamping authority" if each.time_source == "timestamp" else "by the signer's own clock"
        when = f", {each.time} {source}"
    by += f", certificate issued by {each.issuer}" if each.issuer else ""
    state = (
        _trust(each) if each.intact else f"{'NOT JUDGED' if each.unjudged else 'BROKEN'}: {each.problem or 'changed'}"
    )
    return f"{each.field}: {kinds[each.kind]} by {by}{when}; {state}"


def _trust(each: Signature) -> str:
    if each.trusted is None:
        return "intact; nobody's certificates were given to check it against"
    revoked = f"; revocation: {each.revocation}" if each.revocation else ""
    if each.counts:
        return f"intact; counts for {each.counts}{revoked}" + (f"; {each.problem}" if each.problem else "")
    return f"intact; COUNTS FOR NOBODY: {each.problem or 'its certificate is not trusted for this'}{revoked}"


def _signatories(found: Sequence[Signatory]) -> Iterator[str]:
    if not found:
        yield "not known: the agreement could not be told"
    for each in found:
        when = f" on {each.time[:10]}" if each.time and each.evidence not in ("none", "attestation") else ""
        doubt = f"; but {each.doubt}" if each.doubt else ""
        yield _inert(f"{each.name or each.block}, for {each.party}: {each.detail}{when}{doubt}")


def _short(text: str) -> str:
    return one_line(_inert(text), MOST_TOLD)


def _written(text: str) -> str:
    """Return a report without halves of characters, which a PDF may hold and no file can."""
    return text.encode("utf-8", "replace").decode()


def _inert(text: str) -> str:
    """Return words from outside without anything that a terminal would obey."""
    return without_hidden(text)
