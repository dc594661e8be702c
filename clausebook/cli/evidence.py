"""The command that writes down what closes a duty."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import opened, today

if TYPE_CHECKING:
    from clausebook.project.project import Project


@cli.command()
@click.argument("agreement", metavar="ID")
@click.argument("reference", metavar="REFERENCE")
@click.option(
    "--outcome",
    type=click.Choice(("done", "waived", "late")),
    default="done",
    show_default=True,
    help="Whether it was done in time, waived, or done late.",
)
@click.option("--on", "--date", "day", default="", metavar="DAY", help="The day on which it was.  [default: today]")
@click.option("--by", required=True, metavar="PERSON", help="Who says so.")
@click.option("--party", default="", metavar="KEY", help="For whom, where each of several parties owes it.")
@click.option("--why", default="", metavar="TEXT", help="Why it was waived or late.")
@click.option(
    "--kind",
    type=click.Choice(("screening", "valuation", "insurance", "training", "report", "payment", "other")),
    help="What the evidence is.",
)
@click.option("--field", "fields", multiple=True, metavar="NAME=VALUE", help="A field of the kind; may be given again.")
@click.option(
    "--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="PATH", help="What shows it."
)
@click.option("--hash-only", is_flag=True, help="Keep the hash of the file, and not the file itself.")
@root_option
def evidence(
    agreement: str, reference: str, outcome: str, day: str, by: str, party: str, why: str, kind: str | None,
    fields: tuple[str, ...], file: Path | None, hash_only: bool, root: Path | None,
) -> None:  # fmt: skip
    """Close an occurrence of a duty: write down that it was done or waived, who says so, and what shows it.

    REFERENCE is the occurrence as `clausebook obligations` prints it. Without --party it closes it for all who owe it;
    what each party owes for itself stays open until all have done it. The file is copied into the folder of the
    evidence, agreements/evidence/ID, with its hash beside it.

    \b
    Examples:
      clausebook evidence retail-telehealth "insurance/show-certificates#1" --by "Ivo Tarn" --file cover.pdf
      clausebook evidence retail-telehealth "regulatory-cms/screen-for-exclusion#3" --by "Ivo Tarn" --kind screening \\
        --field lists=LEIE --field lists=SAM --field names="Cornerway Stores, Inc." --field result=clear
    """
    with opened(root) as project:
        from clausebook.lifecycle.evidencing import Given, close
        from clausebook.validate.value_formats import check_date

        check_date(day or today())
        if hash_only and file is None:
            raise click.UsageError("--hash-only needs --file PATH, whose hash is kept")
        _expect(project, agreement, reference, party)
        given = Given(reference, outcome, day or today(), by, why, kind or "", fields, file, hash_only, party)
        made = close(project, agreement, given, today())
        click.echo(f"{made.outcome}: {made.closes}, on {made.on} ({made.by})")
        shown = f", and {made.file.name} beside it" if made.file and made.file.kept else ""
        click.echo(f"written: {made.path}{shown}")


def _expect(project: Project, agreement: str, reference: str, party: str) -> None:
    """Raise RepositoryError for a reference that is of nothing that falls due under an agreement."""
    from clausebook.facts.duties.agreement_duties import unasked
    from clausebook.facts.duties.paper_duties import all_owed
    from clausebook.findings.model import RepositoryError

    project.expect(agreement)
    for found in all_owed(project, [agreement])[0]:
        # Where nobody has declared duties yet, nobody can tell what is asked for.
        if found.reckoned.duties and (hint := next(unasked(found, [(reference, party)]))):
            raise RepositoryError(f"`{agreement}` does not ask for `{reference}`", hint)
