"""The command that says what a change of the repository does to its agreements."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clausebook.cli.group import cli, reviews_option, root_option
from clausebook.cli.running import FINDINGS, OK, check_target, progress, reviews_in, root_of, sandboxed
from clausebook.findings.register import SEVERITIES

FORMATS = ("markdown", "mail", "json", "github", "gitlab", "html")
NEVER = "never"
MOST_COMMENT = 1 << 20
"""The longest comment that is read, in bytes."""


@cli.command()
@click.option(
    "--base",
    default="",
    metavar="REV",
    help="What the change is compared with: a branch, tag or commit.  [default: the protected branch]",
)
@click.option("--head", default="", metavar="REV", help="The change.  [default: the work tree]")
@click.option("--exact", is_flag=True, help="Compare with BASE itself, not with where HEAD left it.")
@click.option(
    "--format", "name", type=click.Choice(FORMATS), help="The format.  [default: markdown, and none with --out]"
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write the review there in every form: comment.md, summary.md, review.html, review.json, mail.txt and more.",
)
@click.option(
    "--since",
    default="",
    metavar="REV",
    help="Tell first what is new since the change was at REV; with `last`, since the review that --comment holds.",
)
@click.option(
    "--comment",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The comment that the last review of this change left. It keeps what that review saw.",
)
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
    base: str, head: str, exact: bool, name: str | None, out: Path | None, since: str, comment: Path | None,
    fail_on: str, approved: tuple[str, ...], reviews: Path | None, root: Path | None,
) -> None:  # fmt: skip
    """Say what a change of the repository does to the text of its agreements.

    The most important comes first: errors, approvals still to give, then the changes, money, liability, dates and data
    before the rest, each told once for all agreements in which it is the same. Who must approve is asked of the base as
    well as of the change: no change removes its own approver. `--format mail` tells the same in plain sentences.

    \b
    Examples:
      clausebook review --base main
      clausebook review --base origin/main --head HEAD --out review
      clausebook review --since 4f2a91c --format mail
      clausebook review --base origin/main --since last --comment comment.md --out review
      clausebook review --base main --fail-on warning
    """
    with sandboxed() as sandbox:
        from clausebook.repository.writing import publish
        from clausebook.review.formats import FILES, REVIEWS
        from clausebook.review.model import worst
        from clausebook.review.reviewing import LAST
        from clausebook.review.reviewing import review as reviewed

        if since == LAST and comment is None:
            raise click.UsageError("--since last needs --comment FILE, the comment that the last review left")
        told = comment.read_bytes()[:MOST_COMMENT].decode(errors="replace") if comment else ""
        if out:
            check_target(out)
        given = reviews_in(reviews)
        with progress("Reviewing", 0) as advance:
            found = reviewed(
                root_of(root), base, head, sandbox, advance,
                exact=exact, approved=approved, reviews=given, since=since, comment=told,
            )  # fmt: skip
        if out:
            publish({file: as_text(found).encode() for file, as_text in FILES.items()}, out)
            click.echo(f"{out}: {', '.join(FILES)}", err=True)
        if name or not out:
            click.echo(REVIEWS[name or "markdown"](found), nl=False)
        severity = worst(found)
        grave = severity and fail_on != NEVER and SEVERITIES.index(severity) <= SEVERITIES.index(fail_on)
        sys.exit(FINDINGS if grave else OK)
