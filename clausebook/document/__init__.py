"""The assembled text, and what can be done with it anywhere: words, mapping, JSON, what may leave the house."""
