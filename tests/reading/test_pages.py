"""The pages that came back against ours: what services add is tolerated, what changes the agreement is found."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from clausebook.document.outgoing import outgoing
from clausebook.reading.pages import Page, PagesError, Word, read_pages
from clausebook.render.pdf.writer import render_pdf
from clausebook.verify.pages.differences import differences
from clausebook.verify.pages.likeness import Likeness, likeness
from clausebook.verify.pages.side_by_side import side_by_side
from tests.support import returns
from tests.support.repositories import ROOT
from tests.support.sample_documents import sample

DOCUMENT = sample()


@cache
def built() -> bytes:
    return render_pdf(outgoing(DOCUMENT), ROOT / "templates" / "pdf")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return built()


@pytest.fixture(scope="module")
def ours(pdf: bytes) -> tuple[Page, ...]:
    return read_pages(pdf)


def compared(pdf: bytes, *, service: bool = True) -> Likeness:
    found = side_by_side(built(), pdf, {}, {}, service=service).likeness
    assert found is not None
    return found


def middle(ours: tuple[Page, ...]) -> tuple[int, Word]:
    """Return a page and a word in the middle of its text."""
    page = max(range(len(ours)), key=lambda index: len(ours[index].words))
    words = ours[page].words
    return page, words[len(words) // 2]


def test_the_same_file_is_the_same(pdf: bytes) -> None:
    found = compared(pdf, service=False)
    assert found == Likeness()
    assert found.same


@pytest.mark.parametrize("name", returns.SERVICES)
def test_what_services_send_back_is_the_same_agreement(name: str, pdf: bytes) -> None:
    found = compared(returns.SERVICES[name](pdf, [], ["Ada Quill", "Bruno Vale"]))
    assert found.same
    assert found.after
    assert "Ada Quill" in " ".join(word.text for word in found.after[0].words)
    assert bool(found.tolerated) == (name != "audit report")


def test_what_services_add_is_not_tolerated_where_no_service_was(pdf: bytes) -> None:
    found = compared(returns.enveloped(pdf, [], ["Ada Quill"]), service=False)
    assert not found.same
    assert found.added


def test_pages_before_the_agreement_are_found(pdf: bytes) -> None:
    found = compared(returns.with_pages(pdf, "Cover sheet", before=True))
    assert found.same
    assert len(found.before) == 1


def test_another_paper_is_the_same_words_and_pictures(pdf: bytes) -> None:
    for service in (True, False):
        assert compared(returns.scaled(pdf, 595.28, 841.89), service=service) == Likeness()


Attack = Callable[[bytes, int, Word], bytes]


def _word_added(pdf: bytes, page: int, word: Word) -> bytes:
    return returns.written_over(pdf, [(page, word.box.left, word.box.bottom + 5, "not")])


def _word_covered(pdf: bytes, page: int, word: Word) -> bytes:
    box = word.box
    return returns.painted_over(pdf, page, (box.left, box.bottom, box.right - box.left, box.top - box.bottom))


def _word_replaced(pdf: bytes, page: int, word: Word) -> bytes:
    return returns.written_over(_word_covered(pdf, page, word), [(page, word.box.left, word.box.bottom, "never")])


@pytest.mark.parametrize("attack", [_word_added, _word_covered, _word_replaced])
def test_a_word_that_is_added_covered_or_replaced_is_found(attack: Attack, ours: tuple[Page, ...], pdf: bytes) -> None:
    page, word = middle(ours)
    found = compared(attack(pdf, page, word))
    assert not found.same
    told = differences(DOCUMENT, ours, found)
    assert told
    assert any(f"page {page + 1}" in each.place for each in told)


def test_a_missing_page_is_no_likeness(ours: tuple[Page, ...], pdf: bytes) -> None:
    assert likeness((*ours, ours[0]), read_pages(pdf), {}, lambda pairs: (), service=True) is None


def test_a_scan_has_no_words(pdf: bytes) -> None:
    assert not any(page.words for page in read_pages(returns.scan(pdf)))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"hello", b"%PDF-1.7\n" + b"\0" * 1000])
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(PagesError):
        read_pages(content)


def test_a_truncated_pdf_is_refused_or_lacks_words(pdf: bytes) -> None:
    for length in range(1000, len(pdf), len(pdf) // 7):
        try:
            found = side_by_side(pdf, pdf[:length], {}, {}, service=True).likeness
        except PagesError:
            continue
        assert found is None or not found.same
