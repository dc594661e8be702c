"""Files that came back to deceive, of every kind: how each is made and judged.

Of what kind each is, who signed, and what `verify` must say of it stands in `tests/cases/returned/deceptive.yaml`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.x509.oid import ExtendedKeyUsageOID
from ruamel.yaml import YAML

from clausebook.document.outgoing import outgoing
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from clausebook.render.pdf.writer import render_pdf
from clausebook.signing.sign import sign
from clausebook.verify.model import Role, Verification
from clausebook.verify.trust import TrustStore, anchor
from clausebook.verify.verifying import verify
from tests.support import hostile_returns, returns, signing_keys
from tests.support.honest_returns import pyhanko
from tests.support.repositories import ROOT
from tests.support.returned_files import AGREEMENT, FIELDS, NAMES, WISHES, Place, sealed, signed, signer
from tests.support.signing_keys import Pair, issue
from tests.support.unpainted_changes import CHANGES

Judge = Callable[[Place], Verification]
"""Makes the file from what the repository builds, and has it judged."""

CERTIFICATE = "Certificate Of Completion"


@dataclass(frozen=True, slots=True)
class Deceptive:
    """A file that came back to deceive: what is told of it, and what `verify` says, with words of the reason."""

    kind: str
    origin: str
    signed: str
    verdict: str
    reason: str


def deceptive() -> Mapping[str, Deceptive]:
    """Return what is told of each file, by name."""
    rows = YAML(typ="safe").load(ROOT / "tests" / "cases" / "returned" / "deceptive.yaml")
    return {name: Deceptive(**row) for name, row in rows.items()}


def _trusting(*, ours: Pair | None = None, theirs: Pair | None = None, **more: Any) -> TrustStore:
    """Return a store with a root for each party, the common one if none is given, and for nobody else."""
    root = signing_keys.root()
    pairs = {"sparrow": ours or root, "finch": theirs or root}
    roles = (Role("party", name, "the test") for name in pairs)
    anchors = [anchor(role, [pair.asn1]) for role, pair in zip(roles, pairs.values(), strict=True)]
    return replace(TrustStore(tuple(anchors)), **more)


def _judged(place: Place, pdf: bytes, store: TrustStore | None = None) -> Verification:
    return verify(place.root, [pdf], store, {}, place.sandbox) if store else place.verify(pdf)


def _both(pdf: bytes, ours: Pair, theirs: Pair) -> bytes:
    for field, pair in zip(FIELDS, (ours, theirs), strict=True):
        pdf = sign(pdf, field, pair.credentials(), WISHES)
    return pdf


# ---- What is done to the pages, and what is not painted. ----------------------------------------------------------


def _signed(change: Callable[[bytes], bytes]) -> Judge:
    return lambda place: _judged(place, signed(change(place.pdf)))


def _sealed(change: Callable[[bytes], bytes]) -> Judge:
    return lambda place: _judged(place, sealed(returns.enveloped(change(place.pdf), [], NAMES)))


def _with_certificate(*pages: str) -> Judge:
    return lambda place: _judged(place, sealed(returns.with_pages(returns.flattened(place.pdf), *pages)))


def _stamped(words: str) -> Judge:
    def judge(place: Place) -> Verification:
        stamps = [
            (page, left, bottom, words if text == NAMES[0] else text)
            for page, left, bottom, text in returns.stamps(place.pdf, NAMES)
        ]
        return _judged(place, sealed(returns.enveloped(place.pdf, stamps, NAMES)))

    return judge


def _in_margin(words: str) -> Judge:
    return _sealed(lambda pdf: returns.written_over(pdf, [(0, 60.0, 20.0, words)], 6))


def _pages() -> Iterator[tuple[str, Judge]]:
    first = returns.certificate(NAMES)[0]
    for status in ("Sent", "Delivered", "Declined", "Voided"):
        yield f"page of completion: {status}", _with_certificate(*returns.certificate(NAMES, status))
    yield (
        "page of completion with terms",
        _with_certificate(f"{first}\nThe parties further agree that the fee is doubled."),
    )
    yield "page of completion with a condition", _with_certificate(first.replace("Completed", "Completed if paid", 1))
    yield "page of completion of somebody else", _with_certificate(*returns.certificate((NAMES[0], "Mallory Other")))
    lines = (CERTIFICATE, "Status: Completed", *(f"Signed: {name}" for name in NAMES), "Viewed Sent")
    yield "page of completion made by hand", _with_certificate("\n".join(lines))
    yield "cover sheet with the names", _with_certificate(f"Cover sheet for {NAMES[0]} and {NAMES[1]}")
    ours, theirs = (returns.certificate([name])[0] for name in NAMES)
    part = ours[ours.index(NAMES[0], ours.index("Signer Events")) :]
    yield "part of a page of completion before another", _with_certificate(part, theirs)
    for words in ("for_30_days_only_and_then_void_01", "subject to board approval", "Mallory Other"):
        yield f"stamp: {words}", _stamped(words)
    for words in (f"Docusign Envelope ID: {'for_30_days_only_and_then_void_01'}", "void unless paid"):
        yield f"margin: {words}", _in_margin(words)


# ---- Who signs, and by what certificate. --------------------------------------------------------------------------


def _by(make: Callable[[], Pair], **trust: Any) -> Judge:
    """Return how a file is judged in which our signatory's certificate is made so."""
    return lambda place: _judged(place, _both(place.pdf, make(), signer(NAMES[1])), _trusting(**trust))


def _certificates() -> Iterator[tuple[str, Judge]]:
    root, (ours, theirs) = signing_keys.root(), NAMES
    own = partial(issue, ours, root)
    for name, purpose in (
        ("servers", ExtendedKeyUsageOID.SERVER_AUTH),
        ("code", ExtendedKeyUsageOID.CODE_SIGNING),
        ("time stamps", ExtendedKeyUsageOID.TIME_STAMPING),
    ):
        yield f"certificate for {name}", _by(partial(own, purposes=[purpose]))
    now = datetime.now(UTC)
    for name, begin, end in (("is over", -9, -2), ("has not begun", 2, 9)):
        late = partial(own, begin=now + timedelta(begin), end=now + timedelta(end))
        yield (
            f"certificate that {name}",
            lambda place, late=late: _judged(place, pyhanko(pyhanko(place.pdf, 0, late()), 1), _trusting()),
        )
    yield "certificate of one's own making", _by(partial(issue, ours))
    yield "certificate by a stranger", _by(partial(issue, ours, signing_keys.stranger()))
    yield "certificate of somebody else", _by(partial(issue, "Mallory Other", root))
    yield "certificate of the other side", _by(partial(issue, theirs, root))
    for name in (f"{ours} void after 30 days", f"Not {ours}", "Wren", ours.replace("a", "\u0430")):
        yield f"certificate of {name}", _by(partial(issue, name, root))
    yield "organisation with a condition", _by(partial(own, organisation="subject to the fee being doubled"))

    def revoked(place: Place) -> Verification:
        pair = own()
        store = _trusting(crls=(signing_keys.crl_of(root, pair),))
        return _judged(place, _both(place.pdf, pair, signer(theirs)), store)

    yield "certificate that was revoked", revoked

    def issued_by_theirs(place: Place) -> Verification:
        leaf = issue(theirs, ca=True, usage=False)
        return _judged(place, _both(place.pdf, issue(ours, leaf), leaf), _trusting(ours=leaf, theirs=leaf))

    yield "certificate issued by the other side's", issued_by_theirs


def _roles() -> Iterator[tuple[str, Judge]]:
    root, (ours, theirs) = signing_keys.root(), NAMES

    def completed(place: Place) -> bytes:
        return sealed(returns.enveloped(place.pdf, returns.stamps(place.pdf, NAMES), NAMES))

    yield "seal of one's own", lambda place: _judged(place, completed(place), _trusting())
    service = TrustStore((anchor(Role("service", "Signing Platform", "the test"), [root.asn1]),))
    yield "seals in the parties' fields", lambda place: _judged(place, signed(place.pdf), service)
    other = TrustStore((anchor(Role("service", "Dropbox Sign", "the test"), [root.asn1]),))
    yield "one service's page, another's seal", lambda place: _judged(place, completed(place), other)

    def crossed(place: Place) -> Verification:
        one, two = issue("Root of Sparrow", ca=True), issue("Root of Finch", ca=True)
        pdf = _both(place.pdf, issue(ours, one), issue(theirs, two))
        return _judged(place, pdf, _trusting(ours=two, theirs=one))

    yield "each by the other's root", crossed

    def reserved(place: Place) -> Verification:
        somebody = Role("party", "sparrow", "the test", ("Somebody Else",))
        store = TrustStore((anchor(somebody, [root.asn1]), *_trusting().anchors[1:]))
        return _judged(place, signed(place.pdf), store)

    yield "root of another signatory", reserved
    yield "fields exchanged", lambda place: _judged(place, signed(place.pdf, (theirs, ours)))
    yield "one side alone", lambda place: _judged(place, signed(place.pdf, (ours,)))
    yield "one side, twice", lambda place: _judged(place, _both(place.pdf, signer(ours), signer(ours)))

    def one_for_both(place: Place) -> Verification:
        one = issue(f"{ours} {theirs}", root)
        return _judged(place, _both(place.pdf, one, one), _trusting())

    def one_key(place: Place) -> Verification:
        one = issue(ours, root)
        return _judged(place, _both(place.pdf, one, issue(theirs, root, key=one.key)), _trusting())

    yield "one certificate for both", one_for_both
    yield "one key for both", one_key
    yield "nobody is trusted", lambda place: place.verify(signed(place.pdf), trusted=False)
    for key, said in (
        ("reason", "Subject to board approval"),
        ("location", "void unless the board approves"),
        ("contact_info", "the fee is doubled"),
        ("name", f"{theirs} under protest"),
    ):
        yield (
            f"condition as {key}",
            lambda place, key=key, said=said: _judged(place, pyhanko(pyhanko(place.pdf, 0), 1, **{key: said})),
        )


# ---- Files that another look made. --------------------------------------------------------------------------------

_LOOKS: Mapping[str, str] = {
    "drops a word": '#show "does not": "does"',
    "changes a name": '#show "Sparrow Maps Ltd": "Finch & Daughters LLP"',
    "adds a word": "#show heading.where(level: 1): it => it + par[Void after 30 days.]",
    "whitens": "#show list: it => { set text(fill: white); it }\n#show enum: it => { set text(fill: white); it }",
    "shrinks": "#show enum: it => { show text: set text(size: 1pt); it }",
    "strikes out": '#show "not": strike',
    "paints over": "#set page(foreground: place(left, dx: 2in, rect(width: 2in, height: 50%, fill: white)))",
    "hides": '#show "not": hide',
}


def _by_look(place: Place, line: str, *, of_the_repository: bool) -> Verification:
    """Judge a file that a look with one line more made; the repository has that look or its own."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "git"
        shutil.copytree(place.root.parent, root)
        project = root / place.root.name
        main = project / "templates" / "pdf" / "agreement.typ"
        plain = main.read_text(encoding="utf-8")
        main.write_text(plain.replace("#contract(", f"{line}\n#contract("), encoding="utf-8")
        with Project(project, Sandbox()) as opened:
            document = opened.assemble(opened.files([AGREEMENT])[0]).document
        assert document
        pdf = signed(render_pdf(outgoing(document), main.parent))
        if not of_the_repository:
            main.write_text(plain, encoding="utf-8")
        return verify(project, [pdf], _trusting(), {}, place.sandbox)


def _looks() -> Iterator[tuple[str, Judge]]:
    for name, line in _LOOKS.items():
        yield f"a look that {name}", partial(_by_look, line=line, of_the_repository=False)
    for name in ("changes a name", "whitens"):
        yield f"the repository's own look {name}", partial(_by_look, line=_LOOKS[name], of_the_repository=True)


def _bench() -> Iterator[tuple[str, Judge]]:
    for name, attack in hostile_returns.ATTACKS.items():
        yield f"{name.replace('_', ' ')}, signed", _signed(attack)
        if name not in hostile_returns.WIPED:
            yield f"{name.replace('_', ' ')}, sealed", _sealed(attack)
    for name, (change, _) in CHANGES.items():
        yield f"not painted: {name}", _signed(lambda pdf, change=change: returns.changed(pdf, change))  # type: ignore[misc]
    yield from _pages()
    yield from _certificates()
    yield from _roles()
    yield from _looks()


BENCH: Mapping[str, Judge] = dict(_bench())
