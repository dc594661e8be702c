"""Tests of `clausebook.facts`."""
