"""The command that shows what changed between two revisions."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import click

from clausebook.cli.group import Output, cli, root_option
from clausebook.cli.printing import redline_options
from clausebook.cli.running import (
    check_target,
    progress,
    root_of,
    sandboxed,
    shown,
    state_of,
    stopped,
    usage_errors,
)
from clausebook.findings.model import FindingsError, RepositoryError
from clausebook.repository import user_cache

if TYPE_CHECKING:
    from clausebook.history.comparison import Comparison


View = Literal["inline", "side-by-side"]
FORMATS = ("text", "markdown", "html", "docx", "pdf", "json")
FILES = {"docx": "docx", "pdf": "pdf"}
"""Formats that are no text to print, and their suffixes."""

ENDINGS = {".txt": "text", ".md": "markdown", **{f".{name}": name for name in ("html", "docx", "pdf", "json")}}
"""The formats by how a file of them ends."""

FOR_THE_HOUSE = ("text", "json")
"""Formats that a person here reads: they show causes. The others may go to a counterparty, and do so only if asked."""


class _Asked(NamedTuple):
    """What a redline is asked to be; `told` is whether it says why a change came about."""

    agreement: str
    old: str
    new: str
    name: str
    author: str
    told: bool
    view: View
    comments: bool
    summary: bool
    changes_only: bool


@cli.command()
@click.argument("agreement", metavar="ID")
@click.argument("old", metavar="[FROM]", default="")
@click.argument("new", metavar="[TO]", default="")
@click.option(
    "--format", "name", type=click.Choice(FORMATS), help="The format.  [default: by the ending of --out; else text]"
)
@click.option(
    "--out",
    type=Output("name a file, or leave --out away to have text, Markdown, HTML or JSON printed", dir_okay=False),
    help="The file to write.  [default: print it; a DOCX or PDF: ID-redline.docx, ID-redline.pdf]",
)
@click.option("--author", default="", help="Whose changes a DOCX says they are.  [default: the first party]")
@click.option(
    "--internal/--outward", default=None, help="Show why each change came about.  [default: in text and JSON only]"
)
@click.option("--side-by-side", is_flag=True, help="HTML in two columns.")
@click.option("--comments", is_flag=True, help="In a DOCX, a comment beside each change: why it came about.")
@click.option("--summary", is_flag=True, help="One page: old and new words, grouped as the type's outline says.")
@click.option("--changes-only", is_flag=True, help="Only what changed, under its headings.")
@root_option
def redline(
    agreement: str,
    old: str,
    new: str,
    name: str | None,
    out: Path | None,
    author: str,
    internal: bool | None,
    side_by_side: bool,
    comments: bool,
    summary: bool,
    changes_only: bool,
    root: Path | None,
) -> None:
    """Show what changed in an agreement's text between two revisions.

    FROM and TO are commits, branches, tags or versions of the agreement, `sent` for the text that was sent last, or
    `executed`; FROM may be `standard`, the library's own text for every slot. Left out, TO is the newest text and FROM
    the one before it.

    \b
    Examples:
      clausebook redline retail-telehealth
      clausebook redline retail-telehealth 0.1 0.2 --format docx --out redline.docx
      clausebook redline retail-telehealth standard
      clausebook redline retail-telehealth sent
      clausebook redline retail-telehealth --changes-only --out changes.docx
      clausebook redline retail-telehealth --summary --internal --out summary.pdf
      clausebook redline retail-telehealth --comments --out for-counsel.docx
    """
    with usage_errors():
        folder = root_of(root)
        name = name or _format_of(out)
        if changes_only and name == "json":
            raise RepositoryError("a JSON has nothing but changes", "leave --changes-only away")
        if summary and (name == "json" or changes_only or comments):
            other = "JSON" if name == "json" else "--comments" if comments else "--changes-only"
            raise RepositoryError(f"--summary and {other} do not go together", f"leave {other} away")
        if comments and name != "docx":
            raise RepositoryError(f"a {name} has no comments", "have a DOCX written: --out NAME.docx")
        target = out or (Path(f"{agreement}-redline.{FILES[name]}") if name in FILES else None)
        if target:
            check_target(target)
        told = name in FOR_THE_HOUSE if internal is None else internal
        view: View = "side-by-side" if side_by_side else "inline"
        # The same redline is asked for over and over: it is given at once while all is as it was.
        asked = _Asked(agreement, old, new, name, author, told, view, comments, summary, changes_only)
        state = state_of(folder)
        key = (state, *map(str, (*asked, sys.stdout.isatty(), shutil.get_terminal_size())))
        content = user_cache.find("redlines", key) if state else None
    if content is None:
        content, notes = _made(folder, asked)
        for note in notes:
            click.echo(note, err=True)
        if state and not notes:
            user_cache.keep("redlines", key, content)
    with usage_errors():
        if target is None:
            click.echo(content.decode(), nl=False)
        else:
            _write(target, content)


def _made(folder: Path, asked: _Asked) -> tuple[bytes, list[str]]:
    """Return the redline, and what is to be known of it."""
    with sandboxed() as sandbox:
        from clausebook.history.comparison import compared
        from clausebook.history.written_redlines import written_redline
        from clausebook.render.trial import faults

        with stopped(), progress("Comparing", 0) as advance:
            found = compared(folder, asked.agreement, asked.old, asked.new, sandbox, advance)
            advance("the redline itself")
            options = redline_options(folder, internal=asked.told, view=asked.view)
            try:
                if asked.summary:
                    content = _summarized(found, asked.name, folder, internal=asked.told)
                else:
                    content = written_redline(
                        found,
                        asked.name,
                        folder,
                        options,
                        author=asked.author,
                        comments=asked.comments,
                        changes_only=asked.changes_only,
                    )
            except Exception as error:  # a look can be wrong in any way
                if asked.name not in FILES:
                    raise
                what = f"the {asked.name} of the redline of `{asked.agreement}` cannot be made"
                raise FindingsError(faults(folder, asked.name, error, what)) from error
        return content, [note.message for note in found.notes]


def _format_of(out: Path | None) -> str:
    """Return the format that the ending of a file stands for."""
    ending = out.suffix.lower() if out else ""
    if ending and ending not in ENDINGS:
        hint = f"the endings are: {', '.join(ENDINGS)}; or name the format with --format"
        raise RepositoryError(f"no format of a redline has the ending `{ending}`", hint)
    return ENDINGS.get(ending, "text")


def _summarized(found: Comparison, name: str, root: Path, *, internal: bool) -> bytes:
    from clausebook.history.summarized import most_on_a_page, summary_document, summary_rows, summary_text
    from clausebook.render.redline.heading import RedlineHeading

    rows = summary_rows(found, internal=internal)
    most = most_on_a_page(rows)
    heading = RedlineHeading.of(found.redline, *found.names(internal=internal), found.changes)
    document = summary_document(found, rows, most, internal=internal)
    if name in FILES:
        from clausebook.render.redline.summary_file import summary_docx, summary_pdf

        if name == "pdf":
            make = partial(summary_document, found, rows, internal=internal)
            return summary_pdf(make, most, heading, root / "templates" / "pdf")
        from clausebook.render.docx.look import load_look
        from clausebook.repository.tree import DiskTree

        base = heading.said.redline["against"].format(base=heading.base)
        return summary_docx(document, heading, load_look(DiskTree(root)), base)
    if name == "text":
        return summary_text(document).encode()
    from clausebook.render.html import render_html_file
    from clausebook.render.markdown import render_markdown

    return (render_html_file if name == "html" else render_markdown)(document).encode()


def _write(target: Path, content: bytes) -> None:
    from clausebook.repository.writing import publish

    parent = target.resolve().parent
    if not parent.is_dir():
        raise RepositoryError(f"there is no folder `{parent}`", "make it, or choose another --out")
    publish({target.name: content}, parent)
    click.echo(f"written: {shown(target).removesuffix('/')}")
