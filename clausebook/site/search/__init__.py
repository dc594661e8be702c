"""The site's search: what it knows of each page, in shards, and their indexes for Pagefind."""
