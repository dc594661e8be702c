"""Whether a document says the same about itself: its title, language and standards; only dates may move."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pikepdf

from clausebook.verify.integrity.form import content_of, entries, plain

_DATED_INFORMATION = {"/ModDate", "/Producer"}
_DATED_METADATA = {
    "{http://ns.adobe.com/xap/1.0/}ModifyDate",
    "{http://ns.adobe.com/xap/1.0/}MetadataDate",
    "{http://ns.adobe.com/xap/1.0/mm/}InstanceID",
    "{http://ns.adobe.com/xap/1.0/mm/}History",
    "{http://ns.adobe.com/pdf/1.3/}Producer",
}
_MAX_METADATA = 1 << 20


def information_changed(before: pikepdf.Object | None, after: pikepdf.Object | None) -> list[str]:
    """Return which entries of the document's information differ, but for dates."""
    one, other = _values(before), _values(after)
    moved = {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
    return sorted(plain(key[1:]) for key in moved - _DATED_INFORMATION)


def metadata_changed(before: pikepdf.Object | None, after: pikepdf.Object | None) -> bool:
    """Tell whether two XMP packets say different things, but for dates."""
    one, other = _read(before), _read(after)
    if one is None or other is None:
        return one is not other
    return one != other and _told(one) != _told(other)


def _values(value: pikepdf.Object | None) -> dict[str, bytes]:
    return {key: item.unparse(resolved=True) for key, item in entries(value).items()}


def _read(value: pikepdf.Object | None) -> bytes | None:
    if not isinstance(value, pikepdf.Stream):
        return None
    return content_of(value, _MAX_METADATA)


def _told(packet: bytes) -> list[tuple[str, str, tuple[tuple[str, str], ...]]] | bytes:
    """Return what a packet tells, element by element, without what may move; the packet itself if it is none."""
    if b"\0" in packet or re.search(rb"<!(DOCTYPE|ENTITY)", packet):
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
