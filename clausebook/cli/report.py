"""The command that writes reports of an agreement, by the templates of its type."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import Output, cli, root_option
from clausebook.cli.running import assembled, check_target, count, opened, progress, shown
from clausebook.findings.model import FindingsError, RepositoryError, refuse_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clausebook.facts.periods import Period
    from clausebook.facts.reports import Report, ReportKind
    from clausebook.project.project import Project

FORMATS = ("pdf", "docx", "md", "html")


@cli.command()
@click.argument("agreement", metavar="ID")
@click.option("--kind", default="report", show_default=True, metavar="KIND", help="report, progress, closing, agenda …")
@click.option("--period", default="", metavar="PERIOD", help="2027-Q2, 2027-04, 2027-H1, 2027 or FIRST-DAY..LAST-DAY.")
@click.option(
    "--as-of", default="", metavar="DAY", help="What is on record on which day.  [default: the period's last]"
)
@click.option("--outward", is_flag=True, help="For the other side: nothing internal is in it.")
@click.option("--title", default="", metavar="TITLE", help="Of several reports, the one whose title begins so.")
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(FORMATS), help="May be given again.  [default: pdf docx]"
)
@click.option(
    "--out",
    type=Output("name a folder", file_okay=False),
    default=".",
    show_default=True,
    help="The folder to write to.",
)
@root_option
def report(
    agreement: str,
    kind: str,
    period: str,
    as_of: str,
    outward: bool,
    title: str,
    formats: tuple[str, ...],
    out: Path,
    root: Path | None,
) -> None:
    """Write a report of an agreement from its data, results and evidence.

    \b
    The kinds of a partnership:
      report    for executives: results, stage gates, money, overdue duties, decisions wanted
      progress  the reports that the agreement promises, to be completed by their authors
      closing   the checklist for the end: what goes back, what is paid, what goes on
      agenda    the agenda of the committee's next meeting
      pitch     what we propose to a partner, from what is said of the steps; of an opportunity, too
      pilot     the proposal of a first step of low risk; of an opportunity, too

    A type has the kinds that lie in templates/TYPE/reports/. Results are read from agreements/results/ID.csv. No kind
    reads a clock: without a period, --as-of is needed.

    \b
    Examples:
      clausebook report retail-telehealth --period 2027-Q2
      clausebook report retail-telehealth --period 2027-Q2 --as-of 2027-07-20 --outward --out reports
      clausebook report retail-telehealth --kind progress --period 2027-05 --title "Monthly progress"
      clausebook report retail-telehealth --kind closing --as-of 2029-01-15
      clausebook report retail-telehealth --kind agenda --as-of 2027-07-20 --format pdf
      clausebook report evening-prescriptions --kind pitch --as-of 2026-12-01
    """
    with opened(root) as project:
        from clausebook.render.files import render_files
        from clausebook.repository.writing import publish

        check_target(out)
        made_by, written = _about_partnership(project, agreement, kind, as_of) or _about_agreement(
            project, agreement, kind, period, as_of, outward=outward
        )
        refuse_errors(finding for each in written for finding in each.findings)
        wanted = _of_title(made_by, written, title)
        files: dict[str, bytes] = {}
        with progress("Rendering", len(wanted)) as advance:
            for each in wanted:
                advance(each.name)
                if each.document:
                    files |= render_files(each.document, project.root, formats or FORMATS[:2])
        changed = publish(files, out)
    click.echo(f"{count(len(files), 'file')} written, {len(changed)} changed, in {shown(out)}")
    click.echo("\n".join(sorted(files)))


def _about_agreement(
    project: Project, agreement: str, kind: str, period: str, as_of: str, *, outward: bool
) -> tuple[ReportKind, list[Report]]:
    """Return a kind of report, and the reports of it on an agreement."""
    from clausebook.facts.agreement_facts import agreement_facts
    from clausebook.facts.report_facts import report_facts
    from clausebook.facts.reports import load_kind, reports

    (asked,) = assembled(project, (agreement,))
    found = agreement_facts(project, asked)
    if found is None:
        raise FindingsError(asked.findings)
    if found.standing.amends is not None:
        hint = f"have one of the agreement that it amends: `{found.standing.amends.agreement}`"
        raise RepositoryError(f"`{agreement}` is an amendment, and has no reports of its own", hint)
    made_by, findings = load_kind(project.tree, found.duties.deal.document.type, kind, project.store.checks)
    refuse_errors(findings)
    assert made_by is not None  # it has no errors
    about, day = _asked_days(made_by, period, as_of)
    given, findings = report_facts(project, found, made_by, day, about, outward=outward)
    refuse_errors((*found.findings, *findings))
    bundle = found.duties.deal.bundle
    return made_by, list(reports(made_by, given, bundle.shape, bundle.shape_id, project.sandbox))


def _about_partnership(project: Project, name: str, kind: str, as_of: str) -> tuple[ReportKind, list[Report]] | None:
    """Return a kind of document about a partnership, and the documents of it; None if it is about an agreement."""
    from clausebook.facts.reports import kinds_of, load_kind, reports
    from clausebook.facts.spark.gathered import partnerships_of
    from clausebook.facts.spark.method import FILE, read_method
    from clausebook.facts.spark.partnership_facts import partnership_facts
    from clausebook.records.opportunities import opportunities_of

    method, findings = read_method(project.tree)
    refuse_errors(findings)
    file = project.known.get(name)
    if file:
        of_type = str((project.load(file)[0] or {}).get("type", ""))
    elif name in {each.id for each in opportunities_of(project.tree)[0]}:
        of_type = method.agreement_type
    else:
        return None
    if file and kind not in kinds_of(project.tree, of_type):
        return None
    if not of_type:
        raise RepositoryError(f"`{name}` is of no type yet", f"name one as `agreement_type` in {FILE}")
    made_by, findings = load_kind(project.tree, of_type, kind, project.store.checks)
    refuse_errors(findings)
    assert made_by is not None  # it has no errors
    if not made_by.of_partnership:
        if file:
            return None
        raise RepositoryError(
            f"a {kind} is about an agreement, and `{name}` is an opportunity", "choose another --kind"
        )
    (one, *_), _ = partnerships_of(project, method, name)
    given = partnership_facts(project, method, one, made_by, _asked_days(made_by, "", as_of)[1])
    bundle = project.type(of_type)
    return made_by, list(reports(made_by, given, bundle.shape, bundle.shape_id, project.sandbox))


def _asked_days(kind: ReportKind, period: str, as_of: str) -> tuple[Period | None, str]:
    """Return the period of a report, if its kind has one, and the day as of which it is. Raises RepositoryError."""
    from clausebook.facts.periods import period_of
    from clausebook.validate.value_formats import check_date

    if as_of:
        check_date(as_of)
    if not kind.about_period:
        if not as_of:
            raise RepositoryError(f"a {kind.name} is of a day: which one?", "name it with --as-of, as 2027-07-20")
        return None, as_of
    if not period:
        raise RepositoryError(f"a {kind.name} is about a period: which one?", "name it with --period, as 2027-Q2")
    about = period_of(period)
    if as_of and as_of < about.first:
        raise RepositoryError(f"the period {period} begins after {as_of}", "name a later day with --as-of")
    return about, as_of or about.last


def _of_title(kind: ReportKind, found: Sequence[Report], title: str) -> list[Report]:
    wanted = [each for each in found if each.title.casefold().startswith(title.casefold())]
    if not wanted:
        there = ", ".join(f"“{each.title}”" for each in found)
        hint = (
            f"for this period there are: {there}"
            if there
            else "see how often the agreement promises them, and name such a period"
        )
        raise RepositoryError(f"the agreement has no {kind.name} report of that title and period", hint)
    return wanted
