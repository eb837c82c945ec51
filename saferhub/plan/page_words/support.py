"""What forms of the plan are called: support."""

WORDS: dict[str, str] = {
    "plan-funding": "Funding",
    "plan-funding-add": "Add money that is sought",
    "plan-funding-change": "Change a funding",
    "plan-funding-move": "Say what became of a funding",
    "plan-funding-report": "Record what monitoring found",
    "plan-training": "Training",
    "plan-training-add": "Record training",
    "plan-training-change": "Change a training",
    "plan-reports-received": "Reports received",
    "plan-report-received-add": "Record a report received",
    "plan-report-received-change": "Change a report received",
    "plan-consultations": "Consultation",
    "plan-consultation-add": "Add a consultation",
    "plan-consultation-change": "Change a consultation",
    "plan-group-add": "Add a group to a consultation",
    "plan-group-change": "Change a group of a consultation",
    "plan-group-remove": "Take a group out of a consultation",
    "plan-crime-notes": "Decisions",
    "plan-crime-note-add": "Note a decision",
    "plan-crime-note-change": "Change a note on a decision",
}
