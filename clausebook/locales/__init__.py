"""What the program itself says in a contract, in each language that it can say it in."""
