"""Versions with the same words are versions of their own: each is found, named and verified as the one that it is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.cli.main import cli
from clausebook.history.revisions import history
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.standing import standing_of
from clausebook.project.project import Project
from clausebook.site.revision_marks import revision_marks
from tests.support.executed_repositories import edit, record
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import PARTNERSHIP, nda_repository

pytestmark = pytest.mark.slow("a real history in which versions return to earlier words, and files built from it")

NAME = "sparrow-finch"


def run(root: Path, *arguments: str) -> str:
    done = CliRunner().invoke(cli, [*arguments, "--root", str(root)])
    assert "Traceback" not in done.output
    return done.output


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Repository, dict[str, Path]]:
    """A draft in four versions, the first, second and last of which have the same words; and the PDF of each."""
    folder = tmp_path_factory.mktemp("drafts")
    repository = new_repository(nda_repository(folder))
    repository.commit("Version 1.0")
    built = {}
    steps = [("1.0", "P3Y"), ("1.1", "P3Y"), ("1.2", "P5Y"), ("1.3", "P3Y")]
    for (before, old), (version, new) in zip(steps[:1] + steps, steps, strict=False):
        if version != before:
            edit(
                repository.root,
                NAME,
                (f'version: "{before}"', f'version: "{version}"'),
                (f"kept_for: {old}", f"kept_for: {new}"),
            )
            repository.commit(f"Version {version}")
        run(repository.root, "build", NAME, "--format", "pdf", "--out", str(folder / version))
        built[version] = folder / version / f"agreements/{NAME}/{NAME}.pdf"
    return repository, built


def test_each_version_is_verified_as_the_one_that_it_is(drafts: tuple[Repository, dict[str, Path]]) -> None:
    repository, built = drafts
    commits = dict(zip(built, repository.commits, strict=True))
    others = {"1.0": {"1.1", "1.3"}, "1.1": {"1.0", "1.3"}, "1.2": set(), "1.3": {"1.0", "1.1"}}
    for version, pdf in built.items():
        told = json.loads(run(repository.root, "verify", str(pdf), "--format", "json"))["text"]
        assert (told["outcome"], told["version"]) == ("same-bytes", version)
        assert told["commits"] == [commits[version]]
        assert set(told["same_words"]) == others[version]
    assert "the same words, as another version: 1.3, 1.0" in run(repository.root, "verify", str(built["1.1"]))


def test_a_revision_tells_all_versions_that_its_words_had(drafts: tuple[Repository, dict[str, Path]]) -> None:
    repository, _ = drafts
    rows = [line.split("  ")[1].strip() for line in run(repository.root, "revisions", NAME).splitlines()[1:]]
    assert rows == ["1.3", "1.2", "1.0, 1.1"]
    told = json.loads(run(repository.root, "revisions", NAME, "--json"))
    assert [each["commits"] for each in told][2] == repository.commits[:2]


@pytest.mark.parametrize(("old", "new"), [("1.0", "1.3"), ("1.1", "1.3"), ("1.3", "1.1"), ("1.2", "1.1")])
def test_a_redline_names_the_versions_that_were_asked_for(
    old: str, new: str, drafts: tuple[Repository, dict[str, Path]]
) -> None:
    lines = run(drafts[0].root, "redline", NAME, old, new).splitlines()
    assert lines[1].startswith(f"From: Version {old} of ")
    assert lines[2].startswith(f"To: Version {new} of ")


@pytest.fixture(scope="module", params=["by amendments", "as wholes"])
def chain(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Versions 1.0, 1.1 and 1.2, each executed; the last one has the words of the first."""
    root = nda_repository(tmp_path_factory.mktemp("chain"))
    schema = root / "schemas/nda/agreement.schema.json"
    text = schema.read_text(encoding="utf-8")
    schema.write_text(text.replace('"approved"]', '"approved", "executed"]'), encoding="utf-8")
    for folder in ("templates", "schemas"):
        shutil.copytree(PARTNERSHIP / folder / "amendment", root / folder / "amendment")
    repository = new_repository(root)
    repository.commit("Draft 1.0")
    with Sandbox() as sandbox:
        record(root, NAME, "2026-03-02", sandbox)
        repository.commit("Execute 1.0")
        for number, (before, old, version, new) in enumerate((("1.0", 3, "1.1", 5), ("1.1", 5, "1.2", 3)), 1):
            head = (f'version: "{before}"\nstatus: executed', f'version: "{version}"\nstatus: approved')
            edit(root, NAME, head, (f"P{old}Y", f"P{new}Y"))
            repository.commit(f"Draft {version}")
            day = f"2026-0{5 + number}-01"
            if request.param == "as wholes":
                record(root, NAME, day, sandbox)
            else:
                run(root, "amend", NAME)
                edit(root, f"{NAME}-amendment-{number}", ("status: draft", "status: approved"))
                repository.commit(f"Draft Amendment No. {number}")
                record(root, f"{NAME}-amendment-{number}", day, sandbox)
                edit(root, NAME, ("status: approved", "status: executed"))
            repository.commit(f"Execute {version}")
    return repository


def test_the_text_in_force_is_named_by_its_own_version_and_day(chain: Repository) -> None:
    assert "Version 1.2 as executed on 2026-07-01" in run(chain.root, "redline", NAME, "executed").splitlines()[1]
    assert "Version 1.0 as executed on 2026-03-02" in run(chain.root, "redline", NAME, "1.0").splitlines()[1]
    edit(chain.root, NAME, ('version: "1.2"\nstatus: executed', 'version: "1.3"\nstatus: approved'))
    refused = " ".join(run(chain.root, "amend", NAME).split())
    assert f"version 1.3 of `{NAME}` says what version 1.2 says" in refused
    edit(chain.root, NAME, ('version: "1.3"\nstatus: approved', 'version: "1.2"\nstatus: executed'))


def test_the_site_marks_each_execution_at_its_own_revision(chain: Repository) -> None:
    with Project(chain.root) as project:
        data = {file.id: project.load(file)[0] or {} for file in project.files()}
        document = project.assemble(project.files([NAME])[0]).document
        assert document
        standing = standing_of(project.tree, document, data[NAME], data)
    revisions = history(chain.root, NAME).revisions
    marks, unseen = revision_marks(standing, revisions, f"agreements/{NAME}/history.md")
    assert not unseen
    days = {"1.0": "March 2, 2026", "1.1": "June 1, 2026", "1.2": "July 1, 2026"}
    assert [each.versions for each in revisions] == [("1.2",), ("1.1",), ("1.0",)]
    for each in revisions:
        (told,) = marks[each.slug]
        assert days[each.version] in told
