"""The PDF of an agreement, laid out by Typst."""

from clausebook.render.pdf.glyphs import MissingGlyph, MissingGlyphs, missing_glyphs
from clausebook.render.pdf.writer import render_pdf

__all__ = ["MissingGlyph", "MissingGlyphs", "missing_glyphs", "render_pdf"]
