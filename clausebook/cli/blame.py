"""The command that says who brought each sentence in."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import text_width
from clausebook.cli.running import note_line, progress, root_of, sandboxed
from clausebook.findings.characters import shortened

if TYPE_CHECKING:
    from clausebook.history.blame import Blame, Blamed, BroughtIn
    from clausebook.repository.git.objects import Commit

FORMATS = ("text", "json")
LONGEST = 80
"""Characters of a name that are shown; of a subject three times as many."""

WIDEST = 100
"""Characters of a line of a contract's words."""

WHYS = {
    "data": "by the deal's data",
    "library": "by the library",
    "outline": "by the type's outline",
    "wording": "by words written for this deal alone",
    "both": "by the deal's data and the library",
    "": "",
}

format_option = click.option(
    "--format", "name", type=click.Choice(FORMATS), default="text", show_default=True, help="The format."
)
head_option = click.option("--head", default="", metavar="REVISION", help="The newest text.  [default: the work tree]")


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
            click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        else:
            click.echo("\n".join(_lines(found)))
        if found.closed:
            many = "1 branch that was merged" if found.closed == 1 else f"{found.closed} branches that were merged"
            click.echo(f"{many} could not be looked at: what they brought is told of the merge", err=True)
        for note in notes:
            click.echo(note_line(note), err=True)


def commit_line(commit: Commit | None, version: str) -> str:
    """Return a commit in one line: "a1b2c3d4  2026-03-04  Ada Example  version 0.2"."""
    person = shortened(commit.author or "nobody", LONGEST) if commit else ""
    told = (commit.short, commit.date[:10] or "no date", person) if commit else ("not committed yet",)
    return "  ".join((*told, f"version {version}" if version else "no version"))


def commit_words(commit: Commit) -> str:
    """Return a commit within a sentence: "a1b2c3d4 (2026-03-04, Ada Example)"."""
    return f"{commit.short} ({commit.date[:10]}, {commit.author})"


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


def wrapped(text: str, indent: str, following: str = "") -> list[str]:
    """Return a text in lines as wide as the terminal, each word whole."""
    return textwrap.wrap(
        text,
        text_width(WIDEST),
        initial_indent=indent,
        subsequent_indent=following or indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _lines(found: Blame) -> Iterator[str]:
    last: object = None
    for origin, group in groupby(found.sentences, lambda each: each.origin):
        if (origin.commit, origin.version) != last:
            yield from ("",) if last else ()
            last = origin.commit, origin.version
            yield commit_line(origin.commit, origin.version)
            if origin.commit:
                yield from wrapped(subject_line(origin.commit), "  ")
        for said in _said(origin):
            yield from wrapped(f"[{said}]", "  ", "   ")
        for each in group:
            indent = "    " if each.sentence.heading else "      "
            words = " ".join(filter(None, (each.sentence.number, each.sentence.words)))
            yield from wrapped(words, indent)


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
