"""Who was to sign, and by what evidence they are held to have signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from clausebook.document.model import Document, SignatureBlock
from clausebook.verify.model import FileFact, Signatory, Signature
from clausebook.verify.naming import is_same, of_another
from clausebook.verify.trust import FIELD_OF_AGREEMENT, name_of, party_of

_STRENGTH = {"none": 0, "attestation": 1, "completion": 2, "certificate": 3}


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """One file that came back: what is found about it, and of whom a service's certificate in it says they signed."""

    file: FileFact
    completed: frozenset[str] = frozenset()


def signatories(
    document: Document, returned: Iterable[ReturnedFile], attestations: Mapping[str, str]
) -> tuple[Signatory, ...]:
    """Return each signatory of the document with the best evidence that the files give.

    `attestations` holds, by the id of the signature block, who attests what.
    """
    files = tuple(returned)
    twice = _for_two_parties(document, files)
    found = (_signatory(document, block, files, attestations.get(block.id, "")) for block in document.signatures)
    return tuple(
        replace(each, doubt="; ".join(filter(None, (each.doubt, twice.get(each.block, ""))))) for each in found
    )


def signed(signatory: Signatory) -> bool:
    """Tell whether there is any evidence that they signed."""
    return signatory.evidence != "none"


def _for_two_parties(document: Document, files: Sequence[ReturnedFile]) -> dict[str, str]:
    """Say for each block that was signed with a key that also signed for another party what is wrong with that."""
    made = [(block, each) for file in files for block in document.signatures if (each := _in_field(block, file))]
    told = {}
    for block, one in made:
        for beside, other in made:
            if beside.party != block.party and one.key and one.key == other.key:
                what = "certificate" if one.certificate == other.certificate else "key"
                told[block.id] = f"one and the same {what} signed for two parties"
    return told


def _signatory(document: Document, block: SignatureBlock, files: Sequence[ReturnedFile], attested: str) -> Signatory:
    best = Signatory(block.id, party_of(document, block), name_of(block), detail="nothing shows that they signed")
    if attested:
        best = replace(best, evidence="attestation", detail=f"attested: {attested} (no cryptographic evidence)")
    for each in files:
        for found in (_completed(best, each), _certified(document, best, block, each)):
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


def _certified(document: Document, signatory: Signatory, block: SignatureBlock, returned: ReturnedFile) -> Signatory:
    """Look for a signature in the signatory's own field."""
    made = _in_field(block, returned)
    if made is None:
        return replace(signatory, evidence="none", detail="")
    if not made.sound:
        return replace(signatory, evidence="none", detail=f"their signature is broken: {_broken(made)}")
    by = f"{made.signer} ({made.organisation})" if made.organisation else made.signer
    trust = f"a certificate trusted for {made.counts}" if made.counts else "a certificate that is not trusted for them"
    who = signatory.name or signatory.party
    houses = [
        name for each in document.parties if each.key == block.party for name in (each.legal_name, each.short_name)
    ]
    named = any(is_same(made.signer, name, houses) for name in (signatory.name, signatory.party))
    doubt = "" if named or not signatory.name else f"the certificate names {by}, not {who}"
    if not doubt and of_another(made.organisation, [*houses, signatory.name]):
        doubt = f"the certificate says more of {made.signer} than a company's name: “{made.organisation}”"
    detail = f"signed by {by} with {trust}"
    return replace(signatory, evidence="certificate", time=made.time, detail=detail, doubt=doubt)


def _completed(signatory: Signatory, returned: ReturnedFile) -> Signatory:
    """Look for the signatory in a signing service's certificate, under the service's seal."""
    if signatory.name not in returned.completed:
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


def _broken(signature: Signature) -> str:
    return signature.problem or "; ".join(signature.forbidden) or "the file was changed after it was signed"
