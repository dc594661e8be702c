"""Defined terms: used by nobody, explained by themselves, printed nowhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from clausebook.assemble.inputs import AMENDS
from clausebook.assemble.terms import anchor
from clausebook.document.model import Definition
from clausebook.document.words import part_passages
from clausebook.findings.model import Finding, finding_in
from clausebook.library.model import GlossaryEntry
from clausebook.rules.reading.finished import FinishedText, quoted

_LONG = 6_000
"""Signs of a text in which definitions stand far from where they are used; a shorter one is read as a whole."""


def unused_terms(text: FinishedText) -> Iterator[Finding]:
    """Yield each term of the deal's own that nothing uses, and each shared one that serves a single place."""
    clauses, definitions = _uses(text)
    for key, pointer in text.vocabulary.own.items():
        if not clauses[key] + definitions[key] and key not in text.vocabulary.shared:
            said = f"nothing in the text uses the term {quoted(text.vocabulary.names[key])}"
            hint = "use it where it is meant, or leave it out"
            yield text.inputs.deal.finding("core/term-unused", said, f"{pointer}/term", hint)
    if len(text.said) < _LONG:
        return
    printed = {part.id for part in text.parts if isinstance(part, Definition)}
    for key, entry in text.vocabulary.shared.items():
        if anchor(key) not in printed or key in text.vocabulary.own:
            continue
        if clauses[key] + definitions[key] != 1 or (clauses[key] and _recurs(text, entry)):
            continue
        said = f"the term {quoted(entry.term)} is defined for a single place"
        if not clauses[key]:
            said = f"an agreement uses the term {quoted(entry.term)} only once, within another definition"
        yield finding_in(entry.path, "core/term-single-use", said, "say what it means where it is used", entry.line)


def _recurs(text: FinishedText, entry: GlossaryEntry) -> bool:
    """Tell whether the clauses and definitions of a type name a term more than once, its own definition apart."""
    kind = text.inputs.kind
    others = (each.definition for each in kind.glossary if each is not entry)
    pattern, count = _any_of(entry.forms), 0
    for body in (*(clause.body for clause in kind.clauses.values()), *others):
        # A form of several words may stand on two lines.
        if any(form.partition(" ")[0] in body for form in entry.forms):
            count += len(pattern.findall(" ".join(body.split())))
        if count > 1:
            return True
    return False


def _uses(text: FinishedText) -> tuple[Counter[str], Counter[str]]:
    """Count where each term stands in clauses, and in definitions other than its own."""
    keys = {form: term.key for term in text.vocabulary.terms for form in term.forms}
    pattern = _any_of(keys) if text.words.capitals else _begun(keys)
    clauses: Counter[str] = Counter()
    definitions: Counter[str] = Counter()
    for start, run in zip(text.starts, text.runs, strict=True):
        origin = run.origin
        if origin is None:
            continue
        if origin.kind == "term":
            named = [origin.pointer]
        elif run.text.islower() and text.words.capitals:
            continue
        elif origin.kind == "data" or (origin.kind == "library" and text.is_own(text.part_at(start))):
            named = [keys[each] for each in pattern.findall(run.text)]
        else:
            continue
        if named:
            part = text.part_at(start)
            found = definitions if isinstance(part, Definition) else clauses
            found.update(key for key in named if anchor(key) != part.id)
    return clauses, definitions


def circles(text: FinishedText) -> Iterator[Finding]:
    """Yield each definition that says no more than the term itself, or than a term that is explained by it."""
    keys = {form: term.key for term in text.vocabulary.terms for form in term.forms}
    small = {*text.spoken["small"], *text.spoken["means"]}
    leads: dict[str, tuple[str, Definition]] = {}
    pattern = _any_of(keys)
    for part in text.document.definitions():
        said = " ".join(part_passages(part)).translate({0xA0: " "})
        body = said.partition(part.term)[2]
        named = [keys[found[0]] for found in pattern.finditer(body)]
        rest = [word for word in re.findall(r"[^\W_]+", pattern.sub(" ", body)) if word.casefold() not in small]
        if named and len(rest) <= 1:
            leads[part.id.removeprefix("term-")] = named[0], part
    for key, (_, part) in leads.items():
        path, at = [key], leads[key][0]
        while at in leads and at not in path:
            path.append(at)
            at = leads[at][0]
        if at != key:
            continue
        names = " → ".join(quoted(text.vocabulary.names[each]) for each in (*path, key))
        said = f"whoever reads the definition of {quoted(part.term)} learns nothing: {names}"
        start = text.part_starts[text.parts.index(part)]
        yield text.finding(
            "core/term-circular", said, start, start + len(part.term) + 2, "say what it is in other words"
        )


def unprinted_terms(text: FinishedText) -> Iterator[Finding]:
    """Yield that no part prints the definitions that the clauses need, and terms in values that are not printed."""
    printed = {each.id for each in text.document.definitions()}
    used = {
        run.origin.pointer
        for run in text.runs
        if run.origin and run.origin.kind == "term" and run.origin.pointer not in text.vocabulary.placed
    }
    outline = text.inputs.kind.outline
    # An amendment uses the terms of the text that it amends.
    if AMENDS in text.inputs.deal.data:
        return
    if used and not printed:
        said = "the clauses use defined terms, and no section or schedule of this text prints what they mean"
        yield finding_in(outline.path, "core/definitions-nowhere", said, "give one of them `definitions: true`")
    elif not printed and text.vocabulary.own:
        said = "the outline of this type has no place where the glossary would be printed"
        yield text.inputs.deal.finding(
            "core/definitions-nowhere", said, "/glossary", "give a section or schedule `definitions: true`"
        )
    if not printed:
        return
    missing = {
        form: term.key
        for term in text.vocabulary.terms
        if anchor(term.key) not in printed and term.key not in text.vocabulary.placed
        for form in term.forms
    }
    pattern = re.compile(rf"(?<=[a-z,] )(?:{_either(missing)})(?![\w-])") if missing and text.words.capitals else None
    for found in pattern.finditer(text.said) if pattern else ():
        run = text.runs[text.run_index(found.start())]
        if run.origin and run.origin.kind == "data":
            if found[0] not in text.as_written(run):
                continue
            said = f"the term {quoted(found[0])} is used here, and the text does not print what it means"
            hint = "define it in the `glossary` of the agreement, or use other words"
            yield text.finding("core/term-unprinted", said, found.start(), found.end(), hint)


def _any_of(forms: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{_either(forms)})(?![\w-])")


def _begun(forms: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of words that begin with a form, in languages that bend them."""
    return re.compile(rf"(?<![\w-])({_either(forms)})")


def _either(forms: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(forms, key=len, reverse=True))) or "(?!)"
