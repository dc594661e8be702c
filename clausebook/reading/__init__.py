"""The words, pictures and parts of a PDF, anybody's, read within bounds."""
