"""What facts lead to which verdict, and what counts as evidence that somebody signed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clausebook.load.yaml import load_yaml
from clausebook.verify.model import FileFact, Signatory, Signature, TextFact
from clausebook.verify.verdict import judge

CASES: Any = load_yaml(
    (Path(__file__).parents[1] / "cases" / "verify" / "verdicts.yaml").read_bytes(), "verdicts.yaml", root="any"
).value

TEXT = {"outcome": "same-bytes", "agreement": "sparrow-finch", "version": "1.0"}
SIGNATURE = {
    "field": "sparrow-1-signature",
    "kind": "signature",
    "signer": "Wren",
    "intact": True,
    "trusted": True,
    "counts": "sparrow (trust.yaml)",
}
SIGNATORY = {"block": "sparrow-1", "party": "Sparrow Maps Ltd", "name": "Wren Example", "evidence": "certificate"}


def signatures(given: Any) -> tuple[Signature, ...]:
    return tuple(Signature(**{**SIGNATURE, **each}) for each in given)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_case(case: Any) -> None:
    texts = [TextFact(**{**TEXT, **each}) for each in case.get("texts", [{}])]
    files = [
        FileFact(**{**each, "signatures": signatures(each.get("signatures", [{}]))}) for each in case.get("files", [{}])
    ]
    who = [Signatory(**{**SIGNATORY, **each}) for each in case.get("who", [{}])]
    verdict, reasons = judge(texts, files, who)
    assert [f"{each.name}: {each.words}" for each in reasons] == case["reasons"]
    assert verdict == case["verdict"]
