"""Emergencies: what one opens, for whom, how long, and who learns of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from saferhub.audit.models import Entry
from saferhub.foundation import clock
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.partnership.access import Permission, Role
from saferhub.sharing.access import check_can_edit, check_can_enclose, matters_visible_to
from saferhub.sharing.access.emergencies import (
    check_may_leave,
    emergencies_visible_to,
    rests_on_emergency,
    sees_beyond_emergency,
    without_emergency_sight,
)
from saferhub.sharing.demonstration_matters import MOVED
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement, Because, Emergency, Enclosure, Interest
from saferhub.sharing.operations import emergencies as operations
from saferhub.sharing.operations import interests_given
from saferhub.sharing.operations.folders import give_interest
from saferhub.sharing.queries import emergencies as queries

Actors = Callable[[str], Any]
Clients = Callable[..., Client]


def _token(actor: Any) -> str:
    with entered(actor.user), connection.cursor() as cursor:
        cursor.execute(
            "SELECT token FROM gate.point('Sabina', 'Exemplar', %s, '', '', 'reduce_asb')",
            [date(1987, 2, 11)],
        )
        (token,) = cursor.fetchone()
    return str(token)


def _opened(actor: Any, token: str = "", **given: Any) -> Emergency:
    values = {"danger": "adult", "reason": "Shouting at her door.", "incident": "", "tried": True} | given
    with entered(actor.user):
        return operations.open_in_emergency(token=token or _token(actor), by=actor, **values)


def test_it_opens_one_record_for_four_hours_to_one_person(actor_of: Actors, cast: dict[str, Any]) -> None:
    victor = actor_of("victor.voluntary")
    before = clock.now()
    made = _opened(victor)
    assert timedelta(hours=4) - timedelta(minutes=1) < made.until - before < timedelta(hours=4, minutes=1)
    with entered(victor.user):
        (matter,) = matters_visible_to(victor).filter(folder=made.opened_id)
        assert (
            Interest.objects.filter(user=victor.user, because=Because.EMERGENCY, agreement=None).count() == 2
        )
        assert rests_on_emergency(victor, matter.folder)
        with pytest.raises(NotAllowed):
            check_may_leave(victor, matter.folder)
        strip = queries.strip_for(victor, matter.folder)
        assert strip is not None and strip.left
        assert not without_emergency_sight(victor, matters_visible_to(victor)).filter(pk=matter.pk).exists()
        assert without_emergency_sight(victor, matters_visible_to(victor)).exists()
    priya = actor_of("priya.partner")
    with entered(priya.user):
        assert not matters_visible_to(priya).filter(folder=made.opened_id).exists()


def test_sight_that_rests_on_more_than_an_emergency_may_leave(actor_of: Actors) -> None:
    colin = actor_of("colin.coordinator")
    made = _opened(actor_of("victor.voluntary"))
    with entered(colin.user):
        matter = matters_visible_to(colin).get(folder=made.opened_id)
        assert not rests_on_emergency(colin, matter.folder)
        assert queries.strip_for(colin, matter.folder) is None


def test_it_ends_at_business_time(actor_of: Actors, monkeypatch: pytest.MonkeyPatch) -> None:
    victor = actor_of("victor.voluntary")
    made = _opened(victor)
    later = clock.now() + timedelta(hours=4, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with entered(victor.user):
        assert not matters_visible_to(victor).filter(folder=made.opened_id).exists()


def test_it_ends_early_by_whoever_opened_it(actor_of: Actors) -> None:
    victor = actor_of("victor.voluntary")
    made = _opened(victor)
    colin = actor_of("colin.coordinator")
    with pytest.raises(NotAllowed), entered(colin.user):
        operations.end_early(emergency_id=made.public_id, by=colin)
    with entered(victor.user):
        operations.end_early(emergency_id=made.public_id, by=victor)
    with entered(victor.user):
        assert not matters_visible_to(victor).filter(folder=made.opened_id).exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM gate.readable_folder WHERE id = %s", [made.opened_id])
            assert cursor.fetchone() == (0,)
    with pytest.raises(Refusal), entered(victor.user):
        operations.end_early(emergency_id=made.public_id, by=victor)


@pytest.mark.parametrize(
    ("given", "code"),
    [({"danger": "dog"}, "unknown_danger"), ({"reason": " "}, "no_reason"), ({"tried": False}, "not_tried")],
)
def test_every_question_is_answered(actor_of: Actors, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        _opened(actor_of("victor.voluntary"), **given)
    assert refused.value.code == code


def test_another_persons_pointer_opens_nothing(actor_of: Actors) -> None:
    token = _token(actor_of("priya.partner"))
    for wrong in (token, "0" * 32):
        with pytest.raises(Refusal) as refused:
            _opened(actor_of("victor.voluntary"), token=wrong)
        assert refused.value.code == "pointer_gone"


def test_it_is_loud(actor_of: Actors, django_capture_on_commit_callbacks: Any) -> None:
    victor = actor_of("victor.voluntary")
    with django_capture_on_commit_callbacks(execute=True):
        made = _opened(victor)
    told = {message.to[0] for message in mail.outbox}
    assert told == {
        actor_of(name).user.email for name in ("colin.coordinator", "maya.manager", "ian.governance")
    }
    assert "Sabina" not in "".join(message.subject + str(message.body) for message in mail.outbox)
    assert Entry.objects.filter(event="sharing.emergency_opened", subject=made.public_id).exists()
    with entered(actor_of("colin.coordinator").user):
        matter = matters_visible_to(actor_of("colin.coordinator")).get(folder=made.opened_id)
    sight = Entry.objects.get(
        event="sharing.opened_in_emergency", subject=matter.public_id, actor=victor.public_id
    )
    assert sight.purpose == "emergency"


def test_governance_reviews_it_without_seeing_what_was_opened(actor_of: Actors) -> None:
    ian = actor_of("ian.governance")
    made = _opened(actor_of("victor.voluntary"))
    with entered(ian.user):
        assert [item.step for item in queries.work_items(ian)][:1] == ["Review"]
        (row,) = queries.rows(ian, emergencies_visible_to(ian).filter(pk=made.pk))
        assert row.reference.startswith("SCA-")
        assert queries.matter_opened(ian, made) is None
        operations.review(
            emergency_id=made.public_id, justified=True, findings="The call is on record.", by=ian
        )
        with pytest.raises(Refusal):
            operations.review(emergency_id=made.public_id, justified=True, findings="Again", by=ian)
    colin = actor_of("colin.coordinator")
    with pytest.raises(NotAllowed), entered(colin.user):
        operations.review(emergency_id=made.public_id, justified=False, findings="No", by=colin)


@pytest.mark.parametrize("username", ["nadia.neighbour", "fergus.former", "olivia.outsider", "priya.partner"])
def test_strangers_see_no_emergency(actor_of: Actors, client_for: Clients, username: str) -> None:
    made = _opened(actor_of("victor.voluntary"))
    actor = actor_of(username)
    with entered(actor.user):
        assert not emergencies_visible_to(actor).filter(pk=made.pk).exists()
    client = client_for(username)
    for part in ("", "review/", "end/"):
        assert client.get(f"/emergencies/{made.public_id}/{part}").status_code == 404


def test_the_pages_lead_from_the_form_to_the_strip_and_out(client_for: Clients, actor_of: Actors) -> None:
    client = client_for("victor.voluntary")
    token = _token(actor_of("victor.voluntary"))
    form = client.get(f"/emergencies/open/{token}/").content.decode()
    assert "Told at once" in form and "checked" not in form
    assert client.post(f"/emergencies/open/{token}/", {}).status_code == 200
    answer = client.post(
        f"/emergencies/open/{token}/", {"danger": "adult", "reason": "Shouting at her door.", "tried": "on"}
    )
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "I am done" in page
    found = re.search(r"/matters/([0-9A-Z]{16})/", page)
    assert found is not None
    matter = found[1]
    assert "Closes in" in client.get(f"/matters/{matter}/").content.decode()
    assert client.post(f"{answer['Location']}end/").status_code == 302
    assert client.get(f"/matters/{matter}/").status_code == 404


def _restrict(actor: Any, matter: Any, *names: str) -> None:
    with entered(actor.user):
        interests_given.restrict(
            matter_id=matter.public_id, names=names, reason="It became grave.", by=actor, on=actor.on
        )


def _share_and_restrict(maya: Any, actor: Any) -> Any:
    """The matter behind Sabina's pointer: shared with the actor's unit, then narrowed to the manager."""
    with entered(maya.user):
        matter = matters_visible_to(maya).get(title=MOVED)
        give_interest(
            folder=matter.folder,
            by=maya,
            unit=actor.unit,
            purpose="reduce_asb",
            gateway="crime_and_disorder",
            agreement=Agreement.objects.binding(actor.unit.agency_id, maya.on).get(code="mental_health_2018"),
            because=Because.CONTRIBUTES,
        )
    _restrict(maya, matter, maya.public_id)
    return matter


def test_an_interest_that_a_restriction_shut_out_lets_nothing_leave(
    actor_of: Actors, client_for: Clients
) -> None:
    priya, maya = actor_of("priya.partner"), actor_of("maya.manager")
    matter = _share_and_restrict(maya, priya)
    with entered(priya.user):
        assert not matters_visible_to(priya).filter(pk=matter.pk).exists()
    made = _opened(priya)
    assert made.opened_id == matter.folder_id
    with entered(priya.user):
        seen = matters_visible_to(priya).select_related("folder").get(pk=matter.pk)
        assert rests_on_emergency(priya, seen.folder)
        assert not sees_beyond_emergency(priya, seen.folder)
        with pytest.raises(NotAllowed):
            check_may_leave(priya, seen.folder)
        for record in Enclosure.objects.filter(outer=seen.folder_id).select_related("inner"):
            assert not sees_beyond_emergency(priya, record.inner)
    export = client_for("priya.partner").get("/matters/export.csv")
    assert export.status_code == 200 and matter.reference not in export.content.decode()


def test_what_was_restricted_meanwhile_is_closed_with_the_emergency(actor_of: Actors) -> None:
    victor, maya = actor_of("victor.voluntary"), actor_of("maya.manager")
    made = _opened(victor)
    with entered(maya.user):
        matter = matters_visible_to(maya).get(folder=made.opened_id)
    _restrict(maya, matter, maya.public_id)
    with entered(victor.user):
        assert not matters_visible_to(victor).filter(pk=matter.pk).exists()
        operations.end_early(emergency_id=made.public_id, by=victor)
    with entered(maya.user):
        left = Interest.objects.filter(
            folder=matter.folder_id, because=Because.EMERGENCY, user=victor.user, valid_until__gt=clock.now()
        )
        assert not left.exists()
        interests_given.open_up(matter_id=matter.public_id, reason="It was nothing.", by=maya, on=maya.on)
    with entered(victor.user):
        assert not matters_visible_to(victor).filter(pk=matter.pk).exists()


def test_nobody_ends_another_persons_emergency_in_the_database(actor_of: Actors) -> None:
    made = _opened(actor_of("victor.voluntary"))
    for name in ("colin.coordinator", "maya.manager", "priya.partner"):
        with entered(actor_of(name).user), connection.cursor() as cursor:
            cursor.execute("SELECT gate.end_emergency(%s)", [made.public_id])
            assert cursor.fetchone() == (None,)
    with entered(actor_of("victor.voluntary").user):
        assert Interest.objects.filter(
            user=made.user, because=Because.EMERGENCY, valid_until__gt=clock.now()
        ).exists()


def test_a_pointer_opens_once(actor_of: Actors) -> None:
    victor = actor_of("victor.voluntary")
    token, second = _token(victor), _token(victor)
    made = _opened(victor, token)
    with entered(victor.user):
        operations.end_early(emergency_id=made.public_id, by=victor)
    for used in (token, second):
        with pytest.raises(Refusal) as refused:
            _opened(victor, used)
        assert refused.value.code == "pointer_gone"
    with entered(victor.user):
        assert not matters_visible_to(victor).filter(folder=made.opened_id).exists()
    # She may search again, and open it again.
    assert _opened(victor).pk != made.pk


def test_the_openers_colleagues_and_the_hub_learn_that_one_was_opened_and_no_more(
    actor_of: Actors, client_for: Clients
) -> None:
    victor, chris = actor_of("victor.voluntary"), actor_of("chris.chair")
    made = _opened(victor, incident="NYP-DEMO-0451")
    words = ("Shouting at her door.", "NYP-DEMO-0451")
    for name in ("victor.voluntary", "colin.coordinator", "maya.manager", "ian.governance"):
        text = client_for(name).get(f"/emergencies/{made.public_id}/").content.decode()
        assert all(word in text for word in words) and "SCA-" in text, name
    with entered(chris.user):
        assert emergencies_visible_to(chris).filter(pk=made.pk).exists()
    chair = client_for("chris.chair")
    text = chair.get(f"/emergencies/{made.public_id}/").content.decode()
    assert made.user.name in text and "Which record it was, and why, is for" in text
    for page in (text, chair.get("/emergencies/").content.decode()):
        assert "SCA-" not in page and "An adult" not in page
        assert not any(word in page for word in words)


def test_a_colleague_of_the_opener_is_not_told_the_hub_by_the_database(
    actor_of: Actors, cast: dict[str, Any]
) -> None:
    made = _opened(actor_of("victor.voluntary"))
    nadia = actor_of("nadia.neighbour")
    with entered(nadia.user), connection.cursor() as cursor:
        # As if she were of his unit, and so read the emergency's folder.
        cursor.execute(
            "SELECT set_config('saferhub.holders', %s, true)", [f"{{{made.folder.unit_id},{-nadia.user.pk}}}"]
        )
        cursor.execute("SELECT reference, hub FROM gate.emergency_facts(%s)", [[made.pk]])
        assert cursor.fetchone() == (None, None)


def test_work_shows_the_oldest_emergencies_and_a_way_to_the_rest(
    actor_of: Actors, monkeypatch: pytest.MonkeyPatch
) -> None:
    _opened(actor_of("victor.voluntary"))
    _opened(actor_of("priya.partner"))
    monkeypatch.setattr(queries, "MOST_WORK", 1)
    for name in ("ian.governance", "colin.coordinator"):
        actor = actor_of(name)
        with entered(actor.user):
            items = list(queries.work_items(actor))
        assert len(items) == 2
        assert items[0].url == "/emergencies/?state=unreviewed"


def test_looking_at_the_list_is_logged_with_its_number_of_rows(client_for: Clients, actor_of: Actors) -> None:
    _opened(actor_of("victor.voluntary"))
    ian = actor_of("ian.governance")
    client_for("ian.governance").get("/emergencies/")
    entry = Entry.objects.filter(event="sharing.emergencies_seen", actor=ian.public_id).latest("id")
    assert entry.kind == "sight" and entry.codes["rows"] >= 1


def test_what_is_opened_in_an_emergency_is_read_and_not_written_in(
    actor_of: Actors, client_for: Clients
) -> None:
    victor = actor_of("victor.voluntary")
    made = _opened(victor)
    with entered(victor.user):
        matter = (
            matters_visible_to(victor)
            .select_related("folder", "hub", "unit__agency")
            .get(folder=made.opened_id)
        )
        for check in (check_can_enclose, check_can_edit):
            with pytest.raises(NotAllowed) as refused:
                check(victor, matter)
            assert refused.value.code == "emergency_reads_only"
    client = client_for("victor.voluntary")
    text = client.get(f"/matters/{matter.public_id}/").content.decode()
    assert matter.title in text
    for words in ("Add a person", "Add a place", "Write a letter"):
        assert words not in text, words
    colin = actor_of("colin.coordinator")
    with entered(colin.user):
        check_can_enclose(colin, matters_visible_to(colin).get(pk=matter.pk))


def test_the_database_keeps_why_from_the_openers_colleagues_and_from_others_of_the_hub(
    actor_of: Actors,
) -> None:
    victor, chris = actor_of("victor.voluntary"), actor_of("chris.chair")
    made = _opened(victor)

    def read() -> tuple[int, list[str]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sharing_emergency WHERE id = %s", [made.pk])
            (emergencies,) = cursor.fetchone()
            cursor.execute("SELECT reason FROM sharing_emergency_reason WHERE emergency_id = %s", [made.pk])
            return emergencies, [reason for (reason,) in cursor.fetchall()]

    for name in ("victor.voluntary", "colin.coordinator", "maya.manager", "ian.governance"):
        with entered(actor_of(name).user):
            assert read() == (1, ["Shouting at her door."]), name
            assert queries.reasons_visible_to(actor_of(name)).filter(emergency=made).exists(), name
    with entered(chris.user), connection.cursor() as cursor:
        assert read() == (1, []), "he works in the hub and does not decide for it"
        cursor.execute("SELECT reference FROM gate.emergency_facts(%s)", [[made.pk]])
        assert cursor.fetchone() == (None,)
    nadia = actor_of("nadia.neighbour")
    with entered(nadia.user), connection.cursor() as cursor:
        # As if she were of his unit, and so read the emergency's folder.
        cursor.execute(
            "SELECT set_config('saferhub.holders', %s, true)", [f"{{{made.folder.unit_id},{-nadia.user.pk}}}"]
        )
        assert read() == (1, [])


def test_only_the_review_changes_why(actor_of: Actors) -> None:
    made = _opened(actor_of("victor.voluntary"))
    for name, changed in (("victor.voluntary", 0), ("colin.coordinator", 0), ("ian.governance", 1)):
        with entered(actor_of(name).user), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE sharing_emergency_reason SET findings = 'x' WHERE emergency_id = %s", [made.pk]
            )
            assert cursor.rowcount == changed, name


def test_the_database_and_the_roles_agree_on_who_decides(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.deciding_roles()")
        (roles,) = cursor.fetchone()
    assert sorted(roles) == sorted(
        role.code for role in Role if Permission.DECIDE_SHARING in role.facts.permissions
    )
