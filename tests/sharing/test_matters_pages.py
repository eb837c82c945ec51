"""Pages of matters: what each shows, and to whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.audit.operations import record_sight
from saferhub.foundation import clock
from saferhub.sharing.demonstration_matters import CONDUCT, FIRES, FLATS, NEXT_DOOR
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Interest, Matter
from saferhub.sharing.operations.folders import enclose, open_folder
from saferhub.sharing.operations.matters import open_matter
from saferhub.sharing.queries import matters as queries
from saferhub.sharing.queries.sights import sights_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def matter_of(cast):
    """A matter of the demonstration by its title, read as the manager (or as somebody named)."""

    def found(title, who="maya.manager"):
        with entered(cast[who]):
            return Matter.objects.select_related("folder", "hub", "unit__agency", "partnership", "lead").get(
                title=title
            )

    return found


def test_the_list_shows_each_reader_what_she_may_see(client_for, cast):
    seen = {}
    for who in (
        "colin.coordinator",
        "priya.partner",
        "rachel.referrer",
        "nadia.neighbour",
        "olivia.outsider",
    ):
        text = client_for(who).get("/matters/").content.decode()
        seen[who] = {title for title in (FLATS, FIRES, CONDUCT, NEXT_DOOR) if title in text}
    assert seen == {
        "colin.coordinator": {FLATS, FIRES, CONDUCT},
        "priya.partner": {FLATS},
        "rachel.referrer": {FLATS, NEXT_DOOR},
        "nadia.neighbour": set(),
        "olivia.outsider": set(),
    }


STRANGERS = ("olivia.outsider", "nadia.neighbour", "fergus.former", "victor.voluntary")
OBJECT_PAGES = (
    "matter",
    "matter-edit",
    "matter-history",
    "matter-sights",
    "matter-close",
    "matter-reopen",
    "matter-give-sight",
    "matter-restrict",
    "matter-lift",
    "matter-hand-over",
)


@pytest.mark.parametrize("name", OBJECT_PAGES)
def test_the_four_strangers_find_no_page_of_a_matter(name, client_for, matter_of):
    """Another partnership, the same agency's other unit, a former contributor, another agency without interest."""
    fires = matter_of(FIRES)
    for who in STRANGERS:
        for method in ("get", "post"):
            answer = getattr(client_for(who), method)(reverse(name, args=[fires.public_id]))
            wanted = 405 if method == "post" and name in READ_ONLY else 404
            assert answer.status_code == wanted, (who, name, method)


READ_ONLY = {"matter", "matter-history", "matter-sights"}


def test_the_strangers_find_no_interest_and_no_record_of_it(client_for, matter_of, cast):
    flats = matter_of(FLATS)
    with entered(cast["maya.manager"]):
        interest = Interest.objects.filter(folder=flats.folder, valid_until__isnull=True).first()
    for who in ("olivia.outsider", "nadia.neighbour", "fergus.former"):
        client = client_for(who)
        end = reverse("matter-end-sight", args=[flats.public_id, interest.public_id])
        take_out = reverse("matter-take-out", args=[flats.public_id, flats.folder.public_id])
        put_in = reverse("matter-put-in", args=[flats.folder.public_id])
        assert [client.get(url).status_code for url in (end, take_out, put_in)] == [404, 404, 404], who


def test_a_contributor_reads_and_is_told_why_she_may_not_decide(client_for, matter_of):
    flats = matter_of(FLATS)
    client = client_for("priya.partner")
    assert client.get(reverse("matter", args=[flats.public_id])).status_code == 200
    for name in ("matter-edit", "matter-close", "matter-give-sight", "matter-restrict", "matter-hand-over"):
        answer = client.get(reverse(name, args=[flats.public_id]))
        assert answer.status_code == 403, name
        assert "Selby" in answer.content.decode()


def test_the_page_says_who_can_see_it_and_why(client_for, matter_of):
    text = (
        client_for("colin.coordinator")
        .get(reverse("matter", args=[matter_of(FLATS).public_id]))
        .content.decode()
    )
    for words in (
        "Community mental health",
        "Rests on “Mental health",
        "Holds the record",
        "Give sight",
        "Given by Colin",
    ):
        assert words in text, words


def test_the_page_says_who_saw_it_before_and_marks_the_sight(client_for, matter_of):
    fires = matter_of(FIRES)
    url = reverse("matter", args=[fires.public_id])
    client_for("maya.manager").get(url)
    text = client_for("colin.coordinator").get(url).content.decode()
    assert "The prevention visits are done." in text
    assert "Maya Okonjo" in text and "Prevent crime and disorder" in text
    assert "OFFICIAL-SENSITIVE" in text
    page = (
        client_for("colin.coordinator").get(reverse("matter-sights", args=[fires.public_id])).content.decode()
    )
    assert "Saw a matter" in page and "Maya Okonjo" in page


def test_a_restricted_matter_is_there_for_those_named_alone(client_for, matter_of):
    url = reverse("matter", args=[matter_of(CONDUCT).public_id])
    answers = {
        who: client_for(who).get(url).status_code
        for who in ("colin.coordinator", "maya.manager", "mina.minutes", "chris.chair", "rachel.referrer")
    }
    assert answers == {
        "colin.coordinator": 200,
        "maya.manager": 200,
        "mina.minutes": 404,
        "chris.chair": 404,
        "rachel.referrer": 404,
    }


def test_the_list_filters_sorts_and_counts_no_further_than_it_must(client_for, django_assert_max_num_queries):
    client = client_for("colin.coordinator")
    assert FLATS not in client.get("/matters/?status=closed").content.decode()
    assert "No matter that you see answers" in client.get("/matters/?hub=scarborough").content.decode()
    assert client.get("/matters/?sort=-title").status_code == 200
    assert client.get("/matters/?sort=nonsense&page=900").status_code == 200
    with django_assert_max_num_queries(30):
        client.get("/matters/")


def test_the_export_holds_what_the_reader_sees_and_is_recorded(client_for, cast):
    answer = client_for("priya.partner").get("/matters/export.csv")
    text = answer.content.decode()
    assert FLATS in text and FIRES not in text
    assert Entry.objects.filter(event="matter.exported", actor=cast["priya.partner"].public_id).count() == 1


def test_a_role_that_works_on_no_matters_is_told_so(client_for):
    for who in ("ian.governance", "ana.analyst", "ada.admin"):
        client = client_for(who)
        assert client.get("/matters/").status_code == 403
        assert client.get("/matters/open/").status_code == 403
        assert "Matters</a>" not in client.get("/").content.decode()


def test_a_partner_opens_a_matter_with_the_hub_or_for_her_own_unit(client_for, cast):
    client = client_for("rachel.referrer")
    given = {"title": "Broken lamps", "purpose": "reduce_asb", "hub": "none", "about": ""}
    answer = client.post("/matters/open/", given)
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    assert client_for("colin.coordinator").get(answer["Location"]).status_code == 404
    answer = client.post("/matters/open/", {**given, "hub": "selby"})
    assert client_for("colin.coordinator").get(answer["Location"]).status_code == 200
    assert "Enter the title" in client.post("/matters/open/", {}).content.decode()


def test_your_work_shows_what_was_handed_over_and_what_one_leads(client_for):
    text = client_for("colin.coordinator").get("/").content.decode()
    assert "Handed to Selby" in text and "You lead it" in text


def test_giving_sight_goes_step_by_step_and_offers_only_what_fits(client_for, matter_of, cast, actor_of):
    fires = matter_of(FIRES)
    client = client_for("colin.coordinator")
    url = reverse("matter-give-sight", args=[fires.public_id])
    unit = actor_of("victor.voluntary").unit
    first = client.post(url, {"kind": "unit", "unit": unit.public_id})
    assert first.status_code == 302
    text = client.get(first["Location"]).content.decode()
    assert "Victim support and hubs agreement 2018" in text
    assert "Mental health and hubs" not in text
    second = client.post(first["Location"], {"agreement": "victim_support_2018"})
    text = client.get(second["Location"]).content.decode()
    assert "Reduce anti-social behaviour" in text and "Prevent crime and disorder" not in text
    third = client.post(second["Location"], {"purpose": "reduce_asb"})
    text = client.get(third["Location"]).content.decode()
    assert "What helps a council do its work" in text
    assert "section 115" not in text  # it gives no power to disclose to a voluntary body
    missing = client.post(third["Location"], {})
    assert missing.status_code == 200 and "why they need to see it" in missing.content.decode()
    past = {
        "gateway": "council_functions",
        "reason": "To call the shopkeepers",
        "until_day": "1",
        "until_month": "1",
        "until_year": "2018",
    }
    assert "or later" in client.post(third["Location"], past).content.decode()
    last = client.post(
        third["Location"], {"gateway": "council_functions", "reason": "To call the shopkeepers"}
    )
    assert last.status_code == 302
    assert client_for("victor.voluntary").get(reverse("matter", args=[fires.public_id])).status_code == 200
    assert "To call the shopkeepers" in client.get(reverse("matter", args=[fires.public_id])).content.decode()


def test_sight_ends_with_a_reason_at_the_next_request(client_for, matter_of, cast):
    flats = matter_of(FLATS)
    url = reverse("matter", args=[flats.public_id])
    with entered(cast["colin.coordinator"]):
        interest = Interest.objects.get(folder=flats.folder, agreement__code="mental_health_2018")
    client = client_for("colin.coordinator")
    end = reverse("matter-end-sight", args=[flats.public_id, interest.public_id])
    assert client.post(end, {}).status_code == 200
    assert client_for("priya.partner").get(url).status_code == 200
    assert client.post(end, {"reason": "Discharged"}).status_code == 302
    assert client_for("priya.partner").get(url).status_code == 404
    assert client_for("victor.voluntary").get(url).status_code == 200


def test_restricting_asks_twice_and_names_who_loses_sight(client_for, matter_of, cast):
    flats = matter_of(FLATS)
    client = client_for("colin.coordinator")
    url = reverse("matter-restrict", args=[flats.public_id])
    colin, priya = cast["colin.coordinator"].public_id, cast["priya.partner"].public_id
    given = {"names": [colin, priya], "reason": "He reads over shoulders"}
    asked = client.post(url, given)
    text = asked.content.decode()
    assert (
        asked.status_code == 200 and "Rachel Marsden" in text and "lose sight of the matter at once" in text
    )
    without_her = client.post(url, {**given, "names": [priya]}).content.decode()
    assert "Name yourself too" in without_her
    done = client.post(url, {**given, "confirmed": ",".join(sorted([colin, priya]))})
    assert done.status_code == 302
    page = reverse("matter", args=[flats.public_id])
    sees = {
        who: client_for(who).get(page).status_code
        for who in ("priya.partner", "rachel.referrer", "victor.voluntary", "maya.manager", "chris.chair")
    }
    assert sees == {
        "priya.partner": 200,
        "rachel.referrer": 404,
        "victor.voluntary": 404,
        "maya.manager": 404,
        "chris.chair": 404,
    }
    assert client.post(reverse("matter-lift", args=[flats.public_id]), {"reason": "Over"}).status_code == 302
    assert {client_for(who).get(page).status_code for who in sees} == {200}


def test_a_matter_closes_and_opens_again_with_reasons(client_for, matter_of):
    flats = matter_of(FLATS)
    client = client_for("rachel.referrer")
    close, reopen = (reverse(f"matter-{one}", args=[flats.public_id]) for one in ("close", "reopen"))
    assert "Enter the reason" in client.post(close, {}).content.decode()
    assert client.post(close, {"reason": "Eight quiet weeks"}).status_code == 302
    assert client.post(close, {"reason": "Again"}).status_code == 409
    assert client.post(reopen, {"reason": "It began again"}).status_code == 302
    history = client.get(reverse("matter-history", args=[flats.public_id])).content.decode()
    assert "Eight quiet weeks" in history and "It began again" in history


def _blanked(response):
    body = re.sub(rb'nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content)
    headers = {
        name: re.sub(r"'nonce-[^']+'", "", value)
        for name, value in response.headers.items()
        if name != "Content-Length"
    }
    return response.status_code, body, headers, sorted(response.cookies)


@pytest.mark.parametrize("name", OBJECT_PAGES)
def test_hidden_and_missing_matters_read_the_same_to_each_stranger(name, client_for, matter_of):
    fires = matter_of(FIRES)
    for who in STRANGERS:
        client = client_for(who)
        hidden, missing = (
            _blanked(client.get(reverse(name, args=[one]))) for one in (fires.public_id, "0000000000000000")
        )
        assert hidden == missing, who


def test_a_reference_that_she_does_not_see_reads_as_one_that_is_not(client_for, matter_of, cast):
    flats, fires = matter_of(FLATS), matter_of(FIRES)
    client = client_for("rachel.referrer")
    url = reverse("matter-put-in", args=[flats.folder.public_id])
    words = [
        re.sub(rb'nonce="[^"]+"|value="[^"]+"', b"", client.post(url, {"reference": one}).content)
        for one in (fires.reference, "SEL-0000-00")
    ]
    assert words[0] == words[1]
    assert (
        fires.reference
        not in client.get(f"/matters/?reference={fires.reference}").content.decode().split("</form>")[-1]
    )


def test_a_record_is_put_in_and_taken_out_on_pages(client_for, matter_of, cast, actor_of):
    flats, fires = matter_of(FLATS), matter_of(FIRES)
    with entered(cast["colin.coordinator"]):
        colin = actor_of("colin.coordinator")
        record = open_folder(kind="person", by=colin)
        enclose(inner=record, outer=flats.folder, by=colin)
    client = client_for("colin.coordinator")
    put_in = reverse("matter-put-in", args=[record.public_id])
    assert client.get(put_in).status_code == 200
    assert client.post(put_in, {"reference": fires.reference.lower()}).status_code == 302
    take_out = reverse("matter-take-out", args=[fires.public_id, record.public_id])
    assert "Take a person’s record out" in client.get(take_out).content.decode()
    assert client.post(take_out, {"reason": "Another person"}).status_code == 302
    assert client.get(take_out).status_code == 404
    assert client_for("priya.partner").post(put_in, {"reference": flats.reference}).status_code == 403


def test_a_list_costs_the_same_however_long_it_is(client_for, cast, actor_of, django_assert_max_num_queries):
    client = client_for("priya.partner")
    with CaptureQueriesContext(connection) as short:
        client.get("/matters/")
    with entered(cast["priya.partner"]):
        priya = actor_of("priya.partner")
        for number in range(30):
            open_matter(title=f"Matter {number}", about="", purpose="safeguard_adult", by=priya, on=priya.on)
    with CaptureQueriesContext(connection) as long:
        text = client.get("/matters/").content.decode()
    assert "Matter 29" in text and re.search(r"3\d matters", text)
    assert len(long) <= len(short)
    assert "Matter 0<" in client.get("/matters/?page=2").content.decode()


def test_counts_stop_at_the_cap_and_say_so(client_for, monkeypatch):
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    assert "More than 2 matters answer" in client_for("colin.coordinator").get("/matters/").content.decode()


def test_people_of_another_partnership_are_never_named_among_those_who_saw_it(cast, matter_of, actor_of):
    flats = matter_of(FLATS)
    record_sight("matter.seen", flats, by=actor_of("olivia.outsider"), purpose="reduce_asb")
    record_sight("matter.seen", flats, by=actor_of("priya.partner"), purpose="emergency", emergency=True)
    found = sights_of([flats], actor_of("colin.coordinator"))
    assert [(one.name, one.agency, one.is_emergency) for one in found.rows] == [
        ("Priya Nair", "NHS mental health provider", True),
        ("Somebody of another partnership", "", False),
    ]
    assert (found.number, found.number_words) == (2, "2")


def test_somebody_who_saw_it_in_an_emergency_is_marked(client_for, cast, matter_of):
    fires = matter_of(FIRES)
    with entered(cast["colin.coordinator"]):
        Interest.objects.create(
            folder=fires.folder,
            user=cast["priya.partner"],
            purpose="emergency",
            because="emergency",
            valid_from=clock.now(),
            valid_until=clock.now() + timedelta(hours=4),
        )
    url = reverse("matter", args=[fires.public_id])
    assert client_for("priya.partner").get(url).status_code == 200
    assert "In an emergency" in client_for("colin.coordinator").get(url).content.decode()


def test_letters_and_partners_lost_stand_beside_the_matters(client_for):
    for who in ("colin.coordinator", "priya.partner", "maya.manager"):
        for url in (reverse("matters"), reverse("dormant")):
            text = client_for(who).get(url).content.decode()
            for words in ("Letters", "Partners lost"):
                assert words in text, (who, url, words)


def test_whoever_gives_sight_reads_what_goes_along(client_for, matter_of, actor_of):
    flats = matter_of(FLATS)
    client = client_for("colin.coordinator")
    url = reverse("matter-give-sight", args=[flats.public_id])
    assert "This goes along" not in client.get(url).content.decode(), "it stands beside the button"
    unit = actor_of("victor.voluntary").unit
    answers = {"who": f"unit.{unit.public_id}", "agreement": "victim_support_2018", "purpose": "reduce_asb"}
    text = client.get(url, answers).content.decode()
    for words in (
        "This goes along",
        "Must not know: Marcus Tindall",
        "Marcus Tindall must not learn about Joanne Frith",
    ):
        assert words in text, words


def test_your_work_is_marked_where_it_names_matters(client_for):
    marked = {
        who: 'data-marking="OFFICIAL-SENSITIVE"' in client_for(who).get("/").content.decode()
        for who in ("colin.coordinator", "ada.admin")
    }
    assert marked == {"colin.coordinator": True, "ada.admin": False}


def test_sights_of_one_person_within_a_minute_are_told_as_one(client_for, matter_of, actor_of, cast):
    flats = matter_of(FLATS)
    client = client_for("rachel.referrer")
    for _ in range(3):
        client.get(reverse("matter", args=[flats.public_id]))
    colin = actor_of("colin.coordinator")
    with entered(cast["colin.coordinator"]):
        told = sights_of([flats], colin)
    assert told.number >= 3
    assert [sight.name for sight in told.rows].count(cast["rachel.referrer"].name) == 1
