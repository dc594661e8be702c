"""Findings at a value: where it stands in the file, and the place that stays (see `pointers.stable`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from clausebook.findings.model import Finding
from clausebook.findings.pointers import stable

Locate = Callable[[str], tuple[int, int]]
"""Gives line and column of a JSON pointer in a file, or of the nearest value around it."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that findings are about, and where its values stand."""

    path: str
    locate: Locate

    def finding(self, rule: str, message: str, pointer: str, hint: str = "") -> Finding:
        """Return the finding at the value of a JSON pointer."""
        line, column = self.locate(pointer)
        return Finding(rule, message, self.path, line, column, pointer, hint)


def finding_in(path: str, rule: str, message: str, hint: str = "", line: int = 1, column: int = 1) -> Finding:
    """Return the finding of a file as a whole, shown at its beginning, or at a line of a text."""
    return Finding(rule, message, path, line, column, hint=hint)


def with_places(findings: Iterable[Finding], path: str, data: Any) -> tuple[Finding, ...]:
    """Return the findings, those of the file at `path` with the stable place of their pointer in its data."""
    return tuple(
        replace(each, place=stable(each.pointer, data)) if each.path == path and each.pointer else each
        for each in findings
    )
