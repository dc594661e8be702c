"""An opened repository: its agreements, each loaded, checked and assembled, or read from its record."""
