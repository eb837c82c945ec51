"""Privileges on the audit's tables: added to and read, never changed (see foundation.grants)."""

from saferhub.foundation.grants import Grant

TABLES = {
    "audit_entry": Grant(app="SI", steward="S", gate="I"),
    "audit_seal": Grant(app="S", steward="SI"),
    "audit_era": Grant(app="S", steward="S"),
}
