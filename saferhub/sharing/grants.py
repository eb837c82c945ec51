"""Privileges on sharing's tables (see foundation.grants). The gate's functions run as gate and need theirs."""

from saferhub.foundation.grants import Grant

TABLES = {
    "sharing_folder": Grant(app="SIU", steward="S", gate="SIU"),
    "sharing_interest": Grant(app="SIU", steward="S", gate="SIU"),
    "sharing_enclosure": Grant(app="SIU", steward="S", gate="SU"),
    "sharing_revision": Grant(app="SI", steward="S"),
    "sharing_agreement": Grant(app="SIU", steward="S", gate="S"),
    "sharing_agreement_hub": Grant(
        app="SID", steward="S", gate="S", why="A draft's hubs are chosen anew; once in force they stay"
    ),
    "sharing_agreement_party": Grant(
        app="SIUD",
        steward="S",
        gate="S",
        why="A draft's parties are chosen anew; a trigger keeps those of others",
    ),
    "sharing_agreement_move": Grant(app="SI", steward="S"),
    "sharing_agreement_review": Grant(app="SI", steward="S"),
    "sharing_matter": Grant(app="SIU", steward="S", gate="SU"),
    "sharing_matter_move": Grant(app="SI", steward="S"),
    "sharing_handover": Grant(app="SI", steward="S", gate="S"),
    "sharing_search": Grant(app="S", steward="S", gate="SIU"),
    "sharing_pointer_hit": Grant(gate="SI"),
    "sharing_access_request": Grant(app="SIU", steward="S"),
    "sharing_emergency": Grant(app="SIU", gate="SI", steward="S"),
    "sharing_emergency_reason": Grant(app="SU", gate="SI", steward="S"),
}
