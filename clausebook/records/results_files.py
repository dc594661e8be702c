"""What was measured under an agreement: `agreements/results/<id>.csv`, which scripts and spreadsheets append to.

Its columns are date, metric, value, note. A number that can be read in two ways is a finding, and is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from clausebook.findings.characters import one_line, shortened
from clausebook.findings.model import Finding, finding_in
from clausebook.findings.near_names import did_you_mean
from clausebook.formats.csv_sheet import CsvProblem, CsvRow, read_csv
from clausebook.repository.agreement_files import RESULTS, is_aside
from clausebook.repository.tree import Tree, TreeError, names_in, unreadable
from clausebook.validate.value_formats import is_date

COLUMNS = ("date", "metric", "value", "note")

_PLAIN = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,6})?")
_GROUPED = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?P<group>[ ,.'’\u00a0\u202f])[0-9]{3}(?:(?P=group)[0-9]{3}){0,4}"
    r"(?:(?!(?P=group))[.,][0-9]{1,6})?"
)
_EITHER = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_POINT = "write the number with a point for its decimals and nothing between its thousands, such as 1912.5"


@dataclass(frozen=True, slots=True)
class MetricResult:
    """What was measured: the day that it holds for (ISO 8601), the metric by its name, and the line of the file."""

    date: str
    metric: str
    value: Decimal
    line: int
    note: str = ""


def results_path(agreement: str) -> str:
    """Return where the results of an agreement lie."""
    return f"{RESULTS}/{agreement}.csv"


def results_of(
    tree: Tree, agreement: str, metrics: Collection[str], as_of: str = ""
) -> tuple[tuple[MetricResult, ...], tuple[Finding, ...]]:
    """Return the results of an agreement whose metrics have these names, and what is wrong with its file.

    A row with an error is no result, nor is one of a day after `as_of`, if that is named.
    """
    path = results_path(agreement)
    if f"{agreement}.csv" not in names_in(tree, RESULTS):
        return (), ()
    try:
        sheet = read_csv(tree.read(path), COLUMNS)
        if missing := [name for name in COLUMNS[:3] if name not in sheet.headings]:
            raise CsvProblem(f"it has no column {missing[0]}", f"the columns are: {', '.join(COLUMNS)}", 1)
    except TreeError as error:
        return (), (unreadable(path, error),)
    except CsvProblem as error:
        found = finding_in(path, "core/results-unreadable", f"the results cannot be read: {error.message}", error.hint)
        return (), (found if not error.line else finding_in(path, found.rule, found.message, found.hint, error.line),)
    results: dict[tuple[str, str], MetricResult] = {}
    findings: list[Finding] = []
    by_letters = {_letters(name): name for name in metrics}
    for row in sheet.rows:
        wrong = list(_wrong(path, row, by_letters, as_of))
        findings += wrong
        if wrong:
            continue
        date, metric, value = row.cells["date"], by_letters[_letters(row.cells["metric"])], row.cells["value"]
        known = results.setdefault(
            (date, metric), MetricResult(date, metric, read_number(value), row.line, row.cells.get("note", ""))
        )
        if known.line != row.line and known.value != read_number(value):
            said = f"line {known.line} tells another result of “{shortened(metric)}” for {date}"
            findings.append(
                finding_in(
                    path,
                    "core/results-repeated",
                    said,
                    "keep the one that is right; until then the first counts",
                    row.line,
                )
            )
    return tuple(results.values()), tuple(findings)


def stray_results(tree: Tree, agreements: Collection[str]) -> Iterator[Finding]:
    """Yield each file among the results that is of no agreement."""
    for name in names_in(tree, RESULTS):
        stem, _, ending = name.rpartition(".")
        if is_aside(name) or (ending == "csv" and stem in agreements):
            continue
        path = f"{RESULTS}/{name}"
        said = f"`{path}` holds the results of no agreement"
        hint = did_you_mean(
            stem or name, sorted(agreements), "rename it to the agreement’s id and .csv, or move it out"
        )
        yield finding_in(path, "core/results-stray", said, hint)


def _wrong(path: str, row: CsvRow, metrics: dict[str, str], as_of: str) -> Iterator[Finding]:
    def found(rule: str, said: str, hint: str) -> Finding:
        return finding_in(path, rule, said, hint, row.line)

    for name in COLUMNS[:3]:
        if name not in row.cells:
            yield found("core/results-value", f"the row has no {name}", "fill it in, or take the row out")
    date, metric, value = (row.cells.get(name, "") for name in COLUMNS[:3])
    if date and not is_date(date):
        yield found(
            "core/results-date", f"“{_shown(date)}” is no date that can be read in one way", "write it as 2027-06-30"
        )
    elif date and as_of and date > as_of:
        yield found(
            "core/results-future",
            f"the result is of {date}, which is after {as_of}: it is left out",
            "correct the date, or name a later day with --as-of",
        )
    if metric and _letters(metric) not in metrics:
        there = f"the metrics are: {', '.join(metrics.values()) or 'none'}"
        said = f"the agreement has no metric “{_shown(metric)}”"
        yield found("core/results-metric", said, did_you_mean(metric, tuple(metrics.values()), there))
    if value:
        try:
            read_number(value)
        except ValueError as error:
            yield found("core/results-value", str(error), _POINT)


def read_number(text: str) -> Decimal:
    """Return the number that a cell certainly stands for, with a point or a comma for its decimals.

    Raises ValueError, which says why it stands for none: “1.234” can be more than a thousand, or a little over one.
    """
    if text.lstrip().startswith(("=", "@")):
        raise ValueError(f"“{_shown(text)}” is a formula, and no number")
    if _EITHER.fullmatch(text):
        digits = re.sub("[.,]", "", text)
        raise ValueError(f"“{_shown(text)}” can be {digits} or {text.replace(',', '.')}0")
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    if found := _GROUPED.fullmatch(text):
        return Decimal(text.replace(found["group"], "").replace(",", "."))
    raise ValueError(f"“{_shown(text)}” is no number")


def _shown(text: str) -> str:
    return shortened(one_line(text, 60))


def _letters(name: str) -> str:
    return " ".join(name.casefold().split())
