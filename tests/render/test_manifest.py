"""The manifest: one file's fingerprints, each moved by what it is of and by nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.document.fingerprints import fingerprint
from clausebook.project.project import MAKERS, Project
from clausebook.render.manifest import (
    Manifest,
    ManifestError,
    library_fingerprint,
    manifest_of,
    type_fingerprint,
)
from clausebook.repository.engine import engine
from clausebook.repository.hashed import folder_hash
from tests.support.repositories import ROOT

NAME = "retail-telehealth"
LOOK = ROOT / "templates" / "pdf"
ENGINE = engine(*MAKERS)
TOLD = Manifest("an-agreement", "1.0 “final”", *("0123456789abcdef" * 4,) * 6)


@pytest.fixture(scope="module")
def assembled(partnership: Path) -> Iterator[tuple[Any, Manifest]]:
    with Project(partnership) as project:
        (agreement,) = project.assemble_all([NAME])
        assert agreement.document is not None
        yield agreement, manifest_of(agreement.document, agreement.data, agreement.inputs, LOOK, ENGINE)


def test_it_is_read_back_as_it_was_written() -> None:
    assert Manifest.from_json(TOLD.to_json()) == TOLD
    assert Manifest.from_json(TOLD.to_json().encode()) == TOLD


def test_it_names_the_agreement_and_its_text(assembled: tuple[Any, Manifest]) -> None:
    agreement, told = assembled
    assert (told.agreement, told.version) == (NAME, agreement.document.version)
    assert told.text == fingerprint(agreement.document)
    assert len({getattr(told, field.name) for field in fields(told)}) == len(fields(told))


def test_data_moves_its_own_fingerprint_alone(assembled: tuple[Any, Manifest]) -> None:
    agreement, told = assembled
    shuffled = dict(reversed(agreement.data.items()))
    assert manifest_of(agreement.document, shuffled, agreement.inputs, LOOK, ENGINE) == told
    changed = manifest_of(agreement.document, {**agreement.data, "spark": {}}, agreement.inputs, LOOK, ENGINE)
    assert changed.data != told.data
    assert replace(changed, data=told.data) == told


def with_kind(agreement: Any, **changes: Any) -> Any:
    return replace(agreement.inputs, kind=replace(agreement.inputs.kind, **changes))


def test_the_library_is_what_the_agreement_uses(assembled: tuple[Any, Manifest]) -> None:
    agreement, told = assembled
    kind = agreement.inputs.kind
    used = {clause.source.clause for clause in agreement.document.clauses()}
    for name, clause in kind.clauses.items():
        other = {**kind.clauses, name: replace(clause, body=clause.body + " And so on.")}
        moved = library_fingerprint(agreement.document, with_kind(agreement, clauses=other)) != told.library
        assert moved == (name in used), name
        guided = {**kind.clauses, name: replace(clause, guidance="Ask counsel.", obligations=(), reason="x")}
        assert library_fingerprint(agreement.document, with_kind(agreement, clauses=guided)) == told.library
    shown = {entry.term for schedule in agreement.document.schedules for entry in schedule.definitions}
    assert shown
    for index, entry in enumerate(kind.glossary):
        glossary = [*kind.glossary]
        glossary[index] = replace(entry, definition="means something else.")
        moved = library_fingerprint(agreement.document, with_kind(agreement, glossary=tuple(glossary))) != told.library
        assert moved == (entry.term in shown), entry.term


def test_without_what_it_was_made_from_the_library_is_told_by_versions(assembled: tuple[Any, Manifest]) -> None:
    agreement, told = assembled
    alone = manifest_of(agreement.document, agreement.data, None, LOOK, ENGINE)
    assert (alone.text, alone.data, alone.look, alone.engine) == (told.text, told.data, told.look, told.engine)
    assert alone.library != told.library


def test_the_type_is_its_outline_and_schemas(assembled: tuple[Any, Manifest]) -> None:
    agreement, told = assembled
    kind, shape = agreement.inputs.kind, agreement.inputs.shape_id
    assert type_fingerprint(kind, shape) == told.type
    assert type_fingerprint(kind, "other") != told.type
    renamed = replace(kind, outline=replace(kind.outline, kind="Another Agreement"))
    assert type_fingerprint(renamed, shape) != told.type
    lower = tuple(replace(each, line=each.line + 9) for each in kind.outline.schedules)
    moved = replace(kind, outline=replace(kind.outline, path="elsewhere.yaml", schedules=lower))
    assert type_fingerprint(moved, shape) == told.type


def test_the_look_is_all_its_files(tmp_path: Path) -> None:
    look = tmp_path / "pdf"
    shutil.copytree(LOOK, look)
    assert folder_hash(look) == folder_hash(LOOK)
    (look / "common.typ").write_text((look / "common.typ").read_text() + "\n")
    changed = folder_hash(look)
    assert changed != folder_hash(LOOK)
    (look / "fonts").mkdir()
    (look / "fonts" / "More.ttf").write_bytes(b"font")
    assert folder_hash(look) != changed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "clausebook-manifest/2"}, "format 2 of a manifest"),
        ({"text": "0" * 63}, "`text` is no SHA-256"),
        ({"text": "G" * 64}, "`text` is no SHA-256"),
        ({"look": None}, "`look` is no text"),
        ({"version": 1}, "`version` is no text"),
        ({"agreement": "x" * 10_001}, "`agreement` is no text"),
        ({"commit": "0" * 40}, "does not hold just"),
    ],
)
def test_what_is_no_manifest_is_told(change: dict[str, Any], said: str) -> None:
    data = {**json.loads(TOLD.to_json()), **change}
    with pytest.raises(ManifestError, match=said):
        Manifest.from_json(json.dumps(data))


@pytest.mark.parametrize(
    "content",
    ["", "null", "[]", "{", '{"format": 1}', "[" * 30_000, '{"a": 1, "a": 2}', b"\xff\xfe\x00", " " * 70_000],
)
def test_what_is_not_even_json_is_told(content: str | bytes) -> None:
    with pytest.raises(ManifestError):
        Manifest.from_json(content)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_nothing_else_is_ever_raised(content: bytes | str) -> None:
    with pytest.raises(ManifestError):
        Manifest.from_json(content)


def test_a_field_that_is_missing_is_told() -> None:
    data = json.loads(TOLD.to_json())
    del data["engine"]
    with pytest.raises(ManifestError, match="engine"):
        Manifest.from_json(json.dumps(data))
