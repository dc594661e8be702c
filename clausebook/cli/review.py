"""The command that says what a change of the repository does to its agreements."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clausebook.cli.group import cli, reviews_option, root_option
from clausebook.cli.running import FINDINGS, OK, progress, reviews_in, root_of, sandboxed
from clausebook.findings.register import SEVERITIES

FORMATS = ("markdown", "json", "github", "html")
NEVER = "never"


@cli.command()
@click.option("--base", required=True, metavar="REV", help="What the change is compared with: a branch, tag or commit.")
@click.option("--head", default="", metavar="REV", help="The change.  [default: the work tree]")
@click.option("--exact", is_flag=True, help="Compare with BASE itself, not with where HEAD left it.")
@click.option("--format", "name", type=click.Choice(FORMATS), default="markdown", show_default=True, help="The format.")
@click.option(
    "--fail-on",
    type=click.Choice((*SEVERITIES, NEVER)),
    default="error",
    show_default=True,
    help="The least severity that gives exit code 1.",
)
@click.option(
    "--approved",
    multiple=True,
    metavar="OFFICE",
    help="An office that approved the change as a whole, such as the General Counsel; may be given again.",
)
@reviews_option
@root_option
def review(
    base: str, head: str, exact: bool, name: str, fail_on: str, approved: tuple[str, ...], reviews: Path | None,
    root: Path | None,
) -> None:  # fmt: skip
    """Say what a change of the repository does to the text of its agreements.

    For each agreement whose text changes: the changes and why they came about, deviations from the playbook that come
    or go, who must approve, new findings. For each edited clause of the library: every agreement that it touches.
    Who must approve is asked of the base as well as of the change: no change removes its own approver.

    \b
    Examples:
      clausebook review --base main
      clausebook review --base origin/main --head HEAD --format markdown > review.md
      clausebook review --base main --fail-on warning
      clausebook review --base origin/main --head HEAD --reviews reviews.json
    """
    with sandboxed() as sandbox:
        from clausebook.review.formats import REVIEWS
        from clausebook.review.model import worst
        from clausebook.review.reviewing import review as reviewed

        given = reviews_in(reviews)
        with progress("Reviewing", 0) as advance:
            found = reviewed(root_of(root), base, head, sandbox, advance, exact=exact, approved=approved, reviews=given)
        click.echo(REVIEWS[name](found), nl=False)
        severity = worst(found)
        grave = severity and fail_on != NEVER and SEVERITIES.index(severity) <= SEVERITIES.index(fail_on)
        sys.exit(FINDINGS if grave else OK)
