"""What the audit can say of the partnership."""

from saferhub.audit.events import register

register(
    {
        "partnership.pack_loaded": "loaded a pack",
    }
)

register(
    {
        "member.role_given": "gave somebody a role",
        "member.role_ended": "ended somebody's role",
        "member.unit_changed": "moved somebody to another unit",
        "member.list_exported": "exported the list of people",
    }
)

register(
    {
        "duty.planned": "put a duty into the statutory calendar",
        "duty.done": "recorded a statutory duty as done",
        "duty.undone": "took back that a statutory duty was done",
        "duty.not_needed": "recorded that a statutory duty is not needed",
        "duty.needed_again": "put a statutory duty back into the calendar",
        "duty.withdrawn": "withdrew a planned duty",
        "duty.started": "started the clock of a statutory duty",
        "duty.start_corrected": "corrected when the clock of a statutory duty started",
        "duty.paused": "paused the clock of a statutory duty",
        "duty.resumed": "let the clock of a statutory duty run again",
        "duty.exported": "exported the statutory calendar",
    }
)
