"""Operations on matters: outcome, audit entry, refusal, rollback; and the rules they rest on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.foundation import clock
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.partnership.models import Hub
from saferhub.sharing.access import folders_readable_by, matters_visible_to, sight
from saferhub.sharing.access.seers import seers_of
from saferhub.sharing.demonstration_matters import CONDUCT, FIRES, FLATS, NEXT_DOOR
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement, Because, Enclosure, Folder, Interest, Matter
from saferhub.sharing.operations import folders, interests_given
from saferhub.sharing.operations import matters as operations
from saferhub.sharing.queries.who_can_see import who_can_see
from saferhub.sharing.rules import matters as rules

TODAY = date(2018, 8, 28)


@pytest.fixture
def as_(cast, actor_of):
    """A block entered as one of the cast, giving her actor."""
    from contextlib import contextmanager

    @contextmanager
    def block(who):
        with entered(cast[who]):
            yield actor_of(who)

    return block


@pytest.fixture
def matter_of(as_):
    def found(title):
        with as_("colin.coordinator" if title != NEXT_DOOR else "rachel.referrer"):
            return Matter.objects.select_related("folder__partnership").get(title=title)

    return found


def sees(as_, who, folder):
    with as_(who) as actor:
        in_python = folders_readable_by(actor).filter(pk=folder.pk).exists()
        in_database = Folder.objects.filter(pk=folder.pk).exists()
    assert in_python == in_database, who
    return in_python


def events_of(record):
    return list(
        Entry.objects.filter(subject=record.public_id, kind="write")
        .order_by("id")
        .values_list("event", flat=True)
    )


# --- Opening and closing ----------------------------------------------------------------------------------


def test_opening_leaves_a_matter_an_entry_and_its_first_version(as_):
    with as_("rachel.referrer") as rachel:
        hub = Hub.objects.get(partnership=rachel.partnership, code="selby")
        made = operations.open_matter(
            title="Lamps", about="", purpose="reduce_asb", hub=hub, by=rachel, on=TODAY
        )
        assert made.reference.startswith("SEL-") and made.lead == rachel.user
        assert events_of(made) == ["matter.opened"]
        alone = operations.open_matter(title="Lamps", about="", purpose="reduce_asb", by=rachel, on=TODAY)
        assert alone.reference.startswith("SDC-")


@pytest.mark.parametrize("who", ["ian.governance", "ana.analyst", "ada.admin"])
def test_roles_without_matters_open_none(who, as_):
    with as_(who) as actor, pytest.raises(NotAllowed):
        operations.open_matter(title="Lamps", about="", purpose="reduce_asb", by=actor, on=TODAY)


def test_no_matter_goes_to_a_hub_without_an_agreement_that_covers_its_purpose(as_):
    with as_("rachel.referrer") as rachel:
        hub = Hub.objects.get(partnership=rachel.partnership, code="selby")
        with pytest.raises(Refusal) as caught:
            operations.open_matter(title="Lamps", about="", purpose="no_such", hub=hub, by=rachel, on=TODAY)
        assert caught.value.code == "unknown_purpose"
        other = Hub.objects.exclude(partnership=rachel.partnership).first()
        with pytest.raises(Refusal) as caught:
            operations.open_matter(
                title="Lamps", about="", purpose="reduce_asb", hub=other, by=rachel, on=TODAY
            )
        assert caught.value.code == "hub_without_agreement"
        assert not Matter.objects.filter(title="Lamps").exists()


@pytest.mark.parametrize(
    ("carried", "code"),
    [(set(), "hub_without_agreement"), ({"b"}, "other_purpose"), ({"a"}, None), (None, None)],
)
def test_the_rule_of_opening(carried, code):
    found = rules.opening_refusals(
        purpose="a", purposes={"a", "b"}, hub="Hub", agency="Agency", carried=carried
    )
    assert [one.code for one in found] == ([code] if code else [])


@pytest.mark.parametrize(
    ("hub", "agency", "prefix"),
    [
        ("SEL", "Selby District Council", "SEL"),
        ("", "Selby District Council", "SDC"),
        ("", "police", "OWN"),
        ("", "A B C D E F", "ABCD"),
    ],
)
def test_what_a_reference_begins_with(hub, agency, prefix):
    assert rules.prefix_of(hub, agency) == prefix


def test_closing_needs_a_reason_and_leaves_sight_as_it_was(as_, matter_of):
    flats = matter_of(FLATS)
    with as_("colin.coordinator") as colin:
        with pytest.raises(Refusal):
            operations.close_matter(matter_id=flats.public_id, reason=" ", by=colin, on=TODAY)
        operations.close_matter(matter_id=flats.public_id, reason="Quiet", by=colin, on=TODAY)
        with pytest.raises(Refusal) as caught:
            operations.edit_matter(
                matter_id=flats.public_id,
                title="x",
                about="",
                purpose="reduce_asb",
                lead="",
                seen=1,
                by=colin,
                on=TODAY,
            )
        assert caught.value.code == "closed"
        assert events_of(flats)[-1] == "matter.closed"
    assert sees(as_, "priya.partner", flats.folder)


def test_a_contributor_changes_nothing(as_, matter_of):
    flats = matter_of(FLATS)
    with as_("priya.partner") as priya:
        for act in (
            lambda: operations.close_matter(matter_id=flats.public_id, reason="x", by=priya, on=TODAY),
            lambda: interests_given.restrict(
                matter_id=flats.public_id, names=[], reason="x", by=priya, on=TODAY
            ),
            lambda: interests_given.open_up(matter_id=flats.public_id, reason="x", by=priya, on=TODAY),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_the_leader_must_see_it(as_, matter_of, cast):
    flats = matter_of(FLATS)
    with as_("colin.coordinator") as colin:
        for who in ("nadia.neighbour", "olivia.outsider"):
            with pytest.raises(Refusal) as caught:
                operations.edit_matter(
                    matter_id=flats.public_id,
                    title="x",
                    about="",
                    purpose="reduce_asb",
                    lead=cast[who].public_id,
                    seen=1,
                    by=colin,
                    on=TODAY,
                )
            assert caught.value.code == "leader_does_not_see"


# --- Who sees it ------------------------------------------------------------------------------------------


def test_seers_are_exactly_those_to_whom_both_walls_show_it(as_, matter_of, cast):
    for title in (FLATS, FIRES, CONDUCT, NEXT_DOOR):
        folder = matter_of(title).folder
        with as_("colin.coordinator" if title != NEXT_DOOR else "rachel.referrer"):
            named = {
                seer.user.username
                for seer in seers_of(Folder.objects.select_related("partnership").get(pk=folder.pk))
            }
        assert named == {who for who in cast if sees(as_, who, folder)}, title


def share(matter, who, actor, actor_of, **changes):
    agreement = Agreement.objects.get(
        partnership=actor.partnership, code=changes.pop("agreement", "victim_support_2018")
    )
    values = {
        "agreement": agreement,
        "unit": actor_of(who).unit,
        "purpose": "reduce_asb",
        "gateway": "council_functions",
        "reason": "Needed",
    } | changes
    return interests_given.give_sight(matter_id=matter.public_id, by=actor, on=TODAY, **values)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"purpose": "prevent_crime_disorder"}, "other_purpose"),
        ({"gateway": "child_welfare_arrangements"}, "gateway_not_for_purpose"),
        ({"gateway": "case_review"}, "other_gateway"),
        ({"agreement": "mental_health_2018"}, "no_party"),
        ({"reason": ""}, "reason_missing"),
        ({"until": date(2018, 8, 1)}, "until_passed"),
    ],
)
def test_sight_is_refused_where_the_agreement_does_not_carry_it(changes, code, as_, matter_of, actor_of):
    fires = matter_of(FIRES)
    with as_("colin.coordinator") as colin:
        with pytest.raises(Refusal) as caught:
            share(fires, "victor.voluntary", colin, actor_of, **changes)
        assert caught.value.code == code
    assert not sees(as_, "victor.voluntary", fires.folder)


def test_sight_lasts_to_the_end_of_its_last_day(as_, matter_of, actor_of):
    fires = matter_of(FIRES)
    with as_("colin.coordinator") as colin:
        interest = share(fires, "victor.voluntary", colin, actor_of, until=clock.today())
        again = share(fires, "victor.voluntary", colin, actor_of, until=clock.today())
        assert again.pk == interest.pk
        assert interest.valid_until - clock.now() < timedelta(days=1)
    assert sees(as_, "victor.voluntary", fires.folder)


def test_a_named_person_of_another_agency_needs_an_agreement_and_one_of_the_same_does_not(
    as_, matter_of, cast, actor_of
):
    fires = matter_of(FIRES)
    with as_("colin.coordinator") as colin:
        for who in ("victor.voluntary", "olivia.outsider"):
            with pytest.raises(Refusal):
                interests_given.give_sight(
                    matter_id=fires.public_id,
                    user=cast[who],
                    agreement=None,
                    purpose="reduce_asb",
                    gateway="",
                    reason="x",
                    by=colin,
                    on=TODAY,
                )
        interests_given.give_sight(
            matter_id=fires.public_id,
            user=cast["nadia.neighbour"],
            agreement=None,
            purpose="reduce_asb",
            gateway="",
            reason="x",
            by=colin,
            on=TODAY,
        )
    assert sees(as_, "nadia.neighbour", fires.folder)


def test_a_suspended_agreement_makes_sight_dormant_and_the_page_says_so(as_, matter_of):
    flats = matter_of(FLATS)
    Agreement.objects.filter(code="mental_health_2018").update(status="suspended")
    assert not sees(as_, "priya.partner", flats.folder)
    assert sees(as_, "victor.voluntary", flats.folder)
    with as_("colin.coordinator") as colin:
        who = who_can_see(colin, flats)
        assert {row.of: row.dormant for row in who.rows} == {
            "NHS mental health provider": "agreement is suspended",
            "Victim support service": "",
        }
        fires = matter_of(FIRES)
        with pytest.raises(Refusal) as caught:
            interests_given.give_sight(
                matter_id=fires.public_id,
                unit=who.rows[0].interest.unit,
                purpose="reduce_asb",
                agreement=Agreement.objects.get(code="mental_health_2018"),
                gateway="crime_and_disorder",
                reason="x",
                by=colin,
                on=TODAY,
            )
        assert caught.value.code == "agreement_not_in_force"


def test_ending_needs_a_reason_and_an_interest_of_this_matter(as_, matter_of):
    flats, fires = matter_of(FLATS), matter_of(FIRES)
    with as_("colin.coordinator") as colin:
        interest = Interest.objects.get(folder=flats.folder, agreement__code="mental_health_2018")
        given = {"interest_id": interest.public_id, "by": colin, "on": TODAY}
        with pytest.raises(Refusal):
            interests_given.end_sight(matter_id=flats.public_id, reason="", **given)
        with pytest.raises(Http404):
            interests_given.end_sight(matter_id=fires.public_id, reason="x", **given)
        interests_given.end_sight(matter_id=flats.public_id, reason="x", **given)
    assert not sees(as_, "priya.partner", flats.folder)


# --- Restricting ------------------------------------------------------------------------------------------


@pytest.fixture
def with_record(as_, matter_of):
    """A record of the hub team's that lies in the matter of the flats, and one that lies in another too."""
    flats, fires = matter_of(FLATS), matter_of(FIRES)
    with as_("colin.coordinator") as colin:
        alone = folders.open_folder(kind="person", by=colin)
        shared = folders.open_folder(kind="person", by=colin)
        for inner, outer in ((alone, flats), (shared, flats), (shared, fires)):
            interests_given.put_in(matter_id=outer.public_id, folder_id=inner.public_id, by=colin, on=TODAY)
    return alone, shared


def test_restricting_takes_along_what_lies_in_it_alone_and_lifting_restores_all(
    as_, matter_of, cast, with_record
):
    flats = matter_of(FLATS)
    alone, shared = with_record
    before = {(who, f.pk) for who in cast for f in (flats.folder, alone, shared) if sees(as_, who, f)}
    names = [cast[who].public_id for who in ("colin.coordinator", "priya.partner", "chris.chair")]
    with as_("colin.coordinator") as colin:
        interests_given.restrict(matter_id=flats.public_id, names=names, reason="x", by=colin, on=TODAY)
    for folder in (flats.folder, alone):
        assert {who for who in cast if sees(as_, who, folder)} == {
            "colin.coordinator",
            "priya.partner",
            "chris.chair",
        }
    assert sees(as_, "mina.minutes", shared)
    with as_("colin.coordinator") as colin:
        chris = Interest.objects.get(folder=flats.folder, user=cast["chris.chair"])
        assert (chris.because, chris.agreement.code) == (Because.NAMED, "hubs_2018")
        with pytest.raises(Refusal) as caught:
            interests_given.restrict(matter_id=flats.public_id, names=names, reason="x", by=colin, on=TODAY)
        assert caught.value.code == "restricted_already"
        interests_given.open_up(matter_id=flats.public_id, reason="Over", by=colin, on=TODAY)
    after = {(who, f.pk) for who in cast for f in (flats.folder, alone, shared) if sees(as_, who, f)}
    assert after == before
    with as_("colin.coordinator") as colin:
        assert not [
            row for row in who_can_see(colin, matter_of(FLATS)).rows if row.interest.because == Because.NAMED
        ]


def test_a_name_sleeps_when_what_it_rests_on_does(as_, matter_of, cast):
    flats = matter_of(FLATS)
    names = [cast[who].public_id for who in ("colin.coordinator", "priya.partner")]
    with as_("colin.coordinator") as colin:
        interests_given.restrict(matter_id=flats.public_id, names=names, reason="x", by=colin, on=TODAY)
    Agreement.objects.filter(code="mental_health_2018").update(status="suspended")
    assert not sees(as_, "priya.partner", flats.folder)
    Agreement.objects.filter(code="mental_health_2018").update(status="in_force")
    assert sees(as_, "priya.partner", flats.folder)


@pytest.mark.parametrize(
    ("who", "code"),
    [(("priya.partner",), "author_not_named"), (("colin.coordinator", "nadia.neighbour"), "not_a_seer")],
)
def test_whom_a_restriction_may_name(who, code, as_, matter_of, cast):
    flats = matter_of(FLATS)
    with as_("colin.coordinator") as colin:
        with pytest.raises(Refusal) as caught:
            interests_given.restrict(
                matter_id=flats.public_id,
                names=[cast[one].public_id for one in who],
                reason="x",
                by=colin,
                on=TODAY,
            )
        assert caught.value.code == code
    assert sees(as_, "rachel.referrer", flats.folder)


def test_a_failure_in_the_middle_leaves_no_name_behind(as_, matter_of, cast, monkeypatch):
    flats = matter_of(FLATS)

    def fail(*args, **kwargs):
        raise RuntimeError("stop")

    monkeypatch.setattr(interests_given, "_keep_why", fail)
    with as_("colin.coordinator") as colin:
        before = Interest.objects.filter(folder=flats.folder).count()
        with pytest.raises(RuntimeError):
            interests_given.restrict(
                matter_id=flats.public_id, names=[colin.public_id], reason="x", by=colin, on=TODAY
            )
        assert Interest.objects.filter(folder=flats.folder).count() == before
    assert sees(as_, "rachel.referrer", flats.folder)


def test_who_decides_on_a_restricted_matter_does_not_end_her_own_sight(as_, matter_of):
    conduct = matter_of(CONDUCT)
    with as_("colin.coordinator") as colin:
        own = Interest.objects.get(folder=conduct.folder, user=colin.user)
        with pytest.raises(Refusal) as caught:
            interests_given.end_sight(
                matter_id=conduct.public_id, interest_id=own.public_id, reason="x", by=colin, on=TODAY
            )
        assert caught.value.code == "own_name"


# --- Records in a matter ----------------------------------------------------------------------------------


def test_a_record_put_in_is_seen_with_the_matter_and_no_longer_when_taken_out(as_, matter_of, with_record):
    alone, _ = with_record
    flats = matter_of(FLATS)
    with as_("priya.partner"):
        assert Folder.objects.filter(pk=alone.pk).exists()
    with as_("colin.coordinator") as colin:
        given = {"matter_id": flats.public_id, "folder_id": alone.public_id, "by": colin, "on": TODAY}
        with pytest.raises(Refusal):
            interests_given.take_out_of(reason="", **given)
        interests_given.take_out_of(reason="Another person", **given)
        assert Enclosure.objects.get(inner=alone, outer=flats.folder).end_reason == "Another person"
        with pytest.raises(Http404):
            interests_given.take_out_of(reason="x", **given)
    with as_("priya.partner"):
        assert not Folder.objects.filter(pk=alone.pk).exists()


def test_whoever_only_reads_a_record_cannot_pass_it_on(as_, matter_of, with_record):
    alone, _ = with_record
    flats = matter_of(FLATS)
    with as_("priya.partner") as priya:
        own = operations.open_matter(title="Ours", about="", purpose="safeguard_adult", by=priya, on=TODAY)
        with pytest.raises(NotAllowed):
            interests_given.put_in(matter_id=own.public_id, folder_id=alone.public_id, by=priya, on=TODAY)
        with pytest.raises(NotAllowed):
            interests_given.take_out_of(
                matter_id=flats.public_id, folder_id=alone.public_id, reason="x", by=priya, on=TODAY
            )
        with pytest.raises(NotAllowed):
            interests_given.put_in(
                matter_id=own.public_id, folder_id=flats.folder.public_id, by=priya, on=TODAY
            )
    with as_("nadia.neighbour") as nadia, pytest.raises(Http404):
        interests_given.put_in(matter_id=flats.public_id, folder_id=alone.public_id, by=nadia, on=TODAY)


def test_no_record_that_lies_in_a_restricted_matter_alone_stays_open_to_the_hub(as_, matter_of, cast):
    flats = matter_of(FLATS)
    with as_("colin.coordinator") as colin:
        inner = set(
            Enclosure.objects.filter(outer=flats.folder, ended_at=None).values_list("inner", flat=True)
        )
        elsewhere = set(
            Enclosure.objects.filter(inner__in=inner, ended_at=None)
            .exclude(outer=flats.folder)
            .values_list("inner", flat=True)
        )
        assert inner - elsewhere
        interests_given.restrict(
            matter_id=flats.public_id, names=[colin.public_id], reason="x", by=colin, on=TODAY
        )
    for who in ("chris.chair", "maya.manager", "victor.voluntary", "nadia.neighbour", "olivia.outsider"):
        with as_(who):
            assert not Folder.objects.filter(pk__in=inner - elsewhere).exists(), who


@pytest.mark.parametrize("few", [-1, 20_000])
def test_both_ways_of_asking_for_a_list_give_the_rows_that_the_database_shows(few, as_, cast, monkeypatch):
    monkeypatch.setattr(sight, "_FEW", few)
    for who in cast:
        with as_(who) as actor:
            listed = set(matters_visible_to(actor).values_list("pk", flat=True))
            assert listed == set(Matter.objects.values_list("pk", flat=True)), who
