"""The templates of a theme: one that never ends, or fills the memory, is a fault with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from clausebook.findings.model import FindingsError
from clausebook.site import theme_sandbox
from clausebook.site.mkdocs_build import explained
from clausebook.site.theme_sandbox import sandboxed


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("\n{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", 2),
        ("\n{{ page|center(9999999999) }}", 2),
        ("\n{{ 9 ** (9 ** 9) }}", 2),
        ("{{ 'x'|center(9999999999) }}", 1),
    ],
)
def test_a_template_is_stopped(tmp_path: Path, source: str, line: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme_sandbox, "SECONDS", 0.2)
    (tmp_path / "main.html").write_text(source, "utf-8")
    with pytest.raises(FindingsError) as failed, explained(tmp_path):
        sandboxed(Environment(loader=FileSystemLoader(tmp_path))).get_template("main.html").render(page="x")
    (finding,) = failed.value.findings
    assert (finding.path, finding.line) == ("main.html", line)
