"""What the audit can say of lists that left, and of figures."""

from saferhub.audit.events import register

register(
    {
        "cases.exported": "exported a list of cases",
        "referrals.exported": "exported a list of referrals",
        "actions.exported": "exported a list of actions",
        "interventions.exported": "exported a list of interventions",
        "casework.changed_many": "changed several cases or actions at once",
    }
)
