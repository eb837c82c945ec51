"""What the pages of oversight with a form are called."""

WORDS: dict[str, str] = {
    "cases-many": "Change several cases at once",
    "actions-many": "Change several actions at once",
}
