"""An agreement's file for an auditor: one ZIP, whose checksums common tools verify, the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from clausebook.findings.model import RepositoryError
from clausebook.formats.csv_text import csv_file
from clausebook.lifecycle.dossier_parts import DossierPart
from clausebook.records.model import AS_SENT
from clausebook.repository.portable_names import DEVICES

MOST_BYTES = 512 << 20
MOST_PARTS = 20_000
"""How much a dossier may hold."""

INDEX, SUMS, README = "index.csv", "SHA256SUMS", "README.txt"

_EPOCH = (1980, 1, 1, 0, 0, 0)
_LONGEST = 100
_UNSAFE = re.compile(r"[^A-Za-z0-9._ ()+=,@-]+")
_HEADINGS = ("path", "what it is", "day", "whose", "sha256", "copy of", "left out")

_LIBRARY = re.compile(rf"(?:.*/)?internal/{AS_SENT}/")
_LIBRARY_SAID = "the library that the agreement was sent with, with its guidance"

_README = """\
The file of the agreement {name}
{line}

{index} lists every file: what it is, of which day, whose, its SHA-256, and which
file of the repository it is a copy of; where that is blank, it was made for this
dossier. {left}

To verify that no file was changed since, open this folder in a terminal.

Linux:     sha256sum -c {sums}
macOS:     shasum -a 256 -c {sums}
Windows:   in PowerShell, both lines:
           $each = {{ $h, $p = $_ -split '  ', 2; "$((Get-FileHash -LiteralPath $p).Hash -eq $h) $p" }}
           Get-Content {sums} | ForEach-Object $each
           Each line must begin with True.

No other program is needed. The checksums tell that the files fit each other;
whether they are the ones that were handed over, the SHA-256 of the ZIP tells,
which the command printed that made it.
"""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier as a ZIP, and how many files it holds and leaves out."""

    content: bytes
    files: int
    left_out: int


def dossier(name: str, parts: Iterable[DossierPart], *, privileged: bool = False) -> Dossier:
    """Return an agreement's file; what is privileged is left out, and listed, unless it is asked for.

    Raises RepositoryError if it is too large.
    """
    placed = _placed(parts)
    inside = [each for each in placed if privileged or not each.privileged]
    out = len(placed) - len(inside)
    rows = [_row(each, left_out=each.privileged and not privileged) for each in placed]
    left = f"{out} files are left out as privileged; the index names them." if out else "Nothing is left out."
    readme = _README.format(name=name, line="=" * (26 + len(name)), index=INDEX, sums=SUMS, left=left)
    files = {README: readme.encode(), INDEX: csv_file(_HEADINGS, _together(rows))} | {
        each.path: each.content for each in inside
    }
    files[SUMS] = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items())
    ).encode()
    top, packed = f"dossier-{name}", io.BytesIO()
    # Stored as they are: what compresses them differs from one machine to the next.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{top}/{path}", _EPOCH)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            package.writestr(entry, files[path])
    return Dossier(packed.getvalue(), len(inside), out)


def _row(part: DossierPart, *, left_out: bool) -> tuple[str, ...]:
    digest = hashlib.sha256(part.content).hexdigest()
    return part.path, part.what, part.day, part.whose, digest, part.source, "privileged" if left_out else ""


def _together(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield the rows, those of a library that is left out in one: its files say nothing of the deal."""
    for folder, group in groupby(rows, _library):
        same = list(group)
        if folder:
            source = same[0][5].partition(f"/{AS_SENT}/")[0]
            yield folder, f"{len(same)} files of {_LIBRARY_SAID}", "", "", "", f"{source}/{AS_SENT}", "privileged"
        else:
            yield from same


def _library(row: tuple[str, ...]) -> str:
    """Return the folder of the library that a row's file lies in, if it is left out."""
    found = _LIBRARY.match(row[0])
    return found[0] if found and row[6] else ""


def _placed(parts: Iterable[DossierPart]) -> list[DossierPart]:
    """Return the parts in order of their paths, each of which every system can have. Raises RepositoryError."""
    placed: list[DossierPart] = []
    taken = {name.casefold() for name in (INDEX, SUMS, README)}
    size = 0
    for part in parts:
        size += len(part.content)
        if size > MOST_BYTES or len(placed) == MOST_PARTS:
            raise RepositoryError(
                f"the dossier would hold more than {MOST_BYTES >> 20} MiB or {MOST_PARTS:,} files",
                "move large files of evidence out, and keep their hashes alone: `kept: false`",
            )
        path = base = "/".join(map(_safe, part.path.split("/")))
        number = 1
        while path.casefold() in taken:
            number += 1
            stem, dot, ending = base.rpartition(".")
            path = f"{stem}-{number}.{ending}" if dot and "/" not in ending else f"{base}-{number}"
        taken.add(path.casefold())
        placed.append(replace(part, path=path))
    return sorted(placed, key=lambda part: part.path)


def _safe(name: str) -> str:
    """Return a name that no system takes for another folder, a device or a program's option; in plain letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() or "file"
    plain = _UNSAFE.sub("_", plain).strip(" .").lstrip("-") or "file"
    if plain.partition(".")[0].rstrip(" ").casefold() in DEVICES:
        plain = f"_{plain}"
    if len(plain) > _LONGEST:
        stem, dot, ending = plain.rpartition(".")
        short = ending[:10] if dot else ""
        plain = f"{(stem if dot else plain)[: _LONGEST - 11].rstrip(' .')}{dot}{short}"
    return plain
