"""Rewrite sources of an old format as the newest one writes them."""
