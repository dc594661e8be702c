"""Who the parties of a draft are beside those of the text in force: who stays, joins, leaves or takes another's place.

A party is known by its key; its registration, or an identifier of the house, tells one legal entity from another. A
name tells neither: it changes, and another company can take it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from clausebook.amending.amendment_chain import Chain, RecordedText
from clausebook.document.model import Document
from clausebook.findings.characters import folded, shortened
from clausebook.findings.model import Finding, SourceFile
from clausebook.load.editing import QUOTED, scalar
from clausebook.records.record_files import data_of
from clausebook.repository.tree import Tree

Data = Mapping[str, Any]

PARTY, JOINING, LEAVING, ASSIGNOR, ASSIGNEE, CONSENTING = (
    "party",
    "joining",
    "leaving",
    "assignor",
    "assignee",
    "consenting",
)
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
    records = tuple(reversed(_until(past, base)))
    return tuple(
        {**_told(tree, records, party.key), "key": party.key}
        | {"legal_name": party.legal_name, "short_name": party.short_name}
        for party in base.parties
    )


def signatures_in_force(tree: Tree, past: Chain, base: Document, key: str) -> tuple[Data, ...]:
    """Return who signed the text in force for a party: what the newest record that tells of it says."""
    for text in reversed(_until(past, base)):
        found = tuple(each for each in _rows(data_of(tree, text.by), "signatures") if each.get("party") == key)
        if found:
            return found
    return ()


def _until(past: Chain, base: Document) -> Sequence[RecordedText]:
    place = next((n for n, text in enumerate(past.texts) if text.document.version == base.version), len(past.texts) - 1)
    return past.texts[: place + 1]


def _told(tree: Tree, records: Iterable[RecordedText], key: str) -> dict[str, Any]:
    """Return a party's data: the newest, and of an older record what tells who it is, if the newest leaves that out."""
    found: dict[str, Any] = {}
    for text in records:
        if all(party.key != key for party in text.document.parties):
            break  # before that the key was nobody's, or another's
        told = next((each for each in _rows(data_of(tree, text.by), "parties") if each.get("key") == key), {})
        wanted = told if not found else {name: told[name] for name in _IDENTITIES if name in told}
        found = {**wanted, **found}
    return found


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
        place = f"/parties/{index}"
        for mark in _marks(party):
            if mark in seen:
                said = f"`{key}` has the {mark[0]} of `{seen[mark]}`: one legal entity would be two parties"
                yield at.finding(RULE, said, f"{place}/{mark[0]}", "correct it, or leave one of the two out")
            seen[mark] = key
        if key in before:
            yield from _staying(before, present, party, place, at)
        else:
            yield from _coming(before, present, party, place, at, followed)


def _staying(
    before: Mapping[str, Data], present: Mapping[str, Data], party: Data, place: str, at: SourceFile
) -> Iterator[Finding]:
    key = str(party["key"])
    was = before[key]
    known = _same(was, party)
    if known is False:
        name = _differing(was, party)
        yield at.finding(
            RULE,
            f"`{key}` has another {name} than in the text in force: {_shown(party[name])}, not {_shown(was[name])}. "
            "Another legal entity cannot stand under the key of a party",
            f"{place}/{name}",
            "if it is the same company, set it back, or give both texts the same identifier; another company needs a "
            f"key of its own, with `{SUCCESSOR_TO}: {key}` if it takes over by assignment",
        )
        return
    now, then, short = str(party["legal_name"]), str(was["legal_name"]), str(party["short_name"])
    meant = next(
        (name for name, each in before.items() if name != key and folded(each["short_name"]) == folded(short)), ""
    )
    if meant:
        said = (
            f"{_quoted(short)} means `{meant}` in the text in force, and is to mean `{key}`: what was written before "
        )
        hint = "choose a short name that no party of the text in force has"
        yield at.finding(RULE, f"{said}would bind another", f"{place}/short_name", hint)
    if folded(now) == folded(then):
        return
    other = next(
        (name for name, each in before.items() if name != key and folded(each["legal_name"]) == folded(now)), ""
    )
    if other and not (known and (other not in present or _same(before[other], present[other]))):
        yield at.finding(
            RULE,
            f"`{key}` has the name of `{other}` in the text in force, {_quoted(now)}: nobody can tell whether two "
            "names were exchanged or two companies",
            f"{place}/legal_name",
            "correct the names; if the companies did exchange them, an amendment must first give the `registration` of "
            "both, under their old names",
        )
    elif known is None and not (_listed(party, then) and not any(name in was for name in _IDENTITIES)):
        lost = next((name for name in _IDENTITIES if name in was and name not in party), "")
        told = (
            f"write its {lost} as the text in force has it: {_shown(was[lost])}"
            if lost
            else f"write `{FORMERLY}: [{scalar(shortened(then, 200), QUOTED)}]`, better with its `registration`"
        )
        yield at.finding(
            RULE,
            f"`{key}` is {_quoted(now)} here and {_quoted(then)} in the text in force: a new name of the same "
            "company, or another company?",
            f"{place}/legal_name",
            f"if it is the same company, {told}; give another company a key of its own, with `{SUCCESSOR_TO}: {key}` "
            "if it takes over by assignment",
        )


def _coming(
    before: Mapping[str, Data],
    present: Mapping[str, Data],
    party: Data,
    place: str,
    at: SourceFile,
    followed: dict[str, str],
) -> Iterator[Finding]:
    key, now = str(party["key"]), str(party["legal_name"])
    for name, was in before.items():
        same = _same(was, party)
        alike = folded(was["legal_name"]) == folded(now) or _listed(party, str(was["legal_name"]))
        if same or (alike and same is None):
            yield at.finding(
                RULE,
                f"`{key}` is `{name}` of the text in force by its {'registration or identifier' if same else 'name'}: "
                "a party keeps its key",
                f"{place}/key",
                f"write `key: {name}` again, wherever `{key}` stands; if it is another company, give the "
                "`registration` of both",
            )
            return
    whom = str(party.get(SUCCESSOR_TO, ""))
    if not whom:
        return
    if whom not in before or whom in present:
        why = "stays a party to it" if whom in before else "is no party to it"
        yield at.finding(
            RULE,
            f"`{key}` is to take the place of `{whom}` in the text in force, but `{whom}` {why}",
            f"{place}/{SUCCESSOR_TO}",
            f"name one of {', '.join(before)}, and take that party out of `parties`; or take `{SUCCESSOR_TO}` out: "
            f"then `{key}` joins the agreement",
        )
    elif whom in followed:
        yield at.finding(
            RULE,
            f"`{key}` and `{followed[whom]}` both take the place of `{whom}`: nobody can tell who owes what",
            f"{place}/{SUCCESSOR_TO}",
            f"let one of them take over and the other join, without `{SUCCESSOR_TO}`",
        )
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
    again = f"run `clausebook amend {base.id}` again, or write it so"
    signing = {str(each["party"]) for each in data["signatures"]}
    for key, role in wanted.items():
        named = after.get(key) or before[key]
        if key not in told:
            said = f"`{key}` ({_quoted(named.legal_name)}), {_WHAT[role]}, is no party of this amendment"
            yield at.finding(ROLES_RULE, said, "/parties", f"run `clausebook amend {base.id}` again")
            continue
        index, party = told[key]
        facts: dict[str, str] = {ROLE: role, "legal_name": named.legal_name, "short_name": named.short_name}
        facts |= {FORMER_NAME: "", FORMER_SHORT_NAME: ""}
        facts |= former_names(before[key], named) if key in before else {}
        for name, fact in facts.items():
            now = party.get(name, PARTY if name == ROLE else "")
            if folded(str(now)) != folded(fact):
                here, there = (_quoted(str(each)) if each else "left out" for each in (now, fact))
                said = f"the {name} of `{key}` is {here} here, but {there} by "
                yield at.finding(
                    ROLES_RULE, f"{said}the draft that this amendment puts in force", f"/parties/{index}/{name}", again
                )
    for key, (index, party) in told.items():
        role = str(party.get(ROLE, PARTY))
        if key not in wanted and role != CONSENTING:
            yield at.finding(
                ROLES_RULE,
                f"`{key}` is a party neither to the agreement nor to its draft",
                f"/parties/{index}",
                f"take it and its signature out; if it only consents, write `{ROLE}: {CONSENTING}`",
            )
        elif key not in signing:
            said = f"nobody signs for `{key}`, {_WHAT[role]}"
            yield at.finding(ROLES_RULE, said, "/signatures", f"add `party: {key}` with the signer's name and title")


def former_names(was: Any, now: Any) -> dict[str, str]:
    """Return under which names an executed text has a party that has others now; both are Parties of a Document."""
    pairs = ((FORMER_NAME, was.legal_name, now.legal_name), (FORMER_SHORT_NAME, was.short_name, now.short_name))
    return {name: old for name, old, new in pairs if folded(old) != folded(new)}


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
    name = next((name for name in ("identifier", "registration") if name in first and name in second), "")
    return first[name] == second[name] if name else None


def _differing(one: Data, other: Data) -> str:
    return "identifier" if "identifier" in one and "identifier" in other else "registration"


def _listed(party: Data, name: str) -> bool:
    former = party.get(FORMERLY, ())
    return any(folded(str(each)) == folded(name) for each in ([former] if isinstance(former, str) else former))


def _shown(identity: Any) -> str:
    if isinstance(identity, Mapping):
        return _quoted(", ".join(str(identity.get(name, "")) for name in ("register", "number")))
    return _quoted(str(identity))


def _quoted(text: str, most: int = 60) -> str:
    return f"“{shortened(text, most)}”"
