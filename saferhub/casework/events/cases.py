"""What the audit can say of cases, and of deciding a referral."""

from saferhub.audit.events import register

register(
    {
        "case.opened": "opened a case",
        "case.seen": "opened a case’s page",
        "case.timeline_seen": "read a case’s timeline",
        "case.people_seen": "read who is in a case",
        "case.access_seen": "read who can see a case",
        "case.changes_seen": "read how a case was changed",
        "case.closing_seen": "read what stops a case from closing",
        "case.moved": "put a case into another status",
        "case.changed": "changed a case",
        "case.handed_to": "let another officer lead a case",
        "case.lead_unit_followed": "let the unit whose case it is lead it, as the one that led it lost sight",
        "case.reviewed": "reviewed a case",
        "case.review_moved": "moved the day of a case’s next review",
        "case.closed": "closed a case",
        "case.reopened": "opened a case again",
        "case.referral_added": "added a referral to a case",
        "referral.decided": "decided a referral",
        "referral.deciding_seen": "read a referral to decide it",
        "casework.involved": "recorded who or what is in a matter",
        "casework.no_longer_involved": "ended that somebody is in a matter",
    }
)
