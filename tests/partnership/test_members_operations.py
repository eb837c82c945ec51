"""Writes on memberships: outcome, entry in the audit, refusal, rollback."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.http import Http404

from saferhub.accounts.models import Status, User
from saferhub.audit.models import Entry
from saferhub.foundation import clock
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.partnership.access import Actor, Role, actor_for
from saferhub.partnership.access import members as access
from saferhub.partnership.models import Hub, Membership, Unit
from saferhub.partnership.operations import memberships as operations
from saferhub.partnership.rules import memberships as rules


@pytest.fixture
def on(world):
    return clock.today()


@pytest.fixture
def maya(actor_of):
    return actor_of("maya.manager")


@pytest.fixture
def housing(north_yorkshire):
    return Unit.objects.get(
        agency__partnership=north_yorkshire, agency__code="selby_district_council", code="housing"
    )


@pytest.fixture
def selby(north_yorkshire):
    return Hub.objects.get(partnership=north_yorkshire, code="selby")


@pytest.fixture
def foreign(world):
    return Hub.objects.filter(partnership__code="wealdshire").first()


def invite(by, on, unit, **changes):
    given = {
        "email": "New.Person@Example.org",
        "name": "New Person",
        "job_title": "Housing officer",
        "unit": unit,
        "role": Role.PARTNER,
        "by": by,
        "on": on,
        **changes,
    }
    return operations.invite_member(**given)


def entries(event, subject):
    return Entry.objects.filter(event=event, subject=subject.public_id)


def held_by(person):
    return person.memberships.get()


def test_inviting_makes_account_role_and_entries(maya, on, housing, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invited = invite(maya, on, housing)
    assert invited.is_new_account
    assert invited.person.email == "new.person@example.org"
    assert invited.person.status == Status.INVITED
    assert (invited.membership.valid_from, invited.membership.valid_until) == (on, None)
    assert invited.membership.given_by == maya.public_id
    assert entries("account.invited", invited.person).count() == 1
    assert entries("member.role_given", invited.person).get().codes["role"] == "partner"
    assert [message.to for message in mail.outbox] == [["new.person@example.org"]]


def test_somebody_with_an_account_here_gets_the_role_and_no_mail(
    maya, on, cast, selby, django_capture_on_commit_callbacks
):
    rachel = cast["rachel.referrer"]
    with django_capture_on_commit_callbacks(execute=True):
        invited = invite(
            maya, on, held_by(rachel).unit, email=rachel.email.upper(), role=Role.MINUTE_TAKER, hub=selby
        )
    assert not invited.is_new_account
    assert invited.person == rachel
    rachel.refresh_from_db()
    assert rachel.name == "Rachel Marsden"
    assert mail.outbox == []


def test_an_account_of_another_partnership_is_refused_without_saying_whose_it_is(maya, on, cast, housing):
    with pytest.raises(Refusal) as caught:
        invite(maya, on, housing, email=cast["olivia.outsider"].email)
    assert caught.value.code == "not_here"
    assert "wealdshire" not in caught.value.sentence.lower()
    assert "olivia" not in caught.value.sentence.lower()


def test_an_invitation_whose_role_is_refused_leaves_no_account(maya, on, housing):
    with pytest.raises(Refusal):
        invite(maya, on, housing, role=Role.HUB_COORDINATOR)
    assert not User.objects.filter(email="new.person@example.org").exists()


def test_an_act_whose_entry_fails_is_rolled_back(maya, on, housing, monkeypatch):
    def broken(*args, **kwargs):
        raise ValueError("the audit is away")

    monkeypatch.setattr(operations.audit, "record", broken)
    with pytest.raises(ValueError, match="away"):
        invite(maya, on, housing)
    assert not User.objects.filter(email="new.person@example.org").exists()
    assert Membership.objects.filter(given_by=maya.public_id).count() == 0


@pytest.mark.parametrize(
    "username", ["rachel.referrer", "colin.coordinator", "ian.governance", "ana.analyst"]
)
def test_only_those_who_manage_members_may_invite(actor_of, on, housing, username):
    with pytest.raises(NotAllowed):
        invite(actor_of(username), on, housing)


def test_a_manager_whose_role_ended_since_the_request_began_is_refused(maya, on, cast, housing):
    Membership.objects.filter(user=maya.user).update(valid_until=on - timedelta(days=1))
    with pytest.raises(NotAllowed):
        invite(maya, on, housing)


def test_a_role_for_a_hub_of_another_partnership_is_refused(maya, on, cast, foreign):
    with pytest.raises(Refusal) as caught:
        operations.give_role(cast["rachel.referrer"], role=Role.MINUTE_TAKER, hub=foreign, by=maya, on=on)
    assert caught.value.code == "hub_elsewhere"


def test_a_unit_of_another_partnership_is_refused(maya, on, cast):
    unit = Unit.objects.filter(agency__partnership__code="wealdshire").first()
    with pytest.raises(Refusal) as caught:
        invite(maya, on, unit)
    assert caught.value.code == "unit_elsewhere"


def test_nobody_gives_themselves_a_role(maya, on):
    with pytest.raises(Refusal) as caught:
        operations.give_role(maya.user, role=Role.INFORMATION_GOVERNANCE, by=maya, on=on)
    assert caught.value.code == "oneself"


def test_the_same_role_is_not_given_twice(maya, on, cast):
    with pytest.raises(Refusal) as caught:
        operations.give_role(cast["rachel.referrer"], role=Role.PARTNER, by=maya, on=on)
    assert caught.value.code == "held_already"


def test_the_system_administrator_cannot_be_given_cases(maya, on, cast, selby):
    with pytest.raises(Refusal) as caught:
        operations.give_role(cast["ada.admin"], role=Role.HUB_COORDINATOR, hub=selby, by=maya, on=on)
    assert caught.value.code == "separation"


def test_people_of_another_partnership_are_not_there(maya, on, cast):
    with pytest.raises(Http404):
        operations.give_role(cast["olivia.outsider"], role=Role.PARTNER, by=maya, on=on)
    with pytest.raises(Http404):
        operations.record_leaver(cast["olivia.outsider"], by=maya, on=on, reason="Left")


def test_a_role_ends_with_its_last_day_and_an_entry(maya, on, cast):
    rachel = cast["rachel.referrer"]
    operations.end_role(held_by(rachel), by=maya, on=on, last_day=on, reason="Moved to licensing")
    membership = held_by(rachel)
    assert membership.valid_until == on
    assert (membership.reason, membership.end_reason) == ("Demonstration", "Moved to licensing")
    assert membership.ended_by == maya.public_id
    assert abs(clock.real_now() - membership.ended_at) < timedelta(minutes=5)
    assert entries("member.role_ended", rachel).get().codes["membership"] == membership.public_id
    assert actor_for(rachel, on=on).roles
    assert not actor_for(rachel, on=on + timedelta(days=1)).roles


def test_a_role_that_ended_yesterday_gives_nothing_today(maya, on, cast):
    rachel = cast["rachel.referrer"]
    operations.end_role(held_by(rachel), by=maya, on=on, last_day=on - timedelta(days=1), reason="At once")
    assert not actor_for(rachel, on=on).roles


def test_a_form_filled_in_over_an_older_state_is_a_conflict(maya, actor_of, on, cast, selby):
    rachel = cast["rachel.referrer"]
    seen = access.stands(rachel, rachel.memberships.all())
    ada = actor_of("ada.admin")
    operations.give_role(rachel, role=Role.MINUTE_TAKER, hub=selby, by=ada, on=on, seen=seen)
    with pytest.raises(Conflict):
        operations.end_role(rachel.memberships.first(), by=maya, on=on, reason="Old form", seen=seen)
    assert rachel.memberships.filter(valid_until=None).count() == 2


def test_the_last_person_who_manages_members_cannot_be_ended_or_recorded_as_left(maya, actor_of, on, cast):
    ada = actor_of("ada.admin")
    operations.end_role(held_by(cast["ada.admin"]), by=maya, on=on, last_day=on, reason="Ends tonight")
    # Ada still manages today, and would leave nobody tomorrow by ending Maya's role.
    with pytest.raises(Refusal) as caught:
        operations.end_role(held_by(cast["maya.manager"]), by=ada, on=on, reason="And hers")
    assert caught.value.code == "last_manager"


def test_nobody_ends_their_own_administration(maya, on, cast):
    with pytest.raises(Refusal) as caught:
        operations.end_role(held_by(cast["maya.manager"]), by=maya, on=on, reason="Tired")
    assert caught.value.code == "own_administration"


def test_a_leavers_access_and_roles_end_and_an_entry_stays(maya, on, cast):
    rachel = operations.record_leaver(cast["rachel.referrer"], by=maya, on=on, reason="New employer")
    assert rachel.status == Status.LEFT
    assert rachel.left_on == on
    held = held_by(rachel)
    assert (held.valid_until, held.ended_by, held.end_reason) == (on, maya.public_id, "New employer")
    assert entries("account.left", rachel).count() == 1
    assert entries("member.role_ended", rachel).count() == 1


def test_nobody_records_themselves_as_having_left(maya, on):
    with pytest.raises(Refusal) as caught:
        operations.record_leaver(maya.user, by=maya, on=on, reason="Bye")
    assert caught.value.code == "oneself"
    assert held_by(maya.user).valid_until is None


def test_somebody_who_comes_back_holds_no_role_until_one_is_given(maya, on, cast, housing):
    left = operations.record_leaver(
        cast["rachel.referrer"], by=maya, on=on, left_on=on - timedelta(days=1), reason="New employer"
    )
    back = operations.give_back_access(left, by=maya, on=on, reason="Came back")
    assert back.status == Status.ACTIVE
    assert not actor_for(back, on=on).roles
    operations.give_role(back, role=Role.PARTNER, unit=housing, by=maya, on=on)
    assert actor_for(back, on=on).unit == housing


def days(number):
    return timedelta(days=number)


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "left_on"),
    [
        (days(-30), None, days(0)),
        (days(-30), days(0), days(0)),
        (days(-30), days(5), days(0)),
        (days(0), None, days(0)),
        (days(0), None, days(-3)),
        (days(0), days(0), days(-3)),
        (days(1), None, days(0)),
        (days(1), days(1), days(0)),
    ],
)
def test_somebody_who_comes_back_the_same_day_holds_no_role_of_before(
    maya, on, cast, housing, valid_from, valid_until, left_on
):
    rachel = cast["rachel.referrer"]
    rachel.memberships.update(
        valid_from=on + valid_from, valid_until=None if valid_until is None else on + valid_until
    )
    left = operations.record_leaver(rachel, by=maya, on=on, left_on=on + left_on, reason="New employer")
    back = operations.give_back_access(left, by=maya, on=on, reason="Recorded by mistake")
    assert not any(actor_for(back, on=on + days(number)).roles for number in range(8))
    with pytest.raises(Refusal) as caught:
        operations.end_role(held_by(back), by=maya, on=on, reason="And again")
    assert caught.value.code == "ended_already"
    operations.give_role(back, role=Role.PARTNER, unit=housing, by=maya, on=on)
    assert [held.role for held in actor_for(back, on=on).roles] == [Role.PARTNER]


def test_leaving_a_second_time_leaves_the_first_ending_as_it_was(maya, on, cast):
    left = operations.record_leaver(cast["rachel.referrer"], by=maya, on=on, reason="New employer")
    back = operations.give_back_access(left, by=maya, on=on, reason="Recorded by mistake")
    operations.record_leaver(back, by=maya, on=on, reason="It was right")
    assert held_by(back).end_reason == "New employer"


def test_a_managers_role_ended_by_leaving_does_not_count_as_another_manager(maya, actor_of, on, cast):
    left = operations.record_leaver(cast["ada.admin"], by=maya, on=on, reason="New employer")
    operations.give_back_access(left, by=maya, on=on, reason="Recorded by mistake")
    always = [rules.Span(on, None)]
    assert rules.first_day_lost(always, access.managing(maya.partnership, without=maya.user), on) == on
    with pytest.raises(NotAllowed):
        operations.record_leaver(cast["rachel.referrer"], by=actor_of("ada.admin"), on=on, reason="Left")


def test_an_end_to_come_goes_along_into_the_new_unit(maya, on, cast):
    rachel, until = cast["rachel.referrer"], on + timedelta(days=30)
    operations.end_role(held_by(rachel), by=maya, on=on, last_day=on + timedelta(days=29), reason="Project")
    licensing = held_by(cast["nadia.neighbour"]).unit
    (moved,) = operations.change_unit(rachel, unit=licensing, by=maya, on=on, reason="New team")
    assert moved.valid_until == until - timedelta(days=1)
    assert (moved.reason, moved.end_reason, moved.ended_by) == ("New team", "Project", maya.public_id)
    assert rachel.memberships.get(valid_until=on).end_reason == "New team"


def test_a_change_of_unit_carries_every_role_into_the_new_one_from_tomorrow(maya, on, cast, north_yorkshire):
    rachel = cast["rachel.referrer"]
    licensing = held_by(cast["nadia.neighbour"]).unit
    operations.change_unit(rachel, unit=licensing, by=maya, on=on, reason="New team")
    assert actor_for(rachel, on=on).unit.code == "housing"
    tomorrow = actor_for(rachel, on=on + timedelta(days=1))
    assert tomorrow.unit == licensing
    assert [held.role for held in tomorrow.roles] == [Role.PARTNER]
    assert entries("member.unit_changed", rachel).count() == 1
    with pytest.raises(Refusal):
        operations.change_unit(rachel, unit=held_by(maya.user).unit, by=maya, on=on, reason="And again")


def test_sending_an_invitation_again_withdraws_the_first(maya, on, housing):
    person = invite(maya, on, housing).person
    operations.send_invitation_again(person, by=maya, on=on)
    assert person.invitations.count() == 2
    assert person.invitations.filter(withdrawn_at=None).count() == 1
    operations.withdraw_invitation(person, by=maya, on=on)
    with pytest.raises(Refusal) as caught:
        operations.withdraw_invitation(person, by=maya, on=on)
    assert caught.value.code == "nothing_waits"


def test_somebody_without_a_partnership_invites_nobody(on, housing):
    with pytest.raises(NotAllowed):
        invite(Actor(), on, housing)


def test_somebody_without_a_partnership_sees_no_people_and_no_roles(on):
    assert not access.people_visible_to(Actor()).exists()
    assert not access.memberships_visible_to(Actor()).exists()


def test_one_who_comes_back_needs_a_unit_with_the_first_role(maya, on, cast):
    left = operations.record_leaver(
        cast["rachel.referrer"], by=maya, on=on, left_on=on - timedelta(days=1), reason="New employer"
    )
    back = operations.give_back_access(left, by=maya, on=on, reason="Came back")
    with pytest.raises(Refusal) as caught:
        operations.give_role(back, role=Role.PARTNER, by=maya, on=on)
    assert caught.value.code == "unit_missing"


def test_roles_that_had_ended_before_somebody_left_keep_their_last_day(maya, on, cast, selby):
    rachel = cast["rachel.referrer"]
    minutes = operations.give_role(rachel, role=Role.MINUTE_TAKER, hub=selby, by=maya, on=on)
    Membership.objects.filter(pk=minutes.pk).update(valid_from="2018-05-01", valid_until="2018-06-30")
    operations.record_leaver(rachel, by=maya, on=on, reason="New employer")
    minutes.refresh_from_db()
    assert str(minutes.valid_until) == "2018-06-30"
    assert entries("member.role_ended", rachel).count() == 1


def test_an_account_that_no_partnership_claims_may_join(maya, on, housing):
    User.objects.create(email="loose@example.org", username="loose", name="Lou Loose", status=Status.ACTIVE)
    invited = invite(maya, on, housing, email="loose@example.org")
    assert not invited.is_new_account
    assert invited.person.name == "Lou Loose"


def test_two_managers_do_not_end_each_other_for_days_to_come(maya, actor_of, on, cast):
    operations.end_role(
        held_by(cast["ada.admin"]), by=maya, on=on, last_day=on + timedelta(days=10), reason="Contract ends"
    )
    ada, hers = actor_of("ada.admin"), held_by(cast["maya.manager"])
    with pytest.raises(Refusal) as caught:
        operations.end_role(hers, by=ada, on=on, last_day=on + timedelta(days=5), reason="Contract ends")
    assert caught.value.code == "last_manager"
    hers.refresh_from_db()
    assert (hers.valid_until, hers.ended_by) == (None, "")
    assert not entries("member.role_ended", maya.user).exists()
    with pytest.raises(Refusal) as caught:
        operations.record_leaver(cast["maya.manager"], by=ada, on=on, reason="New employer")
    assert caught.value.code == "last_manager"


def test_a_role_given_by_mistake_ends_now_and_counts_for_nothing_any_more(maya, on, cast, selby):
    rachel = cast["rachel.referrer"]
    given = operations.give_role(rachel, role=Role.HUB_COORDINATOR, hub=selby, by=maya, on=on)
    assert {held.role for held in actor_for(rachel, on=on).roles} == {Role.PARTNER, Role.HUB_COORDINATOR}
    operations.end_role(given, by=maya, on=on, reason="Given to the wrong person")
    assert [held.role for held in actor_for(rachel, on=on).roles] == [Role.PARTNER]
    given.refresh_from_db()
    assert (given.valid_until, given.ended_at_once) == (on, True)
    again = operations.give_role(rachel, role=Role.HUB_COORDINATOR, hub=selby, by=maya, on=on)
    assert again.pk != given.pk


def test_a_role_that_has_not_begun_ends_now_without_ever_being_held(maya, on, cast):
    rachel = cast["rachel.referrer"]
    (moved,) = operations.change_unit(
        rachel, unit=held_by(cast["nadia.neighbour"]).unit, by=maya, on=on, reason="New team"
    )
    operations.end_role(moved, by=maya, on=on, reason="She stays")
    assert not any(actor_for(rachel, on=on + days(number)).roles for number in range(1, 5))


@pytest.mark.parametrize(
    "role", [Role.SYSTEM_ADMINISTRATOR, Role.INFORMATION_GOVERNANCE, Role.PARTNERSHIP_MANAGER]
)
def test_a_role_that_reaches_over_everything_needs_a_reason(maya, on, cast, housing, role):
    with pytest.raises(Refusal) as caught:
        invite(maya, on, housing, role=role)
    assert caught.value.code == "reason_missing"
    with pytest.raises(Refusal) as caught:
        operations.give_role(cast["ana.analyst"], role=role, by=maya, on=on, reason=" ")
    assert caught.value.code == "reason_missing"
    assert invite(maya, on, housing, role=role, reason="Ada is on leave").is_new_account


def test_no_role_is_given_in_an_agency_that_is_not_in_the_partnership_today(
    maya, on, cast, housing, north_yorkshire
):
    later = date(2030, 1, 1)
    assert access.units_of(north_yorkshire, on).filter(pk=housing.pk).exists()
    assert not access.units_of(north_yorkshire, later).filter(pk=housing.pk).exists()
    assert not access.is_unit_in_force(housing, later)
    to_come = Unit.objects.filter(agency__partnership=north_yorkshire).exclude(
        pk__in=access.units_of(north_yorkshire, on)
    )
    unit = to_come.first()
    with pytest.raises(Refusal) as caught:
        invite(maya, on, unit)
    assert caught.value.code == "unit_not_in_force"
    with pytest.raises(Refusal) as caught:
        operations.change_unit(cast["rachel.referrer"], unit=unit, by=maya, on=on, reason="New team")
    assert caught.value.code == "unit_not_in_force"


def test_only_agencies_of_today_and_those_used_are_offered_to_filter_by(north_yorkshire, on, cast):
    later = date(2030, 1, 1)
    offered = set(access.agencies_of(north_yorkshire, later).values_list("code", flat=True))
    assert "selby_district_council" in offered
    used = set(Membership.objects.values_list("unit__agency__code", flat=True))
    assert north_yorkshire.agencies.exclude(code__in=used).exclude(code__in=offered).exists()
