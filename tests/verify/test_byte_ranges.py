"""What a signature covers of a file, byte by byte: all of a revision but its own value, and nothing else will do."""

from __future__ import annotations

import zlib

import pytest

from clausebook.verify.integrity import byte_ranges
from clausebook.verify.integrity.byte_ranges import (
    Coverage,
    Fault,
    appended,
    coverage,
    signed_ranges,
    swollen,
    unreadable,
    value_of,
)

HEAD, VALUE, TAIL = b"%PDF-1.7\n/Contents ", b"<0a0B00>", b"\nstartxref\n5\n%%EOF\n"
FILE = HEAD + VALUE + TAIL
GAP, AFTER, END = len(HEAD), len(HEAD + VALUE), len(FILE)
CONTENTS = b"\x0a\x0b\x00"
OUTSIDE = "The ranges of bytes that it covers do not lie in this file."
NOT_ITS_OWN = "The gap in what it covers is not its own value."


def test_all_but_its_own_value_is_covered() -> None:
    assert coverage(FILE, [0, GAP, AFTER, END - AFTER], CONTENTS) == Coverage(GAP, AFTER, END)
    longer = FILE + b"a later revision"
    assert coverage(longer, [0, GAP, AFTER, END - AFTER], CONTENTS) == Coverage(GAP, AFTER, END)


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        ([0, GAP, AFTER], "its ranges of bytes are not two"),
        ([0, 4, 8, GAP - 8, AFTER, END - AFTER], "its ranges of bytes are not two"),
        ([1, GAP - 1, AFTER, END - AFTER], OUTSIDE),
        ([0, 0, AFTER, END - AFTER], OUTSIDE),
        ([0, -1, AFTER, END - AFTER], OUTSIDE),
        ([0, AFTER, AFTER, END - AFTER], OUTSIDE),
        ([0, GAP, END, 0], OUTSIDE),
        ([0, GAP, AFTER, END - AFTER + 1], OUTSIDE),
        ([0, GAP - 1, AFTER, END - AFTER], NOT_ITS_OWN),
        ([0, GAP, AFTER + 1, END - AFTER - 1], NOT_ITS_OWN),
        ([0, GAP, AFTER, END - AFTER - 2], "It covers only a part of the file."),
    ],
)
def test_other_ranges_are_refused(ranges: list[int], said: str) -> None:
    with pytest.raises(Fault, match=said):
        coverage(FILE, ranges, CONTENTS)


@pytest.mark.parametrize(
    "value", [b"(0a0B00>", b"<0a0B00)", b"<0a0B0>", b"<0a0x00>", b"<0a0B01>", b"<0a 0B0>", b"<0a0B0000>"]
)
def test_a_gap_that_holds_something_else_is_refused(value: bytes) -> None:
    data = HEAD + value + TAIL
    after = len(HEAD + value)
    with pytest.raises(Fault, match=NOT_ITS_OWN):
        coverage(data, [0, GAP, after, len(data) - after], CONTENTS)


@pytest.mark.parametrize("tail", [b"\nstartxref\n5\n%%EOF", b"\nstartxref 5\r\n%%EOF\r\n", b"\nstartxref\t5\n%%EOF \r"])
def test_a_revision_ends_as_one(tail: bytes) -> None:
    data = HEAD + VALUE + tail
    assert coverage(data, [0, GAP, AFTER, len(tail)], CONTENTS).stop == len(data)


# The value


@pytest.mark.parametrize(
    ("contents", "value"),
    [
        (b"\x30\x03abc", b"\x30\x03abc"),
        (b"\x30\x03abc\0\0\0", b"\x30\x03abc"),
        # Of indefinite length.
        (b"\x30\x80\x04\x01a\0\0\0\0", b"\x30\x80\x04\x01a\0\0"),
    ],
)
def test_a_value_ends_where_it_says(contents: bytes, value: bytes) -> None:
    assert value_of(contents) == value


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        (b"", "empty, or cut off"),
        (b"\0\0\0", "empty, or cut off"),
        (b"\x04\x03abc", "empty, or cut off"),
        (b"\x30\x09abc", "empty, or cut off"),
        (b"\x30\x03abc\0x", "Something stands in its gap beside its value"),
    ],
)
def test_what_is_no_value_is_refused(contents: bytes, said: str) -> None:
    with pytest.raises(Fault, match=said):
        value_of(contents)


# What follows


NO_REVISION = "5 bytes follow what was signed, and they are no proper revision of the file"


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (b"", ""),
        (b" \t\r\n", ""),
        (b"\nmore", NO_REVISION),
        (b"1 0 obj\nstartxref\n%d\n%%%%EOF\n" % END, ""),
        (b"1 0 obj\nstartxref\n%d\n%%%%EOF\n" % (END + 1), ""),
        # Whoever follows the pointer does not come to what was appended.
        (b"1 0 obj\nstartxref\n%d\n%%%%EOF\n" % (END - 1), "and they are no part of the document"),
    ],
)
def test_what_follows_the_last_signed_byte(rest: bytes, said: str) -> None:
    found = appended(FILE + rest, END)
    assert found.endswith(said)
    assert bool(found) is bool(said)


# What looks like a signature


@pytest.mark.parametrize(
    ("ranges", "found"),
    [
        ("[0 {gap} {after} 9]", True),
        ("[ 0\n{gap}\t{after} 9 ]", True),
        ("[0 0 {after} 9]", False),
        ("[0 {after} {after} 9]", False),
        ("[0 {gap} 99999 9]", False),
        ("[0 {more} {after} 9]", False),
        ("[0 {gap} {less} 9]", False),
        ("[1 {gap} {after} 9]", False),
    ],
)
def test_every_signature_of_a_file_is_found_by_its_ranges(ranges: str, found: bool) -> None:
    told = ranges.format(gap=GAP, after=AFTER, more=GAP + 1, less=AFTER - 1)
    data = FILE + b"/ByteRange " + told.encode()
    assert signed_ranges(data) == ({(GAP, AFTER, 9)} if found else set())


def test_a_value_has_a_beginning_before_its_end() -> None:
    data = b"/ByteRange [0 31 31 0]        ><"
    assert (data[30:31], data[31:32]) == (b">", b"<")
    assert signed_ranges(data) == set()
    assert signed_ranges(b"<>/ByteRange [0 0 2 9]") == set()


def test_a_value_may_end_with_the_file() -> None:
    data = b"/ByteRange [0 31 33 0]        " + b" <>"
    assert signed_ranges(data) == {(31, 33, 0)}


# What is not read at all


@pytest.mark.parametrize(
    ("limit", "data", "said"),
    [
        ("MAX_BYTES", b"%PDF-x", "The file is larger than"),
        ("MAX_REVISIONS", b"%PDF-" + b"startxref" * 6, "The file was written more than 6 times."),
        ("MAX_SIGNATURES", b"%PDF-" + b"/ByteRange" * 6, "The file has more than 6 signatures."),
    ],
)
def test_as_much_as_may_be_is_read_and_no_more(
    limit: str, data: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(byte_ranges, limit, 6)
    assert unreadable(data) == ""
    assert unreadable(data + b"/ByteRange" + b"startxref").startswith(said)


def test_what_does_not_begin_like_a_pdf_is_none() -> None:
    assert unreadable(b"\n%PDF-1.7") == "This is no PDF: it does not begin like one."


UNSAFE = "The file keeps its objects in a way that cannot be read safely."
SWELLS = "The file swells beyond measure when it is read."


def stored(content: bytes, said: bytes = b"/Type/ObjStm/First 9/Filter/FlateDecode") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<<" + said + b">>\nstream\n" + content + b"\nendstream\nendobj\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (stored(zlib.compress(b"0" * 99)), ""),
        (stored(zlib.compress(b"0" * 100)), SWELLS),
        (stored(zlib.compress(b"0" * 60)) * 2, SWELLS),
        (stored(zlib.compress(b"0" * 49)) * 2, ""),
        # What holds no objects may be as long as it likes, and what is not packed is as long as the file.
        (stored(zlib.compress(b"0" * 999), b"/Filter/FlateDecode"), ""),
        (stored(b"0" * 999, b"/Type/ObjStm"), ""),
        (stored(b"no packet"), ""),
        (
            stored(b"", b"/Type/ObjStm/Filter/LZWDecode"),
            UNSAFE,
        ),
        (
            stored(b"", b"/Type/ObjStm/Filter[/FlateDecode/FlateDecode]"),
            UNSAFE,
        ),
        (
            stored(zlib.compress(b"0" * 100), b"/W[1 2]/Filter [ /FlateDecode ]"),
            SWELLS,
        ),
        (
            stored(zlib.compress(b"0" * 100), b"/Type/Obj#53tm/#46ilter/FlateDecode"),
            SWELLS,
        ),
    ],
)
def test_where_a_file_keeps_its_objects_is_unpacked_within_bounds(
    data: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(byte_ranges, "_MAX_STORES", 100)
    assert swollen(data) == said
    assert unreadable(data) == said
