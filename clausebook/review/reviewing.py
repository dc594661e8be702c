"""Put a review together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from clausebook.findings.model import Finding
from clausebook.language.sandbox import Sandbox
from clausebook.project.agreement import ordered
from clausebook.project.project import Progress
from clausebook.repository.git.process import Git
from clausebook.review.agreement_review import new_findings, review_agreement
from clausebook.review.approvals import approval_findings
from clausebook.review.given_up import given_up
from clausebook.review.library_edits import changed_types, library_edits, look_edits, schema_edits, version_findings
from clausebook.review.look_pages import look_pages
from clausebook.review.model import Review, is_draft
from clausebook.review.sides import Side, pairs, sides
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
) -> Review:
    """Review what changed between two revisions, `head` "" for the work tree.

    The base is the best common ancestor of the two, unless `exact`. Only agreements whose text can have changed
    are assembled; `progress` is told the id of each. `approved` are the offices that approved the change as a whole.
    Raises RepositoryError if there is no such revision, no common ancestor or no git.
    """
    with Git(root) as git:
        left, right = sides(git, root, base, head, sandbox, exact=exact)
        listed = []
        for pair in pairs(left, right):
            progress(pair.new or pair.old)
            listed.append(review_agreement(pair, left, right, sandbox))
        kinds = changed_types(left, right)
        edits = [edit for kind in kinds for edit in library_edits(kind, left, right)]
        edits += [*schema_edits("", left, right), *look_edits(left, right)]
        common = new_findings(left.findings(kinds), right.findings(kinds))
        library = with_agreements(edits, listed)
        agreements = tuple(agreement for agreement in listed if agreement.matters)
        findings = [*common, *version_findings(edits), *given_up(left, right, kinds, approved)]
        for agreement in agreements:
            findings += agreement.findings
            if agreement.after:
                findings += approval_findings(
                    agreement.approvals, agreement.after.path, draft=is_draft(agreement.after.status)
                )
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
