"""Put what pull requests do to a repository of 40 agreements into figures: `python -m benchmarks.pull_requests FOLDER`.

FOLDER is what `python -m benchmarks.make_agreements 40 FOLDER` wrote; it is cloned, and never changed. Each pull
request is made on a clone of its own with an empty cache of the user's, and each command is a process of its own.
`--program CHECKOUT` measures another checkout of the program; `--keep FILE` keeps the figures, and `--beside FILE`
prints them beside new ones. `--only NUMBER` measures one point alone. Time and memory are this machine's: compare two
columns of one machine.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from clausebook.repository import user_cache
from tests.support.action_runner import Runner
from tests.support.git_repositories import Repository, run

HERE = Path(__file__).resolve().parent.parent
LONGEST = 600
"""Seconds after which a command is ended."""

MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which the system tells the memory of a process."""

LIBRARY = "templates/partnership"
AGREEMENTS = "agreements"


@dataclass(frozen=True, slots=True)
class Told:
    """What a command printed, with the seconds and the MiB that it took; `code` is None where it was ended."""

    text: str
    code: int | None
    seconds: float
    memory: float

    @property
    def cost(self) -> str:
        """Time and memory, for a cell."""
        return f"{self.clock}, {self.memory:,.0f} MiB"

    @property
    def clock(self) -> str:
        """Time, for a cell."""
        return f"over {LONGEST} s" if self.code is None else f"{self.seconds:.1f} s"


class PullRequest:
    """A clone of the repository with a branch `change` on it, and what the program says of it."""

    def __init__(self, source: Path, folder: Path, program: Path) -> None:
        folder.mkdir()
        run(folder, "clone", "--quiet", str(source), "deals")
        self.root, self.folder, self.program = folder / "deals", folder, program
        self.repository = Repository(self.root, self.root)
        self.git = self.repository.git
        self.base = self.git("rev-parse", "HEAD")
        self.git("checkout", "--quiet", "-b", "change")

    def commit(self, subject: str = "Change") -> None:
        """Commit what is there."""
        self.repository.commit(subject)

    def edit(self, paths: Iterable[str], pattern: str, words: str) -> int:
        """Replace the first match in each file; return how many files were changed."""
        changed = 0
        for path in paths:
            place = self.root / path
            text = place.read_text(encoding="utf-8")
            edited, found = re.subn(pattern, words, text, count=1, flags=re.MULTILINE)
            if found and edited != text:
                place.write_text(edited, encoding="utf-8", newline="\n")
                changed += 1
        return changed

    def files(self, folder: str, ending: str) -> list[str]:
        """Return the files right in a folder."""
        return sorted(f"{folder}/{path.name}" for path in (self.root / folder).glob(f"*{ending}"))

    @cached_property
    def drafts(self) -> list[str]:
        """The agreements that are neither executed nor amendments."""
        done = {path.name for path in (self.root / AGREEMENTS / "executed").iterdir()}
        named = self.files(AGREEMENTS, ".yaml")
        return [each for each in named if Path(each).stem not in done and "-amendment-" not in each]

    def run(self, *arguments: str, cache: str = "cache", program: str = "") -> Told:
        """Run the program, or another one, in the clone."""
        command = [program] if program else [sys.executable, "-P", "-m", "clausebook"]
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.program),
            user_cache.VARIABLE: str(self.folder / cache),
            "CI": "true",
            "GIT_PAGER": "cat",
        }
        start = time.perf_counter()
        with (self.folder / "told").open("wb") as told:
            process = subprocess.Popen(
                ["timeout", str(LONGEST), *command, *arguments],
                cwd=self.root,
                env=environment,
                stdout=told,
                stderr=subprocess.STDOUT,
            )
            _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        code = process.returncode = os.waitstatus_to_exitcode(status)
        text = (self.folder / "told").read_text(encoding="utf-8", errors="replace")
        return Told(text, None if code == 124 else code, seconds, used.ru_maxrss * MEMORY_UNIT / 2**20)

    def review(self, form: str = "markdown") -> Told:
        """Review the branch against what it goes into."""
        return self.run("review", "--base", self.base, "--head", "HEAD", "--format", form)

    @cached_property
    def comment(self) -> str:
        """What the comment says."""
        return self.review().text

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """The review as data."""
        found: Mapping[str, Any] = json.loads(self.review("json").text)
        return found

    def action(self, commands: str = "review") -> Runner:
        """Run the action's steps, as for a pull request that nobody has merged yet."""
        event = {"event.pull_request.base.sha": self.base, "event.pull_request.number": "7"}
        told = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main", "GITHUB_REF": "refs/pull/7/merge"}
        told["GITHUB_SHA"] = self.git("rev-parse", "HEAD")
        machine = Runner(self.folder / "runner", self.root, {"commands": commands}, event, self.program, told)
        before = {name: os.environ.get(name, "") for name in ("PYTHONPATH", user_cache.VARIABLE)}
        os.environ.update(PYTHONPATH=str(self.program), **{user_cache.VARIABLE: str(self.folder / "cache")})
        machine.run()
        os.environ.update(before)
        return machine


def left(machine: Runner, name: str) -> Path:
    """Return where the action left something of the review."""
    out = Path(machine.outputs["steps.install.outputs.folder"])
    return out / "review" / name if (out / "review").is_dir() else out / name


def took(machine: Runner, *steps: str) -> str:
    """Return what steps took together."""
    return f"{sum(machine.seconds.get(name, 0) for name in steps):.1f} s"


def written(folder: Path) -> str:
    """Return how many files there are, and how large they are together."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return f"{len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB"


Figures = Iterator[tuple[str, str]]
"""What is measured, and the figure."""

Make = Callable[[], PullRequest]


def words_in_git(make: Make) -> Figures:
    """1: what git's own commands take once `git-setup` was run."""
    pull = make()
    first = pull.drafts[0]
    pull.run("git-setup")
    pull.commit("Show words")
    told = pull.run("blame", first, program="git")
    own = len((pull.root / first).read_text(encoding="utf-8").splitlines())
    yield "git blame, cold", told.clock
    yield "lines of git blame, of the file", f"{len(told.text.splitlines()):,}, {own:,}"
    yield "git log -S --textconv", pull.run("log", "-Sdiligent", "--textconv", "--", first, program="git").clock
    edited = pull.edit(pull.drafts[:18], r"response_time: P\d+D", "response_time: P77D")
    yield f"git diff of {edited} files, first", pull.run("diff", program="git", cache="other").clock
    yield f"git diff of {edited} files, again", pull.run("diff", program="git", cache="other").clock
    yield "git log -p -3", pull.run("log", "-p", "-3", program="git").clock


def approved_text(make: Make) -> Figures:
    """2: the text of approved agreements changes, by a value or by a word of the library."""
    pull = make()
    approved = [each for each in pull.drafts if "\nstatus: approved\n" in (pull.root / each).read_text("utf-8")]
    pull.edit(approved[:1], r"payment_period: P\d+D", "payment_period: P77D")
    pull.commit()
    yield "findings of a value of one of them", f"{len(pull.data['findings'])}"
    pull = make()
    pull.edit([f"{LIBRARY}/clauses/force-majeure.md"], r"\bshall\b", "must")
    pull.commit()
    yield f"findings of a word in {len(approved)} of them", f"{len(pull.data['findings'])}"


def long_review(make: Make) -> Figures:
    """3: every clause is edited."""
    pull = make()
    edit_clauses(pull)
    told = pull.review()
    yield "characters of the comment", f"{len(told.text):,}"
    rows = sum(len(each["approvals"]) for each in pull.data["agreements"])
    shown = len(re.findall(r"^\| [^:A]", told.text, re.MULTILINE))
    yield "approvals, of which rows of the comment", f"{rows}, {shown}"
    yield "what is cut by a count alone", f"{len(re.findall(r'run `clausebook review', told.text))}"
    machine = pull.action()
    yield "characters of the step's summary", f"{len(machine.summary.read_text('utf-8')):,}"
    yield "whole page among the artifacts", "yes" if left(machine, "review.html").is_file() else "no"
    yield "review and redlines, the action's steps", took(machine, "Review", "Write redlines")
    yield "redlines", written(left(machine, "redlines"))


def moved_on(make: Make) -> Figures:
    """4: one agreement changes, and the branch that it goes into got a word of the library meanwhile."""
    pull = make()
    pull.edit(pull.drafts[:1], r"payment_period: P\d+D", "payment_period: P77D")
    pull.commit()
    pull.git("checkout", "--quiet", "main")
    pull.edit([f"{LIBRARY}/clauses/force-majeure.md"], r"\bshall\b", "must")
    pull.commit("Move on")
    tip = pull.git("rev-parse", "HEAD")
    pull.git("update-ref", "refs/remotes/origin/main", tip)
    pull.git("checkout", "--quiet", "--detach")
    pull.repository.merge("Merge the pull request", "change")
    machine = pull.action()
    found = json.loads(left(machine, "review.json").read_text("utf-8"))
    yield "agreements told", f"{len(found['agreements'])}"


def next_round(make: Make) -> Figures:
    """5: a second round of a pull request, force-pushed."""
    pull = make()
    edit_clauses(pull)
    first = pull.git("rev-parse", "HEAD")
    pull.git("reset", "--quiet", "--hard", pull.base)
    edit_clauses(pull, amend=[pull.drafts[0]])
    since = ["--since", first] if "--since" in pull.run("review", "--help").text else []
    told = pull.run("review", "--base", pull.base, "--head", "HEAD", *since).text
    part = re.search(r"(?s)\n### Since.*?(?=\n### )", told)
    yield "characters that tell the last round alone", f"{len(part[0]):,}" if part else "none"


def two_writers(make: Make) -> Figures:
    """6: a value goes, and with it a clause, which renumbers others."""
    pull = make()
    has = [each for each in pull.drafts if "    ip_reversion:" in (pull.root / each).read_text(encoding="utf-8")]
    pull.edit(has[:1], r"^    ip_reversion:\n(?: {6}.*\n)*", "")
    pull.commit()
    redline = pull.run("redline", Path(has[0]).stem, pull.base, "HEAD", "--format", "markdown").text
    for name, text in (("review", pull.comment), ("redline", redline)):
        said = re.search(r"\d+ numbers? that follow", text)
        yield f"numbers that follow, by the {name}", said[0].split()[0] if said else "not told"


def moved_line(make: Make) -> Figures:
    """7: a line of the outline moves."""
    pull = make()
    path = pull.root / LIBRARY / "outline.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if "{id: force-majeure," in line)
    lines.insert(at - 3, lines.pop(at))
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    pull.commit()
    yield "characters of the comment", f"{len(pull.comment):,}"
    yield "times blamed on a clause's text", f"{len(re.findall('library[^)]{0,4}[(]', pull.comment))}"


def looks(make: Make) -> Figures:
    """8: a look and mkdocs.yml are edited."""
    pull = make()
    pull.edit(["templates/site/theme/main.html"], r"\A", "{# Warm #}\n")
    pull.edit(["mkdocs.yml"], r"^site_name: .*$", "site_name: Deals of the house")
    pull.commit()
    said = pull.comment.partition("### Library")[2].split("\nThe review", maxsplit=1)[0]
    yield "characters on what changed", f"{len(said):,}"


def alike(make: Make) -> Figures:
    """9: one mistake 34 times, and one word of the library."""
    pull = make()
    edited = pull.edit(pull.drafts, r"response_time: P\d+D", "response_time: soon")
    pull.commit()
    said = len(re.findall("^- .*response", pull.comment, re.MULTILINE))
    yield f"lines for one mistake in {edited} agreements", str(said)
    pull = make()
    pull.edit([f"{LIBRARY}/clauses/force-majeure.md"], r"\bshall\b", "must")
    pull.commit()
    head = re.split("### (?:What changes|Agreements)", pull.comment)[0]
    yield "characters before the first change", f"{len(head):,}"
    yield "escaped backticks", f"{pull.comment.count(chr(92) + '`')}"


def offices(make: Make) -> Figures:
    """10: who must approve an edit of the library, a term, the outline, a schema."""
    for name, path, pattern, words in (
        ("a clause", f"{LIBRARY}/clauses/force-majeure.md", r"\bshall\b", "must"),
        ("a term", f"{LIBRARY}/glossary.yaml", "statutes, regulations", "statutes, rules, regulations"),
        ("the outline", f"{LIBRARY}/outline.yaml", r"^kind: .*$", "kind: Deed of Partnership"),
        ("a schema", "schemas/partnership/purpose.schema.json", r'"title": "Purpose"', '"title": "Aim"'),
    ):
        pull = make()
        pull.edit([path], pattern, words)
        pull.commit()
        # What is given already asks for nothing.
        asked = re.sub(r"(?s)<details>.*?</details>", "", pull.comment)
        found = re.search(r"(?s)### [^\n]*approve.*?(?=\n###)", asked)
        said = len([line for line in found[0].splitlines() if line.startswith(("| ", "- ", "**"))]) if found else 0
        yield f"lines on who must approve {name}", str(said)


def whole_action(make: Make) -> Figures:
    """11: the data of each agreement change; one YAML is broken."""
    pull = make()
    edited = pull.edit(pull.drafts, r"response_time: P\d+D", "response_time: P77D")
    pull.commit()
    machine = pull.action()
    seconds = took(machine, "Review", "Write redlines")
    yield f"review and redlines of {edited} agreements", seconds
    yield "their redlines", written(left(machine, "redlines"))
    yield "with an index", "yes" if (left(machine, "redlines") / "index.html").is_file() else "no"
    pull = make()
    with (pull.root / pull.drafts[0]).open("a", encoding="utf-8") as file:
        file.write("parties: [\n")
    pull.commit("Break")
    machine = pull.action("check build")
    pages = Path(machine.outputs["steps.install.outputs.folder"]) / "site" / AGREEMENTS
    there = sum((each / f"{each.name}.pdf").is_file() for each in pages.iterdir()) if pages.is_dir() else 0
    yield "one broken YAML: agreements on the site", str(there)


def broken_diff(make: Make) -> Figures:
    """12: `git diff` of a file that became unreadable."""
    pull = make()
    pull.run("git-setup")
    with (pull.root / pull.drafts[0]).open("a", encoding="utf-8") as file:
        file.write("parties: [\n")
    told = pull.run("diff", "--", pull.drafts[0], program="git").text
    for sign, name in (("-", "removed"), ("+", "added")):
        lines = [line for line in told.splitlines() if line.startswith(sign) and not line.startswith(sign * 3)]
        yield f"lines {name}", f"{len(lines):,}"


def moved_root(make: Make) -> Figures:
    """13: the project's folder is renamed; a partial clone."""
    pull = make()
    (pull.root / "legal").mkdir()
    for name in ("agreements", "templates", "schemas", "approvers.yaml", "mkdocs.yml"):
        pull.git("mv", name, f"legal/{name}")
    pull.commit("Into a folder")
    told = pull.run("review", "--root", "legal", "--base", pull.base, "--head", "HEAD", "--format", "json")
    found = [each["happened"] for each in json.loads(told.text)["agreements"]] if told.text.startswith("{") else []
    yield "agreements told as added", str(found.count("added"))
    pull = make()
    run(pull.folder, "clone", "--quiet", "--filter=blob:none", "--no-checkout", f"file://{pull.root}", "partial")
    told = pull.run("review", "--root", str(pull.folder / "partial"), "--base", "HEAD~1", "--head", "HEAD")
    yield "a partial clone says what is missing after", told.clock
    yield "times it says “not valid”", str(told.text.count("not valid"))


def long_past(make: Make) -> Figures:
    """14: 300 commits of one agreement, and a clause over all agreements."""
    pull = make()
    for number in range(300):
        pull.edit(pull.drafts[:1], r"^title: .*$", f"title: Draft {number}")
        pull.commit(f"Draft {number}")
    name = Path(pull.drafts[0]).stem
    yield "revisions of 300 commits, cold", pull.run("revisions", name).cost
    yield "the same revisions, warm", pull.run("revisions", name).cost
    pull = make()
    pull.edit([f"{LIBRARY}/clauses/force-majeure.md"], r"\bshall\b", "must")
    pull.commit()
    yield "review of one clause, cold", pull.review().cost
    yield "the same review, warm", pull.review().cost
    yield "agreements that it touches", str(len(pull.data["agreements"]))


def edit_clauses(pull: PullRequest, amend: Sequence[str] = ()) -> None:
    """Change a word of every clause, and a value of the agreements named."""
    paths = pull.files(f"{LIBRARY}/clauses", ".md")
    pull.edit(paths, r"(?s)(\n---\n.*?)\b(?:shall|will|may)\b", r"\1must")
    pull.edit(amend, r"payment_period: P\d+D", "payment_period: P77D")
    pull.commit()


POINTS: Mapping[int, Callable[[Make], Figures]] = {
    1: words_in_git,
    2: approved_text,
    3: long_review,
    4: moved_on,
    5: next_round,
    6: two_writers,
    7: moved_line,
    8: looks,
    9: alike,
    10: offices,
    11: whole_action,
    12: broken_diff,
    13: moved_root,
    14: long_past,
}


def measured(source: Path, program: Path, only: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    """Yield each figure: the number of its point, what it is, and the figure itself."""
    for number, point in POINTS.items():
        if only and number not in only:
            continue
        with tempfile.TemporaryDirectory(prefix="clausebook-pulls-") as folder:
            made: list[PullRequest] = []

            def make(place: Path = Path(folder), made: list[PullRequest] = made) -> PullRequest:
                made.append(PullRequest(source, place / str(len(made)), program))
                return made[-1]

            for name, figure in point(make):
                yield number, name, figure


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pull_requests", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--program", type=Path, default=HERE)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--beside", type=Path)
    parser.add_argument("--only", type=int, action="append", default=[])
    options = parser.parse_args(arguments)
    before = json.loads(options.beside.read_text("utf-8")) if options.beside else {}
    kept = json.loads(options.keep.read_text("utf-8")) if options.keep and options.keep.is_file() else {}
    print(f"| | what is measured | {'before | ' if before else ''}|\n|--:|---|{'--:|' if before else ''}--:|")
    for number, name, figure in measured(options.folder.resolve(), options.program.resolve(), options.only):
        kept[f"{number} {name}"] = figure
        old = f"{before.get(f'{number} {name}', '')} | " if before else ""
        print(f"| {number} | {name} | {old}{figure} |", flush=True)
        if options.keep:
            options.keep.write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
