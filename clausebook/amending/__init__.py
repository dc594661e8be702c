"""Amend an executed agreement: keep its numbers, say what changes, and prove the restated text.

`numbers` gives a later draft the executed numbers, `finding` computes the instructions that lead from one text to
the other, `applying` carries them out, `operative` writes them as the words of an amendment, and `chain` follows
an agreement's text from the original through every executed amendment. All of it is pure, over Documents.
"""
