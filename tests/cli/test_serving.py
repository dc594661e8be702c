"""What `serve` says, from a real process on a free port."""

from __future__ import annotations

import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clausebook.repository.temporary import PREFIX
from tests.support.bad_input import tame_repository
from tests.support.repositories import ROOT

pytestmark = pytest.mark.slow("real servers that watch files, and end when they are told to")

TIME = r"\d\d:\d\d:\d\d  "


class Serving:
    """A process that serves, and the lines that it says."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.url = process, f"http://127.0.0.1:{port}/"
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def until(self, pattern: str, seconds: float = 60) -> list[str]:
        """Return what is said up to a line that fits; fail if none does."""
        said: list[str] = []
        while True:
            try:
                said.append(self._lines.get(timeout=seconds))
            except queue.Empty:
                raise AssertionError(f"{pattern} is never said: {said}") from None
            if re.fullmatch(pattern, said[-1]):
                return said
            assert said[-1], f"it ended before it said {pattern}: {said}"

    def ended(self) -> tuple[int, list[str]]:
        """Return the exit code, and what was said at the end."""
        code = self.process.wait(timeout=120)
        return code, self.until("")[:-1]

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n") or " ")
        self._lines.put("")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tame_repository(tmp_path)


@contextmanager
def serving(root: Path) -> Iterator[Serving]:
    """Serve the site of a repository."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (root.parent / "temporary").mkdir(exist_ok=True)
    with subprocess.Popen(
        [sys.executable, "-m", "clausebook", "serve", "--address", f"127.0.0.1:{port}"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(root.parent / "temporary")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield Serving(process, port)
        finally:
            process.kill()


@pytest.mark.slow("a real server that sees file changes")
def test_serve_says_where_it_is_what_it_watches_and_what_it_builds(root: Path) -> None:
    deal = root / "agreements" / "sparrow-finch.yaml"
    good = deal.read_text(encoding="utf-8")
    with serving(root) as site:
        said = site.until(f"{TIME}serving at .*")
        assert [re.sub(rf"{TIME}|(?<=in )\d+\.\d", "", line) for line in said] == [
            "Starting …",
            f"building the site for {site.url}; the first time takes longest …",
            "built in  s",
            "watching mkdocs.yml, agreements/, schemas/, templates/",
            f"serving at {site.url} – stop with Ctrl-C",
        ]
        deal.write_text(good.replace("garden birds", "sea birds"), encoding="utf-8")
        assert site.until(TIME + r"built in \d+\.\d s")[0].endswith("a file has changed: building again …")
        deal.write_text(good.replace("kept_for: P3Y", "kept_for: three years"), encoding="utf-8")
        said = site.until("1 error")
        assert re.fullmatch(TIME + r"built in \d+\.\d s, with 1 error:", said[-5])
        assert said[-4].startswith("agreements/sparrow-finch.yaml:12:13: error: ")
        assert said[-2].startswith("    mend:  ")
        configuration = root / "mkdocs.yml"
        harmless = configuration.read_text(encoding="utf-8")
        (root / "evil.py").write_text("from pathlib import Path\nPath('ran').touch()\n", encoding="utf-8")
        configuration.write_text(f"hooks: [evil.py]\n{harmless}", encoding="utf-8")
        said = site.until(f"{TIME}cannot be built: .*")
        assert "mkdocs.yml, line 1: `hooks` runs Python files" in said[-1]
        assert not (root / "ran").exists()
        configuration.write_text(harmless, encoding="utf-8")
        site.until("1 error")
        spoilt = configuration.read_text(encoding="utf-8").replace("theme:", "theme: [", 1)
        configuration.write_text(spoilt, encoding="utf-8")
        said = site.until(f"{TIME}cannot be built: .*")
        assert "mkdocs.yml cannot be used" in said[-1]
        assert not [line for line in said if "Traceback" in line]
        site.process.send_signal(signal.SIGINT)
        code, said = site.ended()
        assert (code, said[-1]) == (0, "stopped")
    assert os.listdir(root.parent / "temporary") == []


@pytest.mark.slow("a signal to a real server")
def test_serve_ends_when_it_is_told_to(root: Path) -> None:
    with serving(root) as site:
        site.until(f"{TIME}serving at .*")
        site.process.terminate()
        assert site.ended() == (143, ["clausebook: ended by SIGTERM"])
    assert os.listdir(root.parent / "temporary") == []


@pytest.mark.slow("a real server that cannot start")
def test_serve_says_at_once_that_its_address_is_taken(root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            [sys.executable, "-m", "clausebook", "serve", "--address", f"127.0.0.1:{taken.getsockname()[1]}"],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
    assert (done.returncode, done.stdout) == (2, "Starting …\n")
    assert "mend:  choose another --address" in done.stderr


@pytest.mark.slow("real servers that cannot start")
@pytest.mark.parametrize(
    ("configuration", "said", "mend"),
    [
        ("docs_dir: templates/site/docs\nplugins: []", "mkdocs.yml does not use the clausebook plugin", "add `"),
        ("docs_dir: nowhere\nplugins: [clausebook]", "mkdocs.yml cannot be used: .*nowhere.*", "correct it"),
        ("docs_dir: [", "mkdocs.yml cannot be used: .*", "correct it"),
    ],
)
def test_serve_ends_with_what_keeps_the_site_from_being_built(
    root: Path, configuration: str, said: str, mend: str
) -> None:
    (root / "mkdocs.yml").write_text(f"site_name: X\n{configuration}\n", encoding="utf-8")
    with serving(root) as site:
        code, lines = site.ended()
    assert code == 2
    assert re.search(f"clausebook: {said}", "\n".join(lines), re.DOTALL)
    assert lines[-1].startswith(f"    mend:  {mend}")
    assert not [line for line in lines if "Traceback" in line]


@pytest.mark.slow("a real server that cannot start, and one that sees file changes")
def test_serve_says_what_is_wrong_with_a_template_and_where(root: Path) -> None:
    template = root / "templates" / "site" / "theme" / "main.html"
    good = template.read_text(encoding="utf-8")
    told = "templates/site/theme/main.html, line 1: the site's theme cannot be used: "
    template.write_text("{% extends 'base.html' %}{% block", encoding="utf-8")
    with serving(root) as site:
        code, lines = site.ended()
    assert (code, lines[-1]) == (2, "    mend:  mend that, and start again")
    assert lines[-2].startswith(f"clausebook: the site cannot be built: {told}unexpected end of template")
    template.write_text(good, encoding="utf-8")
    with serving(root) as site:
        site.until(f"{TIME}serving at .*")
        template.write_text("{% extends 'bse.html' %}", encoding="utf-8")
        assert f"cannot be built: {told}'bse.html' not found" in site.until(f"{TIME}cannot be built: .*")[-1]


@pytest.mark.slow("a real server that sees a file change")
def test_serve_sees_what_changes_while_the_first_site_is_built(root: Path) -> None:
    deal = root / "agreements" / "sparrow-finch.yaml"
    good = deal.read_text(encoding="utf-8")
    with serving(root) as site:
        site.until(f"{TIME}building the site .*")
        end = time.monotonic() + 60
        while not (look := list((root.parent / "temporary").glob(f"{PREFIX}*/files/site"))):
            assert time.monotonic() < end
            time.sleep(0.01)
        assert look
        deal.write_text(good.replace("garden birds", "sea birds"), encoding="utf-8")
        site.until(f"{TIME}serving at .*")
        site.until(f"{TIME}a file has changed: building again …")
