"""The commands that list what must be approved, and approve it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from clausebook.cli.group import cli, date_option, note_option, reviews_option, root_option
from clausebook.cli.printing import print_json, wrapped
from clausebook.cli.running import assembled, opened, reviews_in, today

base_option = click.option(
    "--base", default="", metavar="BRANCH", help="The protected branch, whose approvers count.  [default: found]"
)


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@reviews_option
@base_option
@root_option
def approvals(ids: tuple[str, ...], form: str, reviews: Path | None, base: str, root: Path | None) -> None:
    """List what must be approved, by whom, and where each approval stands.

    An approval holds for one agreement and for exactly what was approved. Who may approve is read from approvers.yaml
    as it stands on the protected branch.

    \b
    Examples:
      clausebook approvals
      clausebook approvals retail-telehealth
      clausebook approvals --format json
      clausebook approvals --reviews reviews.json
    """
    with opened(root) as project:
        from clausebook.approvals.desk import Desk

        with Desk(project, reviews_in(reviews), base) as desk:
            found = {each.file.id: desk.approvals(each).standings for each in assembled(project, ids)}
            notes = desk.notes
        if form == "json":
            told = {name: [asdict(each) for each in listed] for name, listed in found.items()}
            print_json({"approvals": told, "notes": notes})
            return
        for name, listed in found.items():
            click.echo(f"{name}: {'nothing needs approval' if not listed else ''}".rstrip())
            for each in listed:
                by = f" by {each.by}{f', {each.date}' if each.date else ''}" if each.by else ""
                proof = f" ({each.proof})" if each.state == "given" else f": {each.why}" if each.why else ""
                line = f"  {each.state:8} {each.need.role}: {each.need.said}{' —' if by else ''}{by}{proof}"
                click.echo(wrapped(line, " " * 11))
        for note in notes:
            click.echo(note)


@cli.command()
@click.argument("agreement", metavar="ID")
@click.option("--role", required=True, help="The office that approves.")
@click.option("--by", required=True, metavar="NAME", help="The person who approves, as approvers.yaml has it.")
@click.option(
    "--only", multiple=True, metavar="WHAT", help="A slot, term or limit, or text.  [default: all that is asked]"
)
@click.option("--key", type=click.Path(path_type=Path), help="Sign with this SSH key.")
@click.option("--evidence", type=click.Path(path_type=Path), help="The mail or the file in which it was approved.")
@click.option("--recorded-by", default="", metavar="NAME", help="Who records the evidence: never the approver.")
@date_option
@note_option
@base_option
@root_option
def approve(
    agreement: str, role: str, by: str, only: tuple[str, ...], key: Path | None, evidence: Path | None,
    recorded_by: str, date: str, note: str, base: str, root: Path | None,
) -> None:  # fmt: skip
    """Approve what an office is asked for in an agreement, as it is now.

    The approval is written to agreements/ID/approvals/, with the signature over it beside it. It names the agreement,
    the office and, by fingerprint, exactly what is approved; whatever of that changes is to be approved again.

    \b
    Examples:
      clausebook approve retail-telehealth --role "General Counsel" --by "Ines Marchetti" --key ~/.ssh/id_ed25519
      clausebook approve retail-telehealth --role "General Counsel" --by "Ines Marchetti" --only termination \\
          --evidence mail.eml --recorded-by "Odile Park"
    """
    with opened(root) as project:
        from clausebook.approvals.approval_files import approvals_folder, file_name
        from clausebook.approvals.desk import Desk
        from clausebook.approvals.giving import approval, needs_for, signature
        from clausebook.findings.model import RepositoryError
        from clausebook.repository.writing import publish_together

        (found,) = assembled(project, [agreement])
        with Desk(project, named=base) as desk:
            asked = desk.needs(found)
            if not asked and (amended := desk.amended(found)):
                said = f"`{agreement}` itself needs no approval, only the text that it makes"
                raise RepositoryError(said, f"approve that: clausebook approve {amended.file.id} --role {role!r}")
            needs = needs_for(asked, role, only, agreement)
            record, files = approval(agreement, needs, by, date or today(), note, evidence, recorded_by)
            path = f"{approvals_folder(agreement)}/{file_name(record)}"
            if key:
                files[f"{path}.sig"] = signature(files[path], Path(path).name, key)
            publish_together(files, project.root)
            ours = [each for each in desk.approvals(found, path).standings if each.path == path]
            refused = [each for each in ours if each.state != "given"]
            how = "written, and not yet an approval," if refused else "approved"
            click.echo(f"{how} by {by}, {record.role}, {record.date}, in {path}:")
            for each in record.approves:
                click.echo(f"  {each.said} [{each.fingerprint[:12]}]")
            if not key and not evidence:
                click.echo(f"To sign it: ssh-keygen -Y sign -n clausebook-approval -f KEY {path}")
            if refused:
                click.echo(f"It does not count yet: {refused[0].why}")
            for line in desk.notes:
                click.echo(line)
