"""Scans of signed paper: what is refused as no such thing, and what a person has to answer for."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pikepdf
import pytest
from pikepdf import Name

from benchmarks.paper import signed_paper
from clausebook.reading.pages import read_pages
from clausebook.verify.scanned import ScanFact, read_scans
from tests.support import returns
from tests.support.returned_files import Place, made, signed

pytestmark = pytest.mark.slow("scans of a built agreement, drawn and compared in a process of their own")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from made(tmp_path_factory)


def read(place: Place, scan: bytes) -> ScanFact:
    (fact,) = read_scans(place.pdf, [scan])
    return fact


def test_signed_paper_is_taken_as_a_scan(place: Place) -> None:
    count = len(read_pages(place.pdf))
    assert read(place, signed_paper(place.pdf)) == ScanFact(count)
    assert read(place, signed_paper(place.pdf, askew=False)) == ScanFact(count)


def test_paper_that_lies_askew_is_not_held_for_the_blank(place: Place) -> None:
    # What a camera saw of unsigned paper nobody can tell from signed paper but the person who compares it.
    assert not read(place, signed_paper(place.pdf, strokes=())).problem


def with_other_metadata(pdf: bytes) -> bytes:
    def change(opened: pikepdf.Pdf) -> None:
        opened.docinfo["/Author"] = "Finn Sample"

    return returns.changed(pdf, change)


def with_a_pixel(pdf: bytes) -> bytes:
    def change(opened: pikepdf.Pdf) -> None:
        page = opened.pages[-1]
        stream = opened.make_stream(
            b"\xff",
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=1,
            Height=1,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
        )
        page.add_resource(stream, Name.XObject, Name("/Pixel"))
        page.contents_add(b"q 1 0 0 1 300 300 cm /Pixel Do Q")

    return returns.changed(pdf, change)


def over_white_pictures(pdf: bytes) -> bytes:
    """Lay a white picture below each page, so that it counts as a picture of paper."""

    def change(opened: pikepdf.Pdf) -> None:
        for page in opened.pages:
            stream = opened.make_stream(
                b"\xff",
                Type=Name.XObject,
                Subtype=Name.Image,
                Width=1,
                Height=1,
                ColorSpace=Name.DeviceGray,
                BitsPerComponent=8,
            )
            page.add_resource(stream, Name.XObject, Name("/White"))
            page.contents_add(b"q 612 0 0 792 0 0 cm /White Do Q", prepend=True)

    return returns.changed(pdf, change)


NO_PICTURE = "none of its pages is a picture"
NOTHING = "it shows nothing but what the PDF shows that was to be printed"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda pdf: pdf, "it is the PDF that was to be printed, without a signature"),
        (lambda pdf: pdf + b"\n% signed", "it is the PDF that was to be printed, without a signature"),
        (with_other_metadata, NO_PICTURE),
        (with_a_pixel, NO_PICTURE),
        (returns.flattened, NO_PICTURE),
        (signed, "it is the PDF that was to be printed"),
        (over_white_pictures, NOTHING),
        (lambda pdf: signed_paper(pdf, strokes=(), askew=False), NOTHING),
        (lambda pdf: signed_paper(pdf, strokes=((300, 300, 301, 301),), askew=False), NOTHING),
        (returns.scan, NOTHING),
        (returns.encrypted, "it cannot be read: the PDF is encrypted"),
        (lambda pdf: b"signed, Finn", "it cannot be read: it is no PDF"),
        (lambda pdf: b"", "it cannot be read: it is no PDF"),
        (lambda pdf: pdf[: len(pdf) // 3], "it cannot be read"),
    ],
)
def test_what_shows_no_signed_paper_is_refused(make: Callable[[bytes], bytes], said: str, place: Place) -> None:
    assert said in read(place, make(place.pdf)).problem


def test_a_page_of_an_impossible_size_is_refused(place: Place) -> None:
    def change(opened: pikepdf.Pdf) -> None:
        opened.pages[0].obj.MediaBox = pikepdf.Array([0, 0, 10**7, 10**7])

    assert "impossible size" in read(place, returns.changed(signed_paper(place.pdf), change)).problem


def test_pages_that_are_not_there_or_no_pictures_are_told(place: Place) -> None:
    count = len(read_pages(place.pdf))
    assert count > 1
    (reason,) = read(place, signed_paper(place.pdf, pages=[count - 1])).reasons
    assert reason.name == "scan-1:pages"
    assert reason.words.startswith(f"scan 1: it has 1 page, the agreement has {count}; what it does not show")
    with pikepdf.open(io.BytesIO(place.pdf)) as whole, pikepdf.open(io.BytesIO(signed_paper(place.pdf))) as scan:
        whole.pages[-1] = scan.pages[-1]
        out = io.BytesIO()
        whole.save(out)
    (reason,) = read(place, out.getvalue()).reasons
    assert "page 1 of it is no picture of paper" in reason.words


def test_what_a_scanner_reads_is_told_and_not_trusted(place: Place) -> None:
    texts = [" ".join(word.text for word in page.words) for page in read_pages(place.pdf)]
    same = read(place, signed_paper(place.pdf, layer=[text.upper() for text in texts]))
    other = read(place, signed_paper(place.pdf, layer=[text.replace("3 years", "9 years") for text in texts]))
    assert not same.problem
    assert not other.problem
    said = {each.name: each.words for each in other.reasons}
    assert "“9”" in said["scan-1:words"]
    assert "“9”" not in "".join(each.words for each in same.reasons)
    assert "look at the pages" in said["scan-1:words"]
