"""What git's diff shows of an agreement: the words of its file, made or kept."""
