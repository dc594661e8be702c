"""Verify a PDF that came back: is its text what the repository says, is the file intact, who signed it."""
