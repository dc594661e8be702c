"""Shards: each makes its share, and the site that is built from them is the one that is built at once."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from clausebook.build.carried_parts import Shard
from clausebook.build.made_store import opened_store
from clausebook.build.options import SiteOptions
from clausebook.build.site_build import sources_of
from clausebook.cli.main import cli
from clausebook.repository import user_cache
from tests.support.docs import marked_block
from tests.support.file_trees import files_in
from tests.support.git_repositories import Repository
from tests.support.small_sites import NAMES


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each run be on a machine of its own."""
    monkeypatch.setenv(user_cache.OFF, "1")


def build(repository: Repository, out: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["build", "--root", str(repository.project), "--out", str(out), *options])


def shards(repository: Repository, total: int) -> list[set[str]]:
    with opened_store() as store:
        sources = sources_of(repository.project, SiteOptions(), store)
    return [set(Shard(number + 1, total).of(sources).known) for number in range(total)]


@pytest.mark.slow("builds whole sites")
def test_the_site_of_all_shards_has_the_bytes_of_one_that_is_built_at_once(
    repository: Repository, tmp_path: Path
) -> None:
    parts = []
    for number in (1, 2):
        done = build(repository, tmp_path / f"part-{number}", "--shard", f"{number}/2")
        assert (done.exit_code, done.output.count("made, in")) == (0, 1), done.output
        parts += ["--parts", str(tmp_path / f"part-{number}")]
    done = build(repository, tmp_path / "merged", *parts)
    assert f"{len(NAMES)} agreements built, {len(NAMES)} of them from parts" in done.output
    assert f"{len(NAMES)} agreements built, " in build(repository, tmp_path / "plain").output
    assert files_in(tmp_path / "merged") == files_in(tmp_path / "plain")


@pytest.mark.slow("builds whole sites")
def test_what_parts_lack_or_have_of_another_state_is_made(repository: Repository, tmp_path: Path) -> None:
    assert build(repository, tmp_path / "parts", "--shard", "1/1").exit_code == 0
    heads = sorted((tmp_path / "parts").rglob("made-heads.*"))
    assert len(heads) == len(NAMES)
    kept = {path: path.read_bytes() for path in (tmp_path / "parts").rglob("made.*")}
    archive = next(path for path, content in kept.items() if b"agreements/avocet/" in content)
    archive.write_bytes(kept[archive][:-1] + b"?")
    edited = repository.project / "agreements/heron.yaml"
    edited.write_text(edited.read_text("utf-8").replace("kept_for: P3Y", "kept_for: P4Y"), "utf-8")
    done = build(repository, tmp_path / "site", "--parts", str(tmp_path / "parts"))
    assert done.exit_code == 0, done.output
    # The two that go together are of another state, and one is damaged.
    assert f"{len(NAMES) - 3} of them from parts" in done.output
    assert build(repository, tmp_path / "plain").exit_code == 0
    assert files_in(tmp_path / "site") == files_in(tmp_path / "plain")


def test_a_folder_without_parts_helps_nothing(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = build(repository, tmp_path / "site", "--parts", str(tmp_path / "empty"))
    assert f"{len(NAMES)} agreements built, 0 of them from parts" in done.output


def test_each_agreement_is_in_one_shard_with_its_family(repository: Repository) -> None:
    found = shards(repository, 3)
    assert sorted(name for shard in found for name in shard) == sorted(NAMES)
    assert [{"heron", "redwing"} <= shard for shard in found].count(True) == 1
    assert max(map(len, found)) == 2


def test_an_edit_moves_no_agreement_to_another_shard(repository: Repository) -> None:
    before = shards(repository, 3)
    with (repository.project / "agreements/plover.yaml").open("a", encoding="utf-8") as file:
        file.write("# A long remark.\n" * 500)
    assert shards(repository, 3) == before


def test_a_shard_of_more_than_there_are_agreements_is_empty(repository: Repository, tmp_path: Path) -> None:
    number = 1 + next(number for number, shard in enumerate(shards(repository, 9)) if not shard)
    done = build(repository, tmp_path / "part", "--shard", f"{number}/9")
    assert (done.exit_code, "0 agreements made" in done.output) == (0, True), done.output


def test_a_shard_tells_the_errors_of_its_own_agreements(repository: Repository, tmp_path: Path) -> None:
    place = repository.project / "agreements/avocet.yaml"
    place.write_text(place.read_text("utf-8").replace("kept_for: P3Y", "kept_for: never"), "utf-8")
    codes = {}
    for number in (1, 2):
        done = build(repository, tmp_path / f"part-{number}", "--shard", f"{number}/2")
        codes[number] = (done.exit_code, "avocet.yaml" in done.output)
    mine = 1 if "avocet" in shards(repository, 2)[0] else 2
    assert codes == {mine: (1, True), 3 - mine: (0, False)}


@pytest.mark.slow("builds whole sites")
def test_the_workflow_of_the_guide_builds_the_site(repository: Repository, tmp_path: Path) -> None:
    jobs = yaml.safe_load(marked_block("docs/many-machines.md", "shards"))["jobs"]
    numbers = jobs["shard"]["strategy"]["matrix"]["shard"]
    steps = [(step["run"], number) for number in numbers for step in jobs["shard"]["steps"] if "run" in step]
    steps += [(step["run"], 0) for step in jobs["site"]["steps"] if "run" in step]
    # Artifacts are laid one over the other: so are what the shards write here.
    for said, number in steps:
        arguments = shlex.split(said.replace("${{ matrix.shard }}", str(number)))
        assert arguments[:4] == ["python3", "develop.py", "clausebook", "build"]
        arguments[-1] = str(tmp_path / arguments[-1])
        arguments = [str(tmp_path / "parts") if each == "parts" else each for each in arguments]
        done = CliRunner().invoke(cli, [*arguments[3:], "--root", str(repository.project)])
        assert done.exit_code == 0, done.output
    assert f"{len(NAMES)} of them from parts" in done.output
    assert (tmp_path / "site/index.html").is_file()


@pytest.mark.parametrize("said", ["0/2", "3/2", "1/0", "1", "a/b", "1/2/3", "1/5000", "-1/2", "１/2"])
def test_what_names_no_shard_is_refused(repository: Repository, tmp_path: Path, said: str) -> None:
    done = build(repository, tmp_path / "part", "--shard", said)
    assert done.exit_code == 2
    assert "a shard is I/N" in done.output


def test_a_shard_is_not_written_among_other_files(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("mine", "utf-8")
    done = build(repository, tmp_path / "mine", "--shard", "1/2")
    assert (done.exit_code, "holds other files" in done.output) == (2, True)
    assert files_in(tmp_path / "mine") == {"notes.txt": b"mine"}


@pytest.mark.parametrize(
    "options", [("heron", "--shard", "1/2"), ("--format", "md", "--shard", "1/2"), ("--shard", "1/2", "--parts", ".")]
)
def test_options_that_go_with_no_shard_are_refused(
    repository: Repository, tmp_path: Path, options: tuple[str, ...]
) -> None:
    done = build(repository, tmp_path / "part", *options)
    assert done.exit_code == 2
    assert not (tmp_path / "part").exists()
