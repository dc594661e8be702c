"""Finds the agreements of a repository and loads them, with every finding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from clausebook.findings.characters import shortened, without_hidden
from clausebook.findings.model import Finding, RepositoryError
from clausebook.findings.near_names import did_you_mean
from clausebook.repository.portable_names import name_problem
from clausebook.repository.tree import Tree, TreeError, names_in, unreadable

FOLDER = "agreements"
SUFFIXES = (".yaml", ".yml")
JOURNALS = f"{FOLDER}/journal"
"""The folder of the agreements' journals."""

EVIDENCE = f"{FOLDER}/evidence"
"""The folder in which each agreement has one with the evidence of its duties."""

RESULTS = f"{FOLDER}/results"
"""The folder of what was measured under each agreement."""

REGISTERED = f"{FOLDER}/registered"
"""The folder of registered papers."""

PIPELINE = f"{FOLDER}/pipeline"
"""The folder of opportunities, which have no agreement yet."""

RESERVED = {
    **{
        name: f"the folder {FOLDER}/{name}/ holds something else"
        for name in ("executed", "journal", "evidence", "registered", "results", "pipeline")
    },
    "index": "the site has a page of that name",
}
"""Ids that no agreement can have, and why."""

LONGEST_ID = 63

APPROVALS = "approvals"
"""The folder in that of an agreement in which its approvals lie."""

_ID = re.compile(rf"[a-z0-9](?:[a-z0-9-]{{0,{LONGEST_ID - 2}}}[a-z0-9])?")
_ID_RULE = f"an id is made of lower-case letters, digits and hyphens, at most {LONGEST_ID} of them"


@dataclass(frozen=True, slots=True)
class AgreementFile:
    """An agreement's file; its id is the file's name without the ending."""

    id: str
    path: str


def find_agreements(tree: Tree) -> tuple[list[AgreementFile], list[Finding]]:
    """Return the agreements of the repository, in order of id, and what is wrong with their names.

    A file whose name cannot be an id is not among them.
    """
    findings: list[Finding] = []
    files: dict[str, AgreementFile] = {}
    try:
        names = tree.names(FOLDER)
    except TreeError as error:
        return [], [unreadable(FOLDER, error)]
    for name in names:
        path = f"{FOLDER}/{name}"
        if name.endswith("/") or is_aside(name):
            continue
        agreement, rule = name.rpartition(".")[0], ""
        if not name.endswith(SUFFIXES):
            rule, hint = "core/agreement-file", f"rename it, or move it out of {FOLDER}/"
            message = "not an agreement: its name does not end with .yaml"
        elif problem := id_problem(agreement):
            rule, hint, message = "core/agreement-file-name", "rename the file", problem
        elif agreement in files:
            rule, hint = "core/agreement-id-repeated", "rename one of the two, and its id"
            message = f"two agreements have the id {agreement}: this one and {files[agreement].path}"
        if rule:
            findings.append(Finding(rule=rule, message=message, path=path, line=1, column=1, hint=hint))
        else:
            files[agreement] = AgreementFile(agreement, path)
    return [files[agreement] for agreement in sorted(files)], findings


def paths(agreement: str) -> tuple[str, ...]:
    """Return where the agreement's file may be, best first."""
    return tuple(f"{FOLDER}/{agreement}{suffix}" for suffix in SUFFIXES)


def is_aside(name: str) -> bool:
    """Tell whether a name in a folder is of nothing that the folder is for: a note to people, or hidden."""
    return name == "README.md" or name.startswith(".")


def path_in(tree: Tree, agreement: str) -> str:
    """Return where the agreement's file is, or where it would be if the tree has none."""
    names = names_in(tree, FOLDER)
    return next((path for path in paths(agreement) if path.removeprefix(f"{FOLDER}/") in names), paths(agreement)[0])


def owner(path: str) -> str:
    """Return the id of the agreement to which a file belongs, wherever it lies; "" if it is of none."""
    top, _, name = path.partition("/")
    first, _, rest = name.partition("/")
    name = (rest if rest and first in RESERVED else name).partition("/")[0]
    name = next((name.removesuffix(suffix) for suffix in SUFFIXES if name.endswith(suffix)), name)
    return name if top == FOLDER and is_id(name) else ""


def id_problem(text: str) -> str:
    """Return why a text cannot be an agreement's id; "" if it can."""
    if any(char in text for char in "/\\") or ".." in text:
        return f"the id {shortened(text)} holds a path"
    if not is_id(text):
        return f"{shortened(text)} cannot be an id: {_ID_RULE}"
    if text in RESERVED:
        return f"{text} cannot be an id: {RESERVED[text]}"
    return name_problem(text)


def is_id(text: str) -> bool:
    """Tell whether a text has the form of an id."""
    return _ID.fullmatch(text) is not None


def no_agreement(name: str, known: Iterable[str]) -> RepositoryError:
    """Return what to say of a name that is no agreement's, given the ids that there are."""
    there = sorted(known)
    hint = did_you_mean(name, there, f"there are: {', '.join(there) or 'none'}")
    return RepositoryError(f"there is no agreement `{without_hidden(name)}` in {FOLDER}/", hint)
