"""Who may approve, as `approvers.yaml` says at the base: what a change says of it counts for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clausebook.approvals.model import Approver, Key
from clausebook.approvals.signatures import MOST_BYTES, key_problem
from clausebook.findings.model import Finding
from clausebook.repository.tree import Tree, TreeError
from clausebook.validate.repository_files import load_repository_file

APPROVERS = "approvers.yaml"


def read_approvers(tree: Tree) -> tuple[tuple[Approver, ...], tuple[Finding, ...]]:
    """Return who may approve by the file of a tree, nobody if it has errors, and every finding about it."""
    value, at, told = load_repository_file(tree, APPROVERS, "approvers")
    if value is None:
        return (), told
    findings, found = list(told), []
    for index, entry in enumerate(value["approvers"]):
        keys = []
        for number, key in enumerate(entry.get("keys", ())):
            kind, hint = "ssh" if "ssh" in key else "openpgp", ""
            try:
                keys.append(_key(key, tree))
                problem = key_problem(keys[-1])
            except TreeError as error:
                problem, hint = str(error), error.hint
            if problem:
                said = f"the key of {entry['name']} {problem}, so no signature is known to be theirs by it"
                place = f"/approvers/{index}/keys/{number}/{kind}"
                findings.append(at.finding("core/approver-key", said, place, hint))
        offices, emails, logins = (tuple(entry.get(name, ())) for name in ("offices", "emails", "logins"))
        in_office = entry.get("from", ""), entry.get("until", "")
        found.append(Approver(entry["name"], offices, emails, logins, tuple(keys), *in_office))
    return tuple(found), tuple(findings)


def _key(entry: Mapping[str, Any], tree: Tree) -> Key:
    days = {"first": entry.get("from", ""), "last": entry.get("until", "")}
    if "ssh" in entry:
        return Key(ssh=" ".join(entry["ssh"].split()), **days)
    return Key(openpgp=tree.raw(entry["openpgp"], MOST_BYTES), **days)
