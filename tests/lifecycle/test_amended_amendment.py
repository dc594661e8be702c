"""An executed amendment is amended itself: what it says by itself, and never what it changes of its agreement."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from clausebook.amending.amendment_files import CHANGES
from clausebook.document.words import words
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.execution import execute
from clausebook.lifecycle.standing import standing_of
from clausebook.lifecycle.wet_ink import Returned
from clausebook.project.project import Project
from tests.support.amend_commands import DRAFT, EXCEPTIONS, FIRST, NAME, assembled, errors, invoke, refused
from tests.support.executed_repositories import edit, executed_repository, record
from tests.support.record_cases import PDF, Stub, words_of
from tests.support.repositories import ROOT

pytestmark = pytest.mark.slow("agreements executed and amended by the commands, each text proven")

AGAIN = f"{FIRST}-amendment-1"
RAISED = ('\nversion: "1.0"\nstatus: executed', '\nversion: "1.1"\nstatus: draft')


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    opened = Sandbox()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    """A repository with an agreement and its amendment, executed and put off until 2027; not to be changed."""
    root = executed_repository(tmp_path_factory.mktemp("signed"), sandbox)
    for place in ("templates", "schemas"):  # the library's own words
        shutil.copytree(ROOT / place / "amendment", root / place / "amendment", dirs_exist_ok=True)
    edit(root, NAME, DRAFT, (EXCEPTIONS, ""), ("kept_for: P3Y", "kept_for: P5Y"))
    made = invoke(root, "amend", NAME, "--effective-date", "2027-01-01")
    assert made.exit_code == 0, made.output
    put_in_force(root, FIRST, "2026-06-01", sandbox)
    edit(root, NAME, ("status: approved", "status: executed"))
    return root


@pytest.fixture
def root(signed: Path, tmp_path: Path) -> Path:
    shutil.copytree(signed, tmp_path / "repository")
    return tmp_path / "repository"


def put_in_force(root: Path, name: str, day: str, sandbox: Sandbox) -> None:
    edit(root, name, ("status: draft", "status: approved"))
    record(root, name, day, sandbox)


def amended(root: Path, day: str, sandbox: Sandbox, *changes: tuple[str, str]) -> str:
    """Let the amendment be amended and that be executed on a day; return what the second amendment says."""
    edit(root, FIRST, RAISED, *changes)
    result = invoke(root, "amend", FIRST)
    assert result.exit_code == 0, result.output
    assert errors(root, AGAIN, sandbox) == errors(root, FIRST, sandbox) == []
    put_in_force(root, AGAIN, day, sandbox)
    edit(root, FIRST, ("status: draft", "status: executed"))
    found = assembled(root, AGAIN, sandbox)
    assert found.document is not None
    return " ".join(words(found.document))


def in_force(root: Path, day: str, name: str = NAME) -> str:
    return invoke(root, "text", name, "--as-of", day).output


def test_a_later_day(root: Path, sandbox: Sandbox) -> None:
    changes = (root / "agreements" / FIRST / CHANGES).read_bytes()
    before = assembled(root, NAME, sandbox).document
    assert before is not None
    text = amended(root, "2026-07-02", sandbox, ("date: 2027-01-01", "date: 2027-07-01"))
    assert (
        "parties to the Amendment titled “Amendment No. 1 to Talks about a bird atlas”, version 1.0, executed on "
        "June 1, 2026 (the “Prior Amendment”)." in text
    )
    assert "2.2 Section 3.1(a) (Amendment Effective Date) Section 3.1(a) of the Prior Amendment is deleted" in text
    assert "the Agreement" not in text
    assert (root / "agreements" / FIRST / CHANGES).read_bytes() == changes
    now = assembled(root, NAME, sandbox).document
    assert now is not None
    assert words(now) == words(before)
    assert now.restated is not None
    assert now.restated.notice.startswith("Restated as of 1 July 2027.")
    for day in ("2027-01-01", "2027-06-30"):
        assert "Left out: Amendment No. 1, signed on 2026-06-01, takes effect on 2027-07-01" in in_force(root, day)
    assert "since 2027-07-01" in in_force(root, "2027-07-01")
    copy = in_force(root, "2027-07-01", FIRST)
    assert "as amended by Amendment No. 1 (executed on July 2, 2026)" in " ".join(copy.split())
    assert "Clause 2 (Limits) of the Agreement is deleted, and its number is reserved." in " ".join(copy.split())
    project = Project(root, sandbox)
    found = assembled(root, FIRST, sandbox)
    assert found.document is not None
    shown = standing_of(project.tree, found.document, found.data, {AGAIN: {}})
    assert [(each.version, each.effect.day) for each in shown.texts] == [("1.0", "2027-07-01"), ("1.1", "2026-07-02")]
    assert [(each.id, each.makes) for each in shown.amendments] == [(AGAIN, "1.1")]
    assert shown.amends is not None
    assert shown.amends.effect.day == "2027-07-01"
    checked = invoke(root, "check")
    assert (checked.exit_code, checked.output) == (0, "3 agreements checked\n")


def test_its_next_draft_leaves_the_day_that_was_agreed(root: Path, sandbox: Sandbox) -> None:
    amended(root, "2026-07-02", sandbox, ("date: 2027-01-01", "date: 2027-07-01"))
    edit(
        root,
        FIRST,
        ('\nversion: "1.1"\nstatus: executed', '\nversion: "1.2"\nstatus: draft'),
        ("2027-07-01", "2027-08-01"),
    )
    assert "takes effect on 2027-07-01" in in_force(root, "2027-06-30")
    edit(root, FIRST, ("2027-08-01", "2027-09-01"))
    assert invoke(root, "amend", FIRST).exit_code == 0
    second = f"{FIRST}-amendment-2"
    put_in_force(root, second, "2026-08-03", sandbox)
    edit(root, FIRST, ("status: draft", "status: executed"))
    text = assembled(root, second, sandbox).document
    assert text is not None
    assert "as amended by Amendment No. 1, executed on July 2, 2026 (the “Prior Amendment”)" in " ".join(words(text))
    assert "takes effect on 2027-09-01" in in_force(root, "2027-08-31")
    assert "since 2027-09-01" in in_force(root, "2027-09-01")
    assert invoke(root, "check").exit_code == 0


@pytest.mark.parametrize(
    ("wanted", "begins", "before"), [("2026-09-01",) * 2 + ("2026-08-31",), ("2026-06-02", "2026-07-02", "2026-07-01")]
)
def test_an_earlier_day_but_none_before_the_amendment_of_it(
    wanted: str, begins: str, before: str, root: Path, sandbox: Sandbox
) -> None:
    amended(root, "2026-07-02", sandbox, ("date: 2027-01-01", f"date: {wanted}"))
    assert f"Left out: Amendment No. 1, signed on 2026-06-01, takes effect on {begins}" in in_force(root, before)
    assert f"since {begins}" in in_force(root, begins)


def test_a_day_that_came_before_the_amendment_of_it_stays(root: Path, sandbox: Sandbox) -> None:
    amended(root, "2027-02-01", sandbox, ("date: 2027-01-01", "date: 2027-07-01"))
    assert "since 2027-01-01" in in_force(root, "2027-03-01")
    checked = invoke(root, "check")
    assert f"`{FIRST}` took effect on 2027-01-01, before this amendment of it: that day stays" in checked.output


def test_a_day_in_the_place_of_a_condition(root: Path, sandbox: Sandbox) -> None:
    """And a condition in the place of that day, by the next amendment."""
    condition = "set_by: condition\n  condition: the atlas is printed\n  lapses: 2028-01-31"
    amended(root, "2026-07-02", sandbox, ("set_by: fixed-date\n  date: 2027-01-01", condition))
    waits = "Left out: Amendment No. 1, signed on 2026-06-01, waits for a condition that is not recorded as met"
    assert waits in in_force(root, "2027-06-30")
    edit(root, FIRST, ('\nversion: "1.1"\nstatus: executed', '\nversion: "1.2"\nstatus: draft'))
    edit(root, FIRST, (condition, "set_by: fixed-date\n  date: 2027-03-01"))
    assert waits in in_force(root, "2027-06-30")
    assert invoke(root, "amend", FIRST).exit_code == 0
    put_in_force(root, f"{FIRST}-amendment-2", "2026-08-03", sandbox)
    edit(root, FIRST, ("status: draft", "status: executed"))
    assert "takes effect on 2027-03-01" in in_force(root, "2027-02-28")
    assert "since 2027-03-01" in in_force(root, "2027-03-01")
    said = assembled(root, f"{FIRST}-amendment-2", sandbox).document
    assert said is not None
    text = " ".join(words(said))
    assert "version 1.0, executed on June 1, 2026, as amended by Amendment No. 1, executed on July 2, 2026" in text
    assert "Section 3.1 (Amendment Effective Date) of the Prior Amendment is deleted and replaced" in text
    assert "the date on which an earlier amendment of the Prior Amendment takes effect" in text


def test_what_it_changes_stays_as_it_was_signed(root: Path, sandbox: Sandbox) -> None:
    """Formulas that counsel edited since do not reword it, and changes that were edited are refused."""
    edit(root, FIRST, RAISED, ("date: 2027-01-01", "date: 2027-07-01"))
    path = root / "templates" / "amendment" / "operative.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("is deleted, and its number is reserved", "is struck out, its number kept"))
    assert invoke(root, "amend", FIRST).exit_code == 0
    found = assembled(root, FIRST, sandbox)
    assert found.document is not None
    assert "Clause 2 (Limits) of the Agreement is deleted, and its number is reserved." in " ".join(
        words(found.document)
    )
    path = root / "agreements" / FIRST / CHANGES
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("5\u00a0years", "7\u00a0years"), encoding="utf-8")
    refused(
        root,
        "what is to hold instead, the next amendment says: clausebook amend sparrow-finch",
        agreement=FIRST,
        code=1,
    )


def test_an_edited_version_is_found(root: Path, sandbox: Sandbox) -> None:
    amended(root, "2026-07-02", sandbox, ("date: 2027-01-01", "date: 2027-07-01"))
    edit(root, FIRST, ("date: 2027-07-01", "date: 2027-06-01"))
    assert [each[0] for each in errors(root, FIRST, sandbox)] == ["core/executed-data"]
    assert invoke(root, "check").exit_code == 1


def test_what_it_recites_of_the_day_is_held_against_the_draft(root: Path, sandbox: Sandbox) -> None:
    edit(root, FIRST, RAISED, ("date: 2027-01-01", "date: 2027-07-01"))
    assert invoke(root, "amend", FIRST).exit_code == 0
    edit(root, AGAIN, ("date: 2027-07-01", "date: 2026-08-01"))
    assert [each[0] for each in errors(root, AGAIN, sandbox)] == ["core/amendment-recital"]


def test_another_reason_is_said_narrowly(root: Path, sandbox: Sandbox) -> None:
    path = root / f"agreements/{FIRST}.yaml"
    path.write_text(
        f"{path.read_text(encoding='utf-8')}\nreason: The parties wait for the printer.\n", encoding="utf-8"
    )
    text = amended(root, "2026-07-02", sandbox)
    assert "of the Prior Amendment" in text
    assert "The parties wait for the printer." in text
    assert "since 2027-01-01" in in_force(root, "2027-01-01")


def test_there_is_no_third_level(root: Path, sandbox: Sandbox) -> None:
    amended(root, "2026-07-02", sandbox, ("date: 2027-01-01", "date: 2027-07-01"))
    refused(root, f"raise `version` in agreements/{FIRST}.yaml, change its terms, and run", agreement=AGAIN)


def test_one_that_changes_parties_or_has_a_consent_is_signed_anew(root: Path) -> None:
    edit(root, FIRST, RAISED, ("  - key: finch\n", "  - key: finch\n    role: consenting\n"))
    refused(root, f"clausebook void {FIRST} 1.0", agreement=FIRST)


def test_wording_of_the_deal_and_running_again(root: Path, sandbox: Sandbox) -> None:
    condition = "set_by: condition\n  condition: the atlas is printed\n  lapses: 2028-01-31"
    edit(root, FIRST, RAISED, ("set_by: fixed-date\n  date: 2027-01-01", condition))
    own = root / "agreements" / FIRST / "authority.md"
    text = (ROOT / "templates" / "amendment" / "clauses" / "authority.md").read_text(encoding="utf-8")
    body = "Each party represents that its board has approved this Amendment."
    own.write_text(
        f"---\ntitle: Authority\nslot: authority\n"
        f"departs_from: {{clause: authority, version: '{text.split('version: ')[1].split(chr(34))[1]}'}}\n"
        f"reason: The parties ask for more.\napprover: Wren Example\n---\n{body}\n",
        encoding="utf-8",
    )
    edit(root, FIRST, ("\neffective:", "\nclauses: {authority: {wording: authority.md}}\n\neffective:"))
    made = invoke(root, "amend", FIRST)
    assert made.exit_code == 0, made.output
    assert "Nothing has changed" in invoke(root, "amend", FIRST).output
    found = assembled(root, AGAIN, sandbox)
    assert found.document is not None
    said = " ".join(words(found.document))
    replaced = (
        "Section 3.5 (Authority) of the Prior Amendment is deleted and replaced with the following: 3.5 Authority"
    )
    assert f"{replaced} {body}" in said
    refused(root, "the numbers of an amendment stay as they were signed", "--renumber", agreement=FIRST)


def test_execute_puts_the_amended_terms_in_force(root: Path, sandbox: Sandbox) -> None:
    edit(root, FIRST, RAISED, ("date: 2027-01-01", "date: 2027-07-01"))
    assert invoke(root, "amend", FIRST).exit_code == 0
    edit(root, AGAIN, ("status: draft", "status: approved"))
    verify = Stub(words_of(root, sandbox, AGAIN), agreement=AGAIN, time="2026-07-02T12:00:00Z")
    before = (root / f"agreements/{NAME}.yaml").read_bytes()
    made = execute(Project(root, sandbox), AGAIN, Returned([PDF]), verify, "2026-07-02")
    assert made.record is not None
    now = assembled(root, FIRST, sandbox)
    assert now.findings == ()
    assert now.document is not None
    assert (now.document.version, now.document.status) == ("1.1", "executed")
    assert (root / f"agreements/{NAME}.yaml").read_bytes() == before
    assert "takes effect on 2027-07-01" in in_force(root, "2027-06-30")
