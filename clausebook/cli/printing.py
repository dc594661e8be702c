"""What commands print for people: tables, and redlines in the colours of their terminal."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from clausebook.repository import user_cache

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from clausebook.render.redline.formats import RedlineOptions

LONG_TABLE = 100
"""Rows from which on a table is kept as it was set: of a thousand the setting takes longer than all else."""


def print_json(value: Any) -> None:
    """Print JSON data for programs, indented, with letters as they are."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], width: int = 200, *, headed: bool = True
) -> None:
    """Print a table as wide as the terminal, or of a fixed width where there is none; without a head if it says so."""
    from rich.console import Console

    console, cells = Console(width=None if sys.stdout.isatty() else width), list(rows)
    if len(cells) < LONG_TABLE:
        console.print(_table(headings, cells, console, headed=headed))
        return
    from importlib.metadata import version

    look = (console.width, console.color_system, console.no_color, console.encoding, console.legacy_windows, headed)

    def made() -> bytes:
        with console.capture() as captured:
            console.print(_table(headings, cells, console, headed=headed))
        return captured.get().encode(errors="surrogatepass")

    key = (version("rich"), *map(str, look), json.dumps([headings, *cells]))
    click.echo(user_cache.kept_or_made("tables", key, made).decode(errors="surrogatepass"), nl=False)


def _table(headings: Sequence[str], cells: Sequence[Sequence[str]], console: Console, *, headed: bool) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=headed, header_style="bold")
    # Names are copied from the first column: they stay whole.
    first = max((len(line) for row in cells for line in row[0].splitlines()), default=0)
    for number, heading in enumerate(headings):
        table.add_column(heading, overflow="fold", min_width=None if number else min(first, console.width // 4))
    for row in cells:
        table.add_row(*map(Text, row))
    return table


def text_width(most: int) -> int:
    """Return the width of lines of text: the terminal's, `most` at most and where there is none."""
    return min(most, shutil.get_terminal_size((most, 24)).columns)


def wrapped(line: str, indent: str) -> str:
    """Return a line broken at the terminal's width, what follows indented; where there is none, as it is."""
    if not sys.stdout.isatty():
        return line
    width = shutil.get_terminal_size().columns
    return textwrap.fill(line, width, subsequent_indent=indent, break_on_hyphens=False)


def redline_options(
    root: Path, *, internal: bool, view: Literal["inline", "side-by-side"] = "inline"
) -> RedlineOptions:
    """Return how a redline is shown here: in colours, if a person looks who wants them."""
    from clausebook.render.redline.formats import RedlineOptions

    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return RedlineOptions(internal=internal, color=color, view=view, look=root / "templates" / "pdf")
