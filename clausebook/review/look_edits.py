"""Files that shape what is built, and no words of a contract: looks, the site's configuration, what editors go by."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from clausebook.repository.hashed import files_in
from clausebook.repository.tree import names_in
from clausebook.review.library_edits import happened
from clausebook.review.model import EditKind, LibraryEdit
from clausebook.review.sides import Side

SITE = "Look at the site as `clausebook serve` shows it: what its readers see can be other words, too."
PDF = "The words of each file are read back when it is built."
WHOLE = "schemas/whole"
_NOTE = "A note for who designs the look: nothing is made from it."

EFFECTS: tuple[tuple[str, str], ...] = (
    ("templates/pdf/README.md", _NOTE),
    ("templates/docx/README.md", _NOTE),
    ("templates/pdf/agreement.typ", f"The look of the PDF of every agreement: its pages, headings and tables. {PDF}"),
    ("templates/pdf/report.typ", f"The look of the PDF of every report on an agreement. {PDF}"),
    ("templates/pdf/redline.typ", f"The look of the PDF of every redline. {PDF}"),
    ("templates/pdf/summary.typ", f"The look of the one-page summary of every redline as PDF. {PDF}"),
    (
        "templates/pdf/common.typ",
        f"What the PDFs of all agreements, redlines and summaries share, such as fonts, colours and margins. {PDF}",
    ),
    ("templates/pdf/fonts/*", f"A font for the PDFs of all agreements. {PDF}"),
    ("templates/pdf/*", f"A file that the looks of the PDFs may use, such as a logo or a part of a look. {PDF}"),
    (
        "templates/docx/reference/word/styles.xml",
        "Fonts, sizes, colours, spacing and indents of the Word file of every agreement and redline.",
    ),
    (
        "templates/docx/reference/word/numbering.xml",
        "Indents and levels of numbers and lists in the Word file of every agreement and redline.",
    ),
    (
        "templates/docx/reference/word/document.xml",
        "Title block, page size and margins of the Word file of every agreement and redline.",
    ),
    (
        "templates/docx/reference/word/header*.xml",
        "What stands at the head of the pages of the Word file of every agreement and redline.",
    ),
    (
        "templates/docx/reference/word/footer*.xml",
        "What stands at the foot of the pages of the Word file of every agreement and redline.",
    ),
    ("templates/docx/*", "A part of the look of the Word file of every agreement and redline."),
    ("templates/site/docs/*", f"A page of the site, or a file that its pages use. {SITE}"),
    ("templates/site/*", f"The theme of the site: how all of its pages look. {SITE}"),
    ("mkdocs.yml", f"The configuration of the site: its name, menu, theme and plugins, for all of its pages. {SITE}"),
    (
        f"{WHOLE}/*",
        "What editors complete and check agreements by, made by `clausebook schemas`: no text is made from it.",
    ),
    (".vscode/settings.json", "By which schema an editor completes and checks each file: no text is made from it."),
)
"""What a change of each file can do, by the place where it lies; the first that fits."""

_FOLDERS = ("templates/pdf", "templates/docx", "templates/site", WHOLE)
_FILES = ("mkdocs.yml", ".vscode/settings.json")


def look_edits(base: Side, head: Side) -> Iterator[LibraryEdit]:
    """Yield each file that changed of what shapes outputs and no words, with what it can do."""
    old, new = (dict(_held(side)) for side in (base, head))
    for path in sorted({*old, *new}):
        if old.get(path) != new.get(path):
            effect = next(said for pattern, said in EFFECTS if fnmatchcase(path, pattern))
            kind: EditKind = "schema" if path.startswith(f"{WHOLE}/") else "look"
            name = path.removeprefix(f"{WHOLE}/").partition(".")[0]
            owner = name if kind == "schema" and name in {*base.types(), *head.types()} else ""
            yield LibraryEdit(kind, owner, path, path, happened(old.get(path), new.get(path)), facts=(effect,))


def _held(side: Side) -> Iterator[tuple[str, str]]:
    """Yield each of the files with a hash of it."""
    waiting = list(_FOLDERS)
    while waiting:
        folder = waiting.pop()
        yield from ((f"{folder}/{name}", digest) for name, digest in files_in(side.tree, folder).items())
        waiting += [f"{folder}/{name[:-1]}" for name in names_in(side.tree, folder) if name.endswith("/")]
    for path in _FILES:
        folder, _, name = path.rpartition("/")
        if name in names_in(side.tree, folder):
            yield path, side.tree.digest(path)
