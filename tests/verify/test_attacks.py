"""No file that was made to deceive is called verified; none brings `verify` down; honest ones are no false alarm."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest

from clausebook.reading.pages import PagesError
from clausebook.verify.apart import Apart
from clausebook.verify.model import Verification
from clausebook.verify.verdict_report import json_report, text_report
from tests.support import hostile_returns, returns
from tests.support.returned_files import NAMES, Place, made, sealed

pytestmark = pytest.mark.slow(
    "every way to deceive that is known, and every honest program that must be no false alarm"
)

PDFTOCAIRO = shutil.which("pdftocairo")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from made(tmp_path_factory)


def told(found: Verification) -> Verification:
    """Return what was found, once both reports could be written and give a reason."""
    assert found.reasons
    text_report(found).encode()
    json.loads(json_report(found).encode())
    return found


@pytest.mark.parametrize("name", hostile_returns.WIPED)
def test_what_a_service_wipes_away_does_no_harm(name: str, place: Place) -> None:
    back = returns.enveloped(hostile_returns.ATTACKS[name](place.pdf), [], NAMES)
    assert place.verify(sealed(back)).verdict == "verified"


def test_what_stands_in_the_margin_is_told_word_by_word(place: Place) -> None:
    back = returns.enveloped(hostile_returns.margin_words(place.pdf), [], NAMES)
    found = place.verify(sealed(back))
    assert any("Fee doubled" in reason.words for reason in found.reasons), found.reasons
    assert "Fee doubled" in text_report(found)


def test_the_same_mark_on_several_pages_is_told_once(place: Place) -> None:
    found = place.verify(sealed(returns.enveloped(place.pdf, [], NAMES)))
    assert f"pages 1 to 2: Docusign Envelope ID: {returns.ENVELOPE}" in found.text.tolerated


@pytest.mark.parametrize("status", ["Sent", "Delivered", "Declined", "Voided"])
def test_a_certificate_of_an_unfinished_envelope_is_no_evidence(status: str, place: Place) -> None:
    found = place.verify(sealed(returns.enveloped(place.pdf, [], NAMES, status)))
    assert found.verdict == "incomplete"
    assert [each.evidence for each in found.signatories] == ["none", "none"]
    assert any(f"Status: {status}" in reason.words for reason in found.reasons), "the page is shown"


def test_names_on_other_pages_than_a_certificate_are_no_evidence(place: Place) -> None:
    found = place.verify(
        sealed(returns.with_pages(returns.flattened(place.pdf), f"Cover sheet for {NAMES[0]} and {NAMES[1]}"))
    )
    assert found.verdict == "incomplete"
    assert [each.evidence for each in found.signatories] == ["none", "none"]


def test_a_certificate_before_the_agreement_is_one(place: Place) -> None:
    back = returns.with_pages(returns.flattened(place.pdf), *reversed(returns.certificate(NAMES)), before=True)
    found = place.verify(sealed(back))
    assert found.verdict == "verified", text_report(found)


def _laid_anew(pdf: bytes, size: tuple[float, float, float, float], lead: bytes, turn: int = 0) -> bytes:
    def lay(opened: pikepdf.Pdf) -> None:
        for page in opened.pages:
            page.contents_add(b"q " + lead + b" cm", prepend=True)
            page.contents_add(b"Q")
            for name in ("/CropBox", "/TrimBox", "/ArtBox", "/BleedBox"):
                if name in page.obj:
                    del page.obj[name]
            page.obj.MediaBox = pikepdf.Array(size)
            page.obj.Rotate = turn

    return returns.changed(returns.flattened(pdf), lay)


def _turned(pdf: bytes) -> bytes:
    return _laid_anew(pdf, (0, 0, 612, 792), b"1 0 0 1 0 0", 90)


def _with_unit(pdf: bytes) -> bytes:
    def scale(opened: pikepdf.Pdf) -> None:
        for page in opened.pages:
            page.obj.UserUnit = 2

    return returns.changed(pdf, scale)


def _without_structure(pdf: bytes) -> bytes:
    def drop(opened: pikepdf.Pdf) -> None:
        for name in ("/StructTreeRoot", "/MarkInfo", "/Names", "/AF", "/Metadata"):
            del opened.Root[name]

    return returns.changed(pdf, drop)


def _rounded(pdf: bytes) -> bytes:
    """Letters placed anew, each a little off, as programs do that write a file anew."""
    return _laid_anew(pdf, (0, 0, 612, 792), b"1.00003 0 0 1.00003 0.04 -0.05")


HONEST: dict[str, Callable[[bytes], bytes]] = {
    "flattened": returns.flattened,
    "other paper": lambda pdf: returns.scaled(pdf, 595.28, 841.89),
    "smaller": lambda pdf: returns.scaled(pdf, 581.4, 752.4),
    "shifted": lambda pdf: _laid_anew(pdf, (100, 50, 712, 842), b"1 0 0 1 100 50"),
    "turned content": lambda pdf: _laid_anew(pdf, (0, 0, 792, 612), b"0 1 -1 0 792 0", 90),
    "sideways": _turned,
    "user unit": _with_unit,
    "without structure": _without_structure,
    "rounded": _rounded,
}


@pytest.mark.parametrize("name", HONEST)
def test_files_written_anew_by_honest_programs_are_the_same(name: str, place: Place) -> None:
    found = told(place.verify(HONEST[name](place.pdf)))
    assert (found.verdict, found.text.outcome) == ("incomplete", "same-words"), text_report(found)
    assert not found.text.doubts


@pytest.mark.parametrize("name", ["other paper", "shifted", "sideways", "rounded"])
@pytest.mark.parametrize("attack", ["struck_out", "point_added", "point_covered", "lying_font"])
def test_attacks_are_seen_on_pages_that_were_laid_anew(name: str, attack: str, place: Place) -> None:
    found = place.verify(HONEST[name](hostile_returns.ATTACKS[attack](place.pdf)))
    assert found.verdict == "differs", text_report(found)


def test_a_page_that_swells_is_given_up(place: Place) -> None:
    found = told(place.verify(hostile_returns.swelling(place.pdf)))
    assert found.verdict == "unknown"
    assert "memory" in found.text.problem


def test_what_takes_too_long_is_given_up_and_the_next_file_is_read(place: Place) -> None:
    with Apart(time_limit=1.0) as reader, pytest.raises(PagesError, match="longer than 1 seconds"):
        reader.pages(hostile_returns.nested_drawings(place.pdf))
    with Apart() as reader:
        with pytest.raises(PagesError):
            reader.pages(b"no PDF")
        assert len(reader.pages(place.pdf)) == 2


def _manifest(pdf: bytes, **entries: str) -> bytes:
    def change(opened: pikepdf.Pdf) -> None:
        for name in ("manifest.json", "agreement.json"):
            specification = opened.attachments[name].obj
            data = json.loads(specification.EF.F.read_bytes())
            if name == "manifest.json":
                data |= entries
            else:
                data["document"] |= {{"agreement": "id"}.get(key, key): value for key, value in entries.items()}
            stream = opened.make_stream(json.dumps(data).encode())
            specification.EF = pikepdf.Dictionary(F=stream, UF=stream)

    return returns.changed(pdf, change)


@pytest.mark.parametrize("agreement", ["../../etc/passwd", "--output=x", "a\0b", "\ud800", "", "*", "x" * 5000])
def test_an_id_that_is_none_is_told(agreement: str, place: Place) -> None:
    found = told(place.verify(_manifest(place.pdf, agreement=agreement)))
    assert (found.verdict, found.text.attached) == ("differs", "damaged")


@pytest.mark.parametrize("key", ["/F", "/Unix"])
def test_an_attachment_that_is_another_on_some_machines_is_told(key: str, place: Place) -> None:
    def change(opened: pikepdf.Pdf) -> None:
        held = opened.attachments["agreement.json"].obj.EF
        held.UF = held.F
        held[key] = opened.make_stream(b"The fee is doubled.")

    found = told(place.verify(returns.changed(place.pdf, change)))
    assert (found.verdict, found.text.attached) == ("differs", "damaged")


def test_an_attachment_that_names_another_agreement_cannot_be_told(place: Place) -> None:
    found = told(place.verify(_manifest(place.pdf, agreement="owl-heron")))
    assert found.verdict == "unknown"
    assert "`owl-heron`" in found.text.problem


@pytest.mark.parametrize("content", [b'{"a":"' + b"a" * (16 << 20) + b'"}', b"[" * 200_000, b'{"document": "\\ud800"}'])
def test_an_attachment_that_is_huge_or_deep_is_told(content: bytes, place: Place) -> None:
    def change(opened: pikepdf.Pdf) -> None:
        stream = opened.make_stream(content)
        opened.attachments["agreement.json"].obj.EF = pikepdf.Dictionary(F=stream, UF=stream)

    found = told(place.verify(returns.changed(place.pdf, change)))
    assert (found.verdict, found.text.attached) == ("differs", "damaged")


def test_a_service_s_large_attachment_is_told_and_not_read(place: Place) -> None:
    def change(opened: pikepdf.Pdf) -> None:
        opened.attachments["trail.pdf"] = bytes(3 << 20)

    found = told(place.verify(returns.changed(place.pdf, change)))
    assert found.text.outcome == "same-words"
    assert any("trail.pdf" in doubt for doubt in found.text.doubts)


def test_a_file_too_large_to_read_cannot_be_told(place: Place) -> None:
    found = told(place.verify(place.pdf + b"%" * (65 << 20)))
    assert (found.verdict, found.text.problem) == ("unknown", "the file is larger than 64 MiB")


@pytest.mark.parametrize(("count", "verdict"), [(1500, "incomplete"), (2500, "unknown")])
def test_thousands_of_pages_are_told_in_few_words(count: int, verdict: str, place: Place) -> None:
    def add(opened: pikepdf.Pdf) -> None:
        for _ in range(count):
            opened.add_blank_page(page_size=(612, 792))

    found = told(place.verify(returns.changed(place.pdf, add)))
    assert found.verdict == verdict
    assert len(found.reasons) < 50


@pytest.mark.skipif(PDFTOCAIRO is None, reason="poppler's pdftocairo is not installed")
def test_a_file_printed_by_another_program_is_the_same(place: Place, tmp_path: Path) -> None:
    source, target = tmp_path / "in.pdf", tmp_path / "out.pdf"
    source.write_bytes(place.pdf)
    subprocess.run([str(PDFTOCAIRO), "-pdf", str(source), str(target)], check=True, capture_output=True)
    found = told(place.verify(target.read_bytes()))
    assert (found.verdict, found.text.outcome) == ("incomplete", "same-words"), text_report(found)
