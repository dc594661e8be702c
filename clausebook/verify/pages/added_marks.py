"""Tell what of that which services and signatories add a person has to read, and what is known for harmless.

Who adds words to an agreement may change it: "fee doubled" in a margin, "subject to our side letter" beside a
signature, a further page with terms. So nothing added counts as harmless but what is known: an envelope's id and
page numbers in the margins; at the fields names, dates and the words of stamps; one certificate of completion.
Everything else is told, and keeps the verdict from being `verified`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clausebook.document.model import Document
from clausebook.document.words import text_of
from clausebook.findings.characters import first_words
from clausebook.reading.pages import Page
from clausebook.verify.model import Signature
from clausebook.verify.pages.likeness import Likeness, Stray

MOST_WORDS = 30
"""Words of one place that are told in a reason; the report has more."""


def _vocabulary(words: str) -> frozenset[str]:
    return frozenset(words.split())


MARGIN_WORDS = _vocabulary(
    "adobe acrobat dropbox hellosign docusign docusigned pandadoc signnow onespan signwell signrequest sign "
    "envelope envelopeid umschlag enveloppe sobre document documento dokument doc docid transaction vorgang "
    "id ids ref reference référence referenz referencia key number of de del la l der des von di "
    "page pages seite página pagina p signed electronically digitally elektronisch with via by using powered"
)
"""What the marks of signing services in the margins are made of, besides ids and page numbers."""

FIELD_WORDS = _vocabulary(
    "signed by digitally electronically docusigned docusign adobe acrobat sign signature signatory signer date time "
    "name title initials print printed for on at and behalf of via with using e-signed esigned gmt utc est edt cst "
    "cdt mst mdt pst pdt cet cest bst am pm z email mail id envelope document approved i approve this agree mr mrs "
    "ms dr"
)
"""What stamps and the lines of a signature are made of, besides names, dates and ids."""

_MONTHS = _vocabulary(
    "january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat "
    "sun"
)

_DATE = re.compile(
    r"\d{1,4}(?:[./:'’-]\d{1,4})*'?(?:st|nd|rd|th|z|am|pm)?|\d{4}-\d\d-\d\dt[\d:.]+(?:z|[+-][\d:']+)?|[+-]\d\d[:']?\d\d'?"
)
_PAGE_NUMBER = re.compile(r"\d{1,4}(?:/\d{1,4})?")
_ID = re.compile(r"(?=(?:[^\d]*\d){2})[0-9a-z_:-]{8,80}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")

TITLES = (
    "certificate of completion",
    "completion certificate",
    "final audit report",
    "audit report",
    "audit trail",
    "audit log",
    "signature certificate",
    "signing certificate",
    "certificate of signature",
    "signature log",
    "document history",
)
"""How the pages begin that services add, one of these; so their public descriptions say."""

_DISCLOSURE = "electronic record and signature disclosure"
_EVENTS = _vocabulary(
    "envelope status completed signer signers events signed e-signed esigned viewed sent delivered email emailed "
    "ip utc gmt timestamp timestamps audit history trail created transaction document signature certificate "
    "security level sender originator recipient participants"
)
_FEWEST_EVENTS = 3
_TITLE_WITHIN = 60
_NOT_COMPLETED = re.compile(
    r"\bstatus\W{0,3}(?:sent|delivered|created|declined|voided|canceled|cancelled|expired|waiting|out for signature"
    r"|in progress|pending|draft)\b|\binterim\b|\b(?:has been|was) (?:declined|voided|canceled|cancelled|recalled)\b"
)
_COMPLETED = re.compile(r"\bcompleted\b|\b(?:e-?)?signed\b")


@dataclass(frozen=True, slots=True)
class Added:
    """What was added: the pages of a service's certificate, if there is one, and what a person has to read."""

    certificate: tuple[Page, ...] = ()
    doubts: tuple[str, ...] = ()


def judged(found: Likeness, document: Document, signatures: Iterable[Signature]) -> Added:
    """Return what of the added words and pages is a service's certificate, and what cannot be taken for harmless."""
    names = frozenset(_names(document, signatures))
    pages = tuple((page, "before") for page in found.before) + tuple((page, "after") for page in found.after)
    certificate = _certificate(found)
    unknown = [(page, where) for page, where in pages if page not in certificate]
    return Added(
        certificate,
        (
            *_margins([stray for stray in found.tolerated if not stray.at_field]),
            *_at_fields([stray for stray in found.tolerated if stray.at_field], names),
            *(
                f"page {number}: in the margin something is drawn that cannot be read as words; look at it"
                for number in found.drawn
            ),
            *(
                f"a page was added {where} the agreement that is not known as a service's certificate: {_page(page)}"
                for page, where in unknown
            ),
            *_unfinished(certificate),
        ),
    )


def completed(certificate: Sequence[Page]) -> bool:
    """Tell whether the pages of a certificate say that the signing is done."""
    text = _plain(certificate)
    return bool(_COMPLETED.search(text)) and not _NOT_COMPLETED.search(text)


def _certificate(found: Likeness) -> tuple[Page, ...]:
    """Return the pages of the one certificate; none if there are several, or none is known as one."""
    sides = [pages for pages in (_certified(found.before), _certified(found.after)) if pages]
    return sides[0] if len(sides) == 1 else ()


def _certified(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Return pages if all of them are a certificate: the first has its title, each speaks of signing."""
    titled = [_titled(page) for page in pages]
    # Two certificates may be one that an attacker made, with terms after it, and the service's own.
    if not titled or not titled[0] or (any(titled[1:]) and not all(titled)):
        return ()
    return tuple(pages) if all(_of_signing(page) for page in pages) else ()


def _titled(page: Page) -> bool:
    beginning = " ".join(word.text for word in page.words[:_TITLE_WITHIN]).casefold()
    return any(title in beginning for title in TITLES)


def _of_signing(page: Page) -> bool:
    text = _plain((page,))
    events = _EVENTS & {word for token in text.split() for word in (token.strip(".,;:()"),)}
    return _DISCLOSURE in text or len(events) >= _FEWEST_EVENTS


def _unfinished(certificate: Sequence[Page]) -> Iterator[str]:
    if certificate and not completed(certificate):
        yield "the service's certificate does not say that the signing is completed"


def _margins(strays: Sequence[Stray]) -> Iterator[str]:
    for number, words in _by_page(strays):
        unknown = [word for word in words if not _is_mark(word)]
        if unknown:
            yield (
                f"page {number}: in the margin stand words that are no known mark of a signing service: "
                f"“{first_words(words, MOST_WORDS)}”; read them"
            )


def _is_mark(word: str) -> bool:
    bare = _bare(word)
    parts = [part for part in re.split(r"[’'#|:/]+", bare) if part]
    return bool(
        _PAGE_NUMBER.fullmatch(bare)
        or _ID.fullmatch(bare)
        or all(part in MARGIN_WORDS or _ID.fullmatch(part) for part in parts)
    )


def _at_fields(strays: Sequence[Stray], names: frozenset[str]) -> Iterator[str]:
    for number, words in _by_page(strays):
        if not all(_is_signing(word, names) for word in words):
            yield (
                f"page {number}: at the signatures stand words that are neither the signatories' names nor dates: "
                f"“{first_words(words, MOST_WORDS)}”; read them"
            )


def _is_signing(word: str, names: frozenset[str]) -> bool:
    bare = _bare(word)
    return bool(
        not bare
        or bare in FIELD_WORDS
        or bare in _MONTHS
        or _DATE.fullmatch(bare)
        or _EMAIL.fullmatch(bare)
        or _ID.fullmatch(bare)
        or _letters(bare) <= names
    )


def _names(document: Document, signatures: Iterable[Signature]) -> Iterator[str]:
    """Yield the words of the parties, of what is known of their signatories, and of the certificates' holders."""
    for party in document.parties:
        yield from _letters(f"{party.legal_name} {party.short_name}")
    for block in document.signatures:
        for line in block.lines:
            yield from _letters(f"{line.label} {text_of(line.runs)}")
    for signature in signatures:
        if signature.trusted:
            yield from _letters(f"{signature.signer} {signature.organisation}")


def _letters(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return frozenset(re.findall(r"\w+", "".join(each for each in plain if not unicodedata.combining(each))))


def _bare(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().strip('.,;:()[]|·-–—_#/“”"')


def _by_page(strays: Sequence[Stray]) -> Iterator[tuple[int, list[str]]]:
    pages: dict[int, list[str]] = {}
    for stray in strays:
        pages.setdefault(stray.page, []).append(stray.word.text)
    yield from sorted(pages.items())


def _page(page: Page) -> str:
    return (
        f"“{first_words([word.text for word in page.words], MOST_WORDS)}”; read it"
        if page.words
        else "it holds no words"
    )


def _plain(pages: Sequence[Page]) -> str:
    return " ".join(word.text for page in pages for word in page.words).casefold()
