"""Privileges on the partnership's tables (see foundation.grants)."""

from saferhub.foundation.grants import Grant

TABLES = {
    "partnership_partnership": Grant(app="SIU"),
    "partnership_pack_release": Grant(app="SI"),
    "partnership_entry": Grant(app="SIU"),
    # Updated only to mark a version withdrawn; a trigger refuses any other change.
    "partnership_entry_version": Grant(app="SIU"),
    "partnership_agency": Grant(app="SIU"),
    "partnership_unit": Grant(app="SIU"),
    "partnership_hub": Grant(app="SIU"),
    "partnership_board": Grant(app="SIU"),
    "partnership_membership": Grant(app="SIU"),
    "partnership_duty_occurrence": Grant(app="SIU"),
    "partnership_duty_move": Grant(app="SI"),
    "partnership_duty_pause": Grant(app="SIU"),
}
