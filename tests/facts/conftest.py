"""Repositories whose agreements have duties, dates, tables and registers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.repositories import shapes_repository


@pytest.fixture
def boats(tmp_path: Path) -> Path:
    """Return a repository with two charters of boats, of which neither is signed."""
    return shapes_repository(tmp_path, "boats")
