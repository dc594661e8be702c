"""Tests of `clausebook.duties`."""
