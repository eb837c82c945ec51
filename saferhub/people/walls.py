"""Which policy guards each table of people (see foundation.walls)."""

from saferhub.foundation.walls import in_folder

PROTECTED = {
    "people_person": in_folder(),
    "people_name": in_folder(),
    "people_identifier": in_folder(),
    "people_contact_point": in_folder(),
    "people_equality_answer": in_folder(),
    "people_communication_need": in_folder(),
    "people_staff_risk": in_folder(),
    "people_safe_contact": in_folder(),
    "people_relationship": in_folder(),
    "people_place": in_folder(),
    "people_address": in_folder(),
    "people_link_decision": in_folder("a_folder_id", "b_folder_id"),
}
