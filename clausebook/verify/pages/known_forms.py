"""What signing services and programs are known to add: whole forms, each described as data, matched word for word.

Whoever adds words to an agreement may change it, and a single word does: "void", "doubled". So nothing is known by the
words that stand in it, but by being made of a form's own lines from end to end. What varies in a line is of a type:
a name that the agreement has, a date, the shape of a service's id.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import re2
from ruamel.yaml import YAML

_FOLDER = Path(__file__).parents[1] / "forms"
_STAMPS = "stamps"

_VARIABLE = re.compile(r"\{(\w+)\}")
_MONTHS = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
_MONTHS += "|nov(?:ember)?|dec(?:ember)?"
_DATE = r"\d{1,4} ?[./-] ?\d{1,2} ?[./-] ?\d{1,4}"
_DATE += rf"|(?:{_MONTHS})\.? \d{{1,2}}, \d{{4}}|\d{{1,2}} (?:{_MONTHS})\.? \d{{4}}"
_TYPES = {
    "date": _DATE,
    "time": r"\d{1,2}:\d{2}(?::\d{2})?(?: [ap]m)?",
    "zone": r"[+-]\d{2}[:']?\d{2}'?|z|gmt|utc|[ecmp][sd]t|cest|cet|bst",
    "timezone": r"\(utc[+-]\d{2}:\d{2}\) (?:pacific|mountain|central|eastern) time \(us & canada\)",
    "number": r"\d{1,4}",
    "address": r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}",
    "short": r"[0-9a-f]{15}",
}
_NOTHING = r"[^\s\S]"


@dataclass(frozen=True, slots=True)
class Values:
    """What an agreement and its signatures give for the variables: names, organisations, titles, files, e-mails."""

    names: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Form:
    """A form: the lines of its pages, of its marks in the margins, and of what it puts at fields.

    A certificate of completion is a `service`'s, `begins` with some words, says by others that it is `completed`, and
    by the lines `signs` who signed; `id` is the pattern of the service's ids.
    """

    service: str
    begins: str
    completed: str
    id: str
    signs: tuple[str, ...]
    pages: tuple[str, ...]
    margins: tuple[str, ...]
    fields: tuple[str, ...]


@cache
def forms() -> Mapping[str, Form]:
    """Return every form, by the name of its file."""
    yaml = YAML(typ="safe")
    found = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        data = yaml.load(path.read_bytes())
        service, begins, completed = (data.get(part, "") for part in ("service", "begins", "completed"))
        parts = (tuple(map(plain, data.get(part, ()))) for part in ("signs", "pages", "margins", "fields"))
        signs, pages, margins, fields = parts
        shape = data.get("id", _NOTHING)
        found[path.stem] = Form(service, begins, completed, shape, signs, pages, margins, fields)
    return found


def values(
    names: Iterable[str],
    organisations: Iterable[str],
    titles: Iterable[str],
    files: Iterable[str],
    texts: Iterable[str],
) -> Values:
    """Return what variables may be; of the e-mails in `texts`, those that are made of the names and organisations."""
    people, houses = frozenset(filter(None, map(plain, names))), frozenset(filter(None, map(plain, organisations)))
    tokens = {token.strip("()<>,;") for text in texts for token in plain(text).split() if "@" in token}
    return Values(
        people,
        houses,
        frozenset(filter(None, map(plain, titles))),
        frozenset(filter(None, map(plain, files))),
        frozenset(token for token in tokens if _is_of(token, people, houses)),
    )


def certificate_form(text: str, given: Values) -> str:
    """Return the name of the form of which a page is a whole certificate that says it is completed, or ""."""
    said = plain(text)
    for name, form in forms().items():
        if form.begins and form.begins in said and form.completed in said and _made_of(said, "pages", (name,), given):
            return name
    return ""


def says_signed(text: str, name: str, signatory: str, given: Values) -> bool:
    """Tell whether a certificate of a form says that somebody signed, and not only that they sent or got it."""
    form, own = forms()[name], replace(given, names=frozenset({plain(signatory)}))
    # Between a name and what is told of it stands no other name, and no heading of another list.
    between = tuple(line for line in form.pages if " events " not in line)
    lines = "|".join(_written(line, form.id, own, between) for line in form.signs)
    return bool(form.signs) and re2.search(f"(?:^| )(?:{lines})(?: |$)", plain(text)) is not None


def is_page(text: str, name: str, given: Values) -> bool:
    """Tell whether a page is made of a form's lines."""
    return _made_of(plain(text), "pages", (name,), given)


def is_title_page(text: str) -> bool:
    """Tell whether a page claims to be a service's certificate."""
    return any(form.begins and form.begins in plain(text)[:_TITLE_WITHIN] for form in forms().values())


def is_mark(text: str, given: Values) -> bool:
    """Tell whether what stands in the margins of a page is one service's mark."""
    return any(_made_of(plain(text), "margins", (name,), given) for name, form in forms().items() if form.margins)


def is_stamp(text: str, given: Values) -> bool:
    """Tell whether what stands at a field is a stamp of a program, or of one service."""
    return any(_made_of(plain(text), "fields", (_STAMPS, name), given) for name in forms())


_TITLE_WITHIN = 400


def plain(text: str) -> str:
    """Return text as forms are compared: in small letters, without accents, with plain quotation marks and dashes."""
    bare = unicodedata.normalize("NFKD", text.translate(_SIGNS)).casefold()
    return " ".join("".join(each for each in bare if not unicodedata.combining(each)).split())


_SIGNS = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."})


def _made_of(text: str, part: str, names: Sequence[str], given: Values) -> bool:
    lines = tuple(dict.fromkeys(line for name in names for line in getattr(forms()[name], part)))
    if not lines:
        return False
    ids = "|".join(forms()[name].id for name in names)
    return _pattern(lines, ids, given).fullmatch(text) is not None


@cache
def _pattern(lines: tuple[str, ...], ids: str, given: Values) -> re2._Regexp[str]:
    """Return the pattern of a text that is made of lines from end to end; it runs in linear time."""
    return re2.compile(f"(?:(?:{'|'.join(_written(line, ids, given) for line in lines)})(?: |$))+")


def _written(line: str, ids: str, given: Values, between: Sequence[str] = ()) -> str:
    """Return the pattern of a line; `{lines}` in it are any of those `between`."""
    types = {
        **_TYPES,
        "id": ids,
        "name": _any_of(given.names),
        "organisation": _any_of(given.organisations),
        "title": f"{_any_of(given.titles)}|{_TITLE}",
        "file": _any_of(given.files),
        "email": _any_of(given.emails),
        "lines": f"(?:{'|'.join(_written(each, ids, given) for each in between)}| )*" if between else _NOTHING,
    }
    parts = _VARIABLE.split(line)
    return "".join(f"(?:{types[part]})" if index % 2 else re2.escape(part) for index, part in enumerate(parts))


def _any_of(texts: Iterable[str]) -> str:
    return "|".join(map(re2.escape, sorted(texts))) or _NOTHING


_RANKS = "chief|executive|financial|operating|medical|information|nursing|legal|compliance|general|senior|vice|deputy"
_RANKS += "|assistant|interim|managing|president|officer|director|manager|counsel|secretary|treasurer|partner|member"
_RANKS += "|chair|chairman|chairwoman|chairperson|head|principal|founder|ceo|cfo|coo|cio|cmo|authorized|authorised"
_RANKS += "|signatory|geschaftsfuhrer|geschaftsfuhrerin|vorstand|prokurist|prokuristin"
_TITLE = rf"(?:(?:{_RANKS})(?:,? (?:(?:of|and|the|&) )?(?:{_RANKS}))*)"
"""Titles of office are made of these words alone, so that no title can say under what condition somebody signs."""


_DOMAINS = {"com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "health", "care", "law", "example", "test"}
"""What e-mail addresses end with, beside two letters for a country: more than that could say something."""


def _is_of(email: str, names: frozenset[str], organisations: frozenset[str]) -> bool:
    """Tell whether an e-mail is made of a person's names or initials, at an organisation's own name."""
    local, _, domain = email.partition("@")
    *labels, country = domain.split(".")
    if country not in _DOMAINS and not re.fullmatch("[a-z]{2}", country):
        return False
    houses = {word for house in organisations for word in re.findall(r"\w+", house)}
    if not labels or not {word for label in labels for word in label.split("-")} <= houses:
        return False
    return any(_spells(re.sub(r"[._-]", "", local), re.findall(r"\w+", name)) for name in names)


def _spells(letters: str, words: Sequence[str]) -> bool:
    """Tell whether letters are the words of a name in order, each whole, as its initial, or left out but for one."""
    if not letters or not words:
        return not letters
    first, *rest = words
    left = [letters[len(each) :] for each in (first, first[0]) if letters.startswith(each)]
    return any(_spells(each, rest) for each in (*left, letters))
