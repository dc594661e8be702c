"""The command line: the only place that puts stages together for a person, and the only one that prints."""

from clausebook.cli import amending, building, fields, recording, reviewing, revising, signing, verifying
from clausebook.cli.group import cli
from clausebook.cli.process import end_in_order, speak_utf8

__all__ = [
    "amending",
    "building",
    "cli",
    "fields",
    "main",
    "recording",
    "reviewing",
    "revising",
    "signing",
    "verifying",
]


def main() -> None:
    """Run the command line."""
    speak_utf8()
    end_in_order()
    cli(prog_name="clausebook")
