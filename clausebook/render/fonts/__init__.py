"""The fonts that the package brings for form fields and the stamps of signatures."""
