"""Compare two documents: the redline that shows every change at its clause, and the changes in a list."""

from __future__ import annotations

from clausebook.compare.changes import Change, changes
from clausebook.compare.documents import compare
from clausebook.compare.edits import Edit
from clausebook.compare.model import Redline
from clausebook.compare.resolve import accepted, rejected
from clausebook.compare.uses import Use

__all__ = ["Change", "Edit", "Redline", "Use", "accepted", "changes", "compare", "rejected"]
