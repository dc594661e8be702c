"""Begin an agreement: from the least that its type asks for, or as a copy of another deal."""

from __future__ import annotations

from clausebook.amending.amendment_files import amended_by, amending_type
from clausebook.findings.model import FindingsError, RepositoryError, has_errors
from clausebook.findings.near_names import did_you_mean
from clausebook.load.positions import Positions
from clausebook.project.project import Project
from clausebook.records.model import EXECUTED
from clausebook.repository.agreement_files import FOLDER, SUFFIXES, id_problem
from clausebook.repository.tree import Tree
from clausebook.repository.writing import publish_together
from clausebook.rules.reading.placeholders import BLANK
from clausebook.scaffold.copying import Begun, copied
from clausebook.scaffold.least_agreement import least_file

ANOTHER = "choose another id"


def begin(project: Project, kind: str, name: str, like: str = "") -> Begun:
    """Write a new agreement of a type; with `like`, a copy of that agreement.

    Raises RepositoryError for what was asked for, and FindingsError if the type or the other deal has errors. Nothing
    is written then.
    """
    check_type(project, kind)
    check_free(project, kind, name)
    if like:
        begun = copied(project, kind, like, name)
    else:
        content = least_file(project, kind, name)
        begun = Begun({f"{FOLDER}/{name}.yaml": content}, blanks=blanks_in(content))
    publish_together(begun.files, project.root)
    return begun


def blanks_in(content: bytes) -> int:
    """Return how many blanks are to be filled in in a file, but for its comments."""
    lines = (line for line in content.decode().splitlines() if not line.lstrip().startswith("#"))
    return sum(len(BLANK.findall(line)) for line in lines)


def check_type(project: Project, kind: str) -> None:
    """Raise RepositoryError unless an agreement of the type can be begun, FindingsError if the type has errors."""
    known, amending = project.store.types(), amending_type(project.tree)
    types = [each for each in known if each != amending]
    if kind in known and kind not in types:
        message = f"an agreement of the type `{kind}` is drafted from the agreement that it amends"
        raise RepositoryError(message, "raise that agreement's `version`, change it, then run clausebook amend ID")
    if kind not in types:
        hint = did_you_mean(kind, types, f"the types are: {', '.join(types) or 'none'}")
        raise RepositoryError(f"there is no agreement type `{kind}`", hint)
    if has_errors(findings := project.type(kind).findings):
        raise FindingsError(findings)


def check_free(project: Project, kind: str, name: str) -> None:
    """Raise RepositoryError if an agreement cannot have the id, or if anything of that name is there already."""
    if problem := id_problem(name):
        raise RepositoryError(problem, ANOTHER)
    unfit = project.store.of(kind).validate({"id": name}, Positions(), "")
    if wrong := [each for each in unfit if each.pointer == "/id"]:
        raise RepositoryError(f"`{name}` cannot be the id: {wrong[0].message}", wrong[0].hint or ANOTHER)
    if there := _there(project.tree, name):
        raise RepositoryError(f"`{name}` is taken: `{there}` is there already", ANOTHER)
    amends = amended_by(name)
    if amends and _there(project.tree, amends[0]):
        raise RepositoryError(f"`{name}` is kept for an amendment of `{amends[0]}`", ANOTHER)


def _there(tree: Tree, name: str) -> str:
    """Return what has the name already, in any letters: on some systems, capitals make no difference."""
    for folder in (FOLDER, EXECUTED):
        for entry in tree.names(folder):
            stem = entry.removesuffix("/")
            for suffix in SUFFIXES:
                stem = stem.removesuffix(suffix)
            if stem.casefold() == name:
                return f"{folder}/{entry}"
    return ""
