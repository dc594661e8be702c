#!/usr/bin/env python3
"""Flip the conditions of what decides something, one at a time: no test may pass with one flipped.

    python .ci/flips.py ROOM [--seconds 480] [--only WORDS …]

mutmut makes the flipped copies, in a clone, and runs the room's tests that reach them. Only flips of conditions count:
of what it changes otherwise, most is said in other words or is a hint. They are tried in an order that is mixed, and
always the same, until the time is up. Survivors that are no fault stand in tests/survivors.txt, each with its reason;
any other survivor fails.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXPLAINED = ROOT / "tests" / "survivors.txt"
ROOMS = {
    "verdict": (
        [f"verify/{name}.py" for name in ("verdict", "trust", "trust_file", "signatories", "naming", "certificates")],
        [f"tests/verify/test_{name}.py" for name in ("verdict", "signatories", "naming", "trust_file")],
    ),
    "revisions": (
        [
            f"verify/integrity/{name}.py"
            for name in ("byte_ranges", "form", "later_changes", "metadata", "object_roles")
        ],
        [f"tests/verify/test_{name}.py" for name in ("byte_ranges", "form", "later_changes")],
    ),
    "signatures": (
        [f"verify/integrity/{name}.py" for name in ("cms", "examine", "opening", "revision")],
        ["tests/verify/test_certificates.py", "tests/verify/test_integrity.py"],
    ),
    "pages": (
        [
            f"verify/pages/{name}.py"
            for name in ("added_marks", "differences", "known_forms", "likeness", "page_fitting")
        ],
        ["tests/verify/test_likeness.py", "tests/verify/test_known_forms.py"],
    ),
    "base": (
        ["repository/git/base.py", "repository/git/revision_names.py", "review/given_up.py", "review/approvals.py"],
        [
            "tests/repository/test_base.py",
            "tests/repository/test_git.py",
            "tests/review/test_approvals.py",
            "tests/review/test_given_up.py",
        ],
    ),
    "execution": (
        [f"lifecycle/{name}.py" for name in ("execution", "holding", "turns", "voiding")],
        [f"tests/lifecycle/test_{name}.py" for name in ("execution", "holding", "turns", "voiding")],
    ),
    "standing": (
        [f"lifecycle/{name}.py" for name in ("standing", "amendment")],
        [f"tests/lifecycle/test_{name}.py" for name in ("standing", "amendment")],
    ),
    # The others write records by real executions, and would take a minute for each flip that is not noticed.
    "records": (
        ["records/*"],
        [
            f"tests/records/test_{name}.py"
            for name in (
                "evidence_files",
                "frozen",
                "journal",
                "journal_findings",
                "lifecycle_findings",
                "notation",
                "record_files",
                "sent",
            )
        ],
    ),
    "validate": (["validate/*"], ["tests/validate"]),
    "findings": (["findings/*"], ["tests/findings", "tests/program/test_rules.py", "tests/load"]),
    "assemble": (["assemble/*"], ["tests/assemble"]),
}
"""What decides a verdict, a standing, an approval or a word, and the tests that must notice."""

# Where a process has made a PDF, its forks cannot: they would wait for threads that they do not have.
SETTINGS = """
[tool.mutmut]
source_paths = ["clausebook"]
only_mutate = [{sources}]
also_copy = [{copied}]
process_isolation = "forkserver"
pytest_add_cli_args = ["-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = [{tests}]
"""
UNNOTICED = ("survived", "no tests")
"""What mutmut says of a flip that no test notices, or reaches."""

CHUNK = 150
"""Flips that mutmut is given at once: what it has found is lost with it when its time is up."""

SAID = "mutmut.log"
CONDITIONS = (ast.Compare, ast.BoolOp, ast.UnaryOp)


def main() -> int:
    """Flip the conditions of one room; return 1 if one survives that nobody explained."""
    parser = argparse.ArgumentParser()
    parser.add_argument("room", choices=sorted(ROOMS))
    parser.add_argument(
        "--only", nargs="+", default=[""], metavar="WORDS", help="only flips in whose line one of these stands"
    )
    parser.add_argument("--seconds", type=int, default=480, help="how long it may take, all in all")
    chosen = parser.parse_args()
    end = time.monotonic() + chosen.seconds
    with tempfile.TemporaryDirectory() as work:
        clone = Path(work, "clone")
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        copied = [path.name for path in clone.iterdir() if path.name not in (".git", "clausebook", "tests")]
        sources, tests = ROOMS[chosen.room]
        sources = [f"clausebook/{each}" for each in sources]
        settings = SETTINGS.format(sources=_quoted(sources), copied=_quoted(copied), tests=_quoted(tests))
        with (clone / "pyproject.toml").open("a", encoding="utf-8") as file:
            file.write(settings)
        # No mutant has this name: it makes the copies and learns which tests reach what.
        mutmut(clone, "run", "none", end=end)
        paths = sorted(path for each in sources for path in (clone / "mutants").glob(each))
        found = {
            name: flip for name, flip in flips(clone / "mutants", paths) if any(words in flip for words in chosen.only)
        }
        if not found:
            print(f"no flip of a condition in {chosen.room}: mutmut made none, or its tests fail unchanged")
            return 1
        tried = list(found)
        random.Random(chosen.room).shuffle(tried)
        chunks = [tried[start : start + CHUNK] for start in range(0, len(tried), CHUNK)]
        whole = all(mutmut(clone, "run", *chunk, end=end) for chunk in chunks)
        told = dict(outcomes(clone))
        said = (clone / SAID).read_text(encoding="utf-8", errors="replace")[-3000:]
    explained = dict(_explained())
    survived = [name for name in tried if told.get(name) in UNNOTICED]
    open_ = [name for name in survived if found[name] not in explained]
    for name in open_:
        print(f"survived: {found[name]}")
    done = [name for name in tried if told.get(name, "not checked") != "not checked"]
    if not done:
        print(f"nothing could be tried; mutmut said:\n{said}")
    print(
        f"{chosen.room}: {len(found)} flips, {len(done)} tried, {len(survived)} survived, "
        f"{len(survived) - len(open_)} of them explained" + ("" if whole else "; the time was up")
    )
    return 1 if open_ or not done else 0


def mutmut(clone: Path, *arguments: str, end: float) -> bool:
    """Run mutmut in the clone; tell whether it came to its end in time."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    with (
        (clone / SAID).open("ab") as said,
        subprocess.Popen(command, cwd=clone, stdout=said, stderr=said, start_new_session=True) as process,
    ):
        try:
            process.wait(timeout=max(0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            # With what it forked: a flip may have made a test run for ever.
            os.killpg(process.pid, signal.SIGKILL)
            return False
    return True


def flips(root: Path, paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Yield mutmut's name of each flip of a condition, and what it flips: place, condition, and what became of it."""
    for path in paths:
        module = ".".join(path.relative_to(root).with_suffix("").parts)
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        functions = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
        for name, node in functions.items():
            base, mark, number = name.rpartition("__mutmut_")
            if mark and number.isdigit():
                change = difference(functions[f"{base}__mutmut_orig"], node)
                if change and any(isinstance(part, CONDITIONS) for part in change):
                    old, new = map(ast.unparse, change)
                    yield f"{module}.{name}", f"{module}.{base.removeprefix('x_')}: {old} -> {new}"


def difference(old: ast.AST, new: ast.AST) -> tuple[ast.AST, ast.AST] | None:
    """Return the innermost parts that differ, up to the condition that they are in."""
    if type(old) is not type(new) or (isinstance(new, ast.BoolOp) and ast.dump(new.values[0]) == ast.dump(old)):
        return old, new
    for name in old._fields:
        if name in ("name", "decorator_list") and isinstance(old, ast.FunctionDef):
            continue
        before, after = getattr(old, name, None), getattr(new, name, None)
        pairs = zip(before, after or [], strict=False) if isinstance(before, list) else [(before, after)]
        for one, other in pairs:
            if isinstance(one, ast.AST) and isinstance(other, ast.AST):
                found = difference(one, other)
                if found:
                    # An operator alone says nothing: the condition does.
                    return (old, new) if isinstance(found[0], (ast.operator, ast.cmpop, ast.boolop)) else found
            elif one != other:
                return old, new
    return None


def outcomes(clone: Path) -> Iterator[tuple[str, str]]:
    """Yield what became of each mutant."""
    command = [sys.executable, "-m", "mutmut", "results", "--all", "true"]
    said = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False).stdout
    for line in said.splitlines():
        name, mark, outcome = line.strip().rpartition(": ")
        if mark:
            yield name, outcome


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _explained() -> Iterator[tuple[str, str]]:
    """Yield each explained survivor and its reason, which stands in the lines above it."""
    reason: list[str] = []
    for line in EXPLAINED.read_text(encoding="utf-8").splitlines() if EXPLAINED.exists() else ():
        if line.startswith("#"):
            reason.append(line.lstrip("# "))
        elif line:
            yield line, " ".join(reason)
            reason = []


if __name__ == "__main__":
    if shutil.which("git") is None:
        sys.exit("git is not there")
    sys.exit(main())
