"""Commands for who decides about changes: the review of a pull request, and git's own diff."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import FINDINGS, OK, progress, root_of, usage_errors
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
@root_option
def review(base: str, head: str, exact: bool, name: str, fail_on: str, root: Path | None) -> None:
    """Say what a change of the repository does to the text of its agreements.

    For each agreement whose text changes: the changes and why they came about, deviations from the playbook that come
    or go, who must approve, new findings. For each edited clause of the library: every agreement that it touches.

    \b
    Examples:
      clausebook review --base main
      clausebook review --base origin/main --head HEAD --format markdown > review.md
      clausebook review --base main --fail-on warning
    """
    with usage_errors():
        from clausebook.language.sandbox import Sandbox

        with Sandbox() as sandbox:
            from clausebook.review.formats import REVIEWS
            from clausebook.review.model import worst
            from clausebook.review.reviewing import review as reviewed

            with progress("Reviewing", 0) as advance:
                found = reviewed(root_of(root), base, head, sandbox, advance, exact=exact)
        click.echo(REVIEWS[name](found), nl=False)
        severity = worst(found)
        grave = severity and fail_on != NEVER and SEVERITIES.index(severity) <= SEVERITIES.index(fail_on)
        sys.exit(FINDINGS if grave else OK)


@cli.command(name="git-setup")
@click.option("--remove", is_flag=True, help="Undo it.")
@root_option
def git_setup(remove: bool, root: Path | None) -> None:
    """Let `git diff` and `git log -p` show an agreement's words instead of its YAML.

    Sets up a diff driver in this clone's own configuration, and nowhere else.

    \b
    Examples:
      clausebook git-setup
      git log -p agreements/retail-telehealth.yaml
      clausebook git-setup --remove
    """
    with usage_errors():
        from clausebook.history import git_setup

        act = git_setup.remove if remove else git_setup.set_up
        for line in act(root_of(root)):
            click.echo(line)


@cli.command(hidden=True)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@root_option
def textconv(file: Path, root: Path | None) -> None:
    """Print an agreement's words for git's diff; what cannot be assembled is printed as it is."""
    with usage_errors():
        from clausebook.history.textconv import textconv as converted

        click.echo(converted(file, root_of(root)), nl=False)
