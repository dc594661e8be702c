"""What is wrong with the links of an agreement to others: that they lead nowhere, or that their ends do not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from clausebook.document.statuses import BEFORE_EXECUTION, DRAFTS, RUNNING
from clausebook.findings.model import Finding, SourceFile
from clausebook.findings.near_names import did_you_mean
from clausebook.records.journal import journal_path
from clausebook.records.links import KINDS, Kind, LinkedAgreement
from clausebook.validate.common import LIFECYCLE
from clausebook.validate.links_schema import LINKS

Others = Mapping[str, LinkedAgreement]
"""The agreements of the repository by id; each is looked at only when a link asks for it."""

_DOES: Mapping[Kind, str] = {"under": "is under", "accompanies": "accompanies", "replaces": "replaces"}
_ITSELF: Mapping[Kind, str] = {"under": "be under", "accompanies": "accompany", "replaces": "replace"}
_SUCCESSOR = f"/{LIFECYCLE}/superseded_by"


def link_findings(mine: LinkedAgreement, at: SourceFile, others: Others) -> tuple[Finding, ...]:
    """Return what is wrong with the links of an agreement, whose data are valid; `at` is its file with its journal."""
    return (*(each for kind in KINDS for each in _of_kind(at, mine, kind, others)), *_successor(at, mine, others))


@dataclass(frozen=True, slots=True)
class _Link:
    """A link from an agreement to another one that can be read, and where it stands."""

    at: SourceFile
    mine: LinkedAgreement
    other: LinkedAgreement
    pointer: str

    def finding(self, rule: str, message: str, hint: str) -> Finding:
        return self.at.finding(rule, message, self.pointer, hint)


def _of_kind(at: SourceFile, mine: LinkedAgreement, kind: Kind, others: Others) -> Iterator[Finding]:
    for index, name in enumerate(mine.linked(kind)):
        pointer = f"/{LINKS}/{kind}" if kind == "under" else f"/{LINKS}/{kind}/{index}"
        if name == mine.id:
            hint = "name the other agreement by its id, or remove the link"
            yield at.finding("core/link-self", f"an agreement cannot {_ITSELF[kind]} itself", pointer, hint)
            continue
        if name not in others:
            said = f"this agreement {_DOES[kind]} `{name}`, but there is no agreement of that id"
            hint = did_you_mean(name, others, "if it was renamed, write its new id; `clausebook list` shows all ids")
            yield at.finding("core/link-unknown", said, pointer, hint)
            continue
        other = others[name]
        if other.data is None:
            said = f"`{name}` has errors, so this agreement’s link to it cannot be held against it"
            hint = f"see what is wrong with it: clausebook check {name}"
            yield at.finding("core/link-unread", said, pointer, hint)
            continue
        link = _Link(at, mine, other, pointer)
        if kind != "accompanies" and (way := _way_back(mine, name, kind, others)):
            yield _circle(link, kind, way)
        elif kind == "under":
            yield from _master(link)
        elif kind == "replaces":
            yield from _replaced(link, others)
        yield from _parties(link, kind)


def _way_back(mine: LinkedAgreement, name: str, kind: Kind, others: Others) -> tuple[str, ...]:
    """Return the agreements through which a link leads back to where it began, () if it does not."""
    ways: list[tuple[str, ...]] = [(name,)]
    seen = {name}
    while ways:
        way = ways.pop()
        found = others[way[-1]].linked(kind) if way[-1] in others else ()
        if mine.id in found:
            return way
        ways += [(*way, each) for each in found if each not in seen]
        seen.update(found)
    return ()


def _circle(link: _Link, kind: Kind, way: tuple[str, ...]) -> Finding:
    steps = [f"`{one}` {_DOES[kind]} {f'`{then}`' if then else 'this one'}" for one, then in pairwise([*way, ""])]
    said = f"this agreement {_DOES[kind]} `{way[0]}`, but {', and '.join(steps)}"
    hint = f"remove `{kind}` where it does not hold"
    return link.finding("core/link-circle", said, hint)


def _master(link: _Link) -> Iterator[Finding]:
    mine, other = link.mine, link.other
    if other.over:
        said = f"`{other.id}`, which this agreement is under, {other.ending}"
        successor = other.lifecycle.superseded_by
        follow = f"name `{successor}` if that takes its place for this agreement too" if successor else ""
        if mine.status in BEFORE_EXECUTION:
            hint = follow or "name a master agreement that is in force, or remove the link"
            yield link.finding("core/link-master-over", said, hint)
        elif mine.status in RUNNING and not mine.lifecycle.ended:
            hint = follow or f"if this agreement ended with it, set its status, and the day in {journal_path(mine.id)}"
            yield link.finding("core/link-outlives", f"{said}, and this one is {mine.status}", hint)
    elif not mine.over and mine.ends > other.ends > "":
        said = f"the term of this agreement ends on {mine.ends}, after that of `{other.id}`, which ends on {other.ends}"
        hint = f"correct one of the dates; or write down the renewal of `{other.id}`, if there was one"
        yield link.finding("core/link-term", said, hint)


def _replaced(link: _Link, others: Others) -> Iterator[Finding]:
    mine, other = link.mine, link.other
    successor = other.lifecycle.superseded_by
    if not other.executed and other.status in BEFORE_EXECUTION:
        said = f"this agreement replaces `{other.id}`, whose status is {other.status}: it was never in force"
        hint = "remove the link: what was never executed need not be replaced"
        yield link.finding("core/link-replaces-draft", said, hint)
    if successor and successor != mine.id:
        said = f"this agreement replaces `{other.id}`, which says that `{successor}` superseded it"
        yield link.finding("core/link-disagrees", said, f"correct this link, or `superseded_by` of `{other.id}`")
    elif mine.status in RUNNING and other.executed and not other.over:
        said = f"this agreement is {mine.status} and replaces `{other.id}`, whose status is still {other.status}"
        told = f"`superseded_by: {mine.id}` in {journal_path(other.id)}"
        hint = f"set the status of `{other.id}` to superseded, and write {told}"
        yield link.finding("core/link-not-superseded", said, hint)
    for name in sorted(others):
        if name not in (mine.id, other.id) and other.id in others[name].linked("replaces"):
            said = f"this agreement replaces `{other.id}`, and so does `{name}`"
            hint = "let one of the two replace it, and the other accompany that one, or replace it in turn"
            yield link.finding("core/link-replaced-twice", said, hint)


def _parties(link: _Link, kind: Kind) -> Iterator[Finding]:
    """Find parties that only one side has: a master must have all, of others one must have all of the other's."""
    here, there = link.mine.parties, link.other.parties
    more = {key: name for key, name in here.items() if key not in there}
    less = {key: name for key, name in there.items() if key not in here}
    if more and (less or kind == "under"):
        name = next(iter(more.values()))
        said = f"{name} is a party to this agreement, but not to `{link.other.id}`, which it {_DOES[kind]}"
        only = (
            "its parties must all be parties to that one"
            if kind == "under"
            else "one must have all parties of the other"
        )
        hint = did_you_mean(name, less.values(), f"correct `legal_name`, or the link: {only}")
        yield link.finding("core/link-parties", said, hint)


def _successor(at: SourceFile, mine: LinkedAgreement, others: Others) -> Iterator[Finding]:
    """Find that the agreement which is said to have superseded this one cannot have done so."""
    name = mine.lifecycle.superseded_by
    if name not in others or name == mine.id:
        return
    link = _Link(at, mine, others[name], _SUCCESSOR)
    if link.other.data is None:
        said = f"`{name}`, which superseded this agreement, has errors, so nothing can be held against it"
        yield link.finding("core/link-unread", said, f"see what is wrong with it: clausebook check {name}")
        return
    yield from _bound(link)
    replaced = link.other.linked("replaces")
    if replaced and mine.id not in replaced:
        said = (
            f"`{name}` superseded this agreement, but says that it replaces {' and '.join(f'`{x}`' for x in replaced)}"
        )
        hint = f"correct this, or add `{mine.id}` to `replaces` of `{name}`"
        yield link.finding("core/link-disagrees", said, hint)


def _bound(link: _Link) -> Iterator[Finding]:
    """Find a successor that binds nobody, and will not by what is agreed on, or that binds others."""
    rule, mine, other = "core/lifecycle-successor", link.mine, link.other
    if not (other.executed or other.sent) and other.status in DRAFTS:
        said = (
            f"`{other.id}` cannot have superseded this agreement: its status is {other.status}, and it was never sent"
        )
        hint = (
            "name the agreement that took its place; or leave this one in force until that one is approved or executed"
        )
        yield link.finding(rule, said, hint)
    here, there = mine.parties, other.parties
    gone = [name for key, name in here.items() if key not in there]
    new = [name for key, name in there.items() if key not in here]
    if gone and new:
        said = f"`{other.id}` cannot have superseded this agreement: {gone[0]} is no party to it, but {new[0]} is"
        hint = "name the agreement that the same parties made; or correct `legal_name` where one party has two names"
        yield link.finding(rule, said, hint)
