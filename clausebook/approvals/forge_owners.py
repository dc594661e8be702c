"""The CODEOWNERS of a forge, as far as approvers.yaml decides on it: whose review a change of the rules waits for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clausebook.approvals.approvers import APPROVERS, read_approvers
from clausebook.approvals.authority import AUTHORITY
from clausebook.approvals.model import Approver
from clausebook.approvals.offices import KEEPER, same_office
from clausebook.findings.model import Finding, RepositoryError
from clausebook.repository.git.base import TRUST
from clausebook.repository.tree import Tree, TreeError, names_in

BEGIN, END = "# Kept by `clausebook codeowners`: edit approvers.yaml.", "# End of what `clausebook codeowners` keeps."

PLACES = (".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS", "CODEOWNERS")
"""Where forges look for it."""

_KEPT = (
    *(f"/{name}" for name in (APPROVERS, AUTHORITY, TRUST)),
    *("/trust/", "/templates/", "/schemas/", "/agreements/executed/"),
)


def place_of(tree: Tree) -> str:
    """Return where the repository has its CODEOWNERS, or would have it."""
    there = (place for place in PLACES if place.rpartition("/")[2] in names_in(tree, place.rpartition("/")[0]))
    return next(there, PLACES[0])


def codeowners(tree: Tree, place: str) -> str:
    """Return what the file at a place is to say: what it says, with our lines at the end, where the last one counts.

    Raises RepositoryError if no login of who may approve is known.
    """
    people = read_approvers(tree)[0] if APPROVERS in tree.names("") else ()
    owners = _owners(people)
    if not owners:
        said = f"`{APPROVERS}` names nobody who is {KEEPER} and has a login at the forge"
        raise RepositoryError(said, "add `logins` to that person")
    try:
        text = tree.read(place).decode("utf-8", "replace").replace("\r\n", "\n")
    except TreeError:
        text = ""
    before, begin, rest = text.partition(f"{BEGIN}\n")
    kept = before + (rest.partition(f"{END}\n")[2] if begin else "")
    lines = "".join(f"{path} {owners}\n" for path in (*_KEPT, f"/{place}"))
    return f"{kept.rstrip()}\n\n{BEGIN}\n{lines}{END}\n".lstrip()


def people_findings(tree: Tree) -> Iterator[Finding]:
    """Yield what is wrong with who may approve as a tree has it, and with a CODEOWNERS that is kept by it."""
    if APPROVERS in names_in(tree, ""):
        yield from read_approvers(tree)[1]
    place = place_of(tree)
    try:
        text = tree.read(place).decode("utf-8", "replace").replace("\r\n", "\n")
    except TreeError:
        return
    if BEGIN not in text:
        return
    try:
        stale = text != codeowners(tree, place)
    except RepositoryError as error:
        yield Finding("core/codeowners-stale", error.message, place, 1, 1, hint=error.hint)
        return
    if stale:
        line = text[: text.index(BEGIN)].count("\n") + 1
        said = f"the owners are not those of `{APPROVERS}`, or other lines stand behind them"
        yield Finding("core/codeowners-stale", said, place, line, 1, hint="run: clausebook codeowners")


def _owners(people: Sequence[Approver]) -> str:
    logins = (
        f"@{login.removeprefix('@')}"
        for person in people
        if any(same_office(office, KEEPER) for office in person.offices)
        for login in person.logins
        if not any(char.isspace() for char in login)
    )
    return " ".join(dict.fromkeys(logins))
