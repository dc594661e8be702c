"""The command that checks agreements."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, report_option, root_option, strict_option, trust_config_option
from clausebook.cli.running import (
    assembled,
    count,
    finish,
    guarded,
    progress,
)

TOLD = ("core/clause-as-sent", "core/record-drift", "core/link-unread")
"""Notes that are told even when all is well: agreements that stay behind the library, and what was not looked at."""


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@strict_option
@click.option("--as-of", metavar="DAY", default="", help="The day, 2026-03-04, by which to say what has passed.")
@click.option("--silences", is_flag=True, help="List what each deal leaves out, and what the contract then says.")
@trust_config_option
@report_option
@root_option
def check(
    ids: tuple[str, ...], strict: bool, as_of: str, silences: bool, trust_config: bool, report: str, root: Path | None
) -> None:
    """Check agreements, and what they stand on, without writing anything.

    \b
    Examples:
      clausebook check
      clausebook check retail-telehealth --strict
      clausebook check --as-of 2026-12-01
      clausebook check retail-telehealth --silences
      clausebook check --report github
    """
    from clausebook.project.agreement import ordered
    from clausebook.project.project import all_findings

    with guarded(root, as_of) as project:
        from clausebook.approvals.desk import Desk
        from clausebook.lifecycle.proofs import proofs
        from clausebook.site.promise import promise

        agreements = assembled(project, ids)
        with progress("Trying the looks", 0):
            kept = list(promise(project, agreements, whole=not ids, trusted=trust_config))
        with progress("Judging approvals", 0), Desk(project) as desk:
            kept += desk.findings(agreements)
        with progress("Proving the records", 0):
            findings = ordered([*all_findings(project, agreements), *kept, *proofs(project, ids)])
        told = [finding.message for finding in findings if finding.rule in TOLD]
        if silences:
            from clausebook.rules.silence_list import as_text, left_open

            made = ((each, each.inputs) for each in agreements)
            lists = ((each.file.id, left_open(each.silences, inputs.label)) for each, inputs in made if inputs)
            click.echo("\n\n".join(as_text(name, found) for name, found in lists if found))
        done = "\n".join((f"{count(len(agreements), 'agreement')} checked", *told))
        finish(findings, strict=strict, report=report, done=done)
