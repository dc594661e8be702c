"""Tell a file's number, and refuse one that is not known: nothing of such a file is read."""

from __future__ import annotations

import json
import re
from typing import Any

from clausebook import __version__
from clausebook.findings.characters import shortened
from clausebook.findings.model import Finding, Locate, SourceFile
from clausebook.formats.table import FIELD, FORMATS, Format

RULE = "core/format-unknown"


class UnknownFormat(Exception):
    """A file is not of a format, or of a number of it that is not known; `newer` if another program may know it."""

    def __init__(self, message: str, hint: str = "", *, newer: bool = False) -> None:
        self.message, self.hint, self.newer = message, hint, newer
        super().__init__(message)


def source_number(value: Any, name: str) -> int:
    """Return the number of a source's data; 1 if it says nothing. Raise UnknownFormat."""
    form = FORMATS[name]
    if not isinstance(value, dict) or FIELD not in value:
        return 1
    number = value[FIELD]
    if type(number) is not int or number < 1:
        known = " or ".join(f"`{FIELD}: {each}`" for each in form.numbers)
        raise UnknownFormat(
            f"`{FIELD}` is {shortened(json.dumps(number, ensure_ascii=False))}, which is no number of a format",
            f"write {known}; without it, the file is of format 1",
        )
    _check(number, form)
    return number


def marked_number(data: Any, name: str) -> int:
    """Return the number of what the program wrote, by its mark. Raise UnknownFormat."""
    form = FORMATS[name]
    mark = data.get(form.field) if isinstance(data, dict) else None
    match = re.fullmatch(rf"clausebook-{form.name}/([1-9][0-9]{{0,8}})", mark) if isinstance(mark, str) else None
    if match is None:
        raise UnknownFormat(f"it is not marked as {form.mark}")
    _check(int(match[1]), form)
    return int(match[1])


def unknown(error: UnknownFormat, path: str, locate: Locate) -> Finding:
    """Return the finding of a file of an unknown number, at its number."""
    return SourceFile(path, locate).finding(RULE, error.message, f"/{FIELD}", error.hint)


def _check(number: int, form: Format) -> None:
    if number not in form.numbers:
        known = f"format{'s' if len(form.numbers) > 1 else ''} {' and '.join(map(str, form.numbers))}"
        raise UnknownFormat(
            f"this is format {number} of {form.title}, and Clausebook {__version__} knows {known}",
            f"use a version of Clausebook newer than {__version__}: the file was written for one",
            newer=True,
        )
