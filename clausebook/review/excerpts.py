"""The parts of a redline that changed, and the words that all formats of a review say in the same way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from string import ascii_uppercase

from clausebook.approvals.model import ApprovalStanding
from clausebook.approvals.offices import name_key
from clausebook.compare.changes import Change
from clausebook.compare.model import MarkedPart, MarkedSchedule, MarkedSection, Redline
from clausebook.document.fingerprints import fingerprint
from clausebook.document.statuses import DRAFTS
from clausebook.findings.characters import first_names, shortened
from clausebook.findings.model import Finding
from clausebook.findings.report import counted, summary
from clausebook.formats.locale_words import locale_words
from clausebook.history.causes import ValueChange
from clausebook.history.comparison import Comparison, describe
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.marks import parts
from clausebook.render.redline.summary import MARK_LENGTH, entries
from clausebook.repository.git.objects import SHORT
from clausebook.review.model import (
    AgreementReview,
    Deviation,
    EditApproval,
    Facts,
    LibraryEdit,
    Review,
    Since,
    ToldChange,
)
from clausebook.review.weights import heaviest_first
from clausebook.rules.silence_list import LeftOpen

_PARTS: dict[str, str] = {
    "MarkedSection": "section",
    "MarkedSchedule": "schedule",
    "MarkedClause": "clause",
    "MarkedDefinition": "definition",
    "MarkedSignature": "signature",
}
STATES = {
    "given": "approved",
    "missing": "to be approved",
    "lapsed": "changed since it was approved",
    "refused": "does not count",
}
KINDS = {
    **{"clause": "Clause", "term": "Term", "outline": "Outline", "schema": "Schema"},
    **{"look": "Appearance:", "rules": "Rules:", "trust": "Trust:"},
}
WORDLESS = ("look", "rules", "trust")
"""The kinds of edits that shape or judge what is made, and change no word themselves."""

MOST_CONFLICTS, MOST_PATHS = 10, 8
"""Files that one sentence names."""

MOST_VALUES = 8
"""Values that one sentence names."""

LONGEST = 200
"""Characters of a name or a path, where that is all that there is room for."""

MOST_COMMITS = 8
"""Commits whose subjects are told."""

HOW = "An approval is given with clausebook approve AGREEMENT, or by a review, where the pipeline hands reviews over."

FEW = 3
"""Agreements up to which each is named wherever it is meant."""


def excerpts(redline: Redline, changes: Iterable[Change]) -> Iterator[MarkedPart]:
    """Yield what changed, each thing whole, in order; of a section or schedule its heading alone.

    Parties have no text of their own, and what only moved has the same.
    """
    known = {
        (_PARTS[type(part).__name__], part.id): part
        for part in parts(redline)
        if not (part.move and part.mark == "deleted")
    }
    for change in changes:
        if change.only_moved:
            continue
        if change.part == "document":
            pieces = redline.title if change.place == "title" else redline.kind
            yield MarkedSection(change.place, "same", None, None, pieces, ())
        elif part := known.get((change.part, change.place)):
            if isinstance(part, MarkedSection):
                part = replace(part, clauses=())
            elif isinstance(part, MarkedSchedule):
                part = replace(part, clauses=(), definitions=())
            yield part


def change_sentence(change: Change) -> str:
    """Return what changed, why, and where it is used, in one line; of many edits it quotes those that weigh most."""
    told = replace(change, edits=heaviest_first(change))
    return f"{entries(RedlineHeading('', '', '', '', '', '', (told,), change.language), internal=True)[0].line()}."


def finding_place(finding: Finding) -> str:
    """Return where a finding is: "agreements/harbor.yaml, line 3"."""
    return f"{finding.path}, line {finding.line}" if finding.line else finding.path


def hint_sentence(finding: Finding) -> str:
    """Return a finding's hint as what follows its message."""
    return f". {finding.hint[:1].upper()}{finding.hint[1:]}" if finding.hint else ""


def happened_line(agreement: AgreementReview) -> str:
    """Return what happened to an agreement as a whole, in one line."""
    before, after = agreement.before, agreement.after
    if before is None and after:
        return f"New agreement, {standing(after)}."
    if after is None and before:
        return f"Removed; it was {standing(before)}."
    said = []
    if before and after:
        if before.id != after.id:
            said.append(f"renamed from {before.id}")
        for name in ("version", "status"):
            old, new = getattr(before, name), getattr(after, name)
            said.append(f"{name} {old} → {new}" if old and new and old != new else f"{name} {new or old or 'unknown'}")
    for kind, old, new in agreement.link_changes:
        said.append(f"link {kind} {' and '.join(old) or 'none'} → {' and '.join(new) or 'none'}")
    if agreement.note:
        said.append("its text cannot be shown")
    elif not agreement.changes:
        said.append("its text is the same")
    line = ", ".join(said)
    return f"{line[:1].upper()}{line[1:]}."


def bases(found: Comparison) -> str:
    """Return what a redline compares, each side with its fingerprint."""
    sides = (
        f"{describe(text, 'en')}, fingerprint {fingerprint(text.document)[:MARK_LENGTH]}"
        for text in (found.old, found.new)
    )
    return f"From {', to '.join(sides)}."


def numbers(found: Sequence[int], shown: Callable[[int], str] = str) -> str:
    """Return numbers in order as people write them, each as it is `shown`: "1–3, 5"."""
    runs: list[list[int]] = []
    for number in found:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = (f"{shown(run[0])}–{shown(run[-1])}" if len(run) > 2 else ", ".join(map(shown, run)) for run in runs)
    return ", ".join(parts)


def repeated(groups: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Return a letter for each group of more than a few agreements that is named more than once."""
    counts = Counter(group for group in groups if len(group) > FEW)
    return {group: _letters(number) for number, group in enumerate(each for each in counts if counts[each] > 1)}


def _letters(number: int) -> str:
    """Return the letters for a number, from 0: "A" to "Z", "AA" …"""
    rest, letter = divmod(number, len(ascii_uppercase))
    return (_letters(rest - 1) if rest else "") + ascii_uppercase[letter]


def told_by_agreement(review: Review) -> dict[str, list[ToldChange]]:
    """Return the changes of each agreement that has any, by its id, the most important first."""
    found: dict[str, list[ToldChange]] = {}
    for told in review.told:
        for name in told.agreements:
            found.setdefault(name, []).append(told)
    return found


def _agreement_lines(agreement: AgreementReview, mine: Sequence[ToldChange]) -> Iterator[str]:
    """Yield what happened to an agreement and, in the redline's own words, which changes are its own and no others."""
    yield happened_line(agreement)
    if agreement.text and mine:
        which = f"{'Change' if len(mine) == 1 else 'Changes'} {numbers([told.number for told in mine])}"
        yield f"{which} above: {agreement.text.covered}"
    if agreement.values:
        yield values_line(agreement.values)


def values_line(values: Sequence[ValueChange]) -> str:
    """Return which values of the data differ, and stand in no words, in one line."""
    told = "; ".join(each.words(locale_words("en")) for each in values[:MOST_VALUES])
    more = f"; and {len(values) - MOST_VALUES} more" if len(values) > MOST_VALUES else ""
    return f"Of its data, not in its words: {told}{more}."


def alike_lines(
    review: Review, apart: Callable[[AgreementReview], bool]
) -> tuple[list[tuple[AgreementReview, str]], dict[str, list[str]]]:
    """Return the agreements of which more is to be told, each with its line, and the ids of the others by theirs."""
    told = told_by_agreement(review)
    alone, alike = [], dict[str, list[str]]()
    for agreement in review.agreements:
        line = " ".join(_agreement_lines(agreement, told.get(agreement.id, ())))
        if agreement.happened != "changed" or apart(agreement):
            alone.append((agreement, line))
        else:
            alike.setdefault(line, []).append(agreement.id)
    return alone, alike


def numbers_by(edit: LibraryEdit, review: Review) -> list[int]:
    """Return the numbers of the changes that a library edit alone explains."""
    covered = frozenset(each for group in edit.groups for each in group.covers)
    return [told.number for told in review.told if told.covers & covered]


def not_alone(edit: LibraryEdit) -> list[str]:
    """Return the agreements in which an edit explains no change alone."""
    alone = {name for group in edit.groups for name in group.agreements}
    return [name for name in edit.touched if name not in alone]


def since_lines(since: Since) -> Iterator[str]:
    """Yield what is to be said, beside its changes, of what is new since the last review."""
    if since.review is None:
        yield f"What changed since then cannot be told: {since.problem}. The whole change is below."
        return
    yield overview(since.review)
    for agreement in since.review.agreements:
        if agreement.happened != "changed" or agreement.note:
            yield f"{agreement.id}: {happened_line(agreement)}"
    if since.conflicts:
        files = first_names([shortened(path, LONGEST) for path in since.conflicts], MOST_CONFLICTS)
        yield f"The base changed the same lines of {files}: what the base did there is told with what is new here."


def unasked(review: Review) -> str:
    """Return in how many agreements nothing is to be approved though their text changes, and why; "" for none."""
    changed = (each for each in review.agreements if each.changes and each.after)
    quiet = [each for each in changed if all(one.state == "given" for one in each.approvals)]
    if not quiet:
        return ""
    drafts = sum(each.after is not None and each.after.status in DRAFTS for each in quiet)
    which = "agreement whose text changes" if len(quiet) == 1 else "agreements whose text changes"
    why = " A draft takes what the library says; its words are approved with the edit of the library." if drafts else ""
    return f"Nothing is open in {len(quiet):,} other {which} (drafts: {drafts:,}).{why}"


def office(name: str, review: Review) -> str:
    """Return an office with the people who hold it."""
    people = review.holders.get(name_key(name), ())
    return f"{name} ({', '.join(people)})" if people else f"{name} (approvers.yaml names nobody)"


def edit_approval_line(each: EditApproval, review: Review) -> str:
    """Return who must approve the edits of some files, in one line."""
    paths = first_names([shortened(path, LONGEST) for path in each.paths], MOST_PATHS)
    state = "approved" if each.given else "to be approved by a review of the pull request"
    return f"{counted(len(each.paths), 'file')}, {state}, for the {office(each.office, review)}: {paths}"


def standing(facts: Facts) -> str:
    """Return an agreement's version and status."""
    return f"version {facts.version or 'unknown'}, status {facts.status or 'unknown'}"


def left_line(left: LeftOpen) -> str:
    """Return what a deal leaves to the standard, and what that says, in one line."""
    return f"{left.field} ({left.place}): “{left.words}”"


def deviation_line(deviation: Deviation) -> str:
    """Return a departure from the playbook in one line."""
    sides = [f"{side.position} ({side.clause}@{side.version})" if side else "" for side in
             (deviation.before, deviation.after)]  # fmt: skip
    what = {
        "added": f"new departure from the playbook: {sides[1]}",
        "removed": f"no longer departs from the playbook: it was {sides[0]}",
        "changed": f"departs in other words than before: {sides[1]}"
        + (f", was {sides[0]}" if sides[0] != sides[1] else ""),
    }[deviation.happened]
    source = deviation.after or deviation.before
    said = [what]
    if source and deviation.after:
        said.append(f"in place of {source.departs_from}" if source.departs_from else "")
        said.append(f"approver: {source.approver or 'none named'}")
        said.append(f"reason: {source.reason}" if source.reason else "")
    return f"{deviation.name}: {'; '.join(filter(None, said))}"


def edit_title(edit: LibraryEdit) -> str:
    """Return what was edited in the library: "Clause termination 1.0 → 1.1"."""
    version = ""
    if edit.kind == "clause":
        version = f" {edit.old_version} → {edit.new_version}"
        if edit.old_version == edit.new_version or edit.happened != "edited":
            version = f" {edit.new_version or edit.old_version}"
    what = "" if edit.happened == "edited" else f", {edit.happened}"
    return f"{KINDS[edit.kind]} {edit.name}{version}{what}"


def edit_note(edit: LibraryEdit) -> str:
    """Return what is to be said of the version of a clause whose words changed; "" for nothing."""
    return "Its words changed, but its version did not." if edit.same_version else ""


def wordless_note(edit: LibraryEdit) -> str:
    """Return why no words of a deal are shown of a clause that changed; "" where they are, or for what is no clause."""
    if edit.kind != "clause" or edit.touched or edit.redline is None:
        return ""
    if edit.unmoved:
        return f"The drafts that use it say what they said before: {', '.join(edit.unmoved)}."
    return "No draft uses it, so there are no words of a deal to show."


def redline_command(agreement: str, review: Review) -> str:
    """Return the command that shows a whole redline."""
    return f"clausebook redline {agreement} {review.base.commit[:SHORT]} {review.head.commit[:SHORT]}".rstrip()


def review_command(review: Review) -> str:
    """Return the command that shows the whole review."""
    head = f" --head {review.head.commit[:SHORT]}" if review.head.commit else ""
    return f"clausebook review --base {review.base.commit[:SHORT]}{head}"


def given_by(approval: ApprovalStanding) -> str:
    """Return by whom an approval was given, when and how proven, or why it does not count; it begins with a comma."""
    why = approval.why if approval.state == "refused" else approval.proof
    return "".join(f", {told}" for told in (approval.by, approval.date, why) if told)


def overview(review: Review) -> str:
    """Return the review in one or two sentences."""
    texts = sum(bool(agreement.changes) for agreement in review.agreements)
    said = [f"The text of {counted(texts, 'agreement')} changes" if texts else "The text of no agreement changes"]
    for name in ("added", "removed", "renamed"):
        if count := sum(agreement.happened == name for agreement in review.agreements):
            said.append(f"{counted(count, 'agreement')} {'is' if count == 1 else 'are'} {name}")
    if count := sum(agreement.note is not None for agreement in review.agreements):
        said.append(f"{counted(count, 'agreement')} cannot be compared")
    if review.library:
        said.append(f"{counted(len(review.library), 'library edit')}")
    open_ = sum(approval.state != "given" for _, approval in review.approvals())
    if open_:
        said.append(f"{counted(open_, 'approval')} to give")
    found = review.other_findings()
    said.append(summary(found) if found else "no new findings")
    return "; ".join(said) + "."


def verdict(review: Review) -> str:
    """Return in one sentence whether the change may be merged, and what stands in the way."""
    errors = len(review.other_findings("error"))
    waiting = sum(finding.severity == "error" for finding in review.findings) - errors
    stops = [counted(errors, "error")] if errors else []
    if waiting:
        stops.append(f"{counted(waiting, 'open approval')} in agreements that are no longer drafts")
    if not stops:
        return "Nothing in it stops a merge."
    return f"Not to be merged yet: {' and '.join(stops)}. Warnings, and approvals of drafts, do not stop it."


def commit_lines(review: Review) -> list[str]:
    """Return who says what of the change, as its commits have it."""
    told = [f"“{each.subject}” ({each.author})" for each in review.commits[:MOST_COMMITS]]
    more = len(review.commits) - len(told)
    return [*told, *([f"and {counted(more, 'commit')} more"] if more else [])]


def coverage(review: Review) -> str:
    """Return the last line: that nothing else changed."""
    rest = f" ({counted(review.untouched, 'agreement')})" if review.untouched else ""
    return f"The text of every other agreement{rest} is the same at both revisions."
