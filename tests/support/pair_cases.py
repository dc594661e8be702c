"""Pairs of whole contracts with known edits: a tree that holds the old text, and a list of what a lawyer did to it.

`tests/pairs/<case>/old` is a repository with one type and one agreement. `edits.yaml` lists the edits in order, each
with the marks that a lawyer would make for it (`marks`, see `recorded_marks`), the changes to files that make it
(`edit`: file, old text, new text; no old text: a new file; a new text that is nothing: the file goes; no old text and a
name: the file gets that name) and what a redline must say of it (`found`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from clausebook.history.comparison import Text, text_of
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from tests.support.recorded_marks import RecordedMark
from tests.support.repositories import ROOT

PAIRS = ROOT / "tests" / "pairs"
CASES = sorted(path.name for path in PAIRS.iterdir() if path.is_dir())


@dataclass(frozen=True, slots=True)
class Found:
    """What a redline must say of one thing: its kinds, each edit's words, and whose change it is."""

    part: str
    place: str
    kinds: tuple[str, ...]
    cause: str
    edits: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """A known edit: the marks that a lawyer would make for it, how it is made, and what a redline must say."""

    name: str
    marks: tuple[RecordedMark, ...]
    files: tuple[tuple[str, str | None, str | None], ...]
    found: tuple[Found, ...]


def edits_of(case: str) -> tuple[Edit, ...]:
    """Return the known edits of a pair, in the order in which they are made."""
    entries = yaml.safe_load((PAIRS / case / "edits.yaml").read_text(encoding="utf-8"))
    return tuple(
        Edit(
            entry["is"],
            tuple(RecordedMark(*mark) for mark in entry["marks"]),
            tuple((path, old, new) for path, old, new in entry["edit"]),
            tuple(_found(each) for each in entry.get("found", ())),
        )
        for entry in entries
    )


def texts_of(case: str, folder: Path, sandbox: Sandbox) -> Iterator[Text]:
    """Yield the old text, and the text after each edit."""
    root = folder / case
    shutil.copytree(PAIRS / case / "old", root)
    for schema in (ROOT / "schemas").glob("*.schema.json"):
        shutil.copy(schema, root / "schemas")
    yield _text(root, sandbox)
    for edit in edits_of(case):
        for path, old, new in edit.files:
            _change(_place(root, case, path), old, new)
        yield _text(root, sandbox)


def _found(entry: dict[str, Any]) -> Found:
    words = tuple((before, after) for before, after in entry.get("edits", ()))
    part, place = entry["place"].split(" ", 1)
    return Found(part, place, tuple(entry["kinds"].split()), entry["cause"], words)


def _place(root: Path, case: str, name: str) -> Path:
    """Return the file that an edit is made in."""
    if "/" in name:
        return root / name
    if name == "agreement":
        (path,) = (root / "agreements").glob("*.yaml")
        return path
    if name == "schema":
        return root / "schemas" / case / "agreement.schema.json"
    if name in ("outline", "glossary"):
        return root / "templates" / case / f"{name}.yaml"
    return root / "templates" / case / "clauses" / f"{name}.md"


def _change(path: Path, old: str | None, new: str | None) -> None:
    if old is None and new is None:
        path.unlink()
    elif old is None:
        path.rename(path.with_stem(str(new)))
    elif not old:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(new), encoding="utf-8")
    else:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path.name} holds {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, str(new)), encoding="utf-8")


def _text(root: Path, sandbox: Sandbox) -> Text:
    project = Project(root, sandbox)
    (agreement,) = project.assemble_all()
    faults = [finding for finding in project.findings() if finding.severity == "error"]
    assert not faults, faults
    return text_of(agreement, "")
