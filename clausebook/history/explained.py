"""Say beside each change of a redline why it came about."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from clausebook.compare.changes import Change
from clausebook.document.model import ClauseSource
from clausebook.formats.locale_words import LocaleWords, locale_words
from clausebook.history.comparison import Comparison
from clausebook.render.docx.comments import Comment, Comments


def comments_of(found: Comparison, author: str, *, internal: bool) -> Comments:
    """Return a comment for each change whose cause is known, as of who made the new text.

    They are in the language of the new text. Reasons, positions in the playbook, guidance, approvers and paths are the
    house's own: they are told only where it is `internal`.
    """
    if not found.causes:
        return Comments(author, "", ())
    said = locale_words(found.new.document.language)
    comments = (
        Comment(change.part, change.place, tuple(_texts(change, found, said, internal=internal)))
        for change in found.changes
    )
    return Comments(found.new.person or author, found.new.date, tuple(comments))


def _texts(change: Change, found: Comparison, said: LocaleWords, *, internal: bool) -> Iterator[str]:
    why = found.cause_of(change)
    cause = why.words(said, internal=internal)
    yield cause[:1].upper() + cause[1:] + "."
    source = _source(change, found)
    if not (internal and source) or (why.kind == "data" and not source.deviates):
        return
    words = said.redline
    for name, text in (
        ("reason", source.reason),
        ("position", source.position if source.deviates else ""),
        ("approver", source.approver),
        ("guidance", source.guidance),
    ):
        if text:
            yield words[name].format(**{name: " ".join(text.split())})


def _source(change: Change, found: Comparison) -> ClauseSource | None:
    """Return what fills the place of a clause now, or did if it is gone."""
    if change.part != "clause":
        return None
    clauses = chain(found.new.document.clauses(), found.redline.old.clauses())
    return next((clause.source for clause in clauses if clause.id == change.place), None)
