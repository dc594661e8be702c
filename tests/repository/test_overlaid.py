"""A tree as it would be has the hashes that a tree like it has."""

from __future__ import annotations

import shutil
from pathlib import Path

from clausebook.repository.git.commit_tree import digest_of
from clausebook.repository.hashed import HashedDisk, blob_hash
from clausebook.repository.overlaid import HashedOverlay


def test_a_hidden_folder_counts_for_nothing_but_for_files_put_in_its_place(tmp_path: Path) -> None:
    there, like = tmp_path / "there", tmp_path / "like"
    for path in ("a/one", "a/b/two", "a/b/c/three", "d/four"):
        (there / path).parent.mkdir(parents=True, exist_ok=True)
        (there / path).write_text(path)
    shutil.copytree(there, like)
    shutil.rmtree(like / "a/b")
    (like / "a/b").mkdir()
    (like / "a/b/new").write_text("new")
    (like / "a/b/more").write_text("more")
    overlay = HashedOverlay(HashedDisk(there), {"a/b/new": b"new", "a/b/more": b"more"}, 40, hidden="a/b")
    disk = HashedDisk(like)
    for path in ("a", "a/one", "a/b", "a/b/two", "a/b/c", "a/b/c/three", "a/b/new", "d", "d/four"):
        assert overlay.digest(path) == disk.digest(path), path
    for folder in ("a", "a/b", "a/b/c", "d"):
        assert overlay.names(folder) == disk.names(folder)
        assert overlay.files(folder) == disk.files(folder)
    without = HashedOverlay(HashedDisk(there), {}, 40, hidden="a/b")
    shutil.rmtree(like / "a/b")
    assert [without.digest(path) for path in ("a", "a/b", "d")] == [disk.digest(path) for path in ("a", "a/b", "d")]
    assert HashedOverlay(HashedDisk(there), {}, 40).digest("a") == HashedDisk(there).digest("a") != disk.digest("a")


def test_a_file_in_folders_however_deep_is_hashed(tmp_path: Path) -> None:
    wanted = digest_of({"file": blob_hash(b"deep", 40)})
    for _ in range(999):
        wanted = digest_of({"a": wanted})
    tree = HashedDisk(tmp_path)
    tree.names = lambda folder: []  # type: ignore[method-assign]
    assert HashedOverlay(tree, {f"{'a/' * 1000}file": b"deep"}, 40).digest("a") == wanted
