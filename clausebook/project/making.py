"""Make the text of an agreement, or read it from its record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from clausebook.amending.settling import Beside, proof, settle
from clausebook.assemble.assembler import assemble
from clausebook.assemble.inputs import Inputs
from clausebook.document.model import Document
from clausebook.findings.model import Finding, has_errors
from clausebook.language.sandbox import Sandbox
from clausebook.load.numbered import in_file, number_of
from clausebook.project.agreement import Agreement
from clausebook.project.libraries import Libraries
from clausebook.project.loading import locator
from clausebook.project.tentative import further, tentative, with_example
from clausebook.project.which_text import Basis, inputs_of
from clausebook.records.record_files import turns
from clausebook.records.sent import drift
from clausebook.repository.agreement_files import AgreementFile


def made(libraries: Libraries, file: AgreementFile, basis: Basis, beside: Beside, sandbox: Sandbox) -> Agreement:
    """Return an agreement with the text that stands for it; `beside` gives what an amendment needs of others."""
    data, kept, inputs = basis.data, basis.kept, basis.inputs
    if kept:
        proven = proof(libraries.tree, kept.document, data, beside) if kept.document and inputs else ()
        return Agreement(file, data, kept.document, (*basis.findings, *kept.findings, *proven), inputs, kept.record)
    if inputs is None:
        return Agreement(file, data, None, basis.findings)
    assembled = assemble(inputs, sandbox)
    wanted = _with_examples(assembled.findings, libraries, file, data)
    findings = (*basis.findings, *basis.unfit, *_as_written(wanted, file, number_of(data)))
    document = None if has_errors(findings) else assembled.document
    if document is None:
        return Agreement(file, data, None, findings, inputs)
    settled = settle(libraries.tree, document, file.path, data, beside, inputs.deal.locate)
    findings = (*findings, *_drift(libraries, file, document, inputs), *settled.findings)
    return Agreement(file, data, settled.document, findings, inputs)


def foreseen(
    libraries: Libraries, file: AgreementFile, findings: Sequence[Finding], sandbox: Sandbox
) -> Iterator[Finding]:
    """Yield what else an agreement with errors will need, so that it is not told only when they are mended."""
    data, number = tentative(libraries.tree, file, libraries.store_of(file.id), findings) or ({}, 0)
    inputs, unfit = inputs_of(libraries, file, data, locator(libraries.tree, file)) if data else (None, ())
    if inputs:
        found = (*unfit, *further(findings, assemble(inputs, sandbox).findings))
        yield from _as_written(_with_examples(found, libraries, file, data), file, number)


def _with_examples(
    findings: Iterable[Finding], libraries: Libraries, file: AgreementFile, data: Mapping[str, Any]
) -> Iterator[Finding]:
    schemas = libraries.store_of(file.id).of(data["type"])
    yield from (with_example(each, schemas, data) for each in findings)


def _as_written(findings: Iterable[Finding], file: AgreementFile, number: int) -> Iterator[Finding]:
    """Yield the findings with the names that the agreement's file, of a number, has for its values."""
    for each in findings:
        yield in_file(each, number) if each.path == file.path else each


def _drift(libraries: Libraries, file: AgreementFile, document: Document, inputs: Inputs) -> Iterator[Finding]:
    """Yield where an agreement that was sent no longer has the words of today's library."""
    if libraries.sent(file.id):
        last = next((turn for turn in reversed(turns(libraries.tree, file.id)) if turn.direction == "sent"), None)
        today = libraries.kind(inputs.kind.name)
        yield from drift(document, inputs.kind, today, file.path, last, inputs.deal.locate)
