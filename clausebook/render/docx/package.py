"""The zip package around the parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from clausebook.render.docx.look import CONTENT_TYPES, DOCUMENT, PACKAGE_RELATIONSHIPS
from clausebook.render.docx.markup import escape

_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FIRST = (CONTENT_TYPES, PACKAGE_RELATIONSHIPS, DOCUMENT)


def zip_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts as a zip file whose bytes depend on nothing else.

    Parts are stored, not deflated: compressors give different bytes from one machine to another.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for name in (*_FIRST, *sorted(set(parts) - set(_FIRST))):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 0
            package.writestr(entry, parts[name])
    return buffer.getvalue()


def with_links(part: str, links: Mapping[str, str]) -> str:
    """Return a part of relationships with links, whose ids are given by address."""
    new = "".join(
        f'<Relationship Id="{number}" Type="{_HYPERLINK}" Target="{escape(address)}" TargetMode="External"/>'
        for address, number in links.items()
    )
    return part.replace("</Relationships>", new + "</Relationships>")
