"""The command that tells what stands between a text and its signatures."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import FINDINGS, assembled, count, guarded


@cli.command()
@click.argument("agreement", metavar="ID")
@click.option("--as-of", metavar="DAY", default="", help="The day, 2026-03-04, by which to say what has passed.")
@click.option("--base", default="", metavar="BRANCH", help="The protected branch, whose rules count.  [default: found]")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@root_option
def ready(agreement: str, as_of: str, base: str, form: str, root: Path | None) -> None:
    """Tell whether an agreement is ready to be signed, and everything that stands in the way.

    That is what `check --strict` finds, open approvals, signatories without the authority for the deal, what is asked
    only before signing, and dates that have passed. What the deal leaves to the standard is listed. The exit code is 0
    if nothing stands in the way.

    \b
    Examples:
      clausebook ready retail-telehealth --as-of 2026-11-27
      clausebook ready retail-telehealth --format json
    """
    with guarded(root, as_of) as project:
        from clausebook.approvals.desk import Desk
        from clausebook.findings.model import finding_data
        from clausebook.findings.report import as_text
        from clausebook.lifecycle.readiness import readiness
        from clausebook.rules.silence_list import as_text as silences

        agreements = assembled(project, [])
        wanted = {file.id for file in project.files([agreement])}
        (found,) = (each for each in agreements if each.file.id in wanted)
        with Desk(project, named=base) as desk:
            told = readiness(project, desk, found, agreements, as_of)
        if form == "json":
            data = {
                "agreement": told.agreement,
                "ready": told.ready,
                "findings": list(map(finding_data, told.findings)),
                **{name: getattr(told, name) for name in ("reasons", "notes")},
                **{name: list(map(asdict, getattr(told, name))) for name in ("approvals", "left")},
            }
            click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        else:
            parts = [silences(told.agreement, told.left)] if told.left else []
            given = [each for each in told.approvals if each.state == "given"]
            said = [f"approved: {each.need.said} — {each.by}, {each.need.role}, {each.date}" for each in given]
            parts += ["\n".join((*said, *(f"note: {note}" for note in told.notes)))]
            parts += [as_text(told.findings), "\n".join(f"not ready: {reason}" for reason in told.reasons)]
            stands = count(len(told.findings) + len(told.reasons), "thing")
            parts += [f"{told.agreement} is ready to be signed" if told.ready else f"{stands} in the way of signing"]
            click.echo("\n\n".join(filter(None, parts)))
        if not told.ready:
            sys.exit(FINDINGS)
