"""Judge a PDF that came back: its words, its integrity, who signed."""
