"""What the audit can say of reporting: members' questions."""

from saferhub.audit.events import register

register(
    {
        "reporting.question_recorded": "recorded a question of a member",
        "reporting.question_changed": "changed a question of a member",
        "reporting.question_answered": "answered a question of a member",
        "reporting.question_reopened": "opened a question of a member again",
        "reporting.question_withdrawn": "recorded that a question was withdrawn",
        "reporting.question_closed": "recorded that a question was reported to members",
        "reporting.questions_exported": "took the list of members’ questions as a file",
    }
)
