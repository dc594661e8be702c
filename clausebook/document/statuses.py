"""The statuses of an agreement, in the order in which it has them."""

from __future__ import annotations

from typing import Literal

Ended = Literal["expired", "terminated", "superseded"]

FIRST_STATUS = "draft"
"""That with which an agreement begins."""

DRAFTS = (FIRST_STATUS, "in-review")
"""Every output carries the DRAFT mark."""

BEFORE_EXECUTION = (*DRAFTS, "approved")
"""What an agreement cannot be any more at a version that has a record."""

RUNNING = ("executed", "active")
"""Executed, and still binding."""

ENDED: tuple[Ended, ...] = ("expired", "terminated", "superseded")
"""Executed, and in force no more."""

SINCE_EXECUTION = (*RUNNING, *ENDED)
"""What an agreement can only be once its version has a record."""

STATUSES = (*BEFORE_EXECUTION, *SINCE_EXECUTION)
