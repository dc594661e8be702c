"""Compare: two Documents to a redline and typed changes."""
