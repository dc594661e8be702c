"""The finished text, read word by word as the other side will read it."""
