"""Draft an amendment: what leads from the executed text of an agreement to its current draft, as an agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clausebook.amending.amendment_chain import Chain
from clausebook.amending.amendment_files import amending_type, amendment_id, changes_path
from clausebook.amending.changes_file import Changes, TextMark, data_mark, to_json
from clausebook.amending.effect import data_today
from clausebook.amending.finding import instructions
from clausebook.amending.held_text import REDRAFT
from clausebook.amending.kept_numbers import keep_numbers
from clausebook.amending.operative import operative_clauses
from clausebook.amending.parties import ROLE
from clausebook.amending.recital import recited
from clausebook.amending.restatement import RESTATES, UNTOLD, restates_anew
from clausebook.amending.sequence import DOUBTS, VERSION
from clausebook.amending.wording import Wording, filled, load_wording
from clausebook.assemble.assembler import assemble
from clausebook.assemble.inputs import AMENDS
from clausebook.document.model import Document
from clausebook.document.outgoing import same_text
from clausebook.document.statuses import FIRST_STATUS
from clausebook.findings.model import Finding, FindingsError, RepositoryError, has_errors, refuse_errors
from clausebook.formats.table import FIELD
from clausebook.lifecycle.amendment_parties import Signing, signing
from clausebook.lifecycle.ended import ending
from clausebook.lifecycle.redrafting import kept_or_redrafted
from clausebook.lifecycle.turns import check_note
from clausebook.load.editing import NAMES, property_lines, with_property
from clausebook.load.yaml import load_yaml
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project, all_findings
from clausebook.records.record_files import data_of, executed
from clausebook.repository.agreement_files import LONGEST_ID, AgreementFile, path_in
from clausebook.repository.writing import publish_together
from clausebook.validate.value_formats import check_date


@dataclass(frozen=True, slots=True)
class Drafted:
    """The amendment that was drafted; `changes` are the headings of what it changes, `files` those that are new.

    `warnings` say what is doubtful about it as an amendment.
    """

    id: str
    number: int
    base: str
    version: str
    changes: tuple[str, ...]
    files: tuple[str, ...]
    warnings: tuple[Finding, ...] = ()


def amend(
    project: Project,
    agreement: str,
    effective_date: str = "",
    *,
    effective_when: str = "",
    renumber: bool = False,
    although_ended: str = "",
    redraft: str = "",
) -> Drafted:
    """Write the amendment that makes an agreement's current draft of its executed text.

    `effective_date` is ISO 8601, and `effective_when` a condition, as what comes after "the date on which"; without
    either the last signature sets the date. `although_ended` says why an agreement is amended that has ended, `redraft`
    why the text of an amendment that was approved, sent or signed is given up for a draft of a higher version; the
    amendment's file keeps both as comments. Raises FindingsError if the draft or
    the records have errors, and RepositoryError for what was asked for. Nothing is written then.
    """
    effective = _effective(effective_date, effective_when)
    found = project.assemble(project.files([agreement])[0])
    if AMENDS in found.data:
        _check_amendment(project, found, str(found.data[AMENDS]["agreement"]))
        if renumber:
            raise RepositoryError("the numbers of an amendment stay as they were signed", "leave out --renumber")
    past = project.chain_of(agreement)
    if restates_anew(project.tree, past, found.data):
        raise RepositoryError(
            f"this version of `{agreement}` restates it as a whole, under `{RESTATES}`: it is executed as it is",
            f"to amend it instead, bring `{RESTATES}` back to what the executed version has, or remove it",
        )
    base = _base(found, past)
    draft = _draft(project, found)
    kind, wording = _type(project)
    _check_version(found, past)
    ended = _ended(project, found, past, although_ended)
    target = draft if renumber else keep_numbers(base, draft, wording.reserved)
    number = _number(past, base, redraft)
    marks, told = (TextMark.of(base), TextMark.of(target)), instructions(base, target)
    changes = Changes(agreement, number, *marks, data_mark(found.data), renumber, told)
    if not changes.instructions:
        raise RepositoryError(
            f"version {draft.version} of `{agreement}` says what version {base.version} says",
            "change the draft first: there is nothing to amend",
        )
    if not same_text(changes.restate(base), target):
        raise RuntimeError("the changes that were found do not make the draft")
    name = amendment_id(agreement, number)
    if len(name) > LONGEST_ID:
        raise RepositoryError(
            f"`{name}` would be longer than the {LONGEST_ID} characters that an id may have",
            f"give the agreement an id of at most {LONGEST_ID - len(name) + len(agreement)} characters",
        )
    facts = recited(past, changes, found.data)
    files = {
        changes_path(name): to_json(changes).encode(),
        **_yaml(project, name, kind, wording, facts, signing(project, found, base, past, kind), effective),
    }
    if ended:
        path = path_in(project.tree, name)
        files[path] = b"".join((files[path].rstrip(b"\n"), b"\n\n", f"# {ended}\n".encode()))
    files = kept_or_redrafted(project, name, past, files, redraft)
    warnings = _proven(project, name, files)
    places = {path: project.root.joinpath(*path.split("/")) for path in files}
    old = {path: place.read_bytes() for path, place in places.items() if place.is_file()}
    new = tuple(path for path, content in files.items() if old.get(path) != content)
    publish_together({path: files[path] for path in new}, project.root)
    numbering = _numbering(project, base)
    headings = tuple(each.title for each in operative_clauses(base, changes.instructions, wording, numbering))
    return Drafted(name, number, base.version, draft.version, headings, new, warnings)


def _effective(day: str, when: str) -> dict[str, str]:
    """Return what sets the day on which the amendment takes effect, as its data tell it; {} if nothing is said."""
    if day and when:
        raise RepositoryError(
            "an amendment takes effect on a day, or when a condition is met, but not both",
            "leave out --effective-date or --effective-when",
        )
    if day:
        check_date(day)
    check_note(when, "condition")
    when = " ".join(when.split())
    return {"set_by": "fixed-date", "date": day} if day else {"set_by": "condition", "condition": when} if when else {}


def _check_amendment(project: Project, found: Agreement, agreement: str) -> None:
    """Raise RepositoryError if an amendment is not amended itself: what it changes never is."""
    name, again = found.file.id, f"run clausebook amend {agreement}"
    records, path = executed(project.tree, name), path_in(project.tree, name)
    if not records:
        raise RepositoryError(
            f"`{name}` is an amendment that is not executed: it is edited, and not amended",
            f"change the draft of `{agreement}` and {again} again; its day and its parties stand in {path}",
        )
    if AMENDS in data_today(project.tree, agreement):
        raise RepositoryError(
            f"`{name}` amends an amendment: it is not amended itself",
            f"amend that amendment anew: raise `version` in {path_in(project.tree, agreement)}, change its terms, and "
            f"{again}",
        )
    if found.record:
        raise RepositoryError(
            f"`{name}` is an amendment itself: what it changes is part of `{agreement}`, and is changed there",
            f"raise `version` in {path_in(project.tree, agreement)}, change what is to hold, and {again}. To change "
            f"the amendment’s own terms before it takes effect, its day say, raise `version` in {path}, set `status: "
            f"{FIRST_STATUS}`, write the new terms, and run clausebook amend {name}",
        )
    if any(ROLE in each for data in (found.data, data_of(project.tree, records[-1])) for each in data["parties"]):
        raise RepositoryError(
            f"`{name}` changes who the parties are, or has a consent: its own terms are not amended",
            f"the parties withdraw it and sign it anew: clausebook void {name} {records[-1].version}, then raise its "
            "`version` and say why under `reason`",
        )


def _base(found: Agreement, past: Chain) -> Document:
    """Return the executed text that is amended."""
    if past.latest is None:
        raise RepositoryError(
            f"`{found.file.id}` has no executed version: only what the parties signed can be amended",
            f"edit the draft, or record the execution: clausebook execute {found.file.id} --signed FILE.pdf",
        )
    if past.damaged:
        raise FindingsError(past.damaged)
    return past.latest


def _draft(project: Project, found: Agreement) -> Document:
    """Return the current draft with the numbers that it has by itself."""
    version = found.data.get("version")
    if found.record:
        raise RepositoryError(
            f"version {version} of `{found.file.id}` is the executed one: it is never changed",
            "raise `version`, change what is to be amended, then amend again",
        )
    document = assemble(found.inputs, project.sandbox).document if found.document and found.inputs else None
    if AMENDS in found.data:
        document = found.document  # what it changes belongs to its words
    if document is None:
        # Notes on a draft that was sent once are many, and would hide what is to be mended; that it is to be amended or
        # to restate is known.
        told = all_findings(project, [found])
        raise FindingsError([each for each in told if each.severity != "note" and each.rule != UNTOLD])
    return document


def _check_version(found: Agreement, past: Chain) -> None:
    version = str(found.data["version"])
    latest = past.texts[-1].document.version
    if _ordered(version) <= _ordered(latest):
        raise RepositoryError(
            f"the draft is version {version}, but version {latest} of `{found.file.id}` is executed already",
            f"raise `version` in {found.file.path} above {latest}",
        )


_ALTHOUGH = "Amended although the agreement "


def _ended(project: Project, found: Agreement, past: Chain, reason: str) -> str:
    """Return the words by which an agreement that has ended is amended all the same; "" if they are not needed."""
    check_note(reason, "reason")
    reason, name = " ".join(reason.split()), found.file.id
    end = ending(project, found.file, found.data, past.texts[-1].document.version)
    if not end and reason:
        raise RepositoryError(f"`{name}` has not ended: it needs no reason to be amended", "leave out --although-ended")
    said = any(f"# {_ALTHOUGH}".encode() in project.tree.read(path_in(project.tree, each.id)) for each in past.pending)
    if end and not reason and not said:
        raise RepositoryError(
            f"`{name}` {end}: an agreement that has ended is amended only by an express word",
            f'if the parties want that, say why: clausebook amend {name} --although-ended "REASON"; '
            "else begin a new agreement with clausebook new",
        )
    return f"{_ALTHOUGH}{end}: {reason}" if reason else ""


def _ordered(version: str) -> tuple[int, ...]:
    numbers = [int(each) for each in version.split(".") if each.isdecimal()]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _type(project: Project) -> tuple[str, Wording]:
    name = amending_type(project.tree)
    if not name:
        raise RepositoryError(
            "no agreement type amends others: no folder of templates/ has an operative.yaml",
            "copy templates/amendment/ and schemas/amendment/ from the Clausebook repository",
        )
    wording, findings = load_wording(project.tree, f"templates/{name}")
    if wording is None:
        raise FindingsError(findings)
    return name, wording


def _number(past: Chain, base: Document, redraft: str) -> int:
    """Return the amendment's number: that of the draft for this base, or the next; `redraft` gives an old base up."""
    if not past.pending:
        return max((each.number for each in past.amendments), default=0) + 1
    for each in past.pending:
        old = each.changes and each.changes.base != TextMark.of(base)
        if each is not past.pending[-1] or (old and not redraft.strip()):
            raise RepositoryError(
                f"`{each.id}` is not executed yet, and starts from another text",
                "clausebook check says what is in its way; if nobody is to sign it as it stands, draft it anew from "
                f"version {base.version}: {REDRAFT.format(agreement=past.agreement)}",
            )
    return past.pending[-1].number


def _yaml(
    project: Project,
    name: str,
    kind: str,
    wording: Wording,
    facts: Mapping[str, Any],
    signing: Signing,
    effective: Mapping[str, str],
) -> dict[str, bytes]:
    """Return the amendment's own file, by its path: a new one, or the old one with what must be renewed."""
    known = {file.id: file for file in project.found[0]}
    if name in known:
        return {known[name].path: _renewed(project, known[name], facts, signing, effective)}
    number = project.store.of(kind).number
    data = {
        **({FIELD: number} if number > 1 else {}),
        "id": name,
        "type": kind,
        "title": filled(wording.title, {"number": str(facts["number"]), "title": str(facts["title"])}),
        "version": VERSION,
        "status": FIRST_STATUS,
        AMENDS: facts,
        "effective": effective or {"set_by": "last-signature"},
        "parties": signing.parties,
        "signatures": signing.signatures,
    }
    head = (
        f"{project.store.line(kind)}\n\n"
        f"# What this amendment changes stands in {name}/changes.json. `clausebook amend {facts['agreement']}`\n"
        f"# writes it anew from the agreement's draft; of this file it renews `{AMENDS}` and who the parties are.\n\n"
    )
    blocks = [property_lines(key, value, NAMES) for key, value in data.items()]
    text = "".join("\n" * (len(lines) > 1) + "".join(f"{line}\n" for line in lines) for lines in blocks)
    return {f"agreements/{name}.yaml": (head + text).encode()}


def _renewed(
    project: Project, file: AgreementFile, facts: Mapping[str, Any], signing: Signing, effective: Mapping[str, str]
) -> bytes:
    path = file.path
    content = project.tree.read(path)
    loaded = load_yaml(content, path)
    refuse_errors(loaded.findings)
    data: Any = loaded.value
    old = data[AMENDS] if isinstance(data.get(AMENDS), dict) else {}
    # What its owner added or left out stays so.
    kept = {key: value for key, value in old.items() if key not in (*facts, "earlier", "renumber")}
    wanted = {key: value for key, value in facts.items() if key != "fingerprint" or not old or key in old}
    valid, _ = project.load(file)
    renewed = {AMENDS: {**wanted, **kept}, **(signing.renewed(valid) if valid else {})}
    if effective:
        # The options say when it takes effect; what else its owner wrote there, such as when it lapses, stays.
        told = data["effective"] if isinstance(data.get("effective"), dict) else {}
        rest = {key: value for key, value in told.items() if key not in {"set_by", "date", "condition"}}
        renewed["effective"] = {**effective, **rest}
    hint = "write each property on lines of its own"
    for key, value in renewed.items():
        if data.get(key) != value:
            content = with_property(content, key, value, path, hint)
    return content


def doubts(found: Agreement) -> tuple[Finding, ...]:
    """Return the warnings about an amendment as one: whoever drafts or executes it must see them."""
    return tuple(each for each in found.findings if each.rule in DOUBTS)


def _proven(project: Project, name: str, files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Return what is to be mended in the amendment or doubtful about it.

    Raises FindingsError if it would have errors with these files that its owner cannot mend in it.
    """
    after = project.with_files(files)
    made = after.assemble(after.files([name])[0])
    # What the type's own rules find is mended in the amendment, which must be there for that.
    open_still = tuple(each for each in made.findings if each.severity == "error" and not each.rule.startswith("core/"))
    if made.document is None or has_errors(each for each in made.findings if each not in open_still):
        raise FindingsError(all_findings(after, [made]))
    return (*open_still, *doubts(made))


def _numbering(project: Project, base: Document) -> Any:
    kind = project.type(base.type).kind
    if kind is None:
        raise FindingsError(project.type(base.type).findings)
    return kind.outline.numbering
