"""Write a redline in any format: from the marked tree and what is said of it, and nothing else.

`REDLINES` is the register. A redline may go to the other side, so causes, which name pointers and versions
of the library, are in none of them unless `internal` is set; JSON, which is for programs of the house, has
them unless `internal` is False. Redlines for Word are in `clausebook.render.docx`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from clausebook.compare.model import Redline
from clausebook.render.redline.heading import RedlineHeading


@dataclass(frozen=True, slots=True)
class RedlineOptions:
    """What a redline may be asked for; a format leaves aside what it does not know.

    `internal`: whether causes are shown; None means as the format does it. `color`: terminal colours (text). `view`:
    which of the two (HTML).
    `look`: the folder of the PDF's look, `templates/pdf`, which the PDF needs.
    """

    internal: bool | None = None
    color: bool = False
    view: Literal["inline", "side-by-side"] = "inline"
    look: Path | None = None


Redliner = Callable[[Redline, RedlineHeading, RedlineOptions], bytes]


def _text(redline: Redline, heading: RedlineHeading, options: RedlineOptions) -> bytes:
    from clausebook.render.redline.text import render_text

    text = render_text(redline, heading, internal=bool(options.internal), color=options.color)
    return text.encode()


def _markdown(redline: Redline, heading: RedlineHeading, options: RedlineOptions) -> bytes:
    from clausebook.render.redline.markdown import render_markdown

    return render_markdown(redline, heading, internal=bool(options.internal)).encode()


def _html(redline: Redline, heading: RedlineHeading, options: RedlineOptions) -> bytes:
    from clausebook.render.redline.html_file import render_html_file

    internal = bool(options.internal)
    return render_html_file(redline, heading, view=options.view, internal=internal).encode()


def _json(redline: Redline, heading: RedlineHeading, options: RedlineOptions) -> bytes:
    from clausebook.render.redline.json import render_json

    return render_json(redline, heading, internal=options.internal is not False).encode()


def _pdf(redline: Redline, heading: RedlineHeading, options: RedlineOptions) -> bytes:
    from clausebook.render.redline.pdf import render_pdf

    if options.look is None:
        raise ValueError("a redline as PDF needs the folder of its look")
    return render_pdf(redline, heading, options.look, internal=bool(options.internal))


REDLINES: Mapping[str, Redliner] = MappingProxyType(
    {"text": _text, "markdown": _markdown, "html": _html, "json": _json, "pdf": _pdf}
)
"""By the name of the format."""
