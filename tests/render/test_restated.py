"""What a restated copy says of itself, in every format and by every look."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import Clause, Document, Paragraph, Restated, Run
from clausebook.document.presented import presented
from clausebook.document.words import words
from clausebook.render.files import render_files
from tests.support.reading import WORDS, render_all
from tests.support.repositories import ROOT
from tests.support.sample_documents import sample

MARK, NOTICE, UNSIGNED = "Copy <1> & *2*", "# Restated \\as of {day} <b>today</b>.", "[No](lines) to sign on."


def copy(document: Document | None = None) -> Document:
    return replace(document or sample(), restated=Restated(MARK, NOTICE, UNSIGNED))


def test_every_format_has_the_words_of_the_copy_whatever_they_are() -> None:
    shown = presented(copy())
    assert shown.signatures == ()
    text = " ".join(words(shown))
    assert f"{shown.title} {MARK} {NOTICE} " in text
    assert f" {UNSIGNED} " in text
    for name, content in render_all(copy(), ROOT).items():
        assert WORDS[name](content) == words(shown), name


def test_only_the_copy_has_a_notice() -> None:
    document = sample()
    assert presented(document) is document
    assert fingerprint(copy()) == fingerprint(document)
    assert words(copy()) == words(document)


def test_a_text_without_closing_or_signature_lines() -> None:
    bare = replace(sample(), closing=None)
    assert UNSIGNED in " ".join(words(presented(copy(bare))))
    assert WORDS["pdf"](render_all(copy(bare), ROOT)["pdf"]) == words(presented(copy(bare)))
    nobody = replace(bare, signatures=())
    assert UNSIGNED not in " ".join(words(presented(copy(nobody))))


def test_the_notice_stands_before_the_contents_and_the_opening() -> None:
    opening = Clause("opening", "", "", (Paragraph((Run("This Agreement is made."),)),))
    found = words(presented(copy(replace(sample(), opening=opening))))
    assert found.index("Restated") < found.index("made.")


@pytest.mark.slow("each look is laid out and read back")
@pytest.mark.parametrize("name", ["docx", "pdf"])
def test_a_look_of_before_shows_the_notice_too(name: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates", ignore=shutil.ignore_patterns("partnership", "site"))
    if name == "docx":
        path = tmp_path / "templates" / "docx" / "reference" / "word" / "document.xml"
        text = path.read_text(encoding="utf-8")
        assert text.count("<!--front-->\n") == 1
        path.write_text(text.replace("<!--front-->\n", ""), encoding="utf-8")
    else:
        path = tmp_path / "templates" / "pdf" / "common.typ"
        text = path.read_text(encoding="utf-8")
        assert text.count('it.at("front", default: false)') == 1
        path.write_text(text.replace('it.at("front", default: false)', "false"), encoding="utf-8")
    (content,) = render_files(copy(), tmp_path, (name,)).values()
    assert WORDS[name](content) == words(presented(copy()))
