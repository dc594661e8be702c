"""Where amendments and their changes lie, and which type amends: found by names alone, without reading a file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from clausebook.repository.agreement_files import FOLDER
from clausebook.repository.tree import Tree, names_in

CHANGES = "changes.json"
"""The name of the file of an amendment's changes, in the amendment's folder."""

OPERATIVE = "operative.yaml"
"""The file in the folder of an agreement type that amends: a type that has none amends nothing."""

_ID = re.compile(r"(?P<agreement>.+)-amendment-(?P<number>[1-9][0-9]{0,2})", re.DOTALL)


def amendment_id(agreement: str, number: int) -> str:
    """Return the id of an agreement's amendment."""
    return f"{agreement}-amendment-{number}"


def amended_by(identity: str) -> tuple[str, int] | None:
    """Return the agreement and the number of an amendment's id, None if it is no such id."""
    match = _ID.fullmatch(identity)
    return (match["agreement"], int(match["number"])) if match else None


def changes_path(amendment: str) -> str:
    """Return where the changes of an amendment lie."""
    return f"{FOLDER}/{amendment}/{CHANGES}"


def has_executed(tree: Tree, agreement: str) -> bool:
    """Tell whether an agreement has executed versions, without reading them."""
    return f"{agreement}/" in names_in(tree, f"{FOLDER}/executed")


def amendments(tree: Tree, agreement: str) -> Mapping[int, str]:
    """Return the ids of the agreement's amendments by number: those that have a YAML file."""
    found = {}
    for name in names_in(tree, FOLDER):
        stem, dot, suffix = name.rpartition(".")
        amended = amended_by(stem) if dot and suffix in ("yaml", "yml") else None
        if amended and amended[0] == agreement:
            found[amended[1]] = stem
    return found


def amending_type(tree: Tree) -> str:
    """Return the name of the agreement type that amends others, "" if there is none."""
    for name in names_in(tree, "templates"):
        if name.endswith("/") and OPERATIVE in names_in(tree, f"templates/{name[:-1]}"):
            return name[:-1]
    return ""
