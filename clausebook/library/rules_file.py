"""What a type has to judge its deals by: `rules.yaml` and `approvals.yaml` in `templates/<type>/`, by counsel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clausebook.findings.model import Finding
from clausebook.findings.register import Rule
from clausebook.library.model import ApprovalLimit, ApprovalRules, DealRule, RuleExample
from clausebook.library.type_files import Checks, dialect_of, names, read_yaml
from clausebook.load.yaml import Loaded
from clausebook.repository.tree import Tree

RULES_FILE, APPROVALS_FILE = "rules.yaml", "approvals.yaml"

_MEND = "Have it approved, or change the deal so that it needs no approval."


def load_rules(tree: Tree, folder: str, checks: Checks, findings: list[Finding]) -> tuple[DealRule, ...]:
    """Return the rules of the type in a folder of templates; none if it has no such file, or one with errors."""
    loaded = _loaded(tree, folder, RULES_FILE, checks, findings)
    value: Any = loaded.value if loaded else {}
    entries = enumerate(value.get("rules", ()))
    return tuple(_rule(entry, folder, RULES_FILE, loaded, f"/rules/{n}") for n, entry in entries if loaded)


def load_approvals(tree: Tree, folder: str, checks: Checks, findings: list[Finding]) -> ApprovalRules:
    """Return what needs whose approval in the type in a folder of templates."""
    loaded = _loaded(tree, folder, APPROVALS_FILE, checks, findings)
    if loaded is None:
        return ApprovalRules()
    value: Any = loaded.value
    least = value.get("proof", ApprovalRules().proof)
    return ApprovalRules(
        least,
        tuple(value.get("negotiated", ApprovalRules().negotiated)),
        tuple(value.get("whole_text", ())),
        tuple(
            ApprovalLimit(
                _rule({"severity": "warning", "mend": _MEND, **entry}, folder, APPROVALS_FILE, loaded, f"/limits/{n}"),
                tuple(entry["offices"]),
                entry.get("proof", least),
            )
            for n, entry in enumerate(value.get("limits", ()))
        ),
        value.get("commitment", ""),
        value.get("term", ""),
    )


def _loaded(tree: Tree, folder: str, name: str, checks: Checks, findings: list[Finding]) -> Loaded | None:
    if name not in names(tree, folder, []):
        return None
    return read_yaml(
        tree, f"{folder}/{name}", checks, "rules" if name == RULES_FILE else "approvals", findings, "mapping"
    )


def _rule(entry: Mapping[str, Any], folder: str, name: str, loaded: Loaded, pointer: str) -> DealRule:
    told = {each: entry[each] for each in ("severity", "title", "why", "mend")}
    return DealRule(
        Rule(id=f"{folder.rpartition('/')[2]}/{entry['id']}", stage="deal", **told),
        tuple(entry.get("each", {}).items()),
        tuple(entry.get("let", {}).items()),
        entry["when"],
        tuple(entry["at"]),
        entry["message"],
        _example(entry["bad"]),
        _example(entry["good"]),
        f"{folder}/{name}",
        loaded.positions.value(f"{pointer}/id")[0],
        dialect_of(loaded, "rules" if name == RULES_FILE else "approvals"),
        entry.get("signing", False),
    )


def _example(data: Mapping[str, Any]) -> RuleExample:
    told = dict(data)
    return RuleExample(as_of=told.pop("as_of", ""), uses=tuple(told.pop("uses", ())), data=told)
