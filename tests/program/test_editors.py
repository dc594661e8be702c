"""Editors and other tools see what `check` sees: the real ones refuse what our schemas refuse, and nothing else.

They go by the self-contained schema of a type. What they cannot know is `OURS_ALONE`, which schemas/README.md lists.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clausebook.load.numbered import in_number
from clausebook.load.yaml import load_yaml
from clausebook.project.type_schemas import whole_files
from clausebook.repository.tree import DiskTree
from clausebook.validate.keywords import errors_of
from clausebook.validate.schemas import Schemas, SchemaStore, load_schemas
from clausebook.validate.whole_schemas import as_file, whole_schema
from tests.support.bad_input import CASES, tame_repository
from tests.support.language_server import LanguageServer
from tests.support.repositories import PARTNERSHIP, ROOT

pytestmark = pytest.mark.slow("the real check-jsonschema and yaml-language-server on hundreds of files")

SERVER = shutil.which("yaml-language-server")
CHECKER = shutil.which("check-jsonschema")

OURS_ALONE = frozenset({"x-party", "x-sum", "x-unique", "x-not-before", "x-currency", "x-equals"})
"""The keywords that other tools pass over. What they refuse, `clausebook check` alone refuses."""

WITH_BARE_DECIMALS = frozenset({"fine", "sum"})
"""Cases with a decimal that is not in quotes: we read it as text, others as a number, which they refuse."""

WRONG = ("", "one\ntwo", "Bright Quill!", "50,000", "60 days", "2027-02-30", "P0D", "P1YT", "ends here.\n", 7, True, [])
"""What is written in the place of each value of a deal, one after the other."""

EVERY = 997
"""Of the values that are made wrong in every way, so many are left out for one that is tried: a prime number."""


class Bench:
    """Files of one type, each with the schema's keywords that refuse it, and the self-contained schema beside them."""

    def __init__(self, folder: Path, schemas: Schemas) -> None:
        self.folder, self.schemas = folder, schemas
        self.schema = folder / "whole.schema.json"
        self.refused: dict[Path, set[str]] = {}
        folder.mkdir(parents=True)
        self.schema.write_bytes(as_file(whole_schema(schemas, "deal")))

    def add(self, name: str, source: bytes) -> None:
        """Add a file, if it can be loaded: what cannot be is not for a schema to judge."""
        loaded = load_yaml(source, name)
        if any(each.severity == "error" for each in loaded.findings):
            return
        data: Any = loaded.value
        if isinstance(data, dict):
            data = in_number(data, self.schemas.number)
        errors = errors_of(self.schemas.root, self.schemas.references, {}, set(), data, 1000)
        path = self.folder / f"{name}.yaml"
        path.write_bytes(b"# yaml-language-server: $schema=whole.schema.json\n" + source)
        self.refused[path] = {str(error.validator) for error in errors}

    def wanted(self) -> dict[str, bool]:
        """Return which files other tools should refuse, by their names."""
        return {
            path.stem: bool(keywords - OURS_ALONE) or path.stem in WITH_BARE_DECIMALS
            for path, keywords in self.refused.items()
        }


def changed(value: Any, path: tuple[str | int, ...], leaf: Any) -> Any:
    """Return data with another value at a path."""
    if not path:
        return leaf
    if isinstance(value, list):
        return [changed(each, path[1:], leaf) if index == path[0] else each for index, each in enumerate(value)]
    return {key: changed(each, path[1:], leaf) if key == path[0] else each for key, each in value.items()}


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each value that holds no other."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from leaves(each, (*path, key))
    if not isinstance(value, dict | list):
        yield path


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> list[Bench]:
    """Return the bad inputs of all other tests, and the deals of a large type with each wrong value in some places."""
    folder = tmp_path_factory.mktemp("editors")
    cases = CASES.parent / "validate"
    small = Bench(folder / "small", load_schemas(DiskTree(cases), "schemas", "agreement.schema.json"))
    for path in sorted(cases.glob("*/input.yaml")):
        small.add(path.parent.name, path.read_bytes())
    nda = Bench(folder / "nda", SchemaStore(DiskTree(tame_repository(folder))).of("nda"))
    for path in sorted((CASES / "agreements").glob("*/agreement.yaml")):
        nda.add(path.parent.name, path.read_bytes())
    deals = Bench(folder / "deals", SchemaStore(DiskTree(PARTNERSHIP)).of("partnership"))
    number = 0
    for path in sorted((PARTNERSHIP / "agreements").glob("*.yaml")):
        deals.add(path.stem, path.read_bytes())
        data: Any = load_yaml(path.read_bytes(), path.name).value
        for at in leaves(data):
            for wrong in WRONG:
                number += 1
                if number % EVERY == 0:
                    deals.add(f"{path.stem}-{number}", json.dumps(changed(data, at, wrong), indent=1).encode())
    return [small, nda, deals]


def test_there_is_enough_that_is_refused_and_that_is_not(benches: list[Bench]) -> None:
    for bench in benches:
        refused = list(bench.wanted().values())
        assert min(refused.count(True), refused.count(False)) > 2
    keywords = set().union(*(each for bench in benches for each in bench.refused.values()))
    assert keywords >= {"format", "pattern", "required", "enum", "oneOf", "x-multiline", "type", "x-party", "x-sum"}


@pytest.mark.skipif(not CHECKER, reason="check-jsonschema is not installed: pip install check-jsonschema")
def test_check_jsonschema_refuses_what_check_refuses(benches: list[Bench], tmp_path: Path) -> None:
    assert CHECKER
    for bench in benches:
        command = [CHECKER, "--schemafile", str(bench.schema), "--output-format", "json", *map(str, bench.refused)]
        # From elsewhere: the schema refers to nothing beside it.
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        said = json.loads(done.stdout)
        assert said.get("parse_errors", []) == []
        refused = {Path(each["filename"]).stem for each in said["errors"]}
        assert {name: name in refused for name in bench.wanted()} == bench.wanted(), said


@pytest.mark.skipif(not SERVER, reason="yaml-language-server is not installed: npm install -g yaml-language-server")
def test_editors_refuse_what_check_refuses(benches: list[Bench]) -> None:
    assert SERVER
    for bench in benches:
        with LanguageServer(SERVER, bench.folder) as server:
            said = {path.stem: server.problems(path) for path in bench.refused}
        assert {name: bool(problems) for name, problems in said.items()} == bench.wanted(), said


@pytest.mark.skipif(not SERVER, reason="yaml-language-server is not installed: npm install -g yaml-language-server")
def test_editors_know_the_schema_by_the_folder_and_by_old_first_lines(tmp_path: Path) -> None:
    assert SERVER
    root = tmp_path / "repository"
    shutil.copytree(PARTNERSHIP, root)
    for path, content in whole_files(SchemaStore(DiskTree(root))).items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(content)
    [source, *_] = sorted((root / "agreements").glob("*.yaml"))
    lines = source.read_text(encoding="utf-8").replace("status: ", "status: not-", 1).splitlines()[1:]
    old = "# yaml-language-server: $schema=../schemas/partnership/agreement.schema.json"
    for name, head in (("by-folder", "# no schema is named"), ("by-line", old)):
        (root / "agreements" / f"{name}.yaml").write_text("\n".join([head, *lines]), encoding="utf-8")
    known = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))["yaml.schemas"]
    schemas = {(root / path).as_uri(): globs for path, globs in known.items()}
    with LanguageServer(SERVER, root, schemas) as server:
        for name in ("by-folder", "by-line"):
            [problem] = server.problems(root / "agreements" / f"{name}.yaml")
            assert "Value is not accepted" in problem
