"""The method as data: whatever numbers its file has, ranks can be reckoned with them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from clausebook.facts.spark.matrix import matrix
from clausebook.facts.spark.method import read_method
from clausebook.facts.spark.partnerships import Partnership
from clausebook.repository.tree import DiskTree


@pytest.mark.parametrize("number", ["9" * 15, "9" * 300, "9" * 400, "0"])
def test_no_number_is_too_large_to_rank_by(tmp_path: Path, repository_root: Path, number: str) -> None:
    (tmp_path / "schemas").mkdir()
    for path in (repository_root / "schemas").glob("*.json"):
        shutil.copy(path, tmp_path / "schemas")
    (tmp_path / "templates").mkdir()
    said = f"ratings: {{high: {number}, low: 1}}\nweights: {{fit: {number}}}\n"
    (tmp_path / "templates/spark.yaml").write_text(f"name: M\nsteps: [{{id: scan, title: S, aim: A}}]\n{said}")
    method, _ = read_method(DiskTree(tmp_path))
    (row,) = matrix(method, [Partnership("a", "A", "B", {"scan": {"fit": "high"}})])
    assert row.score in (100, None)
