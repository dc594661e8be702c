"""A few lines of a YAML file change, and every other byte stays."""

from __future__ import annotations

import pytest

from clausebook.findings.model import RepositoryError
from clausebook.load.editing import scalar, with_entry, with_item, with_scalar, without
from clausebook.load.yaml import load_yaml


@pytest.mark.parametrize(
    "value", ["word", "two words", "a: b", "no", "null", "1.0", "2026-05-01", " x", "it's", "a #b", "x.md", "[A]", "é"]
)
def test_a_scalar_is_read_back(value: str) -> None:
    assert load_yaml(f"a: {scalar(value)}\n".encode(), "a.yaml").value == {"a": value}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1\nb:\n  - 2\nc: 3\n", "a: 1\nc: 3\n"),
        ("a: 1\n\n# of b\nb: 2\n\n# of c\nc: 3\n", "a: 1\n\n# of c\nc: 3\n"),
        ("a: 1\r\n\r\nb: 2\r\n\r\nc: 3\r\n", "a: 1\r\n\r\nc: 3\r\n"),
        ("a: 1\n\nb:\n  - 2\n  # of b too\n", "a: 1\n"),
        ("b: 2\na: 1", "a: 1"),
        ("# of b\nb: 2\n", ""),
        ("\ufeffa: 1\nb: |\n  # no comment\n\n  text\nc: 3", "\ufeffa: 1\nc: 3"),
    ],
)
def test_a_property_goes_with_its_comment(before: str, after: str) -> None:
    assert without(before.encode(), "b", "a.yaml") == after.encode()
    assert without(after.encode(), "b", "a.yaml") == after.encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1", "a: 1\n\ng:\n  x:\n    w: n.md\n"),
        ("g:\n  x:\n    use: old\n  y: {use: z}\na: 1\n", "g:\n  x:\n    w: n.md\n  y: {use: z}\na: 1\n"),
        ("g:\n y:\n  z\n  # of y\n\n# of a\na: 1", "g:\n y:\n  z\n  # of y\n x:\n   w: n.md\n\n# of a\na: 1\n"),
        ("g:\r\n  y: {use: z}", "g:\r\n  y: {use: z}\r\n  x:\r\n    w: n.md\r\n"),
    ],
)  # fmt: skip
def test_an_entry_is_put_into_a_group(before: str, after: str) -> None:
    assert with_entry(before.encode(), "g", "x", {"w": "n.md"}, "a.yaml") == after.encode()


@pytest.mark.parametrize("before", ["g: {y: {use: z}}\n", "{g: {y: 1}}\n", "g: {}\n"])
def test_a_group_that_cannot_be_changed_is_said(before: str) -> None:
    with pytest.raises(RepositoryError, match="not written"):
        with_entry(before.encode(), "g", "x", {"w": "n.md"}, "a.yaml")


def test_a_property_on_a_shared_line_is_not_taken_out() -> None:
    with pytest.raises(RepositoryError, match="not written in a way that can be changed"):
        without(b"{a: 1, b: 2}\n", "b", "a.yaml")


def test_text_is_quoted_where_it_must_be() -> None:
    assert with_scalar(b"version: 1.0 # the first\n", "version", "0.1", "a.yaml") == b'version: "0.1" # the first\n'


ITEM = {"matter": "the audit", "on": "2028-04-01"}
ADDED = "{0}- matter: the audit\n{0}  on: 2028-04-01\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1\n", "a: 1\nholds:\n" + ADDED.format("  ")),
        ("a: 1", "a: 1\nholds:\n" + ADDED.format("  ")),
        ("holds: []\nb: 2\n", "holds:\n" + ADDED.format("  ") + "b: 2\n"),
        ("holds:\n- {matter: x}   # one\n\n# of b\nb: 2\n", "holds:\n- {matter: x}   # one\n{}\n# of b\nb: 2\n"),
        (
            "holds:\n    - matter: x\n      # in it\n      on: y\n",
            "holds:\n    - matter: x\n      # in it\n      on: y\n{}",
        ),
        ("holds:\n  - matter: x\n  # the last one\n\nb: 2\n", "holds:\n  - matter: x\n{}  # the last one\n\nb: 2\n"),
        ("holds: [{matter: x}]\nb: 2\n", 'holds:\n  - matter: "x"\n{}b: 2\n'),
        ("holds:\n  - |\n    # no comment\n  - y\n", "holds:\n  - |\n    # no comment\n  - y\n{}"),
    ],
)
def test_an_item_is_added_at_the_end_of_a_list(before: str, after: str) -> None:
    indent = next((line.partition("-")[0] for line in before.splitlines() if line.lstrip().startswith("- ")), "  ")
    wanted = after.replace("{}", ADDED.format(indent))
    made = with_item(before.encode(), "holds", ITEM, "deal.yaml", "mend").decode()
    assert made.replace('"x"', "x") == wanted.replace('"x"', "x")
    carried = with_item(before.replace("\n", "\r\n").encode(), "holds", ITEM, "deal.yaml", "mend")
    assert load_yaml(carried, "").value == load_yaml(made.encode(), "").value


def test_an_item_is_replaced_in_its_place() -> None:
    before = (
        "# c\nholds:\n  - matter: x   # gone\n    on: y\n  # of the second\n  - {matter: z}   # also gone\n# d\nb: 2\n"
    )
    first = with_item(before.encode(), "holds", ITEM, "deal.yaml", "mend", 0).decode()
    rest = "  # of the second\n  - {matter: z}   # also gone\n# d\nb: 2\n"
    assert first == "# c\nholds:\n" + ADDED.format("  ") + rest
    second = with_item(before.encode(), "holds", ITEM, "deal.yaml", "mend", 1).decode()
    assert second == before.replace("  - {matter: z}   # also gone\n", ADDED.format("  "))
