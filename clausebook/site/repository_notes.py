"""What is noted of the past of a whole repository."""

REPOSITORY_WIDE = ("core/history-none", "core/history-empty", "core/history-cut", "core/history-failed")
"""Notes that are the same for every agreement."""
