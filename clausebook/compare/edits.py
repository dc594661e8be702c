"""The edits of a changed thing: each stretch of words that came, went or was replaced, with its context."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from clausebook.compare.laid_out import END_SIGN
from clausebook.compare.model import (
    Mark,
    Moved,
    Piece,
    Pieces,
    other_box,
)
from clausebook.compare.tokens import address
from clausebook.document.model import Run
from clausebook.findings.characters import first_words
from clausebook.formats.locale_words import LocaleWords

EditKind = Literal[
    "title",
    "split",
    "merged",
    "listed",
    "unlisted",
    "nested",
    "relocated",
    "reworded",
    "reference",
    "link",
    "emphasis",
    "table",
]
"""What an edit does: gives a title, a text, a reference or a cell other words; splits or merges paragraphs, makes them
items (`listed`), items of another level (`nested`) or text of items (`unlisted`); `relocated` words stand elsewhere;
`emphasis` and `link` leave the words and change how they look, or whether they lead anywhere."""

EditPart = Literal[
    "title",
    "heading",
    "line",
    "party",
    "text",
    "paragraph",
    "item",
    "footnote",
    "list",
    "cell",
    "row",
    "column",
    "table",
]

FEW = 2
"""Words up to which a change is quoted with a neighbour, so that it says something: “90 days” and not “90”."""

SAYS_LITTLE = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "if", "in", "is", "it", "of", "on", "or", "shall",
    "that", "the", "to", "which", "will", "with",
))  # fmt: skip
"""Words that tell nothing of the one beside them, so that they are not quoted with it."""

MOST_QUOTED = 24
"""Words that a quotation shows; the rest is left to the redline."""

FEW_QUOTED = 8
"""Words by which a paragraph is told from its neighbours."""

PARTED = f" {END_SIGN} "
"""Between paragraphs that were arranged anew."""

ARRANGED = frozenset(("split", "merged", "listed", "unlisted", "nested"))
"""The kinds of edits that leave the words and change the paragraphs and items that they are in."""

LEADING = re.compile(r"\s*\S+")
"""A text's first word."""

TRAILING = re.compile(r"\S+\s*$")
"""A text's last word."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of words that differs, within one paragraph, cell or title; or a whole paragraph, item, row … .

    `at` says where: the numbers of the items that it is in ("(b)(ii)"), the first
    cell of its row, the label of its line. `before` and `after` are exactly the words
    that went and came; in `excerpt` they stand in a few words of context.
    A `reference` has the same words, or only other numbers, but points elsewhere. Of paragraphs that were split or
    merged, became a list or were one, `before` and `after` are the paragraphs, with ` ¶ ` between them.
    """

    kind: EditKind
    part: EditPart
    at: str
    before: str
    after: str
    excerpt: Pieces

    @classmethod
    def of_texts(cls, kind: EditKind, part: EditPart, before: str, after: str, at: str = "") -> Edit:
        """Return an edit of all of a text."""
        pairs: tuple[tuple[str, Mark], ...] = ((before, "deleted"), (after, "inserted"))
        return cls(kind, part, at, before, after, tuple(Piece(Run(text), mark) for text, mark in pairs if text))

    @property
    def addresses(self) -> tuple[str, str]:
        """Where links in the changed words led and lead, outside the document; "" and "" where that is the same."""
        return addresses(self.excerpt)

    @property
    def moved(self) -> Moved | None:
        """Where the words moved, if they did."""
        return next((piece.moved for piece in self.excerpt if piece.moved), None)

    def quoted(self, said: LocaleWords) -> str:
        """Return the edit in one line in that language: '“90 days” → “60 days”', 'added “…”', 'removed “…”'."""
        return f"{self.at} {self._quoted(said)}" if self.at else self._quoted(said)

    def _quoted(self, said: LocaleWords) -> str:
        words = said.redline["edits"]
        if self.kind in ARRANGED:
            return self._arranged(said)
        whole = said.redline["parts"]
        if self.part in whole and not (self.before and self.after):
            return _came_or_went(whole[self.part], self.before, self.after, said)
        if self.kind == "relocated":
            note = words_note("deleted" if self.before else "inserted", self.moved, said) if self.moved else ""
            return f"{_quote(self.before or self.after, said, FEW_QUOTED)} {note}"
        if self.kind in ("emphasis", "link"):
            each = next(piece for piece in self.excerpt if piece.was)
            return f"{_quote(self.after, said)} {look_note(each.was, (each.run,), said)}"
        if other_box(self.before, self.after):
            text = "".join(piece.run.text for piece in self.excerpt if piece.stays)
            old, new = (_quote(f"{box}{text}".strip(), said, FEW_QUOTED) for box in (self.before, self.after))
            return f"{old} → {new}"
        before, after = self._with_neighbours()
        led, leads = self.addresses
        old, new = _quote(before, said), _quote(after, said)
        if before == after and leads:
            return str(words["leads_not" if led else "leads"].format(text=new, old=led, new=leads))
        if before == after and led:
            return str(words["leads_no_more"].format(text=new, old=led))
        if before and after and (led or leads):
            none = said.redline["none"]
            return str(words["links"].format(words=f"{old} → {new}", old=led or none, new=leads or none))
        if not before or not after:
            return _came_or_went(whole["words"], before, after, said)
        if before == after:
            return str(words["points"].format(text=new))
        return f"{old} → {new}"

    def _arranged(self, said: LocaleWords) -> str:
        """Return how paragraphs were arranged anew: where one begins now, or does no more."""
        words = said.redline["edits"]
        old, new = (side.split(PARTED) for side in (self.before, self.after))
        if self.kind in ("merged", "split"):
            parted = self.kind == "split"
            texts = said.listed([_quote(text, said, FEW_QUOTED) for text in (new if parted else old)[1:]])
            return str(words["parted" if parted else "joined"].format(texts=texts))
        many, what = (old, "unlisted") if self.kind == "unlisted" else (new, "listed")
        first, last = (_quote(many[place], said, FEW_QUOTED) for place in (0, -1))
        texts = said.redline["range"].format(first=first, last=last) if many[1:] else first
        return str(words[what].format(texts=texts))

    def _with_neighbours(self) -> tuple[str, str]:
        """Return both texts with the next word, or the last where there is none, if they are very short."""
        if max(len(self.before.split()), len(self.after.split())) > FEW or any(self.addresses):
            return self.before, self.after
        places = [index for index, piece in enumerate(self.excerpt) if not piece.stays]
        if all(self.excerpt[place].run.text.isspace() for place in places):
            return self.before, self.after
        first, last = places[0], places[-1] + 1
        left = "".join(piece.run.text for piece in self.excerpt[:first])
        right = "".join(piece.run.text for piece in self.excerpt[last:])
        alone = not self.before or not self.after
        spaced = right[:1].isspace()
        glued = right[:1].isalnum() and not left[-1:].strip()
        head = None if glued else TRAILING.search(left) if alone or (not spaced and left[-1:].isspace()) else None
        tail = LEADING.match(right) if spaced or glued else None
        if tail and not glued and tail[0].strip() in SAYS_LITTLE:
            head, tail = head or TRAILING.search(left), None
        if head and head[0].strip() in SAYS_LITTLE and not alone:
            head = None
        before, after = (
            "".join(piece.run.text for piece in self.excerpt[first:last] if piece.mark != dropped)
            for dropped in ("inserted", "deleted")
        )
        ending = tail[0].rstrip(",;.") if tail else ""
        texts = (f"{head[0] if head else ''}{text}{ending}" for text in (before, after))
        before, after = (" ".join(text.split()) for text in texts)
        return before, after


def addresses(pieces: Pieces) -> tuple[str, str]:
    """Return where links in words that went and in those that came lead outside; "" and "" where that is the same."""
    led, leads = (
        ", ".join(dict.fromkeys(filter(None, (address(each.run) for each in pieces if each.mark == mark))))
        for mark in ("deleted", "inserted")
    )
    return ("", "") if led == leads else (led, leads)


def words_note(mark: Mark, moved: Moved, said: LocaleWords) -> str:
    """Return where words went, or whence they came."""
    if moved.old == moved.new:
        return str(said.redline["words_within"])
    name, place = ("words_to", moved.new) if mark == "deleted" else ("words_from", moved.old)
    return str(said.redline[name].format(place=place))


def look_note(was: Run | None, runs: Sequence[Run], said: LocaleWords) -> str:
    """Return how words look otherwise: "bold → plain", "now a link"."""
    now, words = runs[0], said.redline["edits"]
    notes = []
    if was and (was.strong, was.emphasis) != (now.strong, now.emphasis):
        notes.append(f"{_look(was, words)} → {_look(now, words)}")
    if was and was.target != now.target:
        notes.append(words["link_added" if not was.target else "link_removed" if not now.target else "link_other"])
    return ", ".join(notes)


def _look(run: Run, words: Mapping[str, str]) -> str:
    return (
        " ".join(words[name] for name, there in (("bold", run.strong), ("italic", run.emphasis)) if there)
        or words["plain"]
    )


def _came_or_went(patterns: Sequence[str], before: str, after: str, said: LocaleWords) -> str:
    return patterns[bool(before)].format(text=_quote(before or after, said))


def _quote(text: str, said: LocaleWords, most: int = MOST_QUOTED) -> str:
    return said.quoted(_short(text, most))


def _short(text: str, most: int = MOST_QUOTED) -> str:
    """Return the text, or its first words and a sign that there is more."""
    words = text.split()
    return text if len(words) <= most else first_words(words, most)
