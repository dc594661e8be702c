"""Findings: problems as data.

Every check returns all of its findings; only the command line prints them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from clausebook.findings.pointers import stable
from clausebook.findings.register import Rule, Severity, rule_of


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: what is wrong, where, and what to do.

    `rule` is the id of a declared rule, which gives the severity; an undeclared one raises UndeclaredRule. The rules
    of a type come with their findings, as `declared`.
    `path` is relative to the repository's root, with forward slashes. `line` and
    `column` count from 1; 0 means that the finding concerns the whole file.
    `pointer` is a JSON pointer (RFC 6901) into the file's data, or ""; `place` is the same with keys in the
    stead of positions in a list, which move: see `pointers.stable`.
    """

    rule: str
    message: str
    path: str
    line: int = 0
    column: int = 0
    pointer: str = ""
    hint: str = ""
    place: str = ""
    declared: Rule | None = field(default=None, compare=False, repr=False)
    severity: Severity = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "severity", self.told_by.severity)

    @property
    def told_by(self) -> Rule:
        """The rule that is broken."""
        return self.declared or rule_of(self.rule)

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order findings by place, then rule, so that reports never vary."""
        return (self.path, self.line, self.column, self.rule, self.message)


def finding_data(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain data, for JSON."""
    return {each.name: getattr(finding, each.name) for each in fields(finding) if each.name != "declared"}


def finding_to(finding: Finding) -> dict[str, Any]:
    """Return a finding with the rule that it brings along, as plain data that `finding_from` takes."""
    return finding_data(finding) | ({"declared": asdict(finding.declared)} if finding.declared else {})


def finding_from(held: dict[str, Any]) -> Finding:
    """Return a finding from its plain data."""
    declared = held.pop("declared", None)
    del held["severity"]
    return Finding(**held, declared=Rule(**declared) if declared else None)


Locate = Callable[[str], tuple[int, int]]
"""Gives line and column of a JSON pointer in a file, or of the nearest value around it."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that findings are about, and where its values stand."""

    path: str
    locate: Locate

    def finding(self, rule: str, message: str, pointer: str, hint: str = "") -> Finding:
        """Return the finding at the value of a JSON pointer."""
        line, column = self.locate(pointer)
        return Finding(rule, message, self.path, line, column, pointer, hint)


def finding_in(path: str, rule: str, message: str, hint: str = "", line: int = 1, column: int = 1) -> Finding:
    """Return the finding of a file as a whole, shown at its beginning, or at a line of a text."""
    return Finding(rule, message, path, line, column, hint=hint)


def with_places(findings: Iterable[Finding], path: str, data: Any) -> tuple[Finding, ...]:
    """Return the findings, those of the file at `path` with the stable place of their pointer in its data."""
    return tuple(
        replace(each, place=stable(each.pointer, data)) if each.path == path and each.pointer else each
        for each in findings
    )


def first_error(findings: Iterable[Finding]) -> tuple[Finding | None, str]:
    """Return the first error, None without any, and how many more there are: "; and 2 more", "" for none."""
    errors = [finding for finding in findings if finding.severity == "error"]
    return next(iter(errors), None), f"; and {len(errors) - 1} more" if len(errors) > 1 else ""


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether any of the findings is of severity error."""
    return any(finding.severity == "error" for finding in findings)


class FindingsError(Exception):
    """Carries the findings that stopped one agreement from being built."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("; ".join(finding.message for finding in self.findings))

    def __reduce__(self) -> tuple[type[FindingsError], tuple[tuple[Finding, ...]]]:
        """Let it be sent from one process to another, with its findings."""
        return type(self), (self.findings,)


def refuse_errors(findings: Iterable[Finding]) -> None:
    """Raise FindingsError with all of the findings if one of them is of severity error."""
    told = tuple(findings)
    if has_errors(told):
        raise FindingsError(told)


class RepositoryError(Exception):
    """The command could not run at all: bad usage or an unreadable repository.

    `message` says what is wrong and where; `hint` what to do about it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)
