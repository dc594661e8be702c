"""What comes back from the processes that make agreements."""

from __future__ import annotations

import pickle

from clausebook.build.made import head_from
from clausebook.build.options import MakingOptions
from clausebook.build.working import Order, WorkOptions, Workshop
from clausebook.findings.model import Finding, FindingsError, RepositoryError, has_errors
from tests.support.git_repositories import Repository


def test_what_is_wrong_reaches_the_process_that_asked() -> None:
    finding = Finding("core/site-unusable", "it cannot be used", "mkdocs.yml", 3, 1, hint="mend it")
    found = pickle.loads(pickle.dumps(FindingsError([finding])))
    assert found.findings == (finding,)
    error = pickle.loads(pickle.dumps(RepositoryError("there is no such thing", "name another")))
    assert (error.message, error.hint) == ("there is no such thing", "name another")


def test_an_agreement_whose_type_a_worker_cannot_use_says_why_it_has_no_text(repository: Repository) -> None:
    (repository.project / "templates/nda/outline.yaml").write_text("kind: [\n", "utf-8")
    with Workshop(WorkOptions(repository.project, MakingOptions(), rendering=False)) as workshop:
        (done,) = workshop.done([Order("avocet", ("avocet",))])
    head = head_from(done.parcel.head)
    assert head.broken
    assert has_errors(head.findings)
