"""A contract in another language: all that the program says in it, in all four formats, and what is refused."""

from __future__ import annotations

import io
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import tostring

import pikepdf
import pytest

from clausebook.compare.changes_only import excerpt
from clausebook.compare.documents import compare
from clausebook.document.model import Document
from clausebook.document.walk import map_document
from clausebook.document.words import words
from clausebook.formats import locale_words
from clausebook.project.project import Project, all_findings
from clausebook.render.html import render_html_file
from clausebook.render.redline.formats import REDLINES, RedlineOptions
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.text import render_text
from tests.support.docx_reader import docx_part
from tests.support.reading import WORDS, render_all
from tests.support.repositories import ROOT, type_repository

FILES = sorted(Path(locale_words.__file__).parent.glob("*.toml"))
TEXT = (
    "Geheimhaltungsvereinbarung Gespräche über einen Atlas der Gartenvögel Zwischen Spatz Kartographie GmbH, Fink "
    "& Töchter KG und Stiftung Meisenhain wird ab dem 1. März 2027 vereinbart: § 1 Schutz der Informationen (1) "
    "Geheimhaltung Spatz, Fink und Meisenhain behandeln Vertrauliche Informationen 3 Jahre und 6 Monate lang "
    "vertraulich, soweit Absatz (2) nichts anderes bestimmt. Zweck ist, zu prüfen, ob der Atlas gemeinsam "
    "herausgegeben wird; ein ‚stillschweigender‘ Verzicht gilt nicht. Partei Empfänger Vertraulicher "
    "Informationen Spatz die Kartographie Fink das Lektorat, für jeden Probebogen Meisenhain der Vorstand "
    "(2) Ausnahmen § 1 gilt nicht für das, was (a) vorher öffentlich bekannt war, oder (b) dem Empfänger von Dritten "
    "rechtmäßig mitgeteilt wurde. § 2 Rückgabe und Vertragsstrafe (1) Rückgabe Auf Verlangen gibt jede Partei "
    "die Vertraulichen Informationen innerhalb von 14 Tagen zurück. Die 14-tägige Frist beginnt mit dem Verlangen. "
    "Von 1.200 gedruckten Bögen darf sie 12,5 % behalten. Wer dagegen verstößt, zahlt eine Vertragsstrafe von "
    "12.500,50 EUR an Spatz, Fink oder Meisenhain."
)


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Document]:
    with Project(type_repository(tmp_path_factory.mktemp("german"), "geheimhaltung")) as project:
        agreements = list(project.assemble_all())
        assert all_findings(project, agreements) == ()
        (agreement,) = agreements
        assert agreement.document
        yield agreement.document


def test_every_language_has_all_words_and_all_marks() -> None:
    said = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in FILES}
    assert {"de", "en"} <= set(said)
    for language, text in said.items():
        # What a text is read by are lists of words, which a language has more or fewer of.
        lists = said["en"]["reading"].keys() ^ text["reading"].keys()
        assert not lists, language
        printed = [{name: value for name, value in each.items() if name != "reading"} for each in (said["en"], text)]
        missing = set(marks(printed[0])) - set(marks(printed[1]))
        assert not missing, language
        assert locale_words.locale_words(f"{language}-XX").cases[:1] == ("noun",)


def marks(said: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the place of each text with the names in its braces."""
    for name, value in said.items():
        for number, each in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(each, dict):
                yield from marks(each, f"{path}/{name}")
            elif isinstance(each, bool):
                yield f"{path}/{name}", ()
            else:
                found = {field for _, field, _, _ in string.Formatter().parse(each) if field}
                yield f"{path}/{name}/{number}", tuple(sorted(found))


@pytest.mark.parametrize(
    ("language", "text", "quoted"),
    [
        ("en", "“Fee” means the sum", "“‘Fee’ means the sum”"),
        ("de", "„Entgelt“ ist die Summe", "„‚Entgelt‘ ist die Summe“"),
    ],
)
def test_marks_within_a_quotation_are_the_inner_ones(language: str, text: str, quoted: str) -> None:
    assert locale_words.locale_words(language).quoted(text) == quoted


def test_a_german_contract_says_all_in_german(german: Document) -> None:
    found = " ".join(words(german)).replace("\u00a0", " ")
    assert found.startswith(TEXT)
    assert "„Partei“ bezeichnet jeden" in found
    assert "auch einen „Entwurf“." in found
    assert "„Probebogen“ bezeichnet" in found


def test_its_words_are_the_same_in_every_format_and_around_them_all_is_german(german: Document) -> None:
    files = render_all(german, ROOT)
    for format_name, data in files.items():
        assert WORDS[format_name](data) == words(german), format_name
    footer, header = (docx_part(files["docx"], f"word/{name}.xml") for name in ("footer", "header"))
    assert re.sub(r"\s+", " ", "".join(footer.itertext())).strip().startswith("vogelatlas · Fassung 1.0 · Text ")
    assert re.search(r"Seite\s*(PAGE)?\s*1\s*von", "".join(footer.itertext()))
    assert 'string="ENTWURF"' in tostring(header, encoding="unicode")
    page = render_html_file(german)
    assert '<html lang="de-DE">' in page
    assert "<title>ENTWURF: " in page
    assert 'aria-label="Unterschriften"' in page


def test_the_pdf_says_around_the_contract_all_in_german(german: Document) -> None:
    files = render_all(german, ROOT)
    with pikepdf.open(io.BytesIO(files["pdf"])) as pdf:
        assert str(pdf.Root.Lang) == "de-DE"
        tips = sorted(str(field.TU) for field in pdf.Root.AcroForm.Fields)
    assert tips[0] == "Datum der Unterschrift von Fink & Töchter KG"
    assert "Unterschrift von Wilma Beispiel, Spatz Kartographie GmbH" in tips


def test_a_record_of_a_time_when_its_language_was_no_question_is_still_shown(german: Document) -> None:
    for format_name, data in render_all(replace(german, language="fr-FR"), ROOT).items():
        assert WORDS[format_name](data) == words(german), format_name


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr-FR", "its words for lists, durations, quotation marks, page numbers and the like are not there"),
        ("xx-YY", "a contract cannot be printed in the language “xx-YY”"),
    ],
)
def test_a_language_without_words_is_refused(tmp_path: Path, language: str, told: str) -> None:
    root = type_repository(tmp_path, "geheimhaltung")
    outline = root / "templates" / "geheimhaltung" / "outline.yaml"
    outline.write_text(outline.read_text(encoding="utf-8").replace("de-DE", language), encoding="utf-8")
    with Project(root) as project:
        (finding,) = [each for each in all_findings(project, list(project.assemble_all())) if each.severity == "error"]
    assert finding.rule == "core/outline-language"
    assert told in finding.message
    assert "de and en" in finding.hint


def test_a_german_redline_says_all_in_german(german: Document) -> None:
    old = map_document(german, lambda run: replace(run, text=run.text.replace("14 Tagen", "10 Tagen")))
    old = map_document(old, lambda run: replace(run, text=run.text.replace("14\u00a0Tagen", "10\u00a0Tagen")))
    line = compare(old, german)
    heading = RedlineHeading.of(line, "Fassung 1.0", "Fassung 1.1")
    found = excerpt(line, heading.changes)
    heading = replace(heading, excerpt=found)
    said = render_text(found.redline, heading)
    assert "Änderungsvergleich: Gespräche über einen Atlas der Gartenvögel" in said
    assert "Auszug: Er zeigt das Geänderte" in said
    assert "1. (1) Rückgabe: umformuliert: „10 Tagen“ → „14 Tagen“" in said.replace("\u00a0", " ")
    assert said.rstrip().endswith("1 Änderung. Sonst hat sich am Text nichts geändert.")
    english = locale_words.locale_words("en").redline
    whole = "".join(
        REDLINES[name](found.redline, heading, RedlineOptions()).decode() for name in ("text", "markdown", "html")
    )
    for name, pattern in english.items():
        plain = max(re.split(r"\{\w+\}", pattern), key=len).strip() if isinstance(pattern, str) else ""
        if len(plain) > 12:
            assert plain not in whole, name


def test_a_redline_speaks_the_language_of_the_new_side(german: Document) -> None:
    english = replace(german, language="en-US")
    assert RedlineHeading.of(compare(english, german), "a", "b").said.redline["title"] == "Änderungsvergleich"
    assert RedlineHeading.of(compare(german, english), "a", "b").said.redline["title"] == "Redline"
