"""Tests of `clausebook.facts.metrics`."""
