"""The command that tells what stands between a text and its signatures."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausebook.cli.group import cli, reviews_option, root_option
from clausebook.cli.printing import print_json, text_width, wrapped
from clausebook.cli.running import FINDINGS, assembled, count, guarded, reviews_in

if TYPE_CHECKING:
    from clausebook.lifecycle.readiness import Readiness


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--as-of", metavar="DAY", default="", help="The day, 2026-03-04, by which to say what has passed.")
@click.option("--base", default="", metavar="BRANCH", help="The protected branch, whose rules count.  [default: found]")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@reviews_option
@root_option
def ready(ids: tuple[str, ...], as_of: str, base: str, form: str, reviews: Path | None, root: Path | None) -> None:
    """Tell whether agreements are ready to be signed, and everything that stands in the way.

    That is what `check --strict` finds, open approvals, signatories without the authority for the deal, what is asked
    only before signing, and dates that have passed. What the deal leaves to the standard is listed. Without an ID, all
    agreements that are not executed are asked. The exit code is 0 if nothing stands in the way of any.

    \b
    Examples:
      clausebook ready retail-telehealth --as-of 2026-11-27
      clausebook ready --format json
    """
    with guarded(root, as_of) as project:
        from clausebook.approvals.desk import Desk
        from clausebook.lifecycle.readiness import readiness

        agreements = assembled(project, [])
        wanted = {file.id for file in project.files(ids)}
        asked = [each for each in agreements if each.file.id in wanted and (ids or not each.record)]
        with Desk(project, reviews_in(reviews), base) as desk:
            told = [readiness(project, desk, each, agreements, as_of) for each in asked]
        if form == "json":
            print_json({"agreements": list(map(_data, told))})
        else:
            click.echo("\n\n".join(map(as_text, told)))
        if not all(each.ready for each in told):
            sys.exit(FINDINGS)


def _data(told: Readiness) -> dict[str, Any]:
    from clausebook.findings.model import finding_data

    return {
        "agreement": told.agreement,
        "ready": told.ready,
        "findings": list(map(finding_data, told.findings)),
        **{name: getattr(told, name) for name in ("reasons", "notes")},
        **{name: list(map(asdict, getattr(told, name))) for name in ("approvals", "left")},
    }


def as_text(told: Readiness) -> str:
    """Return the verdict, what the deal stands on, what is in the way, and the verdict again, where the eye ends."""
    from clausebook.findings import report

    stands = f"{told.agreement}: {count(len(told.findings) + len(told.reasons), 'thing')} in the way of signing"
    verdict = f"{told.agreement} is ready to be signed" if told.ready else stands
    given = [
        f"approved: {each.need.said} — {', '.join(filter(None, (each.by, each.need.role, each.date)))}"
        for each in told.approvals
        if each.state == "given"
    ]
    said = [*given, *(f"note: {note}" for note in told.notes)]
    parts = [
        verdict,
        _left(told),
        "\n".join(wrapped(each, "  ") for each in said),
        report.as_text(told.findings),
        "\n".join(wrapped(f"not ready: {reason}", "  ") for reason in told.reasons),
    ]
    whole = "\n\n".join(filter(None, parts))
    return f"{whole}\n\n{verdict}" if whole != verdict else verdict


def _left(told: Readiness) -> str:
    """Return what the standard decides, with its words; what nothing is said of is only counted."""
    from clausebook.rules.silence_list import WIDTH, with_words

    if not told.left:
        return ""
    width = text_width(WIDTH)
    unsaid = sum(not each.words for each in told.left)
    more = f"  Of {count(unsaid, 'other value')} nothing is said: clausebook check {told.agreement} --silences"
    return "\n".join([*with_words(told.agreement, told.left, width), *([f"{more} lists them"] if unsaid else [])])
