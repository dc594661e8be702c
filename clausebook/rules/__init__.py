"""What a deal, and its finished text, may not say."""
