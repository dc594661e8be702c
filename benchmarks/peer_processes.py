"""The peers of `benchmarks.peers`: which are installed, and how each is asked for a redline."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypandoc

from clausebook.document.model import Document

API = "python-redlines, its API: two DOCX as bytes → DOCX"
PROCESS_DOCX = "pandiff, a process: two DOCX files → DOCX"
PROCESS_TEXT = "pandiff, a process: two Markdown files → DOCX"
WARM_BYTES = "Docxodus in one warm process: two DOCX as bytes → DOCX"
WARM_LOADED = "Docxodus in one warm process: two files it has read → DOCX"
WARM_TEXT = "pandiff in one warm process: two Markdown texts → DOCX"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts to compare, as all the contestants take them."""

    pages: int
    old: Document
    new: Document
    folder: Path
    rounds: int
    warm_up: int

    def path(self, side: str, suffix: str) -> Path:
        """Return where a side lies as a file."""
        return self.folder / f"{side}-{self.pages}.{suffix}"


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to a redline: `run` gives the milliseconds by the clock and the DOCX, if there is one.

    `quick` ones get several turns a round. For those with `deduct`, the time for two texts of one line is taken too.
    """

    name: str
    run: Callable[[Pair], tuple[float, bytes]]
    quick: bool = False
    deduct: bool = False


class PeerFault(Exception):
    """A peer could not make a redline."""


class Child:
    """A process that answers lines of JSON."""

    def __init__(self, command: Sequence[str | Path], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=environment,
        )

    def ask(self, **request: str) -> float:
        """Return the milliseconds that the work took; raise PeerFault if it failed."""
        if self.process.stdin is None or self.process.stdout is None:
            raise PeerFault("no pipe")
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError as error:
            raise PeerFault("the process has ended") from error
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "the process has ended"}
        if "error" in answer:
            raise PeerFault(answer["error"])
        return float(answer["ms"])

    def end(self) -> None:
        """Let the process end."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait()


@contextmanager
def installed_peers(peers: Path, pandoc: Path | None) -> Iterator[tuple[list[Contestant], list[str]]]:
    """Give the peers that are there, and lines on those that are not."""
    pandoc = (pandoc or Path(pypandoc.get_pandoc_path())).resolve()
    environment = {**os.environ, "PATH": f"{pandoc.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    found: list[Contestant] = []
    missing: list[str] = []
    children: list[Child] = []
    here = Path(__file__).parent

    def child(*command: str | Path) -> Child:
        children.append(Child(command, environment))
        return children[-1]

    python = next(
        (path for path in (peers / "venv/bin/python", peers / "venv/Scripts/python.exe") if path.is_file()), None
    )
    try:
        if python is None or not _imports(python, "python_redlines_docxodus"):
            missing.append(f"NOT THERE: python-redlines with its Docxodus engine, looked for in {peers / 'venv'}")
        else:
            api = child(python, here / "peer_docxodus.py")
            found.append(Contestant(API, functools.partial(_asked, api, "api", "docx"), deduct=True))
            if _imports(python, "pythonnet"):
                warm = child(python, here / "peer_docxodus.py")
                for name, way in ((WARM_BYTES, "bytes"), (WARM_LOADED, "loaded")):
                    run = functools.partial(_asked, warm, way, "docx")
                    found.append(Contestant(name, run, quick=True))
            else:
                missing.append("NOT THERE: pythonnet, so the engine of python-redlines is not timed in a warm process")
        node, pandiff = shutil.which("node"), peers / "node_modules" / "pandiff"
        if node is None or not (pandiff / "lib/cli.js").is_file():
            missing.append(f"NOT THERE: {'node' if node is None else f'pandiff, looked for in {pandiff}'}")
        else:
            command = (node, pandiff / "lib/cli.js")
            for name, suffix in ((PROCESS_DOCX, "docx"), (PROCESS_TEXT, "md")):
                run = functools.partial(_process, command, environment, suffix)
                found.append(Contestant(name, run, deduct=True))
            warm = child(node, here / "peer_pandiff.cjs", pandiff)
            found.append(Contestant(WARM_TEXT, functools.partial(_asked, warm, "", "md"), deduct=True))
        yield found, missing
    finally:
        for each in children:
            each.end()


def _imports(python: Path, module: str) -> bool:
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0


def _asked(child: Child, way: str, suffix: str, pair: Pair) -> tuple[float, bytes]:
    out = pair.path("redline", "docx")
    out.unlink(missing_ok=True)
    taken = child.ask(way=way, old=str(pair.path("old", suffix)), new=str(pair.path("new", suffix)), out=str(out))
    return taken, _redline(out)


def _process(
    command: Sequence[str | Path], environment: dict[str, str], suffix: str, pair: Pair
) -> tuple[float, bytes]:
    out = pair.path("redline", "docx")
    out.unlink(missing_ok=True)
    whole = [*command, pair.path("old", suffix), pair.path("new", suffix), "-o", out]
    start = time.perf_counter()
    done = subprocess.run(whole, env=environment, capture_output=True, text=True)
    taken = (time.perf_counter() - start) * 1000
    if done.returncode:
        raise PeerFault(f"exit code {done.returncode}: {done.stderr.strip()[:200]}")
    return taken, _redline(out)


def _redline(path: Path) -> bytes:
    if not path.is_file():
        raise PeerFault("it wrote no file")
    return path.read_bytes()
