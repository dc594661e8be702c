"""The redlines of a review as files: of each agreement that changed by its own data, and one of all library edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from clausebook.findings.characters import one_line, shown_line
from clausebook.findings.model import FindingsError
from clausebook.findings.report import counted
from clausebook.history.written_redlines import written_redline
from clausebook.render.page_templates import page_templates
from clausebook.render.redline.formats import RedlineOptions
from clausebook.review import excerpts as said
from clausebook.review.html import redline_html
from clausebook.review.model import AgreementReview, LibraryEdit, Review

INDEX, LIBRARY = "index.html", "library.html"

MOST = 50
"""Of how many agreements redlines are written, at the most."""

MOST_WHOLE = 10
"""Up to how many agreements the DOCX is the whole text; of more, each is an excerpt of what changed."""

MOST_BYTES = 32 << 20
"""What all files together may have, in bytes; half of it is the library's at the most."""

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class RedlinedAgreement:
    """An agreement in the index: its redline's files by name, with their sizes in bytes, and why others are not."""

    agreement: AgreementReview
    files: Mapping[str, int]
    why: str = ""


def redline_files(review: Review, root: Path, most: int = MOST, most_bytes: int = MOST_BYTES) -> dict[str, bytes]:
    """Return the redlines of a review by file name, with an index; looks are those in `root`.

    An agreement that a library edit alone changes has none of its own: what changes in it stands in one page of all
    library edits. Past `most` agreements, or `most_bytes` bytes of all files but the index, agreements are left out;
    the index names them, and those of which no redline can be written.
    """
    files: dict[str, bytes] = {}
    edits = tuple(edit for edit in review.library if edit.groups)
    shown = list(_shown(edits, most_bytes // 2))
    if edits:
        files[LIBRARY] = _page("library", review, shown=shown, missing=edits[len(shown) :])
    own = redlined(review)
    whole = len(own) <= MOST_WHOLE
    room = most_bytes - sum(map(len, files.values()))
    listed = []
    for number, agreement in enumerate(own):
        if number >= most or room <= 0:
            bound = f"{most} agreements" if number >= most else f"{most_bytes >> 20} MiB"
            listed.append(RedlinedAgreement(agreement, {}, f"left out: there is room for {bound}"))
            continue
        written, why = _written(agreement, root, whole=whole)
        if sum(map(len, written.values())) > room:
            written, why, room = {}, f"left out: there is room for {most_bytes >> 20} MiB", 0
        room -= sum(map(len, written.values()))
        files |= written
        listed.append(RedlinedAgreement(agreement, {name: len(each) for name, each in written.items()}, why))
    files[INDEX] = _page(
        "index", review, listed=listed, edits=edits, shown=len(shown), whole=whole, alone=_by_library(review)
    )
    return files


def redlined(review: Review) -> tuple[AgreementReview, ...]:
    """Return the agreements that get a redline of their own: something changes in them that no library edit tells."""
    shown = review.shown_in_library()
    return tuple(
        each
        for each in review.agreements
        if any((each.id, change.part, change.place) not in shown for change in each.changes)
    )


def left_out(review: Review, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the ids of the agreements of whose own redline not all is among the files of `redline_files`."""
    return tuple(
        each.id for each in redlined(review) if not all(_name(each, ending) in files for ending in ("docx", "pdf"))
    )


def _name(agreement: AgreementReview, ending: str) -> str:
    return f"{agreement.id}-redline.{ending}"


def _written(agreement: AgreementReview, root: Path, *, whole: bool) -> tuple[dict[str, bytes], str]:
    """Return the files of an agreement's redline, and why others cannot be written."""
    found = agreement.comparison
    if found is None:
        return {}, "the same words change in another agreement of this list"
    options = RedlineOptions(internal=False, look=root / "templates" / "pdf")
    files: dict[str, bytes] = {}
    whys = []
    for ending, changes_only in (("docx", not whole), ("pdf", True)):
        try:
            files[_name(agreement, ending)] = written_redline(found, ending, root, options, changes_only=changes_only)
        except Exception as error:  # a look can be wrong in any way
            said_of_it = error.findings[0].message if isinstance(error, FindingsError) else str(error)
            whys.append(f"the {ending.upper()} cannot be written: {one_line(said_of_it, _LONGEST)}")
    return files, "; ".join(whys)


def _shown(edits: tuple[LibraryEdit, ...], room: int) -> Iterator[Markup]:
    """Yield the redlines of the first edits that have room, in bytes."""
    for number, edit in enumerate(edits, 1):
        part = Markup(_filled("edit", edit=edit, number=number))
        room -= len(part.encode())
        if room < 0:
            return
        yield part


def _by_library(review: Review) -> list[str]:
    own = {each.id for each in redlined(review)}
    return [each.id for each in review.agreements if each.changes and each.id not in own]


def _command(agreement: str, review: Review, ending: str) -> str:
    return f"{said.redline_command(agreement, review)} --out {agreement}-redline.{ending}"


def _size(length: int) -> str:
    return f"{length / 1e6:.1f} MB" if length >= 1e5 else f"{max(1, round(length / 1e3))} kB"


def _page(name: str, review: Review, **values: object) -> bytes:
    return _filled(name, review=review, **values).encode()


def _filled(name: str, **values: object) -> str:
    functions = (shown_line, redline_html, counted, said.bases, said.change_sentence, said.edit_title)
    templates = page_templates(Path(__file__).parent, *functions, _command, _size)
    return templates.get_template(f"redlines_{name}.html").render(**values)
