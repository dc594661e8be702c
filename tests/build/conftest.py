"""A small repository with a past, of a few agreements, two of which belong together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository
from tests.support.small_sites import NAMES


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    root = nda_repository(tmp_path)
    first = (root / "agreements/sparrow-finch.yaml").read_text("utf-8")
    (root / "agreements/sparrow-finch.yaml").unlink()
    for name in NAMES:
        text = first.replace("id: sparrow-finch", f"id: {name}").replace("title: Talks", f"title: {name.title()} talks")
        (root / f"agreements/{name}.yaml").write_text(text, "utf-8")
    with (root / "agreements/redwing.yaml").open("a", encoding="utf-8") as file:
        file.write("links:\n  accompanies: [heron]\n")
    repository = new_repository(root)
    repository.commit("Agree on the first texts")
    repository.replace("Take a fourth year", "agreements/plover.yaml", "kept_for: P3Y", "kept_for: P4Y")
    return repository


@pytest.fixture
def edited(repository: Repository) -> Callable[[str, str, str], None]:
    def edit(name: str, old: str, new: str) -> None:
        place = repository.project / f"agreements/{name}.yaml"
        text = place.read_text("utf-8")
        assert old in text
        place.write_text(text.replace(old, new), "utf-8")

    return edit
