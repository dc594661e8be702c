"""What the guide tells of narrow words: an amendment as it was signed, and what the formulas say of it today."""

from __future__ import annotations

from collections.abc import Iterable

from clausebook.amending.amendment_chain import chain
from clausebook.amending.narrow_steps import reads
from clausebook.amending.operative import operative_clauses
from clausebook.amending.wording import load_wording
from clausebook.document.model import Clause
from clausebook.document.walk import texts_of
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from clausebook.records.record_files import document_of
from clausebook.repository.tree import DiskTree
from tests.support.repositories import ROOT

GUIDE = ROOT / "docs" / "amendments.md"
AGREEMENT = "retail-telehealth"


def test_the_guide_shows_the_signed_words_beside_those_of_today() -> None:
    assert "\n".join(_rows()) in GUIDE.read_text(encoding="utf-8")


def _rows() -> Iterable[str]:
    """Yield a row for each instruction of the executed amendment."""
    tree = DiskTree(ROOT)
    amendment = chain(tree, AGREEMENT).amendments[0]
    wording, findings = load_wording(tree, "templates/amendment")
    assert wording, findings
    assert amendment.record
    assert amendment.base
    assert amendment.changes
    with Sandbox() as sandbox:
        kind = Project(ROOT, sandbox).type(amendment.base.type).kind
    assert kind
    told, numbering = amendment.changes.instructions, kind.outline.numbering
    signed = next(each for each in document_of(tree, amendment.record).sections if each.id == wording.section).clauses
    # What is narrow is found in the light of all instructions, so none is told alone.
    today = operative_clauses(amendment.base, told, wording, numbering)
    for one in told:
        identity = f"{wording.section}--{one.do}--{one.new.id if one.action == 'add' else one.place}"
        [then] = [each for each in signed if each.id == identity]
        named = [each for each in today if f"{each.id}--".startswith(f"{identity}--")]
        yield f"| {then.title} | {_said(then)} | {'<br>'.join(map(_said, named))} |".replace("\u00a0", " ")


def _said(clause: Clause) -> str:
    sentence, *below = map(reads, texts_of(clause.blocks))
    count = sum(len(each.split()) for each in below)
    return f"{sentence} *{count} words*"
