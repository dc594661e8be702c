"""Tests of `clausebook.facts.duties`."""
