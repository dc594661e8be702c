"""The file for an auditor: whole, verified by common tools alone, and without what is privileged unless asked for."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from clausebook.findings.model import RepositoryError
from clausebook.lifecycle import dossier as packed
from clausebook.lifecycle.dossier import dossier
from clausebook.lifecycle.dossier_parts import DossierPart
from tests.support.repositories import ROOT
from tests.support.rule_cases import CASES, lay

NAME = "heron-marsh"
JOURNAL = """\
format: 1
owner: {name: Mara Quillon, email: mara.quillon@heron.example}
events:
  - {event: commencement, on: 2026-05-01, note: SECRET note}
decisions:
  - {on: 2026-06-01, by: Mara Quillon, decision: SECRET decision}
holds:
  - {matter: SECRET matter, since: 2026-07-01, by: Counsel}
"""
EVIDENCE = """\
format: 1
closes: return/show#1
outcome: done
on: 2026-09-30
by: Ivo Tarn
file: {name: con.txt, sha256: "0", kept: true}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An executed deal with a journal and evidence whose file no Windows could have."""
    place = tmp_path / "repository"
    for layer in ("_base", "_executed", "_amended", "_in_force"):
        lay(CASES / layer, place)
    for name in ("journal", "evidence"):
        shutil.copy(ROOT / f"schemas/{name}.schema.json", place / "schemas")
    for path, content in {
        f"journal/{NAME}.yaml": JOURNAL,
        f"evidence/{NAME}/return.yaml": EVIDENCE,
        f"evidence/{NAME}/con.txt": "returned",
        f"evidence/{NAME}/Übergabe?.txt": "handed over",
    }.items():
        (place / "agreements" / path).parent.mkdir(parents=True, exist_ok=True)
        (place / "agreements" / path).write_text(content, encoding="utf-8")
    return place


def run(root: Path, *arguments: str) -> Result:
    target = root.parent / "file.zip"
    return CliRunner().invoke(
        cli.cli, ["dossier", *arguments, "--out", str(target), "--root", str(root)], prog_name="clausebook"
    )


def unpacked(root: Path) -> Path:
    """Return the folder that the ZIP unpacks to."""
    with zipfile.ZipFile(root.parent / "file.zip") as package:
        package.extractall(root.parent / "out")
    return root.parent / "out" / f"dossier-{NAME}"


def index(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "index.csv").read_text(encoding="utf-8-sig"))))


def test_a_dossier_is_whole_and_sha256sum_alone_verifies_it(root: Path) -> None:
    done = run(root, NAME)
    assert done.exit_code == 0, done.output
    folder = unpacked(root)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {
        "README.txt",
        "SHA256SUMS",
        "executed/1.0/agreement.md",
        "executed/1.0/record.yaml",
        "executed/1.0/signed.pdf",
        "evidence/_con.txt",
        "evidence/Ubergabe_.txt",
        "evidence/return.yaml",
        "facts.json",
        "journal/journal.json",
    } <= files
    assert any(name.startswith(f"amendments/{NAME}-amendment-1/executed/") for name in files)
    verified = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=True)
    assert len(verified.stdout.splitlines()) == len(files) - 1
    rows = {row["path"]: row for row in index(folder)}
    assert {path for path, row in rows.items() if not row["left out"]} == files - {
        "README.txt",
        "SHA256SUMS",
        "index.csv",
    }
    assert rows["evidence/_con.txt"]["day"] == "2026-09-30"
    assert rows["evidence/_con.txt"]["copy of"] == f"agreements/evidence/{NAME}/con.txt"
    (folder / "evidence/_con.txt").write_text("other")
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False).returncode


def test_what_is_privileged_is_left_out_unless_asked_for(root: Path) -> None:
    assert "left out as privileged" in run(root, NAME).output
    folder = unpacked(root)
    whole = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    assert b"SECRET" not in whole
    left = {row["path"] for row in index(folder) if row["left out"] == "privileged"}
    assert {"journal/journal.yaml", f"internal/{NAME}.yaml", "executed/1.0/data.json"} <= left
    assert b"Mara Quillon" in (folder / "journal/journal.json").read_bytes()
    shutil.rmtree(folder)
    assert "left out" not in run(root, NAME, "--privileged").output
    folder = unpacked(root)
    assert left <= {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    assert b"SECRET matter" in (folder / "journal/journal.yaml").read_bytes()
    subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=True)


def test_the_same_repository_gives_the_same_bytes(root: Path) -> None:
    run(root, NAME)
    first = (root.parent / "file.zip").read_bytes()
    run(root, NAME)
    assert (root.parent / "file.zip").read_bytes() == first


def test_a_link_is_not_followed(root: Path) -> None:
    (root / f"agreements/evidence/{NAME}/link.txt").symlink_to(root / f"agreements/{NAME}.yaml")
    done = run(root, NAME)
    assert done.exit_code == 1
    assert "is a symbolic link" in done.output
    assert not (root.parent / "file.zip").exists()


def test_a_name_that_is_no_agreement_is_refused(root: Path) -> None:
    assert "there is no agreement" in run(root, "heron-marsch").output
    assert run(root, "../x").exit_code == 2


def test_no_path_leads_out_of_its_folder_and_none_is_taken_twice() -> None:
    names = ["../../etc/passwd", "/abs", "a/../b", "con", "NUL.txt", "A.txt", "a.txt", "x" * 300 + ".pdf", "index.csv"]
    names += ["a:b", "tail. ", "-rf", "é", "\u202e", "line\nbreak", "SHA256SUMS", ""]
    made = dossier("x", [DossierPart(name, "what", b"1") for name in names])
    with zipfile.ZipFile(io.BytesIO(made.content)) as package:
        inside = package.namelist()
    assert len({name.casefold() for name in inside}) == len(names) + 3
    for name in inside:
        parts = name.split("/")
        assert parts[0] == "dossier-x"
        assert name.isascii()
        assert all(part and part.strip(" .") == part and len(part) <= 100 and part[0] != "-" for part in parts), name
        assert not {part.partition(".")[0].casefold() for part in parts} & {"con", "nul"}
        assert not set(name) & set('<>:"|?*\\\n')


def test_a_dossier_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MOST_BYTES", 10)
    with pytest.raises(RepositoryError, match="would hold more than"):
        dossier("x", [DossierPart("a", "what", b"12345678901")])
