"""Put together what is found about PDFs that came back: text, file, signatories, verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from clausebook.language.sandbox import Sandbox
from clausebook.verify.apart import Apart
from clausebook.verify.integrity.byte_ranges import MAX_BYTES
from clausebook.verify.integrity.examine import examined
from clausebook.verify.model import FileFact, Reason, TextFact, Verification
from clausebook.verify.repository import Texts
from clausebook.verify.returned_text import Against, read_text
from clausebook.verify.signatories import ReturnedFile, signatories
from clausebook.verify.trust import TrustStore, weighed
from clausebook.verify.verdict import judge

if TYPE_CHECKING:
    from clausebook.document.model import Document


def verify(
    root: Path,
    pdfs: Sequence[bytes],
    store: TrustStore,
    attestations: Mapping[str, str],
    sandbox: Sandbox,
    agreement: str = "",
) -> Verification:
    """Return what can be told of PDFs that came back: one, or the counterparts of one agreement.

    `store` says whom to trust for what; `attestations` says by signature block who attests what. `agreement` names the
    agreement that the files should be; without it they say it themselves.
    """
    texts: list[TextFact] = []
    files: list[FileFact] = []
    returned: list[ReturnedFile] = []
    document: Document | None = None
    repository = Texts(root, sandbox)
    with Apart() as reader:
        for pdf in pdfs:
            text, file, found, completed = _one(repository, pdf, store, agreement, reader)
            texts.append(text)
            files.append(file)
            returned.append(ReturnedFile(file, completed))
            document = document or found
    who = signatories(document, returned, attestations) if document else ()
    verdict, reasons = judge(texts, files, who)
    if verdict == "incomplete":
        reasons = (*reasons, *(Reason("trust-file", note) for note in store.notes))
    return Verification(verdict, reasons, _worst(texts), tuple(files), who)


def _one(
    repository: Texts, pdf: bytes, store: TrustStore, agreement: str, reader: Apart
) -> tuple[TextFact, FileFact, Document | None, frozenset[str]]:
    if len(pdf) > MAX_BYTES:
        problem = f"the file is larger than {MAX_BYTES >> 20} MiB"
        return TextFact("unreadable", problem=problem), FileFact(problem=problem), None, frozenset()
    with ExitStack() as stack:
        file, opened = examined(pdf, stack, store)
        read = read_text(pdf, Against(repository.find, repository.lay_out, reader, file.signatures, opened))
    fact = read.fact
    if agreement and fact.agreement and fact.agreement != agreement:
        problem = f"it is a text of `{fact.agreement}`, not of `{agreement}`"
        fact = replace(fact, outcome="differs", problem=problem)
    elif fact.fingerprint and fact.repository == "matches":
        void = repository.void(fact.agreement, fact.version)
        commits, others = repository.commits(fact.agreement, fact.version, fact.fingerprint)
        fact = replace(fact, commits=commits, same_words=others, void=void)
    return fact, weighed(file, read.document) if read.document else file, read.document, read.completed


def _worst(texts: Sequence[TextFact]) -> TextFact:
    order = ("differs", "unreadable", "same-words", "same-bytes")
    return min(texts, key=lambda text: order.index(text.outcome))
