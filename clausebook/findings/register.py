"""The register: every rule that a finding can name, declared once, in `rules/<stage>.yaml`.

A rule's `id` is its source and its name, such as `core/agreement-id`; types of agreements bring rules of their own
(`partnership/…`) with the same fields. A rule has one severity: what is an error here and a note there is two rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from clausebook.findings.near_names import near

Severity = Literal["error", "warning", "note"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")

_FOLDER = Path(__file__).parent / "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: what is wrong when it is broken (`title`), why that matters, and what mends it, in a reader's words."""

    id: str
    severity: Severity
    stage: str
    title: str
    why: str
    mend: str


class UndeclaredRule(Exception):
    """A finding names a rule that nobody declared: a mistake in the program, not in a repository."""


@cache
def rules() -> Mapping[str, Rule]:
    """Return the program's own rules by id, in order of stage and then as they are declared."""
    # Read by the YAML library itself: the loader for agreements reports findings, which need this register. It is
    # imported here, for it takes a tenth of a second, and most commands have nothing to report.
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe")
    declared = (
        Rule(stage=path.stem, **entry)
        for path in sorted(_FOLDER.glob("*.yaml"))
        for entry in yaml.load(path.read_bytes())
    )
    return MappingProxyType({rule.id: rule for rule in declared})


def rule_of(name: str) -> Rule:
    """Return a declared rule. Raise UndeclaredRule, with the nearest ones, if there is none of that id."""
    found = rules().get(name)
    if found is None:
        like = near(name, rules(), 3)
        raise UndeclaredRule(
            f"no rule `{name}` is declared in {_FOLDER.name}/" + (f": {', '.join(like)}?" if like else "")
        )
    return found
