"""Let a deal depart from the library: write its own words for a clause, which begin as the library's."""

from __future__ import annotations

from dataclasses import dataclass

from clausebook.findings.model import FindingsError, RepositoryError
from clausebook.findings.near_names import did_you_mean
from clausebook.library.model import AgreementType, LibraryClause
from clausebook.load.editing import scalar, with_entry, without
from clausebook.load.yaml import split_front_matter
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project, all_findings
from clausebook.repository.writing import publish_together
from clausebook.scaffold.least_agreement import problems
from clausebook.validate.described import described

NOT_OF_A_DEAL = ("id", "title", "slot", "version", "status", "position", "guidance")
"""What a library clause says of itself that words of a deal's own do not, or that is written anew."""

CLAUSES = "clauses"
"""The property of an agreement that says which words fill a slot."""

ASKED = "# Why does this deal need words of its own? Say it after `reason:`, without the #. It never leaves the house."


@dataclass(frozen=True, slots=True)
class Departure:
    """Words of a deal's own: where they are, and the library clause that they begin as."""

    path: str
    agreement_path: str
    clause: str
    version: str


def depart(project: Project, agreement: str, slot: str, reason: str = "") -> Departure:
    """Write the words of a slot's clause to a file of the deal's own, and use it in the agreement.

    Without a reason its place stays open, and `check` asks for it. Raises RepositoryError for what was asked for, and
    FindingsError if the agreement has errors. Nothing is written then.
    """
    file = project.files([agreement])[0]
    found = project.assemble(file)
    if found.record:
        raise RepositoryError(
            f"version {found.data['version']} of `{agreement}` is executed: its words are never changed",
            f"raise `version` in {file.path} first; what you then change becomes an amendment",
        )
    kind = found.inputs.kind if found.inputs else None
    if kind:
        _check_slot(kind, slot, found)
    if found.document is None or kind is None:
        raise FindingsError(all_findings(project, [found]))
    schemas = project.store.of(kind.name)
    if not described(schemas.root, schemas.references, (CLAUSES,)):
        raise RepositoryError(
            f"deals of the type `{kind.name}` cannot have words of their own: its schema has no `{CLAUSES}`",
            f"add `{CLAUSES}` to schemas/{kind.name}/, as schemas/README.md says",
        )
    base = _base(found, kind, slot)
    name = f"{slot}.md"
    path = f"{file.path.rpartition('.')[0]}/{name}"
    if name in project.tree.names(path.rpartition("/")[0]):
        raise RepositoryError(
            f"`{path}` is there already, but `{agreement}` does not use it",
            f"name it in the agreement's `clauses`, as {slot}: wording: {name}; or remove it",
        )
    edited = with_entry(project.tree.read(file.path), CLAUSES, slot, {"wording": name}, file.path)

    chosen = str(found.data.get(CLAUSES, {}).get(slot, {}).get("reason", ""))

    def files(why: str) -> dict[str, bytes]:
        return {path: _wording(project, base, why, chosen), file.path: edited}

    if errors := problems(project, agreement, files(reason or "to be said")):
        raise FindingsError(errors)
    publish_together(files(reason), project.root)
    return Departure(path, file.path, base.id, base.version)


def _check_slot(kind: AgreementType, slot: str, found: Agreement) -> None:
    """Refuse a slot that there is not, or that has words of the deal's own already, before anything else."""
    known = [each.id for each in kind.outline.slots()]
    if slot not in known:
        raise RepositoryError(
            f"there is no slot `{slot}`", did_you_mean(slot, known, f"the slots are: {', '.join(known)}")
        )
    choice = found.data.get(CLAUSES, {}).get(slot, {})
    if "wording" in choice:
        place = f"{found.file.path.rpartition('.')[0]}/{choice['wording']}"
        raise RepositoryError(f"`{slot}` has words of this deal's own already", f"change them in {place}")


def _base(found: Agreement, kind: AgreementType, slot: str) -> LibraryClause:
    """Return the library's clause that fills a slot. Raise RepositoryError if none does."""
    clauses = {each.id: each for each in found.document.clauses()} if found.document else {}
    clause = clauses.get(slot)
    if clause is None or clause.source is None:
        raise RepositoryError(
            f"the slot `{slot}` is not part of `{found.file.id}`: its condition in the outline does not hold",
            "give the data that call for it first",
        )
    return kind.clauses[clause.source.clause]


def _wording(project: Project, base: LibraryClause, reason: str, chosen: str) -> bytes:
    """Return the file: what the library says of the clause that holds for the deal's words too, then the words.

    `chosen` is why the deal had taken this clause of the library, "" if it is the slot's own.
    """
    content = project.tree.read(base.path).replace(b"\r\n", b"\n")
    front = split_front_matter(content, base.path)
    kept = front.data.source.partition("\n")[2].encode()
    for name in NOT_OF_A_DEAL:
        kept = without(kept, name, base.path)
    lines = [
        "---",
        f"title: {scalar(base.title)}",
        f"slot: {base.slot}",
        f"departs_from: {{clause: {base.id}, version: {scalar(base.version)}}}",
        *([f"# This clause was chosen because: {' '.join(chosen.split())}"] if chosen else ()),
        *([f"reason: {scalar(reason)}"] if reason else (ASKED, "# reason:")),
        *filter(None, [kept.decode().strip("\n")]),
        "---",
    ]
    return "\n".join([*lines, front.body]).encode()
