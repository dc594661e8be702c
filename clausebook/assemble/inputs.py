"""What an agreement is assembled from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clausebook.library.model import AgreementType, LibraryClause

Locate = Callable[[str], tuple[int, int]]
"""Gives line and column of a JSON pointer in the agreement's file, or of the nearest value around it."""


@dataclass(frozen=True, slots=True)
class Deal:
    """A valid agreement and what lies beside it.

    `wordings` holds the clause files written for this deal, by file name.
    """

    id: str
    path: str
    data: Mapping[str, Any]
    wordings: Mapping[str, LibraryClause]
    locate: Locate


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that an agreement is assembled from. `shape` is the type's `Shape.to_json()`, known by `shape_id`."""

    deal: Deal
    kind: AgreementType
    shape: Mapping[str, Any]
    shape_id: str
