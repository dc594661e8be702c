"""What a change of the repository does to its agreements, for who must decide."""
