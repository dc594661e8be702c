"""An amendment waits for what the text that it makes waits for, and is judged by who may bind to that."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.cli.main import cli
from tests.support.git_repositories import run
from tests.support.rule_cases import CASES, lay

AMENDMENT = "heron-marsh-amendment-1"
AUTHORITY = """authority:
  - entity: Heron Boatworks Ltd
    office: Director
    kinds: [loan]
    deputies: [{name: Ada Sample, from: 2026-01-01, until: 2026-12-31}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository whose amendment is to be signed, while the whole text that it makes is to be approved."""
    for name in ("_base", "_executed", "_amended"):
        lay(CASES / name, tmp_path)
    (tmp_path / "templates/loan/approvals.yaml").write_text("whole_text: [Chair]\n", encoding="utf-8")
    (tmp_path / "authority.yaml").write_text(AUTHORITY, encoding="utf-8")
    path = tmp_path / f"agreements/{AMENDMENT}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("status: draft", "status: approved"), encoding="utf-8")
    for arguments in (("init", "-qb", "main"), ("add", "-A"), ("commit", "-qm", "Begin")):
        run(tmp_path, *arguments)
    return tmp_path


def told(root: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, [*arguments, "--root", str(root)])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output


def test_an_amendment_waits_for_the_approvals_of_the_text_that_it_makes(root: Path) -> None:
    code, said = told(root, "check", AMENDMENT)
    assert code == 1
    assert f"{AMENDMENT}.yaml:13:14: error: in `heron-marsh`, as this amends it: the whole text, and the Chair" in said
    assert "core/approval-missing" in said
    assert "clausebook approve heron-marsh --role 'Chair'" in said
    assert "core/approval-missing" in told(root, "send", AMENDMENT, "--to", "marsh", "--date", "2026-06-01")[1]
    code, said = told(root, "approve", AMENDMENT, "--role", "Chair", "--by", "Ada Sample")
    assert code != 0
    assert "clausebook approve heron-marsh --role 'Chair'" in said
    assert "missing  Chair: the whole text" in told(root, "approvals", AMENDMENT)[1]


def test_an_amendment_is_judged_by_the_deal_that_it_amends(root: Path) -> None:
    code, said = told(root, "ready", AMENDMENT, "--as-of", "2026-06-01")
    assert code == 1
    assert [line for line in said.splitlines() if line.startswith("not ready: ")] == [
        "not ready: in `heron-marsh`, as this amends it: the whole text; to be approved by the Chair (missing)"
    ]
