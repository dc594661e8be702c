"""The command that records that an agreement is executed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import FINDINGS, opened, progress, today
from clausebook.cli.verify import attest_option, attestation, signing_day, trust_options, trust_store
from clausebook.repository.tree import content_of


@cli.command()
@click.argument("agreement", metavar="ID")
@click.option(
    "--signed",
    "signed",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE.pdf",
    help="What came back signed; given again for each counterpart.",
)
@click.option(
    "--scan",
    "scans",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE.pdf",
    help="The scan of paper that was signed with ink; given again for each counterpart.",
)
@trust_options
@attest_option
@click.option(
    "--signed-on",
    "days",
    multiple=True,
    metavar="SIGNATORY=DATE",
    help="The day on which a signatory signed on paper, as 2026-03-04.",
)
@click.option(
    "--acknowledge",
    "acknowledged",
    multiple=True,
    metavar="REASON",
    help="The name of an open reason that somebody answers for, as verify tells it; kept in the record.",
)
@click.option("--date", default="", metavar="DATE", help="The day of the execution.  [default: of the last signature]")
@root_option
def execute(
    agreement: str,
    signed: tuple[Path, ...],
    scans: tuple[Path, ...],
    attestations: tuple[str, ...],
    days: tuple[str, ...],
    acknowledged: tuple[str, ...],
    date: str,
    root: Path | None,
    **trust: Any,
) -> None:
    """Record that an agreement is executed: verify what came back signed, then freeze the text.

    The record is written to agreements/executed/ID/VERSION/, and the status in the agreement's file becomes
    `executed`. From then on that version's text is read from the record. If what came back is not verified, nothing
    is written, unless somebody attests each signature that is not proven, and answers for each other open reason by
    name. Ink on paper needs three things for each signatory: the scan, who compared it with this text, and the day.

    \b
    Exit codes: 0 executed, 1 differs or tampered, 2 could not run,
                3 the text matches but evidence is incomplete, 4 could not tell.

    \b
    Examples:
      clausebook execute retail-telehealth --signed signed.pdf --trust harborview=harborview.pem
      clausebook execute retail-telehealth --signed ours.pdf --signed theirs.pdf
      clausebook execute retail-telehealth --signed ours.pdf --scan theirs.pdf --signed-on larkmoor-1=2026-03-04 \
        --attest "larkmoor-1=Ada Quill compared all pages of the original"
    """
    with opened(root) as project:
        from clausebook.findings.report import as_text
        from clausebook.lifecycle.execution import execute as executed
        from clausebook.lifecycle.wet_ink import Returned
        from clausebook.records.model import MOST_SIGNED
        from clausebook.verify.model import EXIT_CODES
        from clausebook.verify.verdict_report import REPORTS
        from clausebook.verify.verifying import verify

        store = trust_store(project.root, trust)
        returned = Returned(
            [content_of(path, MOST_SIGNED) for path in signed],
            store.anchors,
            dict(map(attestation, attestations)),
            acknowledged,
            [content_of(path, MOST_SIGNED) for path in scans],
            dict(map(signing_day, days)),
        )
        with progress("Verifying", 0):
            found = executed(
                project,
                agreement,
                returned,
                lambda pdfs, who: verify(project.root, pdfs, store, who, project.sandbox, agreement),
                today(),
                date,
            )
        if not signed:
            click.echo("Of the PDF that was to be printed; that the paper has its words, the attestations say:")
        click.echo(REPORTS["text"](found.verification), nl=False)
        if found.record is None:
            click.echo(f"Nothing was written: {found.refusal}.")
            sys.exit(EXIT_CODES[found.verification.verdict] or FINDINGS)
        click.echo(f"executed: version {found.record.version} on {found.record.date}, in {found.record.folder}/")
        if found.warnings:
            click.echo(as_text(found.warnings))
