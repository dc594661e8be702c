"""Who may approve, as approvers.yaml says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from clausebook.approvals.approvers import read_approvers
from clausebook.repository.tree import DiskTree
from tests.support.repositories import ROOT

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFyXhTZ7/gBoYklc/o+p7v2mzty9+O+aVjjpq2646ErO"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "schemas").mkdir()
    shutil.copy(ROOT / "schemas/approvers.schema.json", tmp_path / "schemas")
    return tmp_path


def test_a_key_that_cannot_be_read_is_told_and_the_others_count(root: Path) -> None:
    keys = [f"{{ssh: {KEY[:40]}}}", "{openpgp: trust/ines.asc}", f"{{ssh: {KEY}, until: 2027-01-31}}"]
    (root / "approvers.yaml").write_text(
        f"approvers:\n  - {{name: Ines Marchetti, offices: [General Counsel], keys: [{', '.join(keys)}]}}\n"
    )
    (found,), findings = read_approvers(DiskTree(root))
    assert [each.rule for each in findings] == ["core/approver-key"] * 2
    assert [each.pointer for each in findings] == ["/approvers/0/keys/0/ssh", "/approvers/0/keys/1/openpgp"]
    assert (found.keys[-1].ssh, found.keys[-1].last) == (KEY, "2027-01-31")


def test_nobody_is_known_by_a_file_with_errors(root: Path) -> None:
    for text in ("approvers: [{name: Ines}]\n", "approvers: {\n", "format: 9\napprovers: []\n", "[]\n"):
        (root / "approvers.yaml").write_text(text)
        found, findings = read_approvers(DiskTree(root))
        assert found == ()
        assert [each.severity for each in findings][:1] == ["error"], text
