"""What is known of the looks and of the fonts before an agreement is laid out."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebook.findings.characters import hidden_characters
from clausebook.render.files import glyph_findings
from clausebook.render.pdf import coverage
from clausebook.render.pdf.glyphs import MissingGlyphs
from clausebook.render.pdf.writer import render_pdf
from clausebook.render.trial import look_findings, sample, unshown
from tests.support.repositories import ROOT
from tests.support.sample_documents import sample as whole
from tests.support.tiers import examples

LOOK = ROOT / "templates" / "pdf"

LETTERS = st.one_of(
    st.characters(min_codepoint=0x20, max_codepoint=0x24F),
    st.characters(min_codepoint=0x300, max_codepoint=0x36F),
    st.characters(min_codepoint=0x370, max_codepoint=0x7FF),
    st.characters(min_codepoint=0x900, max_codepoint=0x33FF, exclude_categories=("Cn", "Cs", "Co")),
    st.sampled_from("漢字😀①✓☐ﬁ"),
)
TEXTS = st.text(LETTERS, min_size=1, max_size=12).filter(lambda text: not any(hidden_characters(text, returns=True)))


@settings(max_examples=examples(60))
@given(TEXTS)
def test_what_is_said_to_be_shown_is_shown(text: str) -> None:
    """Base letters and their accents, in any order: the layout refuses nothing that was let through."""
    document = replace(sample(), title=f"x {text}", kind=text)
    refused: tuple[str, ...] = ()
    try:
        render_pdf(document, LOOK)
    except MissingGlyphs as error:
        refused = error.characters
    assert bool(unshown(ROOT, document)) == bool(refused), refused


def test_the_letters_of_most_agreements_are_shown_and_need_no_table() -> None:
    render_pdf(sample(coverage.usual_letters()), LOOK)
    assert coverage.doubtful("“Žižkov” – naïve façade, 5 € §") == ()


def test_accents_stay_with_their_letters() -> None:
    assert coverage.doubtful("x\u0302 漢 漢 Ж") == ("x\u0302", "漢")


def test_the_looks_of_this_repository_are_whole() -> None:
    assert list(look_findings(ROOT)) == []


@pytest.mark.parametrize("name", ["pdf", "docx"])
def test_a_missing_look_is_told_once(tmp_path: Path, name: str) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates", ignore=shutil.ignore_patterns("partnership", "site"))
    shutil.rmtree(tmp_path / "templates" / name)
    [finding] = look_findings(tmp_path)
    assert (finding.rule, finding.path) == ("core/render-failed", f"templates/{name}")
    assert list(look_findings(tmp_path, [each for each in ("pdf", "docx") if each != name])) == []


@pytest.mark.slow("both looks are tried, edited and tried again")
@pytest.mark.parametrize("part", ["pdf/agreement.typ", "docx/reference/word/styles.xml"])
def test_an_edit_of_a_look_counts_in_the_same_process(tmp_path: Path, part: str) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates", ignore=shutil.ignore_patterns("partnership", "site"))
    assert list(look_findings(tmp_path)) == []
    place = tmp_path / "templates" / part
    good = place.read_bytes()
    place.unlink()
    [finding] = look_findings(tmp_path)
    assert finding.path == f"templates/{part[: part.index('/')]}"
    place.write_bytes(good)
    assert list(look_findings(tmp_path)) == []


def test_a_value_is_told_once_with_all_its_letters() -> None:
    document = replace(whole("雀地図 雀"), title="A 議 title", version="1 漢")
    lacking = unshown(ROOT, document)
    assert set(lacking) == set("地図漢議雀")
    found = {
        finding.pointer: finding.message
        for finding in glyph_findings(document, MissingGlyphs(lacking), lambda _: ("", 0, 0))
    }
    assert set(found) == {"/title", "/version", "/parties/0/legal_name"}
    assert all(letter in found["/parties/0/legal_name"] for letter in "雀地図")
    assert "議" not in found["/parties/0/legal_name"]
