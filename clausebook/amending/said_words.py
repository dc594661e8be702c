"""The proof that an executed amendment says in its own words what its changes do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from clausebook.amending.amendment_files import OPERATIVE, changes_path
from clausebook.amending.changes_file import Changes
from clausebook.amending.instructions import FORMS, Instruction
from clausebook.amending.narrowing import Narrowing
from clausebook.amending.operative import operative_clauses
from clausebook.amending.quoting import new_text, quoted
from clausebook.amending.wording import load_wording
from clausebook.assemble.numbering import cited
from clausebook.document.model import Block, Clause, Document
from clausebook.document.outgoing import outgoing_part
from clausebook.document.words import part_passages
from clausebook.findings.model import Finding, finding_in
from clausebook.library.model import AgreementType
from clausebook.records.model import as_sent_folder
from clausebook.records.sent import kept_type
from clausebook.repository.tree import Tree, names_in


def unsaid_findings(
    tree: Tree, document: Document, base: Document, changes: Changes, kind: AgreementType | None
) -> Iterator[Finding]:
    """Yield that an executed amendment, `document`, does not say what its changes do; `kind` is the type of its base.

    Its words are those that are written today, narrow or, as they once were, whole; or, where the formulas were edited
    since, a clause for each change holds all the new text, of the whole or of each step.
    """
    if kind is None:
        return  # what cannot be read of the type says of itself what is wrong with it
    wording, _ = load_wording(tree, formulas_folder(tree, document))
    numbering = kind.outline.numbering
    telling = [clause for clause in document.clauses() if told_by(clause)]
    for narrow in (True, False):
        if wording is None:
            break
        written = operative_clauses(base, changes.instructions, wording, numbering, narrow=narrow)
        if [_words(each.blocks, each.title) for each in telling] == [
            _words(each.blocks, each.title) for each in written
        ]:
            return
    # What a heading says is not agreed: the sentence and its text must say it.
    left = [(name, [_words(each.blocks) for each in group]) for name, group in groupby(telling, told_by)]
    narrowing = Narrowing(base, changes.instructions)
    for number, told in enumerate(changes.instructions, 1):
        clauses = left.pop(0)[1] if left and left[0][0] == _COUNT.sub("", told.told_as) else []
        called = cited(getattr(told.new, "number", ""))
        steps = [(*step.must_say(called), _words(quoted(step.text))) for step in narrowing.steps(told)]
        whole = [(_words(new_text(told)), *_named(told))]
        if not any(_says(clauses, wanted) for wanted in (whole, steps) if wanted):
            yield _unsaid(document, f"does not say what instruction {number} of `{{path}}` does")
            return
    if left:
        yield _unsaid(document, "says more than `{path}` does")


def _unsaid(document: Document, said: str) -> Finding:
    path = changes_path(document.id)
    message = f"the executed amendment {said.format(path=path)}"
    return finding_in(path, "core/amendment-unsaid", message, "bring back what was committed, with git restore")


_COUNT = re.compile(r"--[0-9]+$")
"""What stands behind the identity of a clause that says one step of several."""


def told_by(clause: Clause) -> str:
    """Return the identity of the instruction that a clause of an amendment says, "" if it says none."""
    name = clause.id.partition("--")[2]
    return _COUNT.sub("", name) if name.partition("--")[0] in FORMS else ""


def _named(told: Instruction) -> Iterator[str]:
    """Yield what the words of an instruction must hold though it sets out no text: titles, headings and numbers."""
    if isinstance(told.new, str):
        yield " ".join(told.new.split())
    elif not told.kind:
        yield from (cited(each.number) for each in told.new)


def _says(clauses: Sequence[str], wanted: Iterable[Sequence[str]]) -> bool:
    """Tell whether clauses, one after another, hold all the texts of one wanted thing each."""
    left = iter(clauses)
    return all(any(all(_apart(text).search(clause) for text in texts) for clause in left) for texts in wanted)


def _apart(text: str) -> re.Pattern[str]:
    """Return what finds a text where no word goes on before or after it: “5 days” is not in “15 days”."""
    before, after = (r"(?<!\w)" if text[:1].isalnum() else "", r"(?!\w)" if text[-1:].isalnum() else "")
    return re.compile(before + re.escape(text) + after)


def _words(blocks: Sequence[Block], title: str = "") -> str:
    part = outgoing_part(Clause("", "", title, tuple(blocks)))
    return " ".join(word for text in part_passages(part) for word in text.split())


def formulas_folder(tree: Tree, document: Document) -> str:
    """Return where the formulas lie: as they were sent, if the amendment was sent."""
    sent = f"{as_sent_folder(document.id)}/templates/{kept_type(tree, document.id, document.type)}"
    return sent if OPERATIVE in names_in(tree, sent) else f"templates/{document.type}"
