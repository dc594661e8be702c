"""The command that checks agreements."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import cli, report_option, reviews_option, root_option, strict_option, trust_config_option
from clausebook.cli.printing import text_width
from clausebook.cli.running import (
    assembled,
    count,
    finish,
    guarded,
    progress,
    reviews_in,
)

if TYPE_CHECKING:
    from clausebook.project.project import Project

TOLD = ("core/clause-as-sent", "core/record-drift", "core/link-unread")
"""Notes that are told even when all is well: agreements that stay behind the library, and what was not looked at."""


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
    from clausebook.project.agreement import ordered
    from clausebook.project.project import all_findings, kept_findings

    with guarded(root, as_of) as project:
        from clausebook.approvals.desk import Desk
        from clausebook.approvals.forge_owners import people_findings
        from clausebook.facts.declarations import declaration_findings
        from clausebook.history.approved_texts import approved_findings
        from clausebook.lifecycle.holding import hold_findings
        from clausebook.lifecycle.proofs import proofs
        from clausebook.site.promise import promise

        if stdin:
            project, ids = _as_typed(project, filename)
        agreements = assembled(project, ids)
        with progress("Trying the looks", 0):
            kept = list(promise(project, agreements, whole=not ids, trusted=trust_config))
        with progress("Judging approvals", 0), Desk(project, reviews_in(reviews)) as desk:
            kept += [*desk.findings(agreements), *people_findings(project.tree), *kept_findings(project, agreements)]
        with progress("Reckoning duties", 0):
            kept += declaration_findings(project, agreements, whole=not ids)
        with progress("Comparing approved texts", 0):
            kept += approved_findings(project, agreements)
        with progress("Proving the records", 0):
            kept += [*proofs(project, ids), *hold_findings(project)]
        findings = ordered([*all_findings(project, agreements), *kept])
        told = [finding.message for finding in findings if finding.rule in TOLD]
        if silences:
            from clausebook.rules.silence_list import WIDTH, as_text, left_open

            made = ((each, each.inputs) for each in agreements)
            lists = ((each.file.id, left_open(each.silences, inputs.label)) for each, inputs in made if inputs)
            click.echo("\n\n".join(as_text(name, found, text_width(WIDTH)) for name, found in lists if found))
        done = "\n".join((f"{count(len(agreements), 'agreement')} checked", *told))
        finish(findings, strict=strict, report=report, done=done)


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
