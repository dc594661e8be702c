"""Put a review together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from clausebook.approvals.desk import Desk
from clausebook.approvals.reviews import ForgeReview
from clausebook.findings.model import Finding
from clausebook.language.sandbox import Sandbox
from clausebook.project.agreement import ordered
from clausebook.project.project import Progress
from clausebook.repository.git.process import Git
from clausebook.review.agreement_review import new_findings, review_agreement
from clausebook.review.given_up import given_up
from clausebook.review.library_edits import changed_types, library_edits, look_edits, schema_edits, version_findings
from clausebook.review.look_pages import look_pages
from clausebook.review.model import Review
from clausebook.review.sides import Side, moved, pairs, sides
from clausebook.review.touching import with_agreements


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
) -> Review:
    """Review what changed between two revisions, `head` "" for the work tree.

    The base is the best common ancestor of the two, unless `exact`. Only agreements whose text can have changed
    are assembled; `progress` is told the id of each. `approved` are the offices that approved the change as a whole,
    `reviews` those of the forge.
    Raises RepositoryError if there is no such revision, no common ancestor or no git.
    """
    with Git(root) as git:
        left, right = sides(git, root, base, head, sandbox, exact=exact)
        listed = []
        with ExitStack() as stack:
            before, after = (
                stack.enter_context(Desk(side.project, reviews, base, side.tip.commit)) if side.project else None
                for side in (left, right)
            )
            for pair in pairs(left, right):
                progress(pair.new or pair.old)
                listed.append(review_agreement(pair, left, right, sandbox, (before, after)))
        kinds = changed_types(left, right)
        edits = [edit for kind in kinds for edit in library_edits(kind, left, right)]
        edits += [*schema_edits("", left, right), *look_edits(left, right)]
        common = new_findings(left.findings(kinds), right.findings(kinds))
        library = with_agreements(edits, listed)
        agreements = tuple(agreement for agreement in listed if agreement.matters)
        findings = [
            *moved(left, right, git.prefix),
            *common,
            *version_findings(edits),
            *given_up(left, right, kinds, approved),
        ]
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
        )


def _old_base(base: Side) -> list[Finding]:
    if base.project:
        return []
    message = "the base is from before there were agreements: all of them are new"
    return [Finding(rule="core/review-base", message=message, path="agreements")]
