"""The command `clausebook` itself, and the options that its commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from clausebook import __version__
from clausebook.findings.near_names import nearest
from clausebook.repository import user_cache

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


def _without_cache(context: click.Context, param: click.Parameter, asked: bool) -> None:
    """Do without what was kept until the command ends; its children do, too."""
    if asked:
        before = os.environ.get(user_cache.OFF, "")
        context.call_on_close(lambda: os.environ.update({user_cache.OFF: before}))
        os.environ[user_cache.OFF] = "1"


def no_cache_option() -> click.Option:
    """Return the option that every command has."""
    said = "Read nothing that was kept from earlier runs, and keep nothing."
    return click.Option(["--no-cache"], is_flag=True, expose_value=False, callback=_without_cache, help=said)


class Commands(click.Group):
    """Without a subcommand, build all."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command, which has the option that all have."""
        if not isinstance(cmd, click.Group):
            cmd.params.append(no_cache_option())
        super().add_command(cmd, name)

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
    context.call_on_close(_tell_of_cache)
    size = os.environ.get(user_cache.SIZE, "")
    if size and user_cache.bytes_of(size) is None:
        raise click.UsageError(f"{user_cache.SIZE} is '{size}', which is no size: write it as 500M or 2G.")
    if context.invoked_subcommand is None:
        context.invoke(cli.commands["build"])


cli.params.append(no_cache_option())


def _tell_of_cache() -> None:
    for note in user_cache.told():
        click.echo(f"note: {note}", err=True)
