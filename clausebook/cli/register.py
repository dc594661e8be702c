"""The command that registers the papers of others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from clausebook.cli.group import Output, cli, report_option, root_option
from clausebook.cli.running import count, finish, opened, progress, stopped, today, usage_errors

if TYPE_CHECKING:
    from clausebook.formats.csv_sheet import CsvRow
    from clausebook.lifecycle.fact_sheet import DateOrder, DecimalMark
    from clausebook.lifecycle.registering import Outcome

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@cli.command()
@click.argument("file", required=False, type=_FILE)
@click.option("--id", "name", default="", metavar="ID", help="The id of the paper.  [default: from the file's name]")
@click.option("--fact", "said", multiple=True, metavar="NAME=VALUE", help="A fact, by its heading: end=2027-06-19.")
@click.option("--facts", type=_FILE, help="The sheet of facts, as CSV: a row a file.")
@click.option("--duties", type=_FILE, help="A sheet of duties, as CSV: a row a duty.")
@click.option("--batch", type=_FOLDER, help="Register all papers of a folder that have a row in the sheet.")
@click.option("--sheet", type=_FOLDER, help="Write an empty sheet of facts for the papers of a folder.")
@click.option("--out", type=Output("name a file", dir_okay=False), help="Where --sheet writes.  [default: facts.csv]")
@click.option("--by", default="", metavar="PERSON", help="Who asserts what the sheet does not say of whom.")
@click.option(
    "--on", "--date", "on", default="", metavar="DAY", help="When, where the sheet does not say.  [default: today]"
)
@click.option("--dates", type=click.Choice(["day-first", "month-first"]), help="What 03/04/2027 means in the sheet.")
@click.option("--decimal", type=click.Choice(["comma", "point"]), help="What marks decimals: whether 1.250 is 1250.")
@click.option("--update", is_flag=True, help="Write what the sheet asserts otherwise than what is registered.")
@report_option
@root_option
def register(
    file: Path | None,
    name: str,
    said: tuple[str, ...],
    facts: Path | None,
    duties: Path | None,
    batch: Path | None,
    sheet: Path | None,
    out: Path | None,
    by: str,
    on: str,
    dates: str | None,
    decimal: str | None,
    update: bool,
    report: str,
    root: Path | None,
) -> None:
    """Register papers that were signed elsewhere, PDF or Word, with facts that a named person asserts of them.

    Nothing is guessed: what nobody asserts stays empty. Where a page is named, the program says whether the value
    stands on it. A paper is registered whole or not at all; what is registered already is left as it is.

    \b
    Examples:
      clausebook register --sheet scans/ --out facts.csv
      clausebook register --batch scans/ --facts facts.csv --by "Ada Quill"
      clausebook register --batch scans/ --facts facts.csv --duties duties.csv --decimal comma
      clausebook register lease.pdf --id lease --by "Ada Quill" --fact title=Lease --fact "title page=1"
    """
    if sum(map(bool, (file, batch, sheet))) != 1:
        raise click.UsageError("Name one FILE, or a folder with --batch or --sheet.")
    if sheet:
        _write_sheet(sheet, out)
        return
    if batch and (not facts or said or name):
        raise click.UsageError("--batch takes its facts and ids from --facts SHEET.")
    if file and bool(facts) == bool(said):
        raise click.UsageError("Give the facts of FILE by --facts SHEET, or each by --fact NAME=VALUE.")
    with opened(root) as project:
        from clausebook.findings.model import Finding
        from clausebook.lifecycle.fact_sheet import DUTY_HEADINGS, Reading
        from clausebook.lifecycle.registering import (
            PaperRow,
            bounded,
            duties_of,
            matched,
            papers_in,
            read_rows,
        )
        from clausebook.lifecycle.registering import register as registered
        from clausebook.validate.value_formats import check_date

        if on:
            check_date(on)
        now = today()
        reading = Reading(now, by, on or now, cast("DateOrder", dates or ""), cast("DecimalMark", decimal or ""))
        papers = {file.name: file} if file else papers_in(cast("Path", batch))
        found: list[Finding] = []
        at = facts or cast("Path", file)
        if facts:
            rows, notes = read_rows(facts)
            given, problems = matched(_of(rows, file, name), papers, facts)
            found += (*notes, *problems)
        else:
            given = (PaperRow(at.name, at, _told(at.name, name, said)),)
        rows, notes = read_rows(duties, DUTY_HEADINGS) if duties else ((), ())
        asserted, problems = duties_of(rows, papers, reading, duties or at)
        found += (*notes, *problems)
        with progress("Registering", len(given)) as advance:
            made = registered(project.root, project.tree, given, asserted, reading, at, update=update, advance=advance)
        found += made.findings
        notes = tuple(each for each in found if each.severity == "note")
        errors = [each for each in found if each.severity != "note"]
        shown = (*bounded(errors, at), *bounded(notes, at))
        finish(shown, strict=False, report=report, done=_done(made), partly=True)
        if report == "text" and notes and not errors:
            for note in bounded(notes, at):
                click.echo(f"{note.path}:{note.line}: note: {note.message}")


def _write_sheet(folder: Path, out: Path | None) -> None:
    with usage_errors(), stopped():
        from clausebook.findings.model import RepositoryError
        from clausebook.lifecycle.registering import blank_sheet, papers_in
        from clausebook.repository.writing import publish

        place = out or Path("facts.csv")
        papers = papers_in(folder)
        content = blank_sheet(papers)
        if place.exists() and place.read_bytes() != content:
            raise RepositoryError(f"`{place}` is there already", "it may be filled in: name another file with --out")
        publish({place.name: content}, place.parent)
        said = "and nothing asserted yet. Fill in what somebody has read in each."
        click.echo(f"{place}: {count(len(papers), 'file')}, {said}")


def _of(rows: tuple[CsvRow, ...], file: Path | None, name: str) -> tuple[CsvRow, ...]:
    """Return the rows that are of a file, of all if none is named; its id is the one given."""
    from dataclasses import replace

    if not file:
        return rows
    mine = [row for row in rows if row.cells.get("file", file.name).casefold() == file.name.casefold()]
    return tuple(replace(row, cells={**row.cells, "file": file.name} | ({"id": name} if name else {})) for row in mine)


def _told(file: str, name: str, said: tuple[str, ...]) -> CsvRow:
    """Return facts of the command line as the row of a sheet."""
    from clausebook.findings.near_names import did_you_mean
    from clausebook.formats.csv_sheet import CsvRow
    from clausebook.lifecycle.fact_sheet import HEADINGS

    cells = {"file": file} | ({"id": name} if name else {})
    for each in said:
        heading, mark, value = each.partition("=")
        heading = heading.strip().casefold()
        if not mark or heading not in HEADINGS[2:]:
            raise click.UsageError(
                f"--fact {each}: {did_you_mean(heading, HEADINGS, 'one of ' + ', '.join(HEADINGS[2:]))}"
            )
        cells[heading] = value.strip()
    return CsvRow(0, {key: value for key, value in cells.items() if value})


def _done(made: Outcome) -> str:
    said = [f"{count(len(made.added), 'paper')} registered"]
    said += [f"{count(len(made.changed), 'paper')} changed"] if made.changed else []
    said += [f"{count(len(made.known), 'paper')} registered before, and left as they are"] if made.known else []
    return "; ".join(said)
