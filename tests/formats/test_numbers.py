"""Numbers of file formats: what a file says, what is refused, and that nothing of that is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clausebook import __version__
from clausebook.amending.amendment_chain import amendments, chain
from clausebook.amending.wording import load_wording
from clausebook.document.interchange import InterchangeError, from_json
from clausebook.findings.model import FindingsError
from clausebook.formats.numbers import RULE, UnknownFormat, marked_number, source_number
from clausebook.formats.table import FINGERPRINT_FORMS, FORMATS
from clausebook.language.dialects import DIALECTS
from clausebook.language.sandbox import Sandbox
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project, all_findings
from clausebook.records.model import RECORD_FORMAT, TURN_FORMAT
from clausebook.records.record_files import document_of, executed, read_executed, read_turns
from clausebook.render.manifest import Manifest, ManifestError
from clausebook.repository.tree import DiskTree
from tests.support.executed_repositories import EXECUTED, record
from tests.support.numbered_repositories import describe, numbered_repository
from tests.support.record_cases import DEAL, NAME

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


def checked(root: Path, sandbox: Sandbox) -> tuple[Agreement, list[Any]]:
    """Return the agreement, and its findings of severity error."""
    project = Project(root, sandbox)
    found = project.assemble(project.files([NAME])[0])
    return found, [each for each in all_findings(project, [found]) if each.severity == "error"]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_table_is_whole() -> None:
    for form in FORMATS.values():
        assert list(form.numbers) == list(range(1, form.newest + 1)), form.name
        assert len(form.dialects) in (0, len(form.numbers)), form.name
        assert set(form.dialects) <= DIALECTS.keys()
        assert len(form.forms) in (0, len(form.numbers)), form.name
        assert not form.forms or form.form(form.newest) == FINGERPRINT_FORMS[-1]
    sources = {path.name.partition(".")[0] for path in (ROOT / "schemas").glob("*.schema.json")}
    # What types share, and the steps of the method, are parts of files.
    assert {name for name in sources - FORMATS.keys() if not name.startswith("spark-")} == {"common"}


def test_marks_that_stand_in_files_stay() -> None:
    assert [RECORD_FORMAT, TURN_FORMAT] == ["clausebook-record/3", "clausebook-turn/1"]
    marks = [FORMATS[name].mark for name in ("document", "manifest", "amendment", "sign-map", "review")]
    assert marks == [
        "clausebook-document/2", "clausebook-manifest/1", "clausebook-amendment/2", "clausebook-sign-map/1",
        "clausebook-review/1",
    ]  # fmt: skip


def test_a_source_without_a_number_is_the_first() -> None:
    assert source_number({"id": "a"}, "agreement") == source_number({"format": 1}, "clause") == 1
    assert source_number([], "glossary") == 1
    assert source_number({"format": 2}, "agreement") == 2


@pytest.mark.parametrize("number", ["2", "two", 0, -1, True, None, [], {"a": 1}])
def test_what_is_no_number_is_refused(number: object) -> None:
    with pytest.raises(UnknownFormat, match="no number of a format") as caught:
        source_number({"format": number}, "agreement")
    assert not caught.value.newer
    assert "`format: 1` or `format: 2`" in caught.value.hint


def test_a_higher_number_names_the_version_that_is_needed() -> None:
    with pytest.raises(UnknownFormat) as caught:
        source_number({"format": 7}, "agreement")
    assert (
        caught.value.message == f"this is format 7 of an agreement, and Clausebook {__version__} knows formats 1 and 2"
    )
    assert f"newer than {__version__}" in caught.value.hint


@pytest.mark.parametrize(
    "mark", [None, 1, "", "clausebook-turn/1", "clausebook-record/0", "clausebook-record/1 ", "/1"]
)
def test_what_has_another_mark_is_no_record(mark: object) -> None:
    with pytest.raises(UnknownFormat, match="not marked as clausebook-record/3") as caught:
        marked_number({"format": mark}, "record")
    assert not caught.value.newer


SOURCES = {
    "agreement": (DEAL, "id: sparrow-finch", "format: {}\nid: sparrow-finch", "/format"),
    "clause": ("templates/nda/clauses/keeping.md", "id: keeping", "format: {}\nid: keeping", "/format"),
    "outline": ("templates/nda/outline.yaml", "kind: Mutual", "format: {}\nkind: Mutual", "/format"),
    "glossary": ("templates/nda/glossary.yaml", "- term: Secret", "format: {}\nterms:\n- term: Secret", "/format"),
    "negotiated": (f"agreements/{NAME}/plates.md", "{}", "format: {}", "/format"),
}


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("number", ["9", "x"])
def test_a_source_of_an_unknown_number_is_one_finding_at_its_place(
    name: str, number: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    root = numbered_repository(tmp_path, 2)
    path, old, new, pointer = SOURCES[name]
    edit(root / path, old, new.replace("{}", number, 1))
    # What is wrong beside it cannot be told.
    if name != "negotiated":
        edit(root / path, new.replace("{}", number, 1), new.replace("{}", number, 1) + " ")
    found, errors = checked(root, sandbox)
    assert found.document is None
    here = [each for each in errors if each.path == path]
    assert [(each.rule, each.pointer) for each in here] == [(RULE, pointer)]
    line = (root / path).read_text(encoding="utf-8").splitlines()[here[0].line - 1]
    assert line[here[0].column - 1 :].startswith(number)
    assert here[0].hint


@pytest.mark.parametrize("name", [name for name in SOURCES if name != "glossary"])
def test_a_source_may_say_the_first_number(name: str, tmp_path: Path, sandbox: Sandbox) -> None:
    root = numbered_repository(tmp_path, 1)
    before = checked(root, sandbox)[0].document
    path, old, new, _ = SOURCES[name]
    edit(root / path, old, new.replace("{}", "1", 1))
    found, errors = checked(root, sandbox)
    assert errors == []
    assert found.document == before is not None


def test_operative_words_of_an_unknown_number_are_one_finding(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "amendment"
    folder.mkdir(parents=True)
    (folder / "operative.yaml").write_text("format: 4\nstrange: true\n", encoding="utf-8")
    wording, findings = load_wording(DiskTree(tmp_path), "templates/amendment")
    assert wording is None
    assert [(each.rule, each.line, each.pointer) for each in findings] == [(RULE, 1, "/format")]


def test_an_agreement_of_a_later_format_than_its_schemas_is_one_finding(tmp_path: Path, sandbox: Sandbox) -> None:
    root = numbered_repository(tmp_path, 1)
    edit(root / DEAL, "id: sparrow", "format: 2\nid: sparrow")
    _, errors = checked(root, sandbox)
    assert [(each.rule, each.line) for each in errors] == [(RULE, 2)]
    assert "describe format 1" in errors[0].message


def test_an_agreement_of_the_first_format_goes_with_schemas_of_the_second(tmp_path: Path, sandbox: Sandbox) -> None:
    before, _ = checked(numbered_repository(tmp_path / "one", 1), sandbox)
    found, errors = checked(numbered_repository(tmp_path / "two", 2), sandbox)
    assert errors == []
    assert found.document == before.document is not None
    assert found.data == before.data, "data are never rewritten to be read"


def test_findings_of_the_first_format_name_what_the_file_has(tmp_path: Path, sandbox: Sandbox) -> None:
    root = numbered_repository(tmp_path, 2)
    edit(root / DEAL, "- id: plates", "- id: [plates]")
    _, errors = checked(root, sandbox)
    assert {each.pointer for each in errors} == {"/schedules/0/id"}
    assert {(each.line, each.column) for each in errors} == {(22, 9)}


def test_a_handle_that_is_taken_is_told_where_it_stands(tmp_path: Path, sandbox: Sandbox) -> None:
    root = numbered_repository(tmp_path, 2)
    edit(root / DEAL, "id: plates", "id: promise")
    _, errors = checked(root, sandbox)
    assert [(each.rule, each.line, each.column, each.pointer) for each in errors] == [
        ("core/schedule-id", 22, 9, "/schedules/0/id")
    ]


def test_what_was_executed_in_the_first_format_stays_as_it_is(tmp_path: Path, sandbox: Sandbox) -> None:
    root = numbered_repository(tmp_path, 1)
    document = record(root, NAME, "2026-03-10", sandbox)
    describe(root, 2)
    found, errors = checked(root, sandbox)
    assert errors == []
    assert found.document == document
    edit(root / DEAL, "id: plates", "id: prints")
    _, errors = checked(root, sandbox)
    assert [(each.rule, each.pointer) for each in errors] == [("core/executed-data", "/schedules/0/id")]


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("record.yaml", "clausebook-record/3", "clausebook-record/9", RULE),
        ("record.yaml", "clausebook-record/3", "clausebook-turn/1", "core/record-damaged"),
    ],
)
def test_a_record_of_an_unknown_number_is_one_finding(
    name: str, old: str, new: str, rule: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    root = numbered_repository(tmp_path, 1)
    record(root, NAME, "2026-03-10", sandbox)
    edit(root / f"agreements/executed/{NAME}/1.0/{name}", old, new)
    versions, findings = read_executed(DiskTree(root), NAME)
    assert versions == ()
    assert [(each.rule, each.line, each.pointer) for each in findings] == [(rule, 2, "/format")]
    assert ("newer than" in findings[0].hint) == (rule == RULE)


def test_a_recorded_text_of_an_unknown_number_asks_for_a_newer_program(tmp_path: Path, sandbox: Sandbox) -> None:
    import hashlib

    root = numbered_repository(tmp_path, 1)
    record(root, NAME, "2026-03-10", sandbox)
    folder = root / f"agreements/executed/{NAME}/1.0"
    before = (folder / "document.json").read_bytes()
    after = before.replace(b"clausebook-document/2", b"clausebook-document/3")
    (folder / "document.json").write_bytes(after)
    edit(folder / "record.yaml", hashlib.sha256(before).hexdigest(), hashlib.sha256(after).hexdigest())
    tree = DiskTree(root)
    with pytest.raises(FindingsError) as caught:
        document_of(tree, executed(tree, NAME)[0])
    assert [each.rule for each in caught.value.findings] == [RULE]
    assert "newer than" in caught.value.findings[0].hint


def test_a_turn_of_an_unknown_number_is_one_finding(tmp_path: Path) -> None:
    folder = tmp_path / f"agreements/{NAME}/turns"
    folder.mkdir(parents=True)
    (folder / "0001.yaml").write_text("# A turn.\nformat: clausebook-turn/2\nwhat: else\n", encoding="utf-8")
    found, findings = read_turns(DiskTree(tmp_path), NAME)
    assert found == ()
    assert [(each.rule, each.line) for each in findings] == [(RULE, 2)]


@pytest.mark.slow("an amendment of a whole agreement")
def test_changes_of_an_unknown_number_ask_for_a_newer_program(amended: Path) -> None:
    tree = DiskTree(amended)
    (name,) = amendments(tree, EXECUTED).values()
    path = f"agreements/{name}/changes.json"

    class Newer:
        """The repository, with changes of another number."""

        names, read = tree.names, tree.read

        def raw(self, wanted: str, limit: int) -> bytes:
            content = tree.raw(wanted, limit)
            return content.replace(b"clausebook-amendment/2", b"clausebook-amendment/3") if wanted == path else content

    (found,) = chain(Newer(), EXECUTED).amendments
    assert [(each.rule, "newer than" in each.hint) for each in found.findings] == [(RULE, True)]


def test_what_is_attached_in_another_number_asks_for_a_newer_program() -> None:
    with pytest.raises(InterchangeError, match="format 3 of a text as JSON") as text:
        from_json(json.dumps({"format": "clausebook-document/3", "text": []}))
    with pytest.raises(ManifestError, match="format 5 of a manifest") as manifest:
        Manifest.from_json(json.dumps({"format": "clausebook-manifest/5"}))
    assert "newer than" in text.value.hint
    assert "newer than" in manifest.value.hint
