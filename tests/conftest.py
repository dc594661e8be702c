"""What all tests share: the property tests' profile, the flag for golden files, the repository's root."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every machine and every day; a slow machine is no failure.
settings.register_profile("clausebook", derandomize=True, deadline=None, database=None, print_blob=True)
settings.load_profile("clausebook")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one way to change golden files."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the tests got into the golden files; read the difference before committing it",
    )


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Tell whether golden files are to be written, not compared."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def repository_root() -> Path:
    """Return the root of this repository."""
    return Path(__file__).resolve().parent.parent
