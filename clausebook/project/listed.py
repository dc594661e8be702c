"""What a list tells of each agreement, and of registered paper: of those whose files are the same it is told again.

What was told last is one entry of the user's cache, so that nothing is read where nothing changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clausebook.findings.model import has_errors
from clausebook.repository import user_cache
from clausebook.repository.agreement_files import FOLDER, REGISTERED, SUFFIXES, AgreementFile, find_agreements
from clausebook.repository.confined import belongs_to
from clausebook.repository.engine import engine
from clausebook.repository.stamps import marks
from clausebook.repository.tree import DiskTree, names_in

if TYPE_CHECKING:
    from clausebook.project.project import Project

SHARED, PAPERS = "schemas/", "registered/"
"""The names, which no agreement has, for what decides on every row, and for all registered papers together."""

Told = dict[str, Any]
"""Of one agreement or paper, as plain data: its `row`, its `owner` and when that one `left`, its open `holds`, what it
`amends`, what stands `apart` in its data, and whether it is `wrong`.
"""


def listed(root: Path, as_of: str, open_project: Callable[[], Project]) -> tuple[list[Told], list[Told], bool]:
    """Return what is to be told of each agreement, by path, and of each registered paper; and whether any has errors.

    With each row goes who looks after it by the day `as_of`: as after what it amends. The project is opened only if
    there is something that is not known.
    """
    key, tree, at = (engine(__name__), str(root)), DiskTree(root), marks(root, _named)
    before = user_cache.find("listed", key)
    known: dict[str, list[Any]] = json.loads(before) if before else {}
    project = cache(open_project)
    files, wrong = find_agreements(tree)
    if not (known and files):
        project()  # which says so if this is no repository
    now: dict[str, list[Any]] = {}
    papers = names_in(tree, REGISTERED)
    makers: dict[str, Callable[[], list[Told]]] = {
        file.id: partial(lambda file: [_agreement(project(), file)], file)
        for file in sorted(files, key=lambda each: each.path)
    }
    makers |= {PAPERS: lambda: _papers(project())} if papers else {}
    for name, make in makers.items():
        parts = [SHARED, name, *(each.removesuffix(SUFFIXES[0]) for each in papers if name == PAPERS)]
        # Only what can be known again has a mark; of a paper there may be no journal.
        own = [at.get(each, "-" if each not in (SHARED, name) else "") for each in parts]
        mark = " ".join(own) if all(own) else ""
        now[name] = known[name] if mark and known.get(name, [""])[0] == mark else [mark, make()]
    kept = json.dumps({name: each for name, each in now.items() if each[0]}).encode()
    if kept != before:
        user_cache.keep("listed", key, kept)
    every = [told for name, (_, found) in now.items() if name != PAPERS for told in found]
    found = now.get(PAPERS, ["", []])[1]
    by_id = {told["row"]["id"]: told for told in (*found, *every)}
    for told in (*every, *found):
        base = told["amends"] or told["row"]["id"]
        owner, left = told["owner"] or (by_id[base] if base in by_id else _life(project(), base))["owner"] or ("", "")
        there = owner and (not left or (as_of and as_of < left))
        told["row"] |= {"owner": owner if there else "", "holds": told["holds"]}
    return every, found, has_errors(wrong) or any(told["wrong"] for told in (*every, *found))


def _named(path: str) -> str | None:
    if path.startswith(f"{REGISTERED}/"):
        return PAPERS
    top, _, rest = path.partition("/")
    if top == FOLDER:
        return belongs_to(path) or None
    # Of a type's library only its outline tells where its term stands.
    return SHARED if top == "schemas" or rest.endswith("/outline.yaml") else None


def _agreement(project: Project, file: AgreementFile) -> Told:
    from clausebook.records.record_files import voided
    from clausebook.validate.common import APART

    data, findings = project.load(file)
    told = data or {"title": "", "version": "", "status": "has errors", "parties": ()}
    row: Told = {"id": file.id, **{key: str(told[key]) for key in ("title", "version", "status")}}
    row |= {"parties": [party["short_name"] for party in told["parties"]], "ends": project.linked[file.id].ends}
    row |= {"void": {record.version: mark.words() for record, mark in voided(project.tree, file.id)}}
    more = {
        "row": row,
        "amends": (data or {}).get("amends", {}).get("agreement", ""),
        "apart": {name: told[name] for name in APART if name in told},
        "wrong": has_errors(findings),
        **_life(project, file.id),
    }
    project.forget(file)
    return more


def _papers(project: Project) -> list[Told]:
    """Return what is listed of registered papers: what somebody asserts of them."""
    papers, problems = project.registered
    return [
        {
            "row": {"id": paper.id, "title": paper.value("title"), "version": "", "status": "registered paper"}
            | {"parties": list(paper.values("party")), "ends": paper.value("end"), "void": {}},
            "amends": "",
            "apart": {},
            "wrong": has_errors(problems),
            **_life(project, paper.id),
        }
        for paper in papers
    ]


def _life(project: Project, name: str) -> Told:
    """Return who looks after an agreement, by its journal, and the open holds on it."""
    journal = project.read_journal(name)[0]
    holds = [f"{each.matter}, since {each.since} ({each.by})" for each in journal.holds if not each.released]
    return {"owner": [journal.owner.name, journal.owner.left] if journal.owner else [], "holds": holds}
