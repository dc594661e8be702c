"""The content security policy: what a page may load and run."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*(?:\bsrc=|application/json))[^>]*>(.*?)</script>", re.DOTALL)
_HEAD = re.compile(r"<head[^>]*>")

_POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
)


def with_policy(html: str, *, preview: bool = False) -> str:
    """Return the page with a policy that lets nothing load from elsewhere and only its own inline scripts run.

    With `preview`, any inline script may run: `mkdocs serve` adds one of its own to each page it sends.
    """
    scripts = ["'unsafe-inline'"] if preview else script_hashes(html)
    policy = "; ".join([*_POLICY, " ".join(["script-src 'self'", *scripts])])
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return _HEAD.sub(lambda head: f"{head.group()}\n    {meta}", html, count=1)


def script_hashes(html: str) -> Iterable[str]:
    """Return the policy's names for the inline scripts of a page, each once, in order."""
    scripts = dict.fromkeys(_INLINE_SCRIPT.findall(html))
    return [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts]
