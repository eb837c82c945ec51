"""What the audit can say of meetings: minutes."""

from saferhub.audit.events import register

register(
    {
        "meetings.minutes_drafted": "drafted minutes",
        "meetings.minutes_edited": "changed a draft of minutes",
        "meetings.minutes_approved": "approved minutes",
        "meetings.minutes_corrected": "began a correction of minutes",
        "meetings.minutes_told": "told that minutes are out",
        "meetings.minutes_seen": "saw how the minutes stand",
        "meetings.minutes_part_seen": "saw a part of minutes with its history",
        "meetings.copy_taken": "took a copy of a meeting’s paper",
        "meetings.paper_stopped": "was kept from a meeting’s paper by the release check",
        "meetings.extract_given": "gave minutes of an item to somebody outside",
        "meetings.extract_shown": "showed minutes that were given to somebody outside",
    }
)
