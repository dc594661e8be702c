"""Give findings the place that stays: see `pointers.stable`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from clausebook.findings.model import Finding
from clausebook.findings.pointers import stable


def with_places(findings: Iterable[Finding], path: str, data: Any) -> tuple[Finding, ...]:
    """Return the findings, those of the file at `path` with the stable place of their pointer in its data."""
    return tuple(
        replace(each, place=stable(each.pointer, data)) if each.path == path and each.pointer else each
        for each in findings
    )
