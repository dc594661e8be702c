"""An executed text is held against what was signed, whatever became of the looks since."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.document.outgoing import outgoing
from clausebook.findings.model import FindingsError
from clausebook.language.sandbox import Sandbox
from clausebook.verify.repository import Texts
from tests.support.executed_repositories import record
from tests.support.repositories import nda_repository

AGREEMENT = "sparrow-finch"
SIGNED = f"agreements/executed/{AGREEMENT}/1.0/signed.pdf"

pytestmark = pytest.mark.slow("a record is written, and its text laid out")


def test_what_was_signed_is_what_is_compared_though_the_look_has_changed(tmp_path: Path) -> None:
    root = nda_repository(tmp_path)
    look = root / "templates" / "pdf" / "common.typ"
    with Sandbox() as sandbox:
        record(root, AGREEMENT, "2026-11-12", sandbox)
        signed = (root / SIGNED).read_bytes()
        text = look.read_text(encoding="utf-8")
        assert "leading: 0.62em" in text
        look.write_text(text.replace("leading: 0.62em", "leading: 0.7em"), encoding="utf-8")
        original = next(Texts(root, sandbox).find(AGREEMENT, "1.0"))
        assert original.lay_out(outgoing(original.document), None) == signed.rstrip()


def test_a_record_whose_file_was_changed_is_compared_with_nothing(tmp_path: Path) -> None:
    root = nda_repository(tmp_path)
    with Sandbox() as sandbox:
        record(root, AGREEMENT, "2026-11-12", sandbox)
        original = next(Texts(root, sandbox).find(AGREEMENT, "1.0"))
        (root / SIGNED).write_bytes((root / SIGNED).read_bytes() + b"\n")
        with pytest.raises(FindingsError):
            original.lay_out(outgoing(original.document), None)
