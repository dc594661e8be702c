"""The command line: the only place that puts stages together for a person, and the only one that prints."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausebook import __version__
from clausebook.errors import Finding, RepositoryError, has_errors

if TYPE_CHECKING:
    from clausebook.build import Agreement, Project

OK, FINDINGS, COULD_NOT_RUN = 0, 1, 2
REPORTS = ("text", "json", "github", "sarif")

root_option = click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    help="The repository.  [default: the nearest folder upwards with agreements/]",
)
report_option = click.option(
    "--report", type=click.Choice(REPORTS), default="text", show_default=True, help="How findings are printed."
)
strict_option = click.option("--strict", is_flag=True, help="Treat warnings as errors.")


class Commands(click.Group):
    """Without a subcommand, build all."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the subcommand, and name the nearest one if there is none."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            raise click.UsageError(error.message + (f" Did you mean '{near[0]}'?" if near else ""), ctx) from error


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="clausebook")
@click.pass_context
def cli(context: click.Context) -> None:
    """Agreements as code: from one YAML file to Markdown, PDF, DOCX and a site.

    Without a command, everything is built, as with `clausebook build`.

    \b
    Exit codes: 0 clean, 1 findings of severity error, 2 could not run.
    """
    if context.invoked_subcommand is None:
        context.invoke(build)


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
    type=click.Path(file_okay=False, path_type=Path),
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
    with _guarded(root) as project:
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
    from clausebook.build import all_findings

    with _guarded(root) as project:
        agreements = _assembled(project, ids)
        findings = all_findings(project, agreements)
        _finish(findings, strict=strict, report=report, done=f"{_count(len(agreements), 'agreement')} checked")


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
    with _guarded(root) as project:
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
    with _usage_errors():
        folder = _root(root)
        config = folder / "mkdocs.yml"
        if not config.is_file():
            raise RepositoryError(f"`{folder}` has no mkdocs.yml", "copy it from the Clausebook repository")
        from mkdocs.commands.serve import serve as serve_site
        from mkdocs.config.base import ValidationError
        from mkdocs.config.config_options import IpAddress
        from mkdocs.exceptions import Abort, ConfigurationError

        try:
            IpAddress().validate(address)  # type: ignore[no-untyped-call]
            serve_site(str(config), dev_addr=address)
        except ValidationError as error:
            hint = "write a host and a port, such as 127.0.0.1:8000"
            raise RepositoryError(f"cannot serve at {address}: {error}", hint) from error
        except ConfigurationError as error:
            raise RepositoryError(str(error), "see the help of `clausebook serve`") from error
        except Abort:
            sys.exit(COULD_NOT_RUN)
        except OSError as error:
            raise RepositoryError(f"cannot serve at {address}: {error.strerror}", "choose another --address") from error


def main() -> None:
    """Run the command line."""
    cli(prog_name="clausebook")


@contextlib.contextmanager
def _guarded(root: Path | None) -> Iterator[Project]:
    """Open the repository; turn what could not run into a message and exit code 2."""
    with _usage_errors():
        from clausebook.language.sandbox import Sandbox

        # The child loads while the parent imports the rest.
        sandbox = Sandbox()
        try:
            from clausebook.build import Project

            yield Project(_root(root), sandbox)
        finally:
            sandbox.close()


@contextlib.contextmanager
def _usage_errors() -> Iterator[None]:
    try:
        yield
    except RepositoryError as error:
        click.echo(f"clausebook: {error.message}", err=True)
        if error.hint:
            click.echo(f"    mend:  {error.hint}", err=True)
        sys.exit(COULD_NOT_RUN)
    except KeyboardInterrupt:
        click.echo("clausebook: interrupted", err=True)
        sys.exit(COULD_NOT_RUN)
    except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
        raise
    except Exception as error:  # nobody who writes agreements is helped by a traceback
        frames = traceback.extract_tb(error.__traceback__)
        places = " ← ".join(f"{Path(frame.filename).name}, line {frame.lineno}" for frame in reversed(frames[-3:]))
        click.echo(f"clausebook: failed itself: {type(error).__name__}: {error} ({places})", err=True)
        click.echo("    mend:  report it, with the command and these lines", err=True)
        sys.exit(COULD_NOT_RUN)


def _root(root: Path | None) -> Path:
    if root is not None:
        return root.resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "agreements").is_dir() and (folder / "templates").is_dir():
            return folder
    raise RepositoryError(
        f"`{here}` is in no Clausebook repository", "run the command inside one, or name it with --root"
    )


def _target(root: Path, out: Path | None) -> Path:
    """Return where to write: never over what the repository is made of, nor out of it without being told to."""
    from clausebook.build import MARKERS

    target = root / "site" if out is None else out
    place = target.resolve()
    if root.is_relative_to(place) or any(place.is_relative_to(root / name) for name in MARKERS):
        raise RepositoryError(f"`{target}` holds the repository's own files", "choose another --out")
    if out is None and not place.is_relative_to(root):
        raise RepositoryError(f"`{target}` is a link that leads out of the repository", "remove it, or use --out")
    return target


def _known_formats(formats: Sequence[str]) -> tuple[str, ...]:
    from clausebook.render import RENDERERS, USUAL

    for name in formats:
        if name not in RENDERERS:
            raise RepositoryError(f"there is no format `{name}`", f"the formats are: {', '.join(RENDERERS)}")
    return tuple(dict.fromkeys(formats)) or USUAL


def _assembled(project: Project, ids: Sequence[str]) -> list[Agreement]:
    with _progress("Checking", len(project.files(ids))) as advance:
        return list(project.assemble_all(ids, advance))


def _build_files(
    project: Project, agreements: Sequence[Agreement], formats: Sequence[str], out: Path, *, strict: bool, report: str
) -> None:
    from clausebook.build import all_findings, ordered
    from clausebook.errors import FindingsError
    from clausebook.publish import publish

    findings = list(all_findings(project, agreements))
    files: dict[str, bytes] = {}
    with _progress("Rendering", len(agreements)) as advance:
        for agreement in agreements:
            advance(agreement.file.id)
            if agreement.document:
                try:
                    rendered = project.render(agreement, formats)
                except FindingsError as error:
                    findings += error.findings
                    continue
                files |= {f"agreements/{agreement.file.id}/{name}": content for name, content in rendered.items()}
    done = ""
    if not _fails(findings, strict):
        written = publish(files, out)
        done = f"{_count(len(files), 'file')} built, {len(written)} changed, in {_shown(out)}"
    _finish(ordered(findings), strict=strict, report=report, done=done)


def _build_site(project: Project, agreements: Sequence[Agreement], out: Path, *, strict: bool, report: str) -> None:
    from clausebook.build import content_of, ordered

    with _progress("Rendering", len(agreements)) as advance:
        content = content_of(project, agreements, advance)
    findings = ordered(content.all_findings())
    done = ""
    if not _fails(findings, strict):
        from clausebook.build import publish_site

        changed = publish_site(project.root, content, out)
        done = (
            f"{_count(len(content.agreements), 'agreement')} built, {_count(changed, 'file')} changed, in {_shown(out)}"
        )
    _finish(findings, strict=strict, report=report, done=done)


def _fails(findings: Sequence[Finding], strict: bool) -> bool:
    return has_errors(findings) or (strict and any(finding.severity == "warning" for finding in findings))


def _finish(findings: Sequence[Finding], *, strict: bool, report: str, done: str) -> None:
    from clausebook.report import REPORTERS

    failed = _fails(findings, strict)
    shown = findings if report != "text" else [finding for finding in findings if failed or finding.severity != "note"]
    text = REPORTERS[report](shown)
    if text:
        click.echo(text)
    if report == "text":
        if done and not failed:
            click.echo(done)
        elif failed and not done:
            click.echo("Nothing was written.")
    if failed:
        sys.exit(FINDINGS)


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
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "version", "status", "parties", "title"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        cells = (row["id"], row["version"], row["status"], ", ".join(row["parties"]), row["title"])
        table.add_row(*map(Text, cells))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


@contextlib.contextmanager
def _progress(label: str, total: int) -> Iterator[Callable[[str], None]]:
    """Show a progress bar when a person is watching; give the function that moves it on."""
    if not sys.stderr.isatty() or os.environ.get("CI"):
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[name]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=total, name="")
        started = False

        def advance(name: str) -> None:
            nonlocal started
            progress.update(task, advance=1 if started else 0, name=name)
            started = True

        yield advance


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _shown(path: Path) -> str:
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix() + "/"
    except ValueError:
        return str(path)
