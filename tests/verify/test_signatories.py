"""For whom a signature counts, and who is held to have signed by what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clausebook.document.model import Document, Party, SignatureBlock, SignatureLine
from clausebook.load.yaml import load_yaml
from clausebook.verify.model import FileFact, Role, Signature
from clausebook.verify.signatories import ReturnedFile, signatories
from clausebook.verify.trust import weighed
from tests.support.sample_documents import plain, sample


def cases(name: str) -> Any:
    path = Path(__file__).parents[1] / "cases" / "verify" / f"{name}.yaml"
    return load_yaml(path.read_bytes(), path.name, root="any").value


def block(name: str, party: str, who: str) -> SignatureBlock:
    lines = (SignatureLine("By:", "signature"), SignatureLine("Name:", "name", plain(who) if who else ()))
    return SignatureBlock(name, party, (), lines)


def agreed(*blocks: SignatureBlock) -> Document:
    parties = (
        Party("sparrow", "Sparrow Maps Ltd", "the Mapmaker"),
        Party("finch", "Finch & Daughters LLP", "Finch"),
    )
    return replace(sample(), parties=parties, signatures=blocks)


OURS, THEIRS = block("sparrow-1", "sparrow", "Wren Example"), block("finch-1", "finch", "")


@pytest.mark.parametrize("case", cases("roles"), ids=lambda case: case["case"])
def test_for_whom_a_signature_counts(case: Any) -> None:
    roles = tuple(
        Role(each.get("kind", "party"), each["name"], "trust.yaml", tuple(each.get("signatories", ())))
        for each in case["roles"]
    )
    known: Any = case.get("trusted", False)
    made = Signature(
        case.get("field", "sparrow-1-signature"),
        case.get("kind", "signature"),
        roles=roles,
        trusted=known,
        problem="It was issued by nobody who is known.",
    )
    (found,) = weighed(FileFact((made,)), agreed(OURS, THEIRS)).signatures
    assert found.counts == case.get("counts", "")
    assert found.trusted is (None if known is None else bool(found.counts))
    if "problem" in case:
        assert found.problem == case["problem"]


def returned(said: Any) -> ReturnedFile:
    usual = {"kind": "signature", "intact": True, "counts": "sparrow"}
    made = tuple(Signature(**{**usual, **each}) for each in said.get("signatures", ()))
    return ReturnedFile(FileFact(made), frozenset(said.get("completed", ())))


@pytest.mark.parametrize("case", cases("signatories"), ids=lambda case: case["case"])
def test_who_signed(case: Any) -> None:
    blocks = [OURS, THEIRS]
    if "sparrow-2" in case["expected"]:
        blocks.insert(1, block("sparrow-2", "sparrow", "Wren Example"))
    found = signatories(agreed(*blocks), map(returned, case["files"]), case.get("attested", {}))
    told = {
        each.block: f"{each.evidence}: {each.detail}" + (f"; but {each.doubt}" if each.doubt else "") for each in found
    }
    assert {name: said for name, said in told.items() if name in case["expected"]} == case["expected"]
    for each in found:
        assert (each.party, each.name) == {
            "sparrow-1": ("Sparrow Maps Ltd", "Wren Example"),
            "sparrow-2": ("Sparrow Maps Ltd", "Wren Example"),
            "finch-1": ("Finch & Daughters LLP", ""),
        }[each.block]


def test_a_party_that_the_agreement_does_not_name_is_told_by_its_key() -> None:
    (found,) = signatories(agreed(block("heron-1", "heron", "")), [], {})
    assert (found.party, found.name) == ("heron", "")
