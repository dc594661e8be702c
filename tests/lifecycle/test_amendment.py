"""`clausebook amend` and what follows: the proof in `check`, the restated copy, the chain of amendments."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clausebook.amending.amendment_chain import chain
from clausebook.amending.amendment_files import CHANGES, changes_path
from clausebook.amending.changes_file import TextMark, from_json, to_json
from clausebook.amending.instructions import Instruction
from clausebook.document.fingerprints import fingerprint
from clausebook.document.words import words
from clausebook.findings.model import FindingsError, RepositoryError
from clausebook.history.sources import sources
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.execution import execute
from clausebook.lifecycle.wet_ink import Returned
from clausebook.load.yaml import load_yaml
from clausebook.project.project import Project
from clausebook.records.model import RECORD_FORMAT
from clausebook.records.notation import write
from clausebook.records.record_files import executed as executed_records
from clausebook.repository.hashed import HashedDisk
from clausebook.repository.tree import DiskTree
from tests.support.amend_commands import (
    DRAFT,
    EXCEPTIONS,
    FIRST,
    NAME,
    SECOND,
    assembled,
    errors,
    invoke,
    refused,
)
from tests.support.executed_repositories import (
    AMENDMENT,
    EXECUTED,
    amended_repository,
    edit,
    executed_repository,
    record,
    with_amendments,
)
from tests.support.file_trees import files_in
from tests.support.git_repositories import new_repository
from tests.support.record_cases import PDF, Stub, words_of
from tests.support.repositories import PARTNERSHIP, nda_repository

pytestmark = pytest.mark.slow("agreements executed and amended by the commands, each text proven")

OF_PARTIES = {"change-of-name", "joinder", "departure", "assignment", "consent"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    opened = Sandbox()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    """A repository with one executed agreement; not to be changed."""
    return executed_repository(tmp_path_factory.mktemp("executed"), sandbox)


@pytest.fixture
def root(executed: Path, tmp_path: Path) -> Path:
    """A copy of the repository with the executed agreement."""
    shutil.copytree(executed, tmp_path / "repository")
    return tmp_path / "repository"


@pytest.fixture
def drafted(root: Path) -> Path:
    """The same with a draft from which a clause is gone, and with its amendment."""
    edit(root, NAME, DRAFT, (EXCEPTIONS, ""), ("kept_for: P3Y", "kept_for: P5Y"))
    assert invoke(root, "amend", NAME).exit_code == 0
    return root


def execute_amendment(root: Path, name: str, date: str, sandbox: Sandbox) -> None:
    """Freeze an amendment, and let the status of the agreement follow."""
    edit(root, name, ("status: draft", "status: approved"))
    record(root, name, date, sandbox)
    edit(root, NAME, ("status: approved", "status: executed"))


def test_an_amendment_is_written_and_proves_right(drafted: Path, sandbox: Sandbox) -> None:
    found = assembled(drafted, FIRST, sandbox)
    assert found.findings == ()
    assert found.document is not None
    text = " ".join(words(found.document))
    assert "Amendment No. 1 to Talks about a bird atlas" in text
    assert "version 1.0, executed on March 2, 2026" in text
    assert "Clause 2 (Limits) of the Agreement is deleted, and its number is reserved." in text
    assert "1. Keeping Sparrow and Finch keep each other’s Secrets for 5 years." in text
    assert "the last of the parties named in the signature blocks signs it" in text
    draft = assembled(drafted, NAME, sandbox).document
    assert draft is not None
    assert "2. Reserved" in " ".join(words(draft))
    assert invoke(drafted, "check").exit_code == 0


def test_every_clause_of_the_type_is_used(drafted: Path, sandbox: Sandbox) -> None:
    found = assembled(drafted, FIRST, sandbox)
    assert found.document is not None
    assert found.inputs is not None
    used = {each.source.clause for each in found.document.clauses() if each.source}
    # Those on changes of parties stand where parties change: tests/cases/amendments/ has each of them.
    assert used == set(found.inputs.kind.clauses) - OF_PARTIES


@pytest.mark.parametrize(("described", "written"), [({"const": 2}, "format: 2\n"), (None, ""), ({"const": 1}, "")])
def test_an_amendment_is_written_in_the_format_that_its_schemas_describe(
    described: object, written: str, root: Path, sandbox: Sandbox
) -> None:
    path = root / "schemas" / "amendment" / "agreement.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["properties"].pop("format", None)
    schema["properties"] |= {"format": described} if described else {}
    path.write_text(json.dumps(schema), encoding="utf-8")
    edit(root, NAME, DRAFT, ("kept_for: P3Y", "kept_for: P5Y"))
    assert invoke(root, "amend", NAME).exit_code == 0
    text = (root / f"agreements/{FIRST}.yaml").read_text(encoding="utf-8")
    assert f"\n\n{written}id: {FIRST}\n" in text
    assert errors(root, FIRST, sandbox) == []


def test_running_again_changes_nothing(drafted: Path) -> None:
    before = files_in(drafted)
    result = invoke(drafted, "amend", NAME)
    assert "Nothing has changed" in result.output
    assert files_in(drafted) == before


def test_running_again_renews_the_changes_and_keeps_the_rest_of_the_yaml(drafted: Path, sandbox: Sandbox) -> None:
    edit(drafted, FIRST, ("status: draft\n", "status: draft  # not yet seen\n"), ("parties:\n", "# Both.\nparties:\n"))
    edit(drafted, NAME, ("kept_for: P5Y", "kept_for: P6Y"))
    assert errors(drafted, FIRST, sandbox) == [("core/amendment-stale", f"agreements/{FIRST}.yaml", 14)]
    before = files_in(drafted)
    result = invoke(drafted, "amend", NAME, "--effective-date", "2026-05-01")
    assert result.exit_code == 0, result.output
    after = files_in(drafted)
    assert {name for name in after if after[name] != before.get(name)} == {
        f"agreements/{FIRST}.yaml",
        f"agreements/{FIRST}/{CHANGES}",
    }
    old, new = (each[f"agreements/{FIRST}.yaml"].decode() for each in (before, after))
    assert new == old.replace("  set_by: last-signature\n", "  set_by: fixed-date\n  date: 2026-05-01\n")
    assert errors(drafted, FIRST, sandbox) == []


@pytest.mark.parametrize("broken", ["amends: {}", "amends: sparrow-finch"])
def test_running_again_writes_anew_what_the_amendment_no_longer_says(
    broken: str, drafted: Path, sandbox: Sandbox
) -> None:
    path = drafted / "agreements" / f"{FIRST}.yaml"
    made = path.read_text(encoding="utf-8")
    start = made.index("amends:")
    end = made.index("\neffective:") + 1
    path.write_text(f"{made[:start]}{broken}\n{made[end:]}", encoding="utf-8")
    edit(drafted, NAME, ("kept_for: P5Y", "kept_for: P6Y"))
    assert invoke(drafted, "amend", NAME).exit_code == 0
    again = path.read_text(encoding="utf-8")
    assert again[start:].split("effective:")[0].split() == made[start:end].split()
    assert errors(drafted, FIRST, sandbox) == []


def test_running_again_leaves_out_the_fingerprint_that_its_owner_took_out(drafted: Path, sandbox: Sandbox) -> None:
    path = drafted / "agreements" / f"{FIRST}.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    (told,) = (line for line in lines if line.startswith("  fingerprint:"))
    path.write_text("".join(lines).replace(told, "").replace("  number: 1\n", "  number: 2\n"), encoding="utf-8")
    assert invoke(drafted, "amend", NAME).exit_code == 0
    assert path.read_text(encoding="utf-8") == "".join(lines).replace(told, "")
    assert errors(drafted, FIRST, sandbox) == []


def test_running_again_keeps_the_date_on_which_it_takes_effect(root: Path) -> None:
    edit(root, NAME, DRAFT, (EXCEPTIONS, ""))
    assert invoke(root, "amend", NAME, "--effective-date", "2027-01-01").exit_code == 0
    path = root / "agreements" / f"{FIRST}.yaml"
    made = path.read_text(encoding="utf-8")
    assert "2027-01-01" in made
    assert invoke(root, "amend", NAME).exit_code == 0
    assert path.read_text(encoding="utf-8") == made


def test_a_chain_of_amendments(drafted: Path, sandbox: Sandbox) -> None:
    """Original, Amendment No. 1 and Amendment No. 2, each executed: the text follows, word for word."""
    expected = assembled(drafted, NAME, sandbox).document
    execute_amendment(drafted, FIRST, "2026-06-01", sandbox)
    now = assembled(drafted, NAME, sandbox)
    assert now.findings == ()
    assert now.document is not None
    assert expected is not None
    assert words(now.document) == words(expected)
    assert (now.document.draft, now.document.status, now.document.version) == (False, "executed", "1.1")
    assert now.record is not None
    assert now.record.agreement == FIRST

    edit(
        drafted,
        NAME,
        ('version: "1.1"\nstatus: executed', 'version: "1.2"\nstatus: approved'),
        ("kept_for: P5Y\n", "kept_for: P5Y\n" + EXCEPTIONS),
    )
    result = invoke(drafted, "amend", NAME)
    assert result.exit_code == 0, result.output
    assert "Amendment No. 2" in result.output
    second = assembled(drafted, SECOND, sandbox)
    assert second.document is not None
    text = " ".join(words(second.document))
    assert "as amended by Amendment No. 1, executed on June 1, 2026" in text
    assert "A new clause 1A is added to the Agreement after clause 1 (Keeping)" in text
    execute_amendment(drafted, SECOND, "2026-09-01", sandbox)
    found = chain(DiskTree(drafted), NAME)
    assert [each.document.version for each in found.texts] == ["1.0", "1.1", "1.2"]
    assert [each.number for each in found.amendments] == [1, 2]
    assert found.pending == ()
    last = assembled(drafted, NAME, sandbox)
    assert last.findings == ()
    assert last.document is not None
    assert "1A. Limits" in " ".join(words(last.document))
    assert "2. Reserved" in " ".join(words(last.document))
    assert [errors(drafted, name, sandbox) for name in (FIRST, SECOND, NAME)] == [[], [], []]
    checked = invoke(drafted, "check")
    assert checked.exit_code == 0, checked.output


def test_executing_an_amendment_puts_the_new_text_in_force(drafted: Path, sandbox: Sandbox) -> None:
    edit(drafted, FIRST, ("status: draft", "status: approved"))
    project = Project(drafted, sandbox)
    verify = Stub(words_of(drafted, sandbox, FIRST), agreement=FIRST, version="1.0")
    made = execute(project, FIRST, Returned([PDF]), verify, "2026-06-01")
    assert made.record is not None
    now = assembled(drafted, NAME, sandbox)
    assert now.findings == ()
    assert now.document is not None
    assert (now.document.status, now.document.version) == ("executed", "1.1")
    assert "2. Reserved" in " ".join(words(now.document))
    changes = drafted / changes_path(FIRST)
    changes.write_bytes(changes.read_bytes().replace(b"\n", b"\r\n"))
    assert errors(drafted, NAME, sandbox) == errors(drafted, FIRST, sandbox) == []
    changes.write_bytes(changes.read_bytes() + b"\n")
    assert {rule for rule, _, _ in errors(drafted, NAME, sandbox)} == {"core/amendment-proof"}
    assert "core/executed-data" in {rule for rule, _, _ in errors(drafted, FIRST, sandbox)}


def test_data_of_a_text_in_force_cannot_change(drafted: Path, sandbox: Sandbox) -> None:
    execute_amendment(drafted, FIRST, "2026-06-01", sandbox)
    edit(drafted, NAME, ("kept_for: P5Y", "kept_for: P9Y"))
    assert errors(drafted, NAME, sandbox) == [("core/executed-data", f"agreements/{NAME}.yaml", 5)]


def test_a_text_in_force_is_no_draft(drafted: Path, sandbox: Sandbox) -> None:
    execute_amendment(drafted, FIRST, "2026-06-01", sandbox)
    edit(drafted, NAME, ("status: executed", "status: draft"))
    assert errors(drafted, NAME, sandbox) == [("core/executed-status", f"agreements/{NAME}.yaml", 6)]


@pytest.mark.parametrize("is_executed", [False, True])
@pytest.mark.parametrize(
    ("part", "line"), [("base", 5), ("restated", 6), ("words", 6), ("place", 9), ("nothing", 1), ("other", 3)]
)
def test_changes_that_were_edited_are_found(
    drafted: Path, sandbox: Sandbox, part: str, line: int, is_executed: bool
) -> None:
    if is_executed:
        execute_amendment(drafted, FIRST, "2026-06-01", sandbox)
    path = drafted / "agreements" / FIRST / CHANGES
    text = path.read_text(encoding="utf-8")
    changes = from_json(text.encode())
    old, new = {
        "base": (changes.base.fingerprint, "0" * 64),
        "restated": (changes.restated.fingerprint, "0" * 64),
        "words": ("5\u00a0years", "7\u00a0years"),
        "place": ('"place": "limits"', '"place": "nowhere"'),
        "nothing": (text, "{}"),
        "other": (f'"agreement": "{NAME}"', '"agreement": "other"'),
    }[part]
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert ("core/amendment-proof", f"agreements/{FIRST}/{CHANGES}", line) in errors(drafted, FIRST, sandbox)
    assert invoke(drafted, "check").exit_code == 1


def test_an_amendment_that_names_another_number_is_found_in_its_own_file(drafted: Path, sandbox: Sandbox) -> None:
    edit(drafted, FIRST, ("  number: 1\n", "  number: 2\n"))
    (drafted / f"agreements/{FIRST}.yaml").rename(drafted / f"agreements/{FIRST}.yml")
    assert ("core/amendment-id", f"agreements/{FIRST}.yml", 1) in errors(drafted, FIRST, sandbox)


def test_missing_changes_are_found(drafted: Path, sandbox: Sandbox) -> None:
    (drafted / "agreements" / FIRST / CHANGES).unlink()
    assert ("core/file-unreadable", f"agreements/{FIRST}/{CHANGES}", 1) in errors(drafted, FIRST, sandbox)
    assert invoke(drafted, "amend", NAME).exit_code == 0
    assert errors(drafted, FIRST, sandbox) == []


def test_an_amendment_that_says_something_else_than_its_changes_is_found(drafted: Path, sandbox: Sandbox) -> None:
    """Swap the changes of an executed amendment for others that make the same text in other words."""
    execute_amendment(drafted, FIRST, "2026-06-01", sandbox)
    path = drafted / "agreements" / FIRST / CHANGES
    data = json.loads(path.read_text(encoding="utf-8"))
    (replaced,) = [each for each in data["instructions"] if each["do"] == "replace-clause"]
    data["instructions"].remove(replaced)
    data["instructions"] += [
        {"do": "delete-clause", "place": "keeping"},
        {"do": "add-clause", "within": "promise", "after": "", "clause": replaced["clause"]},
    ]
    path.write_text(json.dumps(data), encoding="utf-8")
    assert errors(drafted, FIRST, sandbox) == [("core/amendment-unsaid", f"agreements/{FIRST}/{CHANGES}", 1)]
    data["instructions"].append(
        {"do": "replace-parties", "parties": [{"key": "x", "legal_name": "Y", "short_name": "Z"}]}
    )
    path.write_text(json.dumps(data), encoding="utf-8")
    assert ("core/amendment-unsaid", f"agreements/{FIRST}/{CHANGES}", 1) in errors(drafted, FIRST, sandbox)


def test_formulas_that_are_edited_later_do_not_break_the_proof(drafted: Path, sandbox: Sandbox) -> None:
    execute_amendment(drafted, FIRST, "2026-06-01", sandbox)
    path = drafted / "templates" / "amendment" / "operative.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("is deleted", "is struck"), encoding="utf-8")
    assert errors(drafted, FIRST, sandbox) == []


def test_without_an_executed_version_there_is_nothing_to_amend(tmp_path: Path) -> None:
    root = nda_repository(tmp_path)
    with_amendments(root)
    refused(root, "has no executed version")


def test_the_executed_version_itself_is_not_amended(root: Path) -> None:
    refused(root, "raise `version`")


@pytest.mark.parametrize("version", ["0.9", "1.0.0"])
def test_a_version_that_is_not_higher_is_refused(version: str, root: Path) -> None:
    draft = f'version: "{version}"\nstatus: approved'
    edit(root, NAME, ('version: "1.0"\nstatus: executed', draft), ("P3Y", "P4Y"))
    refused(root, "raise `version` in agreements/sparrow-finch.yaml above 1.0")


@pytest.mark.parametrize(("length", "code"), [(51, 0), (52, 2)])
def test_an_id_leaves_room_for_those_of_its_amendments(
    length: int, code: int, tmp_path: Path, sandbox: Sandbox
) -> None:
    root, name = nda_repository(tmp_path), "s" * length
    with_amendments(root)
    old = root / f"agreements/{NAME}.yaml"
    old.with_name(f"{name}.yaml").write_text(old.read_text().replace(f"id: {NAME}", f"id: {name}"), encoding="utf-8")
    record(root, name, "2026-03-02", sandbox)
    edit(root, name, DRAFT, ("P3Y", "P4Y"))
    result = invoke(root, "amend", name)
    assert result.exit_code == code, result.output
    assert ("give the agreement an id of at most 51 characters" in result.output) is bool(code)


def with_ends(root: Path) -> None:
    """Let agreements of the type end."""
    schema = root / "schemas" / "nda" / "agreement.schema.json"
    data = json.loads(schema.read_text(encoding="utf-8"))
    data["properties"]["status"]["enum"] = ["draft", "approved", "executed", "active", "terminated", "superseded"]
    data["properties"]["lifecycle"] = {"$ref": "common.schema.json#/$defs/lifecycle"}
    schema.write_text(json.dumps(data), encoding="utf-8")
    shutil.copy(PARTNERSHIP / "schemas" / "partnership" / "common.schema.json", schema.parent)


ENDED = 'lifecycle: {ended: {on: "2026-05-01"}}\n'


def test_an_agreement_that_has_ended_is_amended_only_by_a_word(root: Path, sandbox: Sandbox) -> None:
    with_ends(root)
    edit(root, NAME, DRAFT, ("kept_for: P3Y", "kept_for: P5Y"))
    refused(root, "has not ended", "--although-ended", "As agreed")
    path = root / f"agreements/{NAME}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + ENDED, encoding="utf-8")
    assert errors(root, NAME, sandbox) == []
    refused(root, "`sparrow-finch` ended on 2026-05-01: an agreement that has ended is amended only by an express word")
    refused(root, 'clausebook amend sparrow-finch --although-ended "REASON"')
    refused(root, "cannot be seen", "--although-ended", "a\u200bb")
    result = invoke(root, "amend", NAME, "--although-ended", "Revived:\n- for one study")
    assert result.exit_code == 0, result.output
    text = (root / f"agreements/{FIRST}.yaml").read_text(encoding="utf-8")
    assert text.endswith("\n\n# Amended although the agreement ended on 2026-05-01: Revived: - for one study\n")
    edit(root, NAME, ("P5Y", "P6Y"))
    assert invoke(root, "amend", NAME).exit_code == 0, "the word was given"
    assert errors(root, FIRST, sandbox) == []


def test_a_draft_does_not_hide_that_the_executed_version_was_terminated(root: Path) -> None:
    with_ends(root)
    repository = new_repository(root)
    edit(root, NAME, ("status: executed", "status: terminated"))
    repository.commit("Terminate it")
    edit(root, NAME, ('"1.0"\nstatus: terminated', '"1.1"\nstatus: draft'), ("kept_for: P3Y", "kept_for: P5Y"))
    refused(root, "`sparrow-finch` is terminated: ")
    repository.commit("Draft again")
    refused(root, "`sparrow-finch` is terminated: ")
    assert invoke(root, "amend", NAME, "--although-ended", "Revived").exit_code == 0


def second(root: Path, sandbox: Sandbox) -> None:
    """Execute the first amendment, and change the draft once more."""
    execute_amendment(root, FIRST, "2026-06-01", sandbox)
    edit(root, NAME, ('version: "1.1"\nstatus: executed', 'version: "1.2"\nstatus: approved'), ("P5Y", "P6Y"))


def test_an_amendment_that_takes_effect_before_an_earlier_one_is_told(drafted: Path, sandbox: Sandbox) -> None:
    assert invoke(drafted, "amend", NAME, "--effective-date", "2028-01-01").exit_code == 0
    second(drafted, sandbox)
    said = "Amendment No. 2 takes effect on 2026-09-01, but Amendment No. 1 on 2028-01-01, and both change"
    result = invoke(drafted, "amend", NAME, "--effective-date", "2026-09-01")
    assert result.exit_code == 0, result.output
    assert said in result.output
    assert "let it take effect with Amendment No. 1 or later" in result.output
    assert said in invoke(drafted, "check").output
    edit(drafted, SECOND, ("status: draft", "status: approved"))
    early = Stub(words_of(drafted, sandbox, SECOND), agreement=SECOND)
    with pytest.raises(RepositoryError, match="the last signature is of 2026-03-09, before sparrow-finch-amendment-1"):
        execute(Project(drafted, sandbox), SECOND, Returned([PDF]), early, "2026-08-01", "2026-07-01")
    verify = replace(early, time="2026-07-01")
    done = execute(Project(drafted, sandbox), SECOND, Returned([PDF]), verify, "2026-08-01", "2026-07-01")
    assert [said in each.message for each in done.warnings] == [True]
    assert said in invoke(drafted, "check").output
    assert errors(drafted, SECOND, sandbox) == []


@pytest.mark.parametrize(("first", "then"), [("2026-05-01", "2026-06-01"), ("2026-09-01", "2026-09-01")])
def test_amendments_that_take_effect_in_their_order_are_not_told(
    first: str, then: str, drafted: Path, sandbox: Sandbox
) -> None:
    """What was to take effect before it was signed takes effect on the day of the last signature."""
    assert invoke(drafted, "amend", NAME, "--effective-date", first).exit_code == 0
    second(drafted, sandbox)
    assert "takes effect" not in invoke(drafted, "amend", NAME, "--effective-date", then).output
    assert assembled(drafted, SECOND, sandbox).findings == ()


def test_a_draft_is_told_that_its_last_signature_may_come_before_the_day_of_an_earlier_amendment(
    drafted: Path, sandbox: Sandbox
) -> None:
    assert invoke(drafted, "amend", NAME, "--effective-date", "2028-01-01").exit_code == 0
    second(drafted, sandbox)
    said = "Amendment No. 2 takes effect with its last signature, but Amendment No. 1 on 2028-01-01, and both change"
    result = invoke(drafted, "amend", NAME)
    assert (result.exit_code, said in result.output) == (0, True), result.output
    assert "--effective-date 2028-01-01" in result.output
    assert said in invoke(drafted, "check").output


def as_of(root: Path, day: str, name: str = NAME) -> tuple[int, str]:
    found = invoke(root, "text", name, "--as-of", day)
    return found.exit_code, found.output


def test_the_words_in_force_on_a_day_are_written(drafted: Path, sandbox: Sandbox) -> None:
    code, said = as_of(drafted, "2026-05-31")
    assert (code, "3\u00a0years" in said) == (0, True), said
    assert "Left out: Amendment No. 1, which is not executed." in said
    assert invoke(drafted, "amend", NAME, "--effective-date", "2028-01-01").exit_code == 0
    second(drafted, sandbox)
    code, said = as_of(drafted, "2027-12-31")
    assert (code, "3\u00a0years" in said, "5\u00a0years" in said) == (0, True, False), said
    assert "Left out: Amendment No. 1, signed on 2026-06-01, takes effect on 2028-01-01." in said
    code, said = as_of(drafted, "2028-01-01")
    assert (code, "3\u00a0years" in said, "5\u00a0years" in said) == (0, False, True), said
    assert "as amended by Amendment No. 1. These words are in force since 2028-01-01." in said
    with_ends(drafted)
    edit(drafted, NAME, ("status: approved", 'status: terminated\nlifecycle: {ended: {on: "2028-06-30"}}'))
    assert "These words are in force since 2028-01-01." in as_of(drafted, "2028-06-29")[1]
    said = as_of(drafted, "2028-06-30")[1]
    assert (
        "Not in force on 2028-06-30: the agreement ended on 2028-06-30. Its last words are those of version 1.0" in said
    )
    code, said = as_of(drafted, "2020-01-01")
    assert (code, "no words of `sparrow-finch` are in force on 2020-01-01" in said) == (2, True), said
    code, said = as_of(drafted, "2026-02-30")
    assert code == 2, said


def test_an_amendment_waits_for_its_condition(drafted: Path, sandbox: Sandbox) -> None:
    result = invoke(drafted, "amend", NAME, "--effective-when", "the boathouse is insured")
    assert result.exit_code == 0, result.output
    assert invoke(drafted, "amend", NAME, "--effective-when", "x", "--effective-date", "2026-07-01").exit_code == 2
    edit(
        drafted,
        FIRST,
        ('condition: "the boathouse is insured"', 'condition: "the boathouse is insured"\n  lapses: 2026-12-31'),
    )
    second(drafted, sandbox)
    waits = "signed on 2026-06-01, waits for a condition that is not recorded as met"
    assert waits in as_of(drafted, "2030-01-01")[1]
    path = drafted / "agreements" / f"{FIRST}.yaml"
    signed = path.read_text()
    told = '\nlifecycle:\n  conditions_met: {on: 2026-08-15, by: "a letter of the insurer"}\n'
    path.write_text(signed + told)
    assert invoke(drafted, "check").exit_code == 0, invoke(drafted, "check").output
    assert "takes effect on 2026-08-15" in as_of(drafted, "2026-08-14")[1]
    assert "5\u00a0years" in as_of(drafted, "2026-08-15")[1]
    path.write_text(signed + told.replace("2026-08-15", "2027-01-01"))
    assert "signed on 2026-06-01, lapsed before it took effect" in as_of(drafted, "2030-01-01")[1]
    refused(drafted, "Amendment No. 2 builds on Amendment No. 1, which lapsed before it took effect", code=1)
    refused(drafted, f'clausebook void {FIRST} 1.0 --reason "It lapsed" --by NAME; take `lifecycle` out of', code=1)
    voided = invoke(drafted, "void", FIRST, "1.0", "--reason", "It lapsed", "--by", "Ada Quill")
    assert voided.exit_code == 0, voided.output
    path.write_text(path.read_text().replace(told.replace("2026-08-15", "2027-01-01"), ""))
    result = invoke(drafted, "amend", NAME, "--redraft", "It lapsed")
    assert result.exit_code == 0, result.output
    assert "from version 1.0 to 1.2" in result.output
    assert errors(drafted, FIRST, sandbox) == []


def test_a_first_amendment_is_executed_as_version_1(drafted: Path, sandbox: Sandbox) -> None:
    assert assembled(drafted, FIRST, sandbox).data["version"] == "1.0"
    edit(drafted, FIRST, ('version: "1.0"\nstatus: draft', 'version: "0.3"\nstatus: approved'))
    said = "the amendment goes out to be signed as version 0.3, which is that of a draft"
    output = invoke(drafted, "check").output
    assert said in output
    assert 'write version: "1.0" before it is built and signed' in output
    verify = Stub(words_of(drafted, sandbox, FIRST), agreement=FIRST, version="0.3")
    done = execute(Project(drafted, sandbox), FIRST, Returned([PDF]), verify, "2026-06-01", "2026-05-02")
    assert [each.message for each in done.warnings] == [said]
    assert assembled(drafted, FIRST, sandbox).findings == ()


def test_a_draft_that_says_the_same_is_refused(root: Path) -> None:
    edit(root, NAME, DRAFT)
    refused(root, "there is nothing to amend")


def test_a_draft_with_errors_is_refused(root: Path) -> None:
    edit(root, NAME, DRAFT, ("kept_for: P3Y", "kept_for: long"))
    refused(root, "kept_for", code=1)


def test_a_date_that_is_none_is_refused(root: Path) -> None:
    edit(root, NAME, DRAFT, ("P3Y", "P4Y"))
    refused(root, "is no date", "--effective-date", "May 1, 2026")


def test_an_amendment_that_is_not_executed_is_edited(drafted: Path, sandbox: Sandbox) -> None:
    refused(drafted, "it is edited, and not amended", agreement=FIRST)
    refused(
        drafted, "change the draft of `sparrow-finch` and run clausebook amend sparrow-finch again", agreement=FIRST
    )
    # That way works.
    edit(drafted, NAME, ("kept_for: P5Y", "kept_for: P6Y"))
    edit(drafted, FIRST, ("set_by: last-signature", "set_by: fixed-date\n  date: 2027-01-01"))
    assert invoke(drafted, "amend", NAME).exit_code == 0
    assert errors(drafted, FIRST, sandbox) == []


def test_what_an_executed_amendment_changed_is_changed_in_the_agreement(drafted: Path, sandbox: Sandbox) -> None:
    execute_amendment(drafted, FIRST, "2026-06-01", sandbox)
    refused(drafted, "what it changes is part of `sparrow-finch`, and is changed there", agreement=FIRST)
    refused(
        drafted, "raise `version` in agreements/sparrow-finch.yaml, change what is to hold, and run", agreement=FIRST
    )
    edit(drafted, NAME, ('"1.1"\nstatus: executed', '"1.2"\nstatus: approved'), ("kept_for: P5Y", "kept_for: P6Y"))
    assert invoke(drafted, "amend", NAME).exit_code == 0
    found = assembled(drafted, SECOND, sandbox)
    assert found.document is not None
    text = " ".join(words(found.document))
    assert "as amended by Amendment No. 1, executed on June 1, 2026" in text
    assert "6 years" in text


def test_the_terms_of_an_amendment_that_is_not_in_force_are_signed_anew(drafted: Path, sandbox: Sandbox) -> None:
    """The parties put off an executed amendment: they withdraw it, and sign it anew with another day."""
    edit(drafted, FIRST, ("set_by: last-signature", "set_by: fixed-date\n  date: 2027-01-01"))
    execute_amendment(drafted, FIRST, "2026-06-01", sandbox)
    refused(drafted, "write the new terms, and run clausebook amend sparrow-finch-amendment-1", agreement=FIRST)
    told = ("--reason", "The parties put it off by six months", "--by", "Ada Quill", "--date", "2026-07-01")
    result = invoke(drafted, "void", FIRST, "1.0", *told)
    assert result.exit_code == 0, result.output
    edit(drafted, NAME, ("status: executed", "status: approved"))
    edit(drafted, FIRST, ('\nversion: "1.0"', '\nversion: "1.1"'), ("date: 2027-01-01", "date: 2027-07-01"))
    path = drafted / f"agreements/{FIRST}.yaml"
    why = "Amendment No. 1 as executed on June 1, 2026, is withdrawn, and this Amendment takes its place."
    path.write_text(f"{path.read_text(encoding='utf-8')}\nreason: {why}\n", encoding="utf-8")
    assert errors(drafted, FIRST, sandbox) == []
    record(drafted, FIRST, "2026-07-02", sandbox)
    edit(drafted, NAME, ("status: approved", "status: executed"))
    assert errors(drafted, NAME, sandbox) == []
    found = assembled(drafted, FIRST, sandbox)
    assert found.document is not None
    text = " ".join(words(found.document))
    assert why in text
    assert "takes effect on July 1, 2027" in text
    now = assembled(drafted, NAME, sandbox)
    assert now.document is not None
    assert now.document.restated is not None
    assert now.document.restated.notice.startswith("Restated as of 1 July 2027.")
    before = invoke(drafted, "text", NAME, "--as-of", "2027-06-30").output
    assert "Left out: Amendment No. 1" in before


def test_an_unknown_agreement_is_named(root: Path) -> None:
    refused(root, "there is no agreement `sparrow`", agreement="sparrow")


def test_an_amendment_for_an_earlier_text_is_not_overwritten(drafted: Path, sandbox: Sandbox) -> None:
    record(drafted, NAME, "2026-07-01", sandbox)
    edit(drafted, NAME, ('version: "1.1"\nstatus: executed', 'version: "1.2"\nstatus: approved'), ("P5Y", "P7Y"))
    refused(drafted, f"`{FIRST}` is not executed yet, and starts from another text")
    refused(drafted, f'draft it anew from version 1.1: clausebook amend {NAME} --redraft "REASON"')


def test_a_text_that_was_sent_needs_another_version(drafted: Path) -> None:
    assert invoke(drafted, "send", FIRST, "--date", "2026-04-01").exit_code == 0
    assert invoke(drafted, "amend", NAME).exit_code == 0
    edit(drafted, NAME, ("P5Y", "P7Y"))
    refused(drafted, "version 1.0 was sent on 2026-04-01: it is not overwritten")
    edit(drafted, FIRST, ('version: "1.0"\nstatus', 'version: "1.1"\nstatus'))
    assert invoke(drafted, "amend", NAME).exit_code == 0
    assert invoke(drafted, "check").exit_code == 0


def test_formulas_stay_as_they_were_sent(drafted: Path, sandbox: Sandbox) -> None:
    assert invoke(drafted, "send", FIRST, "--date", "2026-04-01").exit_code == 0
    before = assembled(drafted, FIRST, sandbox).document
    path = drafted / "templates" / "amendment" / "operative.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("is deleted", "is struck"), encoding="utf-8")
    after = assembled(drafted, FIRST, sandbox).document
    assert before is not None
    assert after is not None
    assert words(after) == words(before)


def test_a_repository_without_the_type_says_so(root: Path) -> None:
    edit(root, NAME, DRAFT, ("P3Y", "P4Y"))
    shutil.rmtree(root / "templates" / "amendment")
    refused(root, "no agreement type amends others")


def test_a_formula_with_an_unknown_name_is_found(drafted: Path, sandbox: Sandbox) -> None:
    path = drafted / "templates" / "amendment" / "operative.yaml"
    text = path.read_text(encoding="utf-8")
    line = text.splitlines().index("clause_reserved:") + 2
    heading = 'clause_reserved:\n  heading: "{place}"'
    assert heading in text
    path.write_text(text.replace(heading, 'clause_reserved:\n  heading: "{plaice}"'), encoding="utf-8")
    assert ("core/operative-words", "templates/amendment/operative.yaml", line) in errors(drafted, FIRST, sandbox)
    refused(drafted, "{plaice}", code=1)


def test_express_renumbering(root: Path, sandbox: Sandbox) -> None:
    (root / "templates/nda/clauses/basis.md").write_text(
        "---\nid: basis\ntitle: Basis\nslot: basis\nversion: '1.0'\nstatus: approved\nposition: standard\n---\n"
        "Made in trust, under {{ ref('keeping') }}.\n",
        encoding="utf-8",
    )
    outline = root / "templates/nda/outline.yaml"
    slot = "      - {id: keeping,"
    text = outline.read_text(encoding="utf-8")
    outline.write_text(text.replace(slot, "      - {id: basis, clause: basis}\n" + slot), encoding="utf-8")
    edit(root, NAME, DRAFT)
    assert invoke(root, "amend", NAME).exit_code == 0
    kept = assembled(root, NAME, sandbox).document
    assert kept is not None
    assert [each.number for each in kept.sections[0].clauses] == ["A1.", "1.", "2."]
    assert invoke(root, "amend", NAME, "--renumber").exit_code == 0
    renumbered = assembled(root, NAME, sandbox).document
    assert renumbered is not None
    assert [each.number for each in renumbered.sections[0].clauses] == ["1.", "2.", "3."]
    amendment = assembled(root, FIRST, sandbox)
    assert amendment.findings == ()
    assert amendment.document is not None
    text = " ".join(words(amendment.document))
    assert "This Amendment renumbers the Agreement, but only as it expressly states." in text
    assert "Former number New number Heading clause 1 clause 2 Keeping clause 2 clause 3 Limits" in text
    assert "A new clause 1 is added to the Agreement before clause 1 (Keeping)" in text
    assert invoke(root, "amend", NAME).exit_code == 0
    assert errors(root, FIRST, sandbox) == errors(root, NAME, sandbox) == []
    again = assembled(root, NAME, sandbox).document
    assert again is not None
    assert fingerprint(again) == fingerprint(kept)


def test_a_party_that_leaves_signs_too(root: Path, sandbox: Sandbox) -> None:
    edit(
        root,
        NAME,
        DRAFT,
        (
            "{key: finch, legal_name: Finch & Daughters LLP, short_name: Finch}",
            "{key: robin, legal_name: Robin & Sons, short_name: Robin}",
        ),
        ("{party: finch}", "{party: robin}"),
    )
    result = invoke(root, "amend", NAME)
    assert result.exit_code == 0
    wanted = ["amendment/newcomer-unknown", "amendment/role-without-signatory", "amendment/role-without-signatory"]
    assert [rule for rule in wanted if rule in result.output] == wanted
    # The small type does not describe its parties, and nobody was named: the amendment's owner says it there.
    joins = "  - key: robin\n    role: joining\n"
    described = f"{joins}    entity_form: a partnership\n    jurisdiction: Ohio\n"
    signed = [
        (f"  - party: {key}\n", f"  - party: {key}\n    name: {key.title()} Example\n") for key in ("robin", "finch")
    ]
    edit(root, FIRST, (joins, described), *signed)
    assert invoke(root, "amend", NAME).exit_code == 0
    found = assembled(root, FIRST, sandbox)
    assert found.findings == ()
    assert found.document is not None
    assert [each.party for each in found.document.signatures] == ["sparrow", "robin", "finch"]
    assert "jurisdiction: Ohio" in (root / f"agreements/{FIRST}.yaml").read_text(encoding="utf-8")
    assert [each.legal_name for each in found.document.parties][-1] == "Finch & Daughters LLP"


def test_a_new_name_is_told_from_another_company(root: Path, sandbox: Sandbox) -> None:
    """A type need not know what tells companies apart: every party can say it."""
    old = "{key: finch, legal_name: Finch & Daughters LLP, short_name: Finch}"
    edit(root, NAME, DRAFT, (old, "{key: finch, legal_name: Finch Maps LLP, short_name: Finch}"))
    said = 'if it is the same company, write `formerly: ["Finch & Daughters LLP"]`, better with its `registration`'
    refused(root, said, code=1)
    assert errors(root, NAME, sandbox) == [("core/party-identity", f"agreements/{NAME}.yaml", 9)]
    edit(root, NAME, ("short_name: Finch}", 'short_name: Finch, formerly: ["Finch & Daughters LLP"]}'))
    assert invoke(root, "amend", NAME).exit_code == 0
    found = assembled(root, FIRST, sandbox)
    assert found.findings == ()
    assert found.document is not None
    text = " ".join(words(found.document))
    assert "Finch Maps LLP (formerly known as Finch & Daughters LLP) (“Finch”)" in text
    assert "Sparrow and Finch (under its former name, Finch & Daughters LLP) are parties to the" in text
    assert "has changed its legal name to Finch Maps LLP and is the same legal entity as before" in text
    assert invoke(root, "check").exit_code == 0
    # What is taken out of the amendment alone is missed there, and keeps it from being executed.
    edit(root, FIRST, ('    formerly:\n      - "Finch & Daughters LLP"\n', ""), ("status: draft", "status: approved"))
    assert [rule for rule, _, _ in errors(root, FIRST, sandbox)] == ["core/party-identity"]
    with pytest.raises(FindingsError, match="a new name of the same company, or another company"):
        execute(Project(root, sandbox), FIRST, Returned([PDF]), Stub(""), "2026-08-01", "2026-07-01")


def test_the_parties_of_an_amendment_are_those_of_its_changes(root: Path, sandbox: Sandbox) -> None:
    finch = "{key: finch, legal_name: Finch & Daughters LLP, short_name: Finch}"
    robin = "{key: robin, legal_name: Robin & Sons, short_name: Robin}"
    edit(
        root,
        NAME,
        DRAFT,
        (f"  - {finch}\n", f"  - {finch}\n  - {robin}\n"),
        ("  - {party: finch}\n", "  - {party: finch}\n  - {party: robin, name: Robin Example}\n"),
    )
    assert invoke(root, "amend", NAME).exit_code == 0
    said = {each.rule for each in assembled(root, FIRST, sandbox).findings}
    assert said == {"amendment/newcomer-unknown"}
    path = root / f"agreements/{FIRST}.yaml"
    written = path.read_text(encoding="utf-8")
    row = "  - key: robin\n    role: joining\n"
    block = '  - party: robin\n    name: "Robin Example"\n'
    edits = {
        "the role of `robin` is “leaving” here, but “joining” by the draft": (row, row.replace("joining", "leaving")),
        "the role of `robin` is “party” here": (row, row.replace("    role: joining\n", "")),
        "the legal_name of `robin` is “Robin and Sons” here": ("Robin & Sons", "Robin and Sons"),
        "nobody signs for `robin`, which joins the agreement": (block, ""),
        "`wren` is a party neither to the agreement nor to its draft": (
            row,
            f"  - key: wren\n    legal_name: Wren\n    short_name: Wren\n{row}",
        ),
    }
    for message, change in edits.items():
        edit(root, FIRST, change)
        found = [each for each in assembled(root, FIRST, sandbox).findings if each.rule == "core/party-role"]
        assert [message in each.message for each in found] == [True], [each.message for each in found]
        if change[1] == "":
            assert "to `signatures` of `sparrow-finch`, and run `clausebook amend" in found[0].hint
        path.write_text(written, encoding="utf-8")
    # What an earlier program wrote has no role; it is renewed, and what its owner wrote of the party stays.
    own = "  - key: robin\n    from: 2026-09-01\n    entity_form: a partnership\n    jurisdiction: Ohio\n"
    edit(root, FIRST, (row, own), (block, ""))
    assert invoke(root, "amend", NAME).exit_code == 0
    assert assembled(root, FIRST, sandbox).findings == ()
    renewed = load_yaml(path.read_bytes(), "").value
    assert isinstance(renewed, dict)
    assert renewed["parties"][2] == {
        "key": "robin",
        "role": "joining",
        "legal_name": "Robin & Sons",
        "short_name": "Robin",
        "from": "2026-09-01",
        "entity_form": "a partnership",
        "jurisdiction": "Ohio",
    }
    assert renewed["signatures"][2] == {"party": "robin", "name": "Robin Example"}
    # The draft without it again: nothing is taken out in silence.
    edit(root, NAME, (f"  - {robin}\n", ""), ("  - {party: robin, name: Robin Example}\n", ""), ("P3Y", "P5Y"))
    refused(root, "take it and its signature out; if it only consents, write `role: consenting`", code=1)


def test_the_key_of_a_text_covers_its_amendments(drafted: Path, sandbox: Sandbox) -> None:
    """What decides of a text also decides of its key: the history would else miss a change."""

    def keys() -> list[str]:
        found = [sources(HashedDisk(drafted), name) for name in (NAME, FIRST)]
        return [each.key for each in found if each]

    before = keys()
    path = drafted / "agreements" / FIRST / CHANGES
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    edited = keys()
    execute_amendment(drafted, FIRST, "2026-06-01", sandbox)
    assert all(one != other for one, other in zip(before, edited, strict=True))
    assert all(one != other for one, other in zip(edited, keys(), strict=True))


@pytest.mark.slow("a whole agreement is executed and amended, and every word of it proven")
def test_the_demonstration(tmp_path: Path, sandbox: Sandbox) -> None:
    """A long agreement is executed and amended: every word of the restated text is proven."""
    root, name = amended_repository(tmp_path, sandbox), EXECUTED
    found = assembled(root, AMENDMENT, sandbox)
    assert found.findings == ()
    restated = chain(DiskTree(root), name).amendments[0].restated
    draft = assembled(root, name, sandbox).document
    assert restated is not None
    assert draft is not None
    assert words(restated) == words(draft)


def test_changes_that_were_edited_since_an_old_record_put_no_words_in_force(drafted: Path, sandbox: Sandbox) -> None:
    """A record of before tells no hash of them: what the parties signed must say them."""
    execute_amendment(drafted, FIRST, "2026-06-01", sandbox)
    (drafted_record,) = executed_records(DiskTree(drafted), FIRST)
    older = replace(drafted_record, wordings=())
    (drafted / older.folder / "record.yaml").write_bytes(write(older, RECORD_FORMAT, "A record."))
    assert invoke(drafted, "check", NAME).exit_code == 0
    path = drafted / changes_path(FIRST)
    changes = from_json(path.read_bytes())
    more = replace(changes, instructions=(*changes.instructions, Instruction("replace-title", "Talks about nothing")))
    base = chain(DiskTree(drafted), NAME).texts[0].document
    path.write_text(to_json(replace(more, restated=TextMark.of(more.restate(base)))), encoding="utf-8")
    for command in (("check", NAME), ("text", NAME, "--as-of", "2026-12-31")):
        result = invoke(drafted, *command)
        assert result.exit_code == 1, result.output
        assert "[core/amendment-unsaid]" in result.output
        assert "Talks about nothing" not in result.output
