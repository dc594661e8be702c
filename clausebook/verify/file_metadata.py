"""Whether a document says the same about itself: its title, language and standards; only dates may move."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pikepdf

from clausebook.verify.file_form import entries

_DATED_INFORMATION = {"/ModDate", "/Producer"}
_DATED_METADATA = {
    "{http://ns.adobe.com/xap/1.0/}ModifyDate",
    "{http://ns.adobe.com/xap/1.0/}MetadataDate",
    "{http://ns.adobe.com/xap/1.0/mm/}InstanceID",
    "{http://ns.adobe.com/xap/1.0/mm/}History",
    "{http://ns.adobe.com/pdf/1.3/}Producer",
}
_MAX_METADATA = 1 << 20
_DATES = "The date of the last change was set"

Verdict = tuple[bool, str]
"""Whether it may be, and in words what changed; "" if nothing did."""


def same_information(before: pikepdf.Object | None, after: pikepdf.Object | None) -> Verdict:
    """Compare two document information dictionaries."""
    one, other = _values(before), _values(after)
    if one == other:
        return True, ""
    moved = {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
    if moved <= _DATED_INFORMATION:
        return True, _DATES
    return False, f"The document's properties were changed ({', '.join(sorted(key[1:] for key in moved))[:80]})"


def same_metadata(before: pikepdf.Object | None, after: pikepdf.Object | None) -> Verdict:
    """Compare two XMP packets."""
    one, other = _read(before), _read(after)
    if one == other:
        return True, ""
    if one is not None and other is not None and _told(one) == _told(other):
        return True, _DATES
    return False, "The document's metadata was changed"


def _values(value: pikepdf.Object | None) -> dict[str, bytes]:
    return {key: item.unparse(resolved=True) for key, item in entries(value).items()}


def _read(value: pikepdf.Object | None) -> bytes | None:
    if not isinstance(value, pikepdf.Stream):
        return None
    if "/Filter" in value.stream_dict and len(value.read_raw_bytes()) > _MAX_METADATA:
        raise ValueError("its metadata is too long")
    return value.read_bytes()


def _told(packet: bytes) -> list[tuple[str, str, tuple[tuple[str, str], ...]]] | bytes:
    """Return what a packet tells, element by element, without what may move; the packet itself if it is none."""
    if len(packet) > _MAX_METADATA or re.search(rb"<!(DOCTYPE|ENTITY)", packet):
        return packet
    try:
        root = ElementTree.fromstring(packet)  # no entities: refused above
    except ElementTree.ParseError:
        return packet
    told = []
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag in _DATED_METADATA:
            continue
        attributes = sorted((key, value) for key, value in element.attrib.items() if key not in _DATED_METADATA)
        told.append((element.tag, (element.text or "").strip(), tuple(attributes)))
        waiting += reversed(list(element))
    return told
