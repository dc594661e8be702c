"""The content security policy: what a page may load and run."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*(?:\bsrc=|application/json))[^>]*>(.*?)</script>", re.DOTALL)
_REST = r"(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>"
# As a browser reads it: what only looks like a head, in a comment or a value, holds no policy.
_START = re.compile(rf"\s*+(?:<!doctype\b{_REST})?+", re.IGNORECASE)
_HEAD = re.compile(rf"{_START.pattern}\s*+(?:<html\b{_REST})?+\s*+<head\b{_REST}", re.IGNORECASE)

_POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
)


# What a theme's template puts into a script of its own: where the page lies.
_INSERTED = r"\s*\"?[\w./:%~-]*\"?\s*"
_JINJA = re.compile(r"\s*(?:\{\{.*?\}\}|\{%.*?%\})\s*", re.DOTALL)


def with_policy(
    html: str,
    own: re.Pattern[str],
    *,
    preview: bool = False,
    asks: bool = False,
    searches: bool = False,
    disk: bool = False,
) -> str:
    """Return the page with a policy that lets nothing load from elsewhere, and of inline scripts only its `own` run.

    With `preview`, any inline script may run: `mkdocs serve` adds one of its own to each page it sends. A page that
    `asks` leads to the site's search by a form; one that `searches` may compile what searches, and nothing else.
    One of a site that is opened from a `disk` may start a worker from a text that it has.
    """
    scripts = ["'unsafe-inline'"] if preview else script_hashes(html, own)
    forms = "form-action 'self'" if asks else "form-action 'none'"
    compiles = ["'wasm-unsafe-eval'"] if searches else []
    rules = [f"{each} blob:" if disk and each.startswith("worker-src") else each for each in _POLICY]
    policy = "; ".join([*rules, forms, " ".join(["script-src 'self'", *compiles, *scripts])])
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    # Where no head is written, what stands first is in it.
    place = _HEAD.match(html) or _START.match(html)
    end = place.end() if place else 0
    return f"{html[:end]}\n    {meta}{html[end:]}"


def script_hashes(html: str, own: re.Pattern[str]) -> Iterable[str]:
    """Return the policy's names for the inline scripts of a page that are among its own, each once, in order."""
    scripts = dict.fromkeys(text for text in _INLINE_SCRIPT.findall(html) if own.fullmatch(text))
    return [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts]


def theme_scripts(folders: Iterable[str]) -> re.Pattern[str]:
    """Return what matches the inline scripts that stand in the templates of a theme, wherever the page lies."""
    sources = (path.read_text(encoding="utf-8") for folder in folders for path in sorted(Path(folder).rglob("*.html")))
    scripts = dict.fromkeys(text for source in sources for text in _INLINE_SCRIPT.findall(source))
    return re.compile("|".join(_INSERTED.join(map(re.escape, _JINJA.split(text))) for text in scripts))
