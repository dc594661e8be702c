"""Measure the whole program, and print one table: `python -m benchmarks.table --sizes 10,100,1000 --short 1000,10000`.

    python -m benchmarks.table --sizes 10,100,1000 --short 1000,10000 --peers FOLDER --profile 100 --list
    python -m benchmarks.table … --part 2/12      # the second part of the list alone
    python -m benchmarks.table … --show           # the table of what has been measured, and what is missing

Only the command line is driven, as a shell does it, each command a process of its own. Every part runs by itself and
keeps its rows in WORK/results; a part that needs what another one leaves says so. What else puts a file of rows there
(see `benchmarks.results`) is in the table too.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks import beside_peers, measuring, results, sizes
from benchmarks.measuring import Failed
from benchmarks.results import Part, Row
from benchmarks.sizes import Paper

PEERS_AT = 100
"""The number of agreements at which others are measured beside Clausebook."""


@dataclass(frozen=True, slots=True)
class Work:
    """A part of the work: its name, and what measures it."""

    name: str
    run: Callable[[], list[Row]] = field(compare=False)


def parts(options: argparse.Namespace) -> list[Work]:
    """Return the parts that the command line asks for, in the order in which they have to run."""
    found: list[Work] = []
    papers = [(count, "long") for count in options.sizes] + [(count, "short") for count in options.short]
    for count, paper in papers:
        of = Paper(options.work, count, paper)
        if count <= sizes.AT_ONCE:
            found.append(Work(of.name, partial(_all_of, of)))
        else:
            steps = (("made", sizes.made), ("cold", sizes.cold), ("again", sizes.again))
            found += (Work(f"{of.name} {name}", partial(step, of)) for name, step in steps)
    if options.peers:
        of = Paper(options.work, PEERS_AT, "long")
        found.append(Work("peers", partial(beside_peers.pipeline, of, options.peers)))
        found.append(Work("other peers", partial(beside_peers.others, of, options.peers)))
    if options.profile:
        of = Paper(options.work, options.profile, "long")
        found.append(Work("profile", partial(beside_peers.profile, of, options.peers)))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the parts that the command line asks for, or show what has been measured; 1 if a part fails."""
    options = _options(arguments)
    all_parts = parts(options)
    folder = options.work / "results"
    if options.list:
        print("\n".join(f"{number}/{len(all_parts)}  {each.name}" for number, each in enumerate(all_parts, 1)))
        return 0
    if not options.show:
        measuring.adopt()
        number, of = options.part
        for each in all_parts[number - 1 :: of]:
            print(f"{each.name} …", file=sys.stderr, flush=True)
            try:
                rows = each.run()
            except Failed as failure:
                print(f"{each.name}: {failure}", file=sys.stderr)
                return 1
            results.write(folder, Part(each.name, _machine(), tuple(rows)))
    there = results.read(folder, [each.name for each in all_parts])
    print(results.table(there))
    missing = [each.name for each in all_parts if each.name not in {part.name for part in there}]
    if missing:
        print(f"\nNot measured: {', '.join(missing)}.")
    return 0


def _all_of(paper: Paper) -> list[Row]:
    return [*sizes.made(paper), *sizes.cold(paper), *sizes.again(paper)]


def _machine() -> str:
    return f"Python {platform.python_version()}, {platform.machine()}, {len(os.sched_getaffinity(0))} processors"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.table", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=_counts, default=[], metavar="N,N", help="how many agreements")
    parser.add_argument("--short", type=_counts, default=[], metavar="N,N", help="how many of the short paper")
    parser.add_argument(
        "--peers",
        type=Path,
        nargs="?",
        const=os.environ.get("CLAUSEBOOK_PEERS", ""),
        metavar="FOLDER",
        help="beside others, which requirements-peers.txt installs into a venv, here FOLDER (or $CLAUSEBOOK_PEERS)",
    )
    parser.add_argument(
        "--profile", type=int, default=0, metavar="N", help="where the time of a build of N goes; needs --peers"
    )
    parser.add_argument("--part", type=_part, default=(1, 1), metavar="I/N", help="the Ith of every N parts")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path(os.environ.get("CLAUSEBOOK_BENCHMARKS", "/tmp/clausebook-benchmarks")),
        metavar="WORK",
        help="where repositories are made and results kept (or $CLAUSEBOOK_BENCHMARKS)",
    )
    parser.add_argument("--show", action="store_true", help="measure nothing, print the table")
    parser.add_argument("--list", action="store_true", help="measure nothing, print the parts")
    options = parser.parse_args(arguments)
    options.work = options.work.resolve()
    if options.peers is not None or options.profile:
        if not options.peers or not (options.peers / "bin" / "python").is_file():
            parser.error(
                "make a venv of the peers, and name its folder with --peers or CLAUSEBOOK_PEERS:\n"
                "python3 -m venv FOLDER && FOLDER/bin/pip install -r benchmarks/requirements-peers.txt"
            )
        options.peers = options.peers.absolute()
    return options


def _counts(text: str) -> list[int]:
    return sorted(int(each) for each in text.split(","))


def _part(text: str) -> tuple[int, int]:
    number, of = map(int, text.split("/"))
    if not 1 <= number <= of:
        raise ValueError
    return number, of


if __name__ == "__main__":
    sys.exit(main())
