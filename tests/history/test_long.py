"""A history that is longer than what is looked at."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from clausebook.cli.main import cli
from clausebook.history.commit_chain import MOST_STEPS
from clausebook.history.revisions import commit_of
from clausebook.repository import user_cache
from clausebook.repository.git.process import Git
from tests.support.git_repositories import START, Repository, new_repository
from tests.support.repositories import nda_repository

pytestmark = pytest.mark.slow("a thousand commits, each with a text of its own")

NAME = "sparrow-finch"
DEAL = f"agreements/{NAME}.yaml"
COMMITS = MOST_STEPS + 20


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    """More commits than are looked at, each of which keeps the secrets for another time."""
    folder = tmp_path_factory.mktemp("long")
    made = new_repository(nda_repository(folder))
    made.replace("First draft", DEAL, 'version: "1.0"', 'version: "0.1"')
    text = (made.project / DEAL).read_text().replace('version: "0.1"', 'version: "0.2"')
    parts = []
    for number in range(COMMITS):
        content = text.replace("P3Y", f"P{number % 90 + 4}Y").encode()
        parts.append(b"commit refs/heads/main\n")
        for role in (b"author", b"committer"):
            parts.append(b"%s Bao Sample <bao@example.com> %d +0000\n" % (role, START + number))
        parts.append(b"data 4\nEdit\n" + (b"from refs/heads/main^0\n" if number == 0 else b""))
        parts.append(b"M 100644 inline %s\ndata %d\n%s\n" % (DEAL.encode(), len(content), content))
    subprocess.run(["git", "fast-import", "--quiet"], input=b"".join(parts), cwd=made.root, check=True)
    made.git("reset", "--quiet", "--hard")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(user_cache.VARIABLE, str(folder / "cache"))
        yield made


@pytest.mark.parametrize("command", ["revisions", "blame", "log"])
def test_what_is_not_looked_at_is_told(repository: Repository, command: str) -> None:
    done = CliRunner().invoke(cli, [command, NAME, "--root", str(repository.project)])
    assert done.exit_code == 0
    assert f"the newest {MOST_STEPS} commits that may have changed it were looked at: what was before" in done.stderr


def test_what_may_be_older_is_not_told_of_the_last_commit_that_was_looked_at(repository: Repository) -> None:
    arguments = ["blame", NAME, "limits", "--format", "json", "--root", str(repository.project)]
    found = json.loads(CliRunner().invoke(cli, arguments).stdout)
    assert {each["older"] for each in found} == {True}


def test_a_version_is_found_however_old_it_is(repository: Repository) -> None:
    with Git(repository.project) as git:
        assert commit_of(git, repository.project, NAME, "0.1") == repository.commits[0]
