"""What rests on an agreement goes with it and comes back with it: exactly, everywhere, at the next request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from saferhub.foundation import clock
from saferhub.partnership.access import actor_for
from saferhub.partnership.models import Membership
from saferhub.partnership.queries.work import waiting_for
from saferhub.sharing.access import sight_of
from saferhub.sharing.access.matters import purposes_carried_to
from saferhub.sharing.access.seers import seers_of
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement, AgreementParty, Matter
from saferhub.sharing.operations import agreements as operations
from saferhub.sharing.queries import agreements as queries
from saferhub.sharing.queries import dormant

from .agreements_world import CAST, NY, agreement, ian, make, seen_by, share, unit


def _all_sights(cast):
    """Everybody's folders; the two walls must agree each time."""
    found = {}
    for username in CAST:
        python, database = seen_by(cast, username)
        assert python == database, username
        found[username] = python
    return found


def _stop(cast, code, how):
    by = ian(cast)
    found = agreement(code)
    given = {"agreement_id": found.public_id, "by": by, "on": by.on}
    with entered(cast["ian.governance"]):
        if how == "suspend":
            operations.suspend(reason="A breach is looked into", **given)
        elif how == "end":
            operations.end(reason="It is no longer needed", **given)
        elif how == "expire":
            Agreement.objects.filter(pk=found.pk).update(last_day=by.on - timedelta(days=1))
        else:
            for party in found.parties.all():
                operations.record_withdrawal(
                    party_id=party.public_id, day=by.on, reason="It shares no more", **given
                )


def _resume(cast, code):
    by = ian(cast)
    with entered(cast["ian.governance"]):
        operations.resume(agreement_id=agreement(code).public_id, reason="Put right", by=by, on=by.on)


# Who sees which of the four matters (numbers 1 to 4) while an agreement is suspended. Colin and Mina are of
# the unit whose folders they are; Chris sees them by his hub, which the hubs' agreement opens to the police;
# Maya is of the lead authority, whose own people need no agreement.
ALL = {1, 2, 3, 4}
BEFORE = {
    "colin.coordinator": ALL,
    "mina.minutes": ALL,
    "maya.manager": ALL,
    "chris.chair": ALL,
    "priya.partner": {2, 4},
    "victor.voluntary": {3},
    "fergus.former": {1},
}
WHILE_STOPPED = {
    "hubs_2018": {"chris.chair": set(), "fergus.former": set()},
    "mental_health_2018": {"priya.partner": {4}},
    "victim_support_2018": {"victor.voluntary": set()},
}


@pytest.mark.parametrize("how", ["suspend", "end", "expire", "withdraw"])
@pytest.mark.parametrize("code", NY)
def test_stopping_an_agreement_removes_exactly_the_sight_that_rests_on_it(cast, code, how):
    matters = make(cast)
    numbers = {matter.folder_id: number for number, matter in enumerate(matters, 1)}
    before = _all_sights(cast)
    _stop(cast, code, how)
    while_stopped = _all_sights(cast)
    for username in CAST:
        wanted = WHILE_STOPPED[code].get(username, BEFORE.get(username, set()))
        ours = {numbers[folder] for folder in while_stopped[username] if folder in numbers}
        assert ours == wanted, username
        assert {numbers[f] for f in before[username] if f in numbers} == BEFORE.get(username, set()), username
        assert while_stopped[username] <= before[username]


@pytest.mark.parametrize("code", NY)
def test_resuming_restores_exactly_what_was_seen_before(cast, code):
    make(cast)
    before = _all_sights(cast)
    _stop(cast, code, "suspend")
    assert _all_sights(cast) != before
    _resume(cast, code)
    assert _all_sights(cast) == before


def test_what_was_given_or_ended_meanwhile_stays_so(cast):
    from saferhub.sharing.operations.folders import end_interest

    matters = make(cast)
    with entered(cast["colin.coordinator"]):
        ended = matters[1].folder.interests.get()
    _stop(cast, "mental_health_2018", "suspend")
    with entered(cast["colin.coordinator"]):
        end_interest(interest=ended, by=actor_for(cast["colin.coordinator"]), reason="No longer needed")
    _resume(cast, "mental_health_2018")
    assert matters[1].folder_id not in seen_by(cast, "priya.partner")[0]
    assert matters[3].folder_id in seen_by(cast, "priya.partner")[0]


def test_a_page_and_a_list_already_open_are_refused_at_the_next_request(client_for, cast):
    matters = make(cast)
    client = client_for("fergus.former")
    page, rows = f"/matters/{matters[0].public_id}/", "/matters/"
    assert client.get(page).status_code == 200
    assert matters[0].reference in client.get(rows).content.decode()
    _stop(cast, "hubs_2018", "suspend")
    assert client.get(page).status_code == 404
    assert matters[0].reference not in client.get(rows).content.decode()
    _resume(cast, "hubs_2018")
    assert client.get(page).status_code == 200
    assert matters[0].reference in client.get(rows).content.decode()


def _found_by_search(client_for, username, words):
    answer = client_for(username).post("/search/", {"purpose": "reduce_asb", "name": words}, follow=True)
    return answer.content.decode()


def test_search_loses_and_regains_what_rested_on_the_agreement(client_for, cast):
    from saferhub.people.models import Person

    _stop(cast, "hubs_2018", "suspend")  # by which she sees the same records in a case
    before = _persons_in_sight(cast, Person)
    _stop(cast, "mental_health_2018", "suspend")
    lost = {one for one in before if one not in _persons_in_sight(cast, Person)}
    assert lost, "the demonstration shares somebody under this agreement"
    public_id, name = min(lost)
    assert public_id not in _found_by_search(client_for, "priya.partner", name)
    _resume(cast, "mental_health_2018")
    assert public_id in _found_by_search(client_for, "priya.partner", name)
    assert _persons_in_sight(cast, Person) == before


def _persons_in_sight(cast, model):
    with entered(cast["priya.partner"]):
        return set(model.objects.values_list("public_id", "name"))


@pytest.mark.django_db(transaction=True)
def test_a_job_for_a_person_sees_no_more_than_she_does(cast):
    """A job enters as the person it is done for, when it runs and not when it was asked for."""
    from saferhub.sharing.access import matters_visible_to
    from saferhub.sharing.jobs import person_job

    @person_job("tests.sees_matters")
    def sees(*, by):
        return set(matters_visible_to(by).values_list("reference", flat=True))

    matters = make(cast)
    run = {"by": cast["victor.voluntary"].public_id}
    assert matters[2].reference in sees.func(**run)
    _stop(cast, "victim_support_2018", "suspend")
    assert matters[2].reference not in sees.func(**run)
    _resume(cast, "victim_support_2018")
    assert matters[2].reference in sees.func(**run)


# --- who is told ----------------------------------------------------------------------------------


def _work(cast, username):
    with entered(cast[username]):
        return [
            row.item.title
            for group in waiting_for(actor_for(cast[username]), kind="dormant").groups
            for row in group.rows
        ]


def _dormant(user):
    return dormant.dormant_rows(dormant.dormant_numbers(actor_for(user)))


def _lost_folders(cast, username):
    """The folders that the page lists for one of the cast."""
    with entered(cast[username]):
        return {one.folder_id for one in _dormant(cast[username])}


def test_the_coordinator_is_told_how_many_matters_lost_how_many_partners(cast):
    matters = make(cast)
    for username in ("colin.coordinator", "maya.manager"):
        assert _work(cast, username) == []
    _stop(cast, "mental_health_2018", "suspend")
    for username in ("colin.coordinator", "maya.manager"):
        lost = _lost_folders(cast, username)
        assert matters[1].folder_id in lost
        words = dormant.Lost(len(lost), 1).words
        assert _work(cast, username) == [f"Mental health and hubs agreement 2018 is suspended: {words}"]
    for username in ("rachel.referrer", "chris.chair", "priya.partner", "ian.governance", "olivia.outsider"):
        assert _work(cast, username) == [], username
    _resume(cast, "mental_health_2018")
    assert _work(cast, "colin.coordinator") == []


def test_a_partner_that_sees_the_matter_by_another_agreement_is_not_lost(cast):
    """Priya's agency sees the fourth matter under two agreements."""
    matters = make(cast)
    _stop(cast, "mental_health_2018", "suspend")
    lost = _lost_folders(cast, "colin.coordinator")
    assert matters[1].folder_id in lost
    assert matters[3].folder_id not in lost


def test_a_coordinator_whose_own_hub_is_shut_is_told_so(cast):
    make(cast)
    _stop(cast, "hubs_2018", "suspend")
    titles = _work(cast, "colin.coordinator")
    assert any(title.startswith("You no longer see the work of Selby") for title in titles)
    assert any("of your matters lost" in title for title in titles)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("suspend", "The agreement is suspended"),
        ("end", "The agreement has ended"),
        ("expire", "The agreement has expired"),
        ("withdraw", "The partner has withdrawn"),
    ],
)
def test_the_page_says_since_when_and_why(client_for, cast, how, words):
    matters = make(cast)
    _stop(cast, "victim_support_2018", how)
    text = client_for("colin.coordinator").get("/agreements/dormant/").content.decode()
    assert matters[2].reference in text
    assert matters[0].reference not in text
    assert words in text and "Dormant" in text
    assert "Caseworkers" in text or "caseworkers" in text
    assert "28 August 2018" in text
    assert 'data-marking="OFFICIAL-SENSITIVE"' in text


def test_the_partner_reads_how_much_is_hidden_and_not_what(client_for, cast):
    before = seen_by(cast, "priya.partner")[0]
    matters = make(cast)
    _stop(cast, "mental_health_2018", "suspend")
    lost = (before | {matters[1].folder_id}) - seen_by(cast, "priya.partner")[0]
    with entered(cast["maya.manager"]):
        hidden = Matter.objects.filter(folder__in=lost).count()
    text = client_for("priya.partner").get("/agreements/dormant/").content.decode()
    assert f"{hidden} matter" in text
    assert "shared with your agency or with you" in text
    for matter in matters:
        assert matter.reference not in text
        assert matter.title not in text


@pytest.mark.parametrize("username", ["ian.governance", "ana.analyst", "ada.admin"])
def test_whoever_works_on_no_matter_is_refused_the_page(client_for, username):
    assert client_for(username).get("/agreements/dormant/").status_code == 403


def test_the_page_narrows_to_one_agreement_and_shows_all_for_an_unknown_one(client_for, cast):
    matters = make(cast)
    _stop(cast, "mental_health_2018", "suspend")
    _stop(cast, "victim_support_2018", "suspend")
    client = client_for("colin.coordinator")
    one = client.get(f"/agreements/dormant/?agreement={agreement('mental_health_2018').public_id}")
    assert matters[1].reference in one.content.decode()
    assert matters[2].reference not in one.content.decode()
    unknown = client.get("/agreements/dormant/?agreement=nothing").content.decode()
    assert matters[1].reference in unknown
    assert matters[2].reference in unknown


def test_a_party_that_withdrew_and_a_colleague_who_left_are_found_though_the_agreement_holds(cast):
    """Everything else rests on agreements in force, so these two are looked for by their holders."""
    from saferhub.partnership.models import Membership
    from saferhub.sharing.models import Because
    from saferhub.sharing.operations.folders import give_interest

    matters = make(cast)
    colin, victor = cast["colin.coordinator"], cast["victor.voluntary"]
    with entered(colin):
        given = give_interest(
            folder=matters[0].folder, by=actor_for(colin), purpose="reduce_asb", user=victor,
            gateway="crime_and_disorder", because=Because.CONTRIBUTES, agreement=agreement("hubs_2018"),
        )  # fmt: skip
        assert given.pk not in dormant.dormant_numbers(actor_for(colin))
    held = Membership.objects.filter(user=victor)
    held.update(valid_from=clock.today() - timedelta(days=400), valid_until=clock.today() - timedelta(days=2))
    with entered(colin):
        known = dormant.broken(actor_for(colin))
        assert known.stopped == ()
        assert given.pk in dormant.dormant_numbers(actor_for(colin))


def test_what_is_told_is_counted_no_further_than_a_few_hundred(cast, monkeypatch):
    monkeypatch.setattr(dormant, "MOST_TOLD", 1)
    make(cast)
    _stop(cast, "mental_health_2018", "suspend")
    (title,) = _work(cast, "colin.coordinator")
    assert "suspended: at least " in title


# --- counts ---------------------------------------------------------------------------------------


def _carried(cast, username, code, party=None):
    with entered(cast[username]):
        found = agreement(code)
        one = AgreementParty.objects.get(agreement=found, agency__code=party) if party else None
        return queries.carried_by([found], party=one).get(found.pk)


def test_the_keeper_and_the_manager_are_told_in_counts(cast):
    before = _carried(cast, "ian.governance", "mental_health_2018")
    make(cast)
    for username in ("ian.governance", "maya.manager"):
        told = _carried(cast, username, "mental_health_2018")
        assert told.matters - before.matters == 2
        assert told.live - before.live == 2
        assert told.lost_matters - before.lost_matters == 1, "the fourth is seen by another agreement too"
    _stop(cast, "mental_health_2018", "suspend")
    told = _carried(cast, "ian.governance", "mental_health_2018")
    assert (told.live, told.lost_matters) == (0, 0)
    assert told.asleep - before.asleep == 2 + before.live


def test_counts_say_how_many_people_a_hub_shuts_out(cast):
    """Colin and Mina of the district council, Chris of the police; Maya is of the lead authority."""
    assert _carried(cast, "ian.governance", "hubs_2018").hub_staff == 3
    assert _carried(cast, "ian.governance", "hubs_2018", "north_yorkshire_police").hub_staff == 1
    assert _carried(cast, "ian.governance", "mental_health_2018").hub_staff == 0


def test_counts_narrow_to_one_party(cast):
    make(cast)
    assert _carried(cast, "ian.governance", "victim_support_2018", "north_yorkshire_police").live == 0
    assert _carried(cast, "ian.governance", "victim_support_2018", "victim_support_service").live >= 1


@pytest.mark.parametrize("username", [u for u in CAST if u not in {"ian.governance", "maya.manager"}])
def test_the_database_tells_nobody_else(cast, username):
    make(cast)
    assert _carried(cast, username, "hubs_2018") is None


def test_the_database_tells_nobody_who_has_not_entered(cast):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM gate.carried(%s)", [agreement("hubs_2018").pk])
        assert cursor.fetchone() == (0,)


def test_the_counting_function_is_owned_by_the_gate_and_pins_its_path(world):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.rolname, p.prosecdef, p.proconfig FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
            " WHERE p.pronamespace = 'gate'::regnamespace AND p.proname IN"
            " ('carried', 'answers_for_agreements')"
        )
        assert cursor.fetchall() == [("saferhub_gate", True, ["search_path=pg_catalog, pg_temp"])] * 2


def test_a_named_person_counts_as_her_agency(cast):
    matters = make(cast)
    colin = cast["colin.coordinator"]
    from saferhub.sharing.models import Because
    from saferhub.sharing.operations.folders import give_interest

    before = _carried(cast, "ian.governance", "victim_support_2018")
    with entered(colin):
        give_interest(
            folder=matters[0].folder,
            by=actor_for(colin),
            purpose="domestic_abuse",
            gateway="council_functions",
            because=Because.CONTRIBUTES,
            agreement=agreement("victim_support_2018"),
            user=cast["victor.voluntary"],
        )
    told = _carried(cast, "ian.governance", "victim_support_2018")
    assert (told.live - before.live, told.matters - before.matters) == (1, 1)
    assert told.agencies == before.agencies
    _stop(cast, "victim_support_2018", "suspend")
    with entered(colin):
        names = [row.partner for row in dormant.rows_for(actor_for(colin), _dormant(colin))]
    assert cast["victor.voluntary"].name in names


def test_pages_stay_cheap_however_much_sleeps(client_for, cast, django_assert_max_num_queries):
    colin = cast["colin.coordinator"]
    from .agreements_world import make_matter

    with entered(colin):
        for number in range(20, 40):
            share(make_matter(colin, number).folder, "mental_health_2018", "mental_health_provider", by=colin)
    _stop(cast, "mental_health_2018", "suspend")
    client = client_for("colin.coordinator")
    client.get("/agreements/dormant/")
    with django_assert_max_num_queries(45):
        text = client.get("/agreements/dormant/").content.decode()
    assert text.count("TST-00") >= 20
    assert unit("mental_health_provider").agency.name in text
    assert clock.today()


def _chair_works_for(agency_code):
    """Move the chair of the Selby hub's meetings to another party of the hubs' agreement."""
    where = unit(agency_code)
    Membership.objects.filter(user__username="chris.chair").update(unit=where)


@pytest.mark.parametrize(
    ("agency_code", "opens"),
    [
        ("north_yorkshire_fire_and_rescue", True),
        ("mental_health_provider", True),
        ("victim_support_service", False),
        ("schools", False),
    ],
)
def test_hubs_open_to_those_whom_a_gateway_of_the_agreement_names(cast, agency_code, opens):
    matters = make(cast)
    party = AgreementParty.objects.get(agreement=agreement("hubs_2018"), agency__code=agency_code)
    assert party.signed_on is not None, "it has signed, so that is not what shuts the hub"
    _chair_works_for(agency_code)
    python, database = seen_by(cast, "chris.chair")
    assert python == database
    assert (matters[0].folder_id in python) is opens
    actor = actor_for(cast["chris.chair"])
    with entered(cast["chris.chair"]):
        assert bool(sight_of(actor).hubs) is opens
        assert (purposes_carried_to(actor, matters[0].hub) != set()) is opens
        assert [shut.agreements for shut in dormant.shut_hubs(actor)] == ([] if opens else [()])
    with entered(cast["colin.coordinator"]):
        named = {seer.user.username for seer in seers_of(matters[0].folder)}
    assert ("chris.chair" in named) is opens
    assert _carried(cast, "ian.governance", "hubs_2018", agency_code).hub_staff == int(opens)
