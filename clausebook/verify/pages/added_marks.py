"""Tell what of that which services and signatories add a person has to read, and what is known for harmless.

Who adds words to an agreement may change it: "fee doubled" in a margin, "subject to our side letter" beside a
signature, a further page with terms. So nothing added counts as harmless but what is a known form from end to end: a
service's mark in the margins, a stamp at the fields, one certificate of completion. Everything else is told, whole,
and keeps the verdict from being `verified`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clausebook.document.model import Document
from clausebook.document.words import text_of
from clausebook.reading.pages import Page
from clausebook.verify.model import Signature
from clausebook.verify.pages.known_forms import (
    Values,
    certificate_form,
    is_mark,
    is_page,
    is_stamp,
    is_title_page,
    values,
)
from clausebook.verify.pages.likeness import Likeness, Stray


@dataclass(frozen=True, slots=True)
class Added:
    """What was added: the pages of a service's certificate, if there is one, and what a person has to read."""

    certificate: tuple[Page, ...] = ()
    doubts: tuple[str, ...] = ()


def judged(found: Likeness, document: Document, signatures: Iterable[Signature]) -> Added:
    """Return what of the added words and pages is a service's certificate, and what cannot be taken for harmless."""
    pages = tuple((page, "before") for page in found.before) + tuple((page, "after") for page in found.after)
    given = _values(document, signatures, [_text(page) for page, _ in pages])
    certificate = _certificate(found, given)
    return Added(
        certificate,
        (
            *_margins([stray for stray in found.tolerated if not stray.at_field], given),
            *_at_fields([stray for stray in found.tolerated if stray.at_field], given),
            *(
                f"page {number}: in the margin something is drawn that cannot be read as words; look at it"
                for number in found.drawn
            ),
            *(_unknown(page, where) for page, where in pages if page not in certificate),
        ),
    )


def _values(document: Document, signatures: Iterable[Signature], texts: Sequence[str]) -> Values:
    lines = [line for block in document.signatures for line in block.lines]
    trusted = [each for each in signatures if each.trusted]
    return values(
        [*(text_of(line.runs) for line in lines if line.field == "name"), *(each.signer for each in trusted)],
        [
            *(name for party in document.parties for name in (party.legal_name, party.short_name)),
            *(each.organisation for each in trusted),
        ],
        (text_of(line.runs) for line in lines if line.field == "title"),
        (f"{name}{suffix}" for name in (document.id, document.title) for suffix in ("", ".pdf")),
        texts,
    )


def _certificate(found: Likeness, given: Values) -> tuple[Page, ...]:
    """Return the pages of the one certificate; none if several pages claim to be one, or none is known as one."""
    titled = [page for page in (*found.before, *found.after) if is_title_page(_text(page))]
    if len(titled) != 1:
        return ()
    form = certificate_form(_text(titled[0]), given)
    side = found.before if titled[0] in found.before else found.after
    return tuple(page for page in side if is_page(_text(page), form, given)) if form else ()


def _margins(strays: Sequence[Stray], given: Values) -> Iterator[str]:
    for number, text in _by_page(strays):
        if not is_mark(text, given):
            said = "in the margin stand words that are no known mark of a signing service"
            yield f"page {number}: {said}: “{text}”; read them"


def _at_fields(strays: Sequence[Stray], given: Values) -> Iterator[str]:
    for number, text in _by_page(strays):
        if not is_stamp(text, given):
            said = "at the signatures stand words that are no known stamp with the signatories' names and dates"
            yield f"page {number}: {said}: “{text}”; read them"


def _by_page(strays: Sequence[Stray]) -> Iterator[tuple[int, str]]:
    pages: dict[int, list[str]] = {}
    for stray in strays:
        pages.setdefault(stray.page, []).append(stray.word.text)
    yield from sorted((number, " ".join(words)) for number, words in pages.items())


def _unknown(page: Page, where: str) -> str:
    said = f"a page was added {where} the agreement that is not known as a service's certificate"
    return f"{said}: “{_text(page)}”; read it" if page.words else f"{said}: it holds no words"


def _text(page: Page) -> str:
    return " ".join(word.text for word in page.words)
