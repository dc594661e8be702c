"""The command that prints the rules that findings name."""

from __future__ import annotations

import click

from clausebook.cli.group import cli
from clausebook.cli.running import usage_errors


@cli.command()
@click.argument("names", metavar="[ID]...", nargs=-1)
@click.option("--format", "form", type=click.Choice(("text", "json", "markdown")), default="text", show_default=True)
def rules(names: tuple[str, ...], form: str) -> None:
    """Print the rules that findings name: what is wrong, why it matters, what mends it.

    Without an ID, list all. The part before the slash may be left out.

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

        wanted = tuple(map(rule_listing.found, names)) or tuple(declared().values())
        if form == "json":
            click.echo(rule_listing.as_json(wanted))
        elif form == "markdown":
            click.echo(rule_listing.as_markdown(wanted), nl=False)
        elif names:
            click.echo("\n\n".join(map(rule_listing.as_text, wanted)))
        else:
            click.echo(rule_listing.as_lines(wanted))
