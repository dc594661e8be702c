"""What the pages of a PDF say, against the attached Document and against what this repository builds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pikepdf

from clausebook.compare.changes import changes
from clausebook.compare.documents import compare
from clausebook.document.fingerprints import fingerprint
from clausebook.document.interchange import InterchangeError, from_json
from clausebook.document.model import Document
from clausebook.document.outgoing import outgoing
from clausebook.findings.model import FindingsError
from clausebook.formats.table import FINGERPRINT_FORMS
from clausebook.reading.attachments import AttachmentsError, attachments
from clausebook.reading.form_fields import field_places
from clausebook.reading.pages import Page, PagesError
from clausebook.render.manifest import AGREEMENT, MANIFEST, Manifest, ManifestError
from clausebook.verify.apart import Apart
from clausebook.verify.model import Difference, Signature, TextFact, TextOutcome
from clausebook.verify.pages.added_marks import judged
from clausebook.verify.pages.differences import differences
from clausebook.verify.pages.hidden import doubts
from clausebook.verify.pages.likeness import Likeness
from clausebook.verify.pages.side_by_side import NO_WORDS, PagesBeside
from clausebook.verify.restated_copies import as_copy_told
from clausebook.verify.trust import FIELD_OF_AGREEMENT

MOST_DIFFERENCES = 100

# The running line of our pages: id, version and the beginning of the fingerprint.
# In the words of any language: "lab · version 1.0 · text 9ef83878f835".
_RUNNING = re.compile(r"([a-z0-9-]{1,63}) · \w{1,20} (\S{1,40}) · (?:\w{1,20} )?([0-9a-f]{12})")
_OF_PAGE = re.compile(r"page (\d+): (.*)", re.DOTALL)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_VERSION = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){1,2}")


@dataclass(frozen=True, slots=True)
class Original:
    """A text of the repository: its Document, and how it is laid out as a PDF, with a manifest if one is given."""

    document: Document
    lay_out: Callable[[Document, Manifest | None], bytes]


@dataclass(frozen=True, slots=True)
class Against:
    """What a PDF is held against.

    `find` gives the texts that this repository has of an agreement's version, the best first, `lay_out` the PDF of a
    Document, `reader` reads PDFs from outside. `signatures` are those in the file, `opened` is the file itself, if it
    could be opened as it stands.
    """

    find: Callable[[str, str], Iterable[Original]]
    lay_out: Callable[[Document, Manifest | None], bytes]
    reader: Apart
    signatures: Sequence[Signature] = ()
    opened: pikepdf.Pdf | None = None

    @property
    def service(self) -> bool:
        """Tell whether what signing services add is tolerated.

        Where signatories signed in the agreement's own fields, no service had to add anything.
        """
        return not any(signature.kind == "signature" for signature in self.signatures)

    def compared(self, ours: bytes, pdf: bytes) -> PagesBeside:
        """Compare the pages of a PDF with those of ours. Raise PagesError if that is not possible."""
        fields, stamps = field_places(ours), field_places(ours, FIELD_OF_AGREEMENT)
        return self.reader.compared(ours, pdf, fields, stamps, service=self.service)


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a PDF: the fact about its text, the agreement's Document, whom a service says signed."""

    fact: TextFact
    document: Document | None = None
    completed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Compared:
    """A text of the repository, the PDF built from it, what the pages say that came back, and how they compare."""

    original: Original
    built: bytes
    texts: Sequence[str]
    found: Likeness | None

    @property
    def same(self) -> bool:
        return self.found is not None and self.found.same


@dataclass(frozen=True, slots=True)
class _Attached:
    """What is attached: the Document, who the file says that it is, and what is wrong with that, or "".

    `newer` says that a newer program may know it, so that nothing can be told of it here.
    """

    document: Document | None = None
    agreement: str = ""
    version: str = ""
    problem: str = ""
    manifest: Manifest | None = None
    names: tuple[str, ...] = ()
    newer: str = ""


def read_text(pdf: bytes, against: Against) -> Read:
    """Compare the pages with the attached Document and with the repository's texts.

    A restated copy is told as what it is, and has no signatories.
    """
    attached = _attached(pdf)
    read = _read(pdf, attached, against)
    fact = as_copy_told(read.fact, read.document, attached.document)
    return replace(read, fact=fact, document=None) if fact is not read.fact else read


def _read(pdf: bytes, attached: _Attached, against: Against) -> Read:
    agreement, version, mark = attached.agreement, attached.version, ""
    if not agreement or attached.problem:
        try:
            texts = [" ".join(word.text for word in page.words) for page in against.reader.pages(pdf)]
        except PagesError as error:
            return Read(TextFact("unreadable", problem=str(error)))
        if not any(texts):
            return Read(TextFact("unreadable", problem=NO_WORDS))
        if attached.newer:
            return Read(TextFact("unreadable", problem=attached.newer))
        if not agreement:
            agreement, version, mark = _running(texts)
    if attached.problem:
        # Who attaches something else means to deceive; what the pages say is told all the same.
        fact = TextFact("differs", agreement, version, attached="damaged", problem=attached.problem)
        return Read(fact, attached.document)
    if not agreement:
        problem = "it does not say which agreement it is: nothing is attached, and no page names one"
        return Read(TextFact("unreadable", problem=problem))
    best: _Compared | None = None
    for text in against.find(agreement, version):
        form = attached.document.form if attached.document else _form(text.document, mark)
        original = replace(text, document=replace(text.document, form=form))
        try:
            built = _built(original, attached)
        except FindingsError:
            # What cannot be laid out any more is no text to compare with.
            continue
        try:
            beside = against.compared(built, pdf)
        except PagesError as error:
            return Read(TextFact("unreadable", agreement, version, problem=str(error)))
        compared = _Compared(original, built, beside.texts, beside.likeness)
        if best is None or compared.same:
            best = compared
        if compared.same:
            break
    if best is None:
        return _unknown(pdf, attached, (agreement, version), against)
    original, found = best.original, best.found
    told = fingerprint(original.document)
    if found and found.same:
        same = attached.document is None or outgoing(original.document) == _undated(attached.document, original)
        outcome: TextOutcome = "same-words" if same else "differs"
        if same and pdf.startswith(best.built):
            outcome = "same-bytes"
        problem = "" if same else "the attached Document is not what the pages say"
        added = judged(found, original.document, against.signatures)
        hidden = doubts(against.opened or pdf, best.built, best.texts, attached.names, len(found.before))
        fact = TextFact(
            outcome,
            agreement,
            version,
            told,
            "missing" if attached.document is None else "matches" if same else "differs",
            "matches",
            (),
            () if same else _between(original.document, attached.document),
            tuple(_tolerated(found)),
            problem,
            _gathered((*added.doubts, *_drawn(against.reader, pdf, best, added.certificate), *hidden)),
        )
        return Read(fact, original.document, added.completed)
    return _differs(pdf, attached, best, (agreement, version), against)


def _drawn(reader: Apart, pdf: bytes, compared: _Compared, certificate: Sequence[Page]) -> Iterator[str]:
    """Tell of pages of a certificate on which more is seen than the words by which they are known."""
    found = compared.found or Likeness()
    around = (*enumerate(found.before), *enumerate(found.after, len(compared.texts) - len(found.after)))
    wanted = [index for index, page in around if any(page is each for each in certificate)]
    try:
        for index in reader.drawn(pdf, wanted) if wanted else ():
            yield f"page {index + 1}: on a service's certificate something is drawn, or not seen; look at it"
    except PagesError as error:
        yield f"what the pages of a service's certificate show cannot be told: {error}"


def _differs(
    pdf: bytes,
    attached: _Attached,
    best: _Compared,
    name: tuple[str, str],
    against: Against,
) -> Read:
    """Tell how the pages differ: as a redline, if they are those of the attached Document."""
    original, found = best.original, best.found
    own = _own(attached, pdf, against)
    told: tuple[Difference, ...] = ()
    if attached.document and own and own.same:
        told = _between(original.document, attached.document)
    elif found:
        told = differences(original.document, against.reader.pages(best.built), found)
    problem = ""
    if not found:
        count = len(against.reader.pages(best.built))
        problem = f"pages are missing: it has {len(best.texts)}, the agreement has {count}"
    elif found.unlike and not found.missing and not found.added:
        told_pages = ", ".join(map(str, found.unlike))
        problem = f"something covers, replaces or adds to what page {told_pages} shows, though the words are the same"
    fact = TextFact(
        "differs",
        *name,
        fingerprint(original.document),
        "missing" if attached.document is None else "matches" if own and own.same else "differs",
        "differs",
        (),
        told[:MOST_DIFFERENCES],
        tuple(_tolerated(found)) if found else (),
        problem,
    )
    return Read(fact, original.document)


def _unknown(pdf: bytes, attached: _Attached, name: tuple[str, str], against: Against) -> Read:
    """Tell what can be told of a text that this repository does not have."""
    own = _own(attached, pdf, against)
    agrees = bool(own and own.same)
    fact = TextFact(
        "unreadable",
        *name,
        fingerprint(attached.document) if attached.document else "",
        "missing" if attached.document is None else "matches" if agrees else "differs",
        "unknown",
        tolerated=tuple(_tolerated(own)) if own and agrees else (),
        problem=f"this repository has no text of `{name[0]}` in version {name[1]}",
    )
    return Read(fact, attached.document)


def _own(attached: _Attached, pdf: bytes, against: Against) -> Likeness | None:
    """Compare the pages with those of the attached Document, laid out anew; None if that cannot be done."""
    if attached.document is None:
        return None
    try:
        return against.compared(against.lay_out(attached.document, attached.manifest), pdf).likeness
    except (FindingsError, PagesError):
        return None


def _attached(pdf: bytes) -> _Attached:
    try:
        files = attachments(pdf, (AGREEMENT, MANIFEST))
    except AttachmentsError as error:
        return _Attached(problem=str(error))
    contents: dict[str, bytes] = {}
    for name, content in files:
        if name in (AGREEMENT, MANIFEST):
            if name in contents:
                return _Attached(problem=f"two of its attachments are named {name}")
            contents[name] = content
    names = tuple(name for name, _ in files)
    if not contents:
        return _Attached(names=names)
    if len(contents) < 2:
        missing = MANIFEST if AGREEMENT in contents else AGREEMENT
        return _Attached(problem=f"one of its attachments is gone: {missing}")
    try:
        manifest = Manifest.from_json(contents[MANIFEST])
        document = from_json(contents[AGREEMENT])
    except (ManifestError, InterchangeError) as error:
        if error.hint:
            return _Attached(newer=f"what is attached to it cannot be read: {error}; {error.hint}")
        name = MANIFEST if isinstance(error, ManifestError) else AGREEMENT
        return _Attached(problem=f"the attached {name} is none: {error}")
    if not _NAME.fullmatch(manifest.agreement) or not _VERSION.fullmatch(manifest.version):
        return _Attached(problem=f"the attached {MANIFEST} names no agreement and version")
    if not _is_text(repr(document)):
        return _Attached(problem=f"the attached {AGREEMENT} holds halves of characters")
    named = (manifest.agreement, manifest.version)
    if named != (document.id, document.version) or manifest.text != fingerprint(document):
        return _Attached(document, *named, "the attached Document is not the one that the attached manifest names")
    return _Attached(document, *named, manifest=manifest, names=names)


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _built(original: Original, attached: _Attached) -> bytes:
    """Return the PDF of a text of the repository, as it was when the file was built: as a draft, say."""
    leaving = outgoing(original.document)
    if attached.document:
        leaving = replace(leaving, draft=attached.document.draft)
    return original.lay_out(leaving, attached.manifest)


def _undated(document: Document, original: Original) -> Document:
    """Return the attached Document as it is at the status of the repository's: the draft mark is no word."""
    return replace(document, draft=original.document.draft)


def _form(document: Document, mark: str) -> int:
    """Return the form of fingerprint by which running lines name a document; its own, if they do by none."""
    named = (form for form in FINGERPRINT_FORMS if mark and fingerprint(document, form).startswith(mark))
    return next(named, document.form)


def _running(texts: Iterable[str]) -> tuple[str, str, str]:
    """Return id, version and mark as the pages' running lines name them; "" for each if they do not agree."""
    named = {(match[1], match[2], match[3]) for text in texts for match in _RUNNING.finditer(text)}
    return named.pop() if len(named) == 1 else ("", "", "")


def _between(old: Document, new: Document | None) -> tuple[Difference, ...]:
    """Return how two Documents differ, as their redline tells it."""
    if new is None:
        return ()
    told = []
    for change in changes(compare(outgoing(old), new)):
        if change.edits:
            told += [Difference(change.name(), edit.before, edit.after) for edit in change.edits]
        else:
            told.append(Difference(change.name(), change.before, change.after))
    return tuple(told[:MOST_DIFFERENCES])


def _tolerated(found: Likeness) -> Iterator[str]:
    """Yield what was added where it may be: pages first, then for each page, or pages alike, its words."""
    for where, pages in (("before the agreement", found.before), ("after the agreement", found.after)):
        for page in pages:
            yield f"a page {where}: {' '.join(word.text for word in page.words) or 'empty'}"
    by_page: dict[int, list[str]] = {}
    for stray in found.tolerated:
        by_page.setdefault(stray.page, []).append(stray.word.text)
    yield from _by_pages((number, " ".join(words)) for number, words in sorted(by_page.items()))


def _gathered(doubts: Iterable[str]) -> tuple[str, ...]:
    """Return all doubts; what is said of several pages in the same words is said once, with their numbers."""
    paged: list[tuple[int, str]] = []
    others: list[str] = []
    for doubt in doubts:
        if match := _OF_PAGE.fullmatch(doubt):
            paged.append((int(match[1]), match[2]))
        else:
            others.append(doubt)
    return (*_by_pages(paged), *others)


def _by_pages(said: Iterable[tuple[int, str]]) -> Iterator[str]:
    alike: dict[str, list[int]] = {}
    for number, words in said:
        alike.setdefault(words, []).append(number)
    for words, numbers in alike.items():
        yield f"page{'s' if len(numbers) > 1 else ''} {', '.join(_spans(sorted(set(numbers))))}: {words}"


def _spans(numbers: Sequence[int]) -> Iterator[str]:
    """Yield numbers, those in a row as one span."""
    start = 0
    for end in range(1, len(numbers) + 1):
        if end == len(numbers) or numbers[end] != numbers[end - 1] + 1:
            first, last = numbers[start], numbers[end - 1]
            yield str(first) if first == last else f"{first} to {last}"
            start = end
