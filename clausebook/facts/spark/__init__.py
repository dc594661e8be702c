"""The method by which partnerships are found, made and lived: its steps, what they ask for, and what is answered."""
