"""What a partnership commits its parties to, by the expression of the type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from clausebook.approvals.authority import commitment_of
from clausebook.project.project import Project
from tests.support.repositories import ROOT

CAPPED: dict[str, Any] = {"cap": {"amount": "100", "currency": "USD"}}


@pytest.mark.parametrize(
    ("financial", "amount"),
    [
        ({"budget": {"total": {"amount": "7", "currency": "USD"}}, "payments": [{"formula": "1%"}]}, 7),
        ({"payments": [CAPPED, CAPPED]}, 200),
        ({"payments": [CAPPED, {"formula": "1%"}]}, None),
        ({}, 0),
    ],
)
def test_a_payment_without_a_cap_is_not_nothing(financial: dict[str, Any], amount: int | None) -> None:
    with Project(ROOT) as project:
        data = {"resource_contributions": {"financial": financial}}
        found = commitment_of(data, project.type("partnership"), project.sandbox)
    assert (found.amounts.get("USD", Decimal(0)) if found else None) == amount
