"""What a PDF holds and does not paint is compared with what this repository's holds, and told."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pytest

from clausebook.verify.pages.hidden import doubts
from clausebook.verify.pages.unpainted import unpainted
from tests.support import returns
from tests.support.returned_files import Place, made, sealed, signed

pytestmark = pytest.mark.slow("whole files are changed in what is not painted, and judged")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from made(tmp_path_factory)


def test_what_a_program_leaves_out_is_nothing(place: Place) -> None:
    around = returns.with_pages(place.pdf, "Cover", before=True)
    for theirs, before in ((returns.flattened(place.pdf), 0), (signed(place.pdf), 0), (around, 1)):
        with pikepdf.open(io.BytesIO(place.pdf)) as own, pikepdf.open(io.BytesIO(theirs)) as other:
            assert not list(unpainted(own, other, before))
    for each in returns.SERVICES.values():
        assert place.verify(sealed(each(place.pdf, [], ("Wren Example", "Finn Sample")))).verdict == "verified"


def test_a_damaged_file_is_told(place: Place) -> None:
    assert "cannot be told" in doubts(b"%PDF-1.7", place.pdf, (), (), 0)[0]
