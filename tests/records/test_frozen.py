"""What of an executed agreement may not change, and how a change is told."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clausebook.records.frozen import Frozen, differences, frozen
from clausebook.records.record_files import canonical
from clausebook.repository.tree import DiskTree
from tests.support.written_records import DATA, DOCUMENT, VERSION, hash_of, put, put_version

OWN = b"Words of the deal's own.\n"
PATH = "agreements/wren.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree with the record of version 1.0, and the wording of the deal's own that it was signed with."""
    put(tmp_path, "agreements/wren/keeping.md", OWN)
    put_version(tmp_path, replace(VERSION, wordings=(hash_of("keeping.md", OWN),)))
    return tmp_path


def now(root: Path, **changed: Any) -> Frozen | None:
    return frozen(DiskTree(root), "wren", PATH, {**DATA, "status": "executed", **changed}, lambda _: (3, 2))


def told(found: Frozen | None) -> list[tuple[str, str, str]]:
    assert found
    return [(each.rule, each.pointer, each.message) for each in found.findings]


def test_the_text_is_the_executed_one_with_the_status_of_today(root: Path) -> None:
    found = now(root, status="active", lifecycle={"renewals": []})
    assert found
    assert (found.document, found.findings) == (replace(DOCUMENT, status="active"), ())


@pytest.mark.parametrize(("changed", "was"), [({"topic": "moths"}, ': "birds"'), ({"more": 1}, "")])
def test_changed_data_are_told_with_what_they_were(root: Path, changed: dict[str, Any], was: str) -> None:
    (pointer,) = (f"/{name}" for name in changed)
    found = now(root, **changed)
    said = f"{pointer} is not what it was when version 1.0 was executed{was}"
    assert told(found) == [("core/executed-data", pointer, said)]
    assert found
    assert found.record
    assert found.document is None


def test_data_may_be_migrated_to_another_number_of_the_format(root: Path) -> None:
    assert told(now(root, format=2)) == []
    assert [pointer for _, pointer, _ in told(now(root, format=2, topic="moths"))] == ["/topic"]


@pytest.mark.parametrize(("length", "shown"), [(0, True), (78, True), (79, False)])
def test_what_data_were_is_shown_up_to_eighty_characters(tmp_path: Path, length: int, shown: bool) -> None:
    was = {**DATA, "topic": "b" * length}
    put_version(tmp_path, replace(VERSION, data=hashlib.sha256(canonical(was)).hexdigest()), data=canonical(was))
    ((_, _, said),) = told(now(tmp_path))
    assert said.endswith(f': "{"b" * length}"' if shown else "executed")


def test_a_status_of_before_execution_is_none_of_an_executed_version(root: Path) -> None:
    said = "version 1.0 is executed, so its status cannot be draft any more"
    assert told(now(root, status="draft")) == [("core/executed-status", "/status", said)]


def test_changed_wording_of_the_deals_own_is_told(root: Path) -> None:
    own = root / "agreements/wren/keeping.md"
    for change in (lambda: own.write_bytes(b"Other words.\n"), own.unlink):
        change()
        ((rule, pointer, said),) = told(now(root))
        assert (rule, pointer) == ("core/executed-data", "/version")
        assert said == "`agreements/wren/keeping.md` is not what it was when version 1.0 was executed"


@pytest.mark.parametrize("status", ["draft", "approved"])
def test_a_version_that_is_not_executed_has_no_record(root: Path, status: str) -> None:
    assert now(root, version="1.1", status=status) is None


def test_a_version_that_says_it_is_executed_must_have_a_record(root: Path) -> None:
    said = "the status is active, but version 1.1 has no record of its execution"
    missing = [("core/record-missing", "/status", f"{said}; executed are: 1.0")]
    assert told(now(root, version="1.1", status="active")) == missing
    (root / VERSION.folder / "record.yaml").unlink()
    assert told(now(root, version="1.1", status="active")) == [("core/record-missing", "/status", said)]


def test_what_is_wrong_with_a_record_is_told_at_its_own_version_only(root: Path) -> None:
    (root / VERSION.folder / "record.yaml").unlink()
    assert [rule for rule, *_ in told(now(root, status="draft"))] == ["core/record-damaged"]
    for version in ("1", "1.1", "1.0.1"):
        assert now(root, version=version, status="draft") is None


@pytest.mark.parametrize(
    ("old", "new", "pointers"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1, "b": 2}, {"a": 2, "c": 3}, ["/a", "/b", "/c"]),
        ({"a": {"x/y": 1}}, {"a": {"x/y": 2}}, ["/a/x~1y"]),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, ["/a/1/b"]),
        ({"a": [1, 2]}, {"a": [1]}, ["/a"]),
        ({"a": {}}, {"a": []}, ["/a"]),
        ({"a": [1]}, {"a": {"0": 1}}, ["/a"]),
        ({"a": 1}, {"a": True}, ["/a"]),
        ({"a": 1}, {"a": 1.0}, ["/a"]),
    ],
)
def test_each_value_that_differs_came_or_went_is_named(old: Any, new: Any, pointers: list[str]) -> None:
    assert list(differences(old, new)) == pointers
