"""What the pipeline of a forge says of the change that it tests."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clausebook.findings.characters import shown_line
from clausebook.repository.git.process import Git

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_MERGED = re.compile(r"refs/pull/[0-9]+/merge")
_QUEUE = "merge_group"
_RESULTS = ("merged_result", "merge_train")
_MOST_BYTES = 32 << 20
"""Up to which size the description of an event is read; GitHub's own bound is 25 MiB."""


@dataclass(frozen=True, slots=True)
class ForgeRun:
    """A run of a pipeline; "" for what it does not say.

    `branch` is the one that the change goes into, `base` a commit of it, which may be outdated. `made` is the commit
    that the forge made to test the change, and `group` what the changes of a merge queue were put upon.
    """

    forge: str = ""
    branch: str = ""
    base: str = ""
    made: str = ""
    group: str = ""

    def mend(self, git: Git) -> str:
        """Say how to get what is missing."""
        if self.forge and (git.shallow or git.partial):
            whole = {"GitHub": "give actions/checkout fetch-depth: 0", "GitLab": 'give the job GIT_DEPTH: "0"'}
            return f"{whole[self.forge]}, and no filter"
        if git.shallow or git.partial or not self.branch:
            return git.whole_clone()
        return f"fetch it: git fetch origin {shown_line(self.branch)}"


def forge_run() -> ForgeRun:
    """Return what GitHub or GitLab says of the run that this process is a part of."""
    told = os.environ.get
    if told("GITHUB_BASE_REF") or told("GITHUB_EVENT_NAME"):
        event = _event(told("GITHUB_EVENT_PATH", ""))
        if told("GITHUB_EVENT_NAME") == _QUEUE:
            queued = _part(event, _QUEUE)
            branch = _text(queued, "base_ref").removeprefix("refs/heads/")
            base = _sha(_text(queued, "base_sha"))
            return ForgeRun("GitHub", branch, base, _sha(told("GITHUB_SHA", "")), base)
        base = _sha(_text(_part(event, "pull_request", "base"), "sha"))
        made = _sha(told("GITHUB_SHA", "")) if _MERGED.fullmatch(told("GITHUB_REF", "")) else ""
        return ForgeRun("GitHub", told("GITHUB_BASE_REF", ""), base, made)
    if told("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        made = _sha(told("CI_COMMIT_SHA", "")) if told("CI_MERGE_REQUEST_EVENT_TYPE") in _RESULTS else ""
        base = _sha(told("CI_MERGE_REQUEST_DIFF_BASE_SHA", ""))
        return ForgeRun("GitLab", told("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", ""), base, made)
    return ForgeRun()


def _event(path: str) -> object:
    """Return the event that started the run, None if it is not told."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        return json.loads(content) if len(content) <= _MOST_BYTES else None
    except (OSError, ValueError, RecursionError):
        return None


def _part(data: object, *names: str) -> dict[str, Any]:
    for name in names:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _text(data: dict[str, Any], name: str) -> str:
    found = data.get(name)
    return found if isinstance(found, str) else ""


def _sha(text: str) -> str:
    return text if _COMMIT.fullmatch(text) else ""
