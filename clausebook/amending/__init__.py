"""What leads from an executed text to a draft, and the proof that it does. Pure, over Documents."""
