"""What a signature covers of a file, byte by byte, and where the revisions of a file end."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import parser

MAX_BYTES = 64 << 20
MAX_REVISIONS = 200
MAX_SIGNATURES = 100

_END = re.compile(rb"startxref[ \t\r\n]+(\d{1,10})[ \t\r\n]+%%EOF[ \t]*(?:\r\n|\r|\n)?\Z")
_LAST = 64
_STREAM = re.compile(rb">>\s{0,16}stream\r?\n")
_STORE = re.compile(rb"/(?:First|ObjStm|XRef|W)\b")
_FILTER = re.compile(rb"/Filter\s*(/FlateDecode|\[\s*/FlateDecode\s*\])")
_ESCAPE = re.compile(rb"#([0-9a-fA-F]{2})")
_DICTIONARY = 2_000
_MAX_STORES = 64 << 20
_HEX = re.compile(rb"[0-9A-Fa-f]*\Z")
_RANGE = re.compile(rb"/ByteRange[ \t\r\n]*\[[ \t\r\n]*0[ \t\r\n]+(\d{1,10})[ \t\r\n]+(\d{1,10})[ \t\r\n]+(\d{1,10})")


class Fault(Exception):
    """What is wrong with a file or a signature, in plain words; whatever else is raised is a reader's own affair."""


class Unjudged(Fault):
    """Why a signature cannot be judged here: another program may. It is neither good nor broken."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a signature covers: all up to `stop`, but for its own value between `gap` and `after`."""

    gap: int
    after: int
    stop: int


def unreadable(data: bytes) -> str:
    """Say why the bytes cannot be examined as a PDF, or return ""."""
    if len(data) > MAX_BYTES:
        return f"The file is larger than {MAX_BYTES >> 20} MiB."
    if not data.startswith(b"%PDF-"):
        return "This is no PDF: it does not begin like one."
    if data.count(b"startxref") > MAX_REVISIONS:
        return f"The file was written more than {MAX_REVISIONS} times."
    if data.count(b"/ByteRange") > MAX_SIGNATURES:
        return f"The file has more than {MAX_SIGNATURES} signatures."
    return swollen(data)


def swollen(data: bytes) -> str:
    """Say whether the streams in which a PDF keeps its objects would swell beyond measure when read, or return ""."""
    left = _MAX_STORES
    for hit in _STREAM.finditer(data):
        start = max(data.rfind(b"obj", max(0, hit.start() - _DICTIONARY), hit.start()), hit.start() - _DICTIONARY, 0)
        dictionary = _ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), data[start : hit.start()])
        if not _STORE.search(dictionary) or b"/Filter" not in dictionary:
            continue
        if not _FILTER.search(dictionary):
            return "The file keeps its objects in a way that cannot be read safely."
        unpacked = zlib.decompressobj()
        try:
            left -= len(unpacked.decompress(memoryview(data)[hit.end() :], max(left, 1)))
        except zlib.error:
            continue
        if left <= 0:
            return "The file swells beyond measure when it is read."
    return ""


def coverage(data: bytes, byte_range: Sequence[int], contents: bytes) -> Coverage:
    """Return what a signature covers; Fault, in plain words, unless it is all of a revision but its own value."""
    if len(byte_range) != 4:
        raise Fault("It does not cover one file with one gap: its ranges of bytes are not two.")
    start, gap, after, length = byte_range
    stop = after + length
    if start != 0 or not 0 < gap < after < stop <= len(data):
        raise Fault("The ranges of bytes that it covers do not lie in this file.")
    if data[gap : gap + 1] != b"<" or data[after - 1 : after] != b">":
        raise Fault("The gap in what it covers is not its own value.")
    digits = data[gap + 1 : after - 1]
    if len(digits) % 2 or not _HEX.match(digits) or bytes.fromhex(digits.decode()) != contents:
        raise Fault("The gap in what it covers is not its own value.")
    if not _END.search(data[max(0, stop - _LAST) : stop]):
        raise Fault("It covers only a part of the file.")
    return Coverage(gap, after, stop)


def value_of(contents: bytes) -> bytes:
    """Return a signature's value without the zeros that fill its gap; Fault if it is none."""
    try:
        # Also in BER of indefinite length, as PDFBox writes it.
        length = sum(map(len, parser.parse(contents)[3:])) if contents[:1] == b"0" else 0
    except ValueError:
        length = 0
    if not length:
        raise Fault("It is empty, or cut off.")
    if contents[length:].strip(b"\0"):
        raise Fault("Something stands in its gap beside its value.")
    return contents[:length]


def appended(data: bytes, stop: int) -> str:
    """Say what is wrong with what follows the last signed byte, or return "" if it is a proper further revision."""
    rest = data[stop:]
    if not rest.strip(b" \t\r\n"):
        return ""
    end = _END.search(data[-_LAST:])
    if end is None:
        return f"{len(rest):,} bytes follow what was signed, and they are no proper revision of the file"
    if int(end[1]) < stop:
        return f"{len(rest):,} bytes follow what was signed, and they are no part of the document"
    return ""


def signed_ranges(data: bytes) -> set[tuple[int, int, int]]:
    """Return the ranges of bytes of everything in the file that looks like one of its signatures."""
    found = set()
    for hit in _RANGE.finditer(data):
        gap, after, length = int(hit[1]), int(hit[2]), int(hit[3])
        if 0 < gap < after <= len(data) and data[gap : gap + 1] == b"<" and data[after - 1 : after] == b">":
            found.add((gap, after, length))
    return found
