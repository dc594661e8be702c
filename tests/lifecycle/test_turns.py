"""Turns of a negotiation, and the library as it was sent; mostly from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clausebook.cli.main import cli
from clausebook.document.fingerprints import fingerprint
from clausebook.document.interchange import from_json, to_json
from clausebook.findings.model import FindingsError, RepositoryError
from clausebook.history.comparison import compared
from clausebook.history.revisions import history
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.turns import send
from clausebook.load.yaml import load_yaml
from clausebook.project.project import Project
from clausebook.records.record_files import read_turns, sent_document, turns
from clausebook.render.markdown import render_markdown
from clausebook.validate.schemas import load_schemas
from tests.support.git_repositories import Repository
from tests.support.record_cases import (
    CLAUSES,
    DEAL,
    KEEPING,
    NAME,
    committed_repository,
    edit,
    executed_version,
    raise_library,
)

pytestmark = pytest.mark.slow("agreements sent and received by the commands, in git repositories")

TURNS = f"agreements/{NAME}/turns"
AS_SENT = f"agreements/{NAME}/as-sent"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return committed_repository(tmp_path)


def run(repository: Repository, *arguments: str) -> Result:
    """Run a command in the repository; it never fails itself."""
    done = CliRunner().invoke(cli, [*arguments, "--root", str(repository.project)])
    assert "failed itself" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def sent(repository: Repository, *arguments: str) -> Result:
    return run(repository, "send", NAME, "--date", "2026-03-04", *arguments)


def assembled(repository: Repository, sandbox: Sandbox) -> Any:
    project = Project(repository.project, sandbox)
    return project.assemble(project.files([NAME])[0])


def text(repository: Repository, sandbox: Sandbox) -> str:
    document = assembled(repository, sandbox).document
    assert document
    return render_markdown(document)


def files(repository: Repository, folder: str) -> list[str]:
    place = repository.project / folder
    return sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())


def test_a_turn_is_written_down(repository: Repository, sandbox: Sandbox) -> None:
    document = assembled(repository, sandbox).document
    done = sent(repository, "--to", "Finch", "--note", "With “quotes”: and a colon # too")
    assert done.exit_code == 0
    assert fingerprint(document)[:12] in done.output
    project = Project(repository.project, sandbox)
    (turn,) = turns(project.tree, NAME)
    assert (turn.number, turn.direction, turn.date, turn.party) == (1, "sent", "2026-03-04", "finch")
    assert (turn.version, turn.text, turn.note) == ("1.0", fingerprint(document), "With “quotes”: and a colon # too")
    assert [(each.slot, each.clause, each.version) for each in turn.clauses] == [
        ("keeping", "keeping", "1.0"),
        ("limits", "limits", "1.0"),
    ]
    assert sent_document(project.tree, turn) == document
    assert from_json((repository.project / TURNS / "0001.json").read_bytes()) == document
    assert files(repository, AS_SENT) == [
        "schemas/clause.schema.json",
        "schemas/glossary.schema.json",
        "schemas/nda/agreement.schema.json",
        "schemas/negotiated.schema.json",
        "schemas/outline.schema.json",
        "templates/nda/clauses/keeping.md",
        "templates/nda/clauses/limits.md",
        "templates/nda/glossary.yaml",
        "templates/nda/outline.yaml",
    ]
    for name in files(repository, AS_SENT):
        assert (repository.project / AS_SENT / name).read_bytes() == (repository.project / name).read_bytes()
    loaded = load_yaml((repository.project / turn.path).read_bytes(), turn.path)
    assert not loaded.findings
    assert not load_schemas(project.tree, "schemas", "turn.schema.json").validate(
        loaded.value, loaded.positions, turn.path
    )


def test_without_a_date_it_is_today(repository: Repository, sandbox: Sandbox) -> None:
    assert run(repository, "send", NAME).exit_code == 0
    (turn,) = turns(Project(repository.project, sandbox).tree, NAME)
    assert len(turn.date) == 10


def test_an_answer_is_a_dated_entry(repository: Repository, sandbox: Sandbox) -> None:
    assert sent(repository).exit_code == 0
    done = run(repository, "receive", NAME, "--from", "finch", "--date", "2026-03-09", "--note", "A longer term")
    assert done.exit_code == 0
    first, second = turns(Project(repository.project, sandbox).tree, NAME)
    assert (second.number, second.direction, second.party, second.date) == (2, "received", "finch", "2026-03-09")
    assert (second.version, second.text) == (first.version, first.text)
    assert not (repository.project / TURNS / "0002.json").exists()
    assert run(repository, "check").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("send", "nobody"), 2, "no agreement"),
        (("send", NAME, "--date", "4 March"), 2, "no date"),
        (("send", NAME, "--date", "2026-02-30"), 2, "no date"),
        (("send", NAME, "--to", "heron"), 2, "its parties are: sparrow, finch"),
        (("send", NAME, "--note", "a\u200bb"), 2, "cannot be seen"),
        (("send", NAME, "--note", "a" * 2000), 2, "longer"),
        (("receive", NAME, "--from", ""), 2, "party"),
        (("receive", NAME, "--from", "finch", "--date", "2026-03-04"), 2, "nothing of `sparrow-finch` was sent yet"),
        (("send", NAME, "--date", "2199-12-31"), 2, "2199-12-31 is in the future: today is "),
        (("upgrade-clauses", NAME), 2, "never sent"),
    ],
)
def test_a_wrong_request_writes_nothing(
    repository: Repository, arguments: tuple[str, ...], code: int, said: str
) -> None:
    before = repository.state()
    done = run(repository, *arguments)
    assert (done.exit_code, said in done.output) == (code, True), done.output
    assert repository.state() == before


def test_an_agreement_with_errors_is_not_sent(repository: Repository) -> None:
    edit(repository, DEAL, "P3Y", "three years")
    before = repository.state()
    done = sent(repository)
    assert done.exit_code == 1
    assert "Nothing was written." in done.output
    assert repository.state() == before


@pytest.mark.parametrize("path", ["templates/nda/outline.yaml", "schemas/nda/agreement.schema.json"])
def test_a_library_that_cannot_be_read_is_one_fault(repository: Repository, sandbox: Sandbox, path: str) -> None:
    sent(repository)
    repository.commit("Send")
    (repository.project / path).write_text("x: [\n", encoding="utf-8")
    assert "core/clause-as-sent" not in {finding.rule for finding in assembled(repository, sandbox).findings}


def test_the_library_does_not_move_what_was_sent(repository: Repository, sandbox: Sandbox) -> None:
    before = text(repository, sandbox)
    sent(repository)
    repository.commit("Send")
    raise_library(repository)
    edit(repository, "templates/nda/glossary.yaml", "what one party", "anything that one party")
    edit(repository, "templates/nda/outline.yaml", "The Promise", "The Vow")
    edit(repository, "schemas/clause.schema.json", '"required": [', '"required": ["guidance",')
    edit(repository, "schemas/nda/agreement.schema.json", '"title", "version"', '"title", "basis", "version"')
    (repository.project / f"{CLAUSES}/limits.md").unlink()
    assert text(repository, sandbox) == before
    notes = assembled(repository, sandbox).findings
    assert {finding.severity for finding in notes} == {"note"}
    assert {finding.rule for finding in notes} == {"core/clause-as-sent"}
    said = [finding.message for finding in notes]
    assert any(
        "`keeping` stays as sent on 2026-03-04: it is version 1.0" in each and "now has 1.1" in each for each in said
    )
    assert any("no clause `limits` any more" in each for each in said)
    assert any("“Secret”" in each for each in said)


def test_check_tells_what_stays_behind(repository: Repository) -> None:
    sent(repository)
    assert "stays" not in run(repository, "check").output
    raise_library(repository)
    done = run(repository, "check")
    assert done.exit_code == 0
    assert "`keeping` stays as sent on 2026-03-04" in done.output


def test_revisions_know_the_library_as_sent(repository: Repository) -> None:
    sent(repository)
    repository.commit("Send")
    raise_library(repository)
    repository.commit("Reword the library")
    edit(repository, DEAL, "a printed atlas", "a drawn atlas")
    repository.commit("Change the deal")
    run(repository, "upgrade-clauses", NAME)
    repository.commit("Upgrade")
    found = history(repository.project, NAME)
    assert [each.subject for each in found.revisions] == ["Upgrade", "Change the deal", "First draft"]
    assert [each.changed for each in found.revisions] == [1, 1, None]


def test_what_the_deal_newly_needs_comes_from_todays_library(repository: Repository, sandbox: Sandbox) -> None:
    sent(repository)
    edit(
        repository,
        "templates/nda/glossary.yaml",
        "- term: Secret",
        "- {term: Bird, plural: Birds, definition: means a bird.}\n- term: Secret",
    )
    raise_library(repository, "keeping", "keep each", "shall keep each")
    other = (repository.project / KEEPING).read_text(encoding="utf-8")
    other = other.replace("id: keeping", "id: keeping-birds").replace(
        "shall keep", "hush over {{ term('Bird') }} and keep"
    )
    (repository.project / f"{CLAUSES}/keeping-birds.md").write_text(other, encoding="utf-8")
    schema = repository.project / AS_SENT / "schemas/nda/agreement.schema.json"
    schema.write_text(
        schema.read_text(encoding="utf-8").replace('"parties":', '"clauses": {"type": "object"}, "parties":', 1),
        encoding="utf-8",
    )
    edit(repository, DEAL, "secrets:\n", "clauses: {keeping: {use: keeping-birds, reason: Asked}}\nsecrets:\n")
    made = text(repository, sandbox)
    assert "hush over" in made
    assert "means a bird" in made
    edit(repository, DEAL, 'version: "1.0"', 'version: "1.1"')
    # A draft may go out before its words are in the library of the protected branch.
    edit(repository, DEAL, "status: approved", "status: draft")
    assert run(repository, "send", NAME, "--date", "2026-03-05").exit_code == 0
    edit(repository, DEAL, "status: draft", "status: approved")
    assert (repository.project / AS_SENT / f"{CLAUSES}/keeping-birds.md").is_file()
    added = (repository.project / AS_SENT / "templates/nda/glossary-added-1.yaml").read_text(encoding="utf-8")
    assert added == '- term: "Bird"\n  plural: "Birds"\n  definition: "means a bird."\n'
    (repository.project / f"{CLAUSES}/keeping-birds.md").unlink()
    edit(repository, "templates/nda/glossary.yaml", "means a bird", "means a fish")
    assert text(repository, sandbox) == made.replace("1.0", "1.1")


def test_a_version_is_sent_with_one_text_only(repository: Repository, sandbox: Sandbox) -> None:
    sent(repository)
    assert sent(repository, "--to", "finch").exit_code == 0, "the same text may be sent again"
    edit(repository, DEAL, "a printed atlas", "a drawn atlas")
    before = repository.state()
    done = sent(repository)
    assert done.exit_code == 1
    assert "core/turn-version" in done.output
    assert "raise `version`" in done.output
    assert repository.state() == before
    edit(repository, DEAL, 'version: "1.0"', 'version: "1.1"')
    assert sent(repository).exit_code == 0
    assert [turn.version for turn in turns(Project(repository.project, sandbox).tree, NAME)] == ["1.0", "1.0", "1.1"]


def test_a_turn_with_the_former_fingerprint_is_still_proven(repository: Repository, sandbox: Sandbox) -> None:
    send(Project(repository.project, sandbox), NAME, "2026-03-04")
    (turn,) = turns(Project(repository.project, sandbox).tree, NAME)
    former = replace(sent_document(Project(repository.project, sandbox).tree, turn), form=1)
    edit(repository, turn.path, turn.text, fingerprint(former))
    (repository.project / turn.document_path).write_text(to_json(former), encoding="utf-8")
    tree = Project(repository.project, sandbox).tree
    assert sent_document(tree, turns(tree, NAME)[0]) == former
    again = send(Project(repository.project, sandbox), NAME, "2026-03-05")
    assert again.text == fingerprint(former, 2)
    edit(repository, turn.path, fingerprint(former), again.text)
    with pytest.raises(FindingsError):
        sent_document(tree, turns(tree, NAME)[0])


def test_upgrading_shows_the_redline_first(repository: Repository, sandbox: Sandbox) -> None:
    sent(repository)
    raise_library(repository)
    before = repository.state()
    shown = run(repository, "upgrade-clauses", NAME, "--dry-run")
    assert shown.exit_code == 0
    assert "keeping@1.0" in shown.output
    assert "keeping@1.1" in shown.output
    assert "{+ shall+}" in shown.output
    assert repository.state() == before
    done = run(repository, "upgrade-clauses", NAME)
    assert done.exit_code == 0
    assert "shall keep each" in text(repository, sandbox)
    assert "nothing to upgrade" in run(repository, "upgrade-clauses", NAME).output
    assert assembled(repository, sandbox).findings == ()


def test_turns_are_in_order_of_time(repository: Repository) -> None:
    assert sent(repository).exit_code == 0
    answer = ("receive", NAME, "--from", "finch", "--date")
    before = repository.state()
    for command in ((*answer, "2026-03-03"), ("send", NAME, "--date", "2026-03-03")):
        done = run(repository, *command)
        assert done.exit_code == 2
        assert "is dated 2026-03-03, before turn 1, which was sent on 2026-03-04" in done.output
    assert "is in the future" in run(repository, *answer, "2199-12-31").output
    assert repository.state() == before
    assert run(repository, *answer, "2026-03-04").exit_code == 0, "on the same day"


def found(repository: Repository, *options: str) -> list[tuple[str, str]]:
    told = json.loads(run(repository, "check", "--report", "json", *options).output)["findings"]
    return [
        (each["rule"], each["message"]) for each in told if each["rule"] in ("core/turn-order", "core/record-edited")
    ]


def test_an_edited_turn_is_told(repository: Repository) -> None:
    sent(repository)
    assert run(repository, "receive", NAME, "--from", "finch", "--date", "2026-03-09").exit_code == 0
    repository.commit("Send")
    assert found(repository) == []
    edit(repository, f"{TURNS}/0002.yaml", "2026-03-09", "2026-03-01")
    early = f"`{TURNS}/0002.yaml` is dated 2026-03-01, before turn 1, which was sent on 2026-03-04"
    edited = f"`{TURNS}/0002.yaml` was edited: it is not what was committed ({repository.commits[-1][:8]})"
    wanted = [("core/record-edited", edited), ("core/turn-order", early)]
    assert found(repository) == wanted
    repository.commit("Nothing to see here")
    assert found(repository) == wanted
    edit(repository, f"{TURNS}/0002.yaml", "2026-03-01", "2026-03-09")
    assert found(repository) == []
    repository.commit("Withdraw the answer", {f"{TURNS}/0002.yaml": None})
    assert run(repository, "receive", NAME, "--from", "finch", "--date", "2026-03-10").exit_code == 0
    repository.commit("Record it anew")
    assert found(repository) == [], "it was withdrawn, and another one recorded"


def test_turns_that_cannot_have_been_are_told(repository: Repository, sandbox: Sandbox) -> None:
    sent(repository)
    assert run(repository, "receive", NAME, "--from", "finch", "--date", "2026-03-09").exit_code == 0
    assert found(repository, "--as-of", "2026-03-09") == []
    assert found(repository, "--as-of", "2026-03-08") == [
        ("core/turn-order", f"`{TURNS}/0002.yaml` is dated 2026-03-09, after 2026-03-08, the day of this check")
    ]
    executed_version(repository, sandbox)
    assert found(repository) == []
    edit(repository, f"{TURNS}/0001.yaml", "2026-03-04", "2026-03-11")
    edit(repository, f"{TURNS}/0002.yaml", "2026-03-09", "2026-03-12")
    assert found(repository) == [
        ("core/turn-order", f"`{TURNS}/0001.yaml` was sent on 2026-03-11, after version 1.0 was executed on 2026-03-10")
    ]
    edit(repository, f"{TURNS}/0001.yaml", '"sent"', '"received"')
    assert ("core/turn-order", f"`{TURNS}/0001.yaml` is an answer, but nothing was sent before it") in found(repository)


def test_a_clause_that_was_retired_since_is_told_as_that(repository: Repository, sandbox: Sandbox) -> None:
    sent(repository)
    raise_library(repository)
    edit(repository, KEEPING, "status: approved", "status: retired")
    said = [each.message for each in assembled(repository, sandbox).findings]
    gone = "it is version 1.0 of `keeping`, which is no longer in the library: it was retired"
    assert said == [f"`keeping` stays as sent on 2026-03-04: {gone}"]


def test_upgrading_one_slot_leaves_the_others(repository: Repository, sandbox: Sandbox) -> None:
    sent(repository)
    raise_library(repository)
    raise_library(repository, "limits", "does not cover", "never covers")
    assert run(repository, "upgrade-clauses", NAME, "limits").exit_code == 0
    made = text(repository, sandbox)
    assert "never covers" in made
    assert "shall keep" not in made
    before = repository.state()
    done = run(repository, "upgrade-clauses", NAME, "nothing")
    assert (done.exit_code, "its slots are: keeping, limits" in done.output) == (2, True)
    assert repository.state() == before


def test_upgrading_takes_away_what_is_not_used_any_more(repository: Repository, sandbox: Sandbox) -> None:
    sent(repository)
    outline = (repository.project / "templates/nda/outline.yaml").read_text(encoding="utf-8")
    slot = "      - {id: limits, clause: limits, item: /secrets, when: secrets.exceptions}\n"
    (repository.project / "templates/nda/outline.yaml").write_text(outline.replace(slot, ""), encoding="utf-8")
    assert run(repository, "upgrade-clauses", NAME).exit_code == 0
    assert "templates/nda/clauses/limits.md" not in files(repository, AS_SENT)
    assert "does not cover" not in text(repository, sandbox)


def test_an_upgrade_that_does_not_fit_writes_nothing(repository: Repository) -> None:
    sent(repository)
    edit(repository, KEEPING, "this.kept_for", "this.kept_until")
    before = repository.state()
    done = run(repository, "upgrade-clauses", NAME)
    assert done.exit_code == 1
    assert "Nothing was written." in done.output
    assert repository.state() == before


@pytest.mark.parametrize("target", ["0001.yaml", "keeping.md"])
def test_nothing_is_sent_if_a_file_cannot_be_written(
    repository: Repository, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    from clausebook.repository import writing as publish

    before = repository.state()
    put = publish._put

    def fails(place: Path, content: bytes) -> None:
        if place.name == target:
            raise OSError(28, "No space left on device")
        put(place, content)

    monkeypatch.setattr(publish, "_put", fails)
    with pytest.raises(RepositoryError, match="No space left"):
        send(Project(repository.project, sandbox), NAME, "2026-03-04")
    assert repository.state() == before
    assert not (repository.project / f"agreements/{NAME}").exists()


TURN = """\
format: clausebook-turn/1
direction: sent
date: 2026-03-01
party: ''
version: '1.0'
text: ''
note: ''
clauses: []
"""
HOSTILE = {
    "0001.yaml": [
        b"",
        b"\xff\xfe",
        b"[]",
        b"format: clausebook-turn/1",
        b"format: clausebook-turn/2\n",
        b"a: &a [*a]",
        b"x" * (2 << 20),
        TURN.encode(),
        TURN.replace("2026-03-01", "2026-13-01").encode(),
        TURN.replace("clauses: []", "clauses: [1]").encode(),
        TURN.replace("sent", "flown").encode(),
        f"{TURN}number: 7\n".encode(),
    ],
    "0001.json": [b"", b"{}", b"[" * 100_000, b"x" * (17 << 20), b'{"format":"clausebook-document/1","document":{}}'],
    "0003.yaml": [b"format: clausebook-turn/1\n", TURN.encode()],
    "0003.json": [b"{}"],
    "notes.txt": [b"hello"],
}


@pytest.mark.parametrize(
    ("name", "content"),
    [(name, each) for name, all_ in HOSTILE.items() for each in all_],
    ids=lambda value: str(value[:24]),
)
def test_hostile_turns_are_findings(repository: Repository, name: str, content: bytes) -> None:
    sent(repository)
    (repository.project / TURNS / name).write_bytes(content)
    done = run(repository, "check")
    assert done.exit_code == 1
    assert f"{TURNS}/" in done.output
    assert "internal" not in done.output


def test_links_among_turns_are_findings(repository: Repository, tmp_path: Path, sandbox: Sandbox) -> None:
    sent(repository)
    (tmp_path / "outside.yaml").write_text("a: 1\n", encoding="utf-8")
    place = repository.project / TURNS
    (place / "0001.yaml").unlink()
    (place / "0001.yaml").symlink_to(tmp_path / "outside.yaml")
    (place / "0002.yaml").symlink_to(place / "0002.yaml")
    done = run(repository, "check")
    assert done.exit_code == 1
    found, problems = read_turns(Project(repository.project, sandbox).tree, NAME)
    assert found == ()
    assert len(problems) == 2


def test_a_damaged_library_as_sent_is_a_finding(repository: Repository) -> None:
    sent(repository)
    for name in files(repository, AS_SENT):
        place = repository.project / AS_SENT / name
        content = place.read_bytes()
        for damage in (None, b"", b"\0\xff", b"{", b"[]"):
            place.unlink()
            if damage is not None:
                place.write_bytes(damage)
            done = run(repository, "check")
            # Nothing of this deal's own is checked with one schema, and the term is in today's glossary.
            whole = "negotiated" in name or (name.endswith("glossary.yaml") and damage in (None, b"[]"))
            assert whole or done.exit_code == 1, (name, damage, done.output)
            assert "failed on this" not in done.output, (name, damage, done.output)
            place.write_bytes(content)
    assert run(repository, "check").exit_code == 0


def test_the_text_that_was_sent_is_a_base(repository: Repository) -> None:
    assert "clausebook send" in run(repository, "redline", NAME, "sent").output
    sent(repository)
    repository.commit("Send")
    edit(repository, DEAL, 'version: "1.0"', 'version: "1.1"')
    edit(repository, DEAL, "a printed atlas", "a drawn atlas")
    repository.commit("Change the deal")
    done = run(repository, "redline", NAME, "sent")
    assert done.exit_code == 0
    assert "From: Version 1.0 as sent on 2026-03-04" in done.output
    assert "[-printed-]{+drawn+}" in done.output
    assert "/secrets/topic" in done.output
    outward = run(repository, "redline", NAME, "sent", "--format", "markdown").output
    assert "Version 1.0 as sent on 2026-03-04" in outward
    assert fingerprint_of(repository) in outward
    assert "/secrets/topic" not in outward
    assert "as sent on" in run(repository, "redline", NAME, "1.1", "sent").output


def fingerprint_of(repository: Repository) -> str:
    loaded: Any = load_yaml((repository.project / TURNS / "0001.yaml").read_bytes(), "").value
    return str(loaded["text"])[:12]


def test_a_text_that_is_in_no_commit_has_no_causes(repository: Repository) -> None:
    edit(repository, DEAL, "a printed atlas", "a painted atlas")
    sent(repository)
    edit(repository, DEAL, "a painted atlas", "a drawn atlas")
    done = run(repository, "redline", NAME, "sent")
    assert done.exit_code == 0
    assert "no commit has the text as sent on 2026-03-04" in done.output
    assert "[-painted-]{+drawn+}" in done.output
    assert "/secrets/topic" not in done.output
    assert run(repository, "redline", NAME, "sent", "sent").exit_code == 0


def test_a_note_on_a_redline_names_the_file_that_is_there(repository: Repository, sandbox: Sandbox) -> None:
    edit(repository, DEAL, "a printed atlas", "a painted atlas")
    (repository.project / DEAL).rename((repository.project / DEAL).with_suffix(".yml"))
    sent(repository)
    edit(repository, f"agreements/{NAME}.yml", "a painted atlas", "a drawn atlas")
    notes = compared(repository.project, NAME, "sent", "work tree", sandbox).notes
    assert [(note.rule, note.path) for note in notes] == [("core/redline-causes", f"agreements/{NAME}.yml")]


def test_a_base_that_was_edited_is_refused(repository: Repository) -> None:
    sent(repository)
    edit(repository, f"{TURNS}/0001.json", "garden birds", "sea birds")
    done = run(repository, "redline", NAME, "sent")
    assert done.exit_code == 1
    assert "core/record-damaged" in done.output


def rename_type(repository: Repository, old: str, new: str) -> None:
    """Commit the new name of a type, as its owner would give it: folders, schema and deals at once."""
    for folder in ("schemas", "templates"):
        repository.git("mv", f"{folder}/{old}", f"{folder}/{new}")
    schema = repository.project / f"schemas/{new}/agreement.schema.json"
    schema.write_text(schema.read_text().replace(f'"const": "{old}"', f'"const": "{new}"'))
    deal = repository.project / DEAL
    deal.write_text(
        deal.read_text().replace(f"type: {old}", f"type: {new}").replace(f"schemas/{old}", f"schemas/{new}")
    )
    repository.commit("Rename the type")


def test_the_type_of_an_agreement_that_was_sent_may_be_renamed(repository: Repository, sandbox: Sandbox) -> None:
    assert sent(repository).exit_code == 0
    repository.commit("Send it")
    before = text(repository, sandbox)
    rename_type(repository, "nda", "pact")
    assert assembled(repository, sandbox).findings == ()
    assert text(repository, sandbox) == before
    assert [each.subject for each in history(repository.project, NAME).revisions] == ["First draft"]
    # What is kept from now on stands beside what was kept, under the name that it had then.
    keeping = KEEPING.replace("/nda/", "/pact/")
    edit(repository, keeping, "keep each", "shall keep each")
    edit(repository, keeping, 'version: "1.0"', 'version: "1.1"')
    assert text(repository, sandbox) == before
    assert [each.rule for each in assembled(repository, sandbox).findings] == ["core/clause-as-sent"]
    assert run(repository, "upgrade-clauses", NAME, "keeping").exit_code == 0
    assert not [name for name in files(repository, AS_SENT) if "pact" in name]
    assert text(repository, sandbox) != before
    assert run(repository, "upgrade-clauses", NAME).exit_code == 0
    assert not [name for name in files(repository, AS_SENT) if "/nda/" in name]
    assert assembled(repository, sandbox).findings == ()


def test_an_agreement_that_was_sent_does_not_become_one_of_another_type(
    repository: Repository, sandbox: Sandbox
) -> None:
    assert sent(repository).exit_code == 0
    for folder in ("schemas", "templates"):
        repository.git("checkout", "--quiet", "HEAD", folder)
        (repository.project / folder / "pact").mkdir()
        for path in (repository.project / folder / "nda").rglob("*"):
            if path.is_file():
                copy = repository.project / folder / "pact" / path.relative_to(repository.project / folder / "nda")
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_text(path.read_text().replace('"const": "nda"', '"const": "pact"'))
    deal = repository.project / DEAL
    deal.write_text(deal.read_text().replace("type: nda", "type: pact").replace("schemas/nda", "schemas/pact"))
    found = assembled(repository, sandbox)
    assert found.document is None
    assert any(f"{AS_SENT}/templates/pact" in each.path for each in found.findings)
