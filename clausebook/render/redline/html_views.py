"""The two ways in which HTML shows a redline: one text with its marks, or two texts side by side."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from html import escape

from clausebook.compare.model import (
    MarkedClause,
    MarkedDefinition,
    MarkedPart,
    MarkedSchedule,
    MarkedSection,
    MarkedSignature,
    Redline,
)
from clausebook.document.walk import anchors_of
from clausebook.formats.locale_words import locale_words
from clausebook.render.html import SIGNATURES_ANCHOR
from clausebook.render.redline.html_text import TextWriter, unheaded
from clausebook.render.redline.marks import (
    arrived,
    by_kind,
    changed,
    departed,
    fold_note,
    folds,
    kind_of,
    move_note,
    moves,
    title_changed,
)
from clausebook.render.redline.summary import Entry

SUMMARY = "redline_summary"
END = "redline_end"
"""Anchors of a Document have no underscore, so these are free."""

Write = Callable[[TextWriter], None]
"""Writes a thing's words, those of one side or of both."""

Shelf = Callable[[str, Callable[[], str]], str]
"""Gives what stands in a fold in place of its text: takes a name that is the same in both views, and the text."""


class Steps:
    """The changes by the part that they are of, and the links from each to its neighbours; what moved, and all anchors.

    `anchors` are those of the changes, `targets` those of the new document.
    """

    def __init__(self, found: Sequence[Entry], anchors: Sequence[str], redline: Redline) -> None:
        self.entries, self.anchors = found, anchors
        self.said = locale_words(redline.new.language)
        self.moved, self.targets = moves(redline), frozenset(anchors_of(redline.new))
        self.at: dict[tuple[str, str], int] = {}
        for index, entry in enumerate(found):
            self.at[entry.change.part, entry.change.place] = index
        self.whole = [index for index, entry in enumerate(found) if entry.change.part in ("document", "party")]

    def of(self, part: MarkedPart) -> list[int]:
        """Return the change of a part; none for the place that something moved away from."""
        if departed(part):
            return []
        index = self.at.get((kind_of(part), part.id))
        return [] if index is None else [index]

    def write(self, out: list[str], indexes: Iterable[int]) -> None:
        """Write where changes begin: the id, the way to the change before and to the next, the cause."""
        for index in indexes:
            count, words = len(self.entries), self.said.redline
            before = self.anchors[index - 1] if index else SUMMARY
            after = self.anchors[index + 1] if index + 1 < count else END
            step = words["step"].format(n=index + 1, count=count)
            out.append(
                f'<div class="redline-step" id="{escape(self.anchors[index])}" role="group" '
                f'aria-label="{escape(step)}" data-step="{index + 1} / {count}">'
                f'<a class="redline-previous" href="#{escape(before)}" aria-label="{escape(words["previous"])}"></a>'
                f'<a class="redline-next" href="#{escape(after)}" aria-label="{escape(words["next"])}"></a></div>\n'
            )
            if cause := self.entries[index].cause:
                out.append(f'<p class="redline-cause">{escape(words["why"].format(cause=cause))}</p>\n')


class View(ABC):
    """Walks the tree; a view says how a single thing is shown."""

    def __init__(self, out: list[str], redline: Redline, steps: Steps, fold: bool, shelf: Shelf | None = None) -> None:
        self.out, self.redline, self.steps, self.fold, self.shelf = out, redline, steps, fold, shelf
        self.shut = False

    def document(self) -> None:
        """Write everything."""
        redline = self.redline
        self.title(redline)
        label = escape(self.steps.said.signatures)
        for stretch in by_kind(redline):
            signing = isinstance(stretch[0], MarkedSignature)
            if signing:
                self.out.append(f'<section class="signatures" id="{SIGNATURES_ANCHOR}" aria-label="{label}">\n')
            self.parts(stretch)
            self.out.append("</section>\n" if signing else "")

    def title(self, redline: Redline) -> None:
        """Write the kind and title of the agreement."""

        def write(writer: TextWriter) -> None:
            self.out.append('<header class="title-block">\n')
            self.out.append(f'<p class="kind">{writer.pieces(redline.kind)}</p>\n')
            tag = "h1" if writer.ids else "p"
            self.out.append(f'<{tag} class="title">{writer.pieces(redline.title)}</{tag}>\n</header>\n')

        self.unit(None, write)

    def parts(self, parts: Sequence[MarkedPart]) -> None:
        """Write parts; stretches without changes are shut if that is asked for."""
        for folded, stretch in folds(parts, self.fold and not self.shut):
            if folded:
                self.out.append('<details class="fold">\n')
                self.out.append(
                    f'<summary class="redline-folded">{escape(fold_note(stretch, self.steps.said))}</summary>\n'
                )
                self.unchanged(stretch)
                self.out.append("</details>\n")
                continue
            for part in stretch:
                self.part(part)

    def unchanged(self, stretch: Sequence[MarkedPart]) -> None:
        """Write what is in a fold: the parts, or what the shelf gives for them."""
        if self.shelf:
            name = f"{kind_of(stretch[0])} {stretch[0].id}"
            self.out.append(self.shelf(name, lambda: self.unmarked(stretch)))
            return
        self.shut = True
        for part in stretch:
            self.part(part)
        self.shut = False

    def unmarked(self, stretch: Sequence[MarkedPart]) -> str:
        """Return parts that are the same on both sides as one text, whatever the view."""
        out: list[str] = []
        view = Inline(out, self.redline, self.steps, fold=False)
        for part in stretch:
            view.part(part)
        return "".join(out)

    def part(self, part: MarkedPart) -> None:
        """Write a part and all that is in it."""
        match part:
            case MarkedSection() | MarkedSchedule():
                look = "part schedule" if isinstance(part, MarkedSchedule) else "part"
                self.whole(part, look, (part.clauses, part.definitions))
            case MarkedClause():
                self.unit(part, lambda writer: writer.clause(part))
            case MarkedDefinition():
                self.unit(part, lambda writer: writer.text(part))
            case MarkedSignature():
                self.unit(part, lambda writer: writer.signature(part))

    def whole(self, part: MarkedSection | MarkedSchedule, look: str, groups: Iterable[Sequence[MarkedPart]]) -> None:
        """Write a section or schedule with all that is in it."""
        self.out.append(f'<section class="{look}{" moved-here" * arrived(part)}">\n')
        self.unit(part, lambda writer: writer.heading("h2", part), inside=True)
        for group in groups:
            self.parts(group)
        self.out.append("</section>\n")

    def note(self, part: MarkedPart) -> str:
        """Return the note of a part that moved, with a link to its other place; "" for any other."""
        text = move_note(part, self.steps.moved, self.steps.said)
        if not text:
            return ""
        target = part.id if part.mark == "deleted" else f"old_{part.id}"
        anchor = f' id="old_{escape(part.id)}"' if part.mark == "deleted" else ""
        if isinstance(part, MarkedSignature) and part.mark == "deleted":
            return f'<p class="redline-note"{anchor}>{escape(text)}</p>\n'
        return f'<p class="redline-note"{anchor}><a href="#{escape(target)}">{escape(text)}</a></p>\n'

    @abstractmethod
    def unit(self, part: MarkedPart | None, write: Write, *, inside: bool = False) -> None:
        """Write one thing that is shown as a whole; `inside` if what is around it is written already."""


class Inline(View):
    """One text, with what went and what came."""

    def unit(self, part: MarkedPart | None, write: Write, *, inside: bool = False) -> None:
        """Write a thing in the element that the clean page has for it."""
        writer = TextWriter(self.out, self.steps.targets, self.steps.said)
        if part is None:
            self.steps.write(self.out, self.steps.whole)
            write(writer)
            return
        tag = ""
        if not inside:
            tag = "section" if isinstance(part, MarkedClause) else "div"
            own = writer.id(part.id, part.mark) if unheaded(part) else ""
            self.out.append(f'<{tag} class="{kind_of(part)}{_look(part)}"{own}>\n')
        self.steps.write(self.out, self.steps.of(part))
        self.out.append(self.note(part))
        write(writer)
        if not inside:
            self.out.append(f"</{tag}>\n")


class SideBySide(View):
    """The old text on the left and the new one on the right, in a row for each thing."""

    def __init__(self, out: list[str], redline: Redline, steps: Steps, fold: bool, shelf: Shelf | None = None) -> None:
        super().__init__(out, redline, steps, fold, shelf)
        self.arrived = False

    def whole(self, part: MarkedSection | MarkedSchedule, look: str, groups: Iterable[Sequence[MarkedPart]]) -> None:
        """Write a section; one that moved here has its old words where it came from."""
        before = self.arrived
        self.arrived = before or arrived(part)
        super().whole(part, look, groups)
        self.arrived = before

    def unit(self, part: MarkedPart | None, write: Write, *, inside: bool = False) -> None:
        """Write a row; a side on which the thing is not is empty but for a note of where it is."""
        look = "" if part is None else f" {kind_of(part)}{_look(part)}"
        self.out.append(f'<div class="pair{look}">\n')
        self.steps.write(self.out, self.steps.whole if part is None else self.steps.of(part))
        note = self.note(part) if part else ""
        for side in ("old", "new"):
            writer = TextWriter(self.out, self.steps.targets, self.steps.said, side, ids=side == "new")
            there = part is None or (
                part.mark != "inserted" and not self.arrived if side == "old" else part.mark != "deleted"
            )
            own = writer.id(part.id, part.mark) if part and unheaded(part) else ""
            self.out.append(f'<div class="{side}"{own}>\n')
            # The note stands where the words are not.
            self.out.append("" if there else note)
            if there:
                write(writer)
            self.out.append("</div>\n")
        self.out.append("</div>\n")


def _look(part: MarkedPart) -> str:
    """Return the classes that say what happened to a part."""
    if part.move:
        return " moved-away" if part.mark == "deleted" else " moved-here"
    differs = title_changed(part) if isinstance(part, MarkedSection | MarkedSchedule) else changed(part)
    return f" {part.mark}" if part.mark != "same" else " changed" if differs else ""
