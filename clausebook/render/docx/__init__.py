"""The DOCX renderer: a WordprocessingML writer over the reference package in `templates/docx/reference`."""

from clausebook.render.docx.document import render_docx
from clausebook.render.docx.look import LOOK_FOLDER, load_look
from clausebook.render.docx.redline import render_redline_docx

__all__ = ["LOOK_FOLDER", "load_look", "render_docx", "render_redline_docx"]
