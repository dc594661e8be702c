"""Bringing agreements to the newest format: only what must change does, and what was sent or executed stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli.main import cli
from clausebook.findings.model import RepositoryError
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.migrating import migrate, rewritten, write_migration
from clausebook.lifecycle.turns import send
from clausebook.load.yaml import load_yaml
from clausebook.project.project import Project
from clausebook.scaffold.beginning import begin
from tests.support.executed_repositories import record
from tests.support.git_repositories import new_repository
from tests.support.numbered_repositories import describe, numbered_repository
from tests.support.record_cases import DEAL, NAME, words_of


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return numbered_repository(tmp_path, 2)


def run(root: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(cli, ["migrate", *arguments, "--root", str(root)])
    assert "failed itself" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def content(root: Path) -> bytes:
    return (root / DEAL).read_bytes()


def test_only_what_must_change_does(root: Path, sandbox: Sandbox) -> None:
    before, words = content(root).decode(), words_of(root, sandbox)
    done = run(root)
    assert (done.exit_code, done.output) == (0, f"migrated: {DEAL}, from format 1 to 2\n")
    assert content(root).decode() == before.replace("id: sparrow", "format: 2\nid: sparrow").replace(
        "- id: plates   #", "- key: plates   #"
    )
    assert words_of(root, sandbox) == words


def test_a_second_time_changes_nothing(root: Path) -> None:
    run(root)
    after = content(root)
    assert run(root).output == "nothing to migrate: 1 agreement in the newest format\n"
    assert content(root) == after


def test_a_dry_run_shows_the_difference_and_writes_nothing(root: Path) -> None:
    before = content(root)
    done = run(root, "--dry-run", NAME)
    assert done.exit_code == 0
    changed = [line for line in done.output.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert changed == ["+format: 2", "-  - id: plates   # the printed ones", "+  - key: plates   # the printed ones"]
    assert done.output.endswith("dry run: nothing was written; 1 file would be\n")
    assert content(root) == before


STYLES = {
    "quoted": b"id: deal\nschedules:\n  - 'id': a\n  - \"id\": b\n",
    "flow": b"id: deal\nschedules: [{id: a, title: A}, {title: B, id: b}]  # both\n",
    "carriage returns": b"# c\r\nid: deal\r\nschedules:\r\n- id: a\r\n",
    "byte order mark": b"\xef\xbb\xbfid: deal\nschedules:\n- id: a\n",
    "document start": b"---\n# c\n  id: deal\n  schedules:\n  - id: a\n",
    "letters of two bytes": "title: é\nschedules: [{title: ü, id: ä}]\n".encode(),
    "says its number": b"id: deal\nformat: 1 # first\n",
    "no schedules": b"id: deal\n",
}


@pytest.mark.parametrize("style", STYLES)
def test_the_style_of_the_file_is_kept(style: str) -> None:
    before = STYLES[style]
    after = rewritten(before, "a.yaml", 1, 2)
    end = b"\r\n" if b"\r\n" in before else b"\n"
    back = after.replace(b"format: 2" + end + b"  " * (style == "document start"), b"", 1)
    if style == "says its number":
        back = after.replace(b"format: 2", b"format: 1")
    assert back.replace(b"key", b"id") == before
    loaded = load_yaml(after, "a.yaml")
    assert loaded.findings == ()
    assert isinstance(loaded.value, dict)
    assert loaded.value["format"] == 2


@pytest.mark.parametrize("before", [b"{id: deal}\n", b"? id\n: deal\n", b'id: deal\nschedules: [{"\\u0069d": a}]\n'])
def test_what_cannot_be_rewritten_is_refused(before: bytes) -> None:
    with pytest.raises(RepositoryError, match=r"`a\.yaml` is not written in a way that can be rewritten") as caught:
        rewritten(before, "a.yaml", 1, 2)
    assert "`id`" in caught.value.hint


def test_all_are_written_or_none(root: Path) -> None:
    second = root / "agreements" / "second.yaml"
    text = content(root).decode().replace(f"id: {NAME}", "id: second").replace("- id: plates", '- "\\u0069d": plates')
    second.write_text(text, encoding="utf-8")
    second.with_suffix("").mkdir()
    (second.with_suffix("") / "plates.md").write_bytes((root / f"agreements/{NAME}/plates.md").read_bytes())
    before = content(root)
    done = run(root)
    assert done.exit_code == 2
    assert "agreements/second.yaml` is not written in a way" in done.output
    assert content(root) == before
    assert run(root, NAME).exit_code == 0


def test_an_agreement_with_errors_is_left_with_its_findings(root: Path) -> None:
    path = root / DEAL
    path.write_bytes(content(root).replace(b"kept_for: P3Y", b"kept_for: long"))
    before = content(root)
    done = run(root)
    assert done.exit_code == 1
    assert "/secrets/kept_for" in done.output
    assert "Nothing was written." in done.output
    assert content(root) == before


def test_what_was_sent_stays(tmp_path: Path, sandbox: Sandbox) -> None:
    root = numbered_repository(tmp_path, 1)
    path = root / "agreements" / f"{NAME}.yaml"
    # As a draft it may be sent before its schedule is approved.
    path.write_text(path.read_text(encoding="utf-8").replace("status: approved", "status: draft"), encoding="utf-8")
    send(Project(root, sandbox), NAME, "2026-03-04")
    words, before = words_of(root, sandbox), content(root)
    describe(root, 2)
    assert words_of(root, sandbox) == words, "it goes by its schemas as they were sent"
    done = run(root)
    assert done.exit_code == 0
    assert f"left: `{NAME}`, for it was sent" in done.output
    named = run(root, NAME)
    assert named.exit_code == 2
    assert "stays in its format: it was sent" in named.output
    assert content(root) == before


def test_what_was_executed_stays(tmp_path: Path, sandbox: Sandbox) -> None:
    root = numbered_repository(tmp_path, 1)
    record(root, NAME, "2026-03-10", sandbox)
    describe(root, 2)
    files = {path: path.read_bytes() for path in (root / "agreements").rglob("*") if path.is_file()}
    assert f"left: `{NAME}`, for version 1.0 is executed" in run(root).output
    assert "version 1.0 is executed, and what a record tells of is never rewritten" in run(root, NAME).output
    assert {path: path.read_bytes() for path in files} == files


def test_schemas_of_the_first_format_ask_for_nothing(tmp_path: Path, sandbox: Sandbox) -> None:
    root = numbered_repository(tmp_path, 1)
    assert migrate(Project(root, sandbox)).files == ()
    assert run(root).output == "nothing to migrate: 1 agreement in the newest format\n"


def test_writing_is_another_step(root: Path, sandbox: Sandbox) -> None:
    project, before = Project(root, sandbox), content(root)
    found = migrate(project)
    assert content(root) == before
    write_migration(project, found)
    assert content(root) == found.files[0].after


def test_a_redline_over_a_migration_tells_of_no_change_but_those_of_the_deal(tmp_path: Path) -> None:
    root = numbered_repository(tmp_path / "made", 1)
    repository = new_repository(tmp_path / "git")
    root.rename(repository.root / "deals")
    repository.project = repository.root / "deals"
    first = repository.commit("The first format")
    describe(repository.project, 2)
    assert run(repository.project).exit_code == 0
    path = repository.project / DEAL
    path.write_bytes(content(repository.project).replace(b"garden birds", b"water birds"))
    second = repository.commit("The second format, and other birds")
    done = CliRunner().invoke(
        cli, ["redline", NAME, first, second, "--format", "json", "--internal", "--root", str(repository.project)]
    )
    changes = json.loads(done.stdout)["changes"]
    causes = {json.dumps(each["cause"], sort_keys=True) for each in changes}
    assert len(changes) == 2, "the schedule and the definition of what is secret"
    assert all("/secrets/topic" in cause for cause in causes)
    assert not any("/schedules" in cause or "/format" in cause or '"library": {' in cause for cause in causes)


@pytest.mark.parametrize("like", ["", NAME])
def test_a_new_agreement_is_of_the_newest_format(like: str, root: Path, sandbox: Sandbox) -> None:
    project = Project(root, sandbox)
    begun = begin(project, "nda", "owl-and-tit", like)
    loaded = load_yaml((root / next(iter(begun.files))).read_bytes(), "new.yaml").value
    assert isinstance(loaded, dict)
    assert loaded["format"] == 2
    assert [each["key"] for each in loaded.get("schedules", [])] == (["plates"] if like else [])
    assert b"format" not in content(root), "the other deal stays as it is"


def test_what_cannot_be_rewritten_can_be_copied(root: Path, sandbox: Sandbox) -> None:
    (root / DEAL).write_bytes(content(root).replace(b"- id: plates", b'- "\\u0069d": plates'))
    begun = begin(Project(root, sandbox), "nda", "owl-and-tit", NAME)
    assert b"format" not in (root / next(iter(begun.files))).read_bytes()
