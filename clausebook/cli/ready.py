"""The command that tells what stands between a text and its signatures."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausebook.cli.group import cli, reviews_option, root_option
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
            click.echo(json.dumps({"agreements": list(map(_data, told))}, indent=2, ensure_ascii=False))
        else:
            click.echo("\n\n".join(map(_text, told)))
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


def _text(told: Readiness) -> str:
    from clausebook.findings.report import as_text
    from clausebook.rules.silence_list import as_text as silences

    given = [each for each in told.approvals if each.state == "given"]
    said = [
        f"approved: {each.need.said} — {', '.join(filter(None, (each.by, each.need.role, each.date)))}"
        for each in given
    ]
    stands = f"{told.agreement}: {count(len(told.findings) + len(told.reasons), 'thing')} in the way of signing"
    parts = [
        silences(told.agreement, told.left) if told.left else "",
        "\n".join((*said, *(f"note: {note}" for note in told.notes))),
        as_text(told.findings),
        "\n".join(f"not ready: {reason}" for reason in told.reasons),
        f"{told.agreement} is ready to be signed" if told.ready else stands,
    ]
    return "\n\n".join(filter(None, parts))
