"""What is told of a file that is a restated copy: it proves nothing, whoever signed it."""

from __future__ import annotations

from dataclasses import replace

from clausebook.document.model import Document
from clausebook.verify.model import TextFact

_SAME = ("same-bytes", "same-words")


def as_copy_told(fact: TextFact, known: Document | None, attached: Document | None) -> TextFact:
    """Return the fact about a file's text, told as that of a copy if it is one; else the fact itself.

    `known` is the repository's text that the fact is about, and `attached` what the file holds; None if there is none.
    """
    same = fact.outcome in _SAME
    document = known if same else attached
    if document is None or document.restated is None:
        return fact
    said = f"it is a restated copy of version {document.version} of `{document.id}`, for convenience and never signed"
    if same:
        said = f"{said}; its words are those that this repository has"
    elif fact.outcome == "differs":
        said = f"{said}; and {fact.problem or 'its pages do not say what this repository has'}"
    problem = f"{said}. Verify the agreement and each amendment instead"
    return replace(fact, outcome="unreadable" if same else fact.outcome, problem=problem)
