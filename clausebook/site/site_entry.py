"""What the site's lists show of an agreement: little, and plain, so that thousands of them are at hand at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clausebook.facts.duties.due_item import DueItem
from clausebook.facts.glance import Glance
from clausebook.facts.register_table import Register
from clausebook.findings.model import Finding
from clausebook.site.spark.method_content import MethodContent, PartnershipEntry

if TYPE_CHECKING:
    from clausebook.library.model import AgreementType
    from clausebook.site.reference_pages import SchemaFile


@dataclass(frozen=True, slots=True)
class ClauseUse:
    """One place where an agreement uses a library clause, by its id, or departs from it: its anchor and its number.

    `reason` is why it was chosen, as the deal says. Internal.
    """

    library_clause: str
    anchor: str
    number: str
    version: str
    departs: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MetricEntry:
    """A metric with its state, or a gate, which has something `behind` it: target and value in words, `on` ISO 8601."""

    name: str
    state: str
    target: str = ""
    value: str = ""
    on: str = ""
    reckoning: str = ""
    consequence: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A party of an agreement, as the agreement has it: `key` is its name there, `role` what it is to the others.

    `partner` tells that it is not the house itself.
    """

    key: str
    legal_name: str
    short_name: str
    role: str = ""
    industry: str = ""
    jurisdiction: str = ""
    partner: bool = False


@dataclass(frozen=True, slots=True)
class Awaited:
    """Approvals of one kind, of `approvals.model.Kind`, that an agreement waits for: of which office, and how many."""

    office: str
    kind: str
    count: int


NO_GLANCE = Glance()
"""What is seen of an agreement whose type tells nothing."""


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
    under a signed one, and `registers` hold its rows alone. `metrics` are what it measures, then its gates;
    `partnership` is what is told of the steps of the method. `glance` is what its type names of its terms and dates,
    `awaited` are the approvals that are not given.
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
    metrics: tuple[MetricEntry, ...] = ()
    partnership: PartnershipEntry | None = None
    organisations: tuple[Organisation, ...] = ()
    glance: Glance = NO_GLANCE
    awaited: tuple[Awaited, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteLists:
    """What the pages show that are of no single agreement.

    `entries` are those of all agreements, by id; `clauses` is how many the library has, `words` are theirs, and
    `versions` those that each had, by path, with the day of each, oldest first; `wrong` are the errors to be mended;
    `owed` is what registered papers ask for; `calendars` are those of signed agreements and papers, as files of their
    own. `steps` are those of the method, id and title, and `opportunities` are the partnerships without an agreement;
    `method` and `schemas` are known where their pages are made. `internal` tells that the house's lawyers read them,
    who see everything.
    """

    entries: tuple[SiteEntry, ...] = ()
    types: tuple[AgreementType, ...] = ()
    clauses: int = 0
    wrong: tuple[Finding, ...] = ()
    owed: tuple[DueItem, ...] = ()
    calendars: tuple[bytes, ...] = ()
    words: tuple[ClauseWords, ...] = ()
    versions: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    steps: tuple[tuple[str, str], ...] = ()
    opportunities: tuple[PartnershipEntry, ...] = ()
    method: MethodContent = field(default_factory=MethodContent)
    schemas: tuple[SchemaFile, ...] = ()
    internal: bool = True
