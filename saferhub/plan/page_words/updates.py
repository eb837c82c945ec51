"""What forms of the plan are called: updates."""

WORDS: dict[str, str] = {
    "plan-action-update": "Give an update on an action of the plan",
    "plan-update-correct": "Correct an update on an action of the plan",
}
