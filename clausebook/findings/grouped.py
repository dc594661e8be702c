"""The same finding of many agreements, told once with all its places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from clausebook.findings.model import Finding

EACH = "<agreement>"
"""What stands in the words of a group for the name of each agreement."""


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one rule, in the same words but for the agreements' own names; `told` is one that stands for all."""

    told: Finding
    findings: tuple[Finding, ...]


def grouped(findings: Iterable[Finding], own: Callable[[str], str]) -> tuple[FindingGroup, ...]:
    """Return the findings in groups, in order of the first of each.

    `own` gives the name of the agreement that a path belongs to, "" for none.
    """
    groups: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.rule, finding.severity, *_said(finding, own(finding.path))), []).append(finding)
    return tuple(
        FindingGroup(found[0] if len(found) == 1 else replace(found[0], message=message, hint=hint), tuple(found))
        for (_, _, message, hint), found in groups.items()
    )


def _said(finding: Finding, name: str) -> tuple[str, str]:
    """Return message and hint without the name of the agreement that they are about."""
    if not name:
        return finding.message, finding.hint
    own = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    return own.sub(EACH, finding.message), own.sub(EACH, finding.hint)
