"""Children: processes of our own for what may take too long, too much memory, or ask a network."""
