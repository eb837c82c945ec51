"""What forms of the plan are called: actions."""

WORDS: dict[str, str] = {
    "plan-actions": "Actions of the plan",
    "plan-action-add": "Add an action to the plan",
    "plan-action-change": "Change an action of the plan",
    "plan-action-stop": "Stop an action of the plan",
    "plan-action-take-up": "Take an action of the plan up again",
    "plan-milestone-add": "Add a milestone",
    "plan-milestone-change": "Change a milestone",
    "plan-milestone-reached": "Record that a milestone was reached",
    "plan-milestone-drop": "Drop a milestone",
}
