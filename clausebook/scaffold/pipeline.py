"""Begin an opportunity, and make an agreement of it: what it says of the steps goes on in the agreement's journal."""

from __future__ import annotations

from collections.abc import Sequence

from clausebook.findings.characters import shortened
from clausebook.findings.model import FindingsError, RepositoryError, has_errors
from clausebook.findings.near_names import did_you_mean
from clausebook.load.editing import indented, taken
from clausebook.project.project import Project
from clausebook.records.journal import journal_path, sound_journal
from clausebook.records.opportunities import Opportunity, landscape_of, opportunities_of, opportunity_path, own_name
from clausebook.repository.agreement_files import FOLDER, JOURNALS, PIPELINE, SUFFIXES, id_problem
from clausebook.repository.overlaid import Overlaid
from clausebook.repository.tree import TreeError, names_in, unreadable
from clausebook.repository.writing import publish_together
from clausebook.scaffold.beginning import ANOTHER, blanks_in, check_free, check_type
from clausebook.scaffold.commented import as_yaml
from clausebook.scaffold.copying import Begun
from clausebook.scaffold.least_agreement import least_file
from clausebook.validate.repository_files import editor_line

OPPORTUNITY = "opportunity"
"""What is begun where another agreement's type would be named."""

_HEAD = """\
{schema_line}

# A partnership that has no agreement yet. A comment with + names what may be said of it; docs/spark.md tells more.
# What it lacks: clausebook spark {name}. Once an agreement is wanted: clausebook promote {name}

"""


def begin_opportunity(project: Project, name: str, partner: str = "") -> Begun:
    """Write a new opportunity. Raises RepositoryError, and writes nothing, if its id or its partner cannot be one."""
    if problem := id_problem(name):
        raise RepositoryError(problem, ANOTHER)
    there = [f"{PIPELINE}/{each}" for each in names_in(project.tree, PIPELINE) if each.partition(".")[0] == name]
    there += [project.known[name].path] if name in project.known else []
    if there:
        raise RepositoryError(f"`{name}` is taken: `{there[0]}` is there already", ANOTHER)
    path, schema = opportunity_path(name), project.schema(OPPORTUNITY)
    if schema.findings:
        raise FindingsError(schema.findings)
    data = {"title": name.replace("-", " ").title(), "organisation": {"name": partner or "[Name of the organization]"}}
    head = _HEAD.format(schema_line=editor_line(path, OPPORTUNITY), name=name)
    content = (head + as_yaml(schema.root, schema.references, data, {})).encode()
    _, findings = opportunities_of(Overlaid(project.tree, {path: content}), project.known)
    if has_errors(mine := [each for each in findings if each.path == path]):
        raise RepositoryError(f"the partner cannot be called so: {mine[0].message}", mine[0].hint)
    publish_together({path: content}, project.root)
    return Begun({path: content}, blanks=blanks_in(content))


def promote(project: Project, name: str, kind: str, steps: Sequence[str], to: str = "") -> Begun:
    """Make an agreement of a type of an opportunity, under its id or another one (`to`), and remove the opportunity.

    Its title and the names of the parties stand in the agreement, what it says of the `steps` and of its owner in the
    agreement's journal, with its comments. Raises RepositoryError for what was asked for, and FindingsError if the
    type or the opportunity has errors. Nothing is written then.
    """
    opportunity, to = _opportunity(project, name), to or name
    check_type(project, kind)
    check_free(project, kind, to)
    for each in SUFFIXES:
        if f"{to}{each}" in names_in(project.tree, JOURNALS):
            raise RepositoryError(f"`{to}` is taken: `{JOURNALS}/{to}{each}` is there already", ANOTHER)
    house = own_name(landscape_of(project.tree)[0])
    # The house stands first in its agreements, and the partner second.
    names = (house, opportunity.organisation)
    content = least_file(project, kind, to, opportunity.title, names)
    path = journal_path(to)
    files = {f"{FOLDER}/{to}.yaml": content}
    try:
        written = project.tree.read(opportunity.path)
    except TreeError as error:
        # Somebody else may be promoting it, too.
        raise FindingsError([unreadable(opportunity.path, error)]) from error
    journal, left = _journal(written, opportunity, path, steps)
    if journal:
        files[path] = journal
        told = sound_journal(Overlaid(project.tree, files), to).spark
        if told != {step: opportunity.data[step] for step in steps if step in opportunity.data}:
            raise RepositoryError(
                f"what `{opportunity.path}` says of the steps cannot be moved as it is written",
                "write each step on lines of its own, in blocks",
            )
    publish_together(files, project.root, [opportunity.path])
    return Begun(files, blanks=blanks_in(content), left_behind=left)


def _opportunity(project: Project, name: str) -> Opportunity:
    """Return an opportunity that can become an agreement. Raises RepositoryError, FindingsError for one with errors."""
    found, findings = opportunities_of(project.tree)
    mine = next((each for each in found if each.id == name), None)
    if mine is None:
        if has_errors(wrong := [each for each in findings if each.path == opportunity_path(name)]):
            raise FindingsError(wrong)
        if name in project.known:
            raise RepositoryError(f"`{name}` is an agreement already", "its journal holds what is said of the steps")
        known = [each.id for each in found]
        hint = did_you_mean(name, known, f"the opportunities are: {', '.join(known) or 'none'}")
        raise RepositoryError(f"there is no opportunity `{shortened(name)}`", hint)
    if not mine.is_open:
        raise RepositoryError(
            f"`{name}` is closed: {shortened(mine.data['closed']['why'])}",
            f"take `closed` out of {mine.path} if it is pursued again",
        )
    return mine


def _journal(
    content: bytes, opportunity: Opportunity, path: str, steps: Sequence[str]
) -> tuple[bytes | None, tuple[str, ...]]:
    """Return the journal that goes on with what an opportunity says, None if that is nothing; and what is left behind.

    The lines are taken as they stand, so that comments go along.
    """
    owner, moved, place = "", [], opportunity.path
    for name in opportunity.data:
        if name in steps:
            moved += indented(taken(content, name, place)[1].splitlines())
        elif name == "owner":
            owner = "".join(f"{line}\n" for line in taken(content, name, place)[1].splitlines())
    known = {"title", "organisation", "format", "owner", *steps}
    left = [name for name in opportunity.data if name not in known]
    left += ["what kind of organization it is"] if opportunity.kind else []
    spark = "".join(f"{line}\n" for line in ("spark:", *moved)) if moved else ""
    body = "\n".join(filter(None, (owner, spark)))
    return f"{editor_line(path, 'journal')}\n\n{body}".encode() if body else None, tuple(left)
