"""An amendment whose text is not the last any more: another text was executed between that and the amendment."""

from __future__ import annotations

from collections.abc import Iterator

from clausebook.amending.amendment_chain import Amendment, Chain, RecordedText
from clausebook.amending.held_text import REDRAFT

RULE = "core/amendment-overtaken"


def overtaken(past: Chain, mine: Amendment) -> Iterator[RecordedText]:
    """Yield the executed texts that an amendment leaves out, though they follow the text that it changes.

    One that is not executed must change the text in force. Of two that were executed, the whole text of an earlier day
    and the amendment of a lower number come first.
    """
    bases = (at for at, text in enumerate(past.texts, 1) if text.document is mine.base)
    for text in past.texts[next(bases, len(past.texts)) :]:
        number = past.number(text.by)
        if mine.record is None or (
            text.by != mine.record and (text.by.date < mine.record.date if not number else number < mine.number)
        ):
            yield text


def words(mine: Amendment, texts: list[RecordedText]) -> str:
    """Say what an amendment leaves out."""
    version = mine.changes.base.version if mine.changes else ""
    told = " and ".join(
        f"version {text.document.version} was executed by the record {text.by.folder} on {text.by.date}"
        for text in texts
    )
    return f"Amendment No. {mine.number} changes version {version}, and leaves out what came after that: {told}"


def mend_of_pending(agreement: str, latest: RecordedText) -> str:
    """Return what to do about an amendment that is not executed; what came back of it stays."""
    return (
        f"leave what came back of it where it is; if its changes are still wanted, draft them anew from version "
        f"{latest.document.version}: {REDRAFT.format(agreement=agreement)}; if they are not, and nobody has it yet, "
        "remove it"
    )
