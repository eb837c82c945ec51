"""What the audit can say of interventions."""

from saferhub.audit.events import register

register(
    {
        "intervention.planned": "planned to use a tool or power",
        "intervention.put_in_place": "recorded a tool or power as in place",
        "intervention.breached": "recorded a breach",
        "intervention.breach_answered": "recorded what followed from a breach",
        "intervention.reviewed": "looked again at a tool or power in place",
        "intervention.changed": "changed the terms or days of a tool or power",
        "intervention.watcher_set": "named who watches it after closure",
        "intervention.watcher_lost": "ended the watch of whoever no longer sees the case",
        "intervention.ended": "ended the use of a tool or power",
        "intervention.seen": "opened an intervention",
        "intervention.list_seen": "opened the interventions of a case",
    }
)
