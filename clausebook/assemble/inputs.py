"""What an agreement is assembled from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from clausebook.findings.model import Finding, Locate, SourceFile
from clausebook.library.model import AgreementType, LibraryClause

AMENDS = "amends"
"""The property by which an agreement's data say that it amends another agreement."""


@dataclass(frozen=True, slots=True)
class Deal:
    """A valid agreement and what lies beside it.

    `wordings` holds the clause files written for this deal, by file name; `unreadable` names those that have errors.
    """

    id: str
    path: str
    data: Mapping[str, Any]
    wordings: Mapping[str, LibraryClause]
    locate: Locate
    unreadable: frozenset[str] = frozenset()

    @property
    def folder(self) -> str:
        """The folder beside the agreement's file, for what is its own."""
        return self.path.rpartition(".")[0]

    def finding(self, rule: str, message: str, pointer: str, hint: str = "") -> Finding:
        """Return the finding at the value of a JSON pointer in the agreement's file."""
        return SourceFile(self.path, self.locate).finding(rule, message, pointer, hint)


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that an agreement is assembled from.

    `shape` is that of the type's data, known by `shape_id`; `label` gives what the deal's owner calls the value at a
    pointer, "" if its schemas have no name for it.
    """

    deal: Deal
    kind: AgreementType
    shape: Mapping[str, Any]
    shape_id: str
    label: Callable[[str], str] = field(default=lambda pointer: "", compare=False)
