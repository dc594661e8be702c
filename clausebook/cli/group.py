"""The command `clausebook` itself, and the options that its commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from clausebook import __version__
from clausebook.findings.near_names import nearest

REPORTS = ("text", "json", "github", "gitlab", "sarif")

root_option = click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    help="The repository.  [default: the nearest folder upwards with agreements/]",
)
report_option = click.option(
    "--report", type=click.Choice(REPORTS), default="text", show_default=True, help="How findings are printed."
)
date_option = click.option("--date", default="", metavar="DATE", help="The day, as 2026-03-04.  [default: today]")
note_option = click.option("--note", default="", metavar="TEXT", help="What is worth knowing about it.")
trust_config_option = click.option(
    "--trust-config", is_flag=True, help="Let mkdocs.yml run the code that it names, and read outside the repository."
)
reviews_option = click.option(
    "--reviews",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The reviews of the pull request, as the forge gives them in JSON: they approve what they reviewed.",
)
strict_option = click.option("--strict", is_flag=True, help="Treat warnings as errors.")


class Output(click.Path):
    """A place to write to: what is neither file nor folder is refused, with what to do instead."""

    def __init__(self, mend: str, *, file_okay: bool = True, dir_okay: bool = True) -> None:
        super().__init__(file_okay=file_okay, dir_okay=dir_okay)
        self._mend = mend

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        from clausebook.repository.writing import special

        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if what := special(path):
            self.fail(f"'{path}' is {what}, and is never replaced: {self._mend}.", param, ctx)
        return path


class Commands(click.Group):
    """Without a subcommand, build all."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the subcommand, and name the nearest one if there is none."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            like = nearest(args[0], self.list_commands(ctx))
            raise click.UsageError(error.message + (f" Did you mean '{like}'?" if like else ""), ctx) from error


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="clausebook")
@click.pass_context
def cli(context: click.Context) -> None:
    """Agreements as code: from one YAML file to Markdown, PDF, DOCX and a site.

    Without a command, everything is built, as with `clausebook build`.

    \b
    Exit codes: 0 clean, 1 findings of severity error, 2 could not run.
    """
    if context.invoked_subcommand is None:
        context.invoke(cli.commands["build"])
