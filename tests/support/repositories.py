"""Small real repositories, made in temporary folders."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TYPES = ROOT / "tests" / "cases" / "types"


def nda_repository(folder: Path) -> Path:
    """Make a repository whose only type is the small one of the test cases; return its root."""
    root = folder / "repository"
    shutil.copytree(TYPES / "nda", root)
    for schema in (ROOT / "schemas").glob("*.schema.json"):
        shutil.copy(schema, root / "schemas")
    for look in ("pdf", "docx", "site"):
        shutil.copytree(ROOT / "templates" / look, root / "templates" / look)
    shutil.copy(ROOT / "mkdocs.yml", root)
    return root


def partnership_repository(folder: Path) -> Path:
    """Copy this repository's agreements, schemas, templates and configuration; return the copy's root."""
    root = folder / "repository"
    for name in ("agreements", "schemas", "templates"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "mkdocs.yml", root)
    return root


def without_records(root: Path) -> Path:
    """Take all that was sent, executed and amended out of a repository, so that its agreements can be edited."""
    agreements = root / "agreements"
    shutil.rmtree(agreements / "executed", ignore_errors=True)
    for path in agreements.glob("*-amendment-*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in (*agreements.glob("*/turns"), *agreements.glob("*/as-sent")):
        shutil.rmtree(path)
    for path in agreements.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("\nstatus: executed\n", "\nstatus: approved\n"), encoding="utf-8")
    return root
