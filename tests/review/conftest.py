"""Repositories to review changes of."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clausebook.language.sandbox import Sandbox
from clausebook.review.model import Review
from clausebook.review.reviewing import review
from tests.support.git_repositories import Repository
from tests.support.reviewed_repositories import reviewed_repository


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Give one sandbox to all tests of a module."""
    with Sandbox() as made:
        yield made


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the repository once."""
    return reviewed_repository(tmp_path_factory.mktemp("template")).root


@pytest.fixture
def repository(template: Path, tmp_path: Path) -> Repository:
    """Give a copy of the repository."""
    root = tmp_path / "repository"
    shutil.copytree(template, root)
    return Repository(root, root)


@pytest.fixture
def reviewed(repository: Repository, sandbox: Sandbox) -> Callable[..., Review]:
    """Review the work tree, and prove that nothing in the repository is touched by it."""

    def of(base: str = "main", head: str = "", **options: Any) -> Review:
        before = repository.state()
        try:
            return review(repository.project, base, head, sandbox, **options)
        finally:
            assert repository.state() == before

    return of
