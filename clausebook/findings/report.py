"""Findings as text, JSON, GitHub annotations, GitLab code quality or SARIF. Pure: gives text, prints nothing."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from clausebook import __version__
from clausebook.findings.characters import without_hidden
from clausebook.findings.model import Finding, finding_data
from clausebook.findings.register import SEVERITIES, Rule

GITHUB_COMMAND = {"error": "error", "warning": "warning", "note": "notice"}

GITLAB_SEVERITY = {"error": "critical", "warning": "major", "note": "info"}

_CODE = re.compile("`([^`]+)`")
_KEY = re.compile("[a-z0-9][a-z0-9_-]*")


def as_text(findings: Sequence[Finding]) -> str:
    """Return a block of lines a finding, and a summary."""
    blocks = []
    for finding in findings:
        where = finding.path
        if finding.line:
            where += f":{finding.line}:{finding.column}"
        lines = [f"{where}: {finding.severity}: {finding.message} [{finding.rule}]"]
        if finding.pointer:
            lines.append(f"    field: {_field(finding)}")
        if finding.hint:
            lines.append(f"    mend:  {finding.hint}")
        # Each is one line that no terminal can take for a command.
        blocks.append("\n".join(without_hidden(" ".join(line.splitlines())) for line in lines))
    return "\n".join([*blocks, summary(findings)]) if findings else ""


def as_html(text: str) -> str:
    """Return a finding's words as HTML: what stands between backticks is shown as code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def counted(count: int, noun: str) -> str:
    """Return "1 change", "1,200 changes"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def summary(findings: Sequence[Finding]) -> str:
    """Return "2 errors, 1 warning" for the findings."""
    counts = [(sum(finding.severity == name for finding in findings), name) for name in SEVERITIES]
    said = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts if count]
    return ", ".join(said) or "no findings"


def as_json(findings: Sequence[Finding]) -> str:
    """Return a JSON object with the list of findings."""
    return json.dumps({"findings": list(map(finding_data, findings))}, indent=2, ensure_ascii=False)


def as_github(findings: Sequence[Finding]) -> str:
    """Return GitHub workflow commands, which become annotations on the lines of a pull request."""
    lines = []
    for finding in findings:
        place = {"file": finding.path, "line": str(finding.line or 1), "col": str(finding.column or 1)}
        place["title"] = finding.rule
        properties = ",".join(f"{name}={_github(value, property=True)}" for name, value in place.items())
        text = finding.message + (f" ({finding.hint})" if finding.hint else "")
        lines.append(f"::{GITHUB_COMMAND[finding.severity]} {properties}::{_github(text)}")
    return "\n".join(lines)


def as_gitlab(findings: Sequence[Finding]) -> str:
    """Return GitLab's code quality report: a JSON list, which it shows beside the lines of a merge request."""
    return json.dumps(
        [
            {
                "description": finding.message + (f" ({finding.hint})" if finding.hint else ""),
                "check_name": finding.rule,
                # GitLab keeps one of those with the same fingerprint.
                "fingerprint": _digest(finding.rule, finding.path, _place(finding), finding.message),
                "severity": GITLAB_SEVERITY[finding.severity],
                "location": {"path": finding.path, "lines": {"begin": finding.line or 1}},
            }
            for finding in findings
        ],
        indent=2,
        ensure_ascii=False,
    )


def as_sarif(findings: Sequence[Finding]) -> str:
    """Return a SARIF 2.1.0 log."""
    broken = {finding.rule: finding.told_by for finding in findings}
    rules = [broken[name] for name in sorted(broken)]
    results = [
        {
            "ruleId": finding.rule,
            "level": finding.severity,
            "message": {"text": finding.message + (f" {finding.hint}" if finding.hint else "")},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(finding.path)},
                        "region": {"startLine": finding.line or 1, "startColumn": finding.column or 1},
                    },
                    **({"logicalLocations": [{"fullyQualifiedName": _place(finding)}]} if finding.pointer else {}),
                }
            ],
            # The same finding of a later run, though lines have moved.
            "partialFingerprints": {"rulePathPlace/v1": _fingerprint(finding)},
        }
        for finding in findings
    ]
    driver = {"name": "clausebook", "version": __version__, "rules": list(map(_sarif_rule, rules))}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


REPORTERS: Mapping[str, Callable[[Sequence[Finding]], str]] = MappingProxyType(
    {"text": as_text, "json": as_json, "github": as_github, "gitlab": as_gitlab, "sarif": as_sarif}
)


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.mend},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"stage": rule.stage},
    }


def _field(finding: Finding) -> str:
    """Return the place as a person reads it: an item that no key names by its position, as its words may be wrong."""
    above, _, last = _place(finding).rpartition("/")
    position = finding.pointer.rpartition("/")[2]
    return f"{above}/{position if position.isdecimal() and not _KEY.fullmatch(last) else last}"


def _place(finding: Finding) -> str:
    return finding.place or finding.pointer


def _fingerprint(finding: Finding) -> str:
    return _digest(finding.rule, finding.path, _place(finding) or finding.message)


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:32]


def _github(text: str, *, property: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property else text
