"""What forms of meetings are called: live."""

WORDS: dict[str, str] = {
    "meeting-run": "A running meeting",
    "item-run": "An item of a running meeting",
    "item-words": "Words for the minutes",
    "item-focus": "Move the meeting to an item",
    "item-defer": "Put an item off to the next meeting",
    "item-back": "Open an item of a meeting again",
    "meeting-begin": "Begin a meeting",
    "meeting-not-begun": "Take back that a meeting began",
    "meeting-end": "End a meeting",
    "meeting-resume": "Go on with a meeting",
    "meeting-present": "Record who came to a meeting",
    "meeting-present-add": "Add somebody who came to a meeting",
}
