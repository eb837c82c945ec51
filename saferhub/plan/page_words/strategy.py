"""What forms of the plan are called: strategy."""

WORDS: dict[str, str] = {
    "plan": "The plan",
    "plan-begin": "Take the plan over from the rules",
    "plan-strategy-add": "Begin another strategy",
    "plan-strategy-agree": "Record that the strategy was agreed",
    "plan-area-add": "Add an area to the plan",
    "plan-area-change": "Change an area of the plan",
    "plan-area-end": "End an area of the plan",
    "plan-objective-add": "Add an objective to the plan",
    "plan-objective-words": "Put an objective into other words",
    "plan-objective-end": "End an objective of the plan",
    "plan-year-draft": "Begin the action plan of a year",
    "plan-year-agree": "Record that a year’s action plan was agreed",
    "plan-year-close": "Close a yearly review",
    "plan-year-reopen": "Open a yearly review again",
    "plan-action-decide": "Decide about an action in the yearly review",
}
