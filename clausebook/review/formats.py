"""The formats of a review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from clausebook.findings.report import as_github
from clausebook.review.data import as_json
from clausebook.review.html import as_html
from clausebook.review.markdown import as_markdown
from clausebook.review.model import Review


def as_annotations(review: Review) -> str:
    """Return workflow commands, which become annotations: the findings, and each approval that is not given."""
    text = as_github((*review.findings, *review.notes))
    return f"{text}\n" if text else ""


REVIEWS: Mapping[str, Callable[[Review], str]] = MappingProxyType(
    {"markdown": as_markdown, "json": as_json, "github": as_annotations, "html": as_html}
)
"""By the name of the format; each gives the whole text, with a line break at its end."""
