"""The command that builds agreements, and the site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import (
    Output,
    cli,
    report_option,
    reviews_option,
    root_option,
    strict_option,
    trust_config_option,
)
from clausebook.cli.running import (
    check_target,
    count,
    fails,
    finish,
    guarded,
    progress,
    reviews_in,
    root_of,
    shown,
    site_config,
    usage_errors,
)
from clausebook.findings.model import Finding, FindingsError, RepositoryError, has_errors
from clausebook.site.audience import AUDIENCES

if TYPE_CHECKING:
    from clausebook.approvals.reviews import ForgeReview
    from clausebook.build.carried_parts import Shard
    from clausebook.build.made_store import MadeStore
    from clausebook.build.site_build import SiteBuild, SiteSources
    from clausebook.build.workers import Workers
    from clausebook.project.project import Project


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What a build is asked for: where to, in which form it tells of findings, and what stops it."""

    out: Path
    report: str
    strict: bool
    keep_going: bool
    trusted: bool = False
    jobs: int = 0
    scheduler: str = ""
    shard: Shard | None = None
    parts: tuple[Path, ...] = ()
    explain: str = ""
    audience: str = ""
    offline: bool = False

    def stopped(self, findings: Sequence[Finding]) -> bool:
        """Tell whether these findings let nothing be written."""
        return not self.keep_going and fails(findings, self.strict)


def _checked_address(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    if value and not re.fullmatch(r"(?:tcp|tls)://[\w.\-:\[\]]+:[0-9]{1,5}", value, re.ASCII):
        # Not repeated: it may hold a password.
        raise click.BadParameter("an address is tcp://HOST:PORT or tls://HOST:PORT, and nothing else")
    return value or ""


def _shard(context: click.Context, parameter: click.Parameter, value: str | None) -> Shard | None:
    if not value:
        return None
    from clausebook.build.carried_parts import Shard

    try:
        return Shard.read(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


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
@click.option("--keep-going", is_flag=True, help="Leave out what has an error, and build the rest; exit code 1 then.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="How many processes.  [default: one a processor]")
@click.option(
    "--scheduler",
    metavar="tcp://HOST:PORT",
    callback=_checked_address,
    help="Make the agreements on a Dask cluster (clausebook[dask]); docs/many-machines.md says how.",
)
@click.option(
    "--shard",
    metavar="I/N",
    callback=_shard,
    help="Make the agreements of one share of N into the folder --out, for --parts of another run.",
)
@click.option(
    "--parts",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Take what runs with --shard made; may be given again. What is missing is made.",
)
@click.option(
    "--audience",
    type=click.Choice(AUDIENCES),
    help="For whom the site is: business sees no clause library, guidance, reasons or findings.  "
    "[default: what mkdocs.yml says, else internal-legal]",
)
@click.option(
    "--offline", is_flag=True, help="Build a site to be opened from a disk: its links name files, it searches."
)
@click.option("--explain", metavar="ID", help="Build the site, and say why this agreement was made again, or was not.")
@strict_option
@reviews_option
@trust_config_option
@report_option
@root_option
def build(
    ids: tuple[str, ...] = (),
    formats: tuple[str, ...] = (),
    out: Path | None = None,
    keep_going: bool = False,
    jobs: int | None = None,
    scheduler: str = "",
    shard: Shard | None = None,
    parts: tuple[Path, ...] = (),
    audience: str | None = None,
    offline: bool = False,
    explain: str = "",
    strict: bool = False,
    reviews: Path | None = None,
    trust_config: bool = False,
    report: str = "text",
    root: Path | None = None,
) -> None:
    """Build agreements.

    Without ID and --format: the whole site, with each agreement's Markdown, PDF and DOCX beside its page. With either,
    just the files of those agreements, at OUT/agreements/ID/. If any of them has an error, nothing is written, unless
    with --keep-going: then the site says of an agreement with an error what is wrong, and offers no files of it but
    those of an executed text.

    \b
    Examples:
      clausebook build
      clausebook build retail-telehealth --format pdf
      clausebook build --format odt --out /tmp/agreements
      clausebook build --audience business --out /tmp/business
      clausebook build --offline --out /tmp/site-on-a-stick
      clausebook build --explain retail-telehealth
      clausebook build --scheduler tcp://10.0.0.5:8786
      clausebook build --shard 1/2 --out /tmp/part-1
      clausebook build --parts /tmp/part-1 --parts /tmp/part-2
    """
    if (scheduler or shard or parts or explain or audience or offline) and (ids or formats):
        said = "--scheduler, --shard, --parts, --audience, --offline and --explain are for the whole site"
        said += ", without ID and --format"
        raise click.UsageError(said)
    if shard and (parts or not out):
        raise click.UsageError("--shard wants --out, and takes no --parts")
    if not ids and not formats:
        with usage_errors():
            place = root_of(root)
            request = BuildRequest(
                out=_target(place, out),
                report=report,
                strict=strict,
                keep_going=keep_going,
                trusted=trust_config,
                jobs=jobs or 0,
                scheduler=scheduler,
                shard=shard,
                parts=parts,
                explain=explain or "",
                audience=audience or "",
                offline=offline,
            )
            _build_site(place, reviews_in(reviews), request)
        return
    with guarded(root) as project:
        names = _known_formats(formats)
        target = _target(project.root, out)
        _build_files(project, ids, reviews_in(reviews), names, BuildRequest(target, report, strict, keep_going))


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


def _build_files(
    project: Project, ids: Sequence[str], reviews: Sequence[ForgeReview], formats: Sequence[str], asked: BuildRequest
) -> None:
    from clausebook.approvals.desk import Desk
    from clausebook.project.agreement import ordered
    from clausebook.project.project import in_groups
    from clausebook.repository.temporary import temporary_folder
    from clausebook.repository.writing import publish
    from clausebook.site.gathering import files_of

    agreements, findings = project.files(ids), list[Finding]()
    files: dict[str, Callable[[], bytes]] = {}
    left: list[str] = []
    done = ""
    with temporary_folder() as room:
        with Desk(project, reviews) as desk, progress("Rendering", len(agreements)) as advance:
            for agreement in (desk.marked(each) for group in in_groups(project, agreements, advance) for each in group):
                name = agreement.file.id
                findings += agreement.findings
                try:
                    offered = agreement.document is not None and (agreement.sound or not asked.keep_going)
                    rendered = files_of(project, agreement, formats) if offered else {}
                except FindingsError as error:
                    findings += error.findings
                    rendered = {}
                left += [] if rendered else [name]
                for each, content in rendered.items():
                    place = room / name / each
                    place.parent.mkdir(exist_ok=True)
                    place.write_bytes(content)
                    files[f"agreements/{name}/{each}"] = place.read_bytes
        findings += project.findings()
        if not asked.stopped(findings):
            written = publish(files, asked.out)
            done = f"{count(len(files), 'file')} built, {len(written)} changed, in {shown(asked.out)}{_left(left)}"
    finish(ordered(findings), strict=asked.strict, report=asked.report, done=done, partly=True)


def _build_site(root: Path, reviews: Sequence[ForgeReview], asked: BuildRequest) -> None:
    from clausebook.build.carried_parts import take_parts
    from clausebook.build.explaining import explained
    from clausebook.build.made_store import opened_store
    from clausebook.build.meanwhile import settle
    from clausebook.build.options import MakingOptions, SiteOptions
    from clausebook.build.site_build import SiteBuild, sources_of
    from clausebook.build.working import RENDERER
    from clausebook.project.agreement import ordered
    from clausebook.repository.agreement_files import no_agreement
    from clausebook.site.config_trust import untrusted
    from clausebook.site.page_look import audience_of, is_whole, look_of
    from clausebook.site.repository_notes import REPOSITORY_WIDE

    strange = tuple(untrusted(site_config(root)))
    refused = () if asked.trusted else strange
    audience = asked.audience or audience_of(root)
    making = MakingOptions(tuple(reviews), asked.keep_going, audience=audience)
    options = SiteOptions(making, asked.trusted, asked.jobs, asked.offline)
    findings: tuple[Finding, ...] = ()
    done = said = ""
    with opened_store() as store:
        sources = sources_of(root, options, store)
        asked_for = [task for task in sources.tasks if task.id == asked.explain]
        if asked.explain and not asked_for:
            raise no_agreement(asked.explain, sources.known)
        # What code of one's own does with pages is not known: then all of them are rendered each time.
        look = "" if strange or asked.offline or is_whole(root) else look_of(root, RENDERER, audience)
        build = SiteBuild(root, options, store, look, _cluster(asked.scheduler, sources.files))
        settled = partial(settle, root, options, store, look, sources)
        try:
            if asked.shard:
                findings, done = _shard_built(build, asked.shard.of(sources), store, asked.out, settled)
            else:
                taken = take_parts(build, sources.tasks, store, asked.parts)
                with progress("Making", len(sources.known), done=True) as advance:
                    site = build.made(sources, advance)
                stopped = asked.stopped(site.findings) or fails(refused, asked.strict)
                # What is missing of the past is of a site that is written.
                told = [each for each in site.findings if not (stopped and each.rule in REPOSITORY_WIDE)]
                findings = (*told, *refused)
                said = explained(store, asked.out, asked_for[0], sources.files) if asked_for else ""
                if not stopped:
                    with progress("Writing the site", 0):
                        changed = build.written(site, asked.out)
                    agreed = count(len(sources.known) - len(site.broken), "agreement")
                    agreed += f" built, {taken} of them from parts" if asked.parts else " built"
                    done = f"{agreed}, {count(changed, 'file')} changed, in {shown(asked.out)}{_left(site.broken)}"
        except FindingsError as error:
            findings = (*findings, *error.findings)
        finally:
            again = settled()
    done += "; files changed meanwhile: build it again" if done and again else ""
    done = "\n".join(filter(None, (said, done)))
    finish(ordered(findings), strict=asked.strict, report=asked.report, done=done, partly=True)


def _shard_built(
    build: SiteBuild, sources: SiteSources, store: MadeStore, out: Path, settled: Callable[[], bool]
) -> tuple[tuple[Finding, ...], str]:
    from clausebook.build.carried_parts import check_folder, write_parts

    check_folder(out)
    with progress("Making", len(sources.known), done=True) as advance:
        made = build.agreements(sources, advance)
    settled()
    write_parts(build, made.values(), store, out)
    findings = tuple(dict.fromkeys(finding for part in made.values() for finding in part.head.findings))
    left = [name for name, part in made.items() if has_errors(part.head.findings)]
    return findings, f"{count(len(made) - len(left), 'agreement')} made, in {shown(out)}{_left(left)}"


def _cluster(address: str, files: Iterable[str]) -> Workers | None:
    if not address:
        return None
    # Dask is an extra, and takes long to load.
    from clausebook.build.cluster import all_done_on

    return partial(all_done_on, address, tuple(files))


def _left(ids: Sequence[str]) -> str:
    return f"; left out for their errors: {', '.join(ids)}" if ids else ""
