"""What is approved, sent or signed of an amendment is not overwritten, but by an express word, as a higher version."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from benchmarks.approving import appoint, approve
from clausebook.cli.main import cli
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from tests.support.executed_repositories import edit, record, with_amendments
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository

pytestmark = pytest.mark.slow("agreements executed and amended by the commands, each text proven")

NAME = "sparrow-finch"
FIRST = f"{NAME}-amendment-1"
CHANGES = f"agreements/{FIRST}/changes.json"


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with an executed agreement, its next draft and the amendment; not to be changed."""
    root = nda_repository(tmp_path_factory.mktemp("drafted"))
    with_amendments(root)
    with Sandbox() as sandbox:
        record(root, NAME, "2026-03-02", sandbox)
    edit(root, NAME, ('version: "1.0"\nstatus: executed', 'version: "1.1"\nstatus: approved'), ("P3Y", "P5Y"))
    assert invoke(root, "amend", NAME).exit_code == 0
    return root


@pytest.fixture
def repository(drafted: Path, tmp_path: Path) -> Repository:
    """A copy of it, with all that is in it committed."""
    shutil.copytree(drafted, tmp_path / "repository")
    made = new_repository(tmp_path / "repository")
    made.commit("Draft the amendment")
    return made


def invoke(root: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(cli, [*arguments, "--root", str(root)], prog_name="clausebook")
    assert "Traceback" not in done.output
    return done


def approve_status(root: Path) -> None:
    edit(root, FIRST, ("status: draft", "status: approved"))


def send(root: Path) -> None:
    assert invoke(root, "send", FIRST, "--date", "2026-04-01").exit_code == 0


def receive_signed(root: Path) -> None:
    (root / f"agreements/{FIRST}/signed.pdf").write_bytes(b"%PDF-1.7\n")


HELD = [
    (approve_status, "its status is approved"),
    (send, "version 1.0 was sent on 2026-04-01"),
    (receive_signed, f"agreements/{FIRST}/signed.pdf came in"),
]


@pytest.mark.parametrize(("hold", "why"), HELD)
def test_what_is_held_is_not_overwritten(hold: object, why: str, repository: Repository) -> None:
    root = repository.root
    assert callable(hold)
    hold(root)
    repository.commit("Hold it")
    assert "Nothing has changed" in invoke(root, "amend", NAME).output
    edit(root, NAME, ("P5Y", "P7Y"))
    before = repository.state()
    done = invoke(root, "amend", NAME)
    assert done.exit_code == 2
    told = " ".join(done.output.split())
    assert f"the text of `{FIRST}` would be another one, and {why}: it is not overwritten" in told
    assert repository.state() == before
    # What loses nothing is offered first, as a command that can be typed as it stands.
    assert told.index("commit the draft as it is now") < told.index("git checkout") < told.index("--redraft")
    repository.commit("The newer draft")
    told = " ".join(invoke(root, "amend", NAME).output.split())
    assert "commit the draft as it is now" not in told
    command = told[told.index("git checkout") : told.index("; execute what is signed")]
    repository.git(*shlex.split(command)[1:])
    assert invoke(root, "check", FIRST, NAME).exit_code == 0, invoke(root, "check", FIRST, NAME).output
    assert "Nothing has changed" in invoke(root, "amend", NAME).output


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("by", ["status", "name", "gone"])
def test_what_git_has_as_approved_is_not_overwritten_by_a_hand_that_says_it_is_a_draft(
    by: str, committed: bool, repository: Repository
) -> None:
    root, path = repository.root, repository.root / f"agreements/{FIRST}.yaml"
    approve_status(root)
    repository.commit("Approve it")
    edit(root, NAME, ("P5Y", "P7Y"))
    if by == "status":
        edit(root, FIRST, ("status: approved", "status: draft"))
        if committed:
            repository.commit("Back to a draft")
    elif by == "name":
        path.rename(path.with_suffix(".YAML"))
    else:
        path.unlink()
    before = repository.state()
    done = invoke(root, "amend", NAME)
    assert (done.exit_code, repository.state() == before) == (2, True), done.output
    assert "its status was approved in the commit " in " ".join(done.output.split())
    if by == "status":
        assert invoke(root, "amend", NAME, "--redraft", "Nobody has it").exit_code == 0
        assert 'version: "1.1"' in path.read_text(encoding="utf-8")


def test_another_day_is_another_text(repository: Repository) -> None:
    approve_status(repository.root)
    done = invoke(repository.root, "amend", NAME, "--effective-date", "2026-09-01")
    assert (done.exit_code, "is not overwritten" in done.output) == (2, True)


@pytest.mark.parametrize(("hold", "why"), HELD)
def test_an_express_word_makes_a_draft_of_a_higher_version(hold: object, why: str, repository: Repository) -> None:
    root = repository.root
    assert callable(hold)
    hold(root)
    kept = {path.relative_to(root): path.read_bytes() for path in (root / f"agreements/{FIRST}").rglob("*.*")}
    edit(root, NAME, ("P5Y", "P7Y"))
    done = invoke(root, "amend", NAME, "--redraft", "Finch wants seven years")
    assert done.exit_code == 0, done.output
    text = (root / f"agreements/{FIRST}.yaml").read_text(encoding="utf-8")
    assert 'version: "1.1"\nstatus: draft\n' in text
    assert text.endswith("\n# Version 1.0 was given up for a new draft, 1.1: Finch wants seven years\n")
    changed = {path for path, content in kept.items() if (root / path).read_bytes() != content}
    assert changed == {Path(CHANGES)}, "turns and signed files stay"
    assert invoke(root, "check").exit_code == 0, invoke(root, "check").output


def test_what_somebody_approved_is_held_and_counts_no_more_for_the_new_draft(repository: Repository) -> None:
    root = repository.root
    (root / "templates/amendment/approvals.yaml").write_text(
        "proof: stated\nwhole_text: [General Counsel]\n", encoding="utf-8"
    )
    with Project(root) as project:
        appoint(root, [kind for name in project.store.types() if (kind := project.type(name).kind)])
        repository.commit("Ask for approval")
        approve(project, project.assemble(project.files([FIRST])[0]), "2026-03-20")
    repository.commit("Approve the amendment")
    edit(root, NAME, ("P5Y", "P7Y"))
    done = invoke(root, "amend", NAME)
    assert (done.exit_code, "Ada Example approved it" in done.output) == (2, True), done.output
    assert invoke(root, "amend", NAME, "--redraft", "Seven years").exit_code == 0
    assert "core/approval-to-renew" in [each["rule"] for each in found(root)]
    edit(root, NAME, ("P7Y", "P8Y"))
    assert invoke(root, "amend", NAME).exit_code == 0, "nobody approved the new draft"


def test_a_version_that_was_given_up_is_not_used_again(repository: Repository) -> None:
    root = repository.root
    for number, years in enumerate(("P6Y", "P7Y", "P8Y"), 1):
        assert invoke(root, "send", FIRST, "--date", f"2026-04-0{number}").exit_code == 0
        edit(root, NAME, (f"P{number + 4}Y", years))
        assert invoke(root, "amend", NAME, "--redraft", "Again").exit_code == 0
        assert f'version: "1.{number}"' in (root / f"agreements/{FIRST}.yaml").read_text(encoding="utf-8")
    edit(root, FIRST, ('version: "1.3"', 'version: "0.4"'), ("status: draft", "status: approved"))
    edit(root, NAME, ("P8Y", "P9Y"))
    assert invoke(root, "amend", NAME, "--redraft", "Once more").exit_code == 0
    assert 'version: "1.3"' in (root / f"agreements/{FIRST}.yaml").read_text(encoding="utf-8")


def test_a_stale_amendment_that_is_held_is_not_to_be_written_anew_first(repository: Repository) -> None:
    root = repository.root
    edit(root, NAME, ("P5Y", "P7Y"))
    (mend,) = stale(root)
    assert mend == f"run `clausebook amend {NAME}` again"
    approve_status(root)
    (mend,) = stale(root)
    assert mend.index("git checkout") < mend.index("clausebook amend")
    assert "--redraft" in mend


def test_without_git_the_mend_is_said_in_words(repository: Repository) -> None:
    root = repository.root
    shutil.rmtree(root / ".git")
    approve_status(root)
    edit(root, NAME, ("P5Y", "P7Y"))
    told = " ".join(invoke(root, "amend", NAME).output.split())
    assert f"bring the draft of `{NAME}` back to what this amendment makes of it, which is what it said when" in told


@pytest.mark.parametrize("damage", ["{}", None])
def test_changes_that_are_lost_are_not_made_up_for_an_approved_amendment(
    damage: str | None, repository: Repository
) -> None:
    root = repository.root
    approve_status(root)
    (root / CHANGES).unlink() if damage is None else (root / CHANGES).write_text(damage, encoding="utf-8")
    edit(root, NAME, ("P5Y", "P7Y"))
    done = invoke(root, "amend", NAME)
    assert (done.exit_code, "is not overwritten" in done.output) == (2, True), done.output
    hints = [each["hint"] for each in found(root) if each["rule"] != "core/amendment-stale"]
    assert any(each.startswith("bring back what was committed") for each in hints), hints


def test_the_same_text_from_other_data_is_renewed(repository: Repository) -> None:
    root = repository.root
    approve_status(root)
    edit(root, NAME, ('version: "1.1"', 'version: "1.2"'))
    assert invoke(root, "amend", NAME).exit_code == 0
    assert "status: approved" in (root / f"agreements/{FIRST}.yaml").read_text(encoding="utf-8")
    assert '"version": "1.2"' in (root / CHANGES).read_text(encoding="utf-8")


def test_a_reason_is_one_that_can_be_read(repository: Repository) -> None:
    done = invoke(repository.root, "amend", NAME, "--redraft", "a\u200bb")
    assert (done.exit_code, "cannot be seen" in done.output) == (2, True)


def stale(root: Path) -> list[str]:
    return [each["hint"] for each in found(root) if each["rule"] == "core/amendment-stale"]


def found(root: Path) -> list[dict[str, str]]:
    return list(json.loads(invoke(root, "check", "--report", "json").output)["findings"])


@pytest.mark.parametrize("hold", [send, receive_signed])
def test_an_amendment_whose_file_is_gone_is_not_replaced_by_another(hold: object, repository: Repository) -> None:
    root = repository.root
    assert callable(hold)
    hold(root)
    repository.commit("Hold it")
    (root / f"agreements/{FIRST}.yaml").unlink()
    edit(root, NAME, ("P5Y", "P7Y"))
    before = repository.state()
    for options in ((), ("--redraft", "It is gone")):
        done = invoke(root, "amend", NAME, *options)
        assert (done.exit_code, f"`agreements/{FIRST}.yaml` is gone, though" in " ".join(done.output.split())) == (
            2,
            True,
        )
        assert repository.state() == before
