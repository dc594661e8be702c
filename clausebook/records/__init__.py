"""What was sent, received and executed, kept and never edited; and what became of it since."""
