"""The command that git calls where `git-setup` was run by a Clausebook that showed words in every command of git."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli


@cli.command(hidden=True)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--root", hidden=True)
def textconv(file: Path, root: str | None) -> None:
    """Print the file as it is, and what to do."""
    click.echo("clausebook: this clone shows words in a way that is gone\n    mend:  clausebook git-setup", err=True)
    click.echo(file.read_bytes(), nl=False)
