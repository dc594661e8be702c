"""The commands on the short agreement and its amendments, and what is wrong with these afterwards."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from clausebook.language.sandbox import Sandbox
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from tests.support.file_trees import files_in

NAME = "sparrow-finch"
FIRST, SECOND = f"{NAME}-amendment-1", f"{NAME}-amendment-2"
EXCEPTIONS = "  exceptions:\n    - what was public before\n    - what the recipient learned from others\n"
DRAFT = ('version: "1.0"\nstatus: executed', 'version: "1.1"\nstatus: approved')


def invoke(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


def refused(root: Path, said: str, *options: str, agreement: str = NAME, code: int = 2) -> None:
    """Prove that amending is refused in plain words, and writes nothing."""
    before = files_in(root)
    result = invoke(root, "amend", agreement, *options)
    assert result.exit_code == code, result.output
    assert said in result.output
    assert "Traceback" not in result.output
    assert files_in(root) == before


def assembled(root: Path, name: str, sandbox: Sandbox) -> Agreement:
    project = Project(root, sandbox)
    return project.assemble(project.files([name])[0])


def errors(root: Path, name: str, sandbox: Sandbox) -> list[tuple[str, str, int]]:
    found = assembled(root, name, sandbox).findings
    return [(each.rule, each.path, each.line) for each in found if each.severity == "error"]
