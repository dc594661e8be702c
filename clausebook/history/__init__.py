"""The past of an agreement, and why its words changed."""
