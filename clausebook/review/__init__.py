"""The review report: what a change of the repository does to the text of its agreements, for who must decide."""

from __future__ import annotations

from clausebook.review.formats import REVIEWS
from clausebook.review.model import Review, worst
from clausebook.review.reviewing import review

__all__ = ["REVIEWS", "Review", "review", "worst"]
