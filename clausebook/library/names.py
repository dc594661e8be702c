"""Names of what a type is made of: each becomes a file, a folder or a page, which not every name can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clausebook.findings.model import Finding, finding_in
from clausebook.repository.portable_names import name_problem, same_but_for_case
from clausebook.repository.tree import Tree, TreeError

LOOK_FOLDERS = ("docx", "pdf", "site")
"""The folders of `templates/` that hold looks, and so can be no type."""


def type_names(tree: Tree) -> Iterator[Finding]:
    """Yield what is wrong with the names of the repository's types."""
    told: set[str] = set()
    for folder in ("schemas", "templates"):
        try:
            found = [name.removesuffix("/") for name in tree.names(folder) if name.endswith("/")]
        except TreeError:  # it has a finding of its own
            continue
        for finding in file_names(folder, found, "core/type-name"):
            if finding.path.partition("/")[2] not in told:
                yield finding
        told |= set(found)
        for name in set(LOOK_FOLDERS) & set(found) if folder == "schemas" else ():
            said = f"no type can be named `{name}`: the folder templates/{name}/ holds a look"
            yield finding_in(f"{folder}/{name}", "core/type-name", said, "give the type another name")


def file_names(folder: str, names: Sequence[str], rule: str) -> Iterator[Finding]:
    """Yield each name in a folder that some systems cannot have, alone or beside another one."""
    for name in names:
        if said := name_problem(name):
            yield finding_in(f"{folder}/{name}", rule, said, "rename it, and whatever names it")
    for name, first in same_but_for_case(names):
        said = f"`{name}` and `{first}` differ in nothing but capitals, which Windows and macOS do not tell apart"
        yield finding_in(f"{folder}/{name}", rule, said, "rename one of the two")
