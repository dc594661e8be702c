"""The command that says who brought each sentence in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
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
    from clausebook.history.blame import Blame, Blamed, BroughtIn

WHYS = {
    "data": "by the deal's data",
    "library": "by the library",
    "outline": "by the type's outline",
    "wording": "by words written for this deal alone",
    "both": "by the deal's data and the library",
    "": "",
}


@cli.command()
@click.argument("agreement", metavar="ID")
@click.argument("part", metavar="[CLAUSE]", default="")
@format_option
@head_option
@root_option
def blame(agreement: str, part: str, name: Literal["text", "json"], head: str, root: Path | None) -> None:
    """Say who brought each sentence of an agreement's text in, when, with which commit, and by what.

    By what: the deal's data, the library, the type's outline, or words written for this deal alone. Sentences are
    followed through renames, merges and new numbers; one that went and came back is told as such. With CLAUSE only
    those of one clause, section, schedule or defined term, by its number, name or title.

    \b
    Examples:
      clausebook blame retail-telehealth
      clausebook blame retail-telehealth 6.2
      clausebook blame retail-telehealth termination --format json
    """
    with sandboxed() as sandbox:
        from clausebook.history.blame import blame as blamed
        from clausebook.history.gaps import gaps
        from clausebook.repository.git.process import Git

        folder = root_of(root)
        with Git(folder) as git:
            with progress("Reading the past", 0) as advance:
                found = blamed(git, folder, agreement, part, sandbox, head, advance)
            notes = list(gaps(git, "", found.way.chain, found.way.absent))
        if name == "json":
            told = [_data(each, found) for each in found.sentences]
            print_json(told)
        else:
            click.echo("\n".join(_lines(found)))
        if found.closed:
            many = "1 branch that was merged" if found.closed == 1 else f"{found.closed} branches that were merged"
            click.echo(f"{many} could not be looked at: what they brought is told of the merge", err=True)
        for note in notes:
            click.echo(note_line(note), err=True)


def _lines(found: Blame) -> Iterator[str]:
    last: object = None
    for origin, group in groupby(found.sentences, lambda each: each.origin):
        if (origin.commit, origin.version) != last:
            yield from ("",) if last else ()
            last = origin.commit, origin.version
            yield commit_line(origin.commit, origin.version)
            if origin.commit:
                yield from in_lines(subject_line(origin.commit), "  ")
        for said in _said(origin):
            yield from in_lines(f"[{said}]", "  ", "   ")
        for each in group:
            indent = "    " if each.sentence.heading else "      "
            words = " ".join(filter(None, (each.sentence.number, each.sentence.words)))
            yield from in_lines(words, indent)


def _said(origin: BroughtIn) -> Iterator[str]:
    by = WHYS["outline"] if origin.why == "outline" else origin.cause or WHYS[origin.why]
    if origin.older:
        yield "this commit or one before it, which is not told here"
    elif origin.first:
        # What stands in the first text by its outline alone are headings.
        yield from (f"in the first text: {by}",) if origin.why != "outline" else ()
    elif by:
        yield by
    if origin.unread:
        many = "the commit" if origin.unread == 1 else f"one of the {origin.unread} commits"
        yield f"or {many} before it, which cannot be assembled"
    if origin.earlier:
        brought, removed = map(commit_words, (origin.earlier.brought, origin.earlier.removed))
        yield f"brought back: it had come with {brought} and gone with {removed}"


def _data(each: Blamed, found: Blame) -> dict[str, Any]:
    sentence, origin = each.sentence, each.origin
    earlier = origin.earlier
    return {
        "place": sentence.place,
        "number": sentence.number,
        "words": sentence.words,
        "heading": sentence.heading,
        **commit_data(origin.commit),
        "version": origin.version,
        "why": origin.why,
        "cause": origin.cause,
        "first": origin.first,
        "older": origin.older,
        "unread": origin.unread,
        "earlier": earlier and {"brought": commit_data(earlier.brought), "removed": commit_data(earlier.removed)},
    }
