"""What forms of the plan are called: counted."""

WORDS: dict[str, str] = {}
