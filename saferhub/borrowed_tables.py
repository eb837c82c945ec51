"""Privileges on the tables that Django and its companions bring (see foundation.grants)."""

from saferhub.foundation.grants import Grant

_QUEUE = "the queue deletes jobs that are done and events of their past"

TABLES = {
    # Foundation's own: the register's module there holds the machinery, so its tables stand here.
    "foundation_clock_offset": Grant(app="S", steward="S"),
    "foundation_milestone": Grant(app="SI"),
    "foundation_cache": Grant(app="SIUD", why="a cached count expires by being deleted"),
    "django_migrations": Grant(app="S", steward="S"),
    "django_content_type": Grant(app="S", steward="S"),
    "auth_permission": Grant(app="S"),
    "auth_group": Grant(),
    "auth_group_permissions": Grant(),
    "django_session": Grant(app="SIUD", why="a session ends by being deleted"),
    "account_emailaddress": Grant(app="SIUD", why="an address that a person gives up is deleted"),
    "account_emailconfirmation": Grant(app="SIUD", why="a confirmation is used once"),
    "mfa_authenticator": Grant(app="SIUD", why="a second factor that is taken off must not work again"),
    "socialaccount_socialaccount": Grant(app="S"),
    "socialaccount_socialapp": Grant(app="S"),
    "socialaccount_socialtoken": Grant(app="S"),
    "procrastinate_jobs": Grant(app="SIUD", why=_QUEUE),
    "procrastinate_events": Grant(app="SIUD", why=_QUEUE),
    "procrastinate_periodic_defers": Grant(app="SIUD", why=_QUEUE),
    "procrastinate_workers": Grant(app="SIUD", why=_QUEUE),
}
