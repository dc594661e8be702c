"""Amendments as cases: `tests/cases/amendments/<name>/` holds an edit of a deal as data, and what the amendment says.

`case.yaml`:

    story: what the parties agree, in a sentence
    agreement: predictive-analytics     # a deal of the repository
    repository: partnership             # a folder of tests/repositories; left out: partnership
    base: …                             # an edit before the agreement is executed; left out: none
    executed: 2026-11-02                # left out: 2026-11-02
    edits:                              # one for each amendment, in order; each but the last is executed
      - set: {/term_and_termination/duration/initial_term: P5Y}
        remove: [/purpose/objective/population]
        append: {/purpose/objective/exclusions: the sale of data}
        words:                          # words of a file of the repository, each there once, and those in their place
          - [templates/partnership/clauses/force-majeure.md, within 2, within 3]
        effective: 2027-01-01           # the options of `amend`, each of which may be left out
        when: the license in Ohio is granted
        renumber: true
        executed: 2026-12-15
        amendment: {set: {/parties/2/from: 2027-03-01}} # what its owner edits in the amendment that was written
        refused: [what a finding says]  # the last edit alone: no amendment is written, and these words say why

The pointers are those of the agreement's data. Before each edit the folder beside it, `base`, `edit-1`, `edit-2` …, is
laid over the repository if it is there: a clause of the library in other words, or one of the deal's own.

After an edit of its own the amendment is drafted once more, and must keep it.

The last amendment must say what stands in `operative.md`, the section with its operative words, in `parties.md`, what
it says of its parties before that and the blocks in which they sign, and in `amendment.md`, the whole of it; at least
one of them is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from clausebook.amending.amendment_chain import Chain, chain
from clausebook.amending.amendment_files import amendment_id
from clausebook.amending.wording import load_wording
from clausebook.document.model import Document
from clausebook.document.outgoing import outgoing
from clausebook.findings.model import FindingsError
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.amendment import amend
from clausebook.load.editing import NAMES, property_lines
from clausebook.load.yaml import load_yaml
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.render.markdown import render_markdown
from clausebook.repository.tree import DiskTree
from tests.support.executed_repositories import freeze
from tests.support.repositories import ROOT, shapes_repository
from tests.support.rule_cases import lay

CASES = ROOT / "tests" / "cases" / "amendments"
NAMES_OF_CASES = tuple(sorted(path.parent.name for path in CASES.glob("*/case.yaml")))
GOLDEN = ("operative.md", "parties.md", "amendment.md")
DAY = "2026-11-02"
SIGNED = b"%PDF-1.7 of a test"

_KNOWN = {
    "case": {"story", "agreement", "repository", "base", "executed", "edits"},
    "edit": {"set", "remove", "append", "words", "effective", "when", "renumber", "executed", "amendment", "refused"},
}


@dataclass(frozen=True, slots=True)
class Amended:
    """What became of a case: the repository, the last amendment, its agreement, the chain, and the words.

    `said` is by the golden file's name.
    """

    root: Path
    amendment: Agreement
    agreement: Agreement
    past: Chain
    said: Mapping[str, str]


def amended(name: str, folder: Path, sandbox: Sandbox) -> Amended | str:
    """Carry out the edits of a case in a repository that is made in `folder`.

    Return what was written, or the words with which `amend` refused to write it.
    """
    case = _read(CASES / name / "case.yaml")
    _check("case", case)
    agreement, repository = case["agreement"], case.get("repository", "partnership")
    root = shapes_repository(folder, repository)
    _edit(root, agreement, CASES / name / "base", case.get("base", {}))
    execute_text(root, agreement, case.get("executed", DAY), sandbox)
    made = ""
    for number, edit in enumerate(case["edits"], 1):
        _edit(root, agreement, CASES / name / f"edit-{number}", edit)
        put(root, agreement, {"/version": f"1.{number}", "/status": "approved"})
        days = {"effective_date": edit.get("effective", ""), "effective_when": edit.get("when", "")}
        options = {**days, "renumber": edit.get("renumber", False)}
        if "refused" in edit:
            return _refused(root, agreement, sandbox, options)
        made = amend(Project(root, sandbox), agreement, **options).id
        if "amendment" in edit:
            _edit(root, made, CASES / name / f"amendment-{number}", edit["amendment"])
            assert amend(Project(root, sandbox), agreement, **options).files == (), "what its owner wrote is kept"
        if number < len(case["edits"]):
            put(root, made, {"/status": "approved"})
            execute_text(root, made, edit.get("executed", DAY), sandbox)
            put(root, agreement, {"/status": "executed"})
    project = Project(root, sandbox)
    found, draft = (project.assemble(project.files([each])[0]) for each in (made, agreement))
    assert found.document, [each.message for each in found.findings]
    return Amended(root, found, draft, chain(DiskTree(root), agreement), _said(root, found.document))


def refusal(name: str) -> list[str]:
    """Return the words that must stand in the refusal of a case's last edit; none if it is not refused."""
    return list(_read(CASES / name / "case.yaml")["edits"][-1].get("refused", ()))


def _refused(root: Path, agreement: str, sandbox: Sandbox, options: Mapping[str, Any]) -> str:
    with pytest.raises(FindingsError) as caught:
        amend(Project(root, sandbox), agreement, **options)
    assert not (root / "agreements" / f"{amendment_id(agreement, 1)}.yaml").exists()
    return "\n".join(f"{each.rule}: {each.message}\n{each.hint}" for each in caught.value.findings)


def golden(name: str) -> dict[str, str]:
    """Return what the amendment of a case must say, by the golden file's name."""
    paths = [CASES / name / each for each in GOLDEN]
    return {path.name: path.read_text(encoding="utf-8") for path in paths if path.is_file()}


def _said(root: Path, amendment: Document) -> dict[str, str]:
    """Return the operative words alone, and the whole amendment, in Markdown."""
    wording, findings = load_wording(DiskTree(root), f"templates/{amendment.type}")
    assert wording, findings
    changes = tuple(each for each in amendment.sections if each.id == wording.section)
    alone = replace(amendment, opening=None, closing=None, sections=changes, signatures=(), schedules=())
    place = next(index for index, each in enumerate(amendment.sections) if each.id == wording.section)
    listed = tuple(each for each in changes[0].clauses if each.id == f"{wording.section}--replace-parties")
    before = (*amendment.sections[:place], *(replace(each, clauses=listed) for each in changes if listed))
    return {
        "operative.md": _markdown(alone),
        "parties.md": _markdown(replace(amendment, sections=before, closing=None)),
        "amendment.md": _markdown(amendment),
    }


def _markdown(document: Document) -> str:
    return render_markdown(replace(outgoing(document), draft=False, unapproved=False))


def execute_text(root: Path, name: str, day: str, sandbox: Sandbox) -> None:
    """Freeze a text as `execute` does, without its pages."""
    project = Project(root, sandbox)
    found = project.assemble(project.files([name])[0])
    assert found.document, [each.message for each in found.findings]
    text = replace(found.document, status="executed", draft=False, unapproved=False)
    freeze(root, found, text, day, SIGNED, "A record.")


def _edit(root: Path, agreement: str, overlay: Path, edit: Mapping[str, Any]) -> None:
    _check("edit", edit)
    if overlay.is_dir():
        lay(overlay, root)
    for path, old, new in edit.get("words", ()):
        text = (root / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, (path, old)
        (root / path).write_text(text.replace(old, new), encoding="utf-8")
    put(root, agreement, edit.get("set", {}), tuple(edit.get("remove", ())), edit.get("append", {}))


def put(
    root: Path, name: str, values: Mapping[str, Any], gone: tuple[str, ...] = (), more: Mapping[str, Any] | None = None
) -> None:
    """Set, remove and append values of an agreement's data, by their pointers."""
    path = root / "agreements" / f"{name}.yaml"
    data = _read(path)
    for pointer, value in values.items():
        around, key = _at(data, pointer)
        around[key] = value
    for pointer, value in (more or {}).items():
        around, key = _at(data, pointer)
        around[key].append(value)
    # From the last, so that the places of those before it stay.
    for pointer in reversed(gone):
        around, key = _at(data, pointer)
        del around[key]
    lines = [line for key, value in data.items() for line in property_lines(key, value, NAMES)]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _at(data: Any, pointer: str) -> tuple[Any, Any]:
    """Return what holds a value, and its key there."""
    *outer, last = pointer.removeprefix("/").split("/")
    for key in outer:
        data = data[int(key)] if isinstance(data, list) else data[key]
    return data, int(last) if isinstance(data, list) else last


def _check(kind: str, data: Mapping[str, Any]) -> None:
    assert data.keys() <= _KNOWN[kind], data.keys() - _KNOWN[kind]


def _read(path: Path) -> Any:
    loaded = load_yaml(path.read_bytes(), path.as_posix())
    assert loaded.findings == (), loaded.findings
    return loaded.value


def put_golden(name: str, said: Mapping[str, str]) -> None:
    """Write what the amendment of a case says: its operative words, and the whole of it if that is asked for."""
    for each in GOLDEN:
        path = CASES / name / each
        if path.is_file() or (each == GOLDEN[0] and not golden(name)):
            path.write_text(said[each], encoding="utf-8")
