"""Privileges on the tables of meetings (see foundation.grants)."""

from saferhub.foundation.grants import Grant

_PART = Grant(app="SIU", steward="S")
# Read by the gate's functions too, by which what lies in an item follows its matter and its meeting (sql/items.sql).
_FOLLOWED = Grant(app="SIU", steward="S", gate="S")
_MOVE = Grant(app="SI", steward="S")

TABLES = {
    "meetings_group": _PART,
    "meetings_member": _PART,
    # The worker invites and reminds over a whole partnership.
    "meetings_meeting": Grant(app="SIU", steward="SU", gate="S"),
    "meetings_meeting_move": _MOVE,
    "meetings_invitation": Grant(app="SI", steward="SI"),
    "meetings_apology": _PART,
    "meetings_attendance": _PART,
    "meetings_item": _FOLLOWED,
    "meetings_item_move": _MOVE,
    "meetings_kept_from": _FOLLOWED,
    "meetings_ask": Grant(app="SIU", steward="SU"),
    "meetings_words": _PART,
    "meetings_item_action": _MOVE,
    "meetings_minutes_part": Grant(app="SIU", steward="S"),
    "meetings_copy": _MOVE,
}
