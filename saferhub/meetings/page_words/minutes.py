"""What forms of meetings are called: minutes."""

WORDS: dict[str, str] = {
    "meeting-minutes-edit": "Change the minutes",
    "meeting-minutes-correct": "Correct the minutes",
    "meeting-minutes-approve": "Approve the minutes",
    "meeting-minutes-give": "Give minutes to somebody outside",
}
