"""Whether an asserted value stands on a page: in the forms in which contracts write it, and in no other."""

from __future__ import annotations

import pytest

from clausebook.reading.asserted import stands

FOUND = [
    ("words", "Heron Boatworks, Ltd.", "between HERON  BOATWORKS\nLTD and others"),
    ("words", "O'Hara & Sons", "by O’Hara & Sons"),
    ("words", "Confidentiality", "the confiden-\ntiality agreement"),
    ("date", "2027-03-04", "on March 4, 2027,"),
    ("date", "2027-03-04", "this 4th day of March, 2027"),
    ("date", "2027-03-04", "dated 04/03/2027."),
    ("date", "2027-03-04", "dated 3/4/27"),
    ("date", "2027-03-04", "am 4. 3. 2027 x 04.03.2027"),
    ("date", "2027-03-04", "2027-03-04"),
    ("date", "2027-09-30", "until Sept. 30, 2027"),
    ("date", "2027-03-04", "4-Mar-2027"),
    ("amount", "1250000.00", "USD 1,250,000.00 in all"),
    ("amount", "1250000.00", "EUR 1.250.000,00"),
    ("amount", "1250000", "CHF 1'250'000"),
    ("amount", "1250000", "1 250 000 EUR"),
    ("amount", "0.50", "$0.50 a page"),
    ("duration", "P90D", "on ninety (90) days' notice"),
    ("duration", "P90D", "on 90 days notice"),
    ("duration", "P25D", "within twenty-five days"),
    ("duration", "P3M", "three calendar months before"),
    ("duration", "P1Y6M", "one year and 6 months"),
]
NOT_FOUND = [
    ("words", "Heron", "the herons"),
    ("words", "…", "the …"),
    ("date", "2027-03-04", "March 14, 2027"),
    ("date", "2027-03-04", "March 4, 2028"),
    ("date", "2027-03-04", "14/03/2027"),
    ("date", "2027-03-04", "Martin 4, 2027"),
    ("amount", "1250", "11,250 or 1,250,000 or 12.50"),
    ("amount", "1250000.00", "1,250,000.50"),
    ("duration", "P90D", "190 days; ninety months; ninety-one days"),
    ("duration", "P1Y6M", "one year"),
]


@pytest.mark.parametrize(("kind", "value", "page"), FOUND)
def test_what_a_page_says_is_found(kind: str, value: str, page: str) -> None:
    assert stands(kind, value, page)


@pytest.mark.parametrize(("kind", "value", "page"), NOT_FOUND)
def test_what_a_page_does_not_say_is_not(kind: str, value: str, page: str) -> None:
    assert not stands(kind, value, page)
