"""Assemble an agreement: from data, outline, clauses and glossary to one Document.

`assembler` is the way in.
"""
