"""Commands that keep records: what was sent, what was received, what was executed."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import redline_options
from clausebook.cli.running import FINDINGS, content_of, opened, progress
from clausebook.cli.verifying import attest_option, attestation, trust_options, trust_store

if TYPE_CHECKING:
    from clausebook.lifecycle.turns import Upgrade
    from clausebook.project.project import Project

date_option = click.option("--date", default="", metavar="DATE", help="The day, as 2026-03-04.  [default: today]")
note_option = click.option("--note", default="", metavar="TEXT", help="What is worth knowing about it.")


@cli.command()
@click.argument("agreement", metavar="ID")
@click.option("--to", "party", default="", metavar="PARTY", help="The party it goes to.  [default: all of them]")
@date_option
@note_option
@root_option
def send(agreement: str, party: str, date: str, note: str, root: Path | None) -> None:
    """Record that an agreement was sent to the other side, as it is now.

    From then on its words no longer follow the library: the clauses that it uses stay as sent until
    `clausebook upgrade-clauses`. The turn, with the text that was sent, is written to agreements/ID/turns/.

    \b
    Examples:
      clausebook send retail-telehealth
      clausebook send retail-telehealth --to harborview --date 2026-03-04 --note "With the fees as agreed by phone"
    """
    with opened(root) as project:
        from clausebook.lifecycle.turns import send as sent

        with progress("Assembling", 0):
            turn = sent(project, agreement, date or _today(), party, note)
        click.echo(f"sent: version {turn.version} on {turn.date}, fingerprint {turn.text[:12]}, in {turn.path}")


@cli.command()
@click.argument("agreement", metavar="ID")
@click.option("--from", "party", required=True, metavar="PARTY", help="The party that answered.")
@date_option
@note_option
@root_option
def receive(agreement: str, party: str, date: str, note: str, root: Path | None) -> None:
    """Record that the other side answered.

    \b
    Examples:
      clausebook receive retail-telehealth --from harborview
      clausebook receive retail-telehealth --from harborview --date 2026-03-09 --note "They ask for a longer term"
    """
    with opened(root) as project:
        from clausebook.lifecycle.turns import receive as received

        with progress("Assembling", 0):
            turn = received(project, agreement, date or _today(), party, note)
        click.echo(f"received: from {turn.party} on {turn.date}, in {turn.path}")


@cli.command(name="upgrade-clauses")
@click.argument("agreement", metavar="ID")
@click.argument("slots", nargs=-1, metavar="[SLOT]...")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@root_option
def upgrade_clauses(agreement: str, slots: tuple[str, ...], dry_run: bool, root: Path | None) -> None:
    """Make today's library that of an agreement which was sent, and show the redline.

    With SLOT, only the clauses of these slots; without, everything: clauses, terms, outline and schemas.

    \b
    Examples:
      clausebook upgrade-clauses retail-telehealth --dry-run
      clausebook upgrade-clauses retail-telehealth termination
    """
    with opened(root) as project:
        from clausebook.lifecycle.turns import upgrade, write_upgrade

        with progress("Comparing", 0):
            found = upgrade(project, agreement, slots)
        if not found.changes_anything:
            click.echo("nothing to upgrade: the library has not moved on")
            return
        _print_redline(project, found)
        if dry_run:
            click.echo("dry run: nothing was written")
        else:
            write_upgrade(project, found)
            click.echo(f"upgraded: `{agreement}` is now made from today's library")


@cli.command()
@click.argument("agreement", metavar="ID")
@click.option(
    "--signed",
    "signed",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE.pdf",
    help="What came back signed; given again for each counterpart.",
)
@trust_options
@attest_option
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
    attestations: tuple[str, ...],
    acknowledged: tuple[str, ...],
    date: str,
    root: Path | None,
    **trust: Any,
) -> None:
    """Record that an agreement is executed: verify what came back signed, then freeze the text.

    The record is written to agreements/executed/ID/VERSION/, and the status in the agreement's file becomes
    `executed`. From then on that version's text is read from the record. If what came back is not verified, nothing
    is written, unless somebody attests each signature that is not proven, and answers for each other open reason by
    name.

    \b
    Exit codes: 0 executed, 1 differs or tampered, 2 could not run,
                3 the text matches but evidence is incomplete, 4 could not tell.

    \b
    Examples:
      clausebook execute retail-telehealth --signed signed.pdf --trust harborview=harborview.pem
      clausebook execute retail-telehealth --signed ours.pdf --signed theirs.pdf
      clausebook execute retail-telehealth --signed print.pdf --signed scan.pdf --attest "larkmoor-1=Ada Quill saw it"
    """
    with opened(root) as project:
        from clausebook.lifecycle.execution import Returned
        from clausebook.lifecycle.execution import execute as executed
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
        )
        with progress("Verifying", 0):
            found = executed(
                project,
                agreement,
                returned,
                lambda pdfs, who: verify(project.root, pdfs, store, who, project.sandbox, agreement),
                _today(),
                date,
            )
        click.echo(REPORTS["text"](found.verification), nl=False)
        if found.record is None:
            click.echo(f"Nothing was written: {found.refusal}.")
            sys.exit(EXIT_CODES[found.verification.verdict] or FINDINGS)
        click.echo(f"executed: version {found.record.version} on {found.record.date}, in {found.record.folder}/")


def _print_redline(project: Project, found: Upgrade) -> None:
    from clausebook.render.redline.formats import REDLINES
    from clausebook.render.redline.heading import RedlineHeading

    made = found.comparison
    heading = RedlineHeading.of(made.redline, made.old.name, made.new.name, made.changes)
    options = redline_options(project.root, internal=True)
    click.echo(REDLINES["text"](made.redline, heading, options).decode(), nl=False)


def _today() -> str:
    return datetime.now().astimezone().date().isoformat()
