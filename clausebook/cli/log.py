"""The command that lists the commits that changed a text, with what each of them changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from clausebook.cli.commits import (
    commit_data,
    commit_line,
    commit_words,
    format_option,
    head_option,
    in_lines,
    subject_line,
)
from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import print_json
from clausebook.cli.running import note_line, progress, root_of, sandboxed

if TYPE_CHECKING:
    from clausebook.history.commit_log import Logged


@cli.command()
@click.argument("agreement", metavar="ID")
@click.argument("part", metavar="[CLAUSE]", default="")
@format_option
@click.option("--limit", default=20, show_default=True, type=click.IntRange(0), help="The most commits; 0 is all.")
@head_option
@root_option
def log(agreement: str, part: str, name: Literal["text", "json"], limit: int, head: str, root: Path | None) -> None:
    """List the commits that changed an agreement's text, newest first, with what changed and why.

    With CLAUSE only those that changed one clause, section, schedule or defined term, by its number, name or title.
    Each text is made with the library of its time.

    \b
    Examples:
      clausebook log retail-telehealth
      clausebook log retail-telehealth 6.2
      clausebook log retail-telehealth termination --limit 0 --format json
    """
    with sandboxed() as sandbox:
        from clausebook.history.commit_log import CommitLog
        from clausebook.history.gaps import gaps
        from clausebook.repository.git.process import Git

        folder = root_of(root)
        with Git(folder) as git, progress("Reading the past", 0) as advance:
            with CommitLog(git, folder, agreement, part, sandbox, head, advance) as found:
                entries = []
                for entry in islice(found.entries(), limit + 1 if limit else None):
                    advance("what changed")
                    entries.append(entry)
            notes = list(map(note_line, gaps(git, "", found.way.chain, found.way.absent)))
        if limit and len(entries) > limit:
            entries.pop()
            notes.insert(0, f"the newest {limit} are shown: --limit 0 shows all")
        if name == "json":
            print_json(list(map(_data, entries)))
        else:
            click.echo("\n\n".join("\n".join(_lines(entry)) for entry in entries) or "no commit changed it")
        for note in notes:
            click.echo(note, err=True)


def _lines(entry: Logged) -> Iterator[str]:
    yield commit_line(entry.commit, entry.version)
    if entry.commit:
        yield from in_lines(subject_line(entry.commit), "  ")
    if entry.first:
        yield "    the oldest text that is known here" if entry.older else "    the first text"
    if entry.removed:
        gone = commit_words(entry.removed)
        yield from in_lines(f"brought the agreement back, which {gone} had removed", "    ", "      ")
    elif not entry.first and not entry.changes:
        yield "    emphasis or links alone"
    for each in entry.changes:
        yield from in_lines(each.summary + (f" [{each.cause}]" if each.cause else ""), "    ", "      ")
    if entry.unread:
        many = "The commit" if entry.unread == 1 else f"One of the {entry.unread} commits"
        yield from in_lines(f"{many} before it, which cannot be assembled, may have changed it.", "    ")


def _data(entry: Logged) -> dict[str, Any]:
    return {
        **commit_data(entry.commit),
        "version": entry.version,
        "first": entry.first,
        "older": entry.older,
        "unread": entry.unread,
        "removed": commit_data(entry.removed) if entry.removed else None,
        "changes": [asdict(each) for each in entry.changes],
    }
