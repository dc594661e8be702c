"""Who was to sign, and by what evidence they are held to have signed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from clausebook.document.model import Document, SignatureBlock
from clausebook.document.words import text_of
from clausebook.reading.pages import Page
from clausebook.verify.model import FileFact, Signatory, Signature
from clausebook.verify.pages.added_marks import completed

SIGNATURE = "signature"

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
    return tuple(_signatory(document, block, files, attestations.get(block.id, "")) for block in document.signatures)


def signed(signatory: Signatory) -> bool:
    """Tell whether there is any evidence that they signed."""
    return signatory.evidence != "none"


def _signatory(document: Document, block: SignatureBlock, files: Sequence[ReturnedFile], attested: str) -> Signatory:
    names = {party.key: party.legal_name for party in document.parties}
    name = next((text_of(line.runs).strip() for line in block.lines if line.field == "name"), "")
    best = Signatory(block.id, names.get(block.party, block.party), name, detail="nothing shows that they signed")
    if attested:
        best = replace(best, evidence="attestation", detail=f"attested: {attested} (no cryptographic evidence)")
    for each in files:
        for found in (_completed(best, each), _certified(best, each)):
            if _STRENGTH[found.evidence] > _STRENGTH[best.evidence] and not (attested and found.doubt):
                best = found
            elif not signed(best) and found.detail:
                best = replace(best, detail=found.detail)
    return best


def _certified(signatory: Signatory, returned: ReturnedFile) -> Signatory:
    """Look for a signature in the signatory's own field."""
    wanted = f"{signatory.block}-{SIGNATURE}"
    made = next((each for each in returned.file.signatures if each.field == wanted), None)
    if made is None:
        return replace(signatory, evidence="none", detail="")
    if not made.sound:
        return replace(signatory, evidence="none", detail=f"their signature is broken: {_broken(made)}")
    by = f"{made.signer} ({made.organisation})" if made.organisation else made.signer
    trust = {True: "a trusted certificate", False: "an untrusted certificate", None: "a certificate of unknown trust"}
    who = signatory.name or signatory.party
    named = _same_name(made.signer, signatory.name) or _same_name(made.signer, signatory.party)
    doubt = "" if named or not signatory.name else f"the certificate names {by}, not {who}"
    detail = f"signed by {by} with {trust[made.trusted]}"
    return replace(signatory, evidence="certificate", time=made.time, detail=detail, doubt=doubt)


def _completed(signatory: Signatory, returned: ReturnedFile) -> Signatory:
    """Look for the signatory in a signing service's certificate, under the service's seal."""
    page = next((page for page in returned.certificate if signatory.name and _names(page, signatory.name)), None)
    if page is None:
        return replace(signatory, evidence="none", detail="")
    if not completed(returned.certificate):
        detail = "the service's certificate names them, but does not say that the signing is completed"
        return replace(signatory, evidence="none", detail=detail)
    seal = next((each for each in reversed(returned.file.signatures) if each.kind == "seal" and each.sound), None)
    if seal is None:
        return replace(signatory, evidence="none", detail="a page of the file names them, but no seal protects it")
    trust = "" if seal.trusted else ", whose certificate is not trusted"
    return replace(
        signatory,
        evidence="completion",
        time=seal.time,
        detail=f"named in a certificate of completion under the seal of {seal.signer}{trust}",
    )


def _same_name(one: str, other: str) -> bool:
    """Tell whether two names are one: the words of the shorter, two at least, are among those of the longer."""
    first, second = _words(one), _words(other)
    shorter = min(first, second, key=len)
    return first == second or (len(shorter) > 1 and shorter <= first and shorter <= second)


def _words(name: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return frozenset(re.findall(r"\w+", "".join(each for each in plain if not unicodedata.combining(each))))


def _names(page: Page, name: str) -> bool:
    words = [word.text.casefold().strip(",;:()") for word in page.words]
    wanted = [word.casefold().strip(",;:()") for word in name.split()]
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))


def _broken(signature: Signature) -> str:
    return signature.problem or "; ".join(signature.forbidden) or "the file was changed after it was signed"
