"""Write a review as the comment of a pull request, or as the summary of a run, in the forges' Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from clausebook.compare.changes import Change
from clausebook.compare.model import Redline
from clausebook.findings.characters import shortened
from clausebook.findings.grouped import FindingGroup, grouped
from clausebook.findings.model import Finding
from clausebook.findings.register import Severity
from clausebook.findings.report import counted
from clausebook.formats.locale_words import locale_words
from clausebook.render.redline.markdown import clause_markdown
from clausebook.render.redline.summary import followers, reading_key
from clausebook.repository.agreement_files import owner
from clausebook.repository.git.objects import SHORT
from clausebook.review import excerpts as said
from clausebook.review.approvals import Asked, asked
from clausebook.review.counts import counts
from clausebook.review.fitting import SEPARATOR, Block, Part, characters, encoded, fitted
from clausebook.review.importance import first_to_read
from clausebook.review.inert import inert, inert_markdown, inert_message, lowered
from clausebook.review.look_pages import pages_line
from clausebook.review.model import AgreementReview, LibraryEdit, Review, ToldChange
from clausebook.review.rounds import mark

MARKER = "<!-- clausebook-review -->"
"""The first line, by which the comment is found again. No value can hold it, for values are escaped."""

KEY = (
    reading_key(locale_words("en"), "<del>so</del>", "<ins>so</ins>")
    + " All are in review.html, which a pipeline keeps."
)
SEVERITY = {"error": "**Error**", "warning": "Warning", "note": "Note"}

DETAILS, REDLINES, LISTS, TOLD, REST, CHANGES = 6, 5, 4, 3, 2, 1
"""Ranks of what gives way, the highest first: what stands in full elsewhere; redlines; lists and notes; what is told of
an agreement; the changes that concern nothing of weight; the others. Errors and open approvals have rank 0: they only
get shorter."""

FEW = 12
"""Findings, agreements and changes up to which each is told by itself."""


@dataclass(frozen=True, slots=True)
class ReportChannel:
    """Where a report goes: the most that it takes, as `length` measures."""

    limit: int
    length: Callable[[str], int]


COMMENT = ReportChannel(65_000, characters)
"""GitHub takes 65,536 characters, and a line or two may be added; GitLab takes a million."""

SUMMARY = ReportChannel(900_000, encoded)
"""GitHub takes 1 MiB a step; other steps write there, too."""


def as_markdown(review: Review, channel: ReportChannel = COMMENT) -> str:
    """Return the review as Markdown for a channel, the marker first.

    What is least important gives way if there is no room; errors and open approvals are told in any case.
    """
    parts = [
        Part([Block(_start(review))]),
        *_since(review),
        *_first(review),
        *_findings("Errors", review.other_findings("error"), 0),
        *_findings("What could not be compared", review.notes, 0),
        *_approvals(review),
        *_findings("Warnings", review.other_findings("warning"), CHANGES),
        *_changes(review),
        *_agreements(review),
        *_library(review),
        *_findings("Notes", review.other_findings("note"), LISTS),
        *_pages(review),
        *_rounds(review),
        Part([Block(inert(said.coverage(review)))]),
    ]
    short = SEPARATOR.join((_start(review), f"The review is too long for this place: {_whole(review)}."))
    last = fitted([Part([Block(short)]), *counts(review)], channel.limit, f"{short}\n", channel.length)
    return fitted(parts, channel.limit, last, channel.length)


def _start(review: Review) -> str:
    # A revision's name may be a whole path, but not a long one.
    names = " to ".join(inert(tip.name[:200]) for tip in (review.base, review.head))
    marks = "\n".join(filter(None, (MARKER, mark(review))))
    text = [f"{marks}\n## What this changes in the agreements", f"**{said.verdict(review)}**"]
    commits = "; ".join(inert(shortened(line, said.LONGEST)) for line in said.commit_lines(review))
    text.append(f"From {names}{f': {commits}' if commits else ''}.")
    return SEPARATOR.join((*text, inert(said.overview(review))))


def _whole(review: Review) -> str:
    return f"all of it is in review.html, or run `{said.review_command(review)} --format html > review.html`"


def _since(review: Review) -> Iterator[Part]:
    since = review.since
    if since is None:
        return
    title = f"### Since the last review ({inert(since.last.head[:SHORT])})"
    lines = [inert(line) for line in said.since_lines(since)]
    blocks = [Block(title), *map(Block, lines)]
    if since.review:
        blocks += _told(since.review.told, since.review, {}, "new")
    yield Part(blocks, SEPARATOR.join((title, lines[0], "The rest is in review.html.")), TOLD)


def _rounds(review: Review) -> Iterator[Part]:
    if review.rounds:
        told = [
            SEPARATOR.join((
                f"Round {number}, at {inert(each.head[: SHORT])}:",
                "\n".join(f"- {inert(line)}" for line in each.said) or "- what the whole change does, as told above.",
            ))
            for number, each in enumerate(review.rounds, 1)
        ]  # fmt: skip
        text = _folded(f"Earlier rounds: {len(told)}", SEPARATOR.join(told))
        yield Part([Block(text, "", DETAILS)])


def _findings(title: str, findings: Sequence[Finding], rank: int) -> Iterator[Part]:
    if findings:
        lines = "\n".join(f"- {_finding(group)}" for group in grouped(findings, owner))
        whole = _folded(counted(len(findings), "finding"), lines) if rank and len(findings) > FEW else lines
        yield Part([Block(f"### {title}"), Block(whole, _by_rule(findings), rank)])


def _by_rule(findings: Sequence[Finding]) -> str:
    """Return where each rule is broken, which is less than what each finding says."""
    places: dict[tuple[Severity, str], dict[str, None]] = {}
    for finding in findings:
        places.setdefault((finding.severity, finding.rule), {})[shortened(finding.path, said.LONGEST)] = None
    return "\n".join(
        f"- {SEVERITY[severity]} {inert(rule)}: {', '.join(map(inert, paths))}"
        for (severity, rule), paths in places.items()
    )


def _finding(group: FindingGroup) -> str:
    told = group.told
    message = inert_message(f"{told.message}{said.hint_sentence(told)}")
    places = "; ".join(inert(said.finding_place(each)) for each in group.findings)
    where = places if len(group.findings) == 1 else f"{counted(len(group.findings), 'place')}: {places}"
    return f"{SEVERITY[told.severity]}: {message} ({where}; {inert(told.rule)})"


# --- Who must approve -------------------------------------------------------------------------------------------------


def _approvals(review: Review) -> Iterator[Part]:
    found = asked(review)
    if not (found or review.edit_approvals):
        return
    blocks = [Block("### Who must approve")]
    for office, waiting in groupby((one for one in found if one.open), lambda one: one.standing.need.role):
        rows = list(waiting)
        open_ = counted(sum(len(row.agreements) for row in rows), "approval")
        blocks.append(Block(f"**{inert(said.office(office, review))}**: {open_} to give"))
        blocks.append(Block(_table(rows)))
    if len(blocks) > 1:
        blocks.append(Block(said.HOW))
    blocks += [Block(inert(said.unasked(review)))] if found else []
    blocks += [Block(f"- {inert(said.edit_approval_line(each, review))}") for each in review.edit_approvals]
    if given := [one for one in found if not one.open]:
        counts = Counter[str]()
        for one in given:
            counts[one.standing.need.role] += len(one.agreements)
        line = f"Given: {'; '.join(f'{inert(office)} {count:,}' for office, count in counts.items())}."
        if len(given) <= FEW:
            blocks.append(Block(_folded(line.removesuffix("."), _table(given, office=True)), line, DETAILS))
        else:
            blocks.append(Block(f"{line} They are listed in review.html."))
    yield Part(blocks, _shorter([one for one in found if one.open], review))


def _table(rows: Sequence[Asked], *, office: bool = False) -> str:
    titles = ["What", *(["Office"] if office else []), "Agreements", "See"]
    lines = [f"| {' | '.join(titles)} |", f"|{' :--- |' * len(titles)}"]
    for row in rows:
        role = [inert(row.standing.need.role)] if office else []
        cells = [f"{inert(row.standing.need.said)}: {_state(row)}", *role, _named(row.agreements), _see(row.changes)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _shorter(rows: Sequence[Asked], review: Review) -> str:
    """Return what is to be approved, each thing once, and the agreements by the numbers of those things."""
    numbers: dict[str, list[int]] = {}
    lines = ["### Who must approve"]
    for office, group in groupby(enumerate(rows, 1), lambda one: one[1].standing.need.role):
        things = [f"**{inert(said.office(office, review))}**:", ""]
        for number, row in group:
            things.append(f"{number}. {inert(shortened(row.standing.need.said, said.LONGEST))}: {_state(row)}")
            for name in row.agreements:
                numbers.setdefault(name, []).append(number)
        lines.append("\n".join(things))
    alike: dict[tuple[int, ...], list[str]] = {}
    for name, mine in numbers.items():
        alike.setdefault(tuple(mine), []).append(name)
    lines.append("\n".join(f"- {said.numbers(each)} in {_names(names)}" for each, names in alike.items()))
    lines += [f"- {inert(said.edit_approval_line(each, review))}" for each in review.edit_approvals]
    return SEPARATOR.join(filter(None, lines))


def _state(row: Asked) -> str:
    state = said.STATES[row.standing.state]
    return f"{f'**{state}**' if row.open else state}{inert(said.given_by(row.standing))}"


def _see(numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    # The forges put this before every id in a comment.
    links = said.numbers(numbers, lambda number: f"[{number}](#user-content-change-{number})")
    return f"{'change' if len(numbers) == 1 else 'changes'} {links}"


# --- What changes -----------------------------------------------------------------------------------------------------


def _changes(review: Review) -> Iterator[Part]:
    if not review.told:
        return
    sets = said.repeated([told.agreements for told in review.told])
    yield Part([Block("### What changes"), Block(KEY)])
    if sets:
        lines, short = (
            "\n".join(f"- {label}: {names_in(names)}" for names, label in sets.items())
            for names_in in (_names, _counted)
        )
        where = "The agreements, where many change together:\n\n"
        yield Part([Block(where + lines, where + short, CHANGES)])
    yield Part(list(_told(review.told, review, sets)))


def _first(review: Review) -> Iterator[Part]:
    if first := first_to_read(review.told):
        lines, short = (
            "\n".join(f"- Change {each.number}: {line(each)}" for each in first)
            for line in (lambda each: _told_line(each, review), _change_name)
        )
        head = "Look at these first:\n\n"
        yield Part([Block(head + lines, head + short, CHANGES)])


def _told(
    told: Sequence[ToldChange], review: Review, sets: Mapping[tuple[str, ...], str], anchor: str = "change"
) -> Iterator[Block]:
    """Yield the changes and their redlines, each concern under a heading of its own."""
    first = {each.number for each in first_to_read(told)}
    for concern, group in groupby(told, lambda each: each.concern):
        listed = list(group)
        if title := concern or ("Everything else" if listed[0].number > 1 else ""):
            yield Block(f"#### {inert(title)}")
        for each in listed:
            short = f"{each.number}. {_change_name(each)}: in review.html."
            line = f'{each.number}. {_told_line(each, review, sets)} <a id="{anchor}-{each.number}"></a>'
            yield Block(line, short, CHANGES if concern else REST)
            yield _redline(each, review, TOLD if each.number in first else REDLINES)


def _change_name(told: ToldChange) -> str:
    return inert(shortened(told.change.name(), said.LONGEST))


def _told_line(told: ToldChange, review: Review, sets: Mapping[tuple[str, ...], str] | None = None) -> str:
    """Return a change in one line; without the `sets` that have letters, many agreements are counted only."""
    alike = "" if told.alike else f" Numbered and counted as in `{told.agreements[0]}`."
    where = _names(told.agreements)
    if label := (sets or {}).get(told.agreements):
        where = f"{counted(len(told.agreements), 'agreement')} ({label})"
    elif sets is None and len(told.agreements) > said.FEW:
        where = counted(len(told.agreements), "agreement")
    return f"{inert(said.change_sentence(told.change))}{'' if len(review.agreements) == 1 else f' In {where}.'}{alike}"


def _redline(told: ToldChange, review: Review, rank: int) -> Block:
    """Return the words of a change, folded, with where to find them if there is no room."""
    if told.change.only_moved:
        return Block(inert(followers(told.comparison.redline)), "", rank)
    own = "" if told.same_text else "; the words around are each agreement’s own"
    as_in = f"As in {told.agreements[0]}{own}. " if len(told.agreements) > 1 else ""
    before = inert(f"{as_in}{told.between}")
    words = SEPARATOR.join((before, *_clauses(told.comparison.redline, (told.change,))))
    command = said.redline_command(told.agreements[0], review)
    short = f"Its redline is in review.html; or run `{command}`." if len(review.told) <= FEW else ""
    return Block(_folded(f"Redline of change {told.number}", words), short, rank)


def _clauses(redline: Redline, changes: Iterable[Change]) -> Iterator[str]:
    return (lowered(inert_markdown(clause_markdown(redline, part))) for part in said.excerpts(redline, changes))


def _folded(label: str, text: str) -> str:
    """Return text behind a label, which shows no marks of its own."""
    return f"<details>\n<summary>{label}</summary>\n\n{text}\n\n</details>"


# --- Agreements and library -------------------------------------------------------------------------------------------


def _agreements(review: Review) -> Iterator[Part]:
    if not review.agreements:
        return
    blocks = [Block(title := "### Agreements")]
    # Of a few agreements everything is told; of many, what stands in the changes already is not told of each again.
    few = len(review.agreements) <= FEW
    apart, alike = said.alike_lines(review, lambda each: any(few or block.rank == CHANGES for block in _lists(each)))
    for agreement, told in apart:
        name = f" {inert(agreement.title)}" if agreement.title else ""
        # Cut before it is written as Markdown: half a sign of that would be a mark.
        short = f"`{agreement.id}`: {inert(shortened(told, 2 * said.LONGEST))}"
        blocks += [Block(f"#### `{agreement.id}`{name}", "", TOLD), Block(inert(told), short, TOLD), *_lists(agreement)]
    if alike:
        lines, short = (
            "\n".join(f"- {names_in(names)}: {inert(line)}" for line, names in alike.items())
            for names_in in (_names, _counted)
        )
        blocks.append(Block(lines, short, TOLD))
    yield Part(blocks, f"{title}\n\n{counted(len(review.agreements), 'agreement')}: in review.html.", CHANGES)


def _lists(agreement: AgreementReview) -> Iterator[Block]:
    for words_only, rank in ((False, CHANGES), (True, DETAILS)):
        if departures := [each for each in agreement.deviations if (each.happened == "changed") is words_only]:
            lines = "\n".join(f"- {inert(said.deviation_line(each))}" for each in departures)
            more = (
                f"{counted(len(departures), 'departure')} from the playbook{', in other words' if words_only else ''}."
            )
            yield Block(f"Departures from the playbook:\n\n{lines}", more, rank)
    if agreement.left:
        lines = "\n".join(f"- {inert(said.left_line(each))}" for each in agreement.left)
        more = f"{counted(len(agreement.left), 'value')} newly left to the standard."
        yield Block(f"Newly left to the standard, which then says:\n\n{lines}", more, LISTS)


def _library(review: Review) -> Iterator[Part]:
    if not review.library:
        return
    blocks = [Block(title := "### Edits of the library, of rules and of the appearance")]
    for edit in review.library:
        name = inert(said.edit_title(edit)) + (f" ({inert(edit.type)})" if edit.type else "")
        note = f" **{said.edit_note(edit)}**" if said.edit_note(edit) else ""
        facts = "".join(f"\n  - {inert(fact)}" for fact in edit.facts)
        touched = "" if edit.kind in said.WORDLESS else f" {_touched(edit, review)}"
        if why := said.wordless_note(edit):
            touched += f" {inert(why)}"
        blocks.append(Block(f"- {name}.{note}{touched}{facts}"))
        # What it changes in agreements is shown there, in words that are no template's.
        if edit.redline and not edit.touched:
            words = SEPARATOR.join(_clauses(edit.redline, edit.changes))
            blocks.append(Block(_folded(f"The source’s words: {inert(edit.name)}", words), "", DETAILS))
    yield Part(blocks, f"{title}\n\n{counted(len(review.library), 'edit')}: in review.html.", CHANGES)


def _touched(edit: LibraryEdit, review: Review) -> str:
    if not edit.touched:
        return "It changes the text of no agreement."
    executed = [f"`{name}` ({inert(review.status_before(name))})" for name in edit.executed]
    more = f" Executed before this change: {', '.join(executed)}." if executed else ""
    numbers = _see(said.numbers_by(edit, review))
    if rest := said.not_alone(edit):
        more = f" Elsewhere, or together with the deal’s data, in {_names(rest)}.{more}"
    return f"It changes the text of {counted(len(edit.touched), 'agreement')}{f': {numbers}' if numbers else ''}.{more}"


def _pages(review: Review) -> Iterator[Part]:
    if review.pages:
        lines = "\n".join(f"- {inert(pages_line(found))}" for found in review.pages)
        yield Part(
            [
                Block("### Pages that a changed look sets differently"),
                Block(lines),
                Block("They are shown in review.html."),
            ]
        )


def _names(names: Sequence[str]) -> str:
    return _named(names) if len(names) == 1 else f"{counted(len(names), 'agreement')}: {_named(names)}"


def _counted(names: Sequence[str]) -> str:
    return _named(names) if len(names) == 1 else counted(len(names), "agreement")


def _named(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
