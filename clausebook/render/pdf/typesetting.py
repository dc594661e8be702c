"""Typst, in a child: a line of a look can ask for hours, for all memory there is, or for a package from outside."""

from __future__ import annotations

import atexit
import functools
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clausebook.children.bounded import Channel
from clausebook.children.child import Keeper, Trade

if TYPE_CHECKING:
    import typst

TYPST = Keeper(Trade(__name__, 60.0, 2048))
"""The process's own: reading the fonts once saves most of a small document's time."""
atexit.register(TYPST.close)

FONTS = "fonts"
"""The folder in the look that holds fonts beside those of Typst."""

_SUFFIXES = (".otf", ".ttf", ".ttc", ".otc")
_STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
# The file's dates: fixed, because the same agreement is the same bytes on any day.
_TIMESTAMP = 0


_PLACE = re.compile(r"┌─ (?:\S.*[/\\])?([^/\\\n]+):(\d+):(\d+)$", re.MULTILINE)
_SEARCHED = re.compile(r"^(.*) \(searched at (?:.*[/\\])?([^/\\]+)\)$", re.DOTALL)


class LookFault(Exception):
    """The look cannot lay the document out; the message is Typst's, and so is the place in a file of the look.

    Where Typst names none, `file` is empty.
    """

    def __init__(self, message: str, diagnostic: str = "") -> None:
        super().__init__(_SEARCHED.sub(r"\1: \2", message))
        place = _PLACE.search(diagnostic)
        self.file = place[1] if place else ""
        self.line, self.column = (int(place[2]), int(place[3]) + 1) if place else (1, 1)


class TypesetError(Exception):
    """Typst does not lay it out; the message is Typst's, and so is `diagnostic`, which shows the place."""

    def __init__(self, message: str, diagnostic: str) -> None:
        self.diagnostic = diagnostic
        super().__init__(message)


def typeset(main: Path, fonts: Path, inputs: Mapping[str, str]) -> bytes:
    """Return the PDF of a Typst file, which can read nothing but its folder. Raises TypesetError and OutOfBounds."""
    said, files = TYPST.ask({"main": str(main), "fonts": str(fonts.absolute()), "inputs": dict(inputs)})
    if "problem" in said:
        raise TypesetError(said["problem"], said["diagnostic"])
    return files[0]


def serve(channel: Channel) -> None:
    """Lay out what the parent asks for."""
    import typst

    for asked, _ in channel.questions():
        try:
            pdf = lay_out_here(asked)
        except typst.TypstError as error:
            channel.tell({"problem": str(error), "diagnostic": error.diagnostic})
        except BaseException as error:  # where Typst itself fails, what it raises is no Exception
            if type(error).__name__ != "PanicException":
                raise
            _compiler.cache_clear()
            channel.tell({"problem": f"Typst fails on it: {error}", "diagnostic": ""})
        else:
            channel.tell({}, pdf)


def lay_out_here(asked: Mapping[str, Any]) -> bytes:
    """Return the PDF, laid out in this process: nothing bounds its time and memory."""
    main = Path(asked["main"])
    pdf = _compiler(*_own_fonts(Path(asked["fonts"]))).compile(
        main,
        root=main.parent,
        format="pdf",
        sys_inputs=asked["inputs"],
        pdf_standards=_STANDARDS,
        timestamp=_TIMESTAMP,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("Typst gave no PDF")
    return pdf


_Fonts = tuple[tuple[str, int, int], ...]


@functools.lru_cache(maxsize=4)
def _compiler(folder: Path | None, fonts: _Fonts) -> typst.Compiler:
    """Return a compiler; `fonts` are the look's own, and a change of them calls for another."""
    import typst

    return typst.Compiler(
        ignore_system_fonts=True,
        font_paths=[folder] if folder else [],
        # Nothing is there, and nothing can be put there.
        package_path=os.devnull,
        package_cache_path=os.devnull,
    )


def _own_fonts(folder: Path) -> tuple[Path | None, _Fonts]:
    """Return the folder if it holds fonts, and them, with what tells one state of a file from another."""
    if not folder.is_dir():
        return None, ()
    states = ((path.name, path.stat()) for path in sorted(folder.iterdir()) if path.suffix.lower() in _SUFFIXES)
    fonts = tuple((name, state.st_size, state.st_mtime_ns) for name, state in states)
    return (folder if fonts else None), fonts
