"""The looks of this repository, and looks that differ from them."""

from __future__ import annotations

import shutil
from pathlib import Path

from clausebook.render.docx.look import load_look
from clausebook.repository.tree import DiskTree
from tests.support.repositories import ROOT

LOOK = ROOT / "templates" / "pdf"
DOCX_LOOK = load_look(DiskTree(ROOT))


def changed_look(folder: Path, old: str, new: str, file: str = "common.typ") -> Path:
    """Copy the look of PDFs with some of its text replaced."""
    look = folder / "pdf"
    shutil.copytree(LOOK, look)
    source = (look / file).read_text()
    assert old in source
    (look / file).write_text(source.replace(old, new))
    return look
