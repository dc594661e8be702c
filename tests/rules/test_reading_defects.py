"""Defects that are put into agreements of the tests' own: each is found, where it stands, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clausebook.language.sandbox import Sandbox
from tests.support.repositories import PARTNERSHIP
from tests.support.seeded_deals import REPOSITORIES, UNSEEN
from tests.support.seeded_texts import CASES, Place, assembled, repository_of, seeded

AGREEMENTS = [case["agreement"] for case in CASES]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def found(root: Path, name: str, files: dict[str, bytes], sandbox: Sandbox) -> set[Place]:
    """Return what is found in an agreement of a repository with other files."""
    return assembled(root, name, files, sandbox)[1]


@pytest.mark.parametrize("case", CASES, ids=AGREEMENTS)
def test_every_defect_is_found_where_it_stands_and_nothing_else(case: dict[str, Any], sandbox: Sandbox) -> None:
    repository, name = case["agreement"].split("/")
    root = repository_of(repository)
    files, wanted = seeded(case)
    told = found(root, name, files, sandbox) - found(root, name, {}, sandbox)
    assert sorted(wanted - told) == []
    assert sorted(told - wanted) == []


def test_there_are_enough_of_them() -> None:
    assert sum(len(case["defects"]) for case in CASES) >= 60


def test_a_term_for_a_single_use_is_told_once(sandbox: Sandbox) -> None:
    glossary = "templates/partnership/glossary.yaml"
    clause = "templates/partnership/clauses/shared-vision.md"
    entry = "- term: Lodestar\n  plural: Lodestars\n  definition: means the aim that all others serve.\n"
    texts = {path: (PARTNERSHIP / path).read_text(encoding="utf-8") for path in (glossary, clause)}
    files = {
        glossary: (entry + texts[glossary]).encode(),
        clause: (texts[clause] + "\nThe {{ term('Lodestar') }} is the care of patients.\n").encode(),
    }
    told = found(PARTNERSHIP, "innovation-lab", files, sandbox)
    single = ("core/term-single-use", glossary, 3, "")
    assert single in told
    files[clause] += b"\nNo {{ term('Lodestar') }} is a gain.\n"
    assert single not in found(PARTNERSHIP, "innovation-lab", files, sandbox)


@pytest.mark.parametrize(
    "path", sorted(path for kind in REPOSITORIES for path in (UNSEEN / kind).glob("*.yaml")), ids=lambda path: path.stem
)
def test_nothing_is_found_in_unseen_agreements_of_other_types(path: Path, sandbox: Sandbox) -> None:
    root = repository_of(REPOSITORIES[path.parent.name])
    files = {f"agreements/{path.name}": path.read_bytes()}
    assert [each for each in found(root, path.stem, files, sandbox) if each[1].startswith("agreements/")] == []
