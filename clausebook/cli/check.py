"""The command that checks agreements."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import cli, report_option, reviews_option, root_option, strict_option, trust_config_option
from clausebook.cli.printing import text_width
from clausebook.cli.running import (
    count,
    finish,
    guarded,
    progress,
    reviews_in,
    root_of,
    state_of,
    usage_errors,
)
from clausebook.findings.model import Finding, finding_from, finding_to, has_errors
from clausebook.repository import user_cache

if TYPE_CHECKING:
    from clausebook.project.agreement import Agreement
    from clausebook.project.project import Project

TOLD = ("core/clause-as-sent", "core/record-drift", "core/link-unread")
"""Notes that are told even when all is well: agreements that stay behind the library, and what was not looked at."""

PASSING = "core/record-history"
"""A note that says what git could not tell: the next time it may."""


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@strict_option
@click.option("--as-of", metavar="DAY", default="", help="The day, 2026-03-04, by which to say what has passed.")
@click.option("--silences", is_flag=True, help="List what each deal leaves out, and what the contract then says.")
@click.option("--stdin", is_flag=True, help="Read a file from standard input, as an editor has it before it is saved.")
@click.option("--filename", metavar="FILE", default="", help="Which file of the repository that is.")
@reviews_option
@trust_config_option
@report_option
@root_option
def check(
    ids: tuple[str, ...],
    strict: bool,
    as_of: str,
    silences: bool,
    stdin: bool,
    filename: str,
    reviews: Path | None,
    trust_config: bool,
    report: str,
    root: Path | None,
) -> None:
    """Check agreements, and what they stand on, without writing anything.

    \b
    Examples:
      clausebook check
      clausebook check retail-telehealth --strict
      clausebook check --as-of 2026-12-01
      clausebook check retail-telehealth --silences
      clausebook check --report github --reviews reviews.json
      clausebook check --stdin --filename agreements/retail-telehealth.yaml < draft.yaml
    """
    if stdin != bool(filename) or (stdin and ids):
        raise click.UsageError("--stdin and --filename go together, and without ids: the file says which agreement.")
    with usage_errors():
        # What is asked of one agreement over and over is answered at once while all is as it was.
        state = "" if stdin or silences or reviews or not ids else state_of(root_of(root))
        kept = user_cache.find("checks", (state, as_of, *ids)) if state else None
    lists: Sequence[str] = ()
    if kept is not None:
        found: Sequence[Finding] = [finding_from(each) for each in json.loads(kept)]
        number = len(set(ids))
    else:
        with guarded(root, as_of) as project:
            if stdin:
                project, ids = _as_typed(project, filename)
            found, number, lists = _checked(project, ids, reviews, silences=silences, trusted=trust_config)
        if state and not has_errors(found) and all(each.rule != PASSING for each in found):
            user_cache.keep("checks", (state, as_of, *ids), json.dumps(list(map(finding_to, found))).encode())
    told = [finding.message for finding in found if finding.rule in TOLD]
    if silences:
        click.echo("\n\n".join(lists))
    done = "\n".join((f"{count(number, 'agreement')} checked", *told))
    finish(found, strict=strict, report=report, done=done)


def _checked(
    project: Project, ids: Sequence[str], reviews: Path | None, *, silences: bool, trusted: bool
) -> tuple[Sequence[Finding], int, Sequence[str]]:
    """Return all findings, how many agreements were looked at, and what they leave to the standard, as texts."""
    from clausebook.approvals.desk import Desk
    from clausebook.approvals.forge_owners import people_findings
    from clausebook.facts.declarations import declaration_findings
    from clausebook.history.approved_texts import approved_findings
    from clausebook.lifecycle.holding import hold_findings
    from clausebook.lifecycle.proofs import proofs
    from clausebook.project.agreement import ordered
    from clausebook.project.project import in_groups, kept_findings
    from clausebook.site.promise import promise

    files = project.files(ids)
    found: list[Finding] = []
    lists: list[str] = []
    with Desk(project, reviews_in(reviews)) as desk, progress("Checking", len(files)) as advance:
        # However many there are, only some are in memory at a time.
        for agreements in in_groups(project, files, advance):
            found += [finding for each in agreements for finding in each.findings]
            found += [*promise(project, agreements, whole=False), *desk.findings(agreements)]
            found += [*kept_findings(project, agreements), *approved_findings(project, agreements)]
            found += declaration_findings(project, agreements, whole=False)
            lists += _silences(agreements) if silences else ()
    with progress("Checking what they share", 0):
        found += [*promise(project, (), whole=not ids, trusted=trusted), *people_findings(project.tree)]
        found += declaration_findings(project, (), whole=not ids)
    with progress("Proving the records", 0):
        found += [*proofs(project, ids), *hold_findings(project), *project.findings()]
    return ordered(found), len(files), lists


def _silences(agreements: Sequence[Agreement]) -> Iterator[str]:
    """Yield what each agreement leaves to the standard, as text."""
    from clausebook.rules.silence_list import WIDTH, as_text, left_open

    for each in agreements:
        if each.inputs and (found := left_open(each.silences, each.inputs.label)):
            yield as_text(each.file.id, found, text_width(WIDTH))


def _as_typed(project: Project, filename: str) -> tuple[Project, tuple[str, ...]]:
    """Return the repository with what is typed in place of a file, and the id of the agreement that it belongs to.

    Without an id the file is not of one agreement alone. Raises RepositoryError for a file that none is made from.
    """
    from clausebook.findings.model import RepositoryError
    from clausebook.project.project import MARKERS
    from clausebook.repository.agreement_files import owner
    from clausebook.repository.tree import MAX_FILE_SIZE

    places = (Path(os.path.normpath(base / filename)) for base in (Path.cwd(), project.root))
    real = (place.parent.resolve() / place.name for place in places)
    parts = next((each.relative_to(project.root).parts for each in real if each.is_relative_to(project.root)), ())
    if len(parts) < 2 or parts[0] not in MARKERS:
        raise RepositoryError(
            f"`{filename}` is no file of {', '.join(MARKERS[:-1])} or {MARKERS[-1]} in `{project.root}`",
            "name the file that is being written, as --filename agreements/ID.yaml",
        )
    content = sys.stdin.buffer.read(MAX_FILE_SIZE + 1)
    typed = project.with_files({"/".join(parts): content})
    name = owner("/".join(parts))
    return typed, (name,) if any(file.id == name for file in typed.found[0]) else ()
