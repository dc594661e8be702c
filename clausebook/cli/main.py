"""The command line: the only place that puts stages together for a person, and the only one that prints."""

from clausebook.cli import (
    amending,
    beginning,
    building,
    departing,
    listing_clauses,
    mapping_fields,
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
from clausebook.cli.process import end_in_order, speak_utf8

__all__ = [
    "amending",
    "beginning",
    "building",
    "cli",
    "departing",
    "listing_clauses",
    "main",
    "mapping_fields",
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
    speak_utf8()
    end_in_order()
    cli(prog_name="clausebook")
