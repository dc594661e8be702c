"""Validate: data against the schemas of a folder; every finding, with its place and its mend."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from clausebook.findings.model import Finding, SourceFile, finding_in
from clausebook.findings.pointers import pointer, texts_in
from clausebook.formats.table import FIELD
from clausebook.load.positions import Positions
from clausebook.load.problems import MOST, too_many
from clausebook.load.yaml import Data, load_yaml
from clausebook.repository.tree import Tree, TreeError, names_in, unreadable
from clausebook.validate.identity_schema import with_identity
from clausebook.validate.links_schema import with_links
from clausebook.validate.schema_files import (
    AGREEMENT_SCHEMA,
    RESTORE,
    SUFFIX,
    Contents,
    SchemaFiles,
    parse_schemas,
    path_of,
    read_schemas,
    schema_line,
    whole_path,
)

_CORRECT = "correct the schema: it must be a JSON Schema of 2020-12"

_PARTY_KEY = re.compile(r"/parties/[0-9]+/key")

CHECKED = ("clause", "negotiated", "outline", "glossary")
"""The kinds of files that make up the texts of a type, each with a schema of this name."""

JUDGING = ("rules", "approvals", "facts")
"""The kinds of files by which the deals of a type are judged and summed up, with schemas likewise."""

_RANKS: Mapping[str, int] = {"core/value-type": 0, "core/value-unknown": 1, "core/value-lines": 2}


@dataclass(frozen=True, slots=True)
class Schemas:
    """The schemas of one folder. With `findings` they cannot be used."""

    folder: str
    root_file: str
    root: Any = field(repr=False)
    references: Mapping[str, Any] = field(repr=False)
    findings: tuple[Finding, ...]
    contents: Contents = field(default=(), repr=False)
    validators: dict[int, Any] = field(default_factory=dict, repr=False, compare=False)
    sound: set[bytes] = field(default_factory=set, repr=False, compare=False)
    """Hashes of parts of values that were found to be without an error."""

    @property
    def number(self) -> int:
        """The number of the format that they describe: what they want `format` to be, or 1."""
        properties = self.root.get("properties") if isinstance(self.root, dict) else None
        said = properties.get(FIELD) if isinstance(properties, dict) else None
        number = said.get("const") if isinstance(said, dict) else None
        return number if type(number) is int else 1

    def validate(self, value: Data, positions: Positions, path: str, *, known: Iterable[Finding] = ()) -> list[Finding]:
        """Return every finding of the value, in order of place.

        `known` are findings of the same file from loading it: a value that already has one gets no second.
        If the schemas themselves cannot be used, their findings are returned.
        """
        if self.findings:
            return list(self.findings)
        # jsonschema takes longer to import than all the rest of a check.
        from clausebook.validate.keywords import errors_of

        try:
            errors = errors_of(self.root, self.references, self.validators, self.sound, value, MOST + 1)
        except Exception as failure:
            return list(self.faults(failure))
        if not errors:
            return []
        from clausebook.validate.completion import CUT, Completion
        from clausebook.validate.described import party_keys
        from clausebook.validate.explain import explain
        from clausebook.validate.sayings import About

        spoken = {
            finding.pointer
            for finding in known
            if finding.pointer and finding.severity == "error" and finding.rule != "core/yaml-duplicate-key"
        }
        completion = Completion(self.root, self.references, party_keys(value))
        about = About(self.references, frozenset(texts_in(value)))
        best: dict[tuple[str, str], Finding] = {}
        ranks: dict[str, int] = {}
        for error in errors[:MOST]:
            for problem in explain(error, about):
                where = pointer(problem.path)
                if where in spoken:
                    continue
                ranks[where] = min(ranks.get(where, 9), _RANKS.get(problem.rule, 9))
                hint = problem.hint
                if problem.missing:
                    hint = completion.mend((*problem.path, problem.missing), "add")
                elif error.validator == "not" and problem.path and (wanted := completion.wanted_by(problem.path)):
                    hint = completion.mend((*problem.path[:-1], wanted), "below it, add")
                elif problem.rule == "core/value-type" and error.instance == CUT:
                    hint = completion.mend(problem.path, "write")
                line, column = (positions.key if problem.at_key else positions.value)(problem.path)
                finding = Finding(problem.rule, problem.message, path, line, column, where, hint)
                best.setdefault((where, problem.message), finding)
        # A value of the wrong kind, or that is none of those allowed, needs nothing else said of it.
        found = [finding for (where, _), finding in best.items() if _RANKS.get(finding.rule, 9) <= ranks[where]]
        if any(_PARTY_KEY.fullmatch(where) for where in (*spoken, *(finding.pointer for finding in found))):
            # Once the keys are mended, they may well be those that the rest of the file names.
            found = [finding for finding in found if finding.rule != "core/party-unknown"]
        found.sort(key=lambda finding: finding.sort_key)
        if len(errors) > MOST:
            found.append(too_many(path, f"more than {MOST} findings in this file; the rest is left out"))
        return found

    def faults(self, error: Exception) -> tuple[Finding, ...]:
        """Return what is wrong with the schemas themselves; `error` is what came of using them.

        Proving schemas right takes longer than all the rest of a check, so it is done only when one fails.
        """
        if isinstance(error, RecursionError):
            said = "a reference leads back to itself"
        elif found := tuple(
            finding for name, content in self.contents for finding in _faults(self.folder, name, content)
        ):
            return found
        else:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
        path, message = f"{self.folder}/{self.root_file}", f"the schemas cannot be used: {said}"
        return (finding_in(path, "core/schema-unusable", message, _CORRECT),)


def load_schemas(tree: Tree, folder: str, root_file: str) -> Schemas:
    """Load the schemas of a folder, whose `root_file` is where validation begins."""
    return load_each_schema(tree, folder, (root_file,))[0]


def load_each_schema(tree: Tree, folder: str, root_files: Sequence[str]) -> tuple[Schemas, ...]:
    """Load the schemas of a folder, once, for validation to begin at each of some files."""
    try:
        contents = tuple(read_schemas(tree, folder))
    except TreeError as error:
        return tuple(Schemas(folder, name, None, {}, (unreadable(folder, error),)) for name in root_files)
    return tuple(_schemas(folder, name, contents) for name in root_files)


class SchemaStore:
    """The schemas of a repository's agreement types, each loaded when it is first asked for."""

    def __init__(self, tree: Tree, folder: str = "schemas") -> None:
        self._tree, self._folder = tree, folder
        self._types: list[str] | None = None
        self._loaded: dict[str, Schemas] = {}

    def types(self) -> list[str]:
        """Return the names of the agreement types: the folders of schemas/ with an agreement schema."""
        if self._types is None:
            folders = [name.removesuffix("/") for name in names_in(self._tree, self._folder) if name.endswith("/")]
            self._types = [
                name for name in folders if AGREEMENT_SCHEMA in names_in(self._tree, f"{self._folder}/{name}")
            ]
        return self._types

    def line(self, type_name: str) -> str:
        """Return the first line of an agreement's file: the self-contained schema of its type, if there is one."""
        folder, _, name = whole_path(type_name).rpartition("/")
        return schema_line(type_name, whole=name in names_in(self._tree, folder))

    def of(self, type_name: str) -> Schemas:
        """Return the schemas of an agreement type, which must be one of `types()`."""
        if type_name not in self._loaded:
            self._loaded[type_name] = load_schemas(self._tree, f"{self._folder}/{type_name}", AGREEMENT_SCHEMA)
        return self._loaded[type_name]

    @cached_property
    def digest(self) -> str:
        """A hash of all schemas by which agreements are judged; raises TreeError for what cannot be read."""
        folders = (self._folder, *(f"{self._folder}/{name}" for name in self.types()))
        told = [(folder, [*read_schemas(self._tree, folder)]) for folder in folders if names_in(self._tree, folder)]
        return hashlib.sha256(repr(told).encode()).hexdigest()

    @cached_property
    def checks(self) -> Mapping[str, Schemas]:
        """The schemas of the files that make up a type, by kind."""
        kinds = (*CHECKED, *JUDGING)
        loaded = load_each_schema(self._tree, self._folder, [f"{name}{SUFFIX}" for name in kinds])
        return dict(zip(kinds, loaded, strict=True))

    def validate(
        self, type_name: str, value: Data, positions: Positions, path: str, *, known: Iterable[Finding] = ()
    ) -> list[Finding]:
        """Return every finding of an agreement of one of `types()`; see `Schemas.validate`."""
        return self.of(type_name).validate(value, positions, path, known=known)


def _faults(folder: str, name: str, content: bytes | str) -> Iterator[Finding]:
    from jsonschema import Draft202012Validator

    if isinstance(content, str):
        return
    path = path_of(folder, name)
    positions = load_yaml(content, path, root="any", empty_text=True).positions
    for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(json.loads(content)):
        message = f"not a JSON Schema: {error.message}"
        yield SourceFile(path, positions.value).finding(
            "core/schema-unusable", message, pointer(error.absolute_path), _CORRECT
        )


@lru_cache(maxsize=16)
def _parsed(folder: str, contents: tuple[tuple[str, bytes | str], ...]) -> SchemaFiles:
    """Parse the files of a folder once, wherever in them validation begins."""
    return parse_schemas(folder, contents)


@lru_cache(maxsize=64)
def _schemas(folder: str, root_file: str, contents: tuple[tuple[str, bytes | str], ...]) -> Schemas:
    parsed = _parsed(folder, contents)
    findings = parsed.findings
    if root_file not in dict(contents):
        missing = finding_in(f"{folder}/{root_file}", "core/schema-missing", "the schema does not exist", RESTORE)
        findings = (*findings, missing)
    root = parsed.files.get(root_file)
    # It is made here, once: validators are kept by the identity of what they validate by.
    root = with_identity(with_links(root), parsed.references) if root_file == AGREEMENT_SCHEMA else root
    return Schemas(folder, root_file, root, parsed.references, findings, contents)
