"""Privileges on people's tables (see foundation.grants)."""

from saferhub.foundation.grants import Grant

# The gate's search and pointer functions read what they compare.
_SEARCHED = Grant(app="SIU", steward="S", gate="S")

TABLES = {
    "people_person": _SEARCHED,
    "people_name": _SEARCHED,
    "people_identifier": _SEARCHED,
    "people_contact_point": _SEARCHED,
    "people_equality_answer": Grant(app="SIU", steward="S"),
    "people_communication_need": Grant(app="SIU", steward="S"),
    "people_staff_risk": Grant(app="SIU", steward="S"),
    "people_safe_contact": Grant(app="SIU", steward="S"),
    "people_relationship": _SEARCHED,
    "people_place": _SEARCHED,
    "people_address": _SEARCHED,
    "people_link_decision": _SEARCHED,
}
