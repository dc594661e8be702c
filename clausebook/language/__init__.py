"""The language of clause templates, run in a bounded child process."""
