"""Run the steps of the GitHub action as a runner would, by bash, in a workspace of this machine.

Steps that use other actions are left out, and so is what the network is needed for: develop.py is not run, but what
it was asked for is written down.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
ACTION = ".github/actions/clausebook/action.yml"
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def load(path: Path) -> dict[str, Any]:
    """Return a YAML file's data."""
    data: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return data


def steps(path: Path) -> list[dict[str, Any]]:
    """Return every step of an action or of all jobs of a workflow."""
    data = load(path)
    if "runs" in data:
        return list(data["runs"]["steps"])
    return [step for job in data["jobs"].values() for step in job["steps"]]


@dataclass
class Runner:
    """A machine that runs the action's steps in a workspace; `home` is the checkout that holds the action.

    `event` are values of GitHub's own in expressions, `told` more variables of the environment.
    """

    folder: Path
    workspace: Path
    inputs: Mapping[str, str]
    event: Mapping[str, str]
    home: Path = ROOT
    told: Mapping[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    said: str = ""

    def __post_init__(self) -> None:
        self.temp, self.summary = self.folder / "temp é", self.folder / "summary.md"
        self.temp.mkdir(parents=True)
        self.summary.touch()
        self.installed = self.folder / "installed.txt"
        program = self.folder / "bin" / "python"
        program.parent.mkdir()
        inner = self.folder / "inner"
        inner.write_text(
            f"""#!/bin/sh\ncase "$2" in */develop.py) echo "$@" >> '{self.installed}'; exit;; esac\n"""
            f"""exec '{sys.executable}' "$@"\n"""
        )
        program.write_text(
            """#!/bin/sh\n[ "$1 $2 $3" = "-I -m venv" ] || exit 9\n"""
            f"""mkdir -p "$4/bin" && cp '{inner}' "$4/bin/python"\n"""
        )
        for each in (inner, program):
            each.chmod(0o755)

    def run(self) -> int:
        """Run every step whose condition holds; return the exit code of the first that fails, or 0."""
        for step in steps(self.home / ACTION):
            if "run" not in step or not self._holds(step.get("if", "true")):
                continue
            code = self._step(step)
            self.codes[step["name"]] = code
            if code:
                return code
        return 0

    def _step(self, step: Mapping[str, Any]) -> int:
        assert step["shell"] == "bash"
        output = self.folder / f"output-{len(self.codes)}"
        output.touch()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_"))}
        environment = {
            **kept,
            **{name: self._value(value) for name, value in step.get("env", {}).items()},
            **self.told,
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "CI": "true",
            "GITHUB_ACTION_PATH": f"{self.home}/./.github/actions/clausebook",
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temp),
        }
        script = self.folder / "script.sh"
        script.write_text(step["run"], encoding="utf-8")
        start = time.perf_counter()
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace,
            env=environment,
            capture_output=True,
            check=False,
        )
        self.seconds[step["name"]] = time.perf_counter() - start
        self.said += done.stdout.decode() + done.stderr.decode()
        for line in output.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            self.outputs[f"steps.{step['id']}.outputs.{name}"] = value
        return done.returncode

    def _value(self, text: str) -> str:
        def first(match: re.Match[str]) -> str:
            return next(filter(None, (self._named(name) for name in match[1].split(" || "))), "")

        return EXPRESSION.sub(first, text)

    def _named(self, name: str) -> str:
        kind, _, rest = name.partition(".")
        if kind == "inputs":
            assert rest in load(self.home / ACTION)["inputs"], name
            return self.inputs.get(rest, load(self.home / ACTION)["inputs"][rest].get("default", ""))
        if kind == "github":
            return self.event.get(rest, "")
        assert any(step.get("id") == rest.partition(".")[0] for step in steps(self.home / ACTION)), name
        return self.outputs.get(name, "")

    def _holds(self, condition: str) -> bool:
        def one(part: str) -> bool:
            found = re.fullmatch(r"contains\(([\w.-]+), '(\w+)'\)", part)
            if found:
                return found[2] in self._named(found[1])
            found = re.fullmatch(r"([\w.-]+) (==|!=) '(\w*)'", part)
            assert found, part
            return (self._named(found[1]) == found[3]) is (found[2] == "==")

        return condition == "true" or all(map(one, condition.split(" && ")))
