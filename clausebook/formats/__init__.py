"""Every file format that is read or written, with its numbers; and what changed from one number to the next."""
