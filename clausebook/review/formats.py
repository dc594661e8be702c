"""The formats of a review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from clausebook.findings.report import as_github, as_gitlab
from clausebook.review.data import as_json
from clausebook.review.html import as_html
from clausebook.review.mail import as_mail
from clausebook.review.markdown import SUMMARY, as_markdown
from clausebook.review.model import Review


def as_annotations(review: Review) -> str:
    """Return workflow commands, which become annotations: the findings, and each approval that is not given."""
    text = as_github((*review.findings, *review.notes))
    return f"{text}\n" if text else ""


def as_code_quality(review: Review) -> str:
    """Return the findings as GitLab's code quality report, which it shows beside the lines of a merge request."""
    return f"{as_gitlab((*review.findings, *review.notes))}\n"


REVIEWS: Mapping[str, Callable[[Review], str]] = MappingProxyType({
    **{"markdown": as_markdown, "mail": as_mail, "json": as_json, "html": as_html},
    **{"github": as_annotations, "gitlab": as_code_quality},
})  # fmt: skip
"""By the name of the format; each gives the whole text, with a line break at its end."""

FILES: Mapping[str, Callable[[Review], str]] = MappingProxyType({
    **{"comment.md": as_markdown, "summary.md": partial(as_markdown, channel=SUMMARY)},
    **{"review.html": as_html, "review.json": as_json, "mail.txt": as_mail, "code-quality.json": as_code_quality},
})  # fmt: skip
"""What a pipeline keeps of one review, by the name of the file."""
