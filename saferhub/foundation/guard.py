"""Refusing to serve on the wrong footing.

Privileges, append-only protection and later row-level security bind the application's role only. Given
the owner's address by mistake, everything would work and nothing would be protected; so web and worker
look before they serve, and serve nothing until it is put right. The same holds for a demonstration's
database without the demonstration's flag, whose clock stands years behind, and for the flag on a
database that holds real accounts, where anybody could sign in.
"""

from __future__ import annotations

from django.conf import settings
from django.db import connections

_FOOTING = """
SELECT r.rolsuper, r.rolbypassrls,
       EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid),
       EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid),
       EXISTS (SELECT FROM public.foundation_clock_offset),
       EXISTS (SELECT FROM public.foundation_milestone WHERE name = 'demonstration'),
       EXISTS (SELECT FROM public.accounts_user)
  FROM pg_roles r WHERE r.rolname = current_user
"""


def problem(using: str = "default") -> str:
    """Why this process must not serve, in a sentence for whoever runs it; "" when all is well.

    Raises DatabaseError when the database does not answer or has not been set up.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(_FOOTING)
        superuser, passes, owns, member, offset, made, accounts = cursor.fetchone()
    if superuser or passes or owns or member:
        return (
            "DATABASE_URL signs in as a role that row-level security does not bind. Use saferhub_app: no "
            "superuser, no BYPASSRLS, owning nothing, member of no other role."
        )
    if not settings.DEMONSTRATION and (offset or made):
        return (
            "This database holds a demonstration, and SAFERHUB_DEMONSTRATION is not set. Its clock does not "
            "show the true day. Use another database for live data."
        )
    if settings.DEMONSTRATION and accounts and not made:
        return (
            "SAFERHUB_DEMONSTRATION is set, but this database holds accounts that are no demonstration's. "
            "Anybody could sign in: take the setting away."
        )
    return ""
