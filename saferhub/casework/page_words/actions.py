"""What the pages of actions with a form are called."""

WORDS: dict[str, str] = {
    "case-actions": "The actions of a case",
    "action": "An action",
    "action-add": "Add an action",
    "action-change": "Change an action",
    "action-take-over": "Take an action over",
    "action-progress": "Say that an action is not done yet",
    "action-done": "Mark an action as done",
    "action-block": "Say what is in the way of an action",
    "action-unblock": "Open a blocked action again",
    "action-drop": "Drop an action",
    "action-reopen": "Open an action again",
    "action-mine": "My actions",
    "action-feed": "Calendar feed of my actions and meetings",
}
