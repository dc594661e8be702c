"""The formats of all files that are read or written, and the numbers that each has had.

A source, which a person writes, says `format: 2`; one that says nothing is number 1. What the program writes says
`clausebook-record/1`, in the property `field`; an output without one is number 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FIELD = "format"
"""The property in which a source says its number."""

FINGERPRINT = 1
"""The form of fingerprint that is taken of a text today: the SHA-256 of its words. A file's number implies the form."""

Sort = Literal["source", "kept", "output"]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format. `numbers` are those that can be read, oldest first; the last one is written.

    A `source` is written by a person, what is `kept` is read again by the program, an `output` is for others. For each
    number, `dialects` has the number of the clause language of the templates in it; it is empty where there are none.
    """

    name: str
    title: str
    sort: Sort
    numbers: tuple[int, ...] = (1,)
    field: str = FIELD
    dialects: tuple[int, ...] = ()

    @property
    def newest(self) -> int:
        """The number that is written."""
        return self.numbers[-1]

    @property
    def mark(self) -> str:
        """What a file says that the program writes: name and number."""
        return f"clausebook-{self.name}/{self.newest}"

    def dialect(self, number: int) -> int:
        """Return the number of the clause language in a file of this number."""
        return self.dialects[self.numbers.index(number)]


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("agreement", "an agreement", "source", numbers=(1, 2)),
        Format("outline", "an outline", "source", dialects=(1,)),
        Format("clause", "a clause", "source", dialects=(1,)),
        Format("negotiated", "a deal's own wording", "source", dialects=(1,)),
        Format("glossary", "a glossary", "source", dialects=(1,)),
        Format("operative", "the operative words", "source"),
        Format("trust", "the file of whom to trust", "source"),
        Format("turn", "a turn", "kept"),
        Format("record", "a record", "kept", numbers=(1, 2)),
        Format("document", "a text as JSON", "kept"),
        Format("manifest", "a manifest", "kept"),
        Format("amendment", "an amendment's changes", "kept"),
        Format("sign-map", "a map of form fields", "output"),
        Format("review", "a review as JSON", "output", field="review"),
        Format("redline", "a redline as JSON", "output", field="schema"),
        Format("list", "the list of agreements as JSON", "output", field=""),
        Format("findings", "findings as JSON", "output", field=""),
        Format("rules", "the register of rules as JSON", "output", field=""),
        Format("verification", "a verdict as JSON", "output", field=""),
    )
}
"""All formats by name; a source is named as its schema is."""
