"""Of documents that Word wrote, the resolver that judges our redlines gives what their accepted and rejected twins say.

The documents are not part of the project: they are looked for beside it, in `shared/word-files`.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.docx_resolver import W, accept_all, reject_all
from tests.support.repositories import ROOT

FILES = ROOT.parent / "shared" / "word-files"
WAYS = {"Accepted": accept_all, "Rejected": reject_all}
TWINS = sorted(path.name for path in FILES.glob("RP/*ed.docx") if path.stem.endswith(tuple(WAYS)))
ALONE = sorted(path.name for path in FILES.glob("RevTracking/*.docx"))
PARTED = "RP051-Arabic-Rejected.docx"
"""Parts a sentence in two that the marks of its own file make one: its words are the same."""
TEXTS = (f"{W}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t")

pytestmark = pytest.mark.skipif(not TWINS, reason="documents that Word wrote are not there: ../shared/word-files")


def lines(data: bytes) -> list[str]:
    """Return the text of each paragraph that has any."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    found = ["".join(each.text or "" for each in part.iter() if each.tag in TEXTS) for part in root.iter(f"{W}p")]
    return [line for line in found if line.strip()]


@pytest.mark.parametrize("name", TWINS)
def test_resolving_all_gives_the_twin(name: str) -> None:
    stem, _, way = Path(name).stem.rpartition("-")
    got = lines(WAYS[way]((FILES / "RP" / f"{stem}.docx").read_bytes()))
    expected = lines((FILES / "RP" / name).read_bytes())
    if name == PARTED:
        assert "".join(got).split() == "".join(expected).split()
    else:
        assert got == expected


@pytest.mark.parametrize("name", ALONE)
def test_every_kind_of_revision_is_resolved(name: str) -> None:
    data = (FILES / "RevTracking" / name).read_bytes()
    for resolve in WAYS.values():
        assert lines(resolve(data))
