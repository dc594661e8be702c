"""Write a review as the comment of a pull request, in GitHub's Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from clausebook.approvals.model import ApprovalStanding
from clausebook.compare.changes import Change
from clausebook.compare.model import Redline
from clausebook.findings.model import Finding
from clausebook.findings.report import counted
from clausebook.history.revisions import SHORT
from clausebook.render.redline.markdown import clause_markdown
from clausebook.review import excerpts as said
from clausebook.review.fitting import SEPARATOR, Block, Part, fitted
from clausebook.review.inert import inert, inert_markdown, lowered
from clausebook.review.look_pages import pages_line
from clausebook.review.model import AgreementReview, Group, LibraryEdit, Review

MARKER = "<!-- clausebook-review -->"
"""The first line, by which the comment is found again. No value can hold it, for values are escaped."""

LIMIT = 65_000
"""Characters of a comment; GitHub takes 65,536, and a line or two may be added to it."""

KEY = "How to read a redline: what went is marked <del>so</del>, what came <ins>so</ins>."
SEVERITY = {"error": "**Error**", "warning": "Warning", "note": "Note"}


def as_markdown(review: Review, limit: int = LIMIT) -> str:
    """Return the review as Markdown of at most `limit` characters, the marker first.

    What finds no room is left out whole, redlines first and the biggest of them first; a line stands in its place.
    """
    shown = review.shown_in_library()
    parts = [
        _head(review),
        *_approvals(review),
        *_listed("New findings", review.other_findings(), review),
        *_listed("What could not be told", review.notes, review),
        *_agreements(review, shown),
        *_library(review),
        *_pages(review),
        Part([Block(inert(said.coverage(review)))]),
    ]
    last = SEPARATOR.join(
        (_start(review), inert(said.overview(review)), f"{_TOO_LONG} `{said.review_command(review)}`.")
    )
    return fitted(parts, limit, f"{last}\n")


_PLAIN = re.compile(r"[\w ./-]+")
_TOO_LONG = "The review is too long for a comment. Run"


def _start(review: Review) -> str:
    # A revision's name may be a whole path, but not a long one.
    names = (inert(tip.name[:200]) for tip in (review.base, review.head))
    return f"{MARKER}\n## What this changes in the agreements\n\nFrom {' to '.join(names)}."


def _head(review: Review) -> Part:
    text = SEPARATOR.join((_start(review), inert(said.overview(review))))
    keyed = any(agreement.changes for agreement in review.agreements) or any(edit.redline for edit in review.library)
    return Part([Block(f"{text}{SEPARATOR}{KEY}" if keyed else text)])


def _approvals(review: Review) -> Iterator[Part]:
    rows = [
        f"| `{agreement.id}` | {inert(approval.need.said)} | {inert(approval.need.role)} | {_state(approval)} |"
        for agreement, approval in review.approvals()
    ]
    if rows:
        table = "\n".join(("| Agreement | What | Office | |", "| :--- | :--- | :--- | :--- |", *rows))
        more = f"{counted(len(rows), 'approval')}; run `{said.review_command(review)} --format json`."
        yield Part([Block("### Who must approve"), Block(table, more)], f"### Who must approve{SEPARATOR}{more}")


def _state(approval: ApprovalStanding) -> str:
    state = said.STATES[approval.state]
    return f"{state if approval.state == 'given' else f'**{state}**'}{inert(said.given_by(approval))}"


def _listed(title: str, findings: Sequence[Finding], review: Review) -> Iterator[Part]:
    if findings:
        lines = "\n".join(f"- {_finding(finding)}" for finding in findings)
        more = f"{counted(len(findings), 'finding')}; run `{said.review_command(review)} --format json`."
        yield Part([Block(f"### {title}"), Block(lines, more)], f"### {title}{SEPARATOR}{more}")


def _finding(finding: Finding) -> str:
    message = inert(f"{finding.message}{said.hint_sentence(finding)}")
    return f"{SEVERITY[finding.severity]}: {message} ({inert(said.finding_place(finding))}; {inert(finding.rule)})"


def _agreements(review: Review, shown: frozenset[tuple[str, str, str]]) -> Iterator[Part]:
    if review.agreements:
        yield Part([Block("### Agreements")])
    alone = review.by_library_alone()
    for agreement in review.agreements:
        if agreement in alone:
            continue
        command = said.redline_command(agreement.id, review)
        short = f"`{agreement.id}`: {_told(agreement)}; run `{command}`."
        title = f" {inert(agreement.title)}" if agreement.title else ""
        blocks = [
            Block(f"#### `{agreement.id}`{title}", f"#### `{agreement.id}`"),
            Block(inert(said.happened_line(agreement))),
        ]
        if agreement.changes:
            blocks.append(Block(_changes(agreement, shown), f"{counted(len(agreement.changes), 'change')}."))
        if agreement.deviations:
            lines = "\n".join(f"- {inert(said.deviation_line(each))}" for each in agreement.deviations)
            more = f"{counted(len(agreement.deviations), 'departure')} from the playbook."
            blocks.append(Block(f"Departures from the playbook:\n\n{lines}", more))
        if agreement.left:
            lines = "\n".join(f"- {inert(said.left_line(each))}" for each in agreement.left)
            more = f"{counted(len(agreement.left), 'value')} newly left to the standard."
            blocks.append(Block(f"Newly left to the standard, which then says:\n\n{lines}", more))
        own = review.own_changes(agreement)
        if own and agreement.comparison:
            around = said.bases(agreement.comparison), said.covers(agreement.comparison, len(own))
            blocks.append(_redline(agreement.comparison.redline, own, "Redline", command, *around))
        yield Part(blocks, short)

    if alone:
        names = ", ".join(f"`{agreement.id}` ({inert(said.standing(agreement.facts))})" for agreement in alone)
        text = f"Changed by the library alone, see below: {names}."
        yield Part([Block(text, f"{counted(len(alone), 'agreement')} changed by the library alone, see below.")])


def _told(agreement: AgreementReview) -> str:
    return counted(len(agreement.changes), "change") if agreement.happened == "changed" else agreement.happened


def _changes(agreement: AgreementReview, shown: frozenset[tuple[str, str, str]]) -> str:
    lines = []
    for number, change in enumerate(agreement.changes, 1):
        below = " Its redline is below, with the library." if (agreement.id, change.part, change.place) in shown else ""
        lines.append(f"{number}. {inert(said.change_sentence(change))}{below}")
    return "\n".join(lines)


def _redline(
    redline: Redline, changes: Iterable[Change], title: str, command: str, before: str, after: str = ""
) -> Block:
    """Return changed clauses, folded, with what stands in their place if there is no room."""
    wanted = list(changes)
    label = f"{title}: {counted(len(wanted), 'change')}"
    whole = _folded(label, SEPARATOR.join(filter(None, (inert(before), *_clauses(redline, wanted), inert(after)))))
    return Block(whole, f"Redline left out here: {counted(len(wanted), 'change')}; run `{command}`.", first=True)


def _clauses(redline: Redline, changes: Iterable[Change]) -> Iterator[str]:
    return (lowered(inert_markdown(clause_markdown(redline, part))) for part in said.excerpts(redline, changes))


def _folded(label: str, text: str) -> str:
    """Return text behind a label, which is our own words."""
    return f"<details>\n<summary>{label}</summary>\n\n{text}\n\n</details>"


def _library(review: Review) -> Iterator[Part]:
    if review.library:
        yield Part([Block("### Library")])
    for edit in review.library:
        title = f"#### {inert(said.edit_title(edit))}"
        short = f"- {inert(said.edit_title(edit)[:200])}: touches {counted(len(edit.touched), 'agreement')}."
        blocks = [Block(title)]
        if edit.type:
            blocks[0].text += f" ({inert(edit.type)})"
        if note := said.edit_note(edit):
            blocks.append(Block(f"**{note}**"))
        if edit.facts:
            blocks.append(Block("\n".join(f"- {inert(fact)}" for fact in edit.facts)))
        if edit.redline:
            blocks.append(_source(edit, edit.redline, review))
        blocks += _touched(edit, review)
        yield Part(blocks, short)


def _pages(review: Review) -> Iterator[Part]:
    if review.pages:
        lines = "\n".join(f"- {inert(pages_line(found))}" for found in review.pages)
        command = f"{said.review_command(review)} --format html > review.html"
        see = f"To see them before and after: `{command}`."
        yield Part([Block("### Pages before and after"), Block(lines), Block(see)], see)


def _source(edit: LibraryEdit, redline: Redline, review: Review) -> Block:
    whole = _folded("The source’s words", SEPARATOR.join(_clauses(redline, edit.changes)))
    command = f"git diff {review.base.commit[:SHORT]} -- {edit.path}"
    run = f"run `{command}`" if _PLAIN.fullmatch(command) else f"see {inert(edit.path)}"
    return Block(whole, f"The source’s words left out here; {run}.", first=True)


def _touched(edit: LibraryEdit, review: Review) -> Iterator[Block]:
    if not edit.touched:
        yield Block("It changes the text of no agreement.")
        return
    yield Block(f"It changes the text of {_names(edit.touched)}.", _count_only(edit.touched))
    if edit.executed:
        lines = "\n".join(f"- `{name}`: status {inert(review.status_before(name))}" for name in edit.executed)
        yield Block("##### Executed agreements among them")
        yield Block(lines, _count_only(edit.executed))
    for group in edit.groups:
        yield from _group(group, edit, review)
    alone = {name for group in edit.groups for name in group.agreements}
    rest = [name for name in edit.touched if name not in alone]
    if rest:
        yield Block(f"Elsewhere, or together with the deal’s data, in {_names(rest)}.", _count_only(rest))


def _group(group: Group, edit: LibraryEdit, review: Review) -> Iterator[Block]:
    first = group.agreements[0]
    if len(group.agreements) > 1:
        where = "all of them" if group.agreements == edit.touched else _names(group.agreements)
        around = "" if group.alike else f" Shown as in `{first}`; the words around them are each agreement’s own."
        yield Block(f"The same words change in {where}.{around}", _count_only(group.agreements))
    lines = "\n".join(f"- {inert(said.change_sentence(change))}" for change in group.changes)
    yield Block(lines, f"{counted(len(group.changes), 'change')}.")
    command, before = said.redline_command(first, review), said.bases(group.comparison)
    yield _redline(group.comparison.redline, group.changes, said.group_title(group), command, before)


def _names(names: Sequence[str]) -> str:
    return f"{counted(len(names), 'agreement')}: {', '.join(f'`{name}`' for name in names)}"


def _count_only(names: Sequence[str]) -> str:
    return f"({counted(len(names), 'agreement')}.)"
