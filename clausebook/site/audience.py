"""For whom a site is built."""

from __future__ import annotations

LEGAL = "internal-legal"
"""The audience that sees everything: the house's lawyers."""

AUDIENCES = (LEGAL, "business")

LEGAL_PAGES = ("clauses/index.md", "playbook/index.md")
"""The pages of the navigation that only they see, as MkDocs names them."""
