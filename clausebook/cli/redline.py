"""The command that shows what changed between two revisions."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from clausebook.cli.group import Output, cli, root_option
from clausebook.cli.printing import redline_options
from clausebook.cli.running import check_target, progress, root_of, sandboxed, shown, stopped
from clausebook.findings.model import FindingsError, RepositoryError

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
    with sandboxed() as sandbox:
        from clausebook.history.comparison import compared
        from clausebook.history.written_redlines import written_redline
        from clausebook.render.trial import faults

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
        with stopped(), progress("Comparing", 0) as advance:
            found = compared(folder, agreement, old, new, sandbox, advance)
            advance("the redline itself")
            options = redline_options(folder, internal=told, view=view)
            try:
                if summary:
                    content = _summarized(found, name, folder, internal=told)
                else:
                    content = written_redline(
                        found, name, folder, options, author=author, comments=comments, changes_only=changes_only
                    )
            except Exception as error:  # a look can be wrong in any way
                if name not in FILES:
                    raise
                what = f"the {name} of the redline of `{agreement}` cannot be made"
                raise FindingsError(faults(folder, name, error, what)) from error
        for note in found.notes:
            click.echo(note.message, err=True)
        if target is None:
            click.echo(content.decode(), nl=False)
        else:
            _write(target, content)


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
