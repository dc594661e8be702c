"""The package's shape: imports go one way, modules stay small, a name means one thing, only the command line prints."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.repositories import PARTNERSHIP

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "clausebook"
MAX_LINES = 400

ROOMS = (
    "findings", "formats", "document", "repository", "children", "load", "validate", "library", "language",
    "assemble", "rules", "compare", "render", "reading", "records", "amending", "project", "approvals",
    "history", "verify", "signing", "lifecycle", "scaffold", "facts", "review", "site", "build", "cli", "__main__",
)  # fmt: skip
"""The rooms of the house, the lowest first. A module may import from its own room and from those before it."""

RANKS = {name: rank for rank, name in enumerate(ROOMS)}


def source_files() -> dict[str, Path]:
    """Return every module of the package by its dotted name; a package by its own name."""
    modules = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return modules


MODULES = source_files()


@cache
def parse(path: Path) -> ast.Module:
    """Return the module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Return all nodes of the module's syntax tree."""
    return list(ast.walk(parse(path)))


@cache
def imported_names(path: Path) -> list[tuple[int, str]]:
    """Return line and dotted name of every import, those inside functions too; a relative one begins with a dot."""
    return list(_imported_names(nodes(path)))


def _imported_names(among: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    for node in among:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def own_imports(path: Path, *, types_too: bool = True) -> Iterator[tuple[int, str]]:
    """Yield line and name of every module of this package that the file imports."""
    for_types = {
        line
        for node in nodes(path)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for line, _ in _imported_names(ast.walk(node))
    }
    for line, name in imported_names(path):
        if name.split(".")[0] != "clausebook" or (line in for_types and not types_too):
            continue
        while name not in MODULES and "." in name:
            name = name.rpartition(".")[0]
        yield line, name


def rank(module: str) -> int:
    """Return how high the module's room is. The package itself, which holds only the version, comes before all."""
    parts = module.split(".")
    if len(parts) == 1:
        return -1
    assert parts[1] in RANKS, f"{module} has no room: add {parts[1]!r} to ROOMS in tests/test_layout.py"
    return RANKS[parts[1]]


def test_imports_only_from_its_own_room_or_lower_ones() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {target}, a higher room"
        for module, path in MODULES.items()
        for line, target in own_imports(path)
        if rank(target) > rank(module)
    ]
    assert not wrong, "\n".join(wrong)


def test_imports_are_absolute() -> None:
    relative = [
        f"{module}:{line} imports {name}"
        for module, path in MODULES.items()
        for line, name in imported_names(path)
        if name.startswith(".")
    ]
    assert not relative, "\n".join(relative)


def test_nothing_imports_the_command_line() -> None:
    command_line = {"clausebook.cli.main", "clausebook.__main__"}
    importers = {
        module
        for module, path in MODULES.items()
        for _, target in own_imports(path)
        if target in command_line or target.startswith("clausebook.cli.main.")
    }
    strangers = {name for name in importers if name.split(".")[1:2] not in (["cli"], ["__main__"])}
    assert not strangers


def test_no_cycles_between_modules() -> None:
    graph = {
        module: {target for _, target in own_imports(path, types_too=False) if target != module}
        for module, path in MODULES.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail("imports go in a circle: " + " -> ".join(error.args[1]))


def test_the_engine_imports_neither_its_own_tests_nor_its_tools() -> None:
    names = {
        name.split(".")[0] for path in MODULES.values() for _, name in imported_names(path) if not name.startswith(".")
    }
    assert not names & {"tests", "pytest", "hypothesis", "benchmarks", "build", "develop"}


def test_modules_stay_small() -> None:
    lines = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in MODULES.items()}
    long = {module: number for module, number in lines.items() if number > MAX_LINES}
    assert not long, f"modules that want to be two: {long}"


def test_only_the_command_line_prints() -> None:
    calls = [
        f"{module}:{node.lineno}"
        for module, path in MODULES.items()
        if module.split(".")[1:2] not in (["cli"], ["__main__"])
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not calls, f"printed in {calls}; return the text or a finding instead"


def test_python_names_no_section_slot_or_party_role() -> None:
    """Types are data: no word of the partnership type stands in the package's code."""
    outline = (PARTNERSHIP / "templates/partnership/outline.yaml").read_text(encoding="utf-8")
    ids = {line.split("id: ")[1].split(",")[0].strip() for line in outline.splitlines() if "id: " in line}
    ordinary = {
        "definitions",
        "opening",
        "closing",
        "amendment",
        "duration",
        "insurance",
        "reporting",
        "assignment",
        "metrics",
    }
    names = {name for each in ids - ordinary for name in (each, each.replace("-", "_"))} | {
        "healthcare-organisation",
        "partner-organisation",
        "performance_metrics",
        "resource_contributions",
    }
    for module, path in MODULES.items():
        for node in nodes(path):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in names, f"{module}:{node.lineno} names {node.value!r}"


MAX_ROOMS = 29
"""Names on the package's first floor: more than that, and a newcomer finds nothing."""

TRADES = {
    "blame": "who brought each sentence in: the command, and what it does",
    "dossier": "an agreement's file for an auditor: the command, and what makes it",
    "formats": "what writes a thing, by the name of the format",
    "git_setup": "git's configuration: the command, and what it does",
    "html": "writes HTML",
    "loading": "reads a room's things from their files, with every finding",
    "markdown": "writes Markdown",
    "markup": "the smallest pieces of a markup, escaped",
    "model": "the classes of a room's data",
    "process": "a process of the operating system",
    "redline": "a redline: the command, and its form for Word",
    "register": "what is entered: rules by the program, the papers of others by the command",
    "retention": "how long agreements are kept: the command, and what reckons it",
    "report": "what is told to people: findings after a command, and an agreement to those who answer for it",
    "revisions": "an agreement's past: the command, and what it does",
    "schemas": "the schemas of a type: the command, and what holds data against them",
    "sign": "a signature: the command, and what it does",
    "sign_map": "the places of form fields: the command, and what it does",
    "text": "text without markup: the words in force on a day, and their form for a terminal",
}
"""The file names that stand in several rooms, each with its one trade."""


def test_no_two_public_classes_share_a_name() -> None:
    found: dict[str, list[str]] = {}
    for module, path in MODULES.items():
        for node in parse(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(module)
    assert not {name: modules for name, modules in found.items() if len(modules) > 1}


def test_a_file_name_stands_for_one_trade() -> None:
    found = Counter(path.stem for path in MODULES.values() if path.stem != "__init__")
    assert {name for name, count in found.items() if count > 1} == TRADES.keys()


def test_no_init_holds_logic() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        docstring, *rest = parse(path).body
        assert isinstance(docstring, ast.Expr), path
        allowed = ["__version__"] if path.parent == PACKAGE else []
        assert [ast.unparse(node).partition(" =")[0] for node in rest] == allowed, path


def test_the_first_floor_has_rooms_alone() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} == {"__init__", "__main__"}
    assert len(ROOMS) <= MAX_ROOMS


def test_contributing_lists_the_rooms() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("| room |")[2].partition("\n\n")[0]
    listed = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert listed == [room for room in ROOMS if room != "__main__"]


# The tests

TESTS = ROOT / "tests"
WHOLE_PROGRAM = {"program", "content", "benchmarks", "support", "cases", "pairs", "repositories"}
"""The folders of the tests that stand for no room: the whole program, the samples, helpers, and what tests read."""
A_TEST = re.compile(r"\btests\.(\w+\.)*test_")
TEST_FILES = {path.relative_to(TESTS).as_posix(): path for path in sorted(TESTS.rglob("*.py"))}


def test_no_test_imports_a_test() -> None:
    wrong = [
        f"tests/{file}:{line} imports {name}: what two tests need lives in tests/support"
        for file, path in TEST_FILES.items()
        for line, name in imported_names(path)
        if name.startswith("tests.") and not name.startswith("tests.support")
    ]
    wrong += [
        f"tests/{file}:{node.lineno} hands a program to another process that imports a test"
        for file, path in TEST_FILES.items()
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and A_TEST.search(node.value)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_tests_have_the_package_s_rooms() -> None:
    folders = {path.name for path in TESTS.iterdir() if path.is_dir() and path.name != "__pycache__"}
    packages = {name for name in ROOMS if not name.startswith("__")}
    assert {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"} == packages
    assert folders - packages == WHOLE_PROGRAM


def test_every_test_stands_in_a_room() -> None:
    loose = {path.name for path in TESTS.glob("test_*.py")}
    assert loose == {"test_layout.py"}


def test_tests_run_the_whole_command_line() -> None:
    """The bare group has the commands only once another test has imported them: alone, such a test fails."""
    bare = "clausebook.cli.group.cli"
    assert not [file for file, path in TEST_FILES.items() if bare in (name for _, name in imported_names(path))]
