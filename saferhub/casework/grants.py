"""Privileges on casework's tables (see foundation.grants)."""

from saferhub.foundation.grants import Grant

_LISTED = Grant(app="SIU", steward="S", gate="SU")
_PART = Grant(app="SIU", steward="S")
_MOVE = Grant(app="SI", steward="S")
_PLAIN = Grant(app="SIU", steward="S")

TABLES = {
    "casework_referral": _LISTED,
    # Of what went to another hub, the gate counts for each hub what it had (sql/figures.sql).
    "casework_referral_move": Grant(app="SI", steward="S", gate="S"),
    "casework_referral_pack": _PART,
    "casework_involved": _PART,
    "casework_decision": _MOVE,
    "casework_instrument": _PLAIN,
    "casework_instrument_version": _PLAIN,
    "casework_assessment": _PART,
    "casework_prompt_answer": _MOVE,
    "casework_case": _LISTED,
    "casework_case_move": Grant(app="SI", steward="S", gate="S"),
    "casework_case_review": _MOVE,
    "casework_goal": _PART,
    "casework_risk": _PART,
    "casework_osara": _PART,
    "casework_case_link": _PART,
    # Read by the gate's own function, which narrows their folders with the case (sql/notes.sql).
    "casework_note": Grant(app="SIU", steward="S", gate="S"),
    "casework_attachment": Grant(app="SIU", steward="S", gate="S"),
    "casework_demand_event": _MOVE,
    # The worker's chasing looks over a whole partnership, and marks what it has chased.
    "casework_action": Grant(app="SIU", steward="SU", gate="SU"),
    "casework_action_move": Grant(app="SI", steward="SI"),
    "casework_chase": Grant(app="SI", steward="SI"),
    "casework_calendar_feed": _PLAIN,
    "casework_intervention": _LISTED,
    "casework_intervention_move": _MOVE,
    "casework_breach": _PART,
    # The gate finds whose a key is, and counts a link's uses.
    "casework_referral_link": Grant(app="SIU", steward="S", gate="SU"),
    "casework_api_token": Grant(app="SIU", steward="S", gate="S"),
    "casework_link_receipt": Grant(app="SI", steward="S"),
    "casework_idempotency_key": Grant(app="SI"),
    "casework_column_mapping": _PLAIN,
    "casework_sheet_load": Grant(app="SIUD", why="a sealed sheet is deleted after a day"),
    "casework_sheet_import": _MOVE,
    "casework_sheet_row": _PART,
}
