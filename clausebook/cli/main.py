"""The command line: the only place that puts stages together for a person, and the only one that prints."""

from clausebook.cli import (
    amending,
    beginning,
    building,
    departing,
    fields,
    listing_clauses,
    migrating,
    recording,
    reviewing,
    revising,
    rules,
    showing,
    signing,
    verifying,
)
from clausebook.cli.group import cli

__all__ = [
    "amending",
    "beginning",
    "building",
    "cli",
    "departing",
    "fields",
    "listing_clauses",
    "main",
    "migrating",
    "recording",
    "reviewing",
    "revising",
    "rules",
    "showing",
    "signing",
    "verifying",
]


def main() -> None:
    """Run the command line."""
    cli(prog_name="clausebook")
