"""Who the parties of a draft are beside those of the text in force: who stays, joins, leaves or takes another's place.

A party is known by its key; its registration, or an identifier of the house, tells one legal entity from another. A
name tells neither: it changes, and another company can take it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from clausebook.amending.amendment_chain import AGAIN, Chain
from clausebook.document.model import Document
from clausebook.findings.characters import folded, shortened
from clausebook.findings.model import Finding, SourceFile
from clausebook.load.editing import QUOTED, scalar
from clausebook.records.record_files import data_of
from clausebook.repository.tree import Tree

Data = Mapping[str, Any]

PARTY, JOINING, LEAVING = "party", "joining", "leaving"
ASSIGNOR, ASSIGNEE, CONSENTING = "assignor", "assignee", "consenting"
"""What a party of an amendment is to the agreement: PARTY if nothing is said, CONSENTING if it is no party to it."""

RULE, ROLES_RULE = "core/party-identity", "core/party-role"
ROLE, FORMER_NAME, FORMER_SHORT_NAME = "role", "former_name", "former_short_name"
FORMERLY, SUCCESSOR_TO = "formerly", "successor_to"
_IDENTITIES = ("registration", "identifier")
_GOING = (LEAVING, ASSIGNOR)


def roles(old: Iterable[str], new: Iterable[Data]) -> dict[str, str]:
    """Return what each party is to the agreement, by key: first those of the draft, then those that go.

    `old` are the keys of the parties to the text in force, `new` the draft's parties.
    """
    before, parties = tuple(old), {str(party["key"]): party for party in new}
    gone = [key for key in before if key not in parties]
    taken = {str(party.get(SUCCESSOR_TO)): key for key, party in parties.items() if key not in before}
    found = {
        key: PARTY if key in before else ASSIGNEE if party.get(SUCCESSOR_TO) in gone else JOINING
        for key, party in parties.items()
    }
    return found | {key: ASSIGNOR if key in taken else LEAVING for key in gone}


def parties_in_force(tree: Tree, past: Chain, base: Document) -> tuple[dict[str, Any], ...]:
    """Return the data of the parties to an executed text, by the newest record that tells of each of them.

    Raises FindingsError if a record cannot be read.
    """
    found: dict[str, dict[str, Any]] = {party.key: {} for party in base.parties}
    sought = set(found)
    for text in reversed(past.until(base.version)):
        sought &= {party.key for party in text.document.parties}  # before that the key was nobody's, or another's
        rows = {row.get("key"): row for row in _rows(data_of(tree, text.by), "parties")} if sought else {}
        for key in sought & rows.keys():
            # Of an older record counts what tells who a party is, if the newest leaves that out.
            told = {name: each for name, each in rows[key].items() if not found[key] or name in _IDENTITIES}
            found[key] = {**told, **found[key]}
    return tuple(
        {**found[party.key], "key": party.key, "legal_name": party.legal_name, "short_name": party.short_name}
        for party in base.parties
    )


def signatures_in_force(tree: Tree, past: Chain, base: Document, key: str) -> tuple[Data, ...]:
    """Return who signed the text in force for a party: what the newest record that tells of it says."""
    for text in reversed(past.until(base.version)):
        found = tuple(each for each in _rows(data_of(tree, text.by), "signatures") if each.get("party") == key)
        if found:
            return found
    return ()


def _rows(data: Data, name: str) -> Iterator[Data]:
    rows = data.get(name)
    yield from (each for each in (rows if isinstance(rows, list) else ()) if isinstance(each, Mapping))


def identity_findings(old: Sequence[Data], new: Sequence[Data], at: SourceFile) -> Iterator[Finding]:
    """Yield where it cannot be told, or is told wrongly, which parties of the text in force those of a draft are.

    `new` are the rows of `parties` in the file that `at` is; of an amendment's those are passed over that go by it, or
    only consent.
    """
    before = {str(party["key"]): party for party in old}
    present = {str(party["key"]): party for party in new if party.get(ROLE, PARTY) not in (*_GOING, CONSENTING)}
    seen: dict[tuple[str, str, str], str] = {}
    followed: dict[str, str] = {}
    for index, party in enumerate(new):
        key = str(party["key"])
        if key not in present:
            continue
        faults: list[_Fault] = []
        for mark in _marks(party):
            if mark in seen:
                said = f"`{key}` has the {mark[0]} of `{seen[mark]}`: one legal entity would be two parties"
                faults.append((mark[0], said, "correct it, or leave one of the two out"))
            seen[mark] = key
        faults += _staying(before, present, party) if key in before else _coming(before, present, party, followed)
        for name, said, hint in faults:
            yield at.finding(RULE, said, f"/parties/{index}/{name}", hint)


_Fault = tuple[str, str, str]
"""The property of a party that is wrong, what is wrong with it, and what to do."""


def _staying(before: Mapping[str, Data], present: Mapping[str, Data], party: Data) -> Iterator[_Fault]:
    key = str(party["key"])
    was = before[key]
    mark = _shared(was, party)
    known = _same(was, party)
    if known is False:
        yield (
            mark,
            f"`{key}` has another {mark} than in the text in force: {_shown(party[mark])}, not {_shown(was[mark])}. "
            "Another legal entity cannot stand under the key of a party",
            "if it is the same company, set it back, or give both texts the same identifier; another company needs a "
            f"key of its own, with `{SUCCESSOR_TO}: {key}` if it takes over by assignment",
        )
        return
    now, then, short = str(party["legal_name"]), str(was["legal_name"]), str(party["short_name"])
    others = {name: each for name, each in before.items() if name != key}
    meant = next((name for name, each in others.items() if _alike(each["short_name"], short)), "")
    if meant:
        said = (
            f"{_quoted(short)} means `{meant}` in the text in force, and is to mean `{key}`: what was written before "
        )
        yield "short_name", f"{said}would bind another", "choose a short name that no party of the text in force has"
    if _alike(now, then):
        return
    other = next((name for name, each in others.items() if _alike(each["legal_name"], now)), "")
    if other and not (known and (other not in present or _same(before[other], present[other]))):
        yield (
            "legal_name",
            f"`{key}` has the name of `{other}` in the text in force, {_quoted(now)}: nobody can tell whether two "
            "names were exchanged or two companies",
            "correct the names; if the companies did exchange them, an amendment must first give the `registration` of "
            "both, under their old names",
        )
    elif known is None and not (_listed(party, then) and not any(name in was for name in _IDENTITIES)):
        lost = next((name for name in _IDENTITIES if name in was and name not in party), "")
        written = f"write `{FORMERLY}: [{scalar(shortened(then, 200), QUOTED)}]`, better with its `registration`"
        told = f"write its {lost} as the text in force has it: {_shown(was[lost])}" if lost else written
        yield (
            "legal_name",
            f"`{key}` is {_quoted(now)} here and {_quoted(then)} in the text in force: a new name of the same "
            "company, or another company?",
            f"if it is the same company, {told}; give another company a key of its own, with `{SUCCESSOR_TO}: {key}` "
            "if it takes over by assignment",
        )


def _coming(
    before: Mapping[str, Data], present: Mapping[str, Data], party: Data, followed: dict[str, str]
) -> Iterator[_Fault]:
    key, now = str(party["key"]), str(party["legal_name"])
    for name, was in before.items():
        same = _same(was, party)
        if same or (same is None and (_alike(was["legal_name"], now) or _listed(party, str(was["legal_name"])))):
            yield (
                "key",
                f"`{key}` is `{name}` of the text in force by its {'registration or identifier' if same else 'name'}: "
                "a party keeps its key",
                f"write `key: {name}` again, wherever `{key}` stands; if it is another company, give the "
                "`registration` of both",
            )
            return
    whom = str(party.get(SUCCESSOR_TO, ""))
    if not whom:
        return
    if whom not in before or whom in present:
        why = "stays a party to it" if whom in before else "is no party to it"
        yield (
            SUCCESSOR_TO,
            f"`{key}` is to take the place of `{whom}` in the text in force, but `{whom}` {why}",
            f"name one of {', '.join(before)}, and take that party out of `parties`; or take `{SUCCESSOR_TO}` out: "
            f"then `{key}` joins the agreement",
        )
    elif whom in followed:
        said = f"`{key}` and `{followed[whom]}` both take the place of `{whom}`: nobody can tell who owes what"
        yield SUCCESSOR_TO, said, f"let one of them take over and the other join, without `{SUCCESSOR_TO}`"
    followed.setdefault(whom, key)


def role_findings(base: Document, restated: Document, data: Data, at: SourceFile) -> Iterator[Finding]:
    """Yield where an amendment's parties are not those that its changes make of it.

    `base` is the text that is amended and `restated` the one that it makes; `data` is that of the amendment.
    """
    before = {party.key: party for party in base.parties}
    after = {party.key: party for party in restated.parties}
    told = {str(party["key"]): (index, party) for index, party in enumerate(data["parties"])}
    listed = ({"key": key, **(told[key][1] if key in told else {})} for key in after)
    wanted = roles(before, listed)
    again = AGAIN.format(agreement=base.id)
    signing = {str(each["party"]) for each in data["signatures"]}
    for key, role in wanted.items():
        named = after.get(key) or before[key]
        if key not in told:
            said = f"`{key}` ({_quoted(named.legal_name)}), {_WHAT[role]}, is no party of this amendment"
            yield at.finding(ROLES_RULE, said, "/parties", again)
            continue
        index, party = told[key]
        facts: dict[str, str] = {ROLE: role, "legal_name": named.legal_name, "short_name": named.short_name}
        facts |= {FORMER_NAME: "", FORMER_SHORT_NAME: ""}
        facts |= former_names(before[key], named) if key in before else {}
        for name, fact in facts.items():
            now = str(party.get(name, PARTY if name == ROLE else ""))
            if not _alike(now, fact):
                here, there = (_quoted(each) if each else "left out" for each in (now, fact))
                said = f"the {name} of `{key}` is {here} here, but {there} by "
                said += "the draft that this amendment puts in force"
                yield at.finding(ROLES_RULE, said, f"/parties/{index}/{name}", f"{again}, or write it so")
    for key, (index, party) in told.items():
        role = str(party.get(ROLE, PARTY))
        if key not in wanted and role != CONSENTING:
            said = f"`{key}` is a party neither to the agreement nor to its draft"
            hint = f"take it and its signature out; if it only consents, write `{ROLE}: {CONSENTING}`"
            yield at.finding(ROLES_RULE, said, f"/parties/{index}", hint)
        elif key not in signing:
            said = f"nobody signs for `{key}`, {_WHAT[role]}"
            hint = f"add `party: {key}` with the signer's name and title"
            if key in after:
                hint += f" to `signatures` of `{base.id}`, and {again.split(',')[0]}"
            yield at.finding(ROLES_RULE, said, "/signatures", hint)


def former_names(was: Any, now: Any) -> dict[str, str]:
    """Return under which names an executed text has a party that has others now; both are Parties of a Document."""
    pairs = ((FORMER_NAME, was.legal_name, now.legal_name), (FORMER_SHORT_NAME, was.short_name, now.short_name))
    return {name: old for name, old, new in pairs if not _alike(old, new)}


_WHAT = {
    PARTY: "a party to the agreement",
    JOINING: "which joins the agreement",
    LEAVING: "which leaves the agreement",
    ASSIGNOR: "whose place another takes",
    ASSIGNEE: "which takes the place of another",
    CONSENTING: "which is to consent",
}


def _marks(party: Data) -> Iterator[tuple[str, str, str]]:
    """Yield by what a party is told from others: registration and identifier, each comparable."""
    registered = party.get("registration")
    if isinstance(registered, Mapping):
        yield "registration", folded(str(registered.get("register", ""))), folded(str(registered.get("number", "")))
    elif registered:  # a type may call one line by this name
        yield "registration", "", folded(str(registered))
    if party.get("identifier"):
        yield "identifier", "", folded(str(party["identifier"]))


def _same(one: Data, other: Data) -> bool | None:
    """Tell whether two are one legal entity, None if their data do not say.

    The house's own identifier decides: a registration changes when a company moves to another state.
    """
    first, second = ({mark[0]: mark for mark in _marks(each)} for each in (one, other))
    name = _shared(first, second)
    return first[name] == second[name] if name else None


def _shared(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Return by which of their identities two parties are compared, "" if they have none in common."""
    return next((name for name in ("identifier", "registration") if name in one and name in other), "")


def _listed(party: Data, name: str) -> bool:
    former = party.get(FORMERLY, ())
    return any(_alike(each, name) for each in ([former] if isinstance(former, str) else former))


def _alike(one: Any, other: Any) -> bool:
    """Tell whether two names are one, however they are spaced and capitalized."""
    return folded(str(one)) == folded(str(other))


def _shown(identity: Any) -> str:
    if isinstance(identity, Mapping):
        return _quoted(", ".join(str(identity.get(name, "")) for name in ("register", "number")))
    return _quoted(str(identity))


def _quoted(text: str, most: int = 60) -> str:
    return f"“{shortened(text, most)}”"
