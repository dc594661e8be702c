"""How a site is built: what changes the pages and files that are made, and how they are made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from clausebook.site.audience import LEGAL

if TYPE_CHECKING:
    from clausebook.approvals.reviews import ForgeReview


@dataclass(frozen=True, slots=True)
class MakingOptions:
    """What changes what is made: `reviews` approve at the forge, `audience` is of `site.audience.AUDIENCES`.

    See `content_of` for the others.
    """

    reviews: tuple[ForgeReview, ...] = ()
    sound_files_only: bool = False
    late_files: bool = False
    audience: str = LEGAL

    def parts(self) -> Mapping[str, str]:
        """Return what is to stand in the keys."""
        reviews = {"reviews": json.dumps(list(map(asdict, self.reviews)))} if self.reviews else {}
        late = {"files are made late": "yes"} if self.late_files else {}
        audience = {} if self.audience == LEGAL else {"audience": self.audience}
        return {**reviews, **late, **audience, "files of what has errors": str(not self.sound_files_only)}


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """How a site is built; `jobs` is the number of processes, 0 for as many as there are processors.

    An `offline` site is to be opened from a disk.
    """

    making: MakingOptions = field(default_factory=MakingOptions)
    trusted: bool = False
    jobs: int = 0
    offline: bool = False
