"""Files packed into one archive, which can be kept and sent; the same ones give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_LONG_PAST = (1980, 1, 1, 0, 0, 0)
_SMALL = (".pdf", ".docx", ".png")
"""Files that are packed already."""


class Archive:
    """Files by path, as `archive_of` packed them. Raises ValueError if it is damaged."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except zipfile.BadZipFile as error:
            raise ValueError(f"it is no archive of this program's: {error}") from error

    def file(self, path: str) -> bytes:
        """Return a file by its path."""
        return self._archive.read(path)

    def text(self, path: str) -> str:
        """Return a file of text by its path."""
        return self.file(path).decode()

    def files(self) -> Mapping[str, bytes]:
        """Return all files by path, in the order in which they were packed."""
        return {path: self.file(path) for path in self._archive.namelist()}


def archive_of(members: Mapping[str, bytes]) -> bytes:
    """Return files, by path, as one archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            kind = zipfile.ZIP_STORED if name.endswith(_SMALL) else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, _LONG_PAST), content, kind, 1)
    return stream.getvalue()
