"""DOCX: a WordprocessingML writer over the reference package in `templates/docx/reference`."""
