"""What a PDF holds and does not paint is compared with what this repository's holds, and told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clausebook.verify.pages.unpainted import unpainted
from tests.support import returns
from tests.support.returned_files import Place, made, sealed, signed

pytestmark = pytest.mark.slow("whole files are changed in what is not painted, and judged")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from made(tmp_path_factory)


def test_what_a_program_leaves_out_is_nothing(place: Place) -> None:
    assert unpainted(place.pdf, returns.flattened(place.pdf), 0) == ()
    assert unpainted(place.pdf, signed(place.pdf), 0) == ()
    around = returns.with_pages(place.pdf, "Cover", before=True)
    assert unpainted(place.pdf, around, 1) == ()
    for each in returns.SERVICES.values():
        assert place.verify(sealed(each(place.pdf, [], ("Wren Example", "Finn Sample")))).verdict == "verified"


def test_a_damaged_file_is_told() -> None:
    assert "cannot be told" in unpainted(b"%PDF-1.7", b"%PDF-1.7", 0)[0]
