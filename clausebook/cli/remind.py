"""The commands that remind owners of what falls due, and that record what they decide."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import Output, cli, root_option
from clausebook.cli.printing import print_json
from clausebook.cli.running import FINDINGS, count, opened, progress, today

if TYPE_CHECKING:
    from clausebook.facts.duties.reminders import Letter


@cli.command()
@click.option("--as-of", required=True, metavar="DAY", help="The day, as 2027-03-01, on which to remind.")
@click.option(
    "--out",
    type=Output("name a folder", file_okay=False),
    default="reminders",
    show_default=True,
    help="The folder for the messages.",
)
@click.option("--from", "sender", default="", metavar="ADDRESS", help="Who sends them: legal@example.com.")
@click.option("--ahead", default="P30D", show_default=True, help="How long before its day something is told of.")
@click.option("--window", default="P90D", show_default=True, help="The same for renewals, where somebody must decide.")
@click.option("--patience", default="P14D", show_default=True, help="After which time the deputy is told.")
@click.option("--dry-run", is_flag=True, help="Say who would be reminded of what, and write nothing.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("eml", "json")),
    default="eml",
    show_default=True,
    help="Messages to send, or JSON for a script that opens an issue for each owner.",
)
@root_option
def remind(
    as_of: str,
    out: str,
    sender: str,
    ahead: str,
    window: str,
    patience: str,
    dry_run: bool,
    form: str,
    root: Path | None,
) -> None:
    """Write one message an owner of what falls due soon or is overdue in signed agreements.

    The journals record what was told, so that nothing is told twice; commit them. When an owner was told and nothing
    is recorded after a while, the deputy is told. Nothing is sent: the messages open in a mail program, or CI sends
    them. Where an agreement renews or ends, the message asks for a decision: see `clausebook answer`.

    \b
    Examples:
      clausebook remind --as-of 2027-03-01 --dry-run
      clausebook remind --as-of 2027-03-01 --out reminders --from legal@example.com
      clausebook remind --as-of 2027-03-01 --format json
    """
    with opened(root) as project:
        from clausebook.facts.duties.paper_duties import all_owed
        from clausebook.facts.duties.reminders import Notice, file_name, message, recorded, reminding, subject, text
        from clausebook.findings.characters import one_line
        from clausebook.findings.model import RepositoryError
        from clausebook.findings.report import as_text
        from clausebook.language.reckoning import Unreckonable
        from clausebook.records.journal_edits import with_entries
        from clausebook.repository.writing import publish, publish_together
        from clausebook.validate.value_formats import check_date

        check_date(as_of)
        if sender and not (sender.isprintable() and "@" in sender):
            raise RepositoryError(f"`{one_line(sender, 80)}` is no address", "write one, as --from legal@example.com")
        with progress("Reckoning", 0) as advance:
            found, left_out = all_owed(project, progress=advance)
        # What is wrong with one agreement leaves the owners of the others to be reminded.
        wrong = {one.id: (*one.findings, *one.reckoned.findings) for one in found if one.signed}
        left_out += tuple(dict.fromkeys(finding for findings in wrong.values() for finding in findings))
        try:
            made = reminding([one for one in found if not wrong.get(one.id)], as_of, Notice(ahead, window, patience))
        except Unreckonable as error:
            raise RepositoryError(str(error), "write durations such as P30D") from None
        # Before anything is sent that the journals could not record, and that would be sent again.
        sent = {} if dry_run else recorded(made.reminders, as_of)
        written = with_entries(project.tree, "reminders", sent)
        if form == "json":
            data = [_data(each) | {"subject": subject(each), "text": text(each, as_of)} for each in made.reminders]
            print_json(data)
        elif dry_run:
            for each in made.reminders:
                click.echo(f"To {each.to.name} <{each.to.email}>: {subject(each)}\n\n{text(each, as_of)}\n")
        else:
            publish({file_name(each, as_of): message(each, as_of, sender) for each in made.reminders}, Path(out))
        publish_together(written, project.root)
        if form == "eml" and not dry_run:
            click.echo(f"{count(len(made.reminders), 'message')} written to {out}; the journals record them")
        for name in made.ownerless:
            click.echo(
                f"{name}: something falls due, and nobody can be reminded: name an owner in its journal", err=True
            )
        if left_out:
            click.echo(as_text(left_out), err=True)
        if made.ownerless or left_out:
            raise SystemExit(FINDINGS)


def _data(reminder: Letter) -> dict[str, object]:
    return {"to": asdict(reminder.to), "items": [asdict(each) for each in reminder.items]}


@cli.command()
@click.argument("agreement", metavar="ID")
@click.argument("window", metavar="REFERENCE")
@click.argument("decision", type=click.Choice(("renew", "end", "renegotiate")))
@click.option("--by", required=True, metavar="PERSON", help="Who decided.")
@click.option("--on", "--date", "day", default="", metavar="DAY", help="The day, as 2027-03-04.  [default: today]")
@click.option("--note", default="", metavar="TEXT", help="What is worth knowing about it.")
@root_option
def answer(agreement: str, window: str, decision: str, by: str, day: str, note: str, root: Path | None) -> None:
    """Record in an agreement's journal how it is to go on, where a window to renew or end it opens.

    The reference is that of the duty, as `clausebook obligations ID --kind renewal` prints it. The notice itself is
    still to be given: when it is, close the duty with `clausebook evidence`.

    \b
    Examples:
      clausebook answer retail-telehealth duration/non-renewal#1 renegotiate --by "Mara Quillon"
    """
    with opened(root) as project:
        from clausebook.facts.duties.paper_duties import all_owed
        from clausebook.facts.duties.reminders import WINDOW
        from clausebook.findings.model import RepositoryError
        from clausebook.findings.near_names import did_you_mean
        from clausebook.lifecycle.turns import check_note
        from clausebook.records.journal_edits import with_entries
        from clausebook.repository.writing import publish_together
        from clausebook.validate.value_formats import check_date

        on = day or today()
        check_date(on)
        for name, text in (("person", by), ("note", note)):
            check_note(text, name)
        duties = [duty for each in all_owed(project, [agreement])[0] for duty in each.reckoned.duties]
        known = [each.reference for duty in duties if duty.kind == WINDOW for each in duty.occurrences]
        if window not in known:
            there = f"there are: {', '.join(known) or 'none'}"
            raise RepositoryError(f"`{agreement}` has no window `{window}`", did_you_mean(window, known, there))
        entry = {"window": window, "answer": decision, "on": on, "by": by} | ({"note": note} if note else {})
        written = with_entries(project.tree, "answers", {agreement: [entry]})
        publish_together(written, project.root)
        click.echo(f"{agreement}: {decision}, recorded in {next(iter(written))}")
