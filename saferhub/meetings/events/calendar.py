"""What the audit can say of meetings: groups, seats, when and where, who comes."""

from saferhub.audit.events import register

register(
    {
        "meetings.group_made": "made a group that meets",
        "meetings.group_ended": "ended a group that met",
        "meetings.group_resumed": "let a group meet again",
        "meetings.seat_given": "gave a seat in a group",
        "meetings.seat_changed": "changed a seat in a group",
        "meetings.seat_ended": "ended a seat in a group",
        "meetings.planned": "planned a meeting",
        "meetings.moved": "moved a meeting",
        "meetings.cancelled": "cancelled a meeting",
        "meetings.invited": "invited people to a meeting",
        "meetings.invitations_withdrawn": "took invitations to a meeting back",
        "meetings.apologies": "recorded apologies for a meeting",
        "meetings.apologies_taken_back": "took apologies for a meeting back",
        "meetings.attendance_seen": "opened who comes to a meeting",
    }
)
