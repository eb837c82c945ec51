"""What the pages of interventions with a form are called."""

WORDS: dict[str, str] = {
    "case-interventions": "The interventions of a case",
    "intervention": "An intervention",
    "intervention-add": "Choose a tool or power",
    "intervention-plan": "Plan to use a tool or power",
    "intervention-put-in-place": "Put a tool or power in place",
    "intervention-breach": "Record a breach",
    "intervention-answer": "Say what followed from a breach",
    "intervention-review": "Look again at a tool or power",
    "intervention-change": "Change the terms of a tool or power",
    "intervention-watch": "Name who watches it after closure",
    "intervention-end": "End the use of a tool or power",
}
