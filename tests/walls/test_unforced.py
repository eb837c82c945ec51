"""The owner may lift the force of the wall from itself, for a data migration or a loader, and nobody else."""

from __future__ import annotations

import pytest
from django.db import connections

from saferhub.foundation import walls
from saferhub.people.models import Place
from saferhub.sharing.models import Folder

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "refusals", "owner"])


def _forced() -> bool:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'people_place'")
        return bool(cursor.fetchone()[0])


def test_under_force_the_owner_changes_nothing_and_is_not_told(world: None, transactional_db: None) -> None:
    assert Place.objects.using("owner").update(name="Changed") == 0


def test_unforced_the_owner_changes_rows_and_the_force_comes_back(
    world: None, transactional_db: None
) -> None:
    with walls.unforced(Place, Folder):
        place = Place.objects.using("owner").earliest("id")
        assert Place.objects.using("owner").update(name="Changed") > 1
        # Checks that wait for the end of the transaction do not stand in the way.
        folder = Folder.objects.using("owner").get(pk=place.folder_id)
        folder.pk, folder.public_id = None, "COPYOFAFOLDER000"
        folder.save(using="owner", force_insert=True)
        place.pk, place.public_id, place.folder_id = None, "COPYOFAPLACE0000", folder.pk
        place.save(using="owner", force_insert=True)
    assert _forced()
    assert Place.objects.using("owner").update(name="Changed again") == 0


def test_an_exception_brings_the_force_back_and_takes_the_change_along(
    world: None, transactional_db: None
) -> None:
    with pytest.raises(KeyError), walls.unforced(Place):
        Place.objects.using("owner").update(name="Changed")
        raise KeyError
    assert _forced()


def test_nobody_else_may_lift_it(world: None, transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="Only the owner"), walls.unforced(Place, using="default"):
        pass
