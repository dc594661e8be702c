"""What a review says: what a change of the repository does to the text of its agreements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from clausebook.approvals.model import ApprovalStanding
from clausebook.compare.changes import Change
from clausebook.compare.model import Redline
from clausebook.document.model import ClauseSource
from clausebook.findings.model import Finding
from clausebook.findings.register import SEVERITIES, Severity
from clausebook.history.causes import Cause, ValueChange, cause_key
from clausebook.history.comparison import Comparison
from clausebook.records.links import KINDS, Kind
from clausebook.repository.git.objects import Commit
from clausebook.rules.silence_list import LeftOpen

AgreementHappened = Literal["added", "removed", "renamed", "changed"]
DeviationHappened = Literal["added", "removed", "changed"]
EditHappened = Literal["added", "removed", "edited"]
EditKind = Literal["clause", "term", "outline", "schema", "look", "rules", "trust"]


@dataclass(frozen=True, slots=True)
class Tip:
    """One of the two revisions: how the reader knows it; `commit` is "" for the work tree."""

    name: str
    commit: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What an agreement says of itself on one side; "" for what cannot be read.

    `executed` tells whether its version has a record of being signed. `links` are those of its data, if it is valid.
    """

    id: str
    path: str
    title: str = ""
    version: str = ""
    status: str = ""
    executed: bool = False
    links: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deviation:
    """A slot whose clause departs from the playbook on one side at least, and not in the same words on both.

    `name` is how the clause is called: "6.2 Termination". A side is None where its clause does not deviate.
    """

    slot: str
    name: str
    happened: DeviationHappened
    before: ClauseSource | None
    after: ClauseSource | None


@dataclass(frozen=True, slots=True)
class TextChanges:
    """What a comparison tells, without the texts: changes and their causes by `cause_key`, in documents of a `type`.

    `marks` are the fingerprints of both sides; `covered` says, in the redline's words, that nothing else differs.
    """

    changes: tuple[Change, ...]
    causes: Mapping[str, Cause]
    type: str
    marks: tuple[str, str]
    covered: str

    def cause_of(self, change: Change) -> Cause:
        """Return why a change came about; both data and library, where that cannot be told."""
        return self.causes.get(cause_key(change.part, change.place)) or Cause("both")


@dataclass(frozen=True, slots=True)
class AgreementReview:
    """What happened to one agreement; a side is None where the agreement is not there.

    `text` is None unless the text changed; then `comparison` has both texts, unless another agreement shows the same.
    `note` says why the texts could not be compared.
    `findings` are those that are new, beside those `to_approve`: one for each of the `approvals` that is not given.
    `left` is what it newly leaves to the standard, or what the standard newly says of it.
    `values` are those of its data that differ and stand in no words: who signed a compliance question off, say.
    `clauses` are those of the library that its newest text uses.
    """

    happened: AgreementHappened
    before: Facts | None
    after: Facts | None
    comparison: Comparison | None = None
    deviations: tuple[Deviation, ...] = ()
    approvals: tuple[ApprovalStanding, ...] = ()
    to_approve: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()
    note: Finding | None = None
    left: tuple[LeftOpen, ...] = ()
    values: tuple[ValueChange, ...] = ()
    text: TextChanges | None = None
    clauses: frozenset[str] = frozenset()

    @property
    def facts(self) -> Facts:
        """The newest that is known of the agreement."""
        facts = self.after or self.before
        if facts is None:
            raise ValueError("an agreement is there on one side at least")
        return facts

    @property
    def title(self) -> str:
        """The agreement's title, the one before if it cannot be read now."""
        return next((facts.title for facts in (self.after, self.before) if facts and facts.title), "")

    @property
    def id(self) -> str:
        """The agreement's id, the one before if it is gone."""
        return self.facts.id

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes of the text, with their causes."""
        return self.text.changes if self.text else ()

    @property
    def executed(self) -> bool:
        """Tell whether the agreement was executed before this change."""
        return self.before is not None and self.before.executed

    @property
    def matters(self) -> bool:
        """Tell whether there is anything that a reviewer should look at."""
        return bool(
            self.happened != "changed"
            or self.changes
            or self.deviations
            or self.approvals
            or self.findings
            or self.note
            or self.values
            or (self.before and self.after and self.before.status != self.after.status)
            or (self.before and self.after and self.before.version != self.after.version)
            or self.link_changes
        )

    @property
    def link_changes(self) -> tuple[tuple[Kind, tuple[str, ...], tuple[str, ...]], ...]:
        """The kinds of its links to other agreements that changed, each with the ids before and after."""
        if self.note or not (self.before and self.after) or self.before.links == self.after.links:
            return ()
        told = ((kind, self.before.links.get(kind, ()), self.after.links.get(kind, ())) for kind in KINDS)
        return tuple(each for each in told if each[1] != each[2])


@dataclass(frozen=True, slots=True)
class Group:
    """Agreements in which the same words change for the same reason.

    `changes` and `comparison` are those of the first; `alike` tells whether the whole text of what changed is
    the same in all of them, numbers apart. `covers` are all changes: agreement, part and place of each.
    """

    agreements: tuple[str, ...]
    changes: tuple[Change, ...]
    comparison: Comparison
    alike: bool
    covers: frozenset[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class LibraryEdit:
    """A clause, term, outline, schema, or file of the looks and the site that changed.

    `redline` compares its source, template code included, None where there is nothing to show. `facts` are
    lines on what changed besides. `touched` are the agreements whose text it changes, `executed` those of them
    that were executed; `groups` hold the changes that have no other cause, and are shown nowhere else. `unmoved` are
    the agreements that use a clause, and whose text it does not change.
    """

    kind: EditKind
    type: str
    name: str
    path: str
    happened: EditHappened
    old_version: str = ""
    new_version: str = ""
    redline: Redline | None = None
    changes: tuple[Change, ...] = ()
    facts: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    executed: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    unmoved: tuple[str, ...] = ()

    @property
    def same_version(self) -> bool:
        """Tell whether it is a clause whose words changed while its version did not."""
        edited = self.kind == "clause" and self.happened == "edited" and bool(self.changes)
        return edited and self.old_version == self.new_version


@dataclass(frozen=True, slots=True)
class PagePictures:
    """A page, from 1, as a picture (PNG) before and after; b"" where there is none."""

    page: int
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class LookPages:
    """The pages of an agreement that a changed look sets otherwise: some of them, and how many more there are.

    `problem` says why there is nothing to see.
    """

    agreement: str
    pages: tuple[PagePictures, ...]
    more: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A change, told once for all agreements in which the same words change for the same reason.

    `number` counts from 1, the most important first. `concern` is what it is about, as the summaries of the type
    have it: "Money"; "" for the rest. `weight` is lower, the more such words can do: see `weights.weight_of`.
    `change` and `comparison` are those of the first agreement; `alike` tells whether the change reads the same in all
    of them: its numbers, and in which items and how often a word of the library stands; `same_text` whether the whole
    text is the same there. `between` says what its redline compares. `covers` are all changes: agreement, part and
    place of each.
    """

    number: int
    concern: str
    weight: int
    agreements: tuple[str, ...]
    change: Change
    comparison: Comparison
    alike: bool
    same_text: bool
    between: str
    covers: frozenset[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class EditApproval:
    """An office that must approve edits of the library, of rules, of looks or of whom to trust.

    `paths` are the files; `given` tells whether whoever runs the review said that the office approved the change.
    """

    office: str
    paths: tuple[str, ...]
    given: bool


@dataclass(frozen=True, slots=True)
class Round:
    """What an earlier review of the same pull request saw, and the sentences in which it told what was new then.

    `head` and `base` are full ids of commits. The sentences come out of a comment, which others may have edited.
    """

    head: str
    base: str
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since an earlier round: the changes alone, and what of it cannot be told.

    `review` is None where that state cannot be had any more, which `problem` says. `conflicts` are the files that the
    pull request and its base both changed at the same lines since: what the base did there is told with the rest.
    """

    last: Round
    review: Review | None
    problem: str = ""
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What a change of the repository does to its agreements.

    `agreements` are those with something to look at, in order of id; `untouched` counts the others at the head.
    `findings` are all new ones, and one for each approval that is not given. `notes` say what could not be told.
    `pages` are those of the first agreements, if a look changed. `told` are all changes of texts, the most important
    first. `holders` are the people of each office that is asked for. `since` is what is new since the last round, and
    `rounds` are those before this one, the oldest first; `state` is what the next round is to be compared with.
    `commits` are those of the change, merges aside, the newest first.
    """

    base: Tip
    head: Tip
    agreements: tuple[AgreementReview, ...]
    library: tuple[LibraryEdit, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    untouched: int
    pages: tuple[LookPages, ...] = ()
    told: tuple[ToldChange, ...] = ()
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    edit_approvals: tuple[EditApproval, ...] = ()
    since: Since | None = None
    rounds: tuple[Round, ...] = ()
    state: Round | None = None
    commits: tuple[Commit, ...] = ()

    def shown_in_library(self) -> frozenset[tuple[str, str, str]]:
        """Return the changes whose redline stands with a library edit: agreement, part and place of each."""
        return frozenset(covered for edit in self.library for group in edit.groups for covered in group.covers)

    def other_findings(self, *severities: Severity) -> list[Finding]:
        """Return the findings that ask for no approval, those of some severities alone if they are named."""
        return [
            finding
            for finding in self.findings
            if not finding.rule.startswith("core/approval-") and (not severities or finding.severity in severities)
        ]

    def status_before(self, agreement: str) -> str:
        """Return the status that an agreement had."""
        return next(each.before.status for each in self.agreements if each.id == agreement and each.before)

    def approvals(self) -> Iterator[tuple[AgreementReview, ApprovalStanding]]:
        """Yield each approval with its agreement."""
        for agreement in self.agreements:
            for approval in agreement.approvals:
                yield agreement, approval


def worst(review: Review) -> Severity | Literal[""]:
    """Return how grave the review is: "note" if only the text of agreements changes, "" if nothing does."""
    found = {finding.severity for finding in review.findings}
    if review.agreements or review.library or review.notes:
        found.add("note")
    return next((severity for severity in SEVERITIES if severity in found), "")
