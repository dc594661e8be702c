"""Write a PDF of Typst's anew with some objects changed and some added: one revision, all else byte for byte.

Saving through a PDF library writes every object again, which takes longer than all the rest of the work on
fields; here only the table of places is made anew.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_TABLE = re.compile(rb"xref\n0 (\d+)\n")
_TRAILER = re.compile(rb"trailer\s*<<(.*)>>\s*startxref", re.DOTALL)
_NAMED = re.compile(rb"/Size \d+|/ID\s*\[[^\]]*\]")
_ENTRY = 20


class UnknownForm(Exception):
    """The file is not written as Typst writes files."""


@dataclass(frozen=True, slots=True)
class Written:
    """A PDF as Typst writes it: the place of each object by its number (0 is none), and where its table begins."""

    data: bytes
    places: tuple[int, ...]
    table: int
    trailer: bytes


def read(data: bytes) -> Written:
    """Return the places of a file's objects. Raise UnknownForm if it is not written as Typst writes files."""
    found = _START.search(data, max(0, len(data) - 100))
    start = int(found[1]) if found else -1
    table = _TABLE.match(data, start) if found else None
    trailer = _TRAILER.search(data, start) if found else None
    if not table or not trailer:
        raise UnknownForm("it has no table of places as Typst writes it")
    first, count = table.end(), int(table[1])
    entries = data[first : first + count * _ENTRY]
    if entries[17::_ENTRY] != b"f" + b"n" * (count - 1):
        raise UnknownForm("its table of places has holes")
    places = [0, *map(int, entries.split()[3::3])]
    if places != sorted(places):
        raise UnknownForm("its objects do not stand in the order of their numbers")
    return Written(data, tuple(places), start, trailer[1])


def splice(written: Written, objects: Mapping[int, bytes]) -> bytes:
    """Return the PDF with those objects, by number: the bytes that stand between `obj` and `endobj`.

    Numbers that the file has are replaced, higher ones are added; they must leave no gap. The file's id is new.
    """
    data, places = written.data, written.places
    count = len(places)
    changed = sorted(number for number in objects if number < count)
    added = sorted(number for number in objects if number >= count)
    if added != list(range(count, count + len(added))):
        raise UnknownForm("the numbers of new objects leave a gap")
    new = {number: b"%d 0 obj\n%b\nendobj\n" % (number, content) for number, content in objects.items()}
    parts: list[bytes] = []
    entries: list[bytes] = []
    before, end, shift = 1, 0, 0
    for number in (*changed, count):
        last = number == count
        place = written.table if last else places[number]
        parts.append(data[end:place])
        # Up to the changed object itself all have moved by as much as those before it grew.
        entries += [b"%010d 00000 n \n" % (each + shift) for each in places[before : number + 1]]
        if not last:
            following = places[number + 1] if number + 1 < count else written.table
            parts.append(new[number])
            shift += len(new[number]) - (following - place)
            before, end = number + 1, following
    total = written.table + shift
    for number in added:
        entries.append(b"%010d 00000 n \n" % total)
        parts.append(new[number])
        total += len(new[number])
    # The old id tells what the file was, the rest what became of it.
    told = hashlib.sha256(b"".join((written.trailer, *(new[number] for number in (*changed, *added)))))
    mark = base64.b64encode(told.digest()[:16])
    size = count + len(added)
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    parts += entries
    ending = b"trailer\n<</Size %d%b/ID[(%b)(%b)]>>\nstartxref\n%d\n%%%%EOF"
    parts.append(ending % (size, _NAMED.sub(b"", written.trailer), mark, mark, total))
    return b"".join(parts)
