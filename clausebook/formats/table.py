"""The formats of all files that say a number, and the numbers that each has had.

A source, which a person writes, says `format: 2`; one that says nothing is number 1. What the program writes says
`clausebook-record/1`, in the property `field`.

The number of a text as JSON implies the form of its fingerprint; what lies beside the text and names it (a record, a
turn, a manifest) has the fingerprint in that form.
"""

from __future__ import annotations

from dataclasses import dataclass

FIELD = "format"
"""The property in which a source says its number."""


@dataclass(frozen=True, slots=True)
class Format:
    """A file format. `numbers` are those that can be read, oldest first; the last one is written.

    For each number, `dialects` has that of the clause language of its templates, and `forms` the form of its text's
    fingerprint; they are empty without such.
    """

    name: str
    title: str
    numbers: tuple[int, ...] = (1,)
    field: str = FIELD
    dialects: tuple[int, ...] = ()
    forms: tuple[int, ...] = ()

    @property
    def newest(self) -> int:
        """The number that is written."""
        return self.numbers[-1]

    @property
    def mark(self) -> str:
        """What a file says that the program writes: name and number."""
        return self.marked(self.newest)

    def marked(self, number: int) -> str:
        """Return what a file of a number says."""
        return f"clausebook-{self.name}/{number}"

    def dialect(self, number: int) -> int:
        """Return the number of the clause language in a file of this number."""
        return self.dialects[self.numbers.index(number)]

    def form(self, number: int) -> int:
        """Return the form of fingerprint in a file of this number."""
        return self.forms[self.numbers.index(number)]

    def number_of_form(self, form: int) -> int:
        """Return the newest number whose fingerprints have a form."""
        return max(number for number in self.numbers if self.form(number) == form)


FINGERPRINT_FORMS = (1, 2)
"""The forms of a text's fingerprint, the newest last; `document.fingerprints` says what they are."""

FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("agreement", "an agreement", numbers=(1, 2)),
        Format("outline", "an outline", dialects=(1,)),
        Format("clause", "a clause", dialects=(1,)),
        Format("negotiated", "a deal's own wording", dialects=(1,)),
        Format("glossary", "a glossary", dialects=(1,)),
        Format("rules", "a type's rules", dialects=(101,)),
        Format("approvals", "what needs approval", dialects=(101,)),
        Format("facts", "what a type tells of its agreements", dialects=(101,)),
        Format("approvers", "the file of who may approve"),
        Format("authority", "the file of who may bind the house"),
        Format("operative", "the operative words"),
        Format("trust", "the file of whom to trust"),
        Format("registered", "registered paper"),
        Format("search", "what the site's search takes for the same"),
        Format("retention", "the house's rules on how long to keep what"),
        Format("journal", "a journal"),
        Format("opportunity", "an opportunity"),
        Format("scan", "the house's own scan"),
        Format("method", "the method of partnerships"),
        Format("evidence", "a piece of evidence"),
        Format("turn", "a turn"),
        Format("record", "a record", numbers=(1, 2, 3)),
        Format("approval", "an approval"),
        Format("void", "the mark of a void record"),
        Format("document", "a text as JSON", numbers=(1, 2), forms=(1, 2)),
        Format("manifest", "a manifest"),
        Format("amendment", "an amendment's changes", numbers=(1, 2), forms=(1, 2)),
        Format("sign-map", "a map of form fields"),
        Format("agreement-facts", "what an agreement tells, as JSON", field="format"),
        Format("review", "a review as JSON", field="review"),
        Format("redline", "a redline as JSON", field="schema"),
    )
}
"""All formats by name; a source is named as its schema is."""
