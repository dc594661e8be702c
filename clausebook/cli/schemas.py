"""The command that makes the schemas of which editors and other tools know an agreement."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import opened


@cli.command()
@root_option
def schemas(root: Path | None) -> None:
    """Make the self-contained schema of each type: schemas/whole/TYPE.schema.json.

    It is one file, made from those of schemas/TYPE/, and refers to no other, so that editors, check-jsonschema and
    every other tool that knows JSON Schema can go by it from anywhere. `clausebook check` warns when it is outdated.

    \b
    Examples:
      clausebook schemas
      check-jsonschema --schemafile schemas/whole/partnership.schema.json agreements/*.yaml
    """
    with opened(root) as project:
        from clausebook.project.type_schemas import whole_files
        from clausebook.repository.writing import publish

        written = publish(whole_files(project.store), project.root)
        for path in written:
            click.echo(f"written: {path}")
        if not written:
            number = len(project.store.types())
            kept = (
                "1 type, and its schema is as it" if number == 1 else f"{number} types, and their schemas are as they"
            )
            click.echo(f"nothing to write: {kept} should be")
