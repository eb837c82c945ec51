"""What lists of matters leave out, and in which orders they stand."""

from __future__ import annotations

import pytest

from saferhub.foundation import clock
from saferhub.partnership.access import actor_for
from saferhub.partnership.models import Hub
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Handover, Matter
from saferhub.sharing.queries import matters as queries

from .agreements_world import make_matter

pytestmark = pytest.mark.django_db


def _handed(matter, from_hub, to_hub):
    return Handover.objects.create(
        partnership=matter.partnership,
        folder=matter.folder,
        matter=matter,
        from_hub=from_hub,
        to_hub=to_hub,
        from_unit=matter.unit,
        to_unit=matter.unit,
        reason="Invented",
        by="SOMEBODYELSE0000",
        on=clock.today(),
    )


def test_a_matter_handed_to_her_is_told_however_many_went_elsewhere_since(cast):
    colin = cast["colin.coordinator"]
    with entered(colin):
        hubs = Hub.objects.filter(partnership=actor_for(colin).partnership)
        selby, scarborough = hubs.get(code="selby"), hubs.get(code="scarborough")
        hers = make_matter(colin, 1)
        _handed(hers, None, selby)
        for number in range(2, queries.MOST_WORK + 4):
            _handed(make_matter(colin, number), selby, scarborough)
        told = [one.reference for one in queries.work_items(actor_for(colin)) if one.kind == "handover"]
    assert hers.reference in told


def test_every_order_on_offer_walks_an_index_of_the_table_itself():
    """By the name of a hub, an agency or a leader there is no index: every row would be read and sorted."""
    indexed = {tuple(name.lstrip("-") for name in one.fields) for one in Matter._meta.indexes}
    indexed.add(("reference",))  # unique
    for fields in queries.SORTS.values():
        assert tuple(name.lstrip("-") for name in fields) in indexed


def test_an_order_no_longer_on_offer_gives_the_newest_first(client_for):
    client = client_for("colin.coordinator")
    assert client.get("/matters/?sort=hub").status_code == 200
    page = client.get("/matters/").content.decode()
    for sort in ("hub", "agency", "lead", "status"):
        assert f"sort={sort}" not in page
