"""The commits that changed a text or a place of it, with what each changed there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli.main import cli
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository

pytestmark = [
    pytest.mark.slow("git repositories, with the library of each commit"),
    pytest.mark.usefixtures("shared_cache"),
]

NAME = "sparrow-finch"
DEAL = f"agreements/{NAME}.yaml"
KEEPING = "templates/nda/clauses/keeping.md"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An agreement that a value, a clause, a comment and a broken file changed, one after another."""
    made = new_repository(nda_repository(tmp_path))
    made.commit("First draft")
    made.replace("Keep them longer", DEAL, "P3Y", "P5Y", author="Bao Sample")
    made.replace("Edit the library", KEEPING, "keep each other's", "shall keep each other's")
    made.replace("Say a thing in a comment", DEAL, "secrets:", "# what is kept\nsecrets:")
    made.replace("Break it", DEAL, "P5Y", "long")
    made.replace("Widen the topic", DEAL, "garden birds", "sea birds")
    made.replace("Mend it, with another version", DEAL, "long", "P5Y")
    return made


def log(repository: Repository, *arguments: str) -> Result:
    done = CliRunner().invoke(cli, ["log", NAME, *arguments, "--root", str(repository.project)])
    assert done.exit_code in (0, 2), done.output
    return done


def test_each_commit_that_changed_the_text_is_told_with_what_changed(repository: Repository) -> None:
    found = json.loads(log(repository, "--format", "json").stdout)
    assert [(each["subject"], each["unread"], each["first"]) for each in found] == [
        ("Mend it, with another version", 2, False),
        ("Edit the library", 0, False),
        ("Keep them longer", 0, False),
        ("First draft", 0, True),
    ]
    (change,) = found[2]["changes"]
    assert (change["place"], change["why"]) == ("keeping", "data")
    assert "“3 years” → “5 years”" in change["summary"].replace("\u00a0", " ")
    assert change["cause"].startswith("deal data (")
    assert found[2]["author"] == "Bao Sample"
    assert found[1]["changes"][0]["why"] == "library"


def test_the_log_of_a_place_has_its_commits_alone(repository: Repository) -> None:
    def subjects(place: str) -> list[str]:
        return [each["subject"] for each in json.loads(log(repository, place, "--format", "json").stdout)]

    assert subjects("keeping") == ["Edit the library", "Keep them longer", "First draft"]
    assert subjects("limits") == ["First draft"]
    everything = {each["place"] for each in json.loads(log(repository, "--format", "json").stdout)[0]["changes"]}
    assert everything == {"term-secret"}
    assert subjects("Secret") == ["Mend it, with another version", "First draft"]
    assert "no clause, section, schedule or defined term" in log(repository, "kepping").output


def test_a_place_that_is_gone_is_known_by_its_id(repository: Repository) -> None:
    outline = "templates/nda/outline.yaml"
    content = (repository.project / outline).read_text()
    line = next(each for each in content.splitlines(keepends=True) if "id: limits" in each)
    repository.commit("Take the limits out", {outline: content.replace(line, "")})
    found = json.loads(log(repository, "limits", "--format", "json").stdout)
    assert [each["subject"] for each in found] == ["Take the limits out", "First draft"]


def test_text_reads_from_the_newest_on_and_says_what_is_left_out(repository: Repository) -> None:
    done = log(repository, "--limit", "2")
    first, second = done.stdout.strip().split("\n\n")
    assert first.splitlines()[0] == f"{repository.commits[-1][:8]}  2026-01-07  Cleo Fictional  version 1.0"
    assert "  Mend it, with another version" in first
    assert "One of the 2 commits before it, which cannot be assembled, may have changed it." in " ".join(first.split())
    assert "Edit the library" in second
    assert "--limit 0 shows all" in done.stderr
    assert "--limit" not in log(repository, "--limit", "0").stderr
