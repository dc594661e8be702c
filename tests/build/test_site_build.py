"""A site built plain, from the store, by several processes, by MkDocs itself, after being killed: the same bytes."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.build.made_store import opened_store
from clausebook.build.options import SiteOptions
from clausebook.build.shipment import shipment_of
from clausebook.build.site_build import SiteBuild, sources_of
from clausebook.build.workers import Batch, all_done
from clausebook.build.working import RENDERER, Done, WorkOptions
from clausebook.cli.main import cli
from clausebook.site.page_look import look_of
from tests.support.file_trees import files_in
from tests.support.git_repositories import Repository
from tests.support.small_sites import NAMES
from tests.support.tiers import sampled

pytestmark = pytest.mark.slow("sites of four agreements, built several times")

Edit = Callable[[str, str, str], None]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with an empty store: other tests make the same agreements."""
    monkeypatch.setenv("CLAUSEBOOK_CACHE", str(tmp_path / "cache"))


def build(repository: Repository, out: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["build", "--root", str(repository.project), "--out", str(out), *options])


def built(repository: Repository, out: Path, *options: str) -> dict[str, bytes]:
    done = build(repository, out, *options)
    assert done.exit_code == 0, done.output
    return files_in(out)


class Counting:
    """Workers that note what they are asked to make, and what to render."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.rendered: list[str] = []

    def __call__(self, options: WorkOptions, batches: Sequence[Batch]) -> Iterator[Done]:
        orders = {order.id: order for batch in batches for order in batch}
        for done in all_done(options, batches, 1):
            self.made += [] if orders[done.id].parcel else [done.id]
            self.rendered += done.rendered
            yield done


def counted(repository: Repository, out: Path) -> Counting:
    """Build a site in this process; return what had to be done."""
    workers, options = Counting(), SiteOptions()
    with opened_store() as store:
        sources = sources_of(repository.project, options, store)
        site = SiteBuild(repository.project, options, store, look_of(repository.project, RENDERER), workers)
        site.written(site.made(sources), out)
    return workers


def test_however_it_is_built_it_has_the_same_bytes(repository: Repository, tmp_path: Path) -> None:
    plain = built(repository, tmp_path / "plain", "--no-cache", "--jobs", "1")
    assert {f"agreements/{name}/{name}.pdf" for name in NAMES} < plain.keys()
    assert built(repository, tmp_path / "parallel", "--jobs", "3") == plain
    assert built(repository, tmp_path / "kept") == plain
    made = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path / "mkdocs")],
        cwd=repository.project,
        capture_output=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert files_in(tmp_path / "mkdocs") == plain


def test_one_change_makes_one_agreement_and_renders_the_pages_that_show_it(
    repository: Repository, edited: Edit, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert sorted(counted(repository, out).made) == sorted(NAMES)
    nothing = counted(repository, out)
    assert (nothing.made, nothing.rendered) == ([], [])
    edited("avocet", "kept_for: P3Y", "kept_for: P5Y")
    again = counted(repository, out)
    assert again.made == ["avocet"]
    # The clause that says how long it is kept is shown in the words of this deal.
    assert {path.split("/")[1] for path in again.rendered} == {"avocet", "keeping"}
    assert files_in(out) == built(repository, tmp_path / "anew", "--no-cache")


def test_a_template_of_ones_own_makes_all_pages_anew_and_its_fault_is_told_by_its_line(
    repository: Repository, tmp_path: Path
) -> None:
    out, template = tmp_path / "out", repository.project / "templates/site/pages/glance.html"
    counted(repository, out)
    template.parent.mkdir(parents=True)
    template.write_text('<p id="mine">{{ document.title }}</p>\n', "utf-8")
    assert sorted(counted(repository, out).made) == sorted(NAMES)
    assert b'<p id="mine">Avocet talks about' in files_in(out)["agreements/avocet/index.html"]
    assert files_in(out) == built(repository, tmp_path / "anew", "--no-cache", "--jobs", "2")
    again = counted(repository, out)
    assert (again.made, again.rendered) == ([], [])
    with opened_store() as store:
        files = sources_of(repository.project, SiteOptions(), store).files
    (tmp_path / "sent").mkdir()
    sent = shipment_of(repository.project, files).unpack(tmp_path / "sent")
    assert (sent / template.relative_to(repository.project)).read_bytes() == template.read_bytes()
    template.write_text('<p id="mine">\n{{ document.nothing }}</p>\n', "utf-8")
    for jobs in ("1", "2"):
        failed = build(repository, tmp_path / "failed", "--jobs", jobs)
        assert failed.exit_code == 1
        assert "templates/site/pages/glance.html:2" in failed.output
        assert "no attribute 'nothing'" in failed.output
        assert "Traceback" not in failed.output


def test_what_is_made_of_a_file_that_changes_meanwhile_is_not_kept(
    repository: Repository, edited: Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edited_before(options: WorkOptions, batches: Sequence[Batch]) -> Iterator[Done]:
        if any(order.family for batch in batches for order in batch):
            edited("avocet", "kept_for: P3Y", "kept_for: P5Y")
            edited("plover", "kept_for: P4Y", "kept_for: P6Y")
            yield from list(all_done(options, batches, 1))
            edited("plover", "kept_for: P6Y", "kept_for: P4Y")

    plain = built(repository, tmp_path / "plain", "--no-cache")
    monkeypatch.setattr("clausebook.build.site_build.all_done", lambda *said, jobs: edited_before(*said))
    for options in ([], ["--shard", "1/1"]):
        done = build(repository, tmp_path / "_".join(["out", *options[:1]]), *options)
        assert done.exit_code == 0, done.output
        assert ("changed meanwhile" in done.output) is not options
        edited("avocet", "kept_for: P5Y", "kept_for: P3Y")
    monkeypatch.undo()
    monkeypatch.setenv("CLAUSEBOOK_CACHE", str(tmp_path / "cache"))
    assert built(repository, tmp_path / "out") == plain
    monkeypatch.setenv("CLAUSEBOOK_CACHE", str(tmp_path / "other"))
    assert built(repository, tmp_path / "merged", "--parts", str(tmp_path / "out_--shard")) == plain


def own_folders(repository: Repository) -> None:
    root = repository.project
    shutil.copytree(root / "templates/site/docs", root / "docs")
    config = (root / "mkdocs.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text(config.replace("docs_dir: templates/site/docs", "docs_dir: docs"), "utf-8")


def linked_file(repository: Repository) -> None:
    (repository.project / "docs").mkdir()
    (repository.project / "docs/notes.md").write_text("# Notes", "utf-8")
    (repository.project / "templates/site/docs/notes.md").symlink_to("../../../docs/notes.md")


def linked_folder(repository: Repository) -> None:
    (repository.project / "docs").mkdir()
    (repository.project / "templates/site/docs/house").symlink_to("../../../docs")


@pytest.mark.parametrize("kept", [own_folders, linked_file, linked_folder])
def test_a_page_of_ones_own_is_made_anew_wherever_it_is_kept(
    repository: Repository, tmp_path: Path, kept: Callable[[Repository], None]
) -> None:
    kept(repository)
    built(repository, tmp_path / "out")
    (repository.project / "docs/notes.md").write_text("# Other notes", "utf-8")
    site = built(repository, tmp_path / "out")
    assert any(b"Other notes" in content for path, content in site.items() if path.endswith("notes/index.html"))


@pytest.mark.parametrize("name", ["avocet/avocet.pdf", "avocet/index.md"])
def test_a_file_of_ones_own_cannot_take_the_place_of_an_agreements(
    repository: Repository, tmp_path: Path, name: str
) -> None:
    place = repository.project / "templates/site/docs/agreements" / name
    place.parent.mkdir(parents=True)
    place.write_bytes(b"Forged")
    done = build(repository, tmp_path / "out")
    assert (done.exit_code, "is made by Clausebook" in done.output) == (2, True), done.output
    assert not (tmp_path / "out").exists()


def test_a_change_of_the_look_renders_all_pages_and_makes_no_agreement(repository: Repository, tmp_path: Path) -> None:
    counted(repository, tmp_path / "out")
    config = repository.project / "mkdocs.yml"
    config.write_text(config.read_text("utf-8").replace("site_name: Clausebook", "site_name: Birds"), "utf-8")
    again = counted(repository, tmp_path / "out")
    assert again.made == []
    assert {f"agreements/{name}/index.html" for name in NAMES} <= set(again.rendered)
    assert b"Birds" in (tmp_path / "out/agreements/avocet/index.html").read_bytes()


def test_an_agreement_that_goes_takes_its_files_along(repository: Repository, tmp_path: Path) -> None:
    out = tmp_path / "out"
    built(repository, out)
    (repository.project / "agreements/avocet.yaml").unlink()
    left = built(repository, out)
    assert not [path for path in left if path.startswith("agreements/avocet/")]
    assert b"avocet" not in left["sitemap.xml"] + left["agreements/index.html"]
    assert left == built(repository, tmp_path / "anew", "--no-cache")


@pytest.mark.parametrize("harm", ["changed", "removed", "added"])
def test_what_somebody_did_to_the_site_is_mended(repository: Repository, tmp_path: Path, harm: str) -> None:
    out = tmp_path / "out"
    whole = built(repository, out)
    place = out / "agreements/heron/heron.pdf"
    if harm == "changed":
        content = bytearray(place.read_bytes())
        content[100] ^= 1
        status = place.stat()
        place.write_bytes(content)
        os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))
    elif harm == "removed":
        place.unlink()
    else:
        (out / "agreements/heron/more.pdf").write_bytes(b"%PDF")
    built(repository, out)
    assert files_in(out) == whole


def test_one_bad_agreement_stops_the_rest_unless_it_is_left_out(
    repository: Repository, edited: Edit, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    before = built(repository, out)
    edited("plover", "kept_for: P4Y", "kept_for: soon")
    strict = build(repository, out)
    assert strict.exit_code == 1
    assert "agreements/plover.yaml:" in strict.output
    assert files_in(out) == before
    lenient = build(repository, out, "--keep-going")
    assert lenient.exit_code == 1
    assert "3 agreements built" in lenient.output
    assert "left out for their errors: plover" in lenient.output
    assert b"cannot be built" in (out / "agreements/plover/index.html").read_bytes()
    assert not (out / "agreements/plover/plover.pdf").exists()
    assert (out / "agreements/heron/heron.pdf").exists()


def test_what_to_do_about_an_error_may_be_to_name_an_agreement_of_another_family(
    repository: Repository, edited: Edit, tmp_path: Path
) -> None:
    edited("redwing", "accompanies: [heron]", "accompanies: [avozet]")
    done = build(repository, tmp_path / "out")
    assert done.exit_code == 1
    assert "did you mean `avocet`" in done.output
    edited("redwing", "accompanies: [avozet]", "accompanies: [avocet]")
    assert build(repository, tmp_path / "out").exit_code == 0


KILLS = sampled(range(30), range(3), "each is a build that is killed, and another one")


@pytest.mark.skipif(sys.platform == "win32", reason="no process is killed like that there")
@pytest.mark.parametrize("seed", KILLS)
def test_a_build_that_was_killed_is_completed_by_the_next(repository: Repository, tmp_path: Path, seed: int) -> None:
    kill_and_build(repository, tmp_path, random.Random(seed).uniform(0.5, 12))


def kill_and_build(repository: Repository, tmp_path: Path, seconds: float) -> None:
    out = tmp_path / "out"
    environment = {**os.environ, "CLAUSEBOOK_CACHE": str(tmp_path / "killed")}
    command = [sys.executable, "-m", "clausebook", "build", "--root", str(repository.project), "--out", str(out)]
    with subprocess.Popen([*command, "--jobs", "2"], env=environment, stderr=subprocess.DEVNULL) as running:
        try:
            running.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert files_in(out) == built(repository, tmp_path / "plain", "--no-cache")
    assert not list(out.rglob(".*"))


def test_two_builds_at_once_do_no_harm(repository: Repository, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "clausebook", "build", "--root", str(repository.project), "--out", str(out)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(2)]
    said = [each.communicate()[0] for each in both]
    assert [each.returncode for each in both] == [0, 0], said
    assert files_in(out) == built(repository, tmp_path / "plain", "--no-cache")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="nothing is forbidden to this user")
def test_a_folder_that_may_not_be_written_is_left_alone(repository: Repository, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = built(repository, out)
    for folder in (out, *(path for path in out.rglob("*") if path.is_dir())):
        folder.chmod(0o500)
    (repository.project / "agreements/avocet.yaml").unlink()
    done = build(repository, out)
    assert (done.exit_code, "cannot write" in done.output) == (2, True)
    assert files_in(out) == before


def test_the_processes_end_when_the_command_is_killed(repository: Repository, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "clausebook", "build", "--no-cache", "--jobs", "2"]
    command += ["--root", str(repository.project), "--out", str(tmp_path / "out")]
    marker = f"CLAUSEBOOK_TEST_MARK={tmp_path.name}"
    name, value = marker.split("=")
    with subprocess.Popen(command, env={**os.environ, name: value}, stdout=subprocess.DEVNULL) as running:
        for _ in range(600):
            if len(marked(marker)) > 2 or running.poll() is not None:
                break
            time.sleep(0.05)
        running.send_signal(signal.SIGKILL)
    for _ in range(600):
        if not marked(marker):
            return
        time.sleep(0.05)
    pytest.fail(f"still there: {marked(marker)}")


def marked(marker: str) -> list[str]:
    """Return the processes that have a mark in their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if marker.encode() in (place / "environ").read_bytes().split(b"\0"):
                found.append(place.name)
        except OSError:
            continue
    return found
