"""Tell what of that which services and signatories add a person has to read, and what is known for harmless.

Who adds words to an agreement may change it: "fee doubled" in a margin, "subject to our side letter" beside a
signature, a further page with terms. So nothing added counts as harmless but what is a known form from end to end: a
service's mark in the margins, a stamp at the fields, one certificate of completion. Everything else is told, whole,
and keeps the verdict from being `verified`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from clausebook.document.model import Document
from clausebook.document.words import text_of
from clausebook.reading.pages import Page
from clausebook.verify.model import Signature
from clausebook.verify.pages.known_forms import (
    Values,
    certificate_form,
    forms,
    is_mark,
    is_page,
    is_stamp,
    is_title_page,
    plain,
    says_signed,
    values,
)
from clausebook.verify.pages.likeness import Likeness, Stray
from clausebook.verify.trust import name_of


@dataclass(frozen=True, slots=True)
class Added:
    """What was added: a service's certificate, the signatories of whom it says that they signed, and what to read."""

    certificate: tuple[Page, ...] = ()
    completed: frozenset[str] = frozenset()
    doubts: tuple[str, ...] = ()


def judged(found: Likeness, document: Document, signatures: Iterable[Signature]) -> Added:
    """Return what of the added words and pages is a service's certificate, and what cannot be taken for harmless."""
    pages = tuple((page, "before") for page in found.before) + tuple((page, "after") for page in found.after)
    signatures = tuple(signatures)
    given = _values(document, signatures, [_text(page) for page, _ in pages])
    form, certificate = _certificate(found, given)
    text = " ".join(map(_text, certificate))
    return Added(
        certificate,
        frozenset(
            each for each in map(name_of, document.signatures) if form and each and says_signed(text, form, each, given)
        ),
        (
            *_of_another(form, signatures),
            *_margins([stray for stray in found.tolerated if not stray.at_field], given),
            *_at_fields([stray for stray in found.tolerated if stray.at_field], given),
            *(
                f"page {number}: in the margin something is drawn that cannot be read as words; look at it"
                for number in found.drawn
            ),
            *(
                f"page {number}: what is shown as {each} to a program that reads it aloud"
                for number, each in found.otherwise
            ),
            *(
                f"page {number}: something is drawn over the words of the signature blocks, or in a field that holds "
                "words, and cannot be read; look at it"
                for number in found.over
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


def _certificate(found: Likeness, given: Values) -> tuple[str, tuple[Page, ...]]:
    """Return form and pages of the one certificate, from its title on; none if several pages claim to be one."""
    titled = [page for page in (*found.before, *found.after) if is_title_page(_text(page))]
    form = certificate_form(_text(titled[0]), given) if len(titled) == 1 else ""
    if not form:
        return "", ()
    side = found.before if titled[0] in found.before else found.after
    # What stands before its title may have been there before the service was.
    since = side[side.index(titled[0]) :]
    return form, tuple(takewhile(lambda page: is_page(_text(page), form, given), since))


def _of_another(form: str, signatures: Sequence[Signature]) -> Iterator[str]:
    """Tell of a certificate that one service is said to have made and another has sealed."""
    services = {name: {*plain(each.service).split()} - {"sign"} for name, each in forms().items() if each.service}
    for role in (role for each in signatures for role in each.roles if role.kind == "service" and form):
        named = [name for name, words in services.items() if words & {*plain(role.name).split()}]
        if named and form not in named:
            said = f"the certificate of completion is one of {forms()[form].service}, but the seal is {role.name}'s"
            yield f"{said}: a sender may have put it in; find out who signed"


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
