"""What was found is told again while all is as it was, and never when anything changed that could decide on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import check, redline
from clausebook.cli import main as cli
from clausebook.findings.model import RepositoryError
from clausebook.repository import stamps, user_cache, whole_state
from tests.support.git_repositories import Repository, new_repository, run
from tests.support.repositories import nda_repository

DEAL = "agreements/sparrow-finch.yaml"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return a repository of two revisions whose files, though just written, can be known again by their stamps."""
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(stamps, "RECENT", -(10**12))
    made = new_repository(nda_repository(tmp_path))
    made.commit("First")
    content = (made.project / DEAL).read_text(encoding="utf-8")
    made.commit("Second", {DEAL: content.replace("kept_for: P3Y", "kept_for: P4Y")})
    return made


def invoke(root: Path, *arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


@pytest.mark.parametrize("command", [("check",), ("redline",), ("redline", "--format", "html")])
def test_while_all_is_as_it_was_nothing_is_opened(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    asked = (command[0], "sparrow-finch", *command[1:])
    first = invoke(repository.project, *asked)
    assert first.exit_code == 0
    assert first.stdout

    def opened(*anything: object) -> None:
        raise RepositoryError("it was opened")

    monkeypatch.setattr(check, "guarded", opened)
    monkeypatch.setattr(redline, "sandboxed", opened)
    again = invoke(repository.project, *asked)
    assert (again.exit_code, again.stdout, again.stderr) == (0, first.stdout, first.stderr)
    assert "opened" in str(invoke(repository.project, *asked, "--no-cache").exception)
    (repository.project / DEAL).touch()
    assert "opened" in str(invoke(repository.project, *asked).exception)


def test_what_is_wrong_now_is_told_now(repository: Repository) -> None:
    assert invoke(repository.project, "check", "sparrow-finch").exit_code == 0
    content = (repository.project / DEAL).read_text(encoding="utf-8")
    (repository.project / DEAL).write_text(content.replace("P4Y", "never"), encoding="utf-8")
    for _ in range(2):
        done = invoke(repository.project, "check", "sparrow-finch")
        assert done.exit_code == 1
        assert "never" in done.stdout


def test_options_are_part_of_what_was_asked(repository: Repository) -> None:
    plain = invoke(repository.project, "redline", "sparrow-finch").stdout
    assert invoke(repository.project, "redline", "sparrow-finch", "--changes-only").stdout != plain
    assert invoke(repository.project, "redline", "sparrow-finch", "standard").stdout != plain
    early = invoke(repository.project, "check", "sparrow-finch", "--as-of", "nonsense")
    assert early.exit_code == 2


CHANGES = {
    "a file of the agreement": lambda root: (root / DEAL).touch(),
    "a file of the library": lambda root: (root / "templates/nda/clauses/keeping.md").touch(),
    "a new file": lambda root: (root / "approvers.yaml").write_text("x", encoding="utf-8"),
    "an empty folder": lambda root: (root / "agreements/executed/heron").mkdir(parents=True),
    "a file that is gone": lambda root: (root / DEAL).unlink(),
    "a branch": lambda root: run(root, "branch", "other"),
    "which branch is out": lambda root: run(root, "checkout", "--quiet", "-b", "other"),
    "a setting": lambda root: run(root, "config", "clausebook.base", "main"),
    "what is to be committed": lambda root: run(root, "rm", "--quiet", "--cached", DEAL),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_is_another_state(repository: Repository, name: str) -> None:
    before = whole_state.whole_state(repository.project)
    assert before
    assert whole_state.whole_state(repository.project) == before
    CHANGES[name](repository.project)
    assert whole_state.whole_state(repository.project) not in ("", before)


def test_the_environment_is_part_of_the_state(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    before = whole_state.whole_state(repository.project)
    monkeypatch.setenv("CLAUSEBOOK_BASE", "HEAD~1")
    assert whole_state.whole_state(repository.project) != before


def test_what_may_change_without_a_sign_is_no_state(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository.project / "templates" / "link.md").symlink_to("nda/clauses/keeping.md")
    assert whole_state.whole_state(repository.project) == ""
    (repository.project / "templates" / "link.md").unlink()
    assert whole_state.whole_state(repository.project)
    monkeypatch.setattr(stamps, "RECENT", 10**15)
    assert whole_state.whole_state(repository.project) == ""
