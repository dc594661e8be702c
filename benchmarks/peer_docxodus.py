"""Run python-redlines for `benchmarks.peers`, in the Python where it is installed; it knows nothing of Clausebook.

It reads requests as lines of JSON and answers each with one line: `ms`, the milliseconds by the clock that the work
took, or `error`. Ways to do the work: `api`, python-redlines as it is used, which starts the engine's program for each
redline; `bytes`, the same engine kept in this process, from two files as bytes; `loaded`, from two files that it has
already read into its own form. The last two need pythonnet.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Redliner = Callable[[], bytes]


def main() -> int:
    """Answer requests until there are no more."""
    # What the engine prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with tempfile.TemporaryDirectory(prefix="clausebook-peer-") as folder:
        peer = _Peer(Path(folder))
        for line in sys.stdin:
            try:
                answer = peer.answer(json.loads(line))
            except Exception as error:  # Whatever it is, it belongs into the table.
                answer = {"error": f"{type(error).__name__}: {error}".strip().splitlines()[0]}
            print(json.dumps(answer), file=answers, flush=True)
    return 0


class _Peer:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.redliners: dict[tuple[str, str, str], Redliner] = {}
        self.engine: Any = None
        self.library: Any = None

    def answer(self, request: dict[str, str]) -> dict[str, object]:
        key = (request["way"], request["old"], request["new"])
        if key not in self.redliners:
            old, new = (Path(request[name]).read_bytes() for name in ("old", "new"))
            self.redliners[key] = self._redliner(request["way"], old, new)
        start = time.perf_counter()
        redline = self.redliners[key]()
        taken = (time.perf_counter() - start) * 1000
        Path(request["out"]).write_bytes(redline)
        return {"ms": taken}

    def _redliner(self, way: str, old: bytes, new: bytes) -> Redliner:
        if self.engine is None:
            engines = importlib.import_module("python_redlines.engines")
            self.engine = engines.DocxodusEngine(target_path=str(self.folder / "engine"))
        if way == "api":
            return lambda: bytes(self.engine.run_redline("Benchmark", old, new)[0])
        if self.library is None:
            self.library = _host(Path(self.engine.extracted_binaries_path).parent, self.folder / "dotnet")
        system, docxodus = importlib.import_module("System"), self.library
        settings = docxodus.DocxDiffSettings()
        files = [docxodus.WmlDocument("side.docx", system.Array[system.Byte](side)) for side in (old, new)]
        if way == "bytes":
            return lambda: bytes(docxodus.DocxDiff.Compare(*files, settings).DocumentByteArray)
        read = [docxodus.DocxDiff.CreateSnapshot(file, settings) for file in files]
        return lambda: bytes(docxodus.DocxDiff.CreateComparison(*read, settings).ToRedline().DocumentByteArray)


def _host(program: Path, root: Path) -> Any:
    """Load the engine's library into this process, with the runtime of .NET that comes with it.

    The program carries its runtime beside it, which can only be hosted when it is laid out as an installed one.
    """
    version = json.loads((program / "redline.runtimeconfig.json").read_text())["runtimeOptions"]["includedFrameworks"][
        0
    ]
    framework = root / "shared" / version["name"] / version["version"]
    resolver = root / "host" / "fxr" / version["version"]
    for folder in (framework, resolver):
        folder.mkdir(parents=True)
    (host,) = program.glob("*hostfxr*")
    (resolver / host.name).symlink_to(host)

    described = json.loads((program / "redline.deps.json").read_text())
    target = described["runtimeTarget"]["name"]
    pack = next(name for name in described["targets"][target] if name.startswith(f"runtimepack.{version['name']}"))
    files = described["targets"][target][pack]
    for name in (*files.get("runtime", ()), *files.get("native", ())):
        (framework / name).symlink_to(program / name)
    name = pack.removeprefix("runtimepack.")
    listed = {
        "runtimeTarget": {"name": target, "signature": ""},
        "targets": {target: {name: files}},
        "libraries": {name: {"type": "package", "serviceable": True, "sha512": ""}},
    }
    (framework / f"{version['name']}.deps.json").write_text(json.dumps(listed))
    config = root / "benchmark.runtimeconfig.json"
    config.write_text(json.dumps({"runtimeOptions": {"framework": version}}))

    runtime = importlib.import_module("clr_loader").get_coreclr(runtime_config=str(config), dotnet_root=str(root))
    importlib.import_module("pythonnet").set_runtime(runtime)
    clr: Any = importlib.import_module("clr")
    sys.path.append(str(program))
    clr.AddReference("Docxodus")
    return importlib.import_module("Docxodus")


if __name__ == "__main__":
    sys.exit(main())
