"""Making the records in a matter follow it, when it is restricted, shared by name, handed over or opened up."""

from __future__ import annotations

from django.db import connection

from saferhub.audit import operations as audit
from saferhub.partnership.access import Actor
from saferhub.sharing.models import Matter
from saferhub.sharing.registries import FOLLOWERS


def follow(matter: Matter, *, by: Actor, reason: str) -> None:
    """Let what lies in this matter alone be as narrow as the matter is now, for the same named people.

    The database does it (`sql/restricting.sql`), because the actor sees neither every record's other matters
    nor, when it is done, every record. To be called in the transaction that changed the matter, last.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT act, folder, interest, named FROM gate.follow_matter(%s, %s)",
            [matter.folder_id, reason],
        )
        done = cursor.fetchall()
    for act, folder, interest, named in done:
        codes = {"interest": interest, "account": named} if interest else {}
        audit.record(
            act,
            ("sharing.folder", folder),
            by=by,
            purpose=matter.purpose,
            matter=matter.public_id,
            **codes,
        )
    parts_follow(matter, by=by, reason=reason)


def parts_follow(matter: Matter, *, by: Actor, reason: str) -> None:
    """Let what higher apps keep in narrower folders beside this matter be seen by nobody who lost the matter. To
    be called in the transaction in which somebody lost sight of it; `follow` does so itself."""
    for provider in FOLLOWERS:
        provider(matter, by, reason)
