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
from clausebook.cli.running import usage_errors

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
    # The help is printed while the arguments are read, before a command can turn a full disk into a message.
    with usage_errors():
        cli(prog_name="clausebook")
