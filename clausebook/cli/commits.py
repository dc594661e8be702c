"""What the commands that tell of commits have in common: their options, and how a commit is printed."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import click

from clausebook.cli.printing import text_width
from clausebook.findings.characters import shortened

if TYPE_CHECKING:
    from clausebook.repository.git.objects import Commit

FORMATS = ("text", "json")
LONGEST = 80
"""Characters of a name that are shown; of a subject three times as many."""

WIDEST = 100
"""Characters of a line of a contract's words."""

format_option = click.option(
    "--format", "name", type=click.Choice(FORMATS), default="text", show_default=True, help="The format."
)
head_option = click.option("--head", default="", metavar="REVISION", help="The newest text.  [default: the work tree]")


def commit_line(commit: Commit | None, version: str) -> str:
    """Return a commit in one line: "a1b2c3d4  2026-03-04  Ada Example  version 0.2"."""
    person = shortened(commit.author or "nobody", LONGEST) if commit else ""
    told = (commit.short, commit.date[:10] or "no date", person) if commit else ("not committed yet",)
    return "  ".join((*told, f"version {version}" if version else "no version"))


def commit_words(commit: Commit) -> str:
    """Return a commit within a sentence: "a1b2c3d4 (2026-03-04, Ada Example)"."""
    return f"{commit.short} ({commit.date[:10]}, {shortened(commit.author, LONGEST)})"


def subject_line(commit: Commit) -> str:
    """Return a commit's subject, as much of it as a person reads."""
    return shortened(commit.subject, 3 * LONGEST) or "no subject"


def commit_data(commit: Commit | None) -> dict[str, Any]:
    """Return a commit as data; "" for what is not committed yet."""
    return {
        "commit": commit.oid if commit else "",
        "date": commit.date if commit else "",
        "author": commit.author if commit else "",
        "subject": commit.subject if commit else "not committed yet",
    }


def in_lines(text: str, indent: str, following: str = "") -> list[str]:
    """Return a text in lines as wide as the terminal, each word whole."""
    return textwrap.wrap(
        text,
        text_width(WIDEST),
        initial_indent=indent,
        subsequent_indent=following or indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
