"""Who speaks: the card, its moods and lines, the prompt, the guard."""
