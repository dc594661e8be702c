"""Tests of the pages of partnerships."""
