"""Make the text of an agreement, or read it from its record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from clausebook.amending.settling import Beside, executed_text, proof, settle
from clausebook.assemble.assembler import assemble
from clausebook.assemble.inputs import Deal, Inputs
from clausebook.document.model import Document
from clausebook.findings.model import Finding, Locate, SourceFile, has_errors
from clausebook.language.sandbox import Sandbox
from clausebook.library.loading import load_wordings
from clausebook.load.numbered import in_file, newest, number_of
from clausebook.project.agreement import Agreement
from clausebook.project.libraries import Libraries
from clausebook.project.loading import locator
from clausebook.project.tentative import further, tentative, with_example
from clausebook.records.record_files import turns
from clausebook.records.sent import drift
from clausebook.records.since_execution import contract_data
from clausebook.repository.agreement_files import AgreementFile
from clausebook.rules.deal import judged
from clausebook.rules.evaluating import uses_of
from clausebook.rules.reading.placeholders import unfilled
from clausebook.rules.reading.readings import read
from clausebook.rules.waivers import unwaived
from clausebook.validate.common import APART, WAIVERS
from clausebook.validate.described import is_internal, label_of


@dataclass(frozen=True, slots=True)
class Judging:
    """How deals are judged: `as_of` is the day, ISO 8601; if it is "", nothing is said to have passed.

    Without `by_rules` it is looked at what a deal leaves out, and not what its type's rules and readings say of it.
    """

    as_of: str = ""
    by_rules: bool = True


def made(
    libraries: Libraries,
    file: AgreementFile,
    data: Mapping[str, Any],
    beside: Beside,
    sandbox: Sandbox,
    judging: Judging | None,
) -> Agreement:
    """Return an agreement with the text that stands for it, by its valid data: that of a record, or one that is made.

    `beside` is what an amendment needs of others. Without `judging` nobody asks what the deal means.
    """
    tree, locate = libraries.tree, locator(libraries.tree, file)
    findings: tuple[Finding, ...] = ()
    kept = executed_text(tree, file.id, file.path, data, locate, beside)
    inputs, unfit = inputs_of(libraries, file, data, locate)
    if inputs is None and libraries.sent(file.id):
        # What is wrong with today's types is told once, of all agreements together.
        findings = (*findings, *libraries.type_of(file.id, data["type"]).findings)
    if kept:
        proven = (
            proof(tree, kept.document, data, beside, SourceFile(file.path, locate)) if kept.document and inputs else ()
        )
        return Agreement(file, data, kept.document, (*findings, *kept.findings, *proven), inputs, kept.record)
    if inputs is None:
        return Agreement(file, data, None, findings)
    assembled = assemble(inputs, sandbox, silent=judging is not None)
    contract = {name: each for name, each in newest(data).items() if name not in APART}
    open_still = unfilled(inputs.deal, contract, inputs.kind.outline.language) if judging else ()
    wanted = (*_with_examples(assembled.findings, libraries, file, data), *open_still)
    findings = (*findings, *unfit, *_as_written(wanted, file, number_of(data)))
    document = None if has_errors(findings) else assembled.document
    if document is None:
        return Agreement(file, data, None, findings, inputs)
    settled = settle(tree, document, file.path, data, beside, locate)
    findings = (*findings, *_drift(libraries, file, document, inputs), *settled.findings)
    if judging and judging.by_rules and settled.document:
        findings = (*findings, *_judged(libraries, inputs, data, settled.document, judging, sandbox))
    return Agreement(file, data, settled.document, findings, inputs, silences=assembled.silences)


def foreseen(
    libraries: Libraries, file: AgreementFile, findings: Sequence[Finding], sandbox: Sandbox
) -> Iterator[Finding]:
    """Yield what else an agreement with errors will need, so that it is not told only when they are mended."""
    data, number = tentative(libraries.tree, file, libraries.store_of(file.id), findings) or ({}, 0)
    inputs, unfit = inputs_of(libraries, file, data, locator(libraries.tree, file)) if data else (None, ())
    if inputs:
        found = (*unfit, *further(findings, assemble(inputs, sandbox).findings))
        yield from _as_written(_with_examples(found, libraries, file, data), file, number)


def inputs_of(
    libraries: Libraries, file: AgreementFile, data: Mapping[str, Any], locate: Locate
) -> tuple[Inputs | None, tuple[Finding, ...]]:
    """Return what a text would be made of, None if the type cannot be used, and what is wrong with its wordings."""
    bundle = libraries.type_of(file.id, data["type"])
    if bundle.kind is None:
        return None, ()
    folder = file.path.rpartition(".")[0]
    wordings, findings = load_wordings(libraries.tree, folder, libraries.store_of(file.id).checks)
    spoilt = frozenset(each.path.rpartition("/")[2] for each in findings if each.severity == "error")
    deal = Deal(file.id, file.path, contract_data(data), wordings, locate, spoilt)
    schemas = libraries.store_of(file.id).of(data["type"])
    label = partial(label_of, schemas.root, schemas.references)
    return Inputs(deal, bundle.kind, bundle.shape, bundle.shape_id, label), tuple(findings)


def _with_examples(
    findings: Iterable[Finding], libraries: Libraries, file: AgreementFile, data: Mapping[str, Any]
) -> Iterator[Finding]:
    schemas = libraries.store_of(file.id).of(data["type"])
    yield from (with_example(each, schemas, data) for each in findings)


def _as_written(findings: Iterable[Finding], file: AgreementFile, number: int) -> Iterator[Finding]:
    """Yield the findings with the names that the agreement's file, of a number, has for its values."""
    for each in findings:
        yield in_file(each, number) if each.path == file.path else each


def _judged(
    libraries: Libraries,
    inputs: Inputs,
    data: Mapping[str, Any],
    document: Document,
    judging: Judging,
    sandbox: Sandbox,
) -> Iterator[Finding]:
    """Yield what a deal and its text may not say, by today's rules of its type, whatever library it was sent with."""
    bundle = libraries.type(inputs.kind.name)
    found = judged(inputs.deal, bundle, uses_of(document, inputs.kind), judging.as_of, sandbox)
    schemas = libraries.store.of(inputs.kind.name)
    read_too = read(document, inputs, partial(is_internal, schemas.root, schemas.references))
    every = chain(found, read_too)
    yield from unwaived(every, data.get(WAIVERS, ()), inputs.deal, bundle.kind or inputs.kind, judging.as_of)


def _drift(libraries: Libraries, file: AgreementFile, document: Document, inputs: Inputs) -> Iterator[Finding]:
    """Yield where an agreement that was sent no longer has the words of today's library."""
    if libraries.sent(file.id):
        last = next((turn for turn in reversed(turns(libraries.tree, file.id)) if turn.direction == "sent"), None)
        today = libraries.kind(inputs.kind.name)
        yield from drift(document, inputs.kind, today, file.path, last, inputs.deal.locate)
