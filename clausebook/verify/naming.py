"""Whether a certificate names somebody, and says nothing besides."""

from __future__ import annotations

import re
from collections.abc import Iterable

from clausebook.verify.pages.known_forms import plain

_OF_PEOPLE = "dr prof mr mrs ms mx mag dipl ing med phd ph md jd mba esq jr sr ii iii iv llm cpa rn"
_OF_HOUSES = (
    "inc incorporated llc llp lp ltd limited corp corporation co company plc gmbh ag kg se sa sas sarl bv nv ab oy"
)
_OF_HOUSES += " the of and"
_TITLES, _FORMS = frozenset(_OF_PEOPLE.split()), frozenset(_OF_HOUSES.split())
_NUMBER = re.compile(r"[a-z]{0,5}\d{5,}[a-z]?")
_PLACE = re.compile(r"[^\W\d_]\.?|[^\W\d_][\w'’.-]*")
_MOST = 3


def besides(said: str, name: str, known: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the words of a certificate that are not a person's name.

    Two between its own words may be middle names, which have a capital letter.
    `known` are names whose words may stand there as well, as that of the person's company.
    """
    words, wanted = _words(said), set(_words(name))
    allowed = wanted | _TITLES | {word for each in known for word in _words(each)} | _FORMS
    places = [index for index, word in enumerate(words) if word in wanted]
    inner = range(places[0], places[-1] + 1) if places else range(0)
    middle = [index for index in inner if words[index] not in wanted]
    capital = {plain(word) for word in re.findall(r"\w+", said) if word[0].isupper()}
    return tuple(
        word
        for index, word in enumerate(words)
        if word not in allowed
        and len(word) > 1
        and not _NUMBER.fullmatch(word)
        and not (index in middle and len(middle) <= _MOST - 1 and word in capital)
    )


def is_same(said: str, name: str, known: Iterable[str] = ()) -> bool:
    """Tell whether a certificate names somebody: two words of the shorter name are needed, and none besides it."""
    first, second = set(_words(said)), set(_words(name))
    shorter = min(first, second, key=len)
    same = first == second or (len(shorter) > 1 and shorter <= first and shorter <= second)
    return same and not besides(said, name, known)


def of_another(organisation: str, known: Iterable[str]) -> bool:
    """Tell whether what stands as an organisation is more than a name that the agreement knows, or than one word."""
    words = {word for each in known for word in _words(each)} | _FORMS
    return len({word for word in _words(organisation) if len(word) > 1} - words) > 1


def is_place(text: str) -> bool:
    """Tell whether text can be a place: three words at most, each with a capital letter."""
    words = text.replace(",", " ").split()
    return len(words) <= _MOST and all(_PLACE.fullmatch(word) and word[0].isupper() for word in words)


def is_contact(text: str) -> bool:
    """Tell whether text is an e-mail address or a telephone number."""
    return bool(re.fullmatch(r"[\w.+-]+@[\w.-]+|[\d ()+/.-]+", text))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", plain(text))
