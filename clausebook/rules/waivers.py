"""Waivers: what a named person lets stand in one deal, at one place, until a day, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from clausebook.assemble.inputs import Deal
from clausebook.findings.model import Finding
from clausebook.findings.near_names import did_you_mean
from clausebook.findings.pointers import stable
from clausebook.findings.register import rules
from clausebook.library.model import AgreementType
from clausebook.validate.common import WAIVERS

WAIVABLE = ("deal", "reading")
"""The stages whose rules ask for judgment; what is wrong at any other stage is mended, never waived."""


def unwaived(
    found: Iterable[Finding], waivers: Sequence[Mapping[str, Any]], deal: Deal, kind: AgreementType, as_of: str,
    *, signing: bool = False,
) -> Iterator[Finding]:  # fmt: skip
    """Yield the findings that no waiver of a deal covers, and those of its waivers.

    A waiver covers one rule at one value, or below it. One that has ended by the day `as_of`, that covers nothing, or
    that names a rule which cannot be waived, is a finding itself. Waivers of rules for `signing` are judged with those.
    """
    known = {**rules(), **{rule.rule.id: rule.rule for rule in kind.rules}}
    useless = []
    asked = {rule.rule.id for rule in kind.rules if rule.signing}
    for index, waiver in enumerate(waivers):
        at, rule = f"/{WAIVERS}/{index}", known.get(waiver["rule"])
        if (waiver["rule"] in asked) is not signing:
            continue
        if rule is None:
            hint = did_you_mean(waiver["rule"], list(known), "`clausebook rules` lists all")
            yield deal.finding("core/waiver-rule", f"there is no rule `{waiver['rule']}` to waive", f"{at}/rule", hint)
        elif rule.stage not in WAIVABLE:
            said = f"the rule `{rule.id}` cannot be waived: what it finds must be mended"
            yield deal.finding("core/waiver-rule", said, f"{at}/rule", "take the waiver out")
        elif as_of and waiver["until"] < as_of:
            said = f"the waiver of `{rule.id}` by {waiver['by']} ended on {waiver['until']}"
            yield deal.finding("core/waiver-lapsed", said, at, "mend what it waived, or have it waived anew")
        else:
            useless.append(index)
    standing = {index: waivers[index] for index in useless}
    for finding in found:
        covering = [index for index, waiver in standing.items() if _covers(waiver, finding, deal)]
        if not covering:
            yield finding
        useless = [index for index in useless if index not in covering]
    for index in useless:
        said = f"the waiver of `{waivers[index]['rule']}` covers nothing: the rule finds nothing there"
        yield deal.finding("core/waiver-useless", said, f"/{WAIVERS}/{index}", "take it out")


def _covers(waiver: Mapping[str, Any], finding: Finding, deal: Deal) -> bool:
    if finding.rule != waiver["rule"] or finding.path != deal.path:
        return False
    return any(
        place == waiver["at"] or place.startswith(f"{waiver['at']}/")
        for place in (finding.pointer, stable(finding.pointer, deal.data))
    )
