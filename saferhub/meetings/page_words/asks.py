"""What forms of meetings are called: asks."""

WORDS: dict[str, str] = {
    "meeting-asks": "What is asked for a meeting",
    "asks-rest": "Answer “nothing held” to the rest",
}
