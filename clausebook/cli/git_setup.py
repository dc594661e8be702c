"""The command that lets git show words instead of YAML."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import root_of, usage_errors


@cli.command(name="git-setup")
@click.option("--remove", is_flag=True, help="Undo it.")
@root_option
def git_setup(remove: bool, root: Path | None) -> None:
    """Let `git diff` show a person an agreement's words instead of its YAML, and `git words log` those of the past.

    Sets up a diff driver in this clone's own configuration, and nowhere else.

    \b
    Examples:
      clausebook git-setup
      git words log agreements/retail-telehealth.yaml
      clausebook git-setup --remove
    """
    with usage_errors():
        from clausebook.history import git_setup

        act = git_setup.remove if remove else git_setup.set_up
        for line in act(root_of(root)):
            click.echo(line)
