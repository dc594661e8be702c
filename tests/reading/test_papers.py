"""The papers of others are read in a child: their words, or why they cannot be."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest

from clausebook.reading import pages
from clausebook.reading import papers as reader
from clausebook.reading.papers import Papers, UnreadablePaper
from tests.support.paper_files import LEASE, docx, pdf

_ENTITIES = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.fixture(scope="module")
def papers() -> Iterator[Papers]:
    with Papers() as opened:
        yield opened


def bomb() -> bytes:
    """Return a Word file whose text unpacks to 80 MiB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package, package.open("word/document.xml", "w") as part:
        for _ in range(80):
            part.write(b" " * (1 << 20))
    return out.getvalue()


def test_pages_say_what_they_say_and_a_picture_nothing(papers: Papers) -> None:
    read = papers.read(pdf(LEASE[0], "", LEASE[1]), [2, 3, 99])
    assert (read.pages, read.mute, read.scan) == (3, (2,), False)
    assert list(read.texts) == [3]
    assert LEASE[1] in read.texts[3].replace("’", "'")
    assert papers.read(pdf("", ""), [1]).scan


def test_the_parent_knows_how_many_pages_the_child_reads() -> None:
    assert reader.MOST_PAGES == pages.MOST_PAGES


def test_a_word_file_is_read_without_what_was_deleted(papers: Papers) -> None:
    deleted = "<w:p><w:del><w:r><w:delText>struck</w:delText></w:r></w:del><w:r><w:t>One</w:t></w:r></w:p>"
    assert papers.read(docx("two"), [1]).texts[0].split() == ["two"]
    whole = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{deleted}</w:document>'
    read = papers.read(docx(body=whole), ())
    assert (read.pages, read.texts[0].split()) == (0, ["One"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "neither a PDF"),
        (b"MZ\x90\x00", "neither a PDF"),
        (b"%PDF-1.7 nothing", "damaged"),
        (pdf(*LEASE)[:300], "damaged"),
        (pdf(*LEASE, password="x"), "encrypted"),
        (b"PK\x03\x04 broken", "damaged"),
        (docx("a", extra=_ENTITIES), "entities"),
        (docx(body="<w:document"), "damaged"),
        (bomb(), "more than 64 MiB"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_next_one_is_read(content: bytes, said: str, papers: Papers) -> None:
    with pytest.raises(UnreadablePaper, match=said):
        papers.read(content, [1])
    assert papers.read(pdf("next"), [1]).texts[1].strip() == "next"
