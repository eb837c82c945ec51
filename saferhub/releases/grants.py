"""Privileges on releases' tables (see foundation.grants)."""

from saferhub.foundation.grants import Grant

TABLES = {
    "releases_letter": Grant(app="SIU", steward="S"),
    "releases_check": Grant(app="SI", steward="S"),
    "releases_disclosure": Grant(app="SI", steward="S"),
}
