"""Reading git: one process, objects, names of revisions, the tree at a commit."""
