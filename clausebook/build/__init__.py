"""Build: keyed tasks, one for each agreement, done in this process, in several, or on other machines."""
