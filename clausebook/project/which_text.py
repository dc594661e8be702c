"""Which text stands for an agreement: that of a record, or one that is made, and of what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clausebook.amending.settling import executed_text
from clausebook.assemble.inputs import Deal, Inputs
from clausebook.findings.model import Finding
from clausebook.findings.source_file import Locate
from clausebook.library.loading import load_wordings
from clausebook.project.libraries import Libraries
from clausebook.project.loading import locator
from clausebook.records.frozen import Frozen
from clausebook.records.since_execution import Successor, contract_data, lifecycle_findings
from clausebook.repository.agreement_files import AgreementFile


@dataclass(frozen=True, slots=True)
class Basis:
    """What the text of an agreement with valid data comes from.

    With `kept` it is that of a record. Else it is made of `inputs`, which are None if the type cannot be used;
    `unfit` says what is wrong with the wordings among them. `findings` hold whichever text it is.
    """

    data: Mapping[str, Any]
    findings: tuple[Finding, ...]
    kept: Frozen | None
    inputs: Inputs | None
    unfit: tuple[Finding, ...] = ()


def which_text(libraries: Libraries, file: AgreementFile, data: Mapping[str, Any], successor: Successor) -> Basis:
    """Tell which text stands for an agreement, by its valid data."""
    tree, locate = libraries.tree, locator(libraries.tree, file)
    findings = lifecycle_findings(tree, file.id, file.path, data, successor, locate)
    kept = executed_text(tree, file.id, file.path, data, locate)
    inputs, unfit = inputs_of(libraries, file, data, locate)
    if inputs is None and libraries.sent(file.id):
        # What is wrong with today's types is told once, of all agreements together.
        findings = (*findings, *libraries.type_of(file.id, data["type"]).findings)
    return Basis(data, findings, kept, inputs, unfit)


def inputs_of(
    libraries: Libraries, file: AgreementFile, data: Mapping[str, Any], locate: Locate
) -> tuple[Inputs | None, tuple[Finding, ...]]:
    """Return what a text would be made of, None if the type cannot be used, and what is wrong with its wordings."""
    bundle = libraries.type_of(file.id, data["type"])
    if bundle.kind is None:
        return None, ()
    folder = file.path.rpartition(".")[0]
    wordings, findings = load_wordings(libraries.tree, folder, libraries.checks_of(file.id))
    spoilt = frozenset(each.path.rpartition("/")[2] for each in findings if each.severity == "error")
    deal = Deal(file.id, file.path, contract_data(data), wordings, locate, spoilt)
    return Inputs(deal, bundle.kind, bundle.shape, bundle.shape_id), tuple(findings)
