"""The zip package around the parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from clausebook.render.docx.look import CONTENT_TYPES, DOCUMENT, PACKAGE_RELATIONSHIPS

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
