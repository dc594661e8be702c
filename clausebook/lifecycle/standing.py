"""Where an agreement stands, as records and data tell: sent, executed, amended, renewed, ended. Never by the clock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from clausebook.amending.amendment_chain import Amendment, chain
from clausebook.amending.amendment_files import amended_by
from clausebook.amending.effect import Effect, effect_of, effects
from clausebook.amending.settling import Chains
from clausebook.assemble.inputs import AMENDS
from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import Document
from clausebook.document.statuses import ENDED
from clausebook.document.words import text_of
from clausebook.findings.model import Finding, FindingsError
from clausebook.records.links import Linked, linked
from clausebook.records.model import MARKDOWN, MOST_SIGNED, SCAN, SIGNED, ExecutedVersion, Turn, Void
from clausebook.records.record_files import is_hash_of, read_executed, read_turns, voided
from clausebook.records.since_execution import Lifecycle, lifecycle_of
from clausebook.repository.tree import Tree, TreeError

Stage = Literal[
    "not-sent", "sent", "answered", "executed", "being-amended", "redrafted", "amended", "renewed", "expired",
    "terminated", "superseded",
]  # fmt: skip
"""`redrafted`: there is a draft after the executed text, and no amendment that brings it in yet."""

UNKNOWN = Effect("")
"""That nothing tells when a text takes effect."""

_SIGNED = re.compile("|".join("(?:-[0-9]+)?[.]".join(name.split(".")) for name in (SIGNED, SCAN)))


@dataclass(frozen=True, slots=True)
class ToSign:
    """One who is to sign: the signature block, the party's legal name, and who it is."""

    block: str
    party: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class ExecutedFiles:
    """An executed version: `files` are those to read, by name; `damaged` names those that are not as recorded."""

    record: ExecutedVersion
    files: Mapping[str, bytes] = field(default_factory=dict)
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExecutedText:
    """A text that the parties signed: `by` is the id of the agreement or amendment whose execution made it so.

    `effect` tells since when it is in force.
    """

    version: str
    text: str
    by: str
    date: str
    effect: Effect = UNKNOWN


@dataclass(frozen=True, slots=True)
class AmendmentStep:
    """An amendment, from one version of an agreement to the next.

    `effect` tells when it takes effect. `executed` is the day, or "".
    """

    id: str
    agreement: str
    number: int
    base: str
    makes: str
    effect: Effect
    executed: str
    status: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agreement stands. Turns, executions and texts are oldest first.

    `parties` are short names by key. `amends` is set for an amendment, `amendments` for what is amended. `supersedes`
    are the ids of agreements whose place it took, `linked` all that it belongs with. `voided` are records that count
    no more, and how they are marked. `findings` say which records cannot be read.
    """

    agreement: str
    version: str
    status: str
    parties: Mapping[str, str]
    to_sign: tuple[ToSign, ...] = ()
    turns: tuple[Turn, ...] = ()
    executions: tuple[ExecutedFiles, ...] = ()
    voided: tuple[tuple[ExecutedVersion, Void], ...] = ()
    texts: tuple[ExecutedText, ...] = ()
    amendments: tuple[AmendmentStep, ...] = ()
    amends: AmendmentStep | None = None
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    supersedes: tuple[str, ...] = ()
    linked: Linked = field(default_factory=Linked)
    findings: tuple[Finding, ...] = ()

    @property
    def latest(self) -> ExecutedText | None:
        """The text that was executed last, None if none was."""
        return self.texts[-1] if self.texts else None

    @property
    def is_draft(self) -> bool:
        """Tell whether the version at hand is none that was executed."""
        return all(text.version != self.version for text in self.texts)

    @property
    def pending(self) -> AmendmentStep | None:
        """The amendment that is on its way, None if there is none."""
        return next((each for each in self.amendments if not each.executed), None)

    @property
    def execution(self) -> ExecutedFiles | None:
        """The agreement's own execution of the version at hand, else the last one, None if there is none."""
        mine = (each for each in self.executions if each.record.version == self.version)
        return next(mine, self.executions[-1] if self.executions else None)

    @property
    def stage(self) -> Stage:
        """The stage that the agreement has reached."""
        if self.latest is None:
            sent = self.turns and self.turns[-1].direction == "sent"
            return "sent" if sent else "answered" if self.turns else "not-sent"
        for ended in ENDED:
            if self.status == ended:
                return ended
        if self.pending:
            return "being-amended"
        if self.is_draft:
            return "redrafted"
        if self.lifecycle.renewals and self.lifecycle.renewals[-1].on >= self.latest.date:
            return "renewed"
        return "amended" if self.latest.by != self.agreement else "executed"

    @property
    def since(self) -> str:
        """The day of the stage, ISO 8601; "" where nothing tells it."""
        stage = self.stage
        if stage in ("sent", "answered"):
            return self.turns[-1].date
        if stage in ENDED:
            return self.lifecycle.ended
        if stage == "renewed":
            return self.lifecycle.renewals[-1].on
        return self.latest.date if self.latest and stage in ("executed", "amended") else ""


def standing_of(
    tree: Tree,
    document: Document,
    data: Mapping[str, Any],
    others: Mapping[str, Mapping[str, Any]],
    chain_of: Chains | None = None,
) -> Standing:
    """Return where an agreement stands. `others` are the data of the repository's agreements, by id.

    `chain_of` gives chains that are read already; without it they are read here.
    """
    name, chained = document.id, chain_of or partial(chain, tree)
    turns, turn_problems = read_turns(tree, name)
    records, record_problems = read_executed(tree, name)
    findings = [*turn_problems, *record_problems]
    days: Mapping[str, Effect] = {each.folder: effect_of(tree, name, each, data) for each in records}
    texts = tuple(ExecutedText(each.version, each.text, name, each.date, days[each.folder]) for each in records)
    amendments: tuple[AmendmentStep, ...] = ()
    amended = amended_by(name) if AMENDS in data else None
    try:
        if records and any(each.startswith(f"{name}-amendment-") for each in others):
            # It reads every executed text; without amendments the records alone tell enough.
            found = chained(name)
            told = ((text.document, text.by) for text in found.texts)
            days = effects(tree, found)
            texts = tuple(
                ExecutedText(made.version, fingerprint(made), by.agreement, by.date, days[by.folder])
                for made, by in told
            )
            amendments = tuple(_step(tree, each, name, others.get(each.id, {})) for each in found.amendments)
        steps = chained(amended[0]).amendments if amended else ()
        amends = next((_step(tree, each, amended[0], data) for each in steps if amended and each.id == name), None)
    except FindingsError as error:
        findings += error.findings
        amends = None
    return Standing(
        agreement=name,
        version=document.version,
        status=document.status,
        parties={party.key: party.short_name for party in document.parties},
        to_sign=tuple(to_sign(document)),
        turns=turns,
        executions=tuple(_execution(tree, record) for record in records),
        voided=voided(tree, name),
        texts=texts,
        amendments=amendments,
        amends=amends,
        lifecycle=lifecycle_of(data),
        linked=linked(name, {**others, name: data}),
        supersedes=tuple(sorted(each for each in others if lifecycle_of(others[each]).superseded_by == name)),
        findings=tuple(dict.fromkeys(findings)),
    )


def _step(tree: Tree, amendment: Amendment, agreement: str, data: Mapping[str, Any]) -> AmendmentStep:
    changes, record = amendment.changes, amendment.record
    return AmendmentStep(
        id=amendment.id,
        agreement=agreement,
        number=amendment.number,
        base=changes.base.version if changes else "",
        makes=changes.restated.version if changes else "",
        effect=effect_of(tree, amendment.id, record, data or None),
        executed=record.date if record else "",
        status=str(data.get("status", "")),
        findings=amendment.findings,
    )


def _execution(tree: Tree, record: ExecutedVersion) -> ExecutedFiles:
    """Return an execution with those of its files that are for people to read, as they were recorded."""
    files, damaged = {}, []
    wanted = [file for file in record.files if file.name == MARKDOWN or _SIGNED.fullmatch(file.name)]
    for file in wanted:
        try:
            content = tree.raw(f"{record.folder}/{file.name}", MOST_SIGNED)
        except TreeError:
            damaged.append(file.name)
            continue
        if is_hash_of(file.sha256, content):
            files[file.name] = content
        else:
            damaged.append(file.name)
    return ExecutedFiles(record, files, tuple(damaged))


def to_sign(document: Document) -> Iterator[ToSign]:
    """Yield who is to sign, a block each, in reading order."""
    names = {party.key: party.legal_name for party in document.parties}
    for block in document.signatures:
        said = {line.field: text_of(line.runs).strip() for line in block.lines if line.field in ("name", "title")}
        yield ToSign(block.id, names.get(block.party, block.party), said.get("name", ""), said.get("title", ""))
