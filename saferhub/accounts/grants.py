"""Privileges on the accounts' tables (see foundation.grants)."""

from saferhub.foundation.grants import Grant

TABLES = {
    "accounts_user": Grant(app="SIU", steward="S", gate="S"),
    "accounts_account_move": Grant(app="SI"),
    "accounts_invitation": Grant(app="SIU"),
    "accounts_held_form": Grant(
        app="SID", why="a held form is given back once, or thrown away after half an hour"
    ),
}
