"""Records read from small trees written by hand: their order, and what is said of each file that is not right."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from clausebook.document.interchange import to_json
from clausebook.document.model import Document
from clausebook.findings.model import Finding, FindingsError
from clausebook.records.model import FileHash
from clausebook.records.record_files import (
    can_name_a_folder,
    canonical,
    data_of,
    document_of,
    executed,
    is_hash_of,
    read_executed,
    read_turns,
    sent_document,
)
from clausebook.repository.tree import DiskTree
from tests.support.sample_documents import sample
from tests.support.written_records import DATA, DOCUMENT, TURN, VERSION, put, put_turn, put_version

EXECUTED, TURNS = "agreements/executed/wren", "agreements/wren/turns"


def said(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(each.path, each.message.removeprefix(f"`{each.path}` ")) for each in findings]


def stopped(error: pytest.ExceptionInfo[FindingsError]) -> str:
    (finding,) = error.value.findings
    return finding.message.partition("` ")[2]


def test_versions_are_in_the_order_of_their_days_then_of_their_numbers(tmp_path: Path) -> None:
    for version, date in (
        ("1.10", "2026-03-10"),
        ("1.9", "2026-03-10"),
        ("1.9-a", "2026-03-10"),
        ("2.0", "2026-03-09"),
    ):
        put_version(tmp_path, replace(VERSION, version=version, date=date))
    assert [each.version for each in executed(DiskTree(tmp_path), "wren")] == ["2.0", "1.9", "1.9-a", "1.10"]
    assert read_executed(DiskTree(tmp_path), "wren")[1] == ()
    assert read_executed(DiskTree(tmp_path), "finch") == ((), ())


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (("signed.pdf", "signed-2.pdf"), ""),
        (("signed.pdf", "signed.pdf"), "names a file twice, or one that is not beside it"),
        (("more/signed.pdf",), "names a file twice, or one that is not beside it"),
        (("more\\signed.pdf",), "names a file twice, or one that is not beside it"),
    ],
)
def test_a_record_names_each_file_beside_it_once(tmp_path: Path, files: tuple[str, ...], wanted: str) -> None:
    put_version(tmp_path, replace(VERSION, files=tuple(FileHash(name, "ab") for name in files)))
    found, findings = read_executed(DiskTree(tmp_path), "wren")
    assert said(findings) == ([(f"{EXECUTED}/1.0/record.yaml", wanted)] if wanted else [])
    assert len(found) == (not wanted)


def test_a_folder_without_a_record_and_a_file_beside_the_folders_are_told(tmp_path: Path) -> None:
    put_version(tmp_path, replace(VERSION, date="2026-02-30"))
    put(tmp_path, f"{EXECUTED}/1.1/data.json", b"{}")
    put(tmp_path, f"{EXECUTED}/notes.txt", b"")
    found, findings = read_executed(DiskTree(tmp_path), "wren")
    assert found == ()
    assert said(findings) == [
        (f"{EXECUTED}/1.0/record.yaml", "has a date that is none: 2026-02-30"),
        (f"{EXECUTED}/1.1", "has no record.yaml"),
        (f"{EXECUTED}/notes.txt", "is no folder of an executed version"),
    ]


def test_the_text_and_the_data_of_a_version_are_those_that_were_signed(tmp_path: Path) -> None:
    version = put_version(tmp_path, data=canonical(DATA) + b"\n")
    tree = DiskTree(tmp_path)
    assert executed(tree, "wren") == (version,)
    assert document_of(tree, version) == DOCUMENT
    assert data_of(tree, version) == DATA
    put(tmp_path, f"{version.folder}/document.json", to_json(sample("Heron")).encode())
    with pytest.raises(FindingsError) as error:
        document_of(tree, version)
    assert stopped(error) == "is not the file whose SHA-256 the record tells"


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        (replace(DOCUMENT, id="finch"), "is the text of another agreement or version"),
        (replace(DOCUMENT, version="1.1"), "is the text of another agreement or version"),
        (replace(DOCUMENT, title="Another"), f"has not the text whose fingerprint is {VERSION.text[:12]}"),
    ],
)
def test_a_text_with_its_hash_must_still_be_that_of_the_record(tmp_path: Path, document: Document, wanted: str) -> None:
    version = put_version(tmp_path, document=document)
    with pytest.raises(FindingsError) as error:
        document_of(DiskTree(tmp_path), version)
    assert stopped(error) == wanted


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"[]", "does not hold the data of an agreement"),
        (b"{", "does not hold the data of an agreement"),
        (canonical(DATA).replace(b",", b", "), "does not hold the data of an agreement"),
        (canonical({**DATA, "id": "finch"}), "is not the data that the record tells of"),
    ],
)
def test_data_with_their_hash_must_still_be_those_of_the_record(tmp_path: Path, data: bytes, wanted: str) -> None:
    version = put_version(tmp_path, data=data)
    with pytest.raises(FindingsError) as error:
        data_of(DiskTree(tmp_path), version)
    assert stopped(error) == wanted


def test_a_sent_text_is_that_of_its_turn(tmp_path: Path) -> None:
    put_turn(tmp_path)
    tree = DiskTree(tmp_path)
    assert read_turns(tree, "wren") == ((TURN,), ())
    assert sent_document(tree, TURN) == DOCUMENT
    for other in (replace(TURN, version="1.1"), replace(TURN, text="ab")):
        with pytest.raises(FindingsError) as error:
            sent_document(tree, other)
        assert stopped(error) == f"has not the text whose fingerprint is {other.text[:12]}"


def test_what_stands_among_the_turns_and_is_none_is_told(tmp_path: Path) -> None:
    for number in (2, 4):
        put_turn(tmp_path, replace(TURN, number=number), None)
    put(tmp_path, f"{TURNS}/0003.yaml", b"format: clausebook-turn/2\n")
    for name in ("0002.json", "0005.json", "0006.txt", "12.json", "notes.json", "notes.txt"):
        put(tmp_path, f"{TURNS}/{name}", b"{}")
    found, findings = read_turns(DiskTree(tmp_path), "wren")
    assert [each.number for each in found] == [2, 4]
    assert [(each.path.rpartition("/")[2], each.rule) for each in findings] == [
        ("0003.yaml", "core/format-unknown"),
        ("0006.txt", "core/record-stray"),
        ("12.json", "core/record-stray"),
        ("notes.json", "core/record-stray"),
        ("notes.txt", "core/record-stray"),
        ("0005.json", "core/record-damaged"),
        ("0001.yaml", "core/record-damaged"),
    ]


def test_line_ends_of_a_checkout_are_of_no_account_in_a_hash() -> None:
    expected = hashlib.sha256(b"a\nb\n").hexdigest()
    assert [is_hash_of(expected, content) for content in (b"a\nb\n", b"a\r\nb\r\n", b"a\rb\r", b"a\nb\nc\r\n")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("version", "can"), [("1.0", True), ("a-1_2", True), ("", False), ("1.", False), (".1", False), ("1/2", False)]
)
def test_which_versions_can_name_a_folder(version: str, can: bool) -> None:
    assert can_name_a_folder(version) is can
