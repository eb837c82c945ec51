"""What somebody sees because of an emergency alone does not leave on paper either."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client

from saferhub.foundation import clock
from saferhub.partnership.access import Actor
from saferhub.releases.models import Letter
from saferhub.releases.operations.letters import draft_letter
from saferhub.sharing.access import matters_visible_to
from saferhub.sharing.demonstration_matters import MOVED
from saferhub.sharing.entering import entered
from saferhub.sharing.operations.emergencies import open_in_emergency


def test_a_letter_is_not_printed_under_an_emergency(
    as_user: Callable[[str], Actor], client_for: Callable[..., Client]
) -> None:
    victor, maya = as_user("victor.voluntary"), as_user("maya.manager")
    with entered(maya.user):
        matter = matters_visible_to(maya).get(title=MOVED)
        letter: Letter = draft_letter(
            matter_id=matter.public_id, template="concern_acknowledgement", addressee="The court", by=maya,
            on=clock.today(),
        )  # fmt: skip
        Letter.objects.filter(pk=letter.pk).update(status="released", released_at=clock.now())
    with entered(victor.user):
        known: list[Any] = ["Sabina", "Exemplar", date(1987, 2, 11), "", "", "reduce_asb"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT token FROM gate.point(%s, %s, %s, %s, %s, %s)", known)
            (token,) = cursor.fetchone()
        open_in_emergency(token=token, danger="adult", reason="Shouting.", incident="", tried=True, by=victor)
    page = f"/letters/{letter.public_id}/"
    assert client_for("victor.voluntary").get(page).status_code == 200
    refused = client_for("victor.voluntary").get(f"{page}sheet/")
    assert refused.status_code == 403
    assert "because of an emergency" in refused.content.decode()
    assert client_for("maya.manager").get(f"{page}sheet/").status_code == 200
