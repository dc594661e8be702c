"""The same finding of many agreements is told once."""

from __future__ import annotations

from clausebook.findings.grouped import grouped
from clausebook.findings.model import Finding
from clausebook.repository.agreement_files import owner

RULE = "core/agreement-id"


def of(name: str, message: str, line: int = 1, hint: str = "", path: str = "") -> Finding:
    return Finding(RULE, message.format(name), path or f"agreements/{name}.yaml", line, hint=hint.format(name))


def test_findings_that_differ_in_nothing_but_their_agreement_are_one() -> None:
    said, hint = "`{0}` is not what agreements/{0}.yaml says", "run clausebook upgrade {0}"
    wren, robin = of("wren", said, 3, hint), of("robin", said, 5, hint)
    other = of("wren", "`{0}-amendment-1` is not there")
    (both, alone) = grouped([wren, other, robin], owner)
    assert both.findings == (wren, robin)
    assert both.told.message == "`<agreement>` is not what agreements/<agreement>.yaml says"
    assert both.told.hint == "run clausebook upgrade <agreement>"
    assert (both.told.path, both.told.line) == (wren.path, 3)
    assert (alone.told, alone.findings) == (other, (other,))


def test_what_names_another_agreement_or_belongs_to_none_is_told_apart() -> None:
    apart = [of("wren", "`robin` is not valid"), of("robin", "`wren` is not valid")]
    library = [of("", "x", path="templates/nda/outline.yaml"), of("", "x", path="templates/nda/glossary.yaml")]
    found = grouped([*apart, *library], owner)
    assert [len(group.findings) for group in found] == [1, 1, 2]
    assert [group.told.message for group in found] == ["`robin` is not valid", "`wren` is not valid", "x"]


def test_a_finding_alone_keeps_its_words() -> None:
    found = of("wren", "`{0}` is not valid")
    assert grouped([found], owner)[0].told is found
