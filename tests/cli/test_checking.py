"""The commands by which editors and other tools see what `check` sees."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from clausebook.repository.tree import DiskTree
from clausebook.validate.schemas import SchemaStore
from tests.support.repositories import ROOT, nda_repository

DEAL = "agreements/sparrow-finch.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return nda_repository(tmp_path)


def invoke(root: Path, *arguments: str, typed: str = "") -> Result:
    """Run the command line in this process, with text on standard input."""
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook", input=typed)


def typed_into(root: Path, name: str, *change: str, filename: str = "") -> Result:
    """Check a file as it would be with some words changed, which are not saved."""
    text = (root / name).read_text(encoding="utf-8").replace(*change, 1)
    return invoke(root, "check", "--stdin", "--filename", filename or name, typed=text)


@pytest.mark.parametrize("absolute", [False, True])
def test_what_is_typed_is_checked_in_place_of_the_file(root: Path, absolute: bool) -> None:
    before = (root / DEAL).read_bytes()
    filename = str(root / DEAL) if absolute else DEAL
    done = typed_into(root, DEAL, "kept_for: P3Y", "kept_for: three years", filename=filename)
    assert done.exit_code == 1
    assert re.match(rf"{DEAL}:\d+:\d+: error: `kept_for`: “three years” is not a length of time", done.stdout)
    assert (root / DEAL).read_bytes() == before
    assert typed_into(root, DEAL, "kept_for: P3Y", "kept_for: P4Y").stdout == "1 agreement checked\n"


def test_a_path_is_taken_from_the_folder_one_is_in(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "agreements")
    done = typed_into(root, DEAL, "kept_for: P3Y", "kept_for: three years", filename="sparrow-finch.yaml")
    assert done.exit_code == 1
    assert done.stdout.startswith(f"{DEAL}:")


def test_a_new_agreement_need_not_be_saved(root: Path) -> None:
    text = (root / DEAL).read_text(encoding="utf-8").replace("id: sparrow-finch", "id: wren-finch", 1)
    done = invoke(root, "check", "--stdin", "--filename", "agreements/wren-finch.yaml", typed=text)
    assert (done.exit_code, done.stdout) == (0, "1 agreement checked\n")
    assert not (root / "agreements" / "wren-finch.yaml").exists()


def test_a_clause_is_checked_with_all_agreements(root: Path) -> None:
    done = typed_into(root, "templates/nda/clauses/keeping.md", "status: approved", "status: aproved")
    assert done.exit_code == 1
    assert "templates/nda/clauses/keeping.md:" in done.stdout


@pytest.mark.parametrize("filename", ["mkdocs.yml", "../outside.yaml", "agreements/../../outside.yaml", "/etc/hosts"])
def test_only_files_that_agreements_are_made_from_can_be_typed(root: Path, filename: str) -> None:
    done = invoke(root, "check", "--stdin", "--filename", filename, typed="a: b")
    assert done.exit_code == 2
    assert f"`{filename}` is no file of agreements, schemas or templates" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["--stdin"], ["--filename", DEAL], ["--stdin", "--filename", DEAL, "sparrow-finch"]]
)
def test_standard_input_and_the_name_of_its_file_go_together(root: Path, arguments: list[str]) -> None:
    done = invoke(root, "check", *arguments)
    assert done.exit_code == 2
    assert "--stdin and --filename go together" in done.stderr


def test_the_self_contained_schemas_are_made_and_kept_up_to_date(root: Path) -> None:
    done = invoke(root, "schemas")
    assert done.stdout == "written: schemas/whole/any.schema.json\nwritten: schemas/whole/nda.schema.json\n"
    assert invoke(root, "schemas").stdout == "nothing to write: 1 type, and its schema is as it should be\n"
    assert invoke(root, "check").stdout == "1 agreement checked\n"
    assert invoke(root, "new", "nda", "wren-finch").exit_code == 0
    first = (root / "agreements" / "wren-finch.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schemas/whole/nda.schema.json"
    # A new type, and a type that has changed.
    (root / "schemas" / "lease").mkdir()
    path = root / "schemas" / "nda" / "agreement.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    (root / "schemas" / "lease" / path.name).write_text(json.dumps(schema), encoding="utf-8")
    schema["properties"]["title"]["maxLength"] = 60
    path.write_text(json.dumps(schema), encoding="utf-8")
    said = invoke(root, "check", "sparrow-finch").stdout
    assert re.findall(r"(?m)^(\S+?):1:1: warning: .* \[core/schema-outdated\]$", said) == [
        "schemas/whole/any.schema.json",
        "schemas/whole/nda.schema.json",
    ]
    assert len(invoke(root, "schemas").stdout.splitlines()) == 3
    assert "schema-outdated" not in invoke(root, "check", "sparrow-finch").stdout


def test_schemas_that_cannot_be_used_make_none(root: Path) -> None:
    (root / "schemas" / "nda" / "agreement.schema.json").write_text('{"$ref": "none.schema.json"}', encoding="utf-8")
    done = invoke(root, "schemas")
    assert done.exit_code == 1
    assert "[core/schema-reference]" in done.stdout
    assert not (root / "schemas" / "whole").exists()


def test_what_all_types_share_stands_above_them(root: Path) -> None:
    path = root / "schemas" / "nda" / "agreement.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["properties"]["title"] = {"$ref": "../common.schema.json#/$defs/date"}
    path.write_text(json.dumps(schema), encoding="utf-8")
    done = invoke(root, "check")
    assert done.exit_code == 1
    assert "[core/value-date]" in done.stdout
    # It refers to nothing but itself.
    shared = root / "schemas" / "common.schema.json"
    words = shared.read_text(encoding="utf-8").replace('"$ref": "#/$defs/date"', '"$ref": "outline.schema.json"', 1)
    shared.write_text(words, encoding="utf-8")
    done = invoke(root, "check")
    assert re.match(r"schemas/common\.schema\.json:\d+:\d+: error: .* is not a place in the same file", done.stdout)
    assert "refers to nothing but itself" in done.stdout


def test_the_repository_tells_editors_and_hooks_what_is_there() -> None:
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))["yaml.schemas"]
    assert all((ROOT / path).is_file() for path in settings)
    types = SchemaStore(DiskTree(ROOT)).types()
    chosen = json.loads((ROOT / "schemas" / "whole" / "any.schema.json").read_text(encoding="utf-8"))
    assert chosen["properties"]["type"]["enum"] == types
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert "- id: clausebook-check" in hook
    assert "entry: clausebook check" in hook
