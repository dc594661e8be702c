"""Who was to sign, and by what evidence they are held to have signed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from clausebook.document.model import Document, SignatureBlock
from clausebook.reading.pages import Page
from clausebook.verify.model import FileFact, Signatory, Signature
from clausebook.verify.pages.known_forms import plain
from clausebook.verify.trust import FIELD_OF_AGREEMENT, name_of, party_of

_STRENGTH = {"none": 0, "attestation": 1, "completion": 2, "certificate": 3}


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """One file that came back: what is found about it as a file, and the service's certificate in its pages."""

    file: FileFact
    certificate: Sequence[Page] = ()


def signatories(
    document: Document, returned: Iterable[ReturnedFile], attestations: Mapping[str, str]
) -> tuple[Signatory, ...]:
    """Return each signatory of the document with the best evidence that the files give.

    `attestations` holds, by the id of the signature block, who attests what.
    """
    files = tuple(returned)
    twice = _for_two_parties(document, files)
    found = (_signatory(document, block, files, attestations.get(block.id, "")) for block in document.signatures)
    return tuple(replace(each, doubt=_TWICE) if each.block in twice and not each.doubt else each for each in found)


def signed(signatory: Signatory) -> bool:
    """Tell whether there is any evidence that they signed."""
    return signatory.evidence != "none"


_TWICE = "one and the same certificate signed for two parties"


def _for_two_parties(document: Document, files: Sequence[ReturnedFile]) -> set[str]:
    """Return the blocks that were signed with a certificate that also signed for another party."""
    signed_with: dict[str, list[SignatureBlock]] = {}
    for block in document.signatures:
        for made in {each.certificate for file in files if (each := _in_field(block, file)) and each.certificate}:
            signed_with.setdefault(made, []).append(block)
    return {block.id for blocks in signed_with.values() if len({each.party for each in blocks}) > 1 for block in blocks}


def _signatory(document: Document, block: SignatureBlock, files: Sequence[ReturnedFile], attested: str) -> Signatory:
    best = Signatory(block.id, party_of(document, block), name_of(block), detail="nothing shows that they signed")
    if attested:
        best = replace(best, evidence="attestation", detail=f"attested: {attested} (no cryptographic evidence)")
    for each in files:
        for found in (_completed(best, each), _certified(best, block, each)):
            if attested and found.doubt:
                best = replace(best, doubt=found.doubt)
            elif _STRENGTH[found.evidence] > _STRENGTH[best.evidence]:
                best = found
            elif not signed(best) and found.detail:
                best = replace(best, detail=found.detail)
    return best


def _in_field(block: SignatureBlock, returned: ReturnedFile) -> Signature | None:
    wanted = f"{block.id}{FIELD_OF_AGREEMENT}"
    return next((each for each in returned.file.signatures if each.field == wanted), None)


def _certified(signatory: Signatory, block: SignatureBlock, returned: ReturnedFile) -> Signatory:
    """Look for a signature in the signatory's own field."""
    made = _in_field(block, returned)
    if made is None:
        return replace(signatory, evidence="none", detail="")
    if not made.sound:
        return replace(signatory, evidence="none", detail=f"their signature is broken: {_broken(made)}")
    by = f"{made.signer} ({made.organisation})" if made.organisation else made.signer
    trust = f"a certificate trusted for {made.counts}" if made.counts else "a certificate that is not trusted for them"
    who = signatory.name or signatory.party
    named = _same_name(made.signer, signatory.name) or _same_name(made.signer, signatory.party)
    doubt = "" if named or not signatory.name else f"the certificate names {by}, not {who}"
    detail = f"signed by {by} with {trust}"
    return replace(signatory, evidence="certificate", time=made.time, detail=detail, doubt=doubt)


def _completed(signatory: Signatory, returned: ReturnedFile) -> Signatory:
    """Look for the signatory in a signing service's certificate, under the service's seal."""
    page = next((page for page in returned.certificate if signatory.name and _names(page, signatory.name)), None)
    if page is None:
        return replace(signatory, evidence="none", detail="")
    seals = [each for each in returned.file.signatures if each.kind == "seal" and each.sound]
    seal = next((each for each in reversed(seals) if each.counts), seals[-1] if seals else None)
    if seal is None:
        return replace(signatory, evidence="none", detail="a page of the file names them, but no seal protects it")
    trust = (
        f" (trusted as that of {seal.counts})" if seal.counts else ", whose certificate is not trusted for a service"
    )
    return replace(
        signatory,
        evidence="completion",
        time=seal.time,
        detail=f"named in a certificate of completion under the seal of {seal.signer}{trust}",
    )


def _same_name(one: str, other: str) -> bool:
    """Tell whether two names are one: the words of the shorter, two at least, are among those of the longer."""
    shorter, longer = sorted((_words(one), _words(other)), key=len)
    return shorter <= longer and (len(shorter) > 1 or shorter == longer)


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", plain(name)))


def _names(page: Page, name: str) -> bool:
    words = [word.text.casefold().strip(",;:()") for word in page.words]
    wanted = [word.casefold().strip(",;:()") for word in name.split()]
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))


def _broken(signature: Signature) -> str:
    return signature.problem or "; ".join(signature.forbidden) or "the file was changed after it was signed"
