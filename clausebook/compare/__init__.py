"""Compare two documents: the redline that shows every change at its clause, and the changes in a list."""

from __future__ import annotations

from clausebook.compare.documents import compare
from clausebook.compare.model import Redline
from clausebook.compare.resolve import accepted, rejected

__all__ = ["Redline", "accepted", "compare", "rejected"]
