"""Reviews of a forge, which a pipeline passes in: who approved which commit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clausebook.findings.model import RepositoryError

_TAKES_BACK = ("CHANGES_REQUESTED", "DISMISSED")
_MOST_BYTES = 16 << 20
_HINT = 'it is a list as GitHub gives it, or one of {"login": …, "commit": …, "date": …}; see docs/approvals.md'


@dataclass(frozen=True, slots=True)
class ForgeReview:
    """An approval at a forge: the reviewer's login, the whole id of the commit, the day (ISO 8601) or ""."""

    login: str
    commit: str
    date: str = ""


def read_reviews(path: Path) -> tuple[ForgeReview, ...]:
    """Return the approvals in a file of reviews, the last of each reviewer, without those taken back.

    A review has `login` or `user.login`, `commit` or `commit_id`, and may have `date` or `submitted_at` and `state`,
    as GitHub's list of the reviews of a pull request has them; pages of it may stand in a list. Raises RepositoryError.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise RepositoryError(f"the reviews in `{path}` are more than are read", "give those of one pull request")
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise RepositoryError(f"the reviews in `{path}` cannot be read: {error.strerror}", _HINT) from error
    except (ValueError, RecursionError) as error:
        raise RepositoryError(f"the reviews in `{path}` are no JSON", _HINT) from error
    last: dict[str, ForgeReview] = {}
    for state, review in _reviews(data, path):
        login = review.login.casefold()
        if state == "APPROVED":
            last[login] = review
        elif state in _TAKES_BACK:
            last.pop(login, None)
    return tuple(last.values())


def _reviews(data: Any, path: Path) -> Iterator[tuple[str, ForgeReview]]:
    if not isinstance(data, list):
        raise RepositoryError(f"the reviews in `{path}` are no list", _HINT)
    for each in data:
        if isinstance(each, list):
            yield from _reviews(each, path)
            continue
        found: dict[str, Any] = each if isinstance(each, dict) else {}
        user = found.get("user")
        login = found.get("login", user.get("login") if isinstance(user, dict) else None)
        commit = found.get("commit", found.get("commit_id"))
        date = found.get("date", found.get("submitted_at")) or ""
        if not (isinstance(login, str) and isinstance(commit, str) and isinstance(date, str) and login and commit):
            raise RepositoryError(f"a review in `{path}` names no reviewer or no commit", _HINT)
        yield str(found.get("state", "APPROVED")).upper(), ForgeReview(login, commit, date[:10])
