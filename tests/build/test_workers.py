"""What comes back from the processes that make agreements."""

from __future__ import annotations

import pickle

from clausebook.findings.model import Finding, FindingsError, RepositoryError


def test_what_is_wrong_reaches_the_process_that_asked() -> None:
    finding = Finding("core/site-unusable", "it cannot be used", "mkdocs.yml", 3, 1, hint="mend it")
    found = pickle.loads(pickle.dumps(FindingsError([finding])))
    assert found.findings == (finding,)
    error = pickle.loads(pickle.dumps(RepositoryError("there is no such thing", "name another")))
    assert (error.message, error.hint) == ("there is no such thing", "name another")
