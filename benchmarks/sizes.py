"""Measure what a user does with a repository of some size: build it, change an agreement, check, list, redline."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.make_agreements import ROOT
from benchmarks.measuring import Cost, Failed, measured, repeated
from benchmarks.results import Row
from clausebook.amending.amendment_files import amended_by
from clausebook.records.model import EXECUTED
from clausebook.repository.agreement_files import FOLDER
from tests.support.git_repositories import run as git

AT_ONCE = 100
"""Up to so many agreements, all is measured in one part."""

ROUNDS = 5
LONGEST = 30.0
"""A command is measured so often, but not again after so many seconds."""

_TITLE = re.compile(r"^title: .*$", re.MULTILINE)
_WORD = re.compile(r"\w+(?:[^\w\s]+\w+)*")


@dataclass(frozen=True, slots=True)
class Paper:
    """A repository to measure: how many agreements of the long or the short paper, below the folder of all work.

    It lies in WORK/bench-N, or bench-short-N, and is never changed; `state` holds the copy that is, its site and cache.
    """

    work: Path
    count: int
    paper: str

    @property
    def name(self) -> str:
        """What the parts of this repository are called."""
        return f"{self.count}{' short' if self.paper == 'short' else ''}"

    @property
    def repository(self) -> Path:
        """The repository as it was made."""
        return self.work / f"bench-{'short-' if self.paper == 'short' else ''}{self.count}"

    @property
    def state(self) -> Path:
        """The folder of what changes while it is measured."""
        return self.work / f"state-{self.name.replace(' ', '-')}"

    def row(self, what: str, cost: Cost, *, words: int = 0, cores: int = 0) -> Row:
        """Return the row of a cost."""
        return Row(what, self.count, words, self.paper, cores, cost.processor, cost.clock, cost.memory)

    def copied(self) -> None:
        """Make a copy that may be changed, without a site or a cache."""
        shutil.rmtree(self.state, ignore_errors=True)
        shutil.copytree(self.repository, self.state / "repository")

    def clausebook(self, *arguments: str, cores: int = 0) -> Cost:
        """Run a command in the copy, with its cache. Raises Failed."""
        command = [sys.executable, "-m", "clausebook", *arguments]
        return measured(command, self.state / "repository", self.surroundings, cores or None)

    @property
    def surroundings(self) -> dict[str, str]:
        """What is set for a command: the checkout that is measured, and the cache."""
        return {"PYTHONPATH": str(ROOT), "CLAUSEBOOK_CACHE": str(self.state / "cache")}

    def build(self, cores: int = 0) -> Cost:
        """Build the copy's site."""
        return self.clausebook("build", "--out", str(self.state / "site"), cores=cores)

    def words(self) -> int:
        """Return how many words the agreements have that were built, as their Markdown has them."""
        folder = self.state / "site" / "agreements"
        texts = (path for path in folder.glob("*/*.md") if path.stem == path.parent.name)
        return sum(map(words_of, texts))


def words_of(path: Path) -> int:
    """Return how many words a file of Markdown has."""
    return len(_WORD.findall(path.read_text(encoding="utf-8")))


def made(paper: Paper) -> list[Row]:
    """Make the repository, if it is not there yet."""
    if not paper.repository.exists():
        # Whole or not at all, and by a process of its own: what it needs is no part of what is measured later.
        half = paper.repository.with_name(f"{paper.repository.name}-half")
        shutil.rmtree(half, ignore_errors=True)
        short = ["--short"] if paper.paper == "short" else []
        command = [sys.executable, "-m", "benchmarks.make_agreements", str(paper.count), str(half), *short]
        subprocess.run(command, cwd=ROOT, check=True)
        half.rename(paper.repository)
    return []


def cold(paper: Paper) -> list[Row]:
    """Build a copy of the repository for the first time, with everything and no cache."""
    if not paper.repository.exists():
        raise Failed(f"make the {paper.name} agreements first: that is the part before")
    paper.copied()
    cost = paper.build()
    words = paper.words()
    (paper.state / "words").write_text(str(words))
    return [paper.row("build, cold", cost, words=words)]


def again(paper: Paper) -> list[Row]:
    """Do with what the cold build left what is done every day."""
    if not (paper.state / "words").is_file():
        raise Failed(f"build the {paper.name} agreements first: that is the part before")
    words, root = int((paper.state / "words").read_text()), paper.state / "repository"
    name = _changeable(root)
    titles = iter(range(10**6))

    def changed(*, committed: bool) -> Cost:
        _retitle(root, name, f"Another Title {next(titles)}")
        if committed:
            git(root, "commit", "--quiet", "--all", "--message", f"Rename {name}")
        return paper.build()

    def warm(*arguments: str) -> Cost:
        paper.clausebook(*arguments)
        return repeated(lambda: paper.clausebook(*arguments), ROUNDS, LONGEST)

    rows = [
        paper.row("build, nothing changed", repeated(paper.build, ROUNDS, LONGEST), words=words),
        paper.row("build, one changed", repeated(lambda: changed(committed=False), ROUNDS, LONGEST), words=words),
        paper.row("`redline ID`", warm("redline", name)),
        paper.row(
            "build, one changed and committed", repeated(lambda: changed(committed=True), ROUNDS, LONGEST), words=words
        ),
        paper.row("`check`", repeated(lambda: paper.clausebook("check"), ROUNDS, LONGEST), words=words),
        paper.row("`check ID`", warm("check", name)),
        paper.row("`list`", warm("list")),
    ]
    shutil.rmtree(paper.state)
    return rows


def _changeable(root: Path) -> str:
    """Return the first agreement that has neither a record nor an amendment."""
    for path in sorted((root / FOLDER).glob("*.yaml")):
        if not (root / EXECUTED / path.stem).exists() and amended_by(path.stem) is None:
            return path.stem
    raise Failed("every agreement is executed: none can be changed")


def _retitle(root: Path, name: str, title: str) -> None:
    path = root / FOLDER / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(_TITLE.sub(f"title: {title}", text, count=1), encoding="utf-8", newline="\n")
