"""A later version that is executed as a whole says which text it amends and restates in its entirety."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clausebook.amending.amendment_chain import chain
from clausebook.document.words import words
from clausebook.findings.model import RepositoryError
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.amendment import amend
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.repository.tree import DiskTree
from tests.support.executed_repositories import edit, executed_repository, record
from tests.support.repositories import ROOT

pytestmark = pytest.mark.slow("an agreement is executed, amended and executed again as a whole")

NAME = "sparrow-finch"
FIRST = f"{NAME}-amendment-1"
EXCEPTIONS = "  exceptions:\n    - what was public before\n    - what the recipient learned from others\n"
TOLD: dict[str, Any] = {
    "title": "Talks about a bird atlas",
    "version": "1.0",
    "date": "2026-03-02",
    "amendments": [{"number": 1, "date": "2026-06-01"}],
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    """A repository with an agreement that was executed, and amended once; not to be changed."""
    root = executed_repository(tmp_path_factory.mktemp("restated"), sandbox)
    path = root / "schemas" / "nda" / "agreement.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["properties"]["restates"] = {"type": "object"}
    path.write_text(json.dumps(schema), encoding="utf-8")
    clause = next((root / "templates" / "nda" / "clauses").glob("*.md"))
    assert "restates" not in clause.read_text(encoding="utf-8")
    edit(root, NAME, ('"1.0"\nstatus: executed', '"1.1"\nstatus: approved'), ("kept_for: P3Y", "kept_for: P5Y"))
    amend(Project(root, sandbox), NAME)
    edit(root, FIRST, ("status: draft", "status: approved"))
    record(root, FIRST, "2026-06-01", sandbox)
    edit(root, NAME, ("status: approved", "status: executed"))
    return root


@pytest.fixture
def root(once: Path, tmp_path: Path) -> Path:
    """A copy of it in which version 2.0, with a clause less, goes out as a whole."""
    shutil.copytree(once, tmp_path / "repository")
    edit(tmp_path / "repository", NAME, ('"1.1"\nstatus: executed', '"2.0"\nstatus: approved'), (EXCEPTIONS, ""))
    return tmp_path / "repository"


def restating(root: Path, told: object) -> None:
    edit(root, NAME, ("parties:\n", f"restates: {json.dumps(told)}\nparties:\n"))


def assembled(root: Path, sandbox: Sandbox, name: str = NAME) -> Agreement:
    project = Project(root, sandbox)
    return project.assemble(project.files([name])[0])


def told(found: Agreement) -> list[tuple[str, str, str]]:
    return [(each.rule, each.pointer, each.hint) for each in found.findings if "restatement" in each.rule]


def test_a_version_that_goes_out_as_a_whole_must_say_what_becomes_of_the_one_before(
    root: Path, sandbox: Sandbox
) -> None:
    ((rule, pointer, hint),) = told(assembled(root, sandbox))
    assert (rule, pointer) == ("core/restatement-untold", "/version")
    assert "clausebook amend sparrow-finch" in hint
    assert hint.endswith(f"write restates: {json.dumps(TOLD)}")
    # Both ways out do away with it.
    amend(Project(root, sandbox), NAME)
    assert told(assembled(root, sandbox)) == []


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"version": "1.1"}, "/restates/version"),
        ({"date": "2026-03-03"}, "/restates/date"),
        ({"title": "Talks about fish"}, "/restates/title"),
        ({"amendments": [{"number": 1, "date": "2026-06-02"}]}, "/restates/amendments"),
        ({"amendments": []}, "/restates/amendments"),
    ],
)
def test_it_names_the_text_that_was_executed_last(
    wrong: dict[str, object], pointer: str, root: Path, sandbox: Sandbox
) -> None:
    restating(root, {**TOLD, **wrong})
    assert told(assembled(root, sandbox)) == [
        ("core/restatement-misfit", pointer, f"write restates: {json.dumps(TOLD)}")
    ]


def test_it_is_executed_as_it_is_and_amended_anew(root: Path, sandbox: Sandbox) -> None:
    restating(root, TOLD)
    found = assembled(root, sandbox)
    assert told(found) == []
    assert found.document is not None
    assert "Reserved" not in words(found.document), "a whole text has the numbers that it has by itself"
    with pytest.raises(RepositoryError, match="restates it as a whole"):
        amend(Project(root, sandbox), NAME)

    record(root, NAME, "2026-09-01", sandbox)
    executed = assembled(root, sandbox)
    assert told(executed) == []
    assert executed.document is not None
    assert executed.document.restated is None, "it is an original, and no copy"
    assert [text.document.version for text in chain(DiskTree(root), NAME).texts] == ["1.0", "1.1", "2.0"]

    # What it says of itself stays in its own drafts, which are amendments again.
    edit(root, NAME, ('"2.0"\nstatus: executed', '"2.1"\nstatus: approved'), ("kept_for: P5Y", "kept_for: P6Y"))
    assert [rule for rule, _, _ in told(assembled(root, sandbox))] == ["core/restatement-untold"]
    drafted = amend(Project(root, sandbox), NAME)
    assert (drafted.number, drafted.base) == (2, "2.0")
    amendment = assembled(root, sandbox, drafted.id).document
    assert amendment is not None
    text = " ".join(words(amendment))
    assert "version 2.0, executed on September 1, 2026" in text
    assert "as amended by" not in text


def test_an_amendment_of_it_follows_no_amendment_of_the_text_before(
    once: Path, tmp_path: Path, sandbox: Sandbox
) -> None:
    root = tmp_path / "repository"
    shutil.copytree(once, root)
    edit(root, NAME, ('"1.1"\nstatus: executed', '"1.2"\nstatus: approved'), ("kept_for: P5Y", "kept_for: P6Y"))
    amend(Project(root, sandbox), NAME, "2031-01-01")
    edit(root, f"{NAME}-amendment-2", ("status: draft", "status: approved"))
    record(root, f"{NAME}-amendment-2", "2026-06-02", sandbox)
    edit(root, NAME, ('"1.2"\nstatus: approved', '"2.0"\nstatus: approved'), (EXCEPTIONS, ""))
    restating(root, {**TOLD, "amendments": [*TOLD["amendments"], {"number": 2, "date": "2026-06-02"}]})
    record(root, NAME, "2026-07-01", sandbox)
    edit(root, NAME, ('"2.0"\nstatus: executed', '"2.1"\nstatus: approved'), ("kept_for: P6Y", "kept_for: P7Y"))
    assert amend(Project(root, sandbox), NAME, "2027-01-01").warnings == ()


def test_no_party_is_left_out_of_what_it_signed(root: Path, sandbox: Sandbox) -> None:
    path = root / "agreements" / f"{NAME}.yaml"
    signed = path.read_text(encoding="utf-8")
    left = signed.replace("key: finch", "key: plover").replace("party: finch", "party: plover")
    assert left != signed
    path.write_text(left, encoding="utf-8")
    assert [rule for rule, _, _ in told(assembled(root, sandbox))] == ["core/restatement-untold"] * 2
    restating(root, TOLD)
    ((rule, pointer, hint),) = told(assembled(root, sandbox))
    assert (rule, pointer) == ("core/restatement-misfit", "/parties")
    assert "let it leave by an amendment first, clausebook amend sparrow-finch" in hint


def test_a_first_text_restates_nothing(once: Path, tmp_path: Path, sandbox: Sandbox) -> None:
    shutil.copytree(once, tmp_path / "first", ignore=shutil.ignore_patterns("executed", f"{FIRST}*"))
    edit(tmp_path / "first", NAME, ('"1.1"\nstatus: executed', '"1.0"\nstatus: draft'))
    restating(tmp_path / "first", TOLD)
    assert told(assembled(tmp_path / "first", sandbox)) == [
        ("core/restatement-misfit", "/restates", "remove `restates`")
    ]


def test_what_accompanies_an_agreement_recites_it_as_executed(once: Path, tmp_path: Path, sandbox: Sandbox) -> None:
    root = tmp_path / "letter"
    shutil.copytree(once, root)
    for folder in ("templates", "schemas"):
        shutil.copytree(ROOT / folder / "side-letter", root / folder / "side-letter")
    shutil.copy(ROOT / "schemas" / "common.schema.json", root / "schemas")
    letter = (ROOT / "tests" / "cases" / "side-letters" / "signed-together.yaml").read_text(encoding="utf-8")
    path = root / "agreements" / "signed-together.yaml"

    def findings(told: object) -> list[tuple[str, str]]:
        links = f"links: {{accompanies: [{NAME}]}}\nagreement: {json.dumps(told)}\nmatters:"
        head, _, rest = letter.partition("agreement: ")
        path.write_text(head + links + rest.partition("matters:")[2], encoding="utf-8")
        found = assembled(root, sandbox, path.stem).findings
        return [(each.pointer, each.hint) for each in found if each.rule == "core/accompanied-recital"]

    told = {"kind": "Mutual Non-Disclosure Agreement", **TOLD}
    assert findings(told) == []
    assert findings({**told, "date": "2026-03-03"}) == [("/agreement/date", 'write date: "2026-03-02"')]
    assert findings({name: told[name] for name in ("kind", "title", "version")}) == [
        ("/agreement", 'write date: "2026-03-02"'),
        ("/agreement", 'write amendments: [{"number": 1, "date": "2026-06-01"}]'),
    ]
