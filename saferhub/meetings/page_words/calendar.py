"""What forms of meetings are called: calendar."""

WORDS: dict[str, str] = {
    "meetings": "Meetings",
    "groups": "Groups that meet",
    "groups-make": "Make the groups that meet",
    "group": "A group that meets",
    "group-end": "End a group that meets",
    "group-resume": "Let a group meet again",
    "group-plan": "Plan the meetings of a group",
    "group-call": "Call a meeting",
    "group-invite": "Invite to the meetings of a group",
    "group-seat-add": "Give a seat in a group",
    "group-seat": "Change a seat in a group",
    "group-seat-end": "End a seat in a group",
    "meeting-when": "When and where a meeting takes place",
    "meeting-change": "Move a meeting",
    "meeting-cancel": "Cancel a meeting",
    "meeting-invite": "Invite to a meeting",
    "meeting-attendance": "Who comes to a meeting",
    "meeting-apologies": "Send apologies for a meeting",
    "meeting-apologies-back": "Take apologies for a meeting back",
}
