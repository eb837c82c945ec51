"""What forms of reporting are called: questions."""

WORDS: dict[str, str] = {
    "question-add": "Record a member’s question",
    "question-change": "Change a member’s question",
    "question-answer": "Answer a member’s question",
    "question-move": "Record what became of a member’s question",
}
