"""Count the defects that are found, and the false alarms: `python -m benchmarks.defects [--peer PROGRAM]`.

Each defect of `tests/cases/defects` is put into a deal that has none. It counts as found if something is told that is
not told of the deal without it, and as found in its place if the rule that the list names tells it there. Whatever is
told of a clean deal is a false alarm, or a defect that nobody meant. With the program of contract-lint, what it tells
of the same texts, as Markdown, stands beside ours: its places are lines of a text, which no field can be held against,
so a defect counts for it as soon as it tells anything new, be it by chance. `--repository` adds agreements from
elsewhere. Exit code 1 if a defect is missed for which the list names a rule, or if anything is told of a clean deal.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from clausebook.document.outgoing import outgoing
from clausebook.findings.pointers import parts
from clausebook.language.sandbox import Sandbox
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.render.markdown import render_markdown
from tests.support import seeded_deals, seeded_texts
from tests.support.seeded_deals import CLEAN, REPOSITORIES, SLIPS, UNSEEN, UNSEEN_DEALS, Seed, clean, seeds

Told = frozenset[tuple[str, ...]]
"""What is told of a text: rules and what they say, or the peer's."""

SLIPS_ROW = "slips in unseen deals"

KNOWN = {
    ("milestone-lab", "core/value-unshown", f"/{place}")
    for place in (
        "resource_contributions/financial/reimbursements/0/cost",
        "confidentiality_and_compliance/data_privacy/deidentification/permitted_uses",
    )
}
"""Values that a clean deal gives for rules which no clause of it prints: they are told with reason."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is told of one agreement: our findings by rule, pointer and message, and its text for the peer."""

    ours: Told
    text: str

    @classmethod
    def of(cls, agreement: Agreement) -> Judged:
        """Judge an agreement that has been assembled, or could not be."""
        told = frozenset((each.rule, each.pointer, each.message) for each in agreement.findings if each.pointer)
        return cls(told, render_markdown(outgoing(agreement.document)) if agreement.document else "")


@dataclass(slots=True)
class Row:
    """A kind of defect: how many there are, how many are found, in their place, and by the peer."""

    defects: int = 0
    found: int = 0
    placed: int = 0
    peer: int = 0
    missed: list[str] = field(default_factory=list)


class Peer:
    """The other program, which reads Markdown files; without a program it tells nothing."""

    def __init__(self, program: Path | None, folder: Path) -> None:
        self.program, self.folder = program, folder

    def told(self, texts: Sequence[str]) -> list[Counter[tuple[str, ...]]]:
        """Return what it tells of each text: rules and messages."""
        if self.program is None or not texts:
            return [Counter() for _ in texts]
        paths = [self.folder / f"{number}.md" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8")
        run = subprocess.run([self.program, "lint", "--json", *paths], capture_output=True, text=True, check=False)
        found = json.loads(run.stdout)
        reports = found if isinstance(found, list) else [found]
        return [Counter((each["rule"], each["message"]) for each in report["findings"]) for report in reports]


def partnership_rows(root: Path, listed: Sequence[Seed], sandbox: Sandbox, peer: Peer) -> dict[str, Row]:
    """Return a row for each section of the deal, or for slips, of the edits that a list has."""
    bases = {each.file.id: Judged.of(each) for each in clean(root, sorted({seed.deal for seed in listed}), sandbox)}
    before = dict(zip(bases, peer.told([each.text for each in bases.values()]), strict=True))
    judged = [(seed, Judged.of(each)) for seed, each in seeded_deals.assembled(root, listed, sandbox)]
    theirs = peer.told([each.text for _, each in judged])
    rows: dict[str, Row] = {}
    for (seed, now), after in zip(judged, theirs, strict=True):
        section = str(next(iter(parts(seed.at)), "")).replace("_", " ")
        row = rows.setdefault(SLIPS_ROW if seed.slip else f"rules: {section}", Row())
        new = now.ours - bases[seed.deal].ours
        rule = seed.rule if "/" in seed.rule else f"partnership/{seed.rule}"
        placed = any(
            each[0] == rule and (each[1] == seed.at or (seed.slip and each[1].startswith(seed.at))) for each in now.ours
        )
        row.defects += 1
        row.found += bool(new)
        row.placed += placed
        row.peer += bool(after - before[seed.deal])
        if not placed:
            row.missed.append(f"{seed.slip or seed.rule} in {seed.deal} at {seed.at}")
    return rows


def text_rows(sandbox: Sandbox, peer: Peer) -> dict[str, Row]:
    """Return a row for what stands in the words of agreements of the tests' own; there one deal has many defects."""
    row = Row()
    for case in seeded_texts.CASES:
        repository, name = case["agreement"].split("/")
        root = seeded_texts.repository_of(repository)
        files, wanted = seeded_texts.seeded(case)
        plain, before = seeded_texts.assembled(root, name, {}, sandbox)
        edited, after = seeded_texts.assembled(root, name, files, sandbox)
        old, new = peer.told([Judged.of(plain).text, Judged.of(edited).text])
        row.defects += len(wanted)
        row.found += len(wanted & (after - before))
        row.placed += len(wanted & (after - before))
        row.peer += min(len(wanted), sum((new - old).values()))
        row.missed += [f"{rule} in {path}, line {line}" for rule, path, line, _ in sorted(wanted - after)]
    return {"words of the finished text": row}


def clean_agreements(root: Path, more: Iterable[Path], sandbox: Sandbox) -> Iterator[tuple[str, list[Agreement]]]:
    """Yield the clean agreements: those that the rules were written with, unseen ones, and those from elsewhere."""
    yield "partnerships that the rules were written with", list(clean(root, CLEAN, sandbox))
    yield "partnerships written afterwards", list(clean(root, UNSEEN_DEALS, sandbox))
    others = []
    for kind, repository in REPOSITORIES.items():
        home = seeded_texts.repository_of(repository)
        for path in sorted((UNSEEN / kind).glob("*.yaml")):
            files = {f"agreements/{path.name}": path.read_bytes()}
            others.append(seeded_texts.assembled(home, path.stem, files, sandbox)[0])
    yield "agreements of other types, written afterwards", others
    for folder in more:
        names = sorted(path.stem for path in (folder / "agreements").glob("*.yaml"))
        project = Project(folder, sandbox).with_files(seeded_texts.program_files())
        yield f"agreements of {folder.name}", list(project.assemble_all(names))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables, and below them what was missed and each false alarm."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.defects", description=__doc__)
    parser.add_argument("--peer", type=Path, help="the program of contract-lint")
    parser.add_argument("--repository", type=Path, action="append", default=[], help="a repository of clean agreements")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clausebook-defects-")))
        sandbox, peer = stack.enter_context(Sandbox()), Peer(options.peer, folder)
        root = seeded_deals.repository_of_types(folder)
        rows = partnership_rows(root, seeds(), sandbox, peer) | text_rows(sandbox, peer)
        rows |= partnership_rows(root, seeds(SLIPS), sandbox, peer)
        _print("defects", "seeded", "found", "in their place", "contract-lint tells something new")
        print("|---|--:|--:|--:|--:|")
        for kind, row in rows.items():
            _print(kind, row.defects, row.found, row.placed, row.peer)
        every = zip(*((row.defects, row.found, row.placed, row.peer) for row in rows.values()), strict=True)
        _print("**all**", *map(sum, every))
        print()
        _print("agreements without a defect", "there are", "told of them", "by contract-lint")
        print("|---|--:|--:|--:|")
        alarms: list[str] = []
        for kind, agreements in clean_agreements(root, options.repository, sandbox):
            told = {each.file.id: Judged.of(each) for each in agreements}
            said = [(name, *each[:2]) for name, judged in told.items() for each in sorted(judged.ours)]
            said = [each for each in said if each not in KNOWN]
            theirs = sum(sum(each.values()) for each in peer.told([each.text for each in told.values()]))
            _print(kind, len(told), len(said), theirs)
            alarms += [f"{name}: {rule} at {pointer}" for name, rule, pointer in said]
    missed = [f"{kind}: {each}" for kind, row in rows.items() for each in row.missed]
    print("".join(f"\nNot in its place: {each}" for each in missed))
    print("".join(f"\nTold of an agreement without a defect: {each}" for each in alarms))
    unexpected = [each for kind, row in rows.items() for each in row.missed if kind != SLIPS_ROW]
    return int(bool(unexpected or alarms))


def _print(*cells: object) -> None:
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
