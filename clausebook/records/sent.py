"""The library as it was when an agreement was sent: what the agreement is made from until it is upgraded.

It lies in `agreements/<id>/as-sent/`, laid out as the repository is: `templates/<type>/` and `schemas/`. Clauses and
terms that the deal needs since then come from the library of today.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from clausebook.document.model import Document
from clausebook.findings.model import Finding, Locate, finding_in
from clausebook.library.bundle import TypeBundle, load_bundle
from clausebook.library.model import AgreementType, GlossaryEntry, LibraryClause
from clausebook.load.editing import QUOTED, item_lines
from clausebook.load.positions import Positions
from clausebook.load.yaml import Data
from clausebook.records.model import AS_SENT, Turn, as_sent_folder
from clausebook.repository.agreement_files import FOLDER
from clausebook.repository.tree import Tree, TreeError, names_in
from clausebook.validate.common import LIFECYCLE
from clausebook.validate.schema_files import SUFFIX, path_of, read_schemas
from clausebook.validate.schemas import CHECKED, Schemas, SchemaStore


def is_sent(tree: Tree, agreement: str) -> bool:
    """Tell whether an agreement has a library of its own, as it was sent."""
    return f"{AS_SENT}/" in names_in(tree, f"{FOLDER}/{agreement}")


def kept_type(tree: Tree, agreement: str, name: str) -> str:
    """Return the name by which a type was kept with an agreement: it may have been renamed since.

    Then no type has that name any more; where one has, the agreement was sent as one of another type.
    """
    kept = _types(tree, as_sent_folder(agreement))
    renamed = len(kept) == 1 and name not in kept and f"{kept[0]}/" not in names_in(tree, "templates")
    return kept[0] if renamed else name


def kept_path(tree: Tree, agreement: str, name: str, path: str) -> str:
    """Return where a file of the library of a type lies among those that an agreement was sent with."""
    own = kept_type(tree, agreement, name)
    for folder in ("templates", "schemas"):
        if path.startswith(f"{folder}/{name}/"):
            path = f"{folder}/{own}/{path.removeprefix(f'{folder}/{name}/')}"
    return f"{as_sent_folder(agreement)}/{path}"


class SentStore(SchemaStore):
    """The schemas of one agreement that was sent: of its type as they were sent, of other types as they are today.

    What became of the agreement since then goes by those of today in any case.
    """

    def __init__(self, tree: Tree, agreement: str, today: SchemaStore) -> None:
        super().__init__(tree, f"{as_sent_folder(agreement)}/schemas")
        self.agreement, self._today, self._all = agreement, today, tree
        self._sent = _types(tree, as_sent_folder(agreement))

    @cached_property
    def digest(self) -> str:
        """A hash of the schemas that were sent, and of those of today; see `SchemaStore.digest`."""
        own = SchemaStore(self._tree, self._folder).digest
        return hashlib.sha256(f"{self._today.types()} {self._today.digest} {own}".encode()).hexdigest()

    def types(self) -> list[str]:
        """Return the names of the agreement types; see `SchemaStore.types`."""
        return sorted({*self._sent, *self._today.types()})

    def of(self, type_name: str) -> Schemas:
        """Return the schemas of an agreement type; see `SchemaStore.of`."""
        kept = self.kept(type_name)
        return super().of(kept) if kept in self._sent else self._today.of(type_name)

    def kept(self, type_name: str) -> str:
        """Return the name by which a type was kept."""
        return kept_type(self._all, self.agreement, type_name) if type_name in self._today.types() else type_name

    def validate(
        self, type_name: str, value: Data, positions: Positions, path: str, *, known: Iterable[Finding] = ()
    ) -> list[Finding]:
        """Return every finding of an agreement; what became of it since goes by the schemas of today."""
        known, kept = tuple(known), self.kept(type_name)
        if not isinstance(value, dict):
            return super().validate(type_name, value, positions, path, known=known)
        sent = value if kept == type_name else {**value, "type": kept}
        if LIFECYCLE not in value or type_name not in self._today.types():
            return super().validate(type_name, sent, positions, path, known=known)
        rest: Data = {name: part for name, part in sent.items() if name != LIFECYCLE}
        found = super().validate(type_name, rest, positions, path, known=known)
        today = self._today.validate(type_name, value, positions, path, known=known)
        found += [each for each in today if f"{each.pointer}/".startswith(f"/{LIFECYCLE}/")]
        return sorted(found, key=lambda each: each.sort_key)


def sent_bundle(tree: Tree, sent: SentStore, name: str, today: AgreementType | None) -> TypeBundle:
    """Return an agreement's type as it was sent, with what only today's library has."""
    bundle = load_bundle(tree, sent.kept(name), sent, as_sent_folder(sent.agreement))
    kind = replace(bundle.kind, name=name) if bundle.kind else None
    return replace(bundle, kind=_merged(kind, today) if kind and today else kind)


def library_files(tree: Tree, document: Document, kind: AgreementType, *, whole: bool) -> Mapping[str, bytes]:
    """Return the files to keep of the library from which a document was assembled, by their path in the repository.

    `kind` is the type as it was assembled. Without `whole`, only what is not kept yet: clauses and terms that the
    deal needs since it was first sent.
    """
    folder = f"templates/{kind.name}"
    files = {
        each.path: _as_sent(tree, kind, each)
        for each in _used_clauses(document, kind)
        if each.path.startswith(f"{folder}/")
    }
    if not whole:
        return {**files, **_added_terms(tree, document, kind, folder)}
    wanted = [kind.outline.path]
    wanted += [f"{folder}/{name}" for name in tree.names(folder) if name.startswith(("glossary", "operative."))]
    wanted += [path_of(f"schemas/{kind.name}", name) for name, _ in read_schemas(tree, f"schemas/{kind.name}")]
    wanted += [f"schemas/{name}{SUFFIX}" for name in CHECKED]
    return {**files, **{path: tree.read(path) for path in wanted}}


def drift(
    document: Document, sent: AgreementType, today: AgreementType | None, path: str, last: Turn | None, locate: Locate
) -> Iterator[Finding]:
    """Yield a note for each slot, and each term, whose library text is not any more what was sent in the last turn.

    A clause that was sent and has not been kept is an error: today's stands in its place.
    """
    folder = sent.outline.path.rpartition("/")[0]
    since = f" on {last.date}" if last else ""
    was_sent = {each.clause for each in last.clauses} if last else ()
    for clause in document.clauses():
        if clause.source and clause.source.clause in was_sent and clause.source.path.startswith("templates/"):
            place = f"{folder}/{clause.source.path.split('/', 2)[2]}"
            message = f"`{place}` is missing: the clause was sent{since}, and today's stands in its place"
            yield Finding("core/record-damaged", message, place, hint="bring it back, with git restore or git revert")
    for clause in document.clauses():
        if clause.source and clause.source.path.startswith(f"{folder}/"):
            now = today.clauses.get(clause.source.clause) if today else None
            if today is None or clause.source.clause in today.unusable:
                continue  # what cannot be read says of itself what is wrong with it
            said = _moved_on(sent, sent.clauses[clause.source.clause], today, now)
            if said:
                yield _note(path, f"`{clause.id}` stays as sent{since}: {said}", clause.id, document.id, locate)
    terms = {entry.term: entry for entry in today.glossary} if today else {}
    used = {entry.term for entry in document.definitions()}
    for entry in sent.glossary if today else ():
        now_term = terms.get(entry.term)
        if entry.term in used and entry.path.startswith(f"{folder}/"):
            if now_term is None:
                said = "the library does not define it any more"
            elif today and _definition(today, now_term) != _definition(sent, entry):
                said = "the library now defines it otherwise"
            else:
                continue
            yield _note(path, f"the term “{entry.term}” stays as sent{since}: {said}", "", document.id, locate)


def _types(tree: Tree, folder: str) -> list[str]:
    """Return the types of which anything was kept."""
    try:
        names = (*tree.names(f"{folder}/templates"), *tree.names(f"{folder}/schemas"))
    except TreeError:
        return []
    return sorted({name[:-1] for name in names if name.endswith("/")})


def _merged(sent: AgreementType, today: AgreementType) -> AgreementType:
    clauses = {name: clause for name, clause in today.clauses.items() if name not in sent.unusable}
    known = {entry.term.casefold() for entry in sent.glossary}
    return replace(
        sent,
        clauses={**clauses, **sent.clauses},
        glossary=(*sent.glossary, *(entry for entry in today.glossary if entry.term.casefold() not in known)),
        unusable=sent.unusable | (today.unusable - sent.clauses.keys()),
    )


def _as_sent(tree: Tree, kind: AgreementType, clause: LibraryClause) -> bytes:
    """Return a clause's file: its text written out, if it lies in shorthand beside an outline that was sent without."""
    content = tree.read(clause.path)
    if clause.shorthand is None or kind.outline.shorthand is not None:
        return content
    head = content.decode("utf-8").split("\n")[: clause.body_line - 1]
    return "\n".join([*head, kind.long(clause.body, clause.shorthand)]).encode()


def _used_clauses(document: Document, kind: AgreementType) -> Iterable[LibraryClause]:
    """Return the library's clauses that stand in the document, or that its own wording departs from."""
    names = dict.fromkeys(
        name
        for clause in document.clauses()
        if clause.source
        for name in (clause.source.clause, clause.source.departs_from.partition("@")[0])
    )
    return [kind.clauses[name] for name in names if name in kind.clauses]


def _added_terms(tree: Tree, document: Document, kind: AgreementType, folder: str) -> Mapping[str, bytes]:
    """Return a glossary of the terms that the document uses and that were not kept with the others."""
    used = {entry.term for entry in document.definitions()}
    added = [entry for entry in kind.glossary if entry.term in used and entry.path.startswith(f"{folder}/")]
    if not added:
        return {}
    known = tree.names(kept_path(tree, document.id, kind.name, f"{folder}/").rstrip("/"))
    number = next(count for count in range(1, len(known) + 2) if f"glossary-added-{count}.yaml" not in known)
    as_sent = kind.outline.shorthand is not None
    terms = (
        {
            "term": entry.term,
            "plural": entry.plural,
            "forms": list(entry.others),
            "definition": entry.definition if as_sent else kind.long(entry.definition, entry.shorthand),
        }
        for entry in added
    )
    lines = (line for each in terms for line in item_lines({key: said for key, said in each.items() if said}, QUOTED))
    return {f"{folder}/glossary-added-{number}.yaml": "".join(f"{line}\n" for line in lines).encode()}


def _definition(kind: AgreementType, entry: GlossaryEntry) -> tuple[str, str]:
    return entry.plural, kind.long(entry.definition, entry.shorthand)


def _moved_on(kind: AgreementType, sent: LibraryClause, today: AgreementType, now: LibraryClause | None) -> str:
    if now is None:
        return f"the library has no clause `{sent.id}` any more"
    if now.status == "retired":
        return f"it is version {sent.version} of `{sent.id}`, which is no longer in the library: it was retired"
    if now.version != sent.version:
        return f"it is version {sent.version} of `{sent.id}`, and the library now has {now.version}"
    if (now.title, today.long(now.body, now.shorthand)) != (sent.title, kind.long(sent.body, sent.shorthand)):
        return f"the library now has other words for version {sent.version} of `{sent.id}`"
    return ""


def _note(path: str, message: str, slot: str, agreement: str, locate: Locate) -> Finding:
    wanted = " ".join(filter(None, (agreement, slot)))
    hint = f"see what would change: clausebook upgrade-clauses {wanted} --dry-run"
    return finding_in(path, "core/clause-as-sent", message, hint, *locate(f"/clauses/{slot}" if slot else ""))
