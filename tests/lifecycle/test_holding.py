"""A legal hold: what it forbids, by which branch it is judged, and how it is written into the journal."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli.main import cli
from clausebook.language.sandbox import Sandbox
from clausebook.records.journal import Hold, Release, journal_of
from clausebook.repository.tree import DiskTree
from tests.support.executed_repositories import executed_repository
from tests.support.git_repositories import Repository, new_repository

pytestmark = pytest.mark.slow("changes of a real repository with a record, each checked from the command line")

NAME = "sparrow-finch"
JOURNAL = f"agreements/journal/{NAME}.yaml"
RECORD = f"agreements/executed/{NAME}/1.0"
EVIDENCE = f"agreements/evidence/{NAME}"
RESULTS = f"agreements/results/{NAME}.csv"
AMENDED = f"agreements/executed/{NAME}-amendment-7/1.0"
ROWS = "date,metric,value,note\n2027-06-30,Visits,12,\n2027-09-30,Visits,14,\n"
WRITTEN = """\
# Who looks after it.
owner: {name: Mara, email: mara@heron.example}

decisions:
  - {on: 2026-04-01, by: Mara, decision: Keep it.}
events:
  # the first one
  - {event: commencement, on: 2026-04-02}
  - event: opening
    on: 2026-05-02   # in the rain
"""
HELD = ("hold", NAME, "--matter", "Inquiry of March 2028", "--by", "Ines", "--on", "2028-03-09")
RELEASED = ("hold", NAME, "--release", "--matter", "Inquiry of March 2028", "--by", "Ines", "--on", "2028-05-02")


def run(root: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(cli, [*arguments, "--root", str(root)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def broken(root: Path, *arguments: str) -> list[str]:
    """Return what `check` says of holds."""
    found = json.loads(run(root, "check", "--report", "json", *arguments).stdout)
    return [each["message"] for each in found["findings"] if each["rule"] == "core/hold-broken"]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with Sandbox() as sandbox:
        root = executed_repository(tmp_path_factory.mktemp("held"), sandbox)
    made = new_repository(root)
    files = {JOURNAL: WRITTEN, f"{EVIDENCE}/q1.yaml": "outcome: done\n", RESULTS: ROWS}
    made.commit("An executed agreement", {**files, f"{AMENDED}/record.yaml": "version: 1\n"})
    return root


@pytest.fixture
def made(template: Path, tmp_path: Path) -> Repository:
    root = tmp_path / "repository"
    shutil.copytree(template, root)
    return Repository(root, root)


@pytest.fixture
def held(made: Repository) -> Repository:
    assert run(made.root, *HELD).exit_code == 0
    made.commit("Hold it")
    made.git("checkout", "--quiet", "-b", "change")
    return made


def test_a_hold_is_written_beside_what_stands_there_and_released_in_its_place(made: Repository) -> None:
    done = run(made.root, *HELD)
    assert done.output.startswith(f"under hold: {NAME}, since 2028-03-09: Inquiry of March 2028 (Ines)\n")
    text = (made.root / JOURNAL).read_text(encoding="utf-8")
    held = "  - matter: Inquiry of March 2028\n    since: 2028-03-09\n    by: Ines\n"
    assert text == f"{WRITTEN}holds:\n{held}"
    assert "already" in run(made.root, *HELD).output
    assert run(made.root, "hold", NAME, "--matter", "Audit", "--by", "Ivo", "--on", "2028-04-01").exit_code == 0
    other = "  - matter: Audit\n    since: 2028-04-01\n    by: Ivo\n"
    assert (made.root / JOURNAL).read_text(encoding="utf-8") == f"{text}{other}"
    done = run(made.root, *RELEASED)
    assert done.exit_code == 0, done.output
    journal, findings = journal_of(DiskTree(made.root), NAME)
    assert findings == ()
    assert journal.holds == (
        Hold("Inquiry of March 2028", "2028-03-09", "Ines", Release("2028-05-02", "Ines")),
        Hold("Audit", "2028-04-01", "Ivo"),
    )
    assert (made.root / JOURNAL).read_text(encoding="utf-8").startswith(WRITTEN)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("hold", "heron", *HELD[2:]), "there is no agreement `heron`"),
        (("hold", NAME, "--matter", " ", "--by", "Ines"), "nothing tells for which matter"),
        (("hold", NAME, "--matter", "a", "--by", "Ines", "--on", "soon"), "is no date"),
        (RELEASED, "under no hold in this matter"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    made: Repository, arguments: tuple[str, ...], said: str
) -> None:
    before = (made.root / JOURNAL).read_bytes()
    done = run(made.root, *arguments)
    assert (done.exit_code, said in done.output) == (2, True), done.output
    assert (made.root / JOURNAL).read_bytes() == before


def _journal(edit: Callable[[str], str]) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        place = root / JOURNAL
        text = place.read_text(encoding="utf-8")
        assert edit(text) != text
        place.write_text(edit(text), encoding="utf-8")

    return change


def _written(path: str, text: str) -> Callable[[Path], object]:
    return lambda root: (root / path).write_text(text, encoding="utf-8")


FORBIDDEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "its file": (lambda root: (root / f"agreements/{NAME}.yaml").unlink(), f"`agreements/{NAME}.yaml` is deleted"),
    "a record": (lambda root: (root / RECORD / "signed.pdf").unlink(), f"`{RECORD}/signed.pdf` is deleted"),
    "all records": (lambda root: shutil.rmtree(root / RECORD), f"`{RECORD}/record.yaml` is deleted"),
    "rewritten": (_written(f"{RECORD}/agreement.md", "x"), f"`{RECORD}/agreement.md` is rewritten"),
    "evidence": (lambda root: shutil.rmtree(root / EVIDENCE), f"`{EVIDENCE}/q1.yaml` is deleted"),
    "evidence rewritten": (_written(f"{EVIDENCE}/q1.yaml", "a: b"), f"`{EVIDENCE}/q1.yaml` is rewritten"),
    "the results": (lambda root: (root / RESULTS).unlink(), "has not all rows that stood in it"),
    "a result": (_written(RESULTS, ROWS.replace("14", "41")), "has not all rows that stood in it"),
    "the journal": (lambda root: (root / JOURNAL).unlink(), "not all that stood under `holds`"),
    "the hold": (_journal(lambda text: text.partition("holds:")[0]), "not all that stood under `holds`"),
    "the hold's matter": (_journal(lambda text: text.replace("Inquiry", "Query")), "not all that stood under `holds`"),
    "an event": (_journal(lambda text: text.replace("05-02", "05-03")), "not all that stood under `events`"),
    "the owner": (_journal(lambda text: text.replace("owner:", "deputy:")), "not all that stood under `owner`"),
    "an amendment with nothing but a record": (lambda root: shutil.rmtree(root / AMENDED), f"`{AMENDED}/record.yaml`"),
    "a decision": (_journal(lambda text: text.replace("Keep it.", "Drop it.")), "stood under `decisions`"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_is_under_hold_is_neither_deleted_nor_rewritten(held: Repository, what: str) -> None:
    change, said = FORBIDDEN[what]
    assert broken(held.root) == []
    change(held.root)
    # In the work tree, and once it is committed; with the release in the same change, too.
    assert any(said in each for each in broken(held.root)), broken(held.root)
    if what not in ("the journal", "the hold", "the hold's matter"):
        assert run(held.root, *RELEASED).exit_code == 0 or what == "its file"
    held.commit("A change")
    assert any(said in each for each in broken(held.root))
    done = run(held.root, "review", "--base", "main", "--head", "change", "--format", "json")
    told = [each["message"] for each in json.loads(done.stdout)["findings"] if each["rule"] == "core/hold-broken"]
    assert done.exit_code == 1
    assert any(said in each for each in told)


def test_what_goes_on_under_a_hold_is_no_fault(held: Repository) -> None:
    _journal(
        lambda text: text.replace("name: Mara", "name: Ivo").replace(
            "events:", "events:\n  - {event: a, on: 2027-01-01}"
        )
    )(held.root)
    (held.root / EVIDENCE / "q2.yaml").write_text("outcome: done\n", encoding="utf-8")
    (held.root / RESULTS).write_text(
        ROWS.replace("\n", "\r\n") + "2027-12-31,Visits,15,\n", encoding="utf-8", newline=""
    )
    deal = held.root / "agreements" / f"{NAME}.yaml"
    deal.write_text(deal.read_text(encoding="utf-8") + "\n# A comment.\n", encoding="utf-8")
    assert run(held.root, *RELEASED).exit_code == 0
    assert broken(held.root) == []
    held.commit("A change")
    assert broken(held.root) == []


def test_a_hold_counts_in_whatever_letters_its_journal_says_it(held: Repository) -> None:
    _journal(lambda text: text.replace("holds:", '"h\\u006flds":'))(held.root)
    held.commit("Say the same in other letters")
    held.git("checkout", "--quiet", "main")
    held.merge("Merge it", "change")
    held.git("checkout", "--quiet", "-b", "next")
    (held.root / f"agreements/{NAME}.yaml").unlink()
    assert any(f"`agreements/{NAME}.yaml` is deleted" in each for each in broken(held.root))


def test_a_release_is_told(held: Repository) -> None:
    def told() -> list[tuple[str, str, str]]:
        found = json.loads(run(held.root, "check", "--report", "json").stdout)["findings"]
        wanted = [each for each in found if each["rule"] == "core/hold-released"]
        return [(each["severity"], each["path"], each["message"]) for each in wanted]

    assert told() == []
    run(held.root, *RELEASED)
    assert told() == [("note", JOURNAL, f"the hold on `{NAME}` is released: Inquiry of March 2028")]


def test_what_git_stores_through_a_filter_is_compared_as_it_is_stored(made: Repository) -> None:
    made.git("config", "filter.loud.clean", "tr a-z A-Z")
    files = {".gitattributes": "*.txt filter=loud\n", f"{EVIDENCE}/letter.txt": "done"}
    made.commit("Evidence that git stores otherwise", files)
    assert run(made.root, *HELD).exit_code == 0
    made.commit("Hold it")
    assert made.git("show", f"HEAD:{EVIDENCE}/letter.txt") == "DONE"
    assert broken(made.root) == []
    (made.root / EVIDENCE / "letter.txt").write_text("undone", encoding="utf-8")
    [said] = broken(made.root)
    assert f"`{EVIDENCE}/letter.txt` is rewritten" in said


def test_a_released_hold_holds_nothing(held: Repository) -> None:
    run(held.root, *RELEASED)
    held.commit("Release it")
    held.git("checkout", "--quiet", "main")
    held.merge("Merge the release", "change")
    held.git("checkout", "--quiet", "-b", "next")
    shutil.rmtree(held.root / EVIDENCE)
    assert broken(held.root) == []


def test_a_hold_of_the_protected_branch_counts_for_a_change_made_before_it(made: Repository) -> None:
    made.git("checkout", "--quiet", "-b", "change")
    (made.root / EVIDENCE / "q1.yaml").unlink()
    made.commit("Drop the evidence")
    assert broken(made.root) == []
    made.git("checkout", "--quiet", "main")
    run(made.root, *HELD)
    (made.root / EVIDENCE / "q2.yaml").write_text("outcome: done\n", encoding="utf-8")
    made.commit("Hold it")
    made.git("checkout", "--quiet", "change")
    # What came to the protected branch since then is not deleted by this change.
    [said] = broken(made.root)
    assert f"`{EVIDENCE}/q1.yaml` is deleted" in said


def test_without_a_base_it_is_said_that_nobody_can_tell(made: Repository) -> None:
    run(made.root, *HELD)
    shutil.rmtree(made.root / ".git")
    found = json.loads(run(made.root, "check", "--report", "json").stdout)
    assert "core/hold-unjudged" in [each["rule"] for each in found["findings"]]
