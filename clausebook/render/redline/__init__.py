"""Redlines in every format but Word's, which is in `clausebook.render.docx`."""
