"""What an agreement's text is made from, as one key: the same key is the same text.

It is made of the hashes of the files, which git knows without reading them, so that commits
that cannot have changed the text are told without assembling anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from clausebook.amending.amendment_files import (
    OPERATIVE,
    amended_by,
    amending_type,
    amendments,
    changes_path,
    has_executed,
)
from clausebook.records.model import DATA, DOCUMENT, EXECUTED, RECORD, VOID, as_sent_folder
from clausebook.repository.agreement_files import FOLDER, paths
from clausebook.repository.git.commit_tree import digest_of
from clausebook.repository.hashed import HashedTree, hash_or_why
from clausebook.repository.tree import Tree, TreeError

_TYPE = re.compile(rb"^[\"']?type\b[\"']?[ \t]*:[ \t]*(.*?)[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where an agreement's text comes from. `library` is the key of what agreements of its type share."""

    id: str
    path: str
    kind: str
    library: str
    key: str


def sources(tree: HashedTree, agreement: str) -> Sources | None:
    """Return what the agreement's text is made from, or None if the tree does not have the agreement."""
    for path in paths(agreement):
        own = hash_or_why(tree.digest, path)
        if own:
            kind = _kind(tree, path)
            parts = (f"templates/{kind}", f"schemas/{kind}") if kind else ("templates", "schemas")
            library = {part: hash_or_why(tree.digest, part) for part in parts}
            library["shared"] = hash_or_why(lambda folder: digest_of(tree.files(folder)), "schemas")
            sent = hash_or_why(tree.digest, as_sent_folder(agreement))
            shared = digest_of({**library, "as sent": sent} if sent else library)
            wording = hash_or_why(lambda folder: digest_of(tree.files(folder)), f"{FOLDER}/{agreement}")
            held = {"file": path, "data": own, "wording": wording, "executed": _executed(tree, agreement)}
            held |= _amended(tree, agreement)
            return Sources(agreement, path, kind, shared, digest_of({**held, "library": shared}))
    return None


def _executed(tree: HashedTree, agreement: str) -> str:
    """Return a hash of what decides of executed texts; the signed files would take long to read."""
    folder = f"{EXECUTED}/{agreement}"
    try:
        versions = [name[:-1] for name in tree.names(folder) if name.endswith("/")]
    except TreeError as error:
        return str(error)
    paths = [f"{folder}/{version}/{name}" for version in versions for name in (RECORD, DOCUMENT, DATA, VOID)]
    return digest_of({path: hash_or_why(tree.digest, path) for path in paths})


def _amended(tree: HashedTree, agreement: str) -> dict[str, str]:
    """Return hashes of what decides of a text that is amended, or that amends another; {} for all others."""
    held: dict[str, str] = {}
    for name in amendments(tree, agreement).values():
        path = changes_path(name)
        held |= {path: hash_or_why(tree.digest, path), name: _executed(tree, name)}
        # An amendment of it decides when it takes effect.
        held |= {again: _executed(tree, again) for again in amendments(tree, name).values()}
    if held or has_executed(tree, agreement):
        path = f"templates/{amending_type(tree)}/{OPERATIVE}"
        held["operative"] = hash_or_why(tree.digest, path)
    amended = amended_by(agreement)
    base = sources(tree, amended[0]) if amended else None
    return {**held, "amended": base.key} if base else held


def _kind(tree: Tree, path: str) -> str:
    """Return the agreement's type; "" if that cannot be told."""
    try:
        content = tree.read(path)
    except TreeError:
        return ""
    found = _TYPE.findall(content)
    # The usual line is read at once; loading, and the loader's own import, take longer than all the rest.
    kind: Any = found[0].decode(errors="replace") if len(found) == 1 else None
    if kind is None or not _NAME.fullmatch(kind):
        from clausebook.load.yaml import load_yaml

        loaded = load_yaml(content, path).value
        kind = loaded.get("type") if isinstance(loaded, dict) else None
    return kind if isinstance(kind, str) and _NAME.fullmatch(kind) else ""
