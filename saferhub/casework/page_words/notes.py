"""What the pages of notes with a form are called."""

WORDS: dict[str, str] = {
    "case-update-new": "Add an update",
    "case-update-edit": "Change an update",
    "case-update-withdraw": "Withdraw an update",
    "case-update-file-new": "Add a file to an update",
    "case-contact-new": "Record a contact",
    "case-file-new": "Add a file to a case",
    "case-file-withdraw": "Withdraw a file",
    "case-goal-new": "Set a goal",
    "case-goal-edit": "Change a goal",
    "case-goal-end": "What came of a goal",
    "case-goal-reopen": "Take up a goal again",
    "case-risk-new": "Record a risk",
    "case-risk-edit": "Look at a risk",
    "case-risk-end": "End a risk",
    "case-osara-edit": "Problem-solving record",
    "case-link-new": "Link another case",
    "case-link-end": "End a link between cases",
}
