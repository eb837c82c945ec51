"""What the audit can say of meetings: live."""

from saferhub.audit.events import register

register(
    {
        "meetings.begun": "began a meeting",
        "meetings.not_begun": "took back that a meeting had begun",
        "meetings.ended": "ended a meeting",
        "meetings.resumed": "went on with a meeting that had been ended",
        "meetings.item_in_focus": "moved a meeting to an item",
        "meetings.item_done": "recorded an item of a meeting as done",
        "meetings.item_deferred": "put an item off while the meeting ran",
        "meetings.item_back": "opened an item of a meeting again",
        "meetings.item_decided": "recorded what a meeting decided",
        "meetings.words_kept": "wrote words for the minutes",
        "meetings.action_agreed": "recorded an action that a meeting agreed",
        "meetings.risk_judged": "recorded how a meeting judged the risk of a case",
        "meetings.attendance_recorded": "recorded who came to a meeting",
        "meetings.attendance_added": "added somebody who came to a meeting",
        "meetings.run_seen": "opened an item while its meeting ran",
    }
)
