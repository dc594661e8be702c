"""The command that prints the rules that findings name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import guarded, root_of, usage_errors
from clausebook.findings.model import RepositoryError

if TYPE_CHECKING:
    from clausebook.library.model import DealRule


@cli.command()
@click.argument("names", metavar="[ID]...", nargs=-1)
@click.option("--format", "form", type=click.Choice(("text", "json", "markdown")), default="text", show_default=True)
@root_option
def rules(names: tuple[str, ...], form: str, root: Path | None) -> None:
    """Print the rules that findings name: what is wrong, why it matters, what mends it.

    Without an ID, list all: those of the program, and in a repository those that its types have for their deals. The
    part before the slash may be left out.

    \b
    Examples:
      clausebook rules
      clausebook rules core/date-order
      clausebook rules date-order clause-retired
      clausebook rules --format json > rules.json
    """
    with usage_errors():
        from clausebook.findings import rule_listing
        from clausebook.findings.register import rules as declared

        of_deals = _of_deals(root)
        known = {**declared(), **{each.rule.id: each.rule for each in of_deals}}
        wanted = tuple(rule_listing.found(name, known) for name in names) or tuple(known.values())
        if form == "json":
            click.echo(rule_listing.as_json(wanted))
        elif form == "markdown":
            click.echo(rule_listing.as_markdown(wanted), nl=False)
        elif names:
            written = {each.rule.id: f"{each.path}, line {each.line}" for each in of_deals}
            click.echo("\n\n".join(rule_listing.as_text(rule, written.get(rule.id, "")) for rule in wanted))
        else:
            click.echo(rule_listing.as_lines(wanted))


def _of_deals(root: Path | None) -> list[DealRule]:
    """Return the rules that the types of a repository have; none where there is no repository."""
    try:
        place = root_of(root)
    except RepositoryError:
        return []
    with guarded(place) as project:
        kinds = (project.type(name).kind for name in project.store.types())
        return [rule for kind in kinds if kind for rule in kind.rules]
