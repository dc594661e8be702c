"""The PDF of an agreement, laid out by Typst."""

from clausebook.render.pdf.glyphs import MissingGlyph, MissingGlyphs, missing_glyphs
from clausebook.render.pdf.writer import LookFault, render_pdf

__all__ = ["LookFault", "MissingGlyph", "MissingGlyphs", "missing_glyphs", "render_pdf"]
