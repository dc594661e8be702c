"""Assemble: a deal's data and its type to one Document; `assembler` is the way in."""
