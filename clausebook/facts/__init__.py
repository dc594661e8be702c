"""What an agreement tells in short: facts, registers, and documents that are made of them."""
