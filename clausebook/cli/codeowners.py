"""The command that writes the CODEOWNERS of the forge."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import opened


@cli.command()
@root_option
def codeowners(root: Path | None) -> None:
    """Write whose review a change of the rules waits for, into the forge's CODEOWNERS.

    The owners are the logins of the General Counsel in approvers.yaml: of that file, authority.yaml, trust.yaml,
    templates/, schemas/ and agreements/executed/. Other lines of the file stay. `check` says when it is out of date.
    It binds where the protected branch asks for reviews of code owners.

    \b
    Examples:
      clausebook codeowners
      git diff .github/CODEOWNERS
    """
    with opened(root) as project:
        from clausebook.approvals.forge_owners import codeowners as owners
        from clausebook.approvals.forge_owners import place_of
        from clausebook.repository.writing import publish_together

        place = place_of(project.tree)
        content = owners(project.tree, place).encode()
        file = project.root / place
        changed = not file.is_file() or file.read_bytes() != content
        if changed:
            publish_together({place: content}, project.root)
        click.echo(f"{place}: {'written' if changed else 'is as it should be'}")
