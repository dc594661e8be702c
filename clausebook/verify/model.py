"""What is found about a PDF that came back: three facts, told apart, and the verdict that they allow.

Signing services merge their fields into a new PDF and seal it as the platform, and some deals are signed on
paper. So what the pages say, whether the file is intact, and who signed are three questions, and an answer to
one is none to the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["verified", "incomplete", "differs", "unknown"]
"""`verified`; text matches but evidence is `incomplete`; `differs` or tampered; could not tell (`unknown`)."""

EXIT_CODES: dict[Verdict, int] = {"verified": 0, "differs": 1, "incomplete": 3, "unknown": 4}
"""2 is left to what could not run at all."""

SignatureKind = Literal["signature", "seal", "timestamp"]
"""A `signature` in one of the agreement's own fields, a platform's `seal`, or a document `timestamp`."""

RoleKind = Literal["party", "service", "time"]
"""What certificates may prove: that a `party` signed, that a signing `service` sealed, or a `time`."""

TextOutcome = Literal["same-bytes", "same-words", "differs", "unreadable"]
"""`same-bytes`: before the first signature the file is, byte for byte, what this repository builds.
`same-words`: the pages say what the agreement says. `unreadable`: there is no text, or no way to tell."""

Evidence = Literal["certificate", "completion", "attestation", "none"]
"""By what a signatory is held to have signed: a `certificate` in the file, a service's certificate of
`completion`, the `attestation` of a named person, which is never called cryptographic, or nothing."""


@dataclass(frozen=True, slots=True)
class Role:
    """What certificates are trusted for, and no more: a role of `kind`, of the party or service `name`.

    `origin` says where that is laid down. If `signatories` are named, by name or signature block, a party's
    certificates count for those alone.
    """

    kind: RoleKind
    name: str
    origin: str
    signatories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature in a file.

    `field` is the form field's name, `signer` and `organisation` what the certificate says, `issuer` who issued it,
    `certificate` its SHA-256, and `key` that of its public key. `time` is ISO 8601 in UTC, or "", and `time_source` is
    "timestamp" if a time-stamping authority says so, else "signer". `said` is the reason that the signer gave, or "",
    `besides` what else the signature says that may be a condition. `intact`: the bytes that it covers are those that
    were signed, and the signature is the certificate's; `unjudged`: that cannot be told here, for it was made in a way
    that is not known or not safe. `changes` tells what was added to the file after it, and `forbidden` which of that it
    does not allow (its locks included). `roles` are what the certificate is trusted for, `revocation` what is known of
    its being revoked. `counts` says for whom, or as what, the signature counts in this agreement, and who decided that;
    "" if it does not. `trusted` tells whether any role fits its kind; None if nobody's certificates were given.
    `problem` says in plain words what is wrong, or "".
    """

    field: str
    kind: SignatureKind
    signer: str = ""
    organisation: str = ""
    time: str = ""
    time_source: Literal["timestamp", "signer", ""] = ""
    intact: bool = False
    unjudged: bool = False
    issuer: str = ""
    certificate: str = ""
    key: str = ""
    roles: tuple[Role, ...] = ()
    revocation: str = ""
    counts: str = ""
    trusted: bool | None = None
    said: str = ""
    besides: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    problem: str = ""

    @property
    def sound(self) -> bool:
        """Tell whether the signature is intact and nothing forbidden came after it."""
        return self.intact and not self.forbidden


@dataclass(frozen=True, slots=True)
class FileFact:
    """Whether the file is intact: its signatures in the order in which they were made.

    `revisions` is how many times the file was written. `after` tells what was added after the last signature.
    `problem` says why the file as a whole cannot be trusted, or "". `remarks` are worth knowing, and decide nothing.
    """

    signatures: tuple[Signature, ...] = ()
    revisions: int = 1
    after: tuple[str, ...] = ()
    problem: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Tell whether every signature is sound and nothing else is wrong."""
        return not self.problem and all(signature.sound for signature in self.signatures)


@dataclass(frozen=True, slots=True)
class Difference:
    """Words that differ: `place` names the clause, `expected` are the agreement's words, `found` the page's."""

    place: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class TextFact:
    """What the pages say, against the agreement.

    `agreement` and `version` are what the file says that it is. `attached` tells of the Document that is attached
    to the file: "matches" the pages, "differs", is "missing" or "damaged". `repository` tells how this repository's
    text of that version compares with it: "matches", "differs" or "unknown", with `commits` those of its revisions
    of that version that have exactly that text; `same_words` are other versions that have the same. `tolerated` are the
    words on the pages that are a service's own (stamps, envelope ids, certificate pages). `problem` says why nothing
    can be told, or "". `doubts` tell what a person has to read before the text can be called the agreement's and
    nothing else: words in margins, further pages, layers, comments.
    `void` tells that the record of its execution is void, since when and why, or is "".
    """

    outcome: TextOutcome
    agreement: str = ""
    version: str = ""
    fingerprint: str = ""
    attached: Literal["matches", "differs", "missing", "damaged"] = "missing"
    repository: Literal["matches", "differs", "unknown"] = "unknown"
    commits: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    tolerated: tuple[str, ...] = ()
    problem: str = ""
    doubts: tuple[str, ...] = ()
    void: str = ""
    same_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signatory:
    """One who was to sign: `block` is the id of the signature block, `party` and `name` who it is.

    `evidence` tells by what they are held to have signed, and `detail` says it in plain words. `doubt` says why that
    may not be theirs, as when a certificate names somebody else, or is "".
    """

    block: str
    party: str
    name: str
    evidence: Evidence = "none"
    time: str = ""
    detail: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the verdict is what it is. `name` stays the same for the same files: by it a person acknowledges it."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Verification:
    """All that was found about one PDF, or about the counterparts of one agreement."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    text: TextFact
    files: tuple[FileFact, ...]
    signatories: tuple[Signatory, ...]
