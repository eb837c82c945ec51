"""Which policy guards each table of casework (see foundation.walls).

A note or a file is seen by whoever may read its own folder and the matter's: losing the case loses the note.
"""

from saferhub.foundation.walls import in_folder, listed

_BOTH = in_folder("folder_id", "matter_folder_id")

PROTECTED = {
    "casework_referral": listed(),
    "casework_referral_move": in_folder(),
    "casework_referral_pack": in_folder(),
    "casework_involved": in_folder(),
    "casework_decision": in_folder(),
    "casework_assessment": in_folder(),
    "casework_prompt_answer": in_folder(),
    "casework_case": listed(),
    "casework_case_move": in_folder(),
    "casework_case_review": in_folder(),
    "casework_goal": in_folder(),
    "casework_risk": in_folder(),
    "casework_osara": in_folder(),
    "casework_case_link": in_folder("a_folder_id", "b_folder_id"),
    "casework_note": _BOTH,
    "casework_attachment": _BOTH,
    "casework_demand_event": in_folder(),
    "casework_action": listed(),
    "casework_action_move": in_folder(),
    "casework_chase": in_folder(),
    "casework_intervention": listed(),
    "casework_intervention_move": in_folder(),
    "casework_breach": in_folder(),
    "casework_sheet_import": in_folder(),
    "casework_sheet_row": in_folder(),
}
