"""Other words for the same: what a reader may ask for where a clause says it differently.

A sentence that says it has the words of the question behind it, hidden: they are found and not shown. A phrase that can
be asked for is hidden as one word, "change-of-control", and asked for as one: so a question for it finds no sentence
that has these words apart, and loads the part of the index that holds one word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from clausebook.findings.model import FindingsError
from clausebook.repository.tree import Tree, names_in
from clausebook.validate.repository_files import read_repository_file

FILE = "templates/site/search.yaml"
"""Where a repository keeps them, beside the look of its site."""

OPENING, CLOSING = "⟦", "⟧"
"""Stand around a hidden word. No text has them: what a deal says in them is said without."""

_MARKS = str.maketrans("", "", OPENING + CLOSING)
_SENTENCE = re.compile(r"(?<=[.;:?!])\s+(?=\S)")
_PASSAGES = 10_000
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Synonym:
    """What is asked for, words and phrases, and how texts say it; the last word of a phrase may go on in a text."""

    asked: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The repository's synonyms, and the `common` words that tell nothing and are left out of a question."""

    groups: tuple[Synonym, ...] = ()
    common: tuple[str, ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        """The phrases that are asked for as one word, each with hyphens; the longest first."""
        found = {one for each in self.groups for asked in each.asked if "-" in (one := _one_word(asked))}
        return tuple(sorted(found, key=lambda phrase: (-phrase.count("-"), phrase)))


def read_synonyms(tree: Tree) -> Synonyms:
    """Return the synonyms of a repository, none without such a file. Raises FindingsError if it is wrong."""
    folder, _, name = FILE.rpartition("/")
    if name not in names_in(tree, folder):
        return Synonyms()
    value, _, findings = read_repository_file(tree, FILE, "search")
    if value is None:
        raise FindingsError(findings)
    groups = (Synonym(tuple(each["asked"]), tuple(each["said"])) for each in value["synonyms"])
    return Synonyms(tuple(groups), tuple(value.get("common", ())))


def hiding(synonyms: Synonyms) -> Callable[[str], str]:
    """Return what puts behind each sentence of a passage, hidden, the words of questions that the sentence answers."""
    groups = [
        ([f" {' '.join(_WORD.findall(each.lower()))}" for each in (*group.asked, *group.said)], group.asked)
        for group in synonyms.groups
    ]

    def hidden(passage: str) -> str:
        passage = passage.translate(_MARKS)
        text = _as_words(passage)
        # Most passages say nothing of all this.
        here = [(said, asked) for said, asked in groups if any(phrase in text for phrase in said)]
        return " ".join(_beside(each, here) for each in _SENTENCE.split(passage)) if here else passage

    # Agreements of one library share most of their passages.
    return lru_cache(_PASSAGES)(hidden)


def _beside(sentence: str, groups: Sequence[tuple[Sequence[str], Sequence[str]]]) -> str:
    text = _as_words(sentence)
    words = (_one_word(each) for said, asked in groups if any(phrase in text for phrase in said) for each in asked)
    hidden = dict.fromkeys(f"{OPENING}{word}{CLOSING}" for word in words if f" {word.lower()} " not in f"{text} ")
    return " ".join([sentence, *hidden])


def _as_words(text: str) -> str:
    """Return a text's words as they are looked for, a space before each."""
    return f" {' '.join(_WORD.findall(text.lower()))}"


def _one_word(phrase: str) -> str:
    return phrase.replace(" ", "-")
