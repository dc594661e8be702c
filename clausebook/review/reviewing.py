"""Put a review together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from clausebook.approvals.desk import Desk
from clausebook.approvals.reviews import ForgeReview
from clausebook.findings.model import Finding, RepositoryError
from clausebook.history.past_texts import UNREADABLE
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.holding import hold_broken
from clausebook.project.agreement import ordered
from clausebook.project.project import Progress, Project
from clausebook.repository.git.carried import carried
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.objects import SHORT, Commit, read_commit
from clausebook.repository.git.process import MISSING, Git
from clausebook.repository.git.revision_names import head_of, resolve
from clausebook.repository.tree import TreeError
from clausebook.review.agreement_review import new_findings, review_agreement
from clausebook.review.excerpts import change_sentence
from clausebook.review.given_up import edit_approvals, given_up, judging_edits
from clausebook.review.importance import told_changes
from clausebook.review.library_edits import changed_types, library_edits, schema_edits, version_findings
from clausebook.review.look_edits import look_edits
from clausebook.review.look_pages import look_pages
from clausebook.review.model import Review, Round, Since, Tip
from clausebook.review.rounds import base_then, before, rounds_in, state_of, telling
from clausebook.review.sides import Side, moved, pairs, refuse_if_absent, sides
from clausebook.review.touching import shown_elsewhere, with_agreements

LAST = "last"
"""What names the state that the last review of the same change saw."""

MOST_COMMITS = 200
"""Commits of a change that are looked at."""


def review(
    root: Path,
    base: str,
    head: str,
    sandbox: Sandbox,
    progress: Progress = lambda name: None,
    *,
    exact: bool = False,
    approved: Iterable[str] = (),
    reviews: Sequence[ForgeReview] = (),
    since: str = "",
    comment: str = "",
) -> Review:
    """Review what changed between two revisions, `head` "" for the work tree.

    The base is the best common ancestor of the two, unless `exact`; without a name, that of the protected branch. Only
    agreements whose text can have changed are assembled; `progress` is told the id of each. `approved` are the offices
    that approved the change as a whole, `reviews` those of the forge. `comment` is what the last review of this change
    said, and `since` a revision, or "last" for what that review saw: what is new since then is told apart.
    Raises RepositoryError if there is no such revision, no common ancestor or no git.
    """
    with Git(root) as git:
        left, right = sides(git, root, base, head, sandbox, exact=exact)
        told = partial(_between, right=right, named=base, sandbox=sandbox, progress=progress, reviews=reviews)
        found = replace(told(left, approved=tuple(approved)), commits=_commits(git, left, right))
        state = state_of(git, left.tip.commit, right.tip.commit)
        rounds = before(rounds_in(comment), state.head if state else "")
        last = _last(git, since, rounds)
        if last is None:
            return replace(found, rounds=rounds, state=state)
        new = _since(git, root, last, left, told)
        sentences = [change_sentence(each.change) for each in new.review.told] if new.review else []
        return replace(found, since=new, rounds=rounds, state=telling(state, sentences))


def _commits(git: Git, left: Side, right: Side) -> tuple[Commit, ...]:
    """Return the commits of the change, merges aside, the newest first; () if they are not told."""
    end = right.tip.commit or head_of(git)
    listed = git.succeeds("rev-list", "--no-merges", f"--max-count={MOST_COMMITS}", f"{left.tip.commit}..{end}") or ""
    try:
        return tuple(read_commit(git, oid) for oid in listed.split())
    except RepositoryError:
        return ()


def _last(git: Git, since: str, rounds: Sequence[Round]) -> Round | None:
    if since == LAST:
        return rounds[-1] if rounds else None
    return Round(resolve(git, since), "") if since else None


def _since(git: Git, root: Path, last: Round, left: Side, told: Callable[..., Review]) -> Since:
    """Tell what changed since an earlier state of the change, as that would be on the base of today."""
    base = left.tip.commit
    try:
        refuse_if_absent(GitTree(git, last.head), last.head[:SHORT])
        tree, conflicts = carried(git, last.head, base_then(git, last, base), base)
        project = Project(root, left.project.sandbox, over=tree) if left.project else None
        return Since(last, told(Side(Tip(last.head[:SHORT], last.head), tree, project)), "", conflicts)
    except (RepositoryError, TreeError) as error:
        return Since(last, None, f"{error}: {error.hint}")


def _between(
    left: Side,
    right: Side,
    named: str,
    sandbox: Sandbox,
    progress: Progress,
    reviews: Sequence[ForgeReview],
    approved: Sequence[str] = (),
) -> Review:
    """Review what differs between two sides; `named` is the protected branch, whose people and rules judge both."""
    listed = []
    known: set[tuple[object, ...]] = set()
    with ExitStack() as stack:
        former, now = (
            stack.enter_context(Desk(side.project.quiet(), reviews, named, side.tip.commit)) if side.project else None
            for side in (left, right)
        )
        for pair in pairs(left, right):
            progress(pair.new or pair.old)
            found = review_agreement(pair, left, right, sandbox, (former, now))
            # Two texts of each of hundreds of agreements are much to hold.
            listed.append(replace(found, comparison=None) if shown_elsewhere(found, known) else found)
            left.forget(pair.old)
            right.forget(pair.new)
        holders = now.holders if now else {}
    kinds = changed_types(left, right)
    edits = [edit for kind in kinds for edit in library_edits(kind, left, right)]
    judging = list(judging_edits(left, right))
    edits += [*schema_edits("", left, right), *judging, *look_edits(left, right)]
    common = new_findings(left.findings(kinds), right.findings(kinds))
    library = with_agreements(edits, listed)
    agreements = tuple(agreement for agreement in listed if agreement.matters)
    findings = [*moved(left, right), *common, *_lost(left, right, kinds), *version_findings(edits)]
    findings += given_up(left, right, kinds, judging, approved)
    findings += hold_broken(left.tree, right.tree, named)
    for agreement in agreements:
        findings += (*agreement.findings, *agreement.to_approve)
    shown = {agreement.id for agreement in agreements if agreement.after}
    notes = [agreement.note for agreement in agreements if agreement.note]
    return Review(
        left.tip,
        right.tip,
        agreements,
        library,
        ordered(findings),
        (*_old_base(left), *notes),
        sum(name not in shown for name in right.files),
        look_pages(edits, left, right),
        told_changes(agreements),
        holders,
        edit_approvals(edits, left, right, approved),
    )


def _lost(left: Side, right: Side, kinds: list[str]) -> list[Finding]:
    """Return what a clone does not have of what all agreements stand on: nothing can be told of it, new or not."""
    held = (each for side in (left, right) for each in side.findings(kinds))
    return [each for each in held if each.rule == UNREADABLE and MISSING in each.message]


def _old_base(base: Side) -> list[Finding]:
    if base.project:
        return []
    message = "the base is from before there were agreements: all of them are new"
    return [Finding(rule="core/review-base", message=message, path="agreements")]
