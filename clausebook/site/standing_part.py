"""Where an agreement stands, in full: the negotiation, who signed and what was verified, the chain of amendments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from markupsafe import Markup

from clausebook.document.statuses import ENDED
from clausebook.lifecycle.standing import AmendmentStep, ExecutedFiles, Standing
from clausebook.records.model import MARKDOWN, SCAN, SIGNED, ExecutedVersion, RecordedSignatory
from clausebook.site.markup import day, filled
from clausebook.site.page import agreement_path
from clausebook.site.site_content import AgreementHistory, Neighbours
from clausebook.site.steps import AMENDMENTS, EXECUTION, TURNS, amendment_link, effective, in_force, whom

TEXT = "agreement-text"

VERDICTS: Mapping[str, str] = MappingProxyType(
    {"verified": "Verified", "incomplete": "Text matches, evidence incomplete"}
)
"""What the verdicts with which an agreement can be executed are called."""

EVIDENCE: Mapping[str, str] = MappingProxyType(
    {
        "certificate": "Digital signature in the file",
        "completion": "Signing service’s certificate of completion",
        "attestation": "Statement of a named person",
        "none": "None",
    }
)
"""By what a signatory is held to have signed. A statement is never called more than that."""

FORMATS: Mapping[str, str] = MappingProxyType({".pdf": "PDF", ".docx": "Word", ".md": "Markdown"})
"""What a download is called, by the end of its name."""

Download = tuple[str, str, str]
"""Path of a file, what it is called, and a note for who cannot see where the link stands."""


def titles_of(others: Neighbours) -> Mapping[str, str]:
    """Return what each agreement is called."""
    return {name: each.title for name, each in others.items()}


def standing_part(standing: Standing, page: str, past: AgreementHistory | None, others: Neighbours) -> str:
    """Return the part of an agreement's page that tells where it stands."""
    titles = titles_of(others)

    def restated(step: AmendmentStep) -> list[Download]:
        """Return the restated text that an amendment makes."""
        folder, note = agreement_path(step.id).rpartition("/")[0], f"of the restated text, version {step.makes}"
        names = [(f"{step.id}-restated{suffix}", label) for suffix, label in FORMATS.items()]
        files = others[step.id].files if step.id in others else ()
        return [(f"{folder}/{name}", label, note) for name, label in names if name in files]

    return filled(
        "standing",
        path=page,
        standing=standing,
        titles=titles,
        versions={name: each.version for name, each in others.items() if each.version},
        recorded=past.recorded if past else {},
        effective=effective,
        in_force=in_force,
        whom=whom,
        lacks=_lacks,
        files=lambda execution: _files(execution, page),
        signed=lambda version: signed_downloads(standing, page, version),
        restated=restated,
        amendment_link=lambda step: amendment_link(step, page, titles),
        VERDICTS=VERDICTS,
        EVIDENCE=EVIDENCE,
        ENDED=ENDED,
        TEXT=TEXT,
        TURNS=TURNS,
        EXECUTION=EXECUTION,
        AMENDMENTS=AMENDMENTS,
    )


def signed_files(standing: Standing) -> Mapping[str, bytes]:
    """Return the files of the records that stand beside the page, by name."""
    return {
        _file(each.record, name): content
        for each in standing.executions
        for name, content in sorted(each.files.items())
    }


def signed_downloads(standing: Standing, page: str, version: str) -> list[Download]:
    """Return the signed PDFs of a version."""
    found = (each for each in standing.executions if each.record.version == version)
    return [each for execution in list(found)[:1] for each in _files(execution, page, text=False)]


def signatories(standing: Standing) -> Iterator[tuple[str, str, Markup]]:
    """Yield who signed, or is to sign: the name, for whom, and what is told of the signature."""
    found = standing.execution
    for signed in found.record.signatories if found else ():
        yield signed.name, f"for {signed.party}", _signed(signed)
    for each in () if found else standing.to_sign:
        yield each.name or "Not named yet", f"for {each.party}", Markup()


def _signed(signatory: RecordedSignatory) -> Markup:
    if signatory.evidence == "none":
        return Markup()
    if signatory.evidence == "attestation":
        on = f" on paper on {day(signatory.time)}" if signatory.time else ""
        return Markup(f" · signed{on}, as a named person states")
    return Markup(f" · signed {day(signatory.time[:10])}") if signatory.time else Markup(" · signed")


def _lacks(record: ExecutedVersion) -> list[str]:
    """Return what the file lacks, but for what the table of signatories tells."""
    statements = [each.statement for each in record.attestations]
    told = [reason for reason in record.reasons if not any(each and each in reason for each in statements)]
    return [] if record.verdict == "verified" else told


def _files(execution: ExecutedFiles, page: str, *, text: bool = True) -> Iterator[Download]:
    """Yield the signed files in the order of their numbers, then the `text`."""
    record, folder = execution.record, page.rpartition("/")[0]
    for name in sorted(execution.files, key=lambda name: (name == MARKDOWN, len(name), name)):
        if text or name != MARKDOWN:
            scanned = name.startswith(SCAN.partition(".")[0])
            label = "Scan of the signed paper" if scanned else "Signed PDF"
            label = "Executed text, Markdown" if name == MARKDOWN else label
            number = name.removesuffix(".pdf").rpartition("-")[2]
            label += f", counterpart {number}" if name not in (MARKDOWN, SIGNED, SCAN) else ""
            yield f"{folder}/{_file(record, name)}", label, f"of version {record.version}"


def _file(record: ExecutedVersion, name: str) -> str:
    return f"{record.agreement}-{record.version}-{'executed.md' if name == MARKDOWN else name}"
