"""One version, or one amendment, that was executed twice: beside each other, or on two branches that were merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from clausebook.amending.amendment_chain import Chain, chain
from clausebook.amending.amendment_files import amended_by, amendments
from clausebook.amending.overtaken import RULE as LEFT_OUT
from clausebook.amending.overtaken import overtaken, words
from clausebook.findings.model import Finding, FindingsError
from clausebook.records.model import EXECUTED, RECORD, SCAN, SIGNED, ExecutedVersion
from clausebook.records.record_files import damaged, executed
from clausebook.repository.agreement_files import FOLDER
from clausebook.repository.git.added import added
from clausebook.repository.git.process import Git
from clausebook.repository.tree import Tree

RULE = "core/record-twice"
_WAY = (
    "agree with the other side which of them holds, and say of each other one that it is void, which keeps its record "
    "and its signed file: clausebook void {id} {version} --reason WHY --by WHO"
)


def executed_twice(tree: Tree, agreements: Iterable[str]) -> Iterator[Finding]:
    """Yield each version with two records, an agreement's own or an amendment's, and each amendment with two."""
    for name in agreements:
        own = executed(tree, name)
        amended = amended_by(name)
        if amended and len(own) > 1:
            told = " and ".join(f"as version {each.version} on {each.date}" for each in own)
            yield _finding(f"holds two executions of Amendment No. {amended[1]} of `{amended[0]}`: {told}", own)
        if not own or not any(executed(tree, each) for each in amendments(tree, name).values()):
            continue
        try:
            chained = chain(tree, name)
        except FindingsError:
            continue  # what is wrong with a record is told of itself
        yield from _left_out(chained)
        for version in dict.fromkeys(each.document.version for each in chained.texts):
            makers = [each.by for each in chained.texts if each.document.version == version]
            if len(makers) > 1:
                told = " and ".join(f"by the record {each.folder} of {each.date}" for each in makers)
                yield _finding(f"has two executed texts of version {version} of `{name}`: {told}", makers)


def _left_out(past: Chain) -> Iterator[Finding]:
    """Yield each executed amendment that leaves out a text which was executed before it."""
    for each in past.amendments:
        texts = list(overtaken(past, each)) if each.record and each.changes else []
        makes = each.changes.restated.version if each.changes else ""
        texts = [text for text in texts if text.document.version != makes]  # one version twice is told as that
        if texts and each.record:
            hint = _WAY.format(id=each.id, version=each.record.version)
            yield damaged(
                each.record.folder, f"tells of the execution of an amendment. {words(each, texts)}", hint, LEFT_OUT
            )


def merged_twice(git: Git, head: str, wanted: Sequence[str]) -> Iterator[tuple[Finding, frozenset[str]]]:
    """Yield each version that was executed on two branches, of which a merge kept one record; with the blobs of both.

    Once the signed file of the other one is committed anywhere, nothing is told.
    """
    found: dict[str, dict[str, str]] = {}
    blobs: dict[tuple[str, str], str] = {}
    for path, oid, commit in added(git, head, [EXECUTED], merges=False):
        blobs[path, commit] = oid
        if path.endswith(f"/{RECORD}"):
            found.setdefault(path, {})[oid] = commit
    kept = frozenset[str]()
    for path, commits in found.items():
        folder = path.rpartition("/")[0]
        name = folder.removeprefix(f"{EXECUTED}/").partition("/")[0]
        sides = list(commits.values())
        if len(sides) < 2 or (wanted and name not in wanted):
            continue
        kept = kept or frozenset(line.split()[2] for line in git.run("ls-tree", "-r", head).splitlines())
        both = frozenset(oid for (_, commit), oid in blobs.items() if commit in sides)
        for other in sides:
            file = SIGNED if (f"{folder}/{SIGNED}", other) in blobs else SCAN
            signed = blobs.get((f"{folder}/{file}", other), "")
            side = next((each for each in sides if each != other and _apart(git, each, other)), "")
            if side and signed and signed not in kept:
                said = f"was executed twice, on two branches, in {side[:8]} and in {other[:8]}; "
                said += f"they are merged, and the record and the signed file of {other[:8]} are gone"
                place = f"{FOLDER}/{name}/signed-{other[:8]}.pdf"
                show = f"git show {other[:12]}:{git.prefix}{folder}/{file}"
                hint = f"keep that signed file: {show} > {place}, and commit it; "
                hint += "then have the parties sign what it changes as a higher version, or the next amendment"
                yield damaged(folder, said, hint, RULE), both


def _apart(git: Git, one: str, other: str) -> bool:
    """Tell whether neither of two commits comes after the other."""
    return all(git.run("rev-list", "--max-count=1", a, f"^{b}").strip() for a, b in ((one, other), (other, one)))


def _finding(said: str, records: Sequence[ExecutedVersion]) -> Finding:
    last = records[-1]
    return damaged(f"{EXECUTED}/{last.agreement}", said, _WAY.format(id=last.agreement, version=last.version), RULE)
