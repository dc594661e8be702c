"""An agreement's data in the number of its file, and in a later one for what knows only that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from clausebook.findings.model import Finding
from clausebook.findings.pointers import parts, pointer
from clausebook.formats.renames import carried, former
from clausebook.formats.table import FIELD, FORMATS
from clausebook.load.positions import Path, Positions

AGREEMENT_FORMAT = "agreement"


@dataclass(frozen=True, slots=True)
class FormerPositions(Positions):
    """The places of an agreement's file of an old number, by what the newest number calls the values."""

    number: int = 1

    def _steps(self, where: str | Path) -> Path:
        return former(parts(where) if isinstance(where, str) else where, AGREEMENT_FORMAT, self.number)


def number_of(data: Mapping[str, Any]) -> int:
    """Return the number of an agreement whose number is known to be one."""
    return int(data.get(FIELD, 1))


def newest(data: Any) -> Any:
    """Return an agreement's data as the newest number writes them; those given stay as they are."""
    form = FORMATS[AGREEMENT_FORMAT]
    return carried(data, AGREEMENT_FORMAT, number_of(data), form.newest)


def in_number(data: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return an agreement's data as a later number writes them; those given stay as they are."""
    value: dict[str, Any] = carried(data, AGREEMENT_FORMAT, number_of(data), number)
    # Schemas of the first format know nothing of numbers.
    return value if number > 1 else {name: each for name, each in value.items() if name != FIELD}


def newest_positions(positions: Positions, number: int) -> Positions:
    """Return the places of an agreement of a number, by what the newest number calls its values."""
    return positions if number == FORMATS[AGREEMENT_FORMAT].newest else FormerPositions(positions.root, number)


def in_file(finding: Finding, number: int) -> Finding:
    """Return a finding of the newest number's data with the pointer that a file of a number has."""
    return replace(finding, pointer=pointer(former(parts(finding.pointer), AGREEMENT_FORMAT, number)))
