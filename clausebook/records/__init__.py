"""Records: what was sent, received and executed, kept in the repository and never edited."""

from clausebook.records.frozen import Frozen, frozen
from clausebook.records.model import ClauseVersion, ExecutedVersion, FileHash, RecordedSignatory, Turn
from clausebook.records.reading import (
    data_of,
    document_of,
    executed,
    read_executed,
    read_turns,
    sent_document,
    turns,
)

__all__ = [
    "ClauseVersion",
    "ExecutedVersion",
    "FileHash",
    "Frozen",
    "RecordedSignatory",
    "Turn",
    "data_of",
    "document_of",
    "executed",
    "frozen",
    "read_executed",
    "read_turns",
    "sent_document",
    "turns",
]
