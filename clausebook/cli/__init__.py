"""The command line, a file a command: the only part that prints."""
