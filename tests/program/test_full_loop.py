"""One agreement's full loop, as the page in the docs tells it: each of its commands is run as it stands there."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.approving import appoint, approve
from benchmarks.paper import signed_paper
from clausebook.document.words import passages
from clausebook.project.project import Project
from tests.support import signing_keys
from tests.support.docs import LOOP, STEP, edited
from tests.support.git_repositories import new_repository
from tests.support.repositories import partnership_repository

pytestmark = pytest.mark.slow("the page of the docs from build to amendment, each command as it stands there")

AGREEMENT = "predictive-analytics"
SCANS = {"out/scan.pdf": AGREEMENT, "out/amendment-scan.pdf": f"{AGREEMENT}-amendment-1"}
SIGNATORIES = {"tessaro": "Imogen Tessaro", "adeyemi": "Rufus Adeyemi-Lindqvist"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    repository = new_repository(tmp_path / "clone")
    made = partnership_repository(tmp_path)
    for path in made.iterdir():
        path.rename(repository.root / path.name)
    (repository.root / ".gitignore").write_text("/out/\n/*.p12\n/*.pem\n")
    with Project(repository.root) as project:
        appoint(repository.root, (kind for name in project.store.types() if (kind := project.type(name).kind)))
        repository.commit("Agree on everything")
        # The page begins with texts that are approved.
        for each in list(project.assemble_all()):
            approve(project, each, "2026-02-27")
    repository.commit("Approve it")
    for name, person in SIGNATORIES.items():
        pair = signing_keys.issue(person, signing_keys.intermediate())
        (repository.root / f"{name}.p12").write_bytes(pair.p12())
    (repository.root / "root.pem").write_bytes(signing_keys.root().pem)
    return repository.root


def run(root: Path, line: str) -> str:
    command = shlex.split(line)
    if command[0] == "clausebook":
        command[:1] = [sys.executable, "-m", "clausebook"]
    else:
        assert command[:2] in (["git", "add"], ["git", "commit"])
        command[1:1] = ["-c", "user.name=Ada Example", "-c", "user.email=ada@clausebook.example"]
    environment = {**os.environ, "PASSPHRASE": signing_keys.PASSPHRASE.decode()}
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    assert signing_keys.PASSPHRASE.decode() not in done.stdout + done.stderr
    return done.stdout


def walked(root: Path, way: str) -> dict[str, str]:
    """Run what the page says, of one way to sign; return what each command printed."""
    said = {}
    steps = [step for step in STEP.finditer(LOOP) if step["way"] in (None, way)]
    assert sum(step["way"] == way for step in steps) >= 2
    for step in steps:
        if step["file"]:
            path = root / step["file"]
            path.write_text(edited(path.read_text(encoding="utf-8"), step["lines"]), encoding="utf-8")
            continue
        for line in step["lines"].splitlines():
            for scan, name in SCANS.items():
                if scan in line:
                    built = root / f"out/agreements/{name}/{name}.pdf"
                    (root / scan).write_bytes(signed_paper(built.read_bytes()))
            said[line] = run(root, line)
    return said


@pytest.mark.parametrize("way", ["certificates", "paper"])
def test_the_loop_of_the_docs(way: str, root: Path) -> None:
    said = walked(root, way)
    verified = [text for line, text in said.items() if line.startswith("clausebook verify")]
    assert [text.startswith(f"{AGREEMENT} 1.0: VERIFIED") for text in verified] == [True] * (way == "certificates")
    redline = said[f"clausebook redline {AGREEMENT} executed"]
    assert "120" in redline
    assert "90" in redline
    name = "signed.pdf" if way == "certificates" else "scan.pdf"
    assert (root / "agreements" / "executed" / AGREEMENT / "1.0" / name).is_file()
    assert (root / "agreements" / "executed" / f"{AGREEMENT}-amendment-1" / "1.0" / name).is_file()
    with Project(root) as project:
        texts = {each.file.id: each for each in project.assemble_all([AGREEMENT, f"{AGREEMENT}-amendment-1"])}
    amended, amendment = texts[AGREEMENT].document, texts[f"{AGREEMENT}-amendment-1"].document
    assert amended is not None
    assert amendment is not None
    assert amended.version == "1.1"
    assert any("at least 90 days" in " ".join(text.split()) for text in passages(amended))
    assert any("deleted and replaced" in text for text in passages(amendment))
