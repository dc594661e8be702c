"""An agreement after checking, and its findings in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clausebook.assemble.inputs import Inputs
from clausebook.assemble.left_to_standard import Silent
from clausebook.document.model import Document
from clausebook.findings.model import Finding, has_errors
from clausebook.records.model import ExecutedVersion
from clausebook.repository.agreement_files import AgreementFile


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement after checking: its document, or None if findings prevent it.

    With `record` the document is the executed text; `inputs` may be None then. `silences` are what a text that is
    made leaves to the standard.
    """

    file: AgreementFile
    data: Mapping[str, Any]
    document: Document | None
    findings: tuple[Finding, ...]
    inputs: Inputs | None = None
    record: ExecutedVersion | None = None
    silences: tuple[Silent, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether its files may be offered: those of an executed text always, what is wrong with its data aside."""
        return self.document is not None and (self.record is not None or not has_errors(self.findings))


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings without repetitions, in order of place."""
    return tuple(sorted(set(findings), key=lambda finding: finding.sort_key))
