"""The command that tells where the fields of an agreement's PDF stand."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import FINDINGS, finish, guarded, progress
from clausebook.findings.model import FindingsError


@cli.command("sign-map")
@click.argument("name", metavar="ID")
@click.option("--format", "form", type=click.Choice(("json", "text")), default="text", show_default=True)
@root_option
def sign_map(name: str, form: str, root: Path | None) -> None:
    """Tell where the form fields of an agreement's PDF stand.

    For signing services that take pages and coordinates: page, place and size of each field, in points from the
    page's lower left corner, with the field's name, its signatory, and the invisible tag that stands there.

    \b
    Examples:
      clausebook sign-map retail-telehealth
      clausebook sign-map retail-telehealth --format json > fields.json
    """
    with guarded(root) as project:
        from clausebook.project.agreement import ordered
        from clausebook.signing.sign_map import as_json, as_text
        from clausebook.signing.sign_map import sign_map as mapped

        with progress("Assembling", 0):
            (agreement,) = project.assemble_all([name])
        if agreement.document is None:
            finish(ordered((*project.findings(), *agreement.findings)), strict=False, report="text", done="")
            sys.exit(FINDINGS)
        try:
            with progress("Rendering", 0):
                (pdf,) = project.render(agreement, ("pdf",)).values()
        except FindingsError as error:
            finish(ordered(error.findings), strict=False, report="text", done="")
            sys.exit(FINDINGS)
        write = as_json if form == "json" else as_text
        click.echo(write(agreement.document, mapped(agreement.document, pdf)), nl=False)
