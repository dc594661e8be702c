"""Whether amendments can follow each other as they are numbered: their days, and the version of a first one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from clausebook.amending.amendment_chain import Amendment, Chain
from clausebook.amending.effect import (
    AMENDMENT_EFFECTIVE,
    TAKES_EFFECT,
    Effect,
    effect,
    effect_of,
    last_signature,
)
from clausebook.amending.restatement import UNTOLD
from clausebook.amending.words_in_force import met_place
from clausebook.assemble.inputs import AMENDS
from clausebook.document.statuses import DRAFTS, SINCE_EXECUTION
from clausebook.findings.model import Finding, FindingsError, SourceFile
from clausebook.findings.pointers import value_at
from clausebook.records.journal import journal_of
from clausebook.records.model import ExecutedVersion
from clausebook.records.record_files import data_of
from clausebook.records.since_execution import met_on
from clausebook.repository.agreement_files import path_in
from clausebook.repository.tree import Tree
from clausebook.validate.common import CONDITIONS_MET

VERSION = "1.0"
"""The version in which a first amendment is executed."""

DRAFTED = ("core/amendment-version", UNTOLD)
"""The warnings about a text that goes out, which are none of the executed text."""

DOUBTS = ("core/amendment-order", "core/amendment-far", *DRAFTED)
"""The warnings about a text as one that follows another, which whoever drafts or executes it must see."""

MOST_YEARS = 10
"""How many years after the text that it changes an amendment may take effect without a question."""


def sequence_findings(
    tree: Tree, chain: Chain, mine: Amendment, data: Mapping[str, Any], at: SourceFile
) -> Iterator[Finding]:
    """Yield what cannot be of the day on which an amendment takes effect, and of the version in which it is signed."""
    if mine.record and data["status"] in SINCE_EXECUTION:
        own = effect_of(tree, mine.id, mine.record, data)
    else:
        own = effect(value_at(data, AMENDMENT_EFFECTIVE), mine.record, met_on(data))
    place = f"{AMENDMENT_EFFECTIVE}/date" if "date" in data[AMENDMENT_EFFECTIVE[1:]] else AMENDMENT_EFFECTIVE
    doubts = (
        *_too_late(tree, chain, data, own),
        *_order(tree, chain, mine, own),
        *_on_lapsed(tree, chain, mine),
        *_sense(tree, chain, mine, own),
    )
    for rule, said, hint in doubts:
        yield at.finding(rule, said, place, hint)
    version = str(data["version"])
    if mine.record is None and data["status"] not in DRAFTS and version.startswith("0."):
        yield at.finding(
            "core/amendment-version",
            f"the amendment goes out to be signed as version {version}, which is that of a draft",
            "/version",
            f'write version: "{VERSION}" before it is built and signed; what is signed already stays as it is',
        )


_Doubt = tuple[str, str, str]
"""The rule, what is wrong, and what to do."""


def _too_late(tree: Tree, chain: Chain, data: Mapping[str, Any], own: Effect) -> Iterator[_Doubt]:
    """Yield that an amendment is to take effect on another day, though it has taken effect before this one of it."""
    if not chain.texts or TAKES_EFFECT not in data[AMENDS]:
        return
    record = chain.texts[0].by
    began = effect_of(tree, chain.agreement, record).day
    try:
        same = value_at(data_of(tree, record), AMENDMENT_EFFECTIVE) == data[AMENDS][TAKES_EFFECT]
    except FindingsError:
        return  # what is wrong with the record is told of itself
    if "" < began < (own.day or own.earliest) and not same:
        said = f"`{chain.agreement}` took effect on {began}, before this amendment of it: that day stays"
        again = f"clausebook amend {chain.agreement.rpartition('-amendment-')[0]}"
        yield "core/amendment-order", said, f"what is to hold instead, an amendment of the agreement says: {again}"


def _order(tree: Tree, chain: Chain, mine: Amendment, own: Effect) -> Iterator[_Doubt]:
    """Yield that an amendment takes effect before an earlier one, and whether anybody can tell the words then."""
    day = own.day or own.earliest
    below = _below(chain, mine)
    for each in chain.amendments:
        if each.number >= mine.number or (each.record and each.record not in below):
            continue
        theirs = effect_of(tree, each.id, each.record)
        before = theirs.day or theirs.earliest
        shared = met_place(each, mine)
        # The last signature can come before a day that was put off, and then nobody can tell the words.
        open_still = own.waits == "signature" and not day and each.record and before > last_signature(each.record)
        if theirs.waits == "lapsed" or not (
            theirs.waits == "condition" or "" < day < before or (open_still and shared and theirs.day)
        ):
            continue
        when = f"on {before}" if theirs.day or theirs.waits == "signature" else "only when its condition is met"
        said = f"Amendment No. {mine.number} takes effect {f'on {day}' if day else 'with its last signature'}, but "
        said += f"Amendment No. {each.number} {when}"
        until = f"let it take effect with Amendment No. {each.number} or later"
        until += f": clausebook amend {chain.agreement} --effective-date {before}" if open_still and theirs.day else ""
        if shared:
            said = f"{said}, and both change {shared}: nobody can tell which words hold until both have taken effect"
            hint = until if mine.record is None else _ASK
        else:
            said = f"{said}: until then the words in force are those of no version"
            hint = f"`clausebook text {chain.agreement} --as-of DATE` gives them"
            hint = hint if mine.record else f"{until}; else {hint}"
        yield "core/amendment-order", said, hint


_ASK = "ask counsel which words hold on which day, and say so in the next amendment"


def _below(chain: Chain, mine: Amendment) -> Sequence[ExecutedVersion]:
    """Return the records on which an amendment rests: of the last text executed as a whole, and its amendments."""
    return [text.by for text in chain.made_of(mine.changes.base.version if mine.changes else "")] if chain.texts else ()


def _on_lapsed(tree: Tree, chain: Chain, mine: Amendment) -> Iterator[_Doubt]:
    """Yield each earlier amendment whose words this one takes for those in force, though it never takes effect."""
    below = _below(chain, mine)
    for each in chain.amendments:
        if not (each.record in below and each.record and effect_of(tree, each.id, each.record).waits == "lapsed"):
            continue
        said = f"Amendment No. {mine.number} builds on Amendment No. {each.number}, which lapsed before it took effect"
        if mine.record:
            yield "core/amendment-order", said, _ASK
            continue
        journal = journal_of(tree, each.id)[0]
        told = (f"`{CONDITIONS_MET}`", journal.path) if journal.life else ("`lifecycle`", path_in(tree, each.id))
        hint = f'clausebook void {each.id} {each.record.version} --reason "It lapsed" --by NAME; take {told[0]} out '
        hint += f'of {told[1]}; then clausebook amend {chain.agreement} --redraft "It lapsed"'
        yield "core/amendment-on-lapsed", said, hint


def _sense(tree: Tree, chain: Chain, mine: Amendment, own: Effect) -> Iterator[_Doubt]:
    """Yield a day that was over when the amended text was signed, and one that is far in the future."""
    base = mine.changes.base.version if mine.changes else ""
    amended = chain.text(base)
    day = own.day or own.earliest
    if amended is None or not day:
        return
    signed, began = last_signature(amended.by), effect_of(tree, amended.by.agreement, amended.by).day
    if day < signed:
        when = "takes effect" if mine.record else "is to take effect"
        said = f"the amendment {when} on {day}, but version {base}, which it changes, was signed on {signed}"
        hint = f"nothing is backdated: write {max(signed, began)} or a later day"
        if mine.record:
            void = f"clausebook void {mine.id} {mine.record.version}"
            hint = f"its signatures tell of a day that cannot be: {void}, and have it signed anew"
        yield "core/amendment-early", said, hint
    if date.fromisoformat(day).year - date.fromisoformat(began or signed).year > MOST_YEARS:
        said = f"the amendment takes effect on {day}, more than {MOST_YEARS} years after the text that it changes"
        hint = (
            "correct the day if it is a slip" if mine.record is None else "if it is a slip, correct it by an amendment"
        )
        yield "core/amendment-far", said, hint
