"""The rules that a type has for its deals: `templates/<type>/rules.yaml`, which counsel writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clausebook.findings.model import Finding
from clausebook.findings.register import Rule
from clausebook.library.model import DealRule, RuleExample
from clausebook.library.type_files import Checks, dialect_of, read_yaml
from clausebook.repository.tree import Tree

RULES_FILE = "rules.yaml"


def load_rules(tree: Tree, folder: str, checks: Checks, findings: list[Finding]) -> tuple[DealRule, ...]:
    """Return the rules of the type in a folder of templates; none if its file cannot be used."""
    path = f"{folder}/{RULES_FILE}"
    loaded = read_yaml(tree, path, checks, "rules", findings, "mapping")
    if loaded is None:
        return ()
    value: Any = loaded.value
    source = folder.rpartition("/")[2]
    dialect = dialect_of(loaded, "rules")
    return tuple(
        DealRule(
            Rule(
                id=f"{source}/{entry['id']}",
                stage="deal",
                **{name: entry[name] for name in ("severity", "title", "why", "mend")},
            ),
            tuple(entry.get("each", {}).items()),
            tuple(entry.get("let", {}).items()),
            entry["when"],
            tuple(entry["at"]),
            entry["message"],
            _example(entry["bad"]),
            _example(entry["good"]),
            path,
            loaded.positions.value(f"/rules/{index}/id")[0],
            dialect,
        )
        for index, entry in enumerate(value["rules"])
    )


def _example(data: Mapping[str, Any]) -> RuleExample:
    told = dict(data)
    return RuleExample(as_of=told.pop("as_of", ""), uses=tuple(told.pop("uses", ())), data=told)
