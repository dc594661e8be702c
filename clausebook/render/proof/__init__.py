"""What was built is read back: its words are the Document's, and they can be seen."""
