"""What whoever reads some agreements alone can see of the tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.repository.confined import Confined
from clausebook.repository.tree import TreeError


def test_files_of_the_house_can_be_read_as_they_are_listed_and_no_file_of_another_agreement(tmp_path: Path) -> None:
    (tmp_path / "agreements").mkdir()
    for name in ("scan.yaml", "mkdocs.yml", "notes.txt", "agreements/marsh.yaml", "agreements/heron.yaml"):
        (tmp_path / name).write_text(name)
    tree = Confined(tmp_path, frozenset({"marsh"}))
    assert {each for each in tree.names("") if not each.endswith("/")} == {"scan.yaml"}
    assert tree.names("agreements") == ["marsh.yaml"]
    assert (tree.raw("scan.yaml", 99), tree.raw("agreements/marsh.yaml", 99)) == (
        b"scan.yaml",
        b"agreements/marsh.yaml",
    )
    for hidden in ("mkdocs.yml", "notes.txt", "agreements/heron.yaml", "agreements"):
        with pytest.raises(TreeError):
            tree.raw(hidden, 99)
