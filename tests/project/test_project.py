"""An opened repository: which agreements it has, and what each of them comes to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clausebook.findings.model import RepositoryError
from clausebook.language.sandbox import Sandbox
from clausebook.project import project as project_module
from clausebook.project.loading import load_agreement
from clausebook.project.project import Project, all_findings
from clausebook.repository import user_cache
from tests.support.executed_repositories import edit, record
from tests.support.repositories import nda_repository

NAME = "sparrow-finch"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = nda_repository(tmp_path)
    schema = root / "schemas/nda/agreement.schema.json"
    text = schema.read_text(encoding="utf-8")
    schema.write_text(text.replace('"approved"]', '"approved", "executed"]'), encoding="utf-8")
    return root


def test_a_folder_that_is_no_repository_is_refused(tmp_path: Path, sandbox: Sandbox) -> None:
    with pytest.raises(RepositoryError, match="it has no folder agreements"):
        Project(tmp_path, sandbox)


def test_agreements_are_named_or_all(root: Path, sandbox: Sandbox) -> None:
    text = (root / f"agreements/{NAME}.yaml").read_text(encoding="utf-8")
    (root / "agreements/another.yaml").write_text(text.replace(NAME, "another"), encoding="utf-8")
    project = Project(root, sandbox)
    assert [file.id for file in project.files()] == ["another", NAME]
    assert [file.id for file in project.files([NAME, NAME])] == [NAME]
    seen: list[str] = []
    assert [each.file.id for each in project.assemble_all([NAME], seen.append)] == seen == [NAME]
    with pytest.raises(RepositoryError) as raised:
        project.files(["sparow-finch"])
    assert raised.value.hint == f"did you mean `{NAME}`?"


def test_what_has_an_error_has_no_text_and_nothing_to_render(root: Path, sandbox: Sandbox) -> None:
    edit(root, NAME, ("kept_for: P3Y", "kept_for: three years"))
    project = Project(root, sandbox)
    (agreement,) = project.assemble_all()
    assert agreement.document is None
    assert project.render(agreement, ("md",)) == {}
    assert [each.rule for each in all_findings(project, [agreement])] == ["core/value-duration"]


def test_the_text_of_what_is_executed_is_its_record(root: Path, sandbox: Sandbox) -> None:
    document = record(root, NAME, "2026-03-02", sandbox)
    clause = root / "templates/nda/clauses/keeping.md"
    clause.write_text(clause.read_text(encoding="utf-8") + "\nMore words.\n", encoding="utf-8")
    (agreement,) = Project(root, sandbox).assemble_all()
    assert agreement.document == document
    assert agreement.record is not None
    assert agreement.record.version == "1.0"


def test_a_new_version_of_what_is_executed_is_a_draft(root: Path, sandbox: Sandbox) -> None:
    record(root, NAME, "2026-03-02", sandbox)
    edit(root, NAME, ('version: "1.0"\nstatus: executed', 'version: "1.1"\nstatus: approved'))
    (agreement,) = Project(root, sandbox).assemble_all()
    assert agreement.record is None
    assert agreement.document is not None
    assert agreement.document.version == "1.1"


def test_one_agreement_in_which_the_program_fails_leaves_the_others(
    root: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (root / f"agreements/{NAME}.yaml").read_text(encoding="utf-8")
    (root / "agreements/another.yaml").write_text(text.replace(NAME, "another"), encoding="utf-8")
    project, whole = Project(root, sandbox), Project.load

    def load(self: Project, file: object) -> object:
        if getattr(file, "id", "") == "another":
            raise ValueError("nobody thought of this")
        return whole(self, file)  # type: ignore[arg-type]

    monkeypatch.setattr(Project, "load", load)
    other, agreement = project.assemble_all()
    assert [each.rule for each in other.findings] == ["core/internal"]
    assert agreement.document is not None


def test_faultless_data_are_loaded_once_and_never_by_other_schemas_or_bytes(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = nda_repository(tmp_path / "repository")
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    loaded: list[str] = []

    def counted(*given: Any) -> Any:
        loaded.append("")
        return load_agreement(*given)

    monkeypatch.setattr(project_module, "load_agreement", counted)

    def load() -> tuple[Any, tuple[str, ...], int]:
        project = Project(root, sandbox)
        data, findings = project.load(project.files()[0])
        return data, tuple(each.rule for each in findings), len(loaded)

    first = load()
    assert first[1:] == ((), 1)
    assert load() == first
    schema = root / "schemas" / "nda" / "agreement.schema.json"
    before = schema.read_text(encoding="utf-8")
    schema.write_text(before.replace('"required": [', '"required": ["nothing", ', 1), encoding="utf-8")
    assert load()[0] is None
    assert (load()[0], len(loaded)) == (None, 3), "what has a fault is looked at each time"
    schema.write_text(before, encoding="utf-8")
    (path,) = (root / "agreements").glob("*.yaml")
    path.write_text(path.read_text(encoding="utf-8") + "more: words\n", encoding="utf-8")
    assert load()[0] is None
