"""What a site needs beside its pages to be opened from a disk, where a browser lets a page load scripts alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from clausebook.site.folds import FILE

INDEX = "search/search_index.json"
WORKER = "search/search_worker.js"
"""The script by which the theme's search is at hand; the theme's templates load it before their own."""

_WORKER = "assets/javascripts/workers/search.*.min.js"
_STAND_IN = """\
(function () {
  // A browser starts no worker from a file, but from a text that a page has.
  if (location.protocol !== "file:") { return; }
  var text = %s;
  var Given = window.Worker;
  window.Worker = function () {
    return new Given(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  };
})();
"""


def write_scripts(site: Path, theme: Iterable[str]) -> None:
    """Write a script beside each file of data that pages load; `theme` are the folders of the theme.

    The theme's search asks for the index under that name; a theme without a worker of its own gets none.
    """
    _beside(site / INDEX, "var __index=%s")
    for path in sorted(site.rglob(FILE)):
        _beside(path, "var cbUnchanged=%s")
    workers = [path for folder in theme for path in sorted(Path(folder).glob(_WORKER))]
    if workers:
        text = json.dumps(workers[0].read_text("utf-8"))
        (site / WORKER).write_text(_STAND_IN.replace("%s", text), "utf-8")


def _beside(path: Path, script: str) -> None:
    if path.is_file():
        path.with_suffix(".js").write_text(script.replace("%s", path.read_text("utf-8")), "utf-8")
