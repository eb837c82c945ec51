"""Searching and pointing in the database: what is found, what is pointed to, and what is never."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

from saferhub.foundation import clock
from saferhub.foundation.refusals import NotAllowed
from saferhub.partnership.access import actor_for
from saferhub.people.access import search as access
from saferhub.people.models import Address, Person
from saferhub.people.operations import search as operations
from saferhub.people.rules.search import Typed
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Because, Enclosure, Folder, Interest, Matter, Search

SABINA = Typed(name="Sabina Exemplar", born=date(1987, 2, 11))
Actors = Callable[[str], Any]


def _found(user: Any, typed: Typed) -> set[str]:
    with entered(user):
        return set(Person.objects.filter(pk__in=access.person_numbers(typed)).values_list("name", flat=True))


def _pointed(actor: Any, typed: Typed = SABINA, purpose: str = "reduce_asb") -> list[operations.Pointer]:
    with entered(actor.user):
        return operations.point(typed, purpose=purpose, by=actor)


@pytest.mark.parametrize(
    "typed",
    [
        Typed(name="Joanne Frith"),
        Typed(name="Frith"),
        Typed(name="Joan Frithe"),
        Typed(name="Frith, Jo"),
        Typed(telephone="07700 900118"),
        Typed(identifier="ex ten 00417"),
        Typed(address="14 Brayfield Court", postcode="ZZ99 8EX"),
        Typed(address="Brayfield Court"),
        Typed(born=date(1983, 5, 14)),
    ],
)
def test_a_record_is_found_by_each_of_its_parts(cast: dict[str, Any], typed: Typed) -> None:
    assert "Joanne Frith" in _found(cast["rachel.referrer"], typed)


@pytest.mark.parametrize(
    "username", ["nadia.neighbour", "fergus.former", "olivia.outsider", "ian.governance", "ana.analyst"]
)
def test_strangers_find_nothing(cast: dict[str, Any], username: str) -> None:
    assert _found(cast[username], Typed(name="Joanne Frith", born=date(1983, 5, 14))) == set()


def test_without_an_actor_nothing_is_found(cast: dict[str, Any]) -> None:
    with transaction.atomic():
        assert access.person_numbers(Typed(name="Frith")) == []
        assert access.matter_numbers("flats") == []
        assert access.place_numbers("Brayfield") == []


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("kestrels gasworks", True),  # wherever in the title they stand
        ("gasworks with kestrels", True),
        ("kestrls gaswork", True),  # roughly as they are spelled
        ("kestrels", True),
        ("kestrels harbour", False),  # each of them has to stand there
        ("kestrels from the", True),  # what says nothing is not looked for
    ],
)
def test_a_matter_is_found_by_words_of_its_title_wherever_they_stand(
    cast: dict[str, Any], words: str, is_found: bool
) -> None:
    with entered(cast["rachel.referrer"]):
        matter = Matter.objects.filter(unit__agency__code=actor_for(cast["rachel.referrer"]).agency_code)[0]
        matter.title = "Kestrels on the chimney of the old gasworks"
        matter.save(update_fields=["title"])
        assert (matter.pk in access.matter_numbers(words)) == is_found
    with entered(cast["nadia.neighbour"]):
        assert matter.pk not in access.matter_numbers(words)


def test_a_pointer_names_the_hub_that_holds_it(actor_of: Actors) -> None:
    (one,) = _pointed(actor_of("priya.partner"))
    assert one.hub == "Selby Community Safety Hub"
    assert one.likely
    assert [contact.name for contact in one.contacts] == ["Colin Ashworth"]
    assert len(one.token) == 32


def test_what_one_may_read_anyway_is_not_pointed_to(actor_of: Actors) -> None:
    assert _pointed(actor_of("colin.coordinator")) == []


def test_another_partnership_is_not_pointed_to(actor_of: Actors) -> None:
    assert _pointed(actor_of("olivia.outsider")) == []


def test_governance_and_analysts_are_not_pointed_to_anything(actor_of: Actors) -> None:
    assert _pointed(actor_of("ian.governance")) == []
    assert _pointed(actor_of("ana.analyst")) == []


@pytest.mark.parametrize(
    "typed",
    [
        Typed(name="Sabina Exemplar"),
        Typed(born=date(1987, 2, 11)),
        Typed(name="Sabina Exemplar", born=date(1987, 2, 12)),
        Typed(name="Wilhelmina Other", born=date(1987, 2, 11)),
        Typed(name="Sa", born=date(1987, 2, 11)),
    ],
)
def test_too_little_points_nowhere(actor_of: Actors, typed: Typed) -> None:
    assert _pointed(actor_of("priya.partner"), typed) == []


def test_the_gate_itself_wants_three_letters_and_an_identifier(actor_of: Actors) -> None:
    actor = actor_of("priya.partner")
    with entered(actor.user), connection.cursor() as cursor:
        for known in (["", "Ex", date(1987, 2, 11)], ["Sabina", "Exemplar", None]):
            cursor.execute("SELECT count(*) FROM gate.point(%s, %s, %s, '', '', 'reduce_asb')", known)
            assert cursor.fetchone() == (0,)


def test_a_purpose_that_names_no_hub_gives_one_pointer_to_its_post(actor_of: Actors) -> None:
    (one,) = _pointed(actor_of("priya.partner"), purpose="domestic_abuse")
    assert (one.hub, one.contact, one.contacts) == ("", "MARAC co-ordinator", ())


def test_a_purpose_without_pointers_gives_none(actor_of: Actors) -> None:
    assert _pointed(actor_of("priya.partner"), purpose="persons_request") == []
    assert _pointed(actor_of("priya.partner"), purpose="no_such_purpose") == []


def _set_sensitivity(keeper: Any, folder: Folder, level: int) -> None:
    """As whoever keeps it does: the named interest first, then the restriction."""
    Interest.objects.create(
        folder=folder, user=keeper, sensitivity=level, purpose="reduce_asb", because=Because.NAMED,
        valid_from=clock.now() - timedelta(minutes=1),
    )  # fmt: skip
    Folder.objects.filter(pk=folder.pk).update(sensitivity=level)


@pytest.mark.parametrize(("level", "pointers"), [(1, 1), (2, 0)])
@pytest.mark.parametrize("which", ["record", "matter"])
def test_restricted_is_pointed_to_and_the_vault_never(
    cast: dict[str, Any], actor_of: Actors, level: int, pointers: int, which: str
) -> None:
    maya = cast["maya.manager"]
    with entered(maya):
        record = Person.objects.get(name="Sabina Exemplar").folder
        matter = Enclosure.objects.get(inner=record, ended_at__isnull=True).outer
        _set_sensitivity(maya, record if which == "record" else matter, level)
    assert len(_pointed(actor_of("priya.partner"))) == pointers


def test_the_pages_role_cannot_read_what_a_pointer_stands_for(actor_of: Actors) -> None:
    from django.db.utils import ProgrammingError

    actor = actor_of("priya.partner")
    _pointed(actor)
    with pytest.raises(ProgrammingError), entered(actor.user), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sharing_pointer_hit")


def _note(actor: Any) -> int:
    return operations.note(kind="search", purpose="reduce_asb", fields=SABINA.fields, asks=True, by=actor)


def test_the_log_keeps_hashes_and_no_words(actor_of: Actors) -> None:
    actor = actor_of("priya.partner")
    number = _note(actor)
    with entered(actor.user, using="refusals"):
        row = Search.objects.using("refusals").get(pk=number)
    assert set(row.terms) == {"name", "born"}
    text = str(row.terms).lower()
    assert "sabina" not in text and "1987" not in text
    assert row.agency == "mental_health_provider"


def test_the_log_outlives_a_request_that_is_rolled_back(actor_of: Actors) -> None:
    actor = actor_of("priya.partner")
    number = 0
    with pytest.raises(RuntimeError), entered(actor.user):
        number = _note(actor)
        raise RuntimeError
    with entered(actor.user, using="refusals"):
        assert Search.objects.using("refusals").filter(pk=number).exists()


@pytest.mark.django_db(transaction=True)
def test_sixty_an_hour_holds_however_many_ask_at_once(cast: dict[str, Any], actor_of: Actors) -> None:
    actor = actor_of("priya.partner")
    given: list[int] = []
    refused: list[str] = []

    def ask() -> None:
        try:
            for _ in range(9):
                try:
                    given.append(_note(actor))
                except NotAllowed as refusal:
                    refused.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 60
    assert refused == ["too_many_searches"] * 12
    with pytest.raises(NotAllowed, match="It goes on at"):
        _note(actor)
    # Somebody else may still ask, and searching without pointers goes on.
    assert _note(actor_of("rachel.referrer"))
    assert operations.note(kind="search", purpose="", fields={}, asks=False, by=actor)


def test_what_a_search_showed_is_said_once_and_changed_by_nobody(actor_of: Actors) -> None:
    from django.db.utils import ProgrammingError

    actor, other = actor_of("priya.partner"), actor_of("rachel.referrer")
    number = _note(actor)
    operations.finished(number, seen=9, hits=9, by=other)
    operations.finished(number, hits=1, by=actor)
    operations.finished(number, seen=3, by=actor)
    operations.finished(number, seen=0, hits=0, by=actor)
    with entered(actor.user, using="refusals"):
        row = Search.objects.using("refusals").get(pk=number)
    assert (row.seen, row.hits) == (3, 1)
    for change in ({"seen": 0}, {"purpose": "safeguard_adult"}, {"terms": {}}, {"pointed": False}):
        with pytest.raises(ProgrammingError), entered(actor.user, using="refusals"):
            Search.objects.using("refusals").filter(pk=number).update(**change)
    with pytest.raises(ProgrammingError), entered(actor.user, using="refusals"):
        Search.objects.using("refusals").create(
            partnership=actor.partnership, user=actor.user, kind="search", purpose=""
        )


def test_records_out_of_sight_crowd_out_none_in_sight(cast: dict[str, Any]) -> None:
    def lives(keeper: str, person: str, times: int) -> None:
        with entered(cast[keeper]):
            found = Person.objects.select_related("folder").get(name=person)
            Address.objects.bulk_create(
                Address(
                    folder=found.folder,
                    partnership_id=found.folder.partnership_id,
                    person=found,
                    kind="home",
                    lines="7 Crowded Example Lane",
                )
                for _ in range(times)
            )

    lives("maya.manager", "Sabina Exemplar", 5_001)
    lives("rachel.referrer", "Joanne Frith", 1)
    assert _found(cast["rachel.referrer"], Typed(address="Crowded Example Lane")) == {"Joanne Frith"}
