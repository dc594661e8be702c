"""The looks that the repository trusts to show their words, as `trust.yaml` says at its base."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clausebook.findings.model import RepositoryError
from clausebook.load.yaml import load_yaml
from clausebook.repository.git.base import TRUST, tree_at_base
from clausebook.repository.tree import TreeError


def is_trusted(root: Path, look: str, digest: str) -> bool:
    """Tell whether the base names the look of a format, by its hash. What the work tree says counts for nothing."""
    try:
        with tree_at_base(root) as (tree, _):
            loaded: Any = load_yaml(tree.read(TRUST), TRUST).value
    except (RepositoryError, TreeError):
        return False
    looks = loaded.get("looks") if isinstance(loaded, dict) else None
    named = [each for each in looks or () if isinstance(each, dict)] if isinstance(looks, list) else []
    return any((each.get("look"), each.get("sha256")) == (look, digest) for each in named)
