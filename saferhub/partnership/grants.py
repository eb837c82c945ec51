"""Privileges on the partnership's tables (see foundation.grants)."""

from saferhub.foundation.grants import Grant

TABLES = {
    "partnership_partnership": Grant(app="SIU", steward="S", gate="S"),
    "partnership_pack_release": Grant(app="SI"),
    "partnership_entry": Grant(app="SIU", steward="S", gate="S"),
    # Updated only to mark a version withdrawn; a trigger refuses any other change.
    "partnership_entry_version": Grant(app="SIU", steward="S", gate="S"),
    "partnership_agency": Grant(app="SIU", steward="S", gate="S"),
    "partnership_unit": Grant(app="SIU", steward="S", gate="S"),
    "partnership_hub": Grant(app="SIU", steward="S", gate="S"),
    "partnership_board": Grant(app="SIU", steward="S"),
    "partnership_membership": Grant(app="SIU", steward="S", gate="S"),
    "partnership_duty_occurrence": Grant(app="SIU"),
    "partnership_duty_move": Grant(app="SI"),
    "partnership_duty_pause": Grant(app="SIU"),
}
