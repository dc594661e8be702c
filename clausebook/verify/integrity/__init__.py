"""Whether a file is intact: bytes, form, signatures, and what was changed after each."""
