"""Repositories whose agreements have duties, dates, tables and registers."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.language.sandbox import Sandbox
from tests.support.executed_repositories import record
from tests.support.repositories import shapes_repository


@pytest.fixture
def boats(tmp_path: Path) -> Path:
    """Return a repository with two charters of boats, of which neither is signed."""
    return shapes_repository(tmp_path, "boats")


@pytest.fixture
def signed(boats: Path) -> Path:
    """Return the repository with both charters executed on January 15, 2027."""
    with Sandbox() as sandbox:
        for name in ("heron-ferry", "heron-marsh"):
            record(boats, name, "2027-01-15", sandbox)
    return boats
