"""Whether pages that came back are ours: words, pictures, hidden content, added marks."""
