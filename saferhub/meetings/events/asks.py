"""What the audit can say of meetings: asks."""

from saferhub.audit.events import register

register(
    {
        "meetings.agencies_asked": "asked agencies what they hold before a meeting",
        "meetings.asked": "asked what agencies hold about items of a meeting",
        "meetings.asks_seen": "opened what is asked for a meeting",
        "meetings.answered": "answered what was asked for a meeting",
        "meetings.answer_corrected": "corrected an answer for a meeting",
        "meetings.answer_taken_back": "took back an answer for a meeting",
        "meetings.reminded": "reminded somebody of answers for a meeting",
    }
)
