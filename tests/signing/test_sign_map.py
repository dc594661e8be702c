"""Where the fields of a PDF stand, for signing services that take coordinates."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner

from clausebook.cli.main import cli
from clausebook.project.project import Project
from clausebook.reading.form_fields import field_places, places
from clausebook.render.pdf.writer import render_pdf
from clausebook.signing.sign_map import MappedField, as_json, as_text, sign_map
from tests.support.looks import LOOK, changed_look
from tests.support.signature_blocks import signatory, with_signatures

NAME = "innovation-lab"
DOCUMENT = with_signatures(signatory(1, "Ada", "Chief"), signatory(2))


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_pdf(DOCUMENT, LOOK)


def rectangles(data: bytes) -> dict[str, tuple[int, list[float]]]:
    """Return page and rectangle of each field, read without the module that is tested."""
    with pikepdf.open(io.BytesIO(data)) as opened:
        return {
            str(note.T): (number, [float(each) for each in note.Rect])
            for number, page in enumerate(opened.pages, 1)
            for note in page.obj.get("/Annots", ())
            if note.Subtype == "/Widget"
        }


def check(data: dict[str, Any], pdf: bytes) -> None:
    expected = rectangles(pdf)
    assert [each["name"] for each in data["fields"]] == list(expected)
    for each in data["fields"]:
        page, (left, bottom, right, top) = expected[each["name"]]
        assert each["page"] == page
        assert (each["page_width"], each["page_height"]) == (612, 792)
        found = (each["x"], each["y"], each["x"] + each["width"], each["y"] + each["height"])
        assert found == pytest.approx((left, bottom, right, top), abs=0.01)
        assert each["from_top"] == pytest.approx(792 - top, abs=0.01)


def test_the_map_is_where_the_fields_are(pdf: bytes) -> None:
    data = json.loads(as_json(DOCUMENT, sign_map(DOCUMENT, pdf)))
    assert data["format"] == "clausebook-sign-map/1"
    assert (data["agreement"], data["version"], data["file"]) == ("sample", "1.2", "sample.pdf")
    check(data, pdf)


def test_the_map_tells_whose_each_field_is(pdf: bytes) -> None:
    first, *_, last = json.loads(as_json(DOCUMENT, sign_map(DOCUMENT, pdf)))["fields"]
    assert first["kind"] == "signature"
    assert first["signatory"] == {
        "number": 1, "block": "p-1", "party": "p", "heading": "Party 1, Inc.", "name": "Ada",
    }  # fmt: skip
    assert (first["anchor"], first["value"]) == ("/sig1/", "")
    assert first["tooltip"] == "Signature of Ada, Party 1, Inc."
    assert (last["name"], last["kind"], last["anchor"]) == ("p-2-date", "date", "/date2/")
    assert last["signatory"]["name"] == ""


def test_an_anchor_that_the_look_does_not_print_is_not_told(tmp_path: Path) -> None:
    look = changed_look(tmp_path, "#let anchors = true", "#let anchors = false")
    entries = sign_map(DOCUMENT, render_pdf(DOCUMENT, look))
    assert {entry.anchor for entry in entries} == {""}


def test_people_can_read_it(pdf: bytes) -> None:
    text = as_text(DOCUMENT, sign_map(DOCUMENT, pdf))
    assert "1. Party 1, Inc., Ada\n   p-1-signature  page 1, at " in text
    assert "\n2. Party 2, Inc.\n" in text
    assert text.count("/date2/") == 1
    assert not any(line != line.rstrip() for line in text.splitlines())


def test_places_are_given_by_page(pdf: bytes) -> None:
    boxes = field_places(pdf)
    assert sum(map(len, boxes.values())) == len(places(pdf)) == 8
    assert set(boxes) == {place.page - 1 for place in places(pdf)}


def test_a_document_without_signatories_has_an_empty_map() -> None:
    document = with_signatures()
    entries: tuple[MappedField, ...] = sign_map(document, render_pdf(document, LOOK))
    assert entries == ()
    assert json.loads(as_json(document, entries))["fields"] == []
    assert as_text(document, entries).count("\n") == 1


def test_a_page_that_begins_elsewhere_is_measured_from_its_own_corner(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for page in opened.pages:
            page.mediabox = [10, 20, 622, 812]
        moved = io.BytesIO()
        opened.save(moved)
    for before, after in zip(places(pdf), places(moved.getvalue()), strict=True):
        assert after.box.left == pytest.approx(before.box.left - 10)
        assert after.box.top == pytest.approx(before.box.top - 20)
        assert (after.width, after.height) == (612, 792)


@pytest.mark.slow("the command on a whole agreement")
@pytest.mark.parametrize("form", ["json", "text"])
def test_the_command_prints_the_map_of_what_is_built(form: str, partnership: Path) -> None:
    result = CliRunner().invoke(cli, ["sign-map", NAME, "--format", form, "--root", str(partnership)])
    assert result.exit_code == 0, result.output
    with Project(partnership) as project:
        (agreement,) = project.assemble_all([NAME])
        assert agreement.document is not None
        pdf = project.render(agreement, ("pdf",))[f"{NAME}.pdf"]
        expected = sign_map(agreement.document, pdf)
    if form == "json":
        data = json.loads(result.output)
        check(data, pdf)
        assert all(each["anchor"] for each in data["fields"])
    else:
        assert result.output == as_text(agreement.document, expected)


def test_the_command_tells_an_agreement_that_is_none(partnership: Path) -> None:
    result = CliRunner().invoke(cli, ["sign-map", "innovation-lap", "--root", str(partnership)])
    assert result.exit_code == 2
    assert "did you mean `innovation-lab`?" in result.output
