"""What forms of meetings are called: measures."""

WORDS: dict[str, str] = {}
