"""Copy a deal: its data and its own words, without what belongs to the life of the other one."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from clausebook.assemble.inputs import AMENDS
from clausebook.document.statuses import FIRST_STATUS
from clausebook.findings.model import Finding, FindingsError, RepositoryError, has_errors
from clausebook.findings.pointers import texts_in
from clausebook.lifecycle.migrating import rewritten
from clausebook.load.editing import with_scalar, without
from clausebook.load.numbered import number_of
from clausebook.load.yaml import load_yaml
from clausebook.project.project import Project, all_findings
from clausebook.records.record_files import executed, turns
from clausebook.repository.agreement_files import FOLDER
from clausebook.scaffold.least_agreement import FIRST_VERSION, problems
from clausebook.validate.common import LIFECYCLE
from clausebook.validate.links_schema import LINKS
from clausebook.validate.value_formats import is_date

OF_THE_OTHER = {"approvals": "its approvals", LIFECYCLE: "what became of it", LINKS: "its links"}
"""Properties that tell of the other deal's life: who approved its words, what became of it, what it belongs with."""

_SCHEMA_LINE = re.compile(rb"(?:\xef\xbb\xbf)?#[^\r\n]*\$schema[^\r\n]*(\r\n|\n|\r)")


@dataclass(frozen=True, slots=True)
class Begun:
    """An agreement that is begun: its files by path, its own first, and what a person must know of it.

    `blanks` is how many values are to be filled in, `left_behind` what of the other deal was not copied, and
    `dates` how many dates of the other deal stand in it.
    """

    files: Mapping[str, bytes]
    blanks: int = 0
    left_behind: tuple[str, ...] = ()
    dates: int = 0


def copied(project: Project, kind: str, like: str, name: str) -> Begun:
    """Return a copy of an agreement under another id, as a first draft.

    Raises FindingsError if the agreement, or its copy by today's library, has errors.
    """
    file = project.files([like])[0]
    found = project.assemble(file)
    if AMENDS in found.data:
        raise RepositoryError(
            f"`{like}` is an amendment, which belongs to `{found.data[AMENDS]['agreement']}` alone",
            f"copy that agreement: --like {found.data[AMENDS]['agreement']}",
        )
    if has_errors(found.findings):
        raise FindingsError(all_findings(project, [found]))
    if found.data["type"] != kind:
        raise RepositoryError(
            f"`{like}` is of the type `{found.data['type']}`, not `{kind}`",
            f"clausebook new {found.data['type']} {name} --like {like}",
        )
    content = project.tree.read(file.path)
    for key, value in (("id", name), ("version", FIRST_VERSION), ("status", FIRST_STATUS)):
        content = with_scalar(content, key, value, file.path)
    for key in OF_THE_OTHER:
        content = without(content, key, file.path)
    # A copy is a new source, whatever the format of the other deal's time; what cannot be rewritten can be read.
    with contextlib.suppress(RepositoryError):
        content = rewritten(content, file.path, number_of(found.data), project.store.of(kind).number)
    path, old = f"{FOLDER}/{name}.yaml", file.path.rpartition(".")[0]
    beside = (each for each in project.tree.names(old) if each.endswith(".md") and each != "README.md")
    words = {f"{FOLDER}/{name}/{each}": project.tree.read(f"{old}/{each}") for each in beside}
    said = f"# Copied from {like}, version {found.data['version']}: what follows is that deal's until you change it."
    files = {path: _headed(content, said), **words}
    errors = problems(project, name, files)
    if errors:
        raise FindingsError(_at_the_other(project, file.path, each, path) for each in errors)
    behind = [(key in found.data, said) for key, said in OF_THE_OTHER.items()]
    behind += [(bool(turns(project.tree, like)), "its turns"), (bool(executed(project.tree, like)), "its records")]
    dates = sum(1 for each in texts_in(load_yaml(content, path).value) if is_date(each))
    return Begun(files, left_behind=tuple(said for there, said in behind if there), dates=dates)


def _headed(content: bytes, said: str) -> bytes:
    """Put a comment at the top, below the line that names the schema."""
    match = _SCHEMA_LINE.match(content)
    ending = match[1] if match else b"\n"
    start = match.end() if match else 0
    return content[:start] + (ending if start else b"") + said.encode() + ending + content[start:]


def _at_the_other(project: Project, path: str, finding: Finding, new: str) -> Finding:
    """Put a finding of the copy where the same words stand in the other deal: the copy is not written."""
    if finding.path == new:
        line, column = load_yaml(project.tree.read(path), path).positions.value(finding.pointer)
        return replace(finding, path=path, line=line, column=column)
    return replace(finding, path=finding.path.replace(f"{new.rpartition('.')[0]}/", f"{path.rpartition('.')[0]}/"))
