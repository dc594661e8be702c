"""What the site's lists show of an agreement: little, and plain, so that thousands of them are at hand at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clausebook.facts.duties.due_item import DueItem
from clausebook.facts.register_table import Register
from clausebook.findings.model import Finding

if TYPE_CHECKING:
    from clausebook.library.model import AgreementType


@dataclass(frozen=True, slots=True)
class ClauseUse:
    """One place where an agreement uses a library clause, by its id, or departs from it: its anchor and its number."""

    library_clause: str
    anchor: str
    number: str
    version: str
    departs: bool = False


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """The words of a library clause as an agreement has them, under its `heading` there, as HTML without links.

    `redline` shows how they differ from those of `standard`, the clause that the agreement would have otherwise; both
    are "" for a standard clause.
    """

    type: str
    library_clause: str
    agreement: str
    title: str
    heading: str
    words: str
    standard: str = ""
    redline: str = ""


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """What lists show of an agreement. One that is `broken` has only its id, its title and its findings.

    `parties` are short names; `stage` is where it stands, with the ISO day `since` which, or, of one that was renewed,
    `until` which; `deviations` counts the clauses that are not the standard of their slot. `owed` is what falls due
    under a signed one, and `registers` hold its rows alone.
    """

    id: str
    title: str
    type: str = ""
    kind: str = ""
    version: str = ""
    status: str = ""
    parties: tuple[str, ...] = ()
    stage: str = ""
    since: str = ""
    until: str = ""
    deviations: int = 0
    findings: str = ""
    broken: bool = False
    uses: tuple[ClauseUse, ...] = ()
    owed: tuple[DueItem, ...] = ()
    registers: tuple[Register, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteLists:
    """What the pages show that are of no single agreement.

    `entries` are those of all agreements, by id; `clauses` is how many the library has, `words` are theirs; `wrong` are
    the errors to be mended; `owed` is what registered papers ask for; `calendars` are those of signed agreements and
    papers, as files of their own.
    """

    entries: tuple[SiteEntry, ...] = ()
    types: tuple[AgreementType, ...] = ()
    clauses: int = 0
    wrong: tuple[Finding, ...] = ()
    owed: tuple[DueItem, ...] = ()
    calendars: tuple[bytes, ...] = ()
    words: tuple[ClauseWords, ...] = ()
