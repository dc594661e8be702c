"""The command line: the only place that puts stages together for a person, and the only one that prints."""

from clausebook.cli import (
    amending,
    building,
    fields,
    migrating,
    recording,
    reviewing,
    revising,
    rules,
    signing,
    verifying,
)
from clausebook.cli.group import cli

__all__ = [
    "amending",
    "building",
    "cli",
    "fields",
    "main",
    "migrating",
    "recording",
    "reviewing",
    "revising",
    "rules",
    "signing",
    "verifying",
]


def main() -> None:
    """Run the command line."""
    cli(prog_name="clausebook")
