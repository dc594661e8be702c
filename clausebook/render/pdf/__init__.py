"""PDF: the Document laid out by Typst, with form fields."""
