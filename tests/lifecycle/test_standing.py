"""Where an agreement stands, as its records and data tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clausebook.amending.effect import Effect
from clausebook.document.model import SignatureBlock, SignatureLine
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.standing import AmendmentStep, ExecutedFiles, ExecutedText, Standing, ToSign, standing_of
from clausebook.load.yaml import load_yaml
from clausebook.project.project import Project
from clausebook.records.since_execution import Lifecycle, Renewal
from clausebook.repository.tree import DiskTree
from tests.support.executed_repositories import AMENDMENT, EXECUTED, amended_repository, edit, record
from tests.support.sample_documents import plain
from tests.support.written_records import AGREEMENT, DATA, DOCUMENT, TURN, VERSION, hash_of, put, put_turn, put_version

CASES: Any = load_yaml(
    (Path(__file__).parents[1] / "cases" / "lifecycle" / "stages.yaml").read_bytes(), "stages.yaml", root="any"
).value


def step(number: int, executed: str) -> AmendmentStep:
    return AmendmentStep(f"{AGREEMENT}-amendment-{number}", AGREEMENT, number, "0.9", "1.0", Effect(""), executed, "")


def text(said: str) -> ExecutedText:
    version, day, *amended = said.split(" ", 2)
    return ExecutedText(version, "", f"{AGREEMENT}-amendment-1" if amended else AGREEMENT, day)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_stage(case: Mapping[str, Any]) -> None:
    turns = [said.split() for said in case.get("turns", ())]
    shown = Standing(
        AGREEMENT,
        "1.0",
        case.get("status", "draft"),
        {},
        turns=tuple(replace(TURN, direction=direction, date=day) for direction, day in turns),
        texts=tuple(map(text, case.get("texts", ()))),
        amendments=tuple(step(number, day) for number, day in enumerate(case.get("amendments", ()), 1)),
        lifecycle=Lifecycle(
            tuple(Renewal(day, "2040-01-01") for day in case.get("renewals", ())), case.get("ended", "")
        ),
    )
    assert (shown.stage, shown.since) == (case["stage"], case.get("since", ""))
    assert (shown.pending.number if shown.pending else None) == case.get("pending")


def test_the_execution_of_the_version_at_hand_stands_before_the_last_one() -> None:
    first, second = (ExecutedFiles(replace(VERSION, version=version)) for version in ("1.0", "2.0"))
    shown = Standing(AGREEMENT, "1.0", "executed", {}, executions=(first, second))
    assert shown.execution is first
    assert replace(shown, version="3.0").execution is second
    assert replace(shown, executions=()).execution is None


# As the files of a tree tell it


def standing(root: Path, others: Mapping[str, Mapping[str, Any]] | None = None, **more: Any) -> Standing:
    return standing_of(DiskTree(root), DOCUMENT, {**DATA, **more}, others or {})


def test_nothing_is_known_of_a_draft(tmp_path: Path) -> None:
    shown = standing(tmp_path)
    assert (shown.stage, shown.turns, shown.texts, shown.executions, shown.findings) == ("not-sent", (), (), (), ())


def test_turns_and_records_are_told(tmp_path: Path) -> None:
    put_turn(tmp_path)
    put_version(tmp_path)
    shown = standing(tmp_path)
    assert shown.turns == (TURN,)
    assert shown.texts == (ExecutedText("1.0", VERSION.text, AGREEMENT, VERSION.date, Effect(VERSION.date)),)
    assert shown.parties == {party.key: party.short_name for party in DOCUMENT.parties}
    put(tmp_path, TURN.path, b"no turn")
    assert [each.path for each in standing(tmp_path).findings] == [TURN.path]


def test_of_a_record_the_files_for_people_are_read_and_what_is_damaged_is_told(tmp_path: Path) -> None:
    contents = {"agreement.md": b"# Words", "signed.pdf": b"one", "signed-2.pdf": b"two", "signed-x.pdf": b"three"}
    contents |= {"certificate-1.pem": b"four", "signed.pdf.txt": b"five"}
    put_version(tmp_path, replace(VERSION, files=tuple(hash_of(*each) for each in contents.items())))
    for name, content in contents.items():
        put(tmp_path, f"{VERSION.folder}/{name}", content)
    (found,) = standing(tmp_path).executions
    assert (list(found.files), found.damaged) == (["agreement.md", "signed.pdf", "signed-2.pdf"], ())
    put(tmp_path, f"{VERSION.folder}/agreement.md", b"# Other words")
    (tmp_path / VERSION.folder / "signed.pdf").unlink()
    (found,) = standing(tmp_path).executions
    assert (found.files, found.damaged) == ({"signed-2.pdf": b"two"}, ("agreement.md", "signed.pdf"))


def test_what_an_agreement_took_the_place_of_is_named(tmp_path: Path) -> None:
    others = {
        name: {"lifecycle": {"superseded_by": by}} for name, by in {"b": AGREEMENT, "a": AGREEMENT, "c": "b"}.items()
    }
    assert standing(tmp_path, {**others, "d": {}}).supersedes == ("a", "b")


@pytest.mark.parametrize("lines", [{"name": "Wren Example", "title": "Editor"}, {"name": " Wren Example "}, {}])
def test_who_is_to_sign(lines: Mapping[str, str], tmp_path: Path) -> None:
    said = (
        SignatureLine("By:", "signature"),
        *(SignatureLine("", field, plain(words)) for field, words in lines.items()),
    )  # type: ignore[arg-type]
    party = DOCUMENT.parties[0]
    blocks = tuple(SignatureBlock(f"{key}-1", key, plain("Heading"), said) for key in (party.key, "nobody"))
    found = standing_of(DiskTree(tmp_path), replace(DOCUMENT, signatures=blocks), DATA, {}).to_sign
    who = (lines.get("name", "").strip(), lines.get("title", ""))
    assert found == (ToSign(f"{party.key}-1", party.legal_name, *who), ToSign("nobody-1", "nobody", *who))


def test_a_text_that_cannot_be_read_is_told_where_an_amendment_needs_it(tmp_path: Path) -> None:
    put_version(tmp_path)
    put(tmp_path, f"{VERSION.folder}/document.json", b"{}")
    told = (ExecutedText("1.0", VERSION.text, AGREEMENT, VERSION.date, Effect(VERSION.date)),)
    alone = standing(tmp_path, {f"{AGREEMENT}-annex": {}})
    assert (alone.texts, alone.findings) == (told, ())
    amended = standing(tmp_path, {f"{AGREEMENT}-amendment-1": {}})
    assert amended.texts == told
    assert [each.path for each in amended.findings] == [f"{VERSION.folder}/document.json"]


def test_amendments_are_told_of_what_was_executed(tmp_path: Path) -> None:
    name = f"{AGREEMENT}-amendment-2"
    put(tmp_path, f"agreements/{name}.yaml", b"id: x\n")
    assert standing(tmp_path, {name: {}}).amendments == ()
    put_version(tmp_path)
    data = {"amends": {}, "status": "approved", "effective": {"set_by": "fixed-date", "date": "2027-01-01"}}
    (found,) = standing(tmp_path, {name: data}).amendments
    assert (found.id, found.number, found.executed, found.status) == (name, 2, "", "approved")
    assert found.effect == Effect("", "signature", "2027-01-01")
    assert [each.path for each in found.findings] == [f"agreements/{name}/changes.json"]
    told = {"amends": {}, "effective": "at once"}
    assert standing(tmp_path, {name: told}).amendments[0].effect == Effect("", "signature")


def test_an_amendment_tells_what_it_amends(tmp_path: Path) -> None:
    put_version(tmp_path)
    names = [f"{AGREEMENT}-amendment-{number}" for number in (1, 2)]
    for name in names:
        put(tmp_path, f"agreements/{name}.yaml", b"id: x\n")
    amendment = replace(DOCUMENT, id=names[1])
    data = {"amends": {"agreement": AGREEMENT}, "status": "draft"}
    shown = standing_of(DiskTree(tmp_path), amendment, data, {AGREEMENT: {}, **dict.fromkeys(names, data)})
    assert shown.amends
    assert (shown.amends.id, shown.amends.agreement, shown.amends.number) == (names[1], AGREEMENT, 2)
    assert shown.amendments == ()
    # An id alone makes no amendment.
    assert standing_of(DiskTree(tmp_path), amendment, {"status": "draft"}, {}).amends is None


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.mark.slow("an agreement that is executed, amended, and amended in force")
def test_an_amendment_leads_from_one_text_to_the_next(tmp_path: Path, sandbox: Sandbox) -> None:
    root = amended_repository(tmp_path, sandbox)

    def told(name: str) -> Standing:
        project = Project(root, sandbox)
        (file,) = project.files([name])
        found = project.assemble(file)
        assert found.document
        others = {each.id: project.load(each)[0] or {} for each in project.files()}
        return standing_of(project.tree, found.document, found.data, others)

    (pending,) = told(EXECUTED).amendments
    assert (pending.base, pending.makes, pending.executed, pending.findings) == ("1.0", "1.1", "", ())
    assert told(EXECUTED).stage == "being-amended"
    assert told(AMENDMENT).amends == pending
    edit(root, AMENDMENT, ("status: draft", "status: approved"))
    record(root, AMENDMENT, "2027-01-02", sandbox)
    edit(root, EXECUTED, ("status: approved", "status: executed"))
    after = told(EXECUTED)
    assert (after.stage, after.since) == ("amended", "2027-01-02")
    assert [(each.version, each.by, each.date) for each in after.texts] == [
        ("1.0", EXECUTED, "2026-11-02"),
        ("1.1", AMENDMENT, "2027-01-02"),
    ]
    assert after.amendments[0].effect == Effect("2027-01-02")
