"""Templates of HTML pages. Each value is escaped as it is printed, as all writers of HTML do here, but for Markup."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup


def html(value: object) -> Markup:
    """Return a value as HTML."""
    return value if isinstance(value, Markup) else Markup(escape(str(value)))


@cache
def page_templates(folder: Path, *functions: Callable[..., object]) -> Environment:
    """Return the templates of a folder, which may call the functions by their names."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        finalize=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals |= {function.__name__: function for function in functions}
    return made
