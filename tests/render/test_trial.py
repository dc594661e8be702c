"""What is known of the looks and of the fonts before an agreement is laid out."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebook.findings.characters import hidden_characters
from clausebook.findings.model import Finding
from clausebook.render.pdf import coverage
from clausebook.render.pdf.glyphs import MissingGlyphs
from clausebook.render.pdf.writer import render_pdf
from clausebook.render.proven_file import glyph_findings
from clausebook.render.trial import look_findings, sample, unshown
from tests.support.look_edits import DOCX_BAD, DOCX_GOOD, PDF_BAD, PDF_GOOD, PDF_MORE
from tests.support.repositories import ROOT
from tests.support.sample_documents import sample as whole
from tests.support.tiers import examples, sampled

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


@pytest.mark.slow("the trial is rich enough to find what a look does to a contract, and finds nothing else")
@pytest.mark.parametrize(
    "name", sampled(PDF_BAD, [each for each in PDF_BAD if each.endswith("the phrase")], "all ways")
)
def test_a_trial_finds_what_changes_or_hides_words_of_the_pdf(tmp_path: Path, name: str) -> None:
    assert trial_findings(tmp_path, "pdf/agreement.typ", ("#contract(", PDF_BAD[name] + "#contract(")), name


@pytest.mark.slow("the trial is rich enough to find what a look does to a contract, and finds nothing else")
@pytest.mark.parametrize("name", sampled(PDF_GOOD, list(PDF_GOOD)[::3], "every harmless change"))
def test_a_trial_refuses_no_other_look_of_the_pdf(tmp_path: Path, name: str) -> None:
    edits = [PDF_GOOD[name], *([PDF_MORE[name]] if name in PDF_MORE else [])]
    assert trial_findings(tmp_path, "pdf/common.typ", *edits) == []


@pytest.mark.parametrize("name", sampled(DOCX_BAD, list(DOCX_BAD)[::9], "every way in every place"))
def test_a_trial_finds_what_changes_or_hides_words_of_word_files(tmp_path: Path, name: str) -> None:
    part, place, more = DOCX_BAD[name]
    assert trial_findings(tmp_path, f"docx/reference/{part}", (place, place + more)), name


@pytest.mark.parametrize("name", sampled(DOCX_GOOD, list(DOCX_GOOD)[::3], "every harmless change"))
def test_a_trial_refuses_no_other_look_of_word_files(tmp_path: Path, name: str) -> None:
    part, *edit = DOCX_GOOD[name]
    assert trial_findings(tmp_path, f"docx/reference/{part}", tuple(edit)) == []


def trial_findings(root: Path, file: str, *edits: tuple[str, ...]) -> list[Finding]:
    """Return what a trial says of a look of this repository with some of a file's text replaced."""
    name = file.partition("/")[0]
    shutil.copytree(ROOT / "templates" / name, root / "templates" / name)
    place = root / "templates" / file
    text = place.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    place.write_text(text, encoding="utf-8")
    return list(look_findings(root, [name]))
