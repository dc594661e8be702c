"""Write a comparison of two texts of an agreement as a redline, in any format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from clausebook.compare.changes_only import excerpt
from clausebook.history.comparison import Comparison
from clausebook.history.explained import comments_of
from clausebook.render.docx.look import load_look
from clausebook.render.docx.redline import render_redline_docx
from clausebook.render.redline.formats import REDLINES, RedlineOptions
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.summary import MARK_LENGTH, coverage, excerpt_notes
from clausebook.repository.tree import DiskTree


def written_redline(
    found: Comparison,
    name: str,
    root: Path,
    options: RedlineOptions,
    *,
    author: str = "",
    comments: bool = False,
    changes_only: bool = False,
) -> bytes:
    """Return a redline in the format `name`: one of `REDLINES`, or "docx".

    Looks are those in `root`. `author` is whose changes a DOCX says they are, "" for the first party; `comments` beside
    its changes say why each came about. With `changes_only` it is an excerpt. Raises whatever a faulty look raises.
    """
    line = found.redline
    base, target = found.names(internal=bool(options.internal))
    heading = RedlineHeading.of(line, base, target, found.changes)
    if changes_only:
        part = excerpt(line, found.changes)
        heading, line = replace(heading, excerpt=part), part.redline
    if name != "docx":
        return REDLINES[name](line, heading, options)
    author = author or line.new.parties[0].legal_name
    against = heading.said.redline["against"].format(base=f"{base} ({heading.base_fingerprint[:MARK_LENGTH]})")
    return render_redline_docx(
        line,
        load_look(DiskTree(root)),
        author=author,
        base=against,
        coverage=coverage(heading, line),
        notes=excerpt_notes(heading),
        comments=comments_of(found, author, internal=bool(options.internal)) if comments else None,
    )
