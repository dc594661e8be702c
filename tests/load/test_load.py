"""Loading YAML: cases as folders, properties by hypothesis, and input that means harm."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from clausebook.findings.characters import hidden_characters
from clausebook.findings.model import Finding
from clausebook.findings.pointers import parts, pointer
from clausebook.load.positions import Lines, Positions
from clausebook.load.yaml import load_yaml, split_front_matter

CASES = Path(__file__).parents[1] / "cases" / "load"


def lines_of(findings: tuple[Finding, ...]) -> list[str]:
    """Return what a case's expected.txt holds: rule, line:column, pointer, message and hint."""
    return [
        f"{finding.rule} {finding.line}:{finding.column} {finding.pointer or '-'} {finding.message} | {finding.hint}"
        for finding in findings
    ]


@pytest.mark.parametrize("case", sorted(case for case in CASES.iterdir() if case.is_dir()), ids=lambda case: case.name)
def test_case(case: Path) -> None:
    source = next(case.glob("input.*"))
    if source.suffix == ".md":
        found = split_front_matter(source.read_bytes(), source.name).findings
    else:
        found = load_yaml(source.read_bytes(), source.name).findings
    assert lines_of(found) == (case / "expected.txt").read_text(encoding="utf-8").splitlines()


def test_text_stays_as_it_is_written() -> None:
    source = (
        b"""
amount: 12.50
whole: 250000
negative: -7
zero: 0
leading: 02134
plus: +5
date: 2026-03-01
norway: NO
yes: yes
exponent: 1e3
octal: 0o17
hexadecimal: 0x1F
clock: 12:30:45
infinity: .inf
quoted: "50"
flag: true
other: FALSE
big: 123456789012345678901234567890
huge: 1"""
        + b"0" * 5000
    )
    loaded = load_yaml(source, "a.yaml")
    assert loaded.findings == ()
    assert loaded.value == {
        "amount": "12.50",
        "whole": 250000,
        "negative": -7,
        "zero": 0,
        "leading": "02134",
        "plus": "+5",
        "date": "2026-03-01",
        "norway": "NO",
        "yes": "yes",
        "exponent": "1e3",
        "octal": "0o17",
        "hexadecimal": "0x1F",
        "clock": "12:30:45",
        "infinity": ".inf",
        "quoted": "50",
        "flag": True,
        "other": False,
        "big": 123456789012345678901234567890,
        "huge": "1" + "0" * 5000,
    }


def test_positions_of_values_and_keys() -> None:
    loaded = load_yaml(b"a: 1\nlist:\n  - name: x\n    'b/c~d': {e: f}\n", "a.yaml")
    assert loaded.positions.value("/list/0/name") == (3, 11)
    assert loaded.positions.key("/list/0/name") == (3, 5)
    assert loaded.positions.value("/list/0") == (3, 5)
    assert loaded.positions.value(("list", 0, "b/c~d", "e")) == (4, 18)
    assert loaded.positions.key("/list/0/b~1c~0d") == (4, 5)
    assert loaded.positions.key("/list/0/absent/deeper") == (3, 5)
    assert loaded.positions.value("/list/7") == (3, 3)
    assert loaded.positions.value("") == (1, 1)
    assert Positions().value("/a/b") == (1, 1)
    assert parts(pointer(("b/c~d", 3))) == ["b/c~d", "3"]


def test_a_byte_order_mark_at_the_start_is_no_problem() -> None:
    loaded = load_yaml("\ufeffa: b\n".encode(), "a.yaml")
    assert (loaded.value, loaded.findings) == ({"a": "b"}, ())


def test_wanted_roots() -> None:
    assert load_yaml(b"- a\n", "a.yaml", root="list").value == ["a"]
    assert load_yaml(b"a\n", "a.yaml", root="any").value == "a"
    assert [finding.rule for finding in load_yaml(b"a: b\n", "a.yaml", root="list").findings] == [
        "core/yaml-not-a-list"
    ]


def test_empty_text_can_be_allowed() -> None:
    loaded = load_yaml(b"a: ''\nb:\n", "a.yaml", empty_text=True)
    assert [finding.pointer for finding in loaded.findings] == ["/b"]


def test_front_matter_and_body() -> None:
    front = split_front_matter(b"---\r\nid: x\r\nnone: ''\r\n---\r\nFirst.\r\n\r\n---\r\nLast.", "c.md")
    assert front.findings == ()
    assert front.data.value == {"id": "x", "none": ""}
    assert front.data.positions.value("/id") == (2, 5)
    assert (front.body, front.body_line) == ("First.\n\n---\nLast.", 5)


def test_front_matter_without_a_body() -> None:
    front = split_front_matter(b"---\nid: x\n---", "c.md")
    assert (front.data.value, front.body, front.findings) == ({"id": "x"}, "", ())


def bomb() -> bytes:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(levels).encode()


HARMFUL = {
    "alias-bomb": (bomb(), "core/yaml-anchor"),
    "50-megabytes": (b"a: b\n" * (10 << 20), "core/yaml-too-large"),
    "deep-flow": (b"a: " + b"[" * 10_000 + b"]" * 10_000, "core/yaml-too-deep"),
    "deep-braces": (b"{a: " * 10_000, "core/yaml-too-deep"),
    "deep-lines": (b"a:\n  " + b"[\n  " * 10_000, "core/yaml-too-deep"),
    "deep-dashes": (b"- " * 10_000, "core/yaml-too-deep"),
    "deep-block": (b"".join(b" " * n + b"a:\n" for n in range(1_000)), "core/yaml-too-deep"),
    "deep-keys": (b"? " * 10_000, "core/yaml-key"),
    "unclosed": (b"[" * (1 << 20), "core/yaml-too-deep"),
    "wide-list": (b"a: [" + b"x," * 500_000 + b"]", "core/yaml-too-large"),
    "wide-mapping": (b"".join(b"a%d: b\n" % n for n in range(90_000)), "core/yaml-too-large"),
    "empty-values": (b"a: [" + b"''," * 40_000 + b"]", "core/text-empty"),
    "duplicates": (b"a: b\n" * 200_000, "core/yaml-duplicate-key"),
    "hidden": (b"a: " + "\u200b".encode() * 340_000, "core/text-hidden-character"),
    "long-keys": ((b"? " + b"k" * 500_000 + b"\n: " + b"{a: ''}\n") * 2, "core/text-empty"),
    "quote": (b"a: '" + b"x\n " * 300_000, "core/yaml-syntax"),
    "zeros": (b"\0" * 1000, "core/yaml-encoding"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100, "core/yaml-encoding"),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_harmful_input_is_refused_in_no_time(name: str) -> None:
    data, rule = HARMFUL[name]
    start = time.perf_counter()
    loaded = load_yaml(data, "a.yaml")
    assert time.perf_counter() - start < 10
    assert rule in {finding.rule for finding in loaded.findings}
    assert len(loaded.findings) <= 1001
    assert all(len(finding.message) < 300 for finding in loaded.findings)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Cf")), min_size=1).filter(
    lambda text: bool(text.strip()) and not list(hidden_characters(text, returns=True))
)
SCALARS = TEXT | st.integers() | st.booleans()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=12
)


def dumped(value: Any, flow: bool) -> bytes:
    writer = YAML(typ="safe", pure=False)
    writer.default_flow_style = flow
    writer.allow_unicode = True
    stream = io.BytesIO()
    writer.dump(value, stream)
    return stream.getvalue()


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict):
        return [leaf for name, inner in value.items() for leaf in leaves(inner, (*path, name))]
    if isinstance(value, list):
        return [leaf for index, inner in enumerate(value) for leaf in leaves(inner, (*path, index))]
    return [(path, value)]


@pytest.mark.slow("any data, as the files of the repository hold it")
@settings(deadline=None)
@given(st.dictionaries(TEXT, VALUES, min_size=1, max_size=5), st.booleans())
def test_what_is_dumped_is_loaded_again(value: dict[str, Any], flow: bool) -> None:
    loaded = load_yaml(dumped(value, flow), "a.yaml")
    assert [finding for finding in loaded.findings if finding.rule != "core/text-empty"] == []
    assert loaded.value == value


@settings(deadline=None)
@given(st.dictionaries(st.from_regex("[a-z]{1,8}", fullmatch=True), VALUES, min_size=1, max_size=5), st.booleans())
def test_positions_point_to_the_first_character(value: dict[str, Any], flow: bool) -> None:
    data = dumped(value, flow)
    loaded = load_yaml(data, "a.yaml")
    source = data.decode().split("\n")
    for path, leaf in leaves(value):
        line, column = loaded.positions.value(path)
        rest = source[line - 1][column - 1 :]
        words = str(leaf).lower() if isinstance(leaf, bool) else str(leaf)
        assert rest[0] in "'\"|>?" or words.startswith(rest[0]), (path, rest)


@given(st.text())
def test_no_text_raises(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    for loaded in (load_yaml(data, "a.yaml"), split_front_matter(b"---\n" + data + b"\n---\n" + data, "a.md").data):
        assert loaded.findings or isinstance(loaded.value, dict)


@given(st.binary())
def test_no_bytes_raise(data: bytes) -> None:
    loaded = load_yaml(data, "a.yaml")
    assert loaded.findings or isinstance(loaded.value, dict)


@given(st.text("ab\r\n\u2028é😀"), st.data())
def test_lines_count_as_editors_do(text: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(text)))
    # A place between a carriage return and its line feed is none that anything can stand at.
    if text[max(0, index - 1) : index + 1] != "\r\n":
        before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
        assert Lines(text).at(index) == (before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
