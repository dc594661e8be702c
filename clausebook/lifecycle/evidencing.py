"""Write down what closes a duty: who says so, on which day, and the file that shows it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clausebook.findings.model import FindingsError, RepositoryError, has_errors
from clausebook.load.editing import PLAIN, property_lines
from clausebook.project.project import Project
from clausebook.records.evidence_files import MOST_EVIDENCE, SCHEMA, Evidence, evidence_folder, evidence_of
from clausebook.repository.agreement_files import SUFFIXES
from clausebook.repository.portable_names import name_problem
from clausebook.repository.tree import names_in
from clausebook.repository.writing import publish_together
from clausebook.validate.repository_files import editor_line
from clausebook.validate.schemas import load_schemas

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Given:
    """What is given of a piece of evidence: `fields` are those of the kind, as `name=value`.

    `file` is where the file lies that shows it, None without one; with `hash_only` it is not kept.
    """

    closes: str
    outcome: str
    on: str
    by: str
    why: str = ""
    kind: str = ""
    fields: tuple[str, ...] = ()
    file: Path | None = None
    hash_only: bool = False
    party: str = ""


def close(project: Project, agreement: str, given: Given, today: str) -> Evidence:
    """Write the evidence that closes an occurrence of an agreement’s duty, and return it; `today` is ISO 8601.

    Raises RepositoryError for what was asked for, FindingsError if it would have errors; nothing is written then.
    """
    project.expect(agreement)
    if given.on > today:
        raise RepositoryError(f"{given.on} is in the future: today is {today}", "write the day with --on")
    folder = evidence_folder(agreement)
    known, _ = evidence_of(project.tree, agreement)
    same = (each for each in known if each.closes == given.closes)
    before = next((each for each in same if not given.party or each.party in ("", given.party)), None)
    if before:
        raise RepositoryError(
            f"`{given.closes}` is closed already, on {before.on}: {before.path}", "correct that file, if it is wrong"
        )
    told: dict[str, Any] = {"closes": given.closes, "outcome": given.outcome, "on": given.on, "by": given.by.strip()}
    told |= {
        name: text for name, text in (("party", given.party), ("why", given.why.strip()), ("kind", given.kind)) if text
    }
    if given.fields:
        told[given.kind] = _fields(project, given.kind, given.fields)
    files = {}
    if given.file:
        content, name = _content(given.file), given.file.name
        told["file"] = {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "kept": not given.hash_only}
        if not given.hash_only:
            _refuse_name(name, names_in(project.tree, folder))
            files[f"{folder}/{name}"] = content
    path = f"{folder}/{_name(given.closes, names_in(project.tree, folder))}"
    lines = [editor_line(path, "evidence"), *(line for key in told for line in property_lines(key, told[key], PLAIN))]
    files[path] = "".join(f"{line}\n" for line in lines).encode()
    found, findings = evidence_of(project.with_files(files).tree, agreement)
    mine = [each for each in findings if each.path == path]
    if has_errors(mine):
        raise FindingsError(mine)
    publish_together(files, project.root)
    return next(each for each in found if each.path == path)


def _fields(project: Project, kind: str, given: Iterable[str]) -> Mapping[str, Any]:
    """Return the fields of a kind as its schema wants them: lists are given one by one."""
    root: Any = load_schemas(project.tree, "schemas", SCHEMA).root
    known = root["properties"].get(kind, {}).get("properties", {}) if isinstance(root, dict) else {}
    found: dict[str, Any] = {}
    for each in given:
        name, sign, text = each.partition("=")
        if not sign or name not in known:
            raise RepositoryError(
                f"`--field {each}` is no field of the kind {kind or 'that is not given'}",
                f"write it as name=value; its fields are: {', '.join(known)}" if known else "name the kind with --kind",
            )
        wanted = known[name].get("type")
        if wanted == "array":
            found.setdefault(name, []).append(text)
        elif name in found:
            raise RepositoryError(f"the field `{name}` is given twice", "give it once")
        else:
            found[name] = int(text) if wanted == "integer" and re.fullmatch("[0-9]{1,9}", text) else text
    return found


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_EVIDENCE + 1)
    except OSError as error:
        raise RepositoryError(f"`{file}` cannot be read: {error.strerror}", "name a file") from error
    if len(content) > MOST_EVIDENCE:
        raise RepositoryError(
            f"`{file}` is larger than {MOST_EVIDENCE >> 20} MiB", "keep it elsewhere, and its hash here"
        )
    return content


def _refuse_name(name: str, names: Iterable[str]) -> None:
    problem = name_problem(name)
    if problem or name.endswith(SUFFIXES):
        said = problem or f"`{name}` would be read as a piece of evidence"
        raise RepositoryError(said, "give the file another name; or keep only its hash, with --hash-only")
    if name.casefold() in (each.casefold() for each in names):
        raise RepositoryError(f"there is a file `{name}` among the evidence already", "give the file another name")


def _name(closes: str, names: Iterable[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", closes.casefold()).strip("-")[:_LONGEST_NAME] or "evidence"
    wanted = (f"{stem}{f'-{number}' if number > 1 else ''}{SUFFIXES[0]}" for number in range(1, len(list(names)) + 3))
    taken = {each.casefold() for each in names}
    return next(each for each in wanted if each not in taken)
