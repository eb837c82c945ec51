"""What the audit can say of meetings: agenda."""

from saferhub.audit.events import register

register(
    {
        "meetings.agenda_seen": "opened the agenda of a meeting",
        "meetings.agenda_proposed": "read what is proposed for an agenda",
        "meetings.item_seen": "opened an item of a meeting",
        "meetings.preparing": "began the agenda of a meeting",
        "meetings.item_put_on": "put an item on an agenda",
        "meetings.item_taken_off": "took an item off an agenda",
        "meetings.item_put_off": "put an item off to the next meeting",
        "meetings.item_put_back": "put an item back on an agenda",
        "meetings.item_opened": "let those at a meeting see an item that was added while it ran",
        "meetings.item_changed": "changed an item of an agenda",
        "meetings.people_named": "chose who is named on an item of an agenda",
        "meetings.reordered": "put an agenda in another order",
        "meetings.agenda_sent": "sent the agenda of a meeting",
        "meetings.kept_from": "kept an item of a meeting from somebody",
        "meetings.kept_from_lifted": "let somebody see an item of a meeting again",
        "meetings.interest_declared": "declared an interest in an item of a meeting",
        "meetings.guest_bidden": "bade a guest to an item of a meeting",
        "meetings.guest_unbidden": "no longer bade a guest to an item of a meeting",
    }
)
