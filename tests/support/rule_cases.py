"""The example of each rule: `tests/cases/rules/<rule>/bad` breaks it, `good` breaks none.

Both are laid over `_base`, a whole small repository, and over the layers that `layers.txt` names, if it is there. An
empty file `<name>.removed` takes a file away. Where no check of files alone can raise the rule, `how.md` says what
does and which test shows it.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from clausebook.facts.declarations import declaration_findings
from clausebook.findings.model import Finding
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.proofs import proofs
from clausebook.project.project import Project, all_findings, kept_findings
from tests.support.repositories import ROOT

CASES = ROOT / "tests" / "cases" / "rules"
STANDING = (
    (),
    ("_sent",),
    ("_framed",),
    ("_executed", "_framed"),
    ("_executed",),
    ("_executed", "_amended"),
    ("_executed", "_amended", "_in_force"),
)
"""What is laid over the base before a case; nothing is wrong with any of them."""

OF_THE_METHOD = ("journal", "method", "opportunity", "scan", "spark-*")
"""Schemas of the program's own that every repository of a case has: a journal refers to those of the steps."""

_REMOVED = ".removed"


def layers(case: Path) -> tuple[Path, ...]:
    """Return what is laid over the base before a case."""
    listed = case / "layers.txt"
    return tuple(CASES / name for name in listed.read_text(encoding="utf-8").split()) if listed.is_file() else ()


def checked(overlays: Iterable[Path], root: Path, sandbox: Sandbox) -> tuple[Finding, ...]:
    """Return what a check finds in the base with overlays on it, which is made at `root`."""
    lay(CASES / "_base", root)
    for kind in OF_THE_METHOD:
        for schema in (ROOT / "schemas").glob(f"{kind}.schema.json"):
            shutil.copy(schema, root / "schemas")
    for overlay in overlays:
        lay(overlay, root)
    if (root / "agreements" / "executed").exists() or any(root.glob("agreements/*/turns")):
        # Without git, a repository with records or turns gets a note that edits of them cannot be told.
        subprocess.run(["git", "init", "--quiet", str(root)], check=True, capture_output=True)
    project = Project(root, sandbox)
    agreements = list(project.assemble_all())
    found = {*all_findings(project, agreements), *proofs(project), *kept_findings(project, agreements)}
    found |= set(declaration_findings(project, agreements, whole=True))
    return tuple(sorted(found, key=lambda each: each.sort_key))


def lay(overlay: Path, root: Path) -> None:
    """Lay a folder of files over a repository."""
    for path in sorted(overlay.rglob("*")):
        place = root / path.relative_to(overlay)
        if path.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        elif path.name.endswith(_REMOVED):
            _remove(place.with_name(path.name.removesuffix(_REMOVED)))
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink()
