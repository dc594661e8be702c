"""Settle the text of an agreement that is amended, or that amends: numbers, operative words, and the proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from clausebook.amending.amendment_chain import AGAIN, Amendment, Chain
from clausebook.amending.amendment_files import CHANGES, OPERATIVE, amended_by, has_executed
from clausebook.amending.changes_file import Changes, TextMark, data_mark
from clausebook.amending.held_text import DraftInGit, mend_of_stale
from clausebook.amending.kept_numbers import RESERVED, keep_numbers
from clausebook.amending.operative import with_operative_words
from clausebook.amending.overtaken import RULE as OVERTAKEN
from clausebook.amending.overtaken import mend_of_pending, overtaken, words
from clausebook.amending.parties import identity_findings, parties_in_force, role_findings
from clausebook.amending.recital import accompaniment_findings, recital_findings
from clausebook.amending.restated_copy import as_copy
from clausebook.amending.restatement import RESTATES, restatement_findings, restates_anew
from clausebook.amending.said_words import formulas_folder, told_by, unsaid_findings
from clausebook.amending.sequence import sequence_findings
from clausebook.amending.wording import amending_wording, load_wording
from clausebook.assemble.assembler import Assembled
from clausebook.assemble.inputs import AMENDS
from clausebook.document import statuses
from clausebook.document.model import Document
from clausebook.findings.model import Finding, FindingsError, Locate, SourceFile, has_errors
from clausebook.library.model import AgreementType
from clausebook.records.frozen import Frozen, frozen
from clausebook.records.links import links_of
from clausebook.records.record_files import document_of, voided
from clausebook.repository.agreement_files import path_in
from clausebook.repository.tree import Tree

Chains = Callable[[str], Chain]
"""Gives the chain of an agreement; raises as `amendment_chain.chain` does."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What else is needed: a type by its name, an agreement's assembled draft, None if it has errors, where git has the
    draft that an amendment was made from, and the chain of an agreement, which is read once for all its amendments.
    """

    kind: Callable[[str], AgreementType | None]
    draft: Callable[[str], Document | None]
    in_git: Callable[[Changes], DraftInGit | None]
    chain: Chains


def executed_text(
    tree: Tree, agreement: str, path: str, data: Mapping[str, Any], locate: Locate, sources: Beside
) -> Frozen | None:
    """Return the text of an executed version, whether its own record or an amendment's made it, or None."""
    version = str(data.get("version", ""))
    if has_executed(tree, agreement):
        try:
            found = sources.chain(agreement)
        except FindingsError:
            return frozen(tree, agreement, path, data, locate)
        done = ((each, each.changes.restated.version) for each in found.amendments if each.record and each.changes)
        made = next((each for each, makes in done if makes == version), None)
        if made:
            findings = made.findings or tuple(_silent_amendments(tree, found, sources))
            findings = findings or tuple(_data_findings(made, SourceFile(path, locate), data))
            if findings or made.restated is None:
                return Frozen(made.record, None, findings)
            document = replace(made.restated, status=str(data["status"]), draft=False)
            return Frozen(made.record, as_copy(tree, found, made, document), ())
    return frozen(tree, agreement, path, data, locate)


def _silent_amendments(tree: Tree, past: Chain, sources: Beside) -> Iterator[Finding]:
    """Find executed amendments that do not say what their changes do, where no record tells that those were edited."""
    for each in past.amendments:
        if each.record and each.base and each.changes and all(kept.name != CHANGES for kept in each.record.wordings):
            try:
                signed = document_of(tree, each.record)
            except FindingsError as error:
                yield from error.findings
            else:
                yield from unsaid_findings(tree, signed, each.base, each.changes, sources.kind(each.base.type))


def proof(
    tree: Tree, document: Document, data: Mapping[str, Any], sources: Beside, at: SourceFile
) -> tuple[Finding, ...]:
    """Return what is wrong with an executed amendment: its changes must make the text, and its words say them."""
    if AMENDS not in data:
        return ()
    found, amendment, findings = _own(tree, document.id, data, sources.chain)
    if amendment is None or amendment.changes is None or amendment.base is None or amendment.findings:
        return findings
    said = unsaid_findings(tree, document, amendment.base, amendment.changes, sources.kind(amendment.base.type))
    return (*said, *(sequence_findings(tree, found, amendment, data, at) if found else ()))


def settle(
    tree: Tree, document: Document, path: str, data: Mapping[str, Any], sources: Beside, locate: Locate
) -> Assembled:
    """Return an assembled text that is not executed: with operative words if it amends, else with kept numbers."""
    at = SourceFile(path, locate)
    made = Assembled(document, _accompanied(document, data, sources, at))
    if AMENDS in data:
        made = _amending(tree, document, at, data, sources)
    if made.document is None or has_errors(made.findings):
        return Assembled(None, made.findings)
    document = made.document
    if not has_executed(tree, document.id) and RESTATES not in data:
        return made
    try:
        found = sources.chain(document.id)
    except FindingsError as error:
        return Assembled(None, (*made.findings, *error.findings))
    base = found.latest
    identities = _identities(tree, found, base, data, at) if base else ()
    told = (*made.findings, *restatement_findings(tree, found, data, at), *identities)
    if base is None or has_errors(told):
        return Assembled(None if has_errors(told) else document, told)
    # An amendment that is on its way may renumber the text in force expressly.
    expressly = [each.changes.base.version for each in found.pending if each.changes and each.changes.renumber]
    if base.version in expressly or restates_anew(tree, found, data):
        return Assembled(document, told)
    wording = amending_wording(tree)
    return Assembled(keep_numbers(base, document, wording.reserved if wording else RESERVED), told)


def _accompanied(document: Document, data: Mapping[str, Any], sources: Beside, at: SourceFile) -> tuple[Finding, ...]:
    """Return what is wrong with the recital of the one agreement that this one accompanies."""
    kind, names = sources.kind(document.type), links_of(data).get("accompanies", ())
    if kind is None or not kind.outline.recites or len(names) != 1:
        return ()
    try:
        return tuple(accompaniment_findings(kind.outline.recites, sources.chain(names[0]), data, at))
    except FindingsError:
        return ()  # what is wrong with those records is told of themselves


def restated_by(tree: Tree, identity: str, data: Mapping[str, Any], chain: Chains) -> Document | None:
    """Return the copy that an amendment makes of its agreement's text, None if this is none or its proof fails."""
    if AMENDS not in data:
        return None
    found, amendment, _ = _own(tree, identity, data, chain)
    made = amendment.restated if amendment else None
    return as_copy(tree, found, amendment, made) if found and amendment and made else None


def _data_findings(amendment: Amendment, at: SourceFile, data: Mapping[str, Any]) -> Iterator[Finding]:
    version, status = str(data["version"]), data.get("status")
    if status not in statuses.SINCE_EXECUTION:
        yield at.finding(
            "core/executed-status",
            f"version {version} is in force by `{amendment.id}`, so its status cannot be {status}",
            "/status",
            f"for a new draft raise `version`; else the status is one of {', '.join(statuses.SINCE_EXECUTION)}",
        )
    if amendment.changes and data_mark(data) != amendment.changes.data:
        yield at.finding(
            "core/executed-data",
            f"the data are not those from which `{amendment.id}` made version {version}",
            "/version",
            "an executed version never changes: raise `version` for a new draft, or set the values back",
        )


def _own(
    tree: Tree, identity: str, data: Mapping[str, Any], chain: Chains
) -> tuple[Chain | None, Amendment | None, tuple[Finding, ...]]:
    """Return the amendment of this id and the chain that it stands in, with what is wrong with it."""
    named = amended_by(identity)
    agreement = str(data[AMENDS].get("agreement", ""))
    if named is None or (agreement, data[AMENDS].get("number")) != named:
        wanted = f"{agreement}-amendment-{data[AMENDS].get('number')}"
        at, said = (
            SourceFile(path_in(tree, identity), lambda pointer: (1, 1)),
            f"`{identity}` says that it is `{wanted}`",
        )
        hint = "name the amended agreement and the number as the file's name does"
        return None, None, (at.finding("core/amendment-id", said, f"/{AMENDS}", hint),)
    try:
        found = chain(agreement)
    except FindingsError as error:
        return None, None, error.findings
    amendment = next((each for each in found.amendments if each.id == identity), None)
    return found, amendment, amendment.findings if amendment else ()


def _amending(tree: Tree, document: Document, at: SourceFile, data: Mapping[str, Any], sources: Beside) -> Assembled:
    past, amendment, findings = _own(tree, document.id, data, sources.chain)
    wording, problems = load_wording(tree, formulas_folder(tree, document))
    found = [*findings, *problems]
    if amendment is None or amendment.changes is None or amendment.base is None or wording is None:
        return Assembled(None, tuple(found))
    changes, base = amendment.changes, amendment.base
    if bool(data[AMENDS].get("renumber")) != changes.renumber:
        said = "the amendment and its changes do not agree on whether the agreement is renumbered"
        found.append(at.finding("core/amendment-stale", said, f"/{AMENDS}", AGAIN.format(agreement=base.id)))
    left_out = list(overtaken(past, amendment)) if past and not amendment.record else []
    if any(record.version == str(data["version"]) for record, _ in voided(tree, document.id)):
        pass  # its execution is void, and nobody is to sign it any more
    elif amendment.record:
        pass  # the draft of its own terms, which changes nothing of the agreement
    elif left_out:
        said, hint = words(amendment, left_out), mend_of_pending(base.id, left_out[-1])
        found.append(at.finding(OVERTAKEN, said, f"/{AMENDS}", hint))
    else:
        found += _stale(tree, amendment, data, sources, at)
    if past:
        found += sequence_findings(tree, past, amendment, data, at)
        found += recital_findings(tree, past, changes, data, at)
        found += _identities(tree, past, base, data, at)
    if amendment.restated:
        found += role_findings(base, amendment.restated, data, at)
    own, theirs = sources.kind(document.type), sources.kind(base.type)
    if has_errors(found) or own is None or theirs is None:
        return Assembled(None, tuple(found))
    numbering = (own.outline.numbering, theirs.outline.numbering)
    written = with_operative_words(document, base, changes.instructions, wording, numbering)
    if written == document and changes.instructions:
        said = f"`{wording.section}` is no section of this amendment, so its changes have no place"
        wanted = f"name a section of the outline in {formulas_folder(tree, document)}/{OPERATIVE}"
        return Assembled(None, (*found, at.finding("core/operative-section", said, "", wanted)))
    if amendment.record:
        try:
            signed = document_of(tree, amendment.record)
        except FindingsError as error:
            return Assembled(None, (*found, *error.findings))
        found += unsaid_findings(tree, signed, base, changes, sources.kind(base.type))
        written = _as_signed(written, signed, wording.section)
    return Assembled(written, tuple(found))


def _as_signed(written: Document, signed: Document, section: str) -> Document:
    """Return an amendment with the operative words that were signed, whatever the formulas say today."""
    told = tuple(clause for each in signed.sections if each.id == section for clause in each.clauses if told_by(clause))
    own = {each.id: tuple(clause for clause in each.clauses if not told_by(clause)) for each in written.sections}
    sections = (replace(each, clauses=(*own[each.id], *told * (each.id == section))) for each in written.sections)
    return replace(written, sections=tuple(sections))


def _identities(
    tree: Tree, past: Chain, base: Document, data: Mapping[str, Any], at: SourceFile
) -> tuple[Finding, ...]:
    """Return what is wrong with which parties of the text in force those of the data are."""
    try:
        return tuple(identity_findings(parties_in_force(tree, past, base), data["parties"], at))
    except FindingsError as error:
        return error.findings


def _stale(
    tree: Tree, amendment: Amendment, data: Mapping[str, Any], sources: Beside, at: SourceFile
) -> Iterator[Finding]:
    """Find that the agreement's draft is not any more what the amendment makes of the agreement."""
    draft = sources.draft(amendment.changes.agreement) if amendment.changes else None
    if draft is None or amendment.changes is None:
        return
    mark, now = amendment.changes.restated, TextMark.of(draft, amendment.changes.form)
    if now == mark:
        return
    said = f"makes version {mark.version} of `{draft.id}` with the text {mark.fingerprint[:12]}"
    yield at.finding(
        "core/amendment-stale",
        f"this amendment {said}, but the draft is version {now.version} with the text {now.fingerprint[:12]}",
        f"/{AMENDS}",
        mend_of_stale(tree, amendment.id, data, draft.id, sources.in_git(amendment.changes)),
    )
