"""What a restriction would take along, and what it would not."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from saferhub.sharing.models import Matter
from saferhub.sharing.registries import MatterSection


def taken_along(matter: Matter, sections: Iterable[MatterSection | None]) -> list[str]:
    """What happens to the records in a matter that is restricted, in sentences. One query.

    Whoever decides is told which records stay as they are, and not what else they lie in. `sections`: those
    of the matter's page, whose rows the reader may see.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT folder, alone FROM gate.lying_in(%s)", [matter.folder_id])
        found = dict(cursor.fetchall())
    stay = {folder for folder, alone in found.items() if not alone}
    titles = [row.title for section in sections if section for row in section.rows if row.folder in stay]
    said = []
    if along := len(found) - len(stay):
        said.append(
            "1 record lies in this matter alone and is restricted with it. Only the people named see it; even "
            "the unit that gave it does not."
            if along == 1
            else f"{along} records lie in this matter alone and are restricted with it. Only the people named see "
            "them; even the units that gave them do not."
        )
    if stay:
        named = f": {', '.join(titles)}" if titles else ""
        said.append(
            f"1 record lies in another matter too and stays open to whoever sees it there or gave it{named}."
            if len(stay) == 1
            else f"{len(stay)} records lie in other matters too and stay open to whoever sees them there or gave "
            f"them{named}."
        )
    return said
