"""What closes the duties of an agreement: `agreements/evidence/<id>/<name>.yaml`, and the files beside that show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Literal

from clausebook.findings.model import Finding, SourceFile, finding_in
from clausebook.findings.near_names import did_you_mean
from clausebook.records.notation import from_valid
from clausebook.records.record_files import is_hash_of
from clausebook.repository.agreement_files import EVIDENCE, SUFFIXES, is_aside
from clausebook.repository.tree import Tree, TreeError, names_in
from clausebook.validate.repository_files import SchemaOf, read_repository_file, schema_of

KINDS = ("screening", "valuation", "insurance", "training", "report", "payment")
"""The kinds of evidence that have fields, which stand under the name of the kind."""

MOST_EVIDENCE = 64 << 20
"""The largest file that is kept as evidence, in bytes."""

_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:"
"""How a file begins that git LFS keeps elsewhere and has not fetched."""

Outcome = Literal["done", "waived", "late"]


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """The file that shows it, by its hash in hexadecimal; if it is `kept`, it lies in the folder of the evidence."""

    name: str
    sha256: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What closes an occurrence of a duty; `on` is ISO 8601.

    `kind` is one of `KINDS`, "other" or "", and `fields` are those of the kind, as they are written. `party` is the key
    of the one for which it does, where several owe the duty each for itself, or "".
    """

    path: str
    closes: str
    outcome: Outcome
    on: str
    by: str
    why: str = ""
    kind: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    file: EvidenceFile | None = None
    party: str = ""

    @property
    def key(self) -> str:
        """What it closes, and for whom."""
        return f"{self.closes}@{self.party}" if self.party else self.closes

    def words(self) -> str:
        """Say what became of the duty, by whom, and what the fields of the kind tell."""
        told = (
            f"{name} {', '.join(map(str, value)) if isinstance(value, list | tuple) else value}"
            for name, value in self.fields.items()
        )
        about = ", ".join(told)
        return f"{self.outcome} on {self.on} by {self.by}{about and f': {about}'}"


def evidence_folder(agreement: str) -> str:
    """Return where the evidence of an agreement lies."""
    return f"{EVIDENCE}/{agreement}"


def evidence_of(
    tree: Tree, agreement: str, as_of: str = "", known: SchemaOf | None = None
) -> tuple[tuple[Evidence, ...], tuple[Finding, ...]]:
    """Return the evidence of an agreement, in order of file name, and what is wrong with it.

    What has errors by its schema, which is loaded if `known` does not give it, is left out. `as_of` is the day, ISO
    8601; if it is "", no day is in the future.
    """
    folder = evidence_folder(agreement)
    names = [name for name in names_in(tree, folder) if name.endswith(SUFFIXES)]
    known = known or cache(partial(schema_of, tree))
    found: list[Evidence] = []
    findings: list[Finding] = []
    closed: dict[str, str] = {}
    for name in names:
        path = f"{folder}/{name}"
        value, at, problems = read_repository_file(tree, path, "evidence", known)
        findings += problems
        if value is not None:
            each = _evidence(value, path)
            findings += _wrong(tree, each, value, at, closed, as_of)
            closed.setdefault(each.key, path)
            closed.setdefault(f"{each.closes}@", path)
            found.append(each)
    return tuple(found), tuple(findings)


def stray_evidence(tree: Tree, agreements: Iterable[str]) -> Iterator[Finding]:
    """Yield that there is evidence of an agreement that is not there."""
    known = set(agreements)
    for name in names_in(tree, EVIDENCE):
        path, stem = f"{EVIDENCE}/{name.rstrip('/')}", name.rstrip("/")
        if is_aside(name) or (name.endswith("/") and stem in known):
            continue
        said = f"`{path}` is evidence of no agreement: there is no `{stem}` in agreements/"
        said = said if name.endswith("/") else f"`{path}` lies in no folder of an agreement"
        hint = did_you_mean(stem, sorted(known), f"move it to {EVIDENCE}/ID/, with the agreement’s id")
        yield finding_in(path, "core/evidence-unknown", said, hint)


def _evidence(value: Mapping[str, Any], path: str) -> Evidence:
    file = from_valid(EvidenceFile, value["file"]) if "file" in value else None
    given = {"path": path, "fields": value.get(value.get("kind", ""), {}), "file": file}
    return from_valid(Evidence, {**value, **given})


def _wrong(
    tree: Tree, each: Evidence, value: Mapping[str, Any], at: SourceFile, closed: Mapping[str, str], as_of: str
) -> Iterator[Finding]:
    # For all parties it is closed once, and so it is for each of them.
    other = closed.get(each.closes, "") or closed.get(each.key if each.party else f"{each.closes}@", "")
    if other:
        said = f"`{each.closes}` is closed already by {other}"
        yield at.finding(
            "core/evidence-repeated", said, "/closes", "keep one of the two, or correct what this one closes"
        )
    if each.outcome != "done" and not each.why:
        said = f"nothing tells why it was {'waived' if each.outcome == 'waived' else 'done late'}"
        yield at.finding("core/evidence-why", said, "/outcome", "write it as `why`")
    for kind in KINDS:
        if kind in value and kind != each.kind:
            other = f"the kind of the evidence is {each.kind}" if each.kind else "no `kind` is told"
            said = f"the fields of the kind {kind} stand here, but {other}"
            yield at.finding("core/evidence-kind", said, f"/{kind}", f"write `kind: {kind}`, or remove them")
    if as_of and each.on > as_of:
        said = f"it is to have happened on {each.on}, which is in the future on {as_of}"
        yield at.finding("core/evidence-future", said, "/on", "correct the date")
    if each.file and each.file.kept:
        yield from _file(tree, each.path.rpartition("/")[0], each.file, at)


def _file(tree: Tree, folder: str, file: EvidenceFile, at: SourceFile) -> Iterator[Finding]:
    rule, path = "core/evidence-file", f"{folder}/{file.name}"
    try:
        content = tree.raw(path, MOST_EVIDENCE)
    except TreeError as error:
        hint = "bring it back with git restore; or, where only its hash was to be kept, write `kept: false`"
        yield at.finding(rule, f"`{path}`, which is kept as evidence, {error}", "/file/name", hint)
        return
    if not is_hash_of(file.sha256, content) and not content.startswith(_POINTER + file.sha256.encode()):
        said = f"`{path}` is not the file whose SHA-256 is told here: it was changed, or exchanged"
        yield at.finding(rule, said, "/file/sha256", "bring back what was committed, with git restore or git revert")
