"""A later version that is executed as a whole: whether it says that it restates the text before it, and which one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from clausebook.amending.amendment_chain import Chain
from clausebook.document.statuses import DRAFTS
from clausebook.findings.model import Finding, FindingsError, SourceFile
from clausebook.records.model import as_sent_folder
from clausebook.records.record_files import data_of
from clausebook.repository.tree import Tree, names_in

RESTATES = "restates"
"""Where the data of an agreement name the text that it amends and restates in its entirety."""

UNTOLD, MISFIT = "core/restatement-untold", "core/restatement-misfit"


def last_text(past: Chain) -> dict[str, Any]:
    """Return how a restated agreement names the text that was executed last, {} if none was.

    It is named as it was signed last as a whole; amendments since then are named one by one.
    """
    if not past.texts:
        return {}
    whole, *since = past.wholes()[-1]
    facts = {"title": whole.document.title, "version": whole.document.version, "date": whole.by.date}
    named = [{"number": past.number(text.by), "date": text.by.date} for text in since]
    return {**facts, "amendments": named} if named else facts


def restates_anew(tree: Tree, past: Chain, data: Mapping[str, Any]) -> bool:
    """Tell whether an agreement's data say that this version restates; what the last one said of itself does not."""
    try:
        before = data_of(tree, past.wholes()[-1][0].by).get(RESTATES) if past.texts else None
    except FindingsError:
        before = None  # what is wrong with the record is told of itself
    return RESTATES in data and data[RESTATES] != before


def restatement_findings(tree: Tree, past: Chain, data: Mapping[str, Any], at: SourceFile) -> Iterator[Finding]:
    """Yield that a version that is not executed restates another text than the last, or goes out without a word."""
    facts = last_text(past)
    if restates_anew(tree, past, data):
        told = data[RESTATES]
        wrong = next((name for name in {**facts, **told} if facts.get(name) != told.get(name)), "")
        place = f"/{RESTATES}/{wrong}" if wrong in told else f"/{RESTATES}"
        if not facts:
            said = f"this version restates another one, but no version of `{past.agreement}` is executed"
            yield at.finding(MISFIT, said, f"/{RESTATES}", f"remove `{RESTATES}`")
        elif wrong:
            said = f"`{wrong}` of the text that this version restates is not that of the text executed last"
            yield at.finding(MISFIT, said, place, f"write {_written(facts)}")
        yield from _left_out(past, data, at, MISFIT)
        return
    version, last = str(data["version"]), past.texts[-1].document.version if past.texts else ""
    amending = any(each.changes and each.changes.restated.version == version for each in past.pending)
    if facts and not amending and data["status"] not in DRAFTS:
        # A text that was sent goes by the schemas with which it was.
        sent = names_in(tree, as_sent_folder(past.agreement))
        first = f" (after clausebook upgrade-clauses {past.agreement}, if it was sent without that property)"
        yield at.finding(
            UNTOLD,
            f"version {version} goes out as a whole, and says nothing of version {last}, which is executed",
            "/version",
            f"to change that text by an amendment: clausebook amend {past.agreement}; to take its place as a whole, "
            f"write {_written(facts)}{first if sent else ''}",
        )
        yield from _left_out(past, data, at, UNTOLD)


def _left_out(past: Chain, data: Mapping[str, Any], at: SourceFile, rule: str) -> Iterator[Finding]:
    """Yield the parties to the last text that are none to a version that takes its place: they would not sign it."""
    kept = {party["key"] for party in data["parties"]}
    for party in past.texts[-1].document.parties if past.texts else ():
        if party.key not in kept:
            yield at.finding(
                rule,
                f"`{party.key}` is a party to version {past.texts[-1].document.version}, and is none to this version, "
                "which is to take its place: it would lose what it signed without signing anything",
                "/parties",
                f"let it leave by an amendment first, clausebook amend {past.agreement}; or keep it among the parties",
            )


def _written(facts: Mapping[str, Any]) -> str:
    return f"{RESTATES}: {json.dumps(facts, ensure_ascii=False)}"
