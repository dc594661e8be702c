"""Small real repositories, made in temporary folders.

What lawyers keep in `agreements/`, `templates/<type>/` and `schemas/<type>/` of this repository is theirs to change, so
no test of the program depends on it: `tests/repositories/` holds the deals and the libraries that the tests read.
"""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TYPES = ROOT / "tests" / "cases" / "types"
PARTNERSHIP = ROOT / "tests" / "repositories" / "partnership"
DEALS = tuple(sorted(path.stem for path in (PARTNERSHIP / "agreements").glob("*.yaml")))


def nda_repository(folder: Path) -> Path:
    """Make a repository whose only type is the small one of the test cases; return its root."""
    return type_repository(folder, "nda")


def type_repository(folder: Path, name: str) -> Path:
    """Make a repository whose only type is one of the test cases; return its root."""
    root = folder / "repository"
    shutil.copytree(TYPES / name, root)
    return _with_looks(root)


def partnership_repository(folder: Path) -> Path:
    """Make a repository with the tests' own deals and library, none of them sent; return its root."""
    root = folder / "repository"
    shutil.copytree(PARTNERSHIP, root)
    return _with_looks(root)


def shapes_repository(folder: Path, name: str) -> Path:
    """Make a repository with one of the small types that use many shapes of contracts; return its root."""
    root = folder / name
    shutil.copytree(TYPES.parents[1] / "repositories" / name, root)
    return _with_looks(root)


def add_journal_schemas(root: Path) -> None:
    """Add the schema of journals, and those of the steps of the method, of which it is made."""
    for name in ("journal", "spark-*"):
        for schema in (ROOT / "schemas").glob(f"{name}.schema.json"):
            shutil.copy(schema, root / "schemas")


def _with_looks(root: Path) -> Path:
    """Add what belongs to the program: its own schemas, the looks and the site's configuration."""
    for schema in (ROOT / "schemas").glob("*.schema.json"):
        shutil.copy(schema, root / "schemas")
    for look in ("pdf", "docx", "site"):
        shutil.copytree(ROOT / "templates" / look, root / "templates" / look)
    shutil.copy(ROOT / "mkdocs.yml", root)
    return root
