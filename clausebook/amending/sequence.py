"""Whether amendments can follow each other as they are numbered: their days, and the version of a first one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clausebook.amending.amendment_chain import Amendment, Chain
from clausebook.document.statuses import DRAFTS
from clausebook.findings.model import Finding, FindingsError, SourceFile
from clausebook.load.yaml import load_yaml
from clausebook.records.model import ExecutedVersion
from clausebook.records.record_files import data_of
from clausebook.repository.agreement_files import path_in
from clausebook.repository.tree import Tree, TreeError
from clausebook.validate.value_formats import is_date

EFFECTIVE, VERSION = "effective", "1.0"
"""Where an amendment's data say when it takes effect, and the version in which a first one is executed."""


def sequence_findings(
    tree: Tree, chain: Chain, mine: Amendment, data: Mapping[str, Any], at: SourceFile
) -> Iterator[Finding]:
    """Yield that an amendment takes effect before an earlier one, or is out for signature below its first version."""
    day = effective_day(data, mine.record)
    for each in chain.amendments:
        before = _day(tree, each) if day and each.number < mine.number else ""
        if day < before:
            yield at.finding(
                "core/amendment-order",
                f"Amendment No. {mine.number} takes effect on {day}, before Amendment No. {each.number} on {before}, "
                "though it changes the text which that one makes",
                f"/{EFFECTIVE}/date" if "date" in data[EFFECTIVE] else f"/{EFFECTIVE}",
                f"let it take effect on {before} or later"
                if mine.record is None
                else "ask counsel which words hold on which day, and say so in the next amendment",
            )
    version = str(data["version"])
    if mine.record is None and data["status"] not in DRAFTS and version.startswith("0."):
        yield at.finding(
            "core/amendment-version",
            f"the amendment goes out to be signed as version {version}, which is that of a draft",
            "/version",
            f'write version: "{VERSION}" before it is built and signed; what is signed already stays as it is',
        )


def effective_day(data: Mapping[str, Any], record: ExecutedVersion | None) -> str:
    """Return when an amendment takes effect, ISO 8601: never before its execution; "" if a signature is still to say.

    `data` need not be valid.
    """
    told = data.get(EFFECTIVE)
    fixed = told.get("date") if isinstance(told, Mapping) and told.get("set_by") == "fixed-date" else ""
    fixed = fixed if isinstance(fixed, str) and is_date(fixed) else ""
    return max(fixed, record.date) if record else fixed


def _day(tree: Tree, amendment: Amendment) -> str:
    try:
        if amendment.record:
            return effective_day(data_of(tree, amendment.record), amendment.record)
        path = path_in(tree, amendment.id)
        value = load_yaml(tree.read(path), path).value
    except (FindingsError, TreeError):
        return ""  # what is wrong with it is told of itself
    return effective_day(value, None) if isinstance(value, dict) else ""
