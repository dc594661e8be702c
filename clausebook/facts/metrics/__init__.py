"""What an agreement measures, held against what it is to reach: targets, the path to them, and gates."""
