"""An agreement's text from the original through its amendments, as the records of a tree have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from clausebook.amending.amendment_files import CHANGES, amendments, changes_path
from clausebook.amending.applying import AmendmentError
from clausebook.amending.changes_file import Changes, TextMark, from_json
from clausebook.document.interchange import MOST_BYTES, InterchangeError
from clausebook.document.model import Document
from clausebook.findings.model import Finding, finding_in
from clausebook.formats.numbers import RULE as FORMAT_UNKNOWN
from clausebook.records.model import ExecutedVersion, Void
from clausebook.records.record_files import document_of, executed, is_hash_of, voided
from clausebook.repository.tree import Tree, TreeError, unreadable

AGAIN = "run `clausebook amend {agreement}` again"

_COMMITTED = "bring back what was committed, with git restore"
_SIGNED = f"{_COMMITTED}; what is to hold instead, the next amendment says: clausebook amend {{agreement}}"
_RESTORED = f"{_COMMITTED}; or, if nobody approved it or has it yet, {AGAIN}"


@dataclass(frozen=True, slots=True)
class RecordedText:
    """An executed text of an agreement: `by` is the record that made it, the agreement's own or an amendment's."""

    document: Document
    by: ExecutedVersion


@dataclass(frozen=True, slots=True)
class Amendment:
    """An amendment and what became of it.

    `record` is None until it is executed. `base` is the text that it amends and `restated` the one that it makes, None
    if its changes do not prove right; the findings say why.
    """

    id: str
    number: int
    record: ExecutedVersion | None
    changes: Changes | None = None
    base: Document | None = None
    restated: Document | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """The executed texts of an agreement, oldest first, and its amendments in order of their numbers."""

    agreement: str
    texts: tuple[RecordedText, ...]
    amendments: tuple[Amendment, ...]

    @property
    def latest(self) -> Document | None:
        """The text that is in force, None if none was executed."""
        return self.texts[-1].document if self.texts else None

    @property
    def pending(self) -> tuple[Amendment, ...]:
        """The amendments that are not executed."""
        return tuple(each for each in self.amendments if each.record is None)

    @property
    def damaged(self) -> tuple[Finding, ...]:
        """What is wrong with the amendments that are executed."""
        return tuple(finding for each in self.amendments if each.record for finding in each.findings)

    def number(self, record: ExecutedVersion) -> int:
        """Return the number of the amendment of which this is the record, 0 if it is that of a whole text."""
        return next((each.number for each in self.amendments if each.id == record.agreement), 0)

    def until(self, version: str) -> tuple[RecordedText, ...]:
        """Return the texts up to that of a version, all if there is none."""
        ends = (place for place, text in enumerate(self.texts, 1) if text.document.version == version)
        return self.texts[: next(ends, None)]

    def wholes(self) -> list[list[RecordedText]]:
        """Return each text that was signed as a whole, and behind it those that amendments made of it."""
        found: list[list[RecordedText]] = []
        for text in self.texts:
            if text.by.agreement == self.agreement:
                found.append([])
            found[-1].append(text)
        return found

    def made_of(self, version: str) -> list[RecordedText]:
        """Return of what the text of a version, or else the last, is made: a whole text, and amendments of it."""
        return replace(self, texts=self.until(version)).wholes()[-1]

    def text(self, version: str) -> RecordedText | None:
        """Return the executed text of a version, None if there is none."""
        return next((text for text in self.texts if text.document.version == version), None)


def chain(tree: Tree, agreement: str) -> Chain:
    """Return the chain of an agreement. Raise FindingsError if an executed record cannot be read, or was changed."""
    texts = [RecordedText(document_of(tree, version), version) for version in executed(tree, agreement)]
    made = []
    known = amendments(tree, agreement)
    for number, name in sorted(known.items()):
        records = executed(tree, name)
        found = _amendment(tree, name, number, texts, records[-1] if records else None)
        gap = max((each for each in range(1, number) if each not in known), default=0)
        if gap and found.changes and found.base is None:
            said = f": Amendment No. {gap} is not there, which may have made it"
            found = replace(
                found, findings=tuple(replace(each, message=each.message + said) for each in found.findings)
            )
        made.append(found)
        if found.record and found.restated and found.changes:
            place = next(index for index, text in enumerate(texts) if text.document is found.base)
            texts.insert(place + 1, RecordedText(found.restated, found.record))
    return Chain(agreement, tuple(texts), tuple(made))


def _amendment(
    tree: Tree, name: str, number: int, texts: list[RecordedText], record: ExecutedVersion | None
) -> Amendment:
    path = changes_path(name)
    agreement = name.removesuffix(f"-amendment-{number}")
    found = Amendment(name, number, record)
    try:
        content = tree.raw(path, MOST_BYTES)
        changes = from_json(content)
    except TreeError as error:
        return replace(found, findings=(replace(unreadable(path, error), hint=_RESTORED.format(agreement=agreement)),))
    except InterchangeError as error:
        damaged = _finding(f"holds no changes of an amendment: {error}", path, content, "")
        if error.hint:
            damaged = replace(damaged, rule=FORMAT_UNKNOWN, hint=error.hint)
        return replace(found, findings=(damaged,))
    named = [text.document for text in texts if text.document.version == changes.base.version]
    # Where a version was executed twice, the text tells which of them it was drafted from.
    base = next((each for each in named if TextMark.of(each) == changes.base), next(iter(named), None))
    void = () if base else voided(tree, agreement)
    wrong = dict(_misfits(changes, agreement, number, base, void))
    kept = [each.sha256 for each in record.wordings if each.name == CHANGES] if record else []
    if not all(is_hash_of(each, content) for each in kept):
        wrong["instructions"] = "is not the file that was there when the amendment was executed"
    restated = None
    if base and not wrong:
        try:
            restated = changes.restate(base)
        except AmendmentError as error:
            wrong["instructions"] = f"cannot be carried out: {error}"
    if restated and (made := TextMark.of(restated)) != changes.restated:
        wanted = changes.restated.fingerprint[:12]
        wrong["restated"] = f"does not make the text that it says: {made.fingerprint[:12]}, not {wanted}"
    findings = tuple(_finding(said, path, content, field) for field, said in wrong.items())
    if any(each.version == changes.base.version for each, _ in void):
        anew = f'draft it anew from the text in force: clausebook amend {agreement} --redraft "REASON"'
        what = f"void it too: clausebook void {name} {record.version}" if record else anew
        findings = tuple(replace(each, hint=f"it amends a text that counts no more: {what}") for each in findings)
    elif record:
        # Nothing that was signed is written anew.
        findings = tuple(replace(each, hint=_SIGNED.format(agreement=agreement)) for each in findings)
    if restated:
        restated = replace(restated, draft=record is None, status="")
    return Amendment(name, number, record, changes, base, None if findings else restated, findings)


def _misfits(
    changes: Changes, agreement: str, number: int, base: Document | None, void: Sequence[tuple[ExecutedVersion, Void]]
) -> Iterator[tuple[str, str]]:
    """Yield what of the changes does not belong to their amendment, and what to say of it."""
    if (changes.agreement, changes.number) != (agreement, number):
        said = f"is amendment {changes.number} of `{changes.agreement}`, not amendment {number} of `{agreement}`"
        yield "agreement", said
    if base is None:
        version = changes.base.version
        why = next((f": its record is {mark.words()}" for each, mark in void if each.version == version), "")
        yield "base", f"starts from version {version} of `{agreement}`, which is not an executed text of it{why}"
    elif TextMark.of(base) != changes.base:
        said = f"starts from the text {changes.base.fingerprint[:12]}, but version {changes.base.version} of "
        yield "base", f"{said}`{agreement}` was executed as {TextMark.of(base).fingerprint[:12]}"


def _finding(said: str, path: str, content: bytes, name: str) -> Finding:
    lines = content.splitlines()
    mark = f'"{name}":'.encode()
    line = next((place for place, text in enumerate(lines, 1) if name and text.strip().startswith(mark)), 1)
    agreement = path.split("/")[1].rpartition("-amendment-")[0]
    hint = _RESTORED.format(agreement=agreement)
    return finding_in(path, "core/amendment-proof", f"`{path}` {said}", hint, line)
