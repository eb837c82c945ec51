"""What lies in a restricted matter is restricted with it, and follows it until the restriction is lifted.

Every claim is read twice: through the first wall (the loaders) and without any filter as the database's own role,
so that both walls must agree.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection
from django.http import Http404
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.models import Hub
from saferhub.people.access import LOADERS
from saferhub.people.models import LinkDecision, Person, Relationship
from saferhub.people.operations import parts, persons
from saferhub.sharing.access import folders_readable_by
from saferhub.sharing.demonstration_matters import CONDUCT, FIRES, FLATS
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Because, Enclosure, Folder, Interest, Matter, Revision, Sensitivity
from saferhub.sharing.operations import folders, interests_given
from saferhub.sharing.operations import matters as matter_operations
from saferhub.sharing.operations.handover import hand_over
from saferhub.sharing.queries.handover import deciding

TODAY = date(2018, 8, 28)
COLIN, RACHEL, PRIYA, CHRIS, MINA, MAYA = (
    "colin.coordinator",
    "rachel.referrer",
    "priya.partner",
    "chris.chair",
    "mina.minutes",
    "maya.manager",
)


@pytest.fixture
def as_(cast, actor_of):
    @contextmanager
    def block(who):
        with entered(cast[who]):
            yield actor_of(who)

    return block


@pytest.fixture
def flats(as_):
    """The matter of the flats, whose records lie in no other: they were taken out of the case beside it."""
    with as_(COLIN):
        found = Matter.objects.select_related("folder__partnership", "hub", "unit__agency", "lead").get(
            title=FLATS
        )
        inside = Enclosure.objects.filter(outer=found.folder, ended_at__isnull=True).values("inner")
        Enclosure.objects.filter(inner__in=inside, ended_at__isnull=True).exclude(outer=found.folder).update(
            ended_at=clock.now(), ended_by="x", end_reason="Not of this test"
        )
        return found


@pytest.fixture
def joanne(as_, flats):
    """Housing's record of Joanne, which lies in the matter of the flats alone."""
    with as_(COLIN):
        inside = Enclosure.objects.filter(outer=flats.folder, ended_at__isnull=True).values("inner")
        return Person.objects.select_related("folder").get(folder__in=inside, name="Joanne Frith")


def seers(as_, cast, folder):
    """Who of the cast reads this folder; both walls must say the same."""
    found = set()
    for who in cast:
        with as_(who) as actor:
            in_python = folders_readable_by(actor).filter(pk=folder.pk).exists()
            in_database = Folder.objects.filter(pk=folder.pk).exists()
        assert in_python == in_database, who
        if in_database:
            found.add(who)
    return found


def restrict(as_, cast, matter, *who):
    with as_(COLIN) as colin:
        return interests_given.restrict(
            matter_id=matter.public_id,
            names=[cast[one].public_id for one in (COLIN, *who)],
            reason="He reads over shoulders",
            by=colin,
            on=TODAY,
        )


def lift(as_, matter):
    with as_(COLIN) as colin:
        interests_given.open_up(matter_id=matter.public_id, reason="Over", by=colin, on=TODAY)


def inside(as_, matter):
    with as_(COLIN):
        return [
            one.inner
            for one in Enclosure.objects.filter(outer=matter.folder, ended_at__isnull=True).select_related(
                "inner"
            )
        ]


def record_in(as_, who, matter, **values):
    with as_(who) as actor:
        return persons.record_person(
            matter_id=matter.public_id,
            values={"given": "Newly", "family": "Recorded", **values},
            by=actor,
            on=TODAY,
        )


# --- Nobody but those named ---------------------------------------------------------------------------------


def test_after_restricting_nobody_but_those_named_reads_any_record_in_the_matter(as_, cast, flats, joanne):
    assert RACHEL in seers(as_, cast, joanne.folder)
    restrict(as_, cast, flats, PRIYA)
    lying = inside(as_, flats)
    assert len(lying) >= 5
    for folder in (flats.folder, *lying):
        assert seers(as_, cast, folder) == {COLIN, PRIYA}


def test_every_row_of_a_record_goes_with_it_also_where_nobody_filters(as_, cast, flats, joanne):
    with as_(COLIN):
        held = {
            model: set(model.objects.filter(folder=joanne.folder).values_list("pk", flat=True))
            for model in LOADERS
            if hasattr(model, "folder")
        }
        revisions = Revision.objects.filter(folder=joanne.folder).count()
        links = set(LinkDecision.objects.filter(a_folder=joanne.folder).values_list("pk", flat=True)) | set(
            LinkDecision.objects.filter(b_folder=joanne.folder).values_list("pk", flat=True)
        )
    assert revisions and links and sum(bool(rows) for rows in held.values()) >= 6
    restrict(as_, cast, flats)
    for who in (RACHEL, PRIYA, CHRIS, MINA, MAYA):
        with as_(who) as actor:
            for model, rows in held.items():
                assert not model.objects.filter(pk__in=rows).exists(), (who, model)
                assert not LOADERS[model](actor).filter(pk__in=rows).exists(), (who, model)
            assert not Revision.objects.filter(folder=joanne.folder).exists()
            assert not LinkDecision.objects.filter(pk__in=links).exists()
            assert not Interest.objects.filter(folder=joanne.folder).exists()
            with connection.cursor() as cursor:
                cursor.execute("SELECT gate.find_persons('Joanne', 'Frith', NULL, '', '', '', '')")
                assert joanne.pk not in {number for (number,) in cursor.fetchall()}


def test_pages_of_a_record_are_gone_for_the_unit_that_gave_it(client_for, as_, cast, flats, joanne):
    rachel = client_for(RACHEL)
    names = ("known-person", "known-person-details", "known-person-history")
    pages = [reverse(name, args=[joanne.public_id]) for name in names]
    assert {rachel.get(one).status_code for one in pages} == {200}
    restrict(as_, cast, flats)
    assert {rachel.get(one).status_code for one in pages} == {404}
    assert "Joanne Frith" not in rachel.get(reverse("known-persons")).content.decode()
    assert {client_for(COLIN).get(one).status_code for one in pages} == {200}


def test_a_later_correction_by_the_hub_reaches_only_those_named(client_for, as_, cast, flats, joanne):
    restrict(as_, cast, flats)
    with as_(COLIN) as colin:
        parts.add_part(
            owner=Person.objects.select_related("folder").get(pk=joanne.pk),
            slug="address",
            values={"kind": "refuge", "lines": "9 Nowhere Refuge\nExample Selby", "valid_from": TODAY},
            by=colin,
            on=TODAY,
        )
    with as_(RACHEL):
        assert not Revision.objects.filter(folder=joanne.folder).exists()
    assert client_for(RACHEL).get(reverse("known-person", args=[joanne.public_id])).status_code == 404


def test_the_other_side_of_a_relationship_is_not_named_from_outside(client_for, as_, cast, flats, joanne):
    with as_(CHRIS) as chris:
        fires = Matter.objects.get(title=FIRES)
        outside = persons.record_person(
            matter_id=fires.public_id,
            values={"given": "Outside", "family": "Neighbour"},
            by=chris,
            on=TODAY,
        )
        edith = Person.objects.get(name="Edith Carrow")
        parts.add_part(
            owner=outside,
            slug="relationship",
            values={"kind": "adversary", "other": edith.public_id, "valid_from": TODAY},
            by=chris,
            on=TODAY,
        )
    page = reverse("known-person", args=[outside.public_id])
    assert "Edith Carrow" in client_for(MINA).get(page).content.decode()
    restrict(as_, cast, flats)
    assert "Edith Carrow" not in client_for(MINA).get(page).content.decode()
    with as_(MINA):
        assert Relationship.objects.filter(person=outside).exists()
        assert not Person.objects.filter(pk=edith.pk).exists()


# --- A record that lies elsewhere too -------------------------------------------------------------------------


def also_in_next_door(as_, joanne):
    """Put Joanne's record into housing's own matter too, which nobody of the hub sees."""
    with as_(RACHEL) as rachel:
        other = matter_operations.open_matter(
            title="A repair", about="", purpose="reduce_asb", by=rachel, on=TODAY
        )
        interests_given.put_in(
            matter_id=other.public_id, folder_id=joanne.folder.public_id, by=rachel, on=TODAY
        )
    return other


def test_a_record_that_lies_in_another_matter_too_stays_as_it_is(as_, cast, flats, joanne):
    other = also_in_next_door(as_, joanne)
    with as_(COLIN):
        assert not Matter.objects.filter(pk=other.pk).exists()
    restrict(as_, cast, flats)
    with as_(RACHEL):
        assert Folder.objects.get(pk=joanne.folder_id).sensitivity == Sensitivity.NORMAL
    assert {RACHEL, COLIN} <= seers(as_, cast, joanne.folder)
    assert PRIYA not in seers(as_, cast, joanne.folder)
    lift(as_, flats)
    assert {RACHEL, COLIN, PRIYA} <= seers(as_, cast, joanne.folder)


def test_the_page_says_before_what_stays_and_what_goes_along(client_for, as_, cast, flats, joanne):
    other = also_in_next_door(as_, joanne)
    text = (
        client_for(COLIN)
        .post(
            reverse("matter-restrict", args=[flats.public_id]),
            {"names": [cast[COLIN].public_id], "reason": "x"},
        )
        .content.decode()
    )
    alone = len(inside(as_, flats)) - 1
    assert f"{alone} records lie in this matter alone and are restricted with it" in text
    assert (
        "1 record lies in another matter too and stays open to whoever sees it there or gave it: Joanne Frith."
        in text
    )
    assert other.reference not in text
    assert "Rachel Marsden leads it and leads it no longer" in text


def test_a_restricted_record_is_not_put_into_another_matter(client_for, as_, cast, flats, joanne):
    restrict(as_, cast, flats, RACHEL)
    with as_(RACHEL) as rachel:
        other = matter_operations.open_matter(
            title="A repair", about="", purpose="reduce_asb", by=rachel, on=TODAY
        )
        with pytest.raises(Refusal) as caught:
            interests_given.put_in(
                matter_id=other.public_id, folder_id=joanne.folder.public_id, by=rachel, on=TODAY
            )
        assert caught.value.code == "record_restricted"
    answer = client_for(RACHEL).post(
        reverse("matter-put-in", args=[joanne.folder.public_id]), {"reference": other.reference}
    )
    assert answer.status_code == 200 and "restricted with the matter it lies in" in answer.content.decode()


# --- Afterwards -----------------------------------------------------------------------------------------------


def test_naming_somebody_later_opens_the_records_and_ending_it_closes_them(as_, cast, flats, joanne):
    restrict(as_, cast, flats)
    with as_(COLIN) as colin:
        given = interests_given.give_sight(
            matter_id=flats.public_id, user=cast[RACHEL], agreement=None, purpose="reduce_asb",
            gateway="", reason="Needed", until=clock.today() + timedelta(days=7), by=colin, on=TODAY,
        )  # fmt: skip
    assert seers(as_, cast, joanne.folder) == {COLIN, RACHEL}
    with as_(COLIN) as colin:
        repeated = Interest.objects.get(folder=joanne.folder, user=cast[RACHEL])
        assert repeated.valid_until == given.valid_until
        interests_given.end_sight(
            matter_id=flats.public_id, interest_id=given.public_id, reason="Done", by=colin, on=TODAY
        )
    for folder in (flats.folder, joanne.folder):
        assert seers(as_, cast, folder) == {COLIN}


def test_a_record_added_later_is_as_narrow_and_its_ground_the_same(as_, cast, flats):
    restrict(as_, cast, flats, PRIYA)
    made = record_in(as_, PRIYA, flats)
    assert seers(as_, cast, made.folder) == {COLIN, PRIYA}
    with as_(COLIN):
        assert (
            Interest.objects.get(folder=made.folder, user=cast[PRIYA]).agreement.code == "mental_health_2018"
        )


def test_of_several_interests_a_new_record_repeats_each_and_no_emergency(as_, cast, flats, joanne):
    restrict(as_, cast, flats, PRIYA)
    now = clock.now()
    with as_(COLIN):
        Interest.objects.create(
            folder=flats.folder, user=cast[MINA], sensitivity=1, purpose="emergency", because=Because.EMERGENCY,
            valid_from=now, valid_until=now + timedelta(hours=4),
        )  # fmt: skip
        Interest.objects.create(
            folder=flats.folder, user=cast[PRIYA], sensitivity=1, purpose="reduce_asb", because=Because.NAMED,
            valid_from=now - timedelta(days=1), valid_until=now + timedelta(hours=1),
        )  # fmt: skip
    made = record_in(as_, PRIYA, flats)
    assert MINA in seers(as_, cast, flats.folder)
    assert seers(as_, cast, made.folder) == {COLIN, PRIYA}
    with as_(COLIN):
        assert {one.valid_until for one in Interest.objects.filter(folder=made.folder, user=cast[PRIYA])} == {
            None,
            now + timedelta(hours=1),
        }
    # An emergency opens what was pointed to, and no other record in the matter.
    assert seers(as_, cast, joanne.folder) == {COLIN, PRIYA}


def test_lifting_restores_exactly(as_, cast, flats, joanne):
    lying = [flats.folder, *inside(as_, flats)]
    before = {folder.pk: seers(as_, cast, folder) for folder in lying}
    restrict(as_, cast, flats, PRIYA, CHRIS)
    lift(as_, flats)
    assert {folder.pk: seers(as_, cast, folder) for folder in lying} == before
    with as_(COLIN):
        assert not Folder.objects.filter(pk__in=before, sensitivity__gt=0).exists()
        assert not Interest.objects.filter(
            folder__in=[one.pk for one in lying[1:]], valid_until__isnull=True
        ).exists()


def test_taken_out_it_is_its_own_units_again_and_the_page_says_so(client_for, as_, cast, flats, joanne):
    restrict(as_, cast, flats, PRIYA)
    url = reverse("matter-take-out", args=[flats.public_id, joanne.folder.public_id])
    assert "open to the whole unit that gave it" in client_for(COLIN).get(url).content.decode()
    with as_(COLIN) as colin:
        interests_given.take_out_of(
            matter_id=flats.public_id, folder_id=joanne.folder.public_id, reason="Wrong", by=colin, on=TODAY
        )
    assert seers(as_, cast, joanne.folder) == {RACHEL}
    assert seers(as_, cast, flats.folder) == {COLIN, PRIYA}


def test_a_record_put_into_a_restricted_matter_follows_it(as_, cast, flats):
    restrict(as_, cast, flats, RACHEL)
    with as_(RACHEL) as rachel:
        loose = folders.open_folder(kind="person", by=rachel)
        interests_given.put_in(matter_id=flats.public_id, folder_id=loose.public_id, by=rachel, on=TODAY)
    assert seers(as_, cast, loose) == {COLIN, RACHEL}


def test_handing_over_a_restricted_matter_keeps_it_and_its_records_restricted(as_, cast):
    with as_(COLIN) as colin:
        conduct = Matter.objects.select_related("folder", "hub", "unit__agency", "partnership").get(
            title=CONDUCT
        )
        scarborough = Hub.objects.get(partnership=conduct.partnership, code="scarborough")
        records = [
            one.inner for one in Enclosure.objects.filter(outer=conduct.folder).select_related("inner")
        ]
        decisions = {
            one.standing.public_id: "keep" if one.standing.holder.startswith("Maya") else "end"
            for one in deciding(colin, conduct, scarborough, conduct.unit)
        }
        hand_over(
            matter_id=conduct.public_id, to_hub=scarborough, to_unit=conduct.unit, decisions=decisions,
            reason="Moved", by=colin, on=TODAY,
        )  # fmt: skip
    assert records
    for folder in (conduct.folder, *records):
        assert seers(as_, cast, folder) == {COLIN, MAYA}
    with as_(MAYA):
        assert Matter.objects.get(pk=conduct.pk).sensitivity == Sensitivity.RESTRICTED
        for folder in (conduct.folder, *records):
            colins = Interest.objects.filter(folder=folder, user=cast[COLIN], valid_until__gt=clock.now())
            assert [one.because for one in colins] == [Because.HANDED_OVER]
            assert colins[0].valid_until - clock.now() <= timedelta(days=1)


def test_each_record_and_each_name_is_in_the_log(as_, cast, flats, joanne):
    restrict(as_, cast, flats, PRIYA)
    entries = Entry.objects.filter(subject=joanne.folder.public_id, kind="write")
    assert entries.filter(event="sharing.restricted").count() == 1
    named = entries.filter(event="sharing.interest_given").values_list("codes", flat=True)
    assert {one["account"] for one in named} == {cast[COLIN].public_id, cast[PRIYA].public_id}
    lift(as_, flats)
    assert entries.filter(event="sharing.opened_up").count() == 1
    assert entries.filter(event="sharing.interest_ended").count() == 2


def test_whoever_does_not_see_the_matter_moves_nothing_and_learns_nothing(as_, cast, flats):
    restrict(as_, cast, flats)
    for who in (RACHEL, PRIYA, "olivia.outsider"):
        with as_(who), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM gate.lying_in(%s)", [flats.folder_id])
            assert cursor.fetchone() == (0,)
        with pytest.raises(ProgrammingError), as_(who), connection.cursor() as cursor:
            cursor.execute("SELECT gate.follow_matter(%s, 'x')", [flats.folder_id])


def test_a_record_cannot_be_put_into_what_went_out_of_sight_meanwhile(as_, cast, flats):
    with as_(RACHEL):
        seen_before = Matter.objects.select_related("folder").get(pk=flats.pk)
    restrict(as_, cast, flats)
    with as_(RACHEL) as rachel, pytest.raises(Http404):
        persons.folder_within(seen_before, kind="person", by=rachel)


# --- Who leads it ---------------------------------------------------------------------------------------------


def test_a_leader_who_loses_sight_leads_no_longer_and_the_history_shows_it(as_, cast, flats):
    assert flats.lead == cast[RACHEL]
    restrict(as_, cast, flats)
    with as_(COLIN):
        after = Matter.objects.get(pk=flats.pk)
        assert after.lead_id is None and after.version == flats.version + 1
        newest = Revision.objects.filter(subject=flats.public_id, kind="sharing.matter").latest("number")
        assert newest.values["lead"] == ""


def test_a_leader_who_is_named_goes_on_leading(as_, cast, flats):
    restrict(as_, cast, flats, RACHEL)
    with as_(COLIN):
        assert Matter.objects.get(pk=flats.pk).lead == cast[RACHEL]


def test_whoever_hands_a_matter_over_leads_it_no_longer(as_, cast):
    with as_(COLIN) as colin:
        fires = Matter.objects.select_related("folder", "hub", "unit__agency", "partnership").get(title=FIRES)
        assert fires.lead == cast[COLIN]
        scarborough = Hub.objects.get(partnership=fires.partnership, code="scarborough")
        maya_unit = fires.unit
        decisions = {one.standing.public_id: "end" for one in deciding(colin, fires, scarborough, maya_unit)}
        hand_over(
            matter_id=fires.public_id, to_hub=scarborough, to_unit=cast_unit(cast, MAYA), decisions=decisions,
            reason="Moved", by=colin, on=TODAY,
        )  # fmt: skip
        assert Matter.objects.get(pk=fires.pk).lead_id is None


def cast_unit(cast, who):
    from saferhub.partnership.access import actor_for

    return actor_for(cast[who]).unit


# --- Links to it ----------------------------------------------------------------------------------------------


def test_a_matters_rows_lead_to_taking_out_and_putting_in(client_for, flats, joanne):
    page = reverse("matter", args=[flats.public_id])
    out = reverse("matter-take-out", args=[flats.public_id, joanne.folder.public_id])
    into = reverse("matter-put-in", args=[joanne.folder.public_id])
    rachel, colin, priya = (client_for(who).get(page).content.decode() for who in (RACHEL, COLIN, PRIYA))
    assert out in rachel and into in rachel
    assert out in colin and into not in colin
    assert out not in priya and into not in priya


def test_the_page_of_a_record_leads_to_another_matter_for_the_unit_that_gave_it(
    client_for, as_, cast, flats, joanne
):
    page, into = (
        reverse("known-person", args=[joanne.public_id]),
        reverse("matter-put-in", args=[joanne.folder.public_id]),
    )
    assert into in client_for(RACHEL).get(page).content.decode()
    assert into not in client_for(COLIN).get(page).content.decode()
    restrict(as_, cast, flats, RACHEL)
    assert into not in client_for(RACHEL).get(page).content.decode()
