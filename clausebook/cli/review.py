"""The command that says what a change of the repository does to its agreements."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import cli, reviews_option, root_option
from clausebook.cli.running import FINDINGS, OK, check_target, count, progress, reviews_in, root_of, sandboxed
from clausebook.findings.register import SEVERITIES

if TYPE_CHECKING:
    from clausebook.review.model import Review

FORMATS = ("markdown", "mail", "json", "github", "gitlab", "html")
NEVER = "never"
MOST_COMMENT = 1 << 20
"""The longest comment that is read, in bytes."""


@cli.command()
@click.option(
    "--base",
    default="",
    metavar="REV",
    help="What the change is compared with: a branch, tag or commit.  [default: what the forge merged it with, else "
    "the branch that it goes into, else the protected branch]",
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
    "--redlines",
    is_flag=True,
    help="Write redlines into FOLDER/redlines, too: a DOCX and a PDF of each agreement that its own data change, a "
    "page of what edits of the library change, and an index.",
)
@click.option(
    "--most-redlines",
    type=click.IntRange(0),
    metavar="N",
    default=50,
    show_default=True,
    help="The most agreements that get a DOCX and a PDF.",
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
    base: str, head: str, exact: bool, name: str | None, out: Path | None, redlines: bool, most_redlines: int,
    since: str, comment: Path | None, fail_on: str, approved: tuple[str, ...], reviews: Path | None, root: Path | None,
) -> None:  # fmt: skip
    """Say what a change of the repository does to the text of its agreements.

    The most important comes first: errors, approvals still to give, then the changes, money, liability, dates and data
    before the rest, each told once for all agreements in which it is the same. Who must approve is asked of the base as
    well as of the change: no change removes its own approver. `--format mail` tells the same in plain sentences.

    \b
    Examples:
      clausebook review --base main
      clausebook review --base origin/main --head HEAD --out review --redlines
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
        if redlines and not out:
            raise click.UsageError("--redlines needs --out FOLDER, for they are files")
        told = _beginning(comment) if comment else ""
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
            if redlines:
                _write_redlines(found, root_of(root), out / "redlines", most_redlines)
        if name or not out:
            click.echo(REVIEWS[name or "markdown"](found), nl=False)
        severity = worst(found)
        grave = severity and fail_on != NEVER and SEVERITIES.index(severity) <= SEVERITIES.index(fail_on)
        sys.exit(FINDINGS if grave else OK)


def _beginning(comment: Path) -> str:
    with comment.open("rb") as file:
        return file.read(MOST_COMMENT).decode(errors="replace")


def _write_redlines(found: Review, root: Path, out: Path, most: int) -> None:
    from clausebook.repository.writing import publish
    from clausebook.review.redline_files import left_out, redline_files

    files = redline_files(found, root, most)
    publish(files, out)
    left = left_out(found, files)
    more = f"; left out, see {out}/index.html: {', '.join(left)}" if left else ""
    click.echo(f"{out}: {count(len(files), 'file')}{more}", err=True)
