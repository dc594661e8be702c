"""Write a redline as a tagged PDF: the summary, then the whole contract with its marks.

The look is `redline.typ`, beside that of the clean PDF. What came is tagged as underlined, what went as
struck out, and what only moved as underlined too, so that the tags alone give back either text, but for
what was deleted in something that moved: it is there twice, once at the old place.
"""

from __future__ import annotations

import json
from pathlib import Path

from clausebook.compare.model import Redline
from clausebook.render.pdf.writer import lay_out
from clausebook.render.proof.redlines import prove_pdf
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.pdf_content import content

MAIN = "redline.typ"
"""The look's entry point."""


def render_pdf(redline: Redline, heading: RedlineHeading, look: Path, *, internal: bool = False) -> bytes:
    """Return the redline as a tagged PDF (PDF/A-3a and PDF/UA-1), laid out by the look in that folder.

    `internal` adds causes. Raise MissingGlyphs when a character cannot be shown, LookFault when the look is wrong,
    and FindingsError when it does not say both texts, or does not mark what came and went.
    """
    data = content(redline, heading, internal=internal)
    pdf = lay_out(MAIN, look, {"agreement": json.dumps(data, ensure_ascii=False)})
    prove_pdf(data, redline.new.id, pdf)
    return pdf
