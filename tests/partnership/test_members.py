"""The pages about people, through the client: who sees what, who may change it, what is recorded."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from saferhub.accounts.access import second_factor_marks
from saferhub.accounts.models import Status, User
from saferhub.audit.models import Entry
from saferhub.foundation.registries import OPEN_WORK, OpenWork
from saferhub.partnership.access import members as access
from saferhub.partnership.models import Membership, Unit
from saferhub.partnership.queries import members as queries

MANAGERS = ["maya.manager", "ada.admin"]
MEMBERS = ["rachel.referrer", "colin.coordinator", "chris.chair", "ana.analyst", "ian.governance"]


def at(name, person, *more):
    return reverse(name, args=[person.public_id, *more])


def seen(person):
    return access.stands(person, person.memberships.all())


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("username", MANAGERS + MEMBERS)
def test_every_member_sees_whom_she_can_ask(client_for, cast, username):
    answer = client_for(username).get(reverse("people"))
    assert answer.status_code == 200
    assert "Rachel Marsden" in text(answer)
    assert "Hub co-ordinator, " in text(answer)
    assert "Olivia Reyes" not in text(answer)
    assert "mailto:rachel.referrer@demo.invalid" in text(answer)
    assert "@demo.invalid" not in text(client_for(username).get(at("person", cast["olivia.outsider"])))
    assert (">Active<" in text(answer)) is (username in MANAGERS)


def test_nobody_signed_in_is_led_to_sign_in(client_for):
    assert client_for().get(reverse("people")).status_code == 302


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("name=marsden", "Rachel Marsden", "Maya Okonjo"),
        ("agency=north_yorkshire_police", "Chris Thackray", "Rachel Marsden"),
        ("role=analyst", "Ana Kowalczyk", "Rachel Marsden"),
        ("hub=selby", "Mina Harland", "Rachel Marsden"),
        ("status=active", "Rachel Marsden", "Olivia Reyes"),
        ("status=left", "Nobody matches", "Rachel Marsden"),
        ("status=all", "Rachel Marsden", "Olivia Reyes"),
        ("status=no_role", "Nobody matches", "Rachel Marsden"),
        ("agency=nonsense&role=nonsense", "Rachel Marsden", "Olivia Reyes"),
        ("sort=-agency", "Rachel Marsden", "Olivia Reyes"),
        ("sort=nonsense&page=99", "Rachel Marsden", "Olivia Reyes"),
    ],
)
def test_the_list_filters_and_sorts(client_for, query, there, absent):
    rows = text(client_for("maya.manager").get(f"{reverse('people')}?{query}")).partition("</form>")[2]
    rows = rows[rows.index('class="sh-filter"') :]
    assert there in rows
    assert absent not in rows


def test_the_list_costs_the_same_queries_however_many_people_there_are(
    client_for, cast, north_yorkshire, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_for("maya.manager")
    client.get(reverse("people"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(reverse("people"))
    unit = cast["rachel.referrer"].memberships.get().unit
    for number in range(30):
        person = User.objects.create(
            email=f"p{number}@example.org",
            username=f"p{number}",
            name=f"Person {number}",
            status=Status.ACTIVE,
        )
        for role in ("partner", "analyst"):
            Membership.objects.create(
                user=person,
                partnership=north_yorkshire,
                unit=unit,
                role=role,
                valid_from=unit.created_at.date(),
            )
    Membership.objects.filter(user__email__endswith="@example.org").update(valid_from="2018-01-01")
    with django_assert_num_queries(len(few)):
        answer = client.get(reverse("people"))
    assert "Person 29" in text(answer)


def test_a_persons_page_shows_managers_the_account_and_others_only_whom_to_ask(client_for, cast):
    rachel = cast["rachel.referrer"]
    User.objects.filter(pk=rachel.pk).update(telephone="01757 000000")
    public = text(client_for("priya.partner").get(at("person", rachel)))
    assert "Housing options officer" in public
    assert f"mailto:{rachel.email}" in public
    assert "01757 000000" in public
    assert "Last sign-in" not in public
    managers = text(client_for("maya.manager").get(at("person", rachel)))
    assert rachel.email in managers
    assert "Last sign-in" in managers
    assert "Roles over time" in managers
    governance = text(client_for("ian.governance").get(at("person", rachel)))
    assert "Last sign-in" not in governance
    assert "Roles over time" in governance


@pytest.mark.parametrize("username", MANAGERS + MEMBERS)
def test_who_has_seen_an_account_is_for_information_governance_alone(client_for, cast, username):
    page = text(client_for(username).get(at("person", cast["rachel.referrer"])))
    assert ("Who has seen this account" in page) is (username == "ian.governance")


def test_a_managers_reading_is_recorded_and_shown_with_its_purpose_at_the_next_load(client_for, cast):
    rachel = cast["rachel.referrer"]
    client = client_for("maya.manager")
    client.get(at("person", rachel))
    entry = Entry.objects.get(event="account.read", subject=rachel.public_id)
    assert (entry.kind, entry.actor, entry.purpose) == (
        "sight",
        cast["maya.manager"].public_id,
        "manage_members",
    )
    assert "Looking after members" not in text(client.get(at("person", rachel)))
    governance = client_for("ian.governance")
    assert "Looking after members" in text(governance.get(at("person", rachel)))


def test_a_members_look_at_the_public_lines_is_not_a_reading_of_the_account(client_for, cast):
    client_for("priya.partner").get(at("person", cast["rachel.referrer"]))
    assert not Entry.objects.filter(event="account.read").exists()


PAGES = [
    "person",
    "person-give-role",
    "person-change-unit",
    "person-leaver",
    "person-leaver-record",
    "person-return",
    "person-reset-factor",
]


@pytest.mark.parametrize("name", PAGES)
def test_another_partnerships_person_is_not_there(client_for, cast, name):
    client = client_for("maya.manager")
    hidden = client.get(at(name, cast["olivia.outsider"]))
    missing = client.get(reverse(name, args=["0123456789ABCDEF"]))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert client_for("olivia.outsider").get(at(name, cast["rachel.referrer"])).status_code == 404


@pytest.mark.parametrize(
    "username", ["rachel.referrer", "colin.coordinator", "ian.governance", "ana.analyst"]
)
@pytest.mark.parametrize("name", [*PAGES[1:], "person-invite-again", "person-withdraw"])
def test_a_members_attempt_to_change_somebody_is_refused_with_the_reason(client_for, cast, username, name):
    answer = client_for(username).post(at(name, cast["priya.partner"]))
    if name == "person-leaver":
        assert answer.status_code == 405
        return
    assert answer.status_code == 403
    assert "Your role does not let you invite people, give and end roles, record leavers." in text(answer)
    assert not Membership.objects.exclude(reason="Demonstration").exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_inviting_and_the_file_are_refused_to_members(client_for, method):
    client = client_for("rachel.referrer")
    assert getattr(client, method)(reverse("person-invite")).status_code == 403
    assert client.get(reverse("people-csv")).status_code == 403


def invitation(cast, **changes):
    return {
        "step": "invite",
        "email": "new.person@example.org",
        "name": "Nia Newcomer",
        "job_title": "Caseworker",
        "unit": cast["rachel.referrer"].memberships.get().unit.public_id,
        "role": "partner",
        "hub": "",
        "reason": "",
        **changes,
    }


def test_inviting_asks_for_the_address_first_then_for_the_rest(client_for, cast):
    client = client_for("maya.manager")
    assert "Full name" not in text(client.get(reverse("person-invite")))
    second = text(client.post(reverse("person-invite"), {"step": "find", "email": "new.person@example.org"}))
    assert "Full name" in second
    assert 'value="new.person@example.org"' in second
    answer = client.post(reverse("person-invite"), invitation(cast), follow=True)
    assert "Invitation sent to Nia Newcomer." in text(answer)
    assert "Sent, not used yet" in text(answer)


def test_an_address_that_has_an_account_here_leads_to_that_person(client_for, cast):
    rachel = cast["rachel.referrer"]
    answer = client_for("maya.manager").post(
        reverse("person-invite"), {"step": "find", "email": rachel.email.upper()}
    )
    assert "This person has an account already" in text(answer)
    assert at("person-give-role", rachel) in text(answer)


@pytest.mark.parametrize("step", ["find", "invite"])
def test_an_address_of_another_partnership_is_refused_beside_the_field(client_for, cast, step):
    olivia = cast["olivia.outsider"]
    answer = client_for("maya.manager").post(
        reverse("person-invite"), invitation(cast, step=step, email=olivia.email)
    )
    assert "This address cannot be invited here. Ask the service’s administrator." in text(answer)
    assert 'id="id_email_error"' in text(answer)
    assert "Olivia" not in text(answer)
    assert "Wealdshire" not in text(answer)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"role": "hub_coordinator"}, "hub", "Choose the hub that the hub co-ordinator is for."),
        ({"role": ""}, "role", "Choose the role"),
        ({"unit": ""}, "unit", "Choose the unit this person works in"),
        ({"unit": "0123456789ABCDEF"}, "unit", "from the list"),
        ({"email": "nobody"}, "email", "in the form name@example.org"),
        ({"name": ""}, "name", "Enter the full name"),
    ],
)
def test_what_is_wrong_with_an_invitation_stands_beside_its_field(client_for, cast, changes, field, words):
    answer = client_for("maya.manager").post(reverse("person-invite"), invitation(cast, **changes))
    assert answer.status_code == 200
    assert f'id="id_{field}_error"' in text(answer)
    assert words in text(answer)
    assert not User.objects.filter(email="new.person@example.org").exists()


def test_units_and_hubs_on_offer_are_our_own(client_for, cast):
    page = text(client_for("maya.manager").get(at("person-give-role", cast["rachel.referrer"])))
    assert "Selby" in page
    foreign = Membership.objects.get(user=cast["olivia.outsider"]).partnership.hubs.values_list(
        "public_id", flat=True
    )
    assert not any(identifier in page for identifier in foreign)


def test_a_role_is_given_and_ended_on_the_persons_page(client_for, cast):
    rachel, client = cast["rachel.referrer"], client_for("ada.admin")
    hub = cast["colin.coordinator"].memberships.get().hub
    answer = client.post(
        at("person-give-role", rachel),
        {"seen": seen(rachel), "role": "minute_taker", "hub": hub.public_id, "reason": "Mina is away"},
        follow=True,
    )
    assert f"Minute-taker, {hub.name}" in text(answer)
    assert "Mina is away" in text(answer)
    given = rachel.memberships.get(role="minute_taker")
    today = given.valid_from
    answer = client.post(
        at("person-end-role", rachel, given.public_id),
        {
            "seen": seen(rachel),
            "when": "day",
            "last_day_day": today.day,
            "last_day_month": today.month,
            "last_day_year": today.year,
            "reason": "Mina is back",
        },
        follow=True,
    )
    assert "Ended: Mina is back" in text(answer)
    given.refresh_from_db()
    assert (given.valid_until, given.reason, given.end_reason) == (today, "Mina is away", "Mina is back")
    assert "by Ada " in text(answer)


def test_the_second_of_two_editors_gets_a_conflict_with_a_way_back(client_for, cast):
    rachel = cast["rachel.referrer"]
    old = seen(rachel)
    hub = cast["colin.coordinator"].memberships.get().hub
    given = {"seen": old, "role": "minute_taker", "hub": hub.public_id, "reason": ""}
    assert client_for("ada.admin").post(at("person-give-role", rachel), given).status_code == 302
    answer = client_for("maya.manager").post(
        at("person-give-role", rachel), {**given, "role": "analyst", "hub": ""}
    )
    assert answer.status_code == 409
    assert "Somebody else changed" in text(answer)
    assert at("person", rachel) in text(answer)
    assert not rachel.memberships.filter(role="analyst").exists()


def test_a_form_without_its_mark_is_a_conflict(client_for, cast):
    answer = client_for("maya.manager").post(
        at("person-give-role", cast["rachel.referrer"]), {"role": "analyst", "hub": "", "reason": ""}
    )
    assert answer.status_code == 409


def test_a_managers_own_page_offers_no_role_and_no_leaving(client_for, cast):
    maya = cast["maya.manager"]
    client = client_for("maya.manager")
    page = text(client.get(at("person", maya)))
    assert at("person-give-role", maya) not in page
    assert at("person-leaver", maya) not in page
    assert at("person-end-role", maya, maya.memberships.get().public_id) not in page
    assert "This is you" in page
    assert client.get(at("person-leaver", maya)).status_code == 409
    assert client.get(at("person-give-role", maya)).status_code == 409
    held = maya.memberships.get()
    assert client.get(at("person-end-role", maya, held.public_id)).status_code == 409


@pytest.fixture
def open_work():
    def provider(user, actor):
        yield OpenWork("Action", "Call the landlord", "/somewhere/", None)

    OPEN_WORK.register(provider)
    yield
    OPEN_WORK._providers = [row for row in OPEN_WORK._providers if row[2] is not provider]


def leaving(rachel, on, **changes):
    return {
        "seen": seen(rachel),
        "left_on_day": on.day,
        "left_on_month": on.month,
        "left_on_year": on.year,
        "reason": "New employer",
        **changes,
    }


def test_leaving_lists_open_work_then_asks_then_ends_access_at_once(client_for, cast, actor_of, open_work):
    rachel, client, on = cast["rachel.referrer"], client_for("maya.manager"), actor_of("maya.manager").on
    hers = client_for("rachel.referrer")
    assert hers.get(reverse("people")).status_code == 200
    assert "Call the landlord" in text(client.get(at("person-leaver", rachel)))
    assert client.get(at("person-leaver-record", rachel)).status_code == 200
    check = text(client.post(at("person-leaver-record", rachel), leaving(rachel, on)))
    left = re.search(r"(\d+) pieces are left to hand over", check)
    assert left and int(left[1]) >= 2
    rachel.refresh_from_db()
    assert rachel.status == Status.ACTIVE
    answer = client.post(
        at("person-leaver-record", rachel), leaving(rachel, on, answer="confirmed"), follow=True
    )
    assert "Left to hand over" in text(answer)
    assert "Call the landlord" in text(answer)
    assert hers.get(reverse("people")).status_code == 302
    assert client_for("priya.partner").get(at("person", rachel)).status_code == 404
    assert "Rachel Marsden" not in text(client.get(reverse("people")))
    assert "Rachel Marsden" in text(client.get(reverse("people") + "?status=left"))


def test_the_first_page_says_when_nothing_is_open(client_for, cast):
    page = text(client_for("maya.manager").get(at("person-leaver", cast["nadia.neighbour"])))
    assert "Nothing is open. There is nothing to hand over." in page


def test_a_day_of_leaving_to_come_is_refused_beside_its_field(client_for, cast, actor_of):
    rachel, on = cast["rachel.referrer"], actor_of("maya.manager").on + timedelta(days=1)
    answer = client_for("maya.manager").post(at("person-leaver-record", rachel), leaving(rachel, on))
    assert 'id="id_left_on_error"' in text(answer)


def test_a_leaver_is_given_access_back(client_for, cast, actor_of):
    rachel, client, on = cast["rachel.referrer"], client_for("maya.manager"), actor_of("maya.manager").on
    client.post(at("person-leaver-record", rachel), leaving(rachel, on, answer="confirmed"))
    rachel.refresh_from_db()
    answer = client.post(
        at("person-return", rachel), {"seen": seen(rachel), "reason": "Recorded by mistake"}, follow=True
    )
    assert "can sign in again" in text(answer)
    assert "Recorded by mistake" in text(answer)
    assert client.get(at("person-return", rachel)).status_code == 409


def test_an_invitation_is_sent_again_and_withdrawn(client_for, cast):
    client = client_for("maya.manager")
    client.post(reverse("person-invite"), invitation(cast))
    person = User.objects.get(email="new.person@example.org")
    again = client.post(at("person-invite-again", person), {"seen": seen(person)}, follow=True)
    assert "2 were sent in all" in text(again)
    assert client.get(at("person-withdraw", person)).status_code == 200
    withdrawn = client.post(at("person-withdraw", person), {"seen": seen(person)}, follow=True)
    assert "Withdrawn" in text(withdrawn)
    assert client.post(at("person-withdraw", person), {"seen": seen(person)}).status_code == 409


def test_the_invited_are_shown_to_managers_alone(client_for, cast):
    client_for("maya.manager").post(reverse("person-invite"), invitation(cast))
    person = User.objects.get(email="new.person@example.org")
    assert client_for("priya.partner").get(at("person", person)).status_code == 404


def test_no_cell_of_the_file_can_be_a_formula_and_the_export_is_recorded(client_for, cast):
    User.objects.filter(pk=cast["rachel.referrer"].pk).update(
        name='=HYPERLINK("http://example.org")', job_title="@SUM"
    )
    answer = client_for("maya.manager").get(reverse("people-csv"))
    body = text(answer)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "'=HYPERLINK" in body
    assert "'@SUM" in body
    assert "olivia.outsider" not in body
    assert Entry.objects.filter(event="member.list_exported", kind="sight").count() == 1


def test_a_persons_page_costs_the_same_queries_however_much_there_is(
    client_for, cast, django_assert_max_num_queries
):
    rachel, client = cast["rachel.referrer"], client_for("maya.manager")
    with django_assert_max_num_queries(14):
        client.get(at("person", rachel))
    for _ in range(12):
        client.get(at("person", rachel))
    with django_assert_max_num_queries(14):
        client.get(at("person", rachel))


def test_a_change_of_unit_is_made_on_its_page(client_for, cast):
    rachel, client = cast["rachel.referrer"], client_for("maya.manager")
    licensing = cast["nadia.neighbour"].memberships.get().unit
    assert "Partner, in Housing" in text(client.get(at("person-change-unit", rachel)))
    given = {"seen": seen(rachel), "unit": licensing.public_id, "reason": "New team"}
    answer = client.post(at("person-change-unit", rachel), given, follow=True)
    assert "from tomorrow" in text(answer)
    assert "Not begun" in text(answer)
    again = client.post(at("person-change-unit", rachel), {**given, "seen": seen(rachel)})
    assert again.status_code == 200
    assert 'id="id_unit_error"' in text(again)


def test_one_who_works_nowhere_is_asked_for_a_unit(client_for, cast):
    rachel, client = cast["rachel.referrer"], client_for("maya.manager")
    rachel.memberships.update(valid_until="2018-06-30")
    page = text(client.get(at("person-give-role", rachel)))
    assert 'name="unit"' in page
    answer = client.post(
        at("person-give-role", rachel), {"seen": seen(rachel), "role": "partner", "hub": "", "unit": ""}
    )
    assert 'id="id_unit_error"' in text(answer)
    assert "Without a role" in text(client.get(reverse("people") + "?status=no_role&name=marsden"))


def test_a_role_whose_code_is_gone_is_shown_as_it_stands(cast):
    membership = cast["rachel.referrer"].memberships.get()
    membership.role = "dog_warden"
    assert queries.role_words(membership) == "dog_warden"


def test_the_last_manager_cannot_be_led_into_leaving(client_for, cast):
    cast["ada.admin"].memberships.update(valid_until="2018-06-30")
    maya = cast["maya.manager"]
    olivia = client_for("olivia.outsider")
    assert olivia.get(at("person-leaver", maya)).status_code == 404
    answer = client_for("maya.manager").post(at("person-end-role", maya, maya.memberships.get().public_id))
    assert answer.status_code == 409
    assert "Nobody ends their own administration" in text(answer)


def test_a_wrong_last_day_stands_beside_its_field(client_for, cast):
    rachel = cast["rachel.referrer"]
    given = {
        "seen": seen(rachel),
        "when": "day",
        "reason": "Old",
        "last_day_day": 1,
        "last_day_month": 5,
        "last_day_year": 2018,
    }
    answer = client_for("maya.manager").post(
        at("person-end-role", rachel, rachel.memberships.get().public_id), given
    )
    assert 'id="id_last_day_error"' in text(answer)
    assert "yesterday at the earliest" in text(answer)


def test_a_role_given_by_mistake_is_ended_now_on_its_page(client_for, cast, actor_of):
    rachel, client = cast["rachel.referrer"], client_for("maya.manager")
    hub = cast["colin.coordinator"].memberships.get().hub
    given = {"seen": seen(rachel), "role": "hub_coordinator", "hub": hub.public_id, "reason": ""}
    client.post(at("person-give-role", rachel), given)
    held = rachel.memberships.get(role="hub_coordinator")
    form = text(client.get(at("person-end-role", rachel, held.public_id)))
    assert "End it now" in form
    answer = client.post(
        at("person-end-role", rachel, held.public_id),
        {"seen": seen(rachel), "when": "now", "reason": "Wrong person"},
        follow=True,
    )
    assert "The role has ended." in text(answer)
    assert "ended at once" in text(answer)
    assert "Hub co-ordinator" not in [one.role.facts.label for one in actor_of("rachel.referrer").roles]


@pytest.mark.parametrize(
    ("given", "field"),
    [({}, "when"), ({"when": "day"}, "last_day"), ({"when": "now", "reason": ""}, "reason")],
)
def test_what_is_missing_when_a_role_ends_stands_beside_its_field(client_for, cast, given, field):
    rachel = cast["rachel.referrer"]
    held = rachel.memberships.get()
    answer = client_for("maya.manager").post(
        at("person-end-role", rachel, held.public_id), {"seen": seen(rachel), "reason": "Left", **given}
    )
    assert f'id="id_{field}_error"' in text(answer)
    held.refresh_from_db()
    assert held.valid_until is None


def test_a_missing_reason_for_a_role_over_everything_stands_beside_its_field(client_for, cast):
    client, rachel = client_for("maya.manager"), cast["rachel.referrer"]
    invited = client.post(reverse("person-invite"), invitation(cast, role="information_governance"))
    given = client.post(
        at("person-give-role", cast["ana.analyst"]),
        {
            "seen": seen(cast["ana.analyst"]),
            "role": "system_administrator",
            "hub": "",
            "unit": rachel.memberships.get().unit.public_id,
            "reason": "",
        },
    )
    for answer in (invited, given):
        assert 'id="id_reason_error"' in text(answer)
        assert "Enter why this person needs to be" in text(answer)
    assert not User.objects.filter(email="new.person@example.org").exists()


def test_units_are_offered_under_their_agency_and_none_of_an_agency_that_is_not_there_yet(
    client_for, cast, north_yorkshire, actor_of
):
    page = text(client_for("maya.manager").get(at("person-change-unit", cast["rachel.referrer"])))
    assert '<optgroup label="Selby District Council">' in page
    on = actor_of("maya.manager").on
    to_come = Unit.objects.filter(agency__partnership=north_yorkshire).exclude(
        pk__in=access.units_of(north_yorkshire, on)
    )
    assert to_come.exists()
    assert not any(unit.public_id in page for unit in to_come)


def test_the_lists_filter_offers_no_agency_that_is_not_there_yet(client_for, north_yorkshire, actor_of):
    page = text(client_for("maya.manager").get(reverse("people")))
    offered = access.agencies_of(north_yorkshire, actor_of("maya.manager").on)
    absent = north_yorkshire.agencies.exclude(pk__in=offered)
    assert absent.exists()
    assert 'value="selby_district_council"' in page
    assert not any(f'value="{agency.code}"' in page for agency in absent)


# --- A lost second factor --------------------------------------------------------------------------------


@pytest.fixture
def mina(cast):
    """Somebody with codes from an app and recovery codes, of whom a role needs them."""
    from allauth.mfa.models import Authenticator

    person = cast["mina.minutes"]
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=person, type=kind, data={})
    return person


def factor_seen(person):
    return access.stands(person, person.memberships.all(), *second_factor_marks(person))


@pytest.mark.parametrize("username", MANAGERS)
def test_a_lost_second_factor_is_reset_and_everything_ends_that_hung_on_it(client_for, mina, cast, username):
    client, hers = client_for(username), client_for("mina.minutes")
    assert hers.get(reverse("people")).status_code == 200
    assert at("person-reset-factor", mina) in text(client.get(at("person", mina)))
    form = text(client.get(at("person-reset-factor", mina)))
    assert "signed out on every device" in form
    assert "asks for a new second factor" in form
    given = {"seen": factor_seen(mina), "reason": "lost"}
    answer = client.post(at("person-reset-factor", mina), given, follow=True)
    assert "The second factor of Mina Harland no longer works." in text(answer)
    assert at("person-reset-factor", mina) not in text(answer)
    assert not mina.authenticator_set.exists()
    assert hers.get(reverse("people")).status_code == 302
    entry = Entry.objects.get(event="account.second_factor_reset")
    assert (entry.actor, entry.subject) == (cast[username].public_id, mina.public_id)
    assert entry.codes == {"reason": "lost"}
    assert client.post(at("person-reset-factor", mina), given).status_code == 409


@pytest.mark.parametrize("reason", ["", "because"])
def test_a_reset_needs_one_of_the_reasons(client_for, mina, reason):
    answer = client_for("maya.manager").post(
        at("person-reset-factor", mina), {"seen": factor_seen(mina), "reason": reason}
    )
    assert 'id="id_reason_error"' in text(answer)
    assert mina.authenticator_set.count() == 2


def test_who_needs_no_second_factor_is_said_to_sign_in_with_the_password_alone(client_for, cast):
    rachel = cast["rachel.referrer"]
    rachel.authenticator_set.create(type="totp", data={})
    assert "the password alone is enough" in text(
        client_for("maya.manager").get(at("person-reset-factor", rachel))
    )


def test_a_second_factor_set_up_meanwhile_is_not_reset(client_for, mina):
    old = factor_seen(mina)
    mina.authenticator_set.all().delete()
    mina.authenticator_set.create(type="totp", data={})
    answer = client_for("maya.manager").post(
        at("person-reset-factor", mina), {"seen": old, "reason": "replaced"}
    )
    assert answer.status_code == 409
    assert mina.authenticator_set.count() == 1


def test_without_a_second_factor_nothing_is_offered_and_the_page_says_why(client_for, cast):
    rachel, client = cast["rachel.referrer"], client_for("maya.manager")
    assert at("person-reset-factor", rachel) not in text(client.get(at("person", rachel)))
    answer = client.get(at("person-reset-factor", rachel))
    assert answer.status_code == 409
    assert "has no second factor set up" in text(answer)


def test_a_managers_own_second_factor_is_not_reset_here(client_for, cast):
    maya, client = cast["maya.manager"], client_for("maya.manager")
    maya.authenticator_set.create(type="totp", data={})
    assert at("person-reset-factor", maya) not in text(client.get(at("person", maya)))
    answer = client.post(at("person-reset-factor", maya), {"seen": factor_seen(maya), "reason": "lost"})
    assert answer.status_code == 409
    assert maya.authenticator_set.exists()


def test_a_leavers_second_factor_is_not_reset(client_for, mina, cast, actor_of):
    client, on = client_for("maya.manager"), actor_of("maya.manager").on
    client.post(at("person-leaver-record", mina), leaving(mina, on, answer="confirmed"))
    assert at("person-reset-factor", mina) not in text(client.get(at("person", mina)))
    assert client.get(at("person-reset-factor", mina)).status_code == 409
    assert mina.authenticator_set.count() == 2


def test_a_page_of_one_who_came_back_shows_the_ended_role_as_ended(client_for, cast, actor_of):
    rachel, client, on = cast["rachel.referrer"], client_for("maya.manager"), actor_of("maya.manager").on
    client.post(at("person-leaver-record", rachel), leaving(rachel, on, answer="confirmed"))
    rachel.refresh_from_db()
    client.post(at("person-return", rachel), {"seen": seen(rachel), "reason": "Recorded by mistake"})
    page = client.get(at("person", rachel))
    assert not any(row.is_current or row.can_end for row in page.context["held"])
    assert "Ended: New employer" in text(page)
    assert at("person-change-unit", rachel) not in text(page)
    assert client_for("rachel.referrer").get(reverse("people")).status_code == 403
