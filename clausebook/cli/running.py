"""What all commands share: opening the repository, progress, messages and exit codes."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from clausebook.cli.process import Ended
from clausebook.findings.model import Finding, FindingsError, RepositoryError, has_errors
from clausebook.repository import user_cache

if TYPE_CHECKING:
    from clausebook.approvals.reviews import ForgeReview
    from clausebook.language.sandbox import Sandbox
    from clausebook.project.agreement import Agreement
    from clausebook.project.project import Project

OK, FINDINGS, COULD_NOT_RUN = 0, 1, 2


@contextlib.contextmanager
def sandboxed() -> Iterator[Sandbox]:
    """Start the sandbox, which loads while the rest is imported; turn what could not run into exit code 2."""
    with usage_errors():
        from clausebook.language.sandbox import Sandbox

        with Sandbox() as sandbox:
            yield sandbox


@contextlib.contextmanager
def guarded(root: Path | None, as_of: str = "") -> Iterator[Project]:
    """Open the repository, to judge its deals as of a day; turn what could not run into a message and exit code 2."""
    with sandboxed() as sandbox:
        from clausebook.project.making import Judging
        from clausebook.project.project import Project
        from clausebook.validate.value_formats import check_date

        if as_of:
            check_date(as_of)
        yield Project(root_of(root), sandbox, judging=Judging(as_of))


@contextlib.contextmanager
def opened(root: Path | None) -> Iterator[Project]:
    """Open the repository; print findings that stop the command, and leave with exit code 1."""
    with guarded(root) as project, stopped("Nothing was written."):
        yield project


def check_span(since: str, until: str) -> None:
    """Refuse days of --from and --to, "" for none, that are none or stand in the wrong order."""
    from clausebook.validate.value_formats import check_date

    for day in filter(None, (since, until)):
        check_date(day)
    if since and until and until < since:
        raise click.UsageError(f"--to {until} is before --from {since}.")


@contextlib.contextmanager
def stopped(*said: str) -> Iterator[None]:
    """Print findings that stop the command, and what else is to be said; leave with exit code 1."""
    try:
        yield
    except FindingsError as error:
        from clausebook.findings.report import as_text

        click.echo("\n".join((as_text(error.findings), *said)))
        sys.exit(FINDINGS)


@contextlib.contextmanager
def usage_errors() -> Iterator[None]:
    """Turn what a user can mend, and what they cannot, into a message and exit code 2."""
    from clausebook.repository.temporary import remove_leftovers
    from clausebook.repository.writing import FULL

    try:
        remove_leftovers()
        yield
    except RepositoryError as error:
        _refuse(error.message, error.hint)
    except Ended as ended:
        with contextlib.suppress(OSError):  # whoever could read it may be gone as well
            click.echo(f"clausebook: ended by {ended.name}", err=True)
        sys.exit(ended.code)
    except KeyboardInterrupt:
        click.echo("clausebook: interrupted", err=True)
        sys.exit(COULD_NOT_RUN)
    except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
        raise
    except Exception as error:  # nobody who writes agreements is helped by a traceback
        if isinstance(error, OSError) and error.errno in FULL:
            place = f" `{error.filename}`" if error.filename else ""
            _refuse(f"cannot write{place}: {error.strerror}", "make room where it writes to")
        frames = traceback.extract_tb(error.__traceback__)
        places = " ← ".join(f"{Path(frame.filename).name}, line {frame.lineno}" for frame in reversed(frames[-3:]))
        _refuse(
            f"failed itself: {type(error).__name__}: {error} ({places})", "report it, with the command and these lines"
        )


def _refuse(message: str, hint: str) -> NoReturn:
    """Say why the command could not run, and what to do; leave with exit code 2."""
    click.echo(f"clausebook: {message}", err=True)
    if hint:
        click.echo(f"    mend:  {hint}", err=True)
    sys.exit(COULD_NOT_RUN)


def root_of(root: Path | None) -> Path:
    """Return the repository that was named, or the nearest one upwards. Raise RepositoryError if there is none."""
    if root is not None:
        if not root.is_dir():
            raise RepositoryError(f"`{root}` is no folder", "name the repository with --root")
        return root.resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "agreements").is_dir() and (folder / "templates").is_dir():
            return folder
    raise RepositoryError(
        f"`{here}` is in no Clausebook repository", "run the command inside one, or name it with --root"
    )


def site_config(root: Path) -> Path:
    """Return the configuration of a repository's site. Raise RepositoryError if it has none."""
    config = root / "mkdocs.yml"
    if not config.is_file():
        raise RepositoryError(f"`{root}` has no mkdocs.yml", "copy it from the Clausebook repository")
    return config


def state_of(root: Path) -> str:
    """Return the state of all that a command can read, "" where nothing is to be remembered; see `whole_state`."""
    if user_cache.is_off():
        return ""
    from clausebook.repository.whole_state import whole_state

    return whole_state(root)


def assembled(project: Project, ids: Sequence[str]) -> list[Agreement]:
    """Return the agreements of these ids, or all, assembled."""
    with progress("Checking", len(project.files(ids))) as advance:
        return list(project.assemble_all(ids, advance))


def reviews_in(path: Path | None) -> tuple[ForgeReview, ...]:
    """Return the reviews in a file of a forge's, none without one. Raises RepositoryError."""
    from clausebook.approvals.reviews import read_reviews

    return read_reviews(path) if path else ()


def today() -> str:
    """Return the day, ISO 8601."""
    return datetime.now().astimezone().date().isoformat()


def check_target(target: Path) -> None:
    """Refuse to write over what a repository is made of, whichever it is. Raises RepositoryError."""
    from clausebook.project.project import LINKED, MARKERS

    place = target.resolve()
    for folder in place.parents:
        if place.relative_to(folder).parts[0] in LINKED and all((folder / name).is_dir() for name in MARKERS):
            raise RepositoryError(f"`{target}` holds the repository's own files", "choose another --out")


def fails(findings: Sequence[Finding], strict: bool) -> bool:
    """Tell whether the findings make the command fail."""
    return has_errors(findings) or (strict and any(finding.severity == "warning" for finding in findings))


def finish(findings: Sequence[Finding], *, strict: bool, report: str, done: str, partly: bool = False) -> None:
    """Print the findings, then what was done; leave with exit code 1 if the findings say so.

    `partly` is whether that was done in spite of the findings.
    """
    from clausebook.findings.report import REPORTERS

    failed = fails(findings, strict)
    listed = findings if report != "text" else [finding for finding in findings if failed or finding.severity != "note"]
    text = REPORTERS[report](listed)
    if text:
        click.echo(text)
    if report == "text":
        if done and (partly or not failed):
            click.echo(done)
        elif failed and not done:
            click.echo("Nothing was written.")
    if failed:
        sys.exit(FINDINGS)


@contextlib.contextmanager
def progress(label: str, total: int, *, done: bool = False) -> Iterator[Callable[[str], None]]:
    """Show a progress bar when a person is watching; give the function that moves it on. A `total` of 0 is unknown.

    That is told the name of what begins or, where `done` is set, of what is done: "" of what took no time, by which the
    time that is left is not to be reckoned.
    """
    if not sys.stderr.isatty() or os.environ.get("CI"):
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    known = (MofNCompleteColumn(), TimeRemainingColumn(compact=True), TextColumn("left")) if total else ()
    columns = (TextColumn("{task.description}"), BarColumn(), *known, TextColumn("{task.fields[name]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=total or None, name="")
        counted = 0 if done else -1

        def advance(name: str) -> None:
            nonlocal counted
            counted += 1
            if name:
                progress.update(task, completed=counted, name=name)
            else:
                progress.reset(task, completed=counted, name=name)

        yield advance


def note_line(note: Finding) -> str:
    """Return a note on what is not told, with what to do, in one line."""
    return f"{note.message}: {note.hint}" if note.hint else note.message


def count(number: int, noun: str) -> str:
    """Return "1 file" or "2 files"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def shown(path: Path) -> str:
    """Return a path as a person in this folder would write it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix() + "/"
    except ValueError:
        return str(path)
