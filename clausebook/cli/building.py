"""Commands that check, build, list and serve agreements."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausebook.cli.group import Output, cli, report_option, root_option, strict_option
from clausebook.cli.printing import print_table
from clausebook.cli.process import Ended
from clausebook.cli.running import (
    FINDINGS,
    check_target,
    count,
    fails,
    finish,
    guarded,
    progress,
    root_of,
    shown,
    usage_errors,
)
from clausebook.findings.model import Finding, RepositoryError, has_errors

if TYPE_CHECKING:
    from clausebook.project.agreement import Agreement
    from clausebook.project.project import Project

BEHIND = ("core/clause-as-sent", "core/record-drift")
"""Notes that are told even when all is well: agreements that stay behind the library."""


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="NAME",
    help="A format to write (md, pdf, docx, html, odt, rtf, txt …); may be given again.  [default: md pdf docx]",
)
@click.option(
    "--out",
    type=Output("name a folder", file_okay=False),
    help="Where to write.  [default: site/ of the repository]",
)
@strict_option
@report_option
@root_option
def build(
    ids: tuple[str, ...] = (),
    formats: tuple[str, ...] = (),
    out: Path | None = None,
    strict: bool = False,
    report: str = "text",
    root: Path | None = None,
) -> None:
    """Build agreements.

    Without ID and --format: the whole site, with each agreement's Markdown, PDF and DOCX beside its page. With either,
    just the files of those agreements, at OUT/agreements/ID/. If any of them has an error, nothing is written.

    \b
    Examples:
      clausebook build
      clausebook build retail-telehealth --format pdf
      clausebook build --format odt --out /tmp/agreements
    """
    with guarded(root) as project:
        names = _known_formats(formats)
        target = _target(project.root, out)
        agreements = _assembled(project, ids)
        if not ids and not formats:
            _build_site(project, agreements, target, strict=strict, report=report)
        else:
            _build_files(project, agreements, names, target, strict=strict, report=report)


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@strict_option
@report_option
@root_option
def check(ids: tuple[str, ...], strict: bool, report: str, root: Path | None) -> None:
    """Check agreements, and what they stand on, without writing anything.

    \b
    Examples:
      clausebook check
      clausebook check retail-telehealth --strict
      clausebook check --report github
    """
    from clausebook.project.agreement import ordered
    from clausebook.project.project import all_findings

    with guarded(root) as project:
        from clausebook.lifecycle.proofs import proofs
        from clausebook.site.promise import promise

        agreements = _assembled(project, ids)
        with progress("Trying the looks", 0):
            kept = list(promise(project, agreements, whole=not ids))
        with progress("Proving the records", 0):
            findings = ordered([*all_findings(project, agreements), *kept, *proofs(project, ids)])
        behind = [finding.message for finding in findings if finding.rule in BEHIND]
        done = "\n".join((f"{count(len(agreements), 'agreement')} checked", *behind))
        finish(findings, strict=strict, report=report, done=done)


@cli.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@root_option
def list_agreements(as_json: bool, root: Path | None) -> None:
    """List the agreements of the repository.

    \b
    Examples:
      clausebook list
      clausebook list --json
    """
    with guarded(root) as project:
        rows = []
        findings: list[Finding] = list(project.found[1])
        for file in project.files():
            data, found = project.load(file)
            findings += found
            rows.append(_row(file.id, data))
        if as_json:
            click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        else:
            _print_table(rows)
        if has_errors(findings):
            click.echo("Some agreements have errors: run `clausebook check`.", err=True)
            sys.exit(FINDINGS)


@cli.command()
@click.option("--address", default="127.0.0.1:8000", show_default=True, metavar="HOST:PORT", help="Where to serve.")
@root_option
def serve(address: str, root: Path | None) -> None:
    """Serve the site while you write: every saved change is built again.

    \b
    Examples:
      clausebook serve
      clausebook serve --address 127.0.0.1:8080
    """
    with usage_errors():
        folder = root_of(root)
        config = folder / "mkdocs.yml"
        if not config.is_file():
            raise RepositoryError(f"`{folder}` has no mkdocs.yml", "copy it from the Clausebook repository")
        click.echo("Starting …")
        from mkdocs.config.base import ValidationError
        from mkdocs.config.config_options import IpAddress

        from clausebook.cli.serving import Told
        from clausebook.site.preview import preview

        try:
            IpAddress().validate(address)  # type: ignore[no-untyped-call]
            with contextlib.closing(Told()) as told:
                preview(config, address, told)
        except ValidationError as error:
            hint = "write a host and a port, such as 127.0.0.1:8000"
            raise RepositoryError(f"cannot serve at {address}: {error}", hint) from error
        except OSError as error:
            raise RepositoryError(f"cannot serve at {address}: {error.strerror}", "choose another --address") from error
        except Ended:
            raise
        except KeyboardInterrupt:
            click.echo("stopped")


def _target(root: Path, out: Path | None) -> Path:
    """Return where to write: never over what the repository is made of, nor out of it without being told to."""
    target = root / "site" if out is None else out
    place = target.resolve()
    check_target(target)
    if root.is_relative_to(place):
        raise RepositoryError(f"`{target}` holds the repository's own files", "choose another --out")
    if out is None and not place.is_relative_to(root):
        raise RepositoryError(f"`{target}` is a link that leads out of the repository", "remove it, or use --out")
    return target


def _known_formats(formats: Sequence[str]) -> tuple[str, ...]:
    from clausebook.render.formats import RENDERERS, USUAL

    for name in formats:
        if name not in RENDERERS:
            raise RepositoryError(f"there is no format `{name}`", f"the formats are: {', '.join(RENDERERS)}")
    return tuple(dict.fromkeys(formats)) or USUAL


def _assembled(project: Project, ids: Sequence[str]) -> list[Agreement]:
    with progress("Checking", len(project.files(ids))) as advance:
        return list(project.assemble_all(ids, advance))


def _build_files(
    project: Project, agreements: Sequence[Agreement], formats: Sequence[str], out: Path, *, strict: bool, report: str
) -> None:
    from clausebook.findings.model import FindingsError
    from clausebook.project.agreement import ordered
    from clausebook.project.project import all_findings
    from clausebook.repository.writing import publish

    findings = list(all_findings(project, agreements))
    files: dict[str, bytes] = {}
    with progress("Rendering", len(agreements)) as advance:
        for agreement in agreements:
            advance(agreement.file.id)
            if agreement.document:
                try:
                    rendered = {**project.render(agreement, formats), **project.render_restated(agreement, formats)}
                except FindingsError as error:
                    findings += error.findings
                    continue
                files |= {f"agreements/{agreement.file.id}/{name}": content for name, content in rendered.items()}
    done = ""
    if not fails(findings, strict):
        written = publish(files, out)
        done = f"{count(len(files), 'file')} built, {len(written)} changed, in {shown(out)}"
    finish(ordered(findings), strict=strict, report=report, done=done)


def _build_site(project: Project, agreements: Sequence[Agreement], out: Path, *, strict: bool, report: str) -> None:
    from clausebook.project.agreement import ordered
    from clausebook.site.gathering import content_of

    with progress("Rendering", len(agreements)) as advance:
        content = content_of(project, agreements, advance)
    if not fails(content.all_findings(), strict):
        from clausebook.site.past import with_history

        with progress("Reading revisions", len(content.agreements)) as advance:
            content = with_history(content, project.root, project.sandbox, advance)
    findings = ordered(content.all_findings())
    done = ""
    if not fails(findings, strict):
        from clausebook.site.mkdocs_build import publish_site

        with progress("Writing the site", 0):
            changed = publish_site(project.root, content, out)
        done = f"{count(len(content.agreements), 'agreement')} built, {count(changed, 'file')} changed, in {shown(out)}"
    finish(findings, strict=strict, report=report, done=done)


def _row(name: str, data: dict[str, Any] | None) -> dict[str, Any]:
    if data is None:
        return {"id": name, "title": "", "version": "", "status": "has errors", "parties": []}
    parties = [party["short_name"] for party in data["parties"]]
    return {
        "id": name,
        "title": data["title"],
        "version": str(data["version"]),
        "status": data["status"],
        "parties": parties,
    }


def _print_table(rows: Sequence[dict[str, Any]]) -> None:
    cells = ((row["id"], row["version"], row["status"], ", ".join(row["parties"]), row["title"]) for row in rows)
    print_table(("id", "version", "status", "parties", "title"), cells, 160)
