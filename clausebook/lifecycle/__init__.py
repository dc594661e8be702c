"""The commands that move an agreement on, where it stands, and the proof of its records."""
