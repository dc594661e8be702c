"""The library as it was sent: what is kept of it, what today's adds to it, and what is said where the two part."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clausebook.document.model import Clause, ClauseSource, Definition, Document, Schedule, Section
from clausebook.library.bundle import load_bundle
from clausebook.library.model import AgreementType
from clausebook.load.positions import Positions
from clausebook.records.model import ClauseVersion
from clausebook.records.sent import SentStore, drift, is_sent, library_files, sent_bundle
from clausebook.repository.tree import DiskTree
from clausebook.validate.schemas import SchemaStore
from tests.support.repositories import nda_repository
from tests.support.written_records import AGREEMENT, DOCUMENT, TURN, put

AS_SENT = f"agreements/{AGREEMENT}/as-sent"
CLAUSES, GLOSSARY = "templates/nda/clauses", "templates/nda/glossary.yaml"
BIRD = "- {term: Bird, definition: means a bird.}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return nda_repository(tmp_path)


def today(root: Path) -> AgreementType:
    kind = load_bundle(DiskTree(root), "nda", SchemaStore(DiskTree(root))).kind
    assert kind
    return kind


def sent(root: Path) -> AgreementType:
    tree = DiskTree(root)
    kind = sent_bundle(tree, SentStore(tree, AGREEMENT, SchemaStore(tree)), "nda", today(root)).kind
    assert kind
    return kind


def document(*sources: ClauseSource | None, terms: tuple[str, ...] = ()) -> Document:
    clauses = tuple(Clause(f"slot-{index}", "1.", "", (), source) for index, source in enumerate(sources))
    schedule = Schedule("words", "Annex 1", "Words", definitions=tuple(Definition(each, each, ()) for each in terms))
    sections = (Section("one", "1.", "One", clauses),)
    return replace(DOCUMENT, opening=None, closing=None, sections=sections, schedules=(schedule,))


def source(name: str, under: str = "", departs_from: str = "") -> ClauseSource:
    return ClauseSource(name, "1.0", "standard", f"{under}{CLAUSES}/{name}.md", departs_from=departs_from)


def keep(root: Path, *names: str, terms: tuple[str, ...] = ()) -> None:
    """Keep the library for an agreement with these clauses and terms, as sending it does."""
    kept = document(*map(source, names), terms=terms)
    for path, content in library_files(
        DiskTree(root), kept, today(root), whole=not is_sent(DiskTree(root), AGREEMENT)
    ).items():
        put(root, f"{AS_SENT}/{path}", content)


def edit(root: Path, path: str, old: str, new: str) -> None:
    content = (root / path).read_text(encoding="utf-8")
    assert old in content
    put(root, path, content.replace(old, new, 1).encode())


def files(root: Path) -> list[str]:
    folder = root / AS_SENT
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# What is kept


def test_first_the_whole_library_of_the_text_is_kept(root: Path) -> None:
    for name in ("glossary-more.yaml", "operative.yaml", "notes.yaml"):
        put(root, f"templates/nda/{name}", b"- {term: Fish, definition: means a fish.}\n")
    put(root, "schemas/nda/README.md", b"Hello.\n")
    assert not is_sent(DiskTree(root), AGREEMENT)
    keep(root, "keeping")
    assert is_sent(DiskTree(root), AGREEMENT)
    assert files(root) == [
        *(f"schemas/{name}.schema.json" for name in ("clause", "glossary")),
        "schemas/nda/agreement.schema.json",
        *(f"schemas/{name}.schema.json" for name in ("negotiated", "outline")),
        f"{CLAUSES}/keeping.md",
        "templates/nda/glossary-more.yaml",
        "templates/nda/glossary.yaml",
        "templates/nda/operative.yaml",
        "templates/nda/outline.yaml",
    ]


def test_a_clause_is_kept_that_the_deals_own_wording_departs_from_and_no_other(root: Path) -> None:
    own = ClauseSource("wren/own", "1.0", "negotiated", "agreements/wren/own.md", departs_from="limits@1.0")
    schedule = ClauseSource("wren/plan", "1.0", "own schedule", "agreements/wren/plan.md")
    kept = library_files(DiskTree(root), document(own, schedule, None), today(root), whole=False)
    assert list(kept) == [f"{CLAUSES}/limits.md"]


def test_later_only_what_is_not_kept_yet_is_added(root: Path) -> None:
    keep(root, "keeping", terms=("Secret",))
    before = files(root)
    edit(root, GLOSSARY, "- term: Secret", f"{BIRD}- {{term: Fish, definition: means a fish.}}\n- term: Secret")
    kind = replace(sent(root), clauses=today(root).clauses)
    tree = DiskTree(root)
    assert (
        library_files(tree, document(source("keeping", f"{AS_SENT}/"), terms=("Secret",)), sent(root), whole=False)
        == {}
    )
    added = library_files(tree, document(source("limits"), terms=("Secret", "Bird")), kind, whole=False)
    assert list(added) == [f"{CLAUSES}/limits.md", "templates/nda/glossary-added-1.yaml"]
    assert added["templates/nda/glossary-added-1.yaml"] == b'- term: "Bird"\n  definition: "means a bird."\n'
    for path, content in added.items():
        put(root, f"{AS_SENT}/{path}", content)
    assert files(root) == sorted([*before, *added])
    again = library_files(tree, document(terms=("Bird", "Fish")), sent(root), whole=False)
    assert again == {"templates/nda/glossary-added-2.yaml": b'- term: "Fish"\n  definition: "means a fish."\n'}


def test_what_is_added_in_shorthand_is_kept_as_what_was_sent_is_written(root: Path) -> None:
    keep(root, "keeping", terms=("Secret",))
    edit(root, "templates/nda/outline.yaml", "language:", "shorthand: true\nlanguage:")
    edit(root, f"{CLAUSES}/limits.md", "{{ ref('promise') }}", "[[promise]], for each Secret,")
    edit(root, GLOSSARY, "- term: Secret", "- {term: Bird, definition: means a Secret bird.}\n- term: Secret")
    kind = sent(root)
    added = library_files(DiskTree(root), document(source("limits"), terms=("Bird",)), kind, whole=False)
    text = added[f"{CLAUSES}/limits.md"].decode()
    assert text.startswith("---\nid: limits\n")
    assert "\n---\n{{ ref('promise') }}, for each {{ term('Secret') }}, does not cover:" in text
    assert "means a {{ term('Secret') }} bird." in added["templates/nda/glossary-added-1.yaml"].decode()
    for path, content in added.items():
        put(root, f"{AS_SENT}/{path}", content)
    assert sent(root).clauses["limits"].shorthand is None
    assert sent(root).clauses["limits"].body == kind.long(kind.clauses["limits"].body, kind.clauses["limits"].shorthand)


def test_a_clause_is_kept_with_all_of_its_front_matter(root: Path) -> None:
    keep(root, "keeping")
    edit(root, "templates/nda/outline.yaml", "language:", "shorthand: true\nlanguage:")
    edit(root, f"{CLAUSES}/limits.md", "title: Limits", "title: Limits\nguidance: Rarely --- and never alone.")
    edit(root, f"{CLAUSES}/limits.md", "{{ ref('promise') }}", "[[promise]]")
    before = (root / CLAUSES / "limits.md").read_text(encoding="utf-8")
    kept = library_files(DiskTree(root), document(source("limits")), sent(root), whole=False)
    assert kept[f"{CLAUSES}/limits.md"].decode() == before.replace("[[promise]]", "{{ ref('promise') }}")


def test_a_clause_that_is_only_written_shorter_has_not_moved_on(root: Path) -> None:
    keep(root, "keeping", "limits", terms=("Secret",))
    edit(root, "templates/nda/outline.yaml", "language:", "shorthand: true\nlanguage:")
    edit(root, f"{CLAUSES}/limits.md", "{{ ref('promise') }}", "[[promise]]")
    edit(root, f"{CLAUSES}/keeping.md", "{{ term('Secrets') }}", "Secrets")
    shown = document(source("keeping", f"{AS_SENT}/"), source("limits", f"{AS_SENT}/"), terms=("Secret",))
    assert not list(drift(shown, sent(root), today(root), "wren.yaml", None, lambda pointer: (1, 1)))
    edit(root, f"{CLAUSES}/limits.md", "[[promise]]", "[[keeping]]")
    assert len(list(drift(shown, sent(root), today(root), "wren.yaml", None, lambda pointer: (1, 1)))) == 1


# What today's library adds


def test_what_was_sent_comes_first_and_the_rest_from_today(root: Path) -> None:
    keep(root, "keeping")
    for name in ("keeping", "limits"):
        edit(root, f"{CLAUSES}/{name}.md", 'version: "1.0"', 'version: "1.1"')
    edit(root, GLOSSARY, "- term: Secret", f"{BIRD}- term: SECRET")
    kind = sent(root)
    assert {name: clause.version for name, clause in kind.clauses.items()} == {"keeping": "1.0", "limits": "1.1"}
    assert [entry.term for entry in kind.glossary] == ["Secret", "Bird"]


def test_a_clause_that_cannot_be_read_as_sent_is_not_taken_from_today(root: Path) -> None:
    def clauses() -> tuple[list[str], list[str]]:
        kind = sent(root)
        return sorted(kind.clauses), sorted(kind.unusable)

    keep(root, "keeping")
    put(root, f"{CLAUSES}/limits.md", b"broken")
    assert clauses() == (["keeping"], ["limits"])
    put(root, f"{CLAUSES}/keeping.md", b"broken")
    assert clauses() == (["keeping"], ["limits"])
    shutil.copy(root / f"{AS_SENT}/{CLAUSES}/keeping.md", root / f"{CLAUSES}/keeping.md")
    put(root, f"{AS_SENT}/{CLAUSES}/keeping.md", b"broken")
    assert clauses() == ([], ["keeping", "limits"])


def test_a_type_that_is_gone_is_the_one_that_was_sent(root: Path) -> None:
    keep(root, "keeping")
    tree = DiskTree(root)
    kind = sent_bundle(tree, SentStore(tree, AGREEMENT, SchemaStore(tree)), "nda", None).kind
    assert kind
    assert sorted(kind.clauses) == ["keeping"]


# Whose schemas are asked


def test_data_go_by_the_schemas_as_sent_and_what_became_of_the_agreement_by_those_of_today(root: Path) -> None:
    def findings(**changed: Any) -> list[str]:
        store = SentStore(DiskTree(root), AGREEMENT, SchemaStore(DiskTree(root)))
        found = store.validate("nda", {**data, **changed}, Positions(), "wren.yaml")
        return [each.pointer for each in found]

    data: Mapping[str, Any] = {
        "id": "wren", "type": "nda", "title": "A", "version": "1.0", "status": "approved", "parties": [],
        "secrets": {"topic": "birds", "kept_for": "P3Y"}, "signatures": [],
    }  # fmt: skip
    keep(root, "keeping")
    path = root / "schemas/nda/agreement.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["properties"] |= {"lifecycle": {"type": "object"}, "lifecycles": {}, "title": {"type": "integer"}}
    path.write_text(json.dumps(schema), encoding="utf-8")
    assert findings() == []
    assert findings(title=3) == ["/title"]
    assert findings(lifecycle={}) == []
    assert findings(lifecycle="long") == ["/lifecycle"]
    assert findings(lifecycle="long", title=3) == ["/lifecycle", "/title"]
    assert findings(lifecycles={}) == ["/lifecycles"]
    shutil.rmtree(root / "schemas/nda")
    assert findings(lifecycle={}) == ["/lifecycle"]


def test_types_are_those_that_were_sent_and_those_of_today(root: Path) -> None:
    tree = DiskTree(root)
    assert SentStore(tree, AGREEMENT, SchemaStore(tree)).types() == ["nda"]
    keep(root, "keeping")
    shutil.copytree(root / "schemas/nda", root / "schemas/sale")
    shutil.rmtree(root / "schemas/nda")
    store = SentStore(tree, AGREEMENT, SchemaStore(tree))
    assert store.types() == ["nda", "sale"]
    assert [store.of(name).folder for name in store.types()] == [f"{AS_SENT}/schemas/nda", "schemas/sale"]


# Where the two part


def notes(root: Path, made: Document, now: AgreementType | None, *clauses: str) -> list[tuple[str, str, str]]:
    turn = replace(TURN, clauses=tuple(ClauseVersion(name, name, "1.0") for name in clauses))
    found = list(drift(made, sent(root), now, "wren.yaml", turn, {"": (1, 1), "/clauses/slot-0": (7, 3)}.__getitem__))
    assert all(" on 2026-03-04" in each.message for each in found)
    assert all(each.line == 7 for each in found if each.message.startswith("`slot-0`"))
    return [(each.severity, re.sub(" on 2026-03-04", "", each.message), each.hint) for each in found]


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ((), ""),
        ((("guidance: Always used.", "guidance: Never used."),), ""),
        (
            (('version: "1.0"', 'version: "1.1"'),),
            "it is version 1.0 of `keeping`, and the library now has 1.1",
        ),
        ((("keep each", "shall keep each"),), "the library now has other words for version 1.0 of `keeping`"),
        ((("title: Keeping", "title: Hushing"),), "the library now has other words for version 1.0 of `keeping`"),
    ],
)
def test_a_clause_stays_as_sent_and_says_where_the_library_moved_on(
    root: Path, edits: tuple[tuple[str, str], ...], said: str
) -> None:
    keep(root, "keeping", "limits")
    for old, new in edits:
        edit(root, f"{CLAUSES}/keeping.md", old, new)
    made = document(source("keeping", f"{AS_SENT}/"), source("limits", f"{AS_SENT}/"), None)
    hint = "see what would change: clausebook upgrade-clauses wren slot-0 --dry-run"
    wanted = [("note", f"`slot-0` stays as sent: {said}", hint)] if said else []
    assert notes(root, made, today(root), "keeping", "limits") == wanted
    assert notes(root, made, None, "keeping", "limits") == [], "a type that is gone says so itself"


def test_a_clause_that_is_gone_is_told_and_one_that_cannot_be_read_tells_it_itself(root: Path) -> None:
    keep(root, "keeping", "limits")
    made = document(source("keeping", f"{AS_SENT}/"))
    put(root, f"{CLAUSES}/keeping.md", b"broken")
    assert notes(root, made, today(root), "keeping") == []
    (root / f"{CLAUSES}/keeping.md").unlink()
    ((severity, said, _),) = notes(root, made, today(root), "keeping")
    assert (severity, said) == ("note", "`slot-0` stays as sent: the library has no clause `keeping` any more")


def test_a_clause_that_was_sent_and_is_not_kept_is_an_error(root: Path) -> None:
    keep(root, "keeping")
    own = ClauseSource("own", "1.0", "negotiated", "agreements/wren/own.md")
    made = document(source("keeping", f"{AS_SENT}/"), source("limits"), own, None)
    assert notes(root, made, today(root), "keeping", "own") == []
    ((severity, said, _),) = notes(root, made, today(root), "keeping", "limits", "own")
    place = f"{AS_SENT}/{CLAUSES}/limits.md"
    assert severity == "error"
    assert said == f"`{place}` is missing: the clause was sent, and today's stands in its place"
    assert list(drift(made, sent(root), today(root), "wren.yaml", None, lambda _: (1, 1))) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ("means what", "is what", "the library now defines it otherwise"),
        ("plural: Secrets", "plural: Secretes", "the library now defines it otherwise"),
        ("term: Secret", "term: Hush", "the library does not define it any more"),
    ],
)
def test_a_term_that_is_used_stays_as_sent_and_says_where_the_library_moved_on(
    root: Path, old: str, new: str, said: str
) -> None:
    edit(root, GLOSSARY, "- term: Secret", f"{BIRD}- term: Secret")
    keep(root, "keeping")
    put(root, GLOSSARY, (root / GLOSSARY).read_bytes().removeprefix(BIRD.encode()))
    edit(root, GLOSSARY, old, new)
    made = document(terms=("Secret", "Hush"))
    hint = "see what would change: clausebook upgrade-clauses wren --dry-run"
    wanted = [("note", f"the term “Secret” stays as sent: {said}", hint)] if said else []
    assert notes(root, made, today(root)) == wanted
    assert notes(root, made, None) == []


def test_what_all_types_share_is_kept_with_the_schemas_that_refer_to_it(root: Path) -> None:
    keep(root, "keeping")
    assert "schemas/common.schema.json" not in files(root)
    shutil.rmtree(root / AS_SENT)
    edit(
        root,
        "schemas/nda/agreement.schema.json",
        '"title": {',
        '"title": {"$ref": "../common.schema.json#/$defs/name", ',
    )
    keep(root, "keeping")
    assert "schemas/common.schema.json" in files(root)
    shared = root / "schemas" / "common.schema.json"
    shared.write_text(
        shared.read_text(encoding="utf-8").replace('"maxLength": 10000', '"maxLength": 3'), encoding="utf-8"
    )
    tree = DiskTree(root)
    value = {"title": "Four"}
    for store, wanted in ((SchemaStore(tree), True), (SentStore(tree, AGREEMENT, SchemaStore(tree)), False)):
        found = store.validate("nda", value, Positions(), "deal.yaml")
        assert any(each.pointer == "/title" for each in found) is wanted
