"""The table of what was measured, and the rooms in which a build's time is spent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.results import Part, Row, growth, read, table, write
from benchmarks.rooms import NO_ROOM, by_room, rows


def test_sizes_of_one_thing_stand_together_and_tell_how_it_grows() -> None:
    parts = [
        Part("1000", "Machine A", (Row("build", 1000, 20_000_000, processor=200.0, clock=110.0, memory=2**30),)),
        Part("100", "Machine A", (Row("build", 100, 2_000_000, processor=20.0), Row("list", 100, processor=0.5))),
        Part("100 short", "Machine B", (Row("build", 100, 100_000, "short", processor=2.0),)),
    ]
    lines = table(parts).splitlines()
    assert lines[2:] == [
        "| build | 100 |  | 20 s |  |  | 10.00 ms |  |  |",
        "| build | 1,000 |  | 200 s | 110 s | 1,024 MiB | 10.00 ms | 1.00 |  |",
        "| list | 100 |  | 0.50 s |  |  |  |  |  |",
        "| build | 100 short |  | 2.00 s |  |  | 20.00 ms |  |  |",
        "",
        "Machine A",
        "Machine B",
    ]


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (Row("", 100, processor=3.0), Row("", 1000, processor=300.0), 2.0),
        (Row("", 100, processor=3.0), Row("", 1000, processor=3.0), 0.0),
        (Row("", 100, processor=3.0), Row("", 100, processor=9.0), None),
        (Row("", 100, figure="none"), Row("", 1000, processor=9.0), None),
    ],
)
def test_growth_is_the_exponent_of_the_number_of_agreements(before: Row, after: Row, wanted: float | None) -> None:
    found = growth(before, after)
    assert found == wanted if wanted is None else found == pytest.approx(wanted)


def test_parts_are_kept_and_what_others_measured_comes_after_them(tmp_path: Path) -> None:
    first, second = Part("10 short", "M", (Row("a", 10),)), Part("10", "M", (Row("b", 10, figure="7 ×"),))
    for part in (first, second, second):
        write(tmp_path, part)
    foreign = {"part": "a first query", "rows": [{"what": "bytes of a first query", "figure": "400 KB"}]}
    (tmp_path / "a-first-query.json").write_text(json.dumps(foreign))
    found = read(tmp_path, ["10", "10 short", "1000"])
    assert found == [second, first, Part("a first query", "", (Row("bytes of a first query", figure="400 KB"),))]


def test_a_look_counts_for_the_innermost_room_whatever_library_it_asked() -> None:
    stacks = [
        'process 1:"python";main (clausebook/cli/main.py:28);pdf (clausebook/render/pdf/typst.py:7);go (typst.py:3) 60',
        "main (clausebook/cli/main.py:28);read (/somewhere/clausebook/load/yaml.py:9);parse (ruamel/yaml/main.py:1) 39",
        "main (clausebook/__main__.py:5) 1",
        "_find_spec (<frozen importlib._bootstrap>:1) 100",
    ]
    counts = by_room(stacks)
    assert counts == {"render/pdf": 60, "load": 39, "__main__": 1, NO_ROOM: 100}
    told = rows(counts, 10)
    assert [row.figure for row in told] == ["50%", "30%", "20%", "0%"]
    assert told[-1].what.endswith("all others")
