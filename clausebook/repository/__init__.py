"""Reading and writing files: the tree on disk or at a commit, agreements' files, the cache, the only writer."""
