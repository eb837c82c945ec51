"""The log's pages: whose entries, which filters, and that reading is itself recorded."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.audit.models import Entry, Seal
from saferhub.partnership.access import Actor, Role
from saferhub.partnership.access.log import entries_visible_to
from saferhub.partnership.models import DutyOccurrence
from saferhub.partnership.operations import memberships
from saferhub.partnership.operations.duty_planning import plan_calendar
from saferhub.partnership.queries import log as queries
from saferhub.partnership.rules.dates_in_words import date_in_words


def text(answer):
    return answer.content.decode()


@pytest.fixture
def ian(client_for):
    return client_for("ian.governance")


def fill(actor, number, event="account.read", subject=("accounts.user", "SUBJECTOFATEST00")):
    for _ in range(number):
        audit.record_sight(event, subject, by=actor, purpose="manage_members")


@pytest.mark.parametrize("name", ["log", "log-csv"])
@pytest.mark.parametrize(
    "username", ["rachel.referrer", "maya.manager", "ada.admin", "ana.analyst", "olivia.outsider"]
)
def test_others_are_refused_with_the_reason(client_for, name, username):
    answer = client_for(username).get(reverse(name))
    assert answer.status_code == 403
    assert "The information governance lead can." in text(answer)


def test_an_entrys_page_is_refused_too(client_for):
    number = Entry.objects.order_by("-id").first().pk
    assert client_for("maya.manager").get(reverse("log-entry", args=[number])).status_code == 403


def test_governance_sees_her_own_partnerships_entries_alone(ian, actor_of):
    fill(actor_of("olivia.outsider"), 1, subject=("accounts.user", "OFTHEOTHERSIDE00"))
    fill(actor_of("rachel.referrer"), 1, subject=("accounts.user", "OFTHISSIDE000000"))
    page = text(ian.get(reverse("log")))
    assert "OFTHISSIDE000000" in page
    assert "OFTHEOTHERSIDE00" not in page
    theirs = Entry.objects.filter(partnership="wealdshire").last()
    assert ian.get(reverse("log-entry", args=[theirs.pk])).status_code == 404
    assert ian.get(reverse("log-entry", args=[10**18])).status_code == 404


def test_somebody_without_a_partnership_sees_no_entry(world):
    assert not entries_visible_to(Actor()).exists()


def test_reading_is_recorded_with_the_filters_names_and_shows_at_the_next_load(ian, cast):
    first = text(ian.get(reverse("log"), {"who": cast["rachel.referrer"].public_id, "kind": "write"}))
    assert "Read the log" not in first.partition("</form>")[2].rpartition("</form>")[2]
    entry = Entry.objects.get(event="audit.log_read")
    assert entry.codes["filters"] == ["kind", "who"]
    assert cast["rachel.referrer"].public_id not in str(entry.codes)
    assert (entry.kind, entry.actor) == ("sight", cast["ian.governance"].public_id)
    assert Entry.objects.filter(event="audit.log_read").count() == 1
    second = text(ian.get(reverse("log")))
    assert reverse("log-entry", args=[entry.pk]) in second


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"who": "rachel"}, True),
        ({"who": "maya"}, False),
        ({"agency": "selby_district_council"}, True),
        ({"agency": "north_yorkshire_police"}, False),
        ({"event": "account.read"}, True),
        ({"event": "account.left"}, False),
        ({"kind": "sight"}, True),
        ({"kind": "refusal"}, False),
        ({"subject": "SUBJECTOFATEST00"}, True),
        ({"subject": "subjectofatest00"}, False),
        ({"mark": "0123456789abcdef"}, False),
        ({"from": "today"}, True),
        ({"to": "today"}, True),
        ({"from": "1/1/2099"}, False),
        ({"to": "2017-12-31"}, False),
    ],
)
def test_each_filter_narrows(ian, cast, actor_of, query, found):
    rachel = actor_of("rachel.referrer")
    fill(rachel, 1)
    number = Entry.objects.order_by("-id").first().pk
    people = {"rachel": cast["rachel.referrer"].public_id, "maya": cast["maya.manager"].public_id}
    query = {name: people.get(value, value) for name, value in query.items()}
    today = timezone.localdate()
    query = {name: f"{today:%d/%m/%Y}" if value == "today" else value for name, value in query.items()}
    page = text(ian.get(reverse("log"), query))
    assert (reverse("log-entry", args=[number]) in page) is found


@pytest.mark.parametrize(
    "query", [{"from": "yesterday"}, {"to": "31/2/2018"}, {"from": "2/9/2018", "to": "1/9/2018"}]
)
def test_a_day_that_cannot_be_read_is_said_and_nothing_shown(ian, query):
    page = text(ian.get(reverse("log"), query))
    assert "There is a problem" in page
    assert "Mend the filters" in page
    assert ian.get(reverse("log-csv"), query).status_code == 400


def test_pages_follow_the_entries_and_keep_the_filters(ian, actor_of):
    fill(actor_of("rachel.referrer"), 120)
    query = {"subject": "SUBJECTOFATEST00"}
    numbers = list(
        Entry.objects.filter(subject="SUBJECTOFATEST00").order_by("-id").values_list("id", flat=True)
    )
    shown = []
    first = second = third = None
    first = ian.get(reverse("log"), query)
    second = ian.get(reverse("log"), {**query, "page": f"before-{numbers[49]}"})
    third = ian.get(reverse("log"), {**query, "page": f"before-{numbers[99]}"})
    back = ian.get(reverse("log"), {**query, "page": f"after-{numbers[100]}"})
    for answer in (first, second, third):
        shown += [row.entry.pk for row in answer.context["shown"].rows]
    assert shown == numbers
    assert f"?subject=SUBJECTOFATEST00&amp;page=before-{numbers[49]}" in text(first)
    assert third.context["older_url"] == ""
    assert first.context["newer_url"] == ""
    assert [row.entry.pk for row in back.context["shown"].rows] == numbers[50:100]


@pytest.mark.parametrize("page", ["before-x", "after-", "before-99999999999999999999", "sideways-3", "%00"])
def test_a_page_that_is_none_shows_the_newest(ian, page):
    assert ian.get(reverse("log"), {"page": page}).status_code == 200


def test_the_count_stops_at_a_thousand(actor_of, world):
    fill(actor_of("rachel.referrer"), 1_003)
    found = queries.entries(actor_of("ian.governance"), {"subject": "SUBJECTOFATEST00"})
    assert queries.counted(found) == (1_000, True)


def test_an_entrys_page_shows_all_that_is_held_and_says_when_it_is_not_sealed(ian, actor_of):
    fill(actor_of("rachel.referrer"), 1)
    entry = Entry.objects.order_by("-id").first()
    page = text(ian.get(reverse("log-entry", args=[entry.pk])))
    assert queries.spaced(entry.row_hash) in page
    assert "Not yet sealed." in page
    assert "Rachel Marsden" in page
    assert "account.read" in page
    assert "manage_members" in page


def test_a_sealed_entry_names_its_seal(ian, actor_of, monkeypatch):
    entry = Entry.objects.filter(partnership="north_yorkshire").order_by("id").first()
    seal = Seal(
        number=7,
        era=entry.era,
        from_xid=entry.xid,
        until_xid=entry.xid + 1,
        entries=3,
        seal_hash=b"\x01" * 32,
        sealed_at=entry.at,
        entries_hash=b"",
        previous_hash=b"",
    )
    monkeypatch.setattr(queries, "seal_over", lambda _: seal)
    page = text(ian.get(reverse("log-entry", args=[entry.pk])))
    assert "Seal 7" in page
    assert "2 others" in page


def test_a_seal_covers_the_entries_below_its_end(world):
    entry = Entry.objects.order_by("id").first()
    assert queries.seal_over(entry) is None


@pytest.mark.django_db(transaction=True)
def test_the_page_shows_the_last_seal_and_what_waits_for_the_next(world, client_for, actor_of):
    assert audit.seal() > 0
    client = client_for("ian.governance")
    seal = Seal.objects.order_by("-number").first()
    fill(actor_of("rachel.referrer"), 2)
    page = client.get(reverse("log"))
    assert queries.short(seal.seal_hash) in text(page)
    assert page.context["sealing"].unsealed >= 2
    entry = Entry.objects.filter(partnership="north_yorkshire").order_by("id").first()
    assert queries.seal_over(entry) == seal
    assert f"Seal {seal.number}" in text(client.get(reverse("log-entry", args=[entry.pk])))


def test_the_log_costs_the_same_queries_however_many_entries_there_are(ian, actor_of, cast, north_yorkshire):
    colin = cast["colin.coordinator"].memberships.get()
    duties = DutyOccurrence.objects.filter(partnership=north_yorkshire)

    def fill_with_everything(*usernames):
        for username in usernames:
            actor = actor_of(username)
            fill(actor, 2, subject=("accounts.user", actor.public_id))
            for duty in duties[:4]:
                audit.record_sight(
                    "account.read", duty, by=actor, hub=colin.hub.code, unit=colin.unit.public_id
                )

    ian.get(reverse("log"))
    fill_with_everything("rachel.referrer")
    with CaptureQueriesContext(connection) as few:
        ian.get(reverse("log"))
    fill_with_everything("rachel.referrer", "maya.manager", "chris.chair", "priya.partner", "ada.admin")
    with CaptureQueriesContext(connection) as many:
        ian.get(reverse("log"))
    assert len(many) == len(few)


def rows_of(answer):
    return list(csv.reader(io.StringIO(text(answer).removeprefix("\ufeff"))))


def test_the_file_holds_the_filtered_entries_and_the_export_is_recorded(ian, actor_of):
    fill(actor_of("rachel.referrer"), 3)
    rows = rows_of(ian.get(reverse("log-csv"), {"subject": "SUBJECTOFATEST00"}))
    assert len(rows) == 4
    assert "Rachel Marsden" in rows[1]
    entry = Entry.objects.get(event="audit.log_exported")
    assert entry.codes == {"filters": ["subject"], "rows": 3}


def test_the_file_stops_at_its_limit_and_says_so(ian, actor_of, monkeypatch):
    monkeypatch.setattr(queries, "MOST_EXPORTED", 5)
    fill(actor_of("rachel.referrer"), 8)
    rows = rows_of(ian.get(reverse("log-csv"), {"subject": "SUBJECTOFATEST00"}))
    assert len(rows) == 7
    assert rows[-1][0].startswith("Only the newest 5 entries")
    assert Entry.objects.get(event="audit.log_exported").codes["rows"] == 5


def test_no_name_in_the_file_can_be_a_formula(ian, cast, actor_of):
    person = cast["rachel.referrer"]
    person.name = "=1+1"
    person.save(update_fields=["name"])
    fill(actor_of("rachel.referrer"), 1)
    rows = rows_of(ian.get(reverse("log-csv"), {"subject": "SUBJECTOFATEST00"}))
    assert "'=1+1" in rows[1]


# --- Entries without an actor -------------------------------------------------------------------------------


def try_to_sign_in(email):
    return Client().post("/sign-in/", {"login": email, "password": "not this one"})


def refusals(event):
    return list(Entry.objects.using("refusals").filter(event=event).order_by("id"))


def test_a_failed_sign_in_belongs_to_the_accounts_partnership_and_to_nobody_who_acted(cast):
    try_to_sign_in(cast["rachel.referrer"].email)
    try_to_sign_in(cast["olivia.outsider"].email)
    try_to_sign_in("nobody@example.org")
    found = refusals("account.sign_in_failed")[-3:]
    assert [entry.partnership for entry in found] == ["north_yorkshire", "wealdshire", ""]
    assert {(entry.actor, entry.agency) for entry in found} == {("", "")}


def test_a_failed_sign_in_on_a_leavers_account_still_belongs_to_her_partnership(cast, actor_of):
    rachel, maya = cast["rachel.referrer"], actor_of("maya.manager")
    memberships.record_leaver(
        rachel, by=maya, on=maya.on, left_on=maya.on - timedelta(days=9), reason="New employer"
    )
    try_to_sign_in(rachel.email)
    assert refusals("account.sign_in_failed")[-1].partnership == "north_yorkshire"


def test_a_failed_sign_in_asks_the_database_as_much_without_an_account_as_with_one(cast):
    try_to_sign_in("warm@example.org")
    asked = []
    for email in (cast["rachel.referrer"].email, "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries_made:
            try_to_sign_in(email)
        asked.append(len(queries_made))
    assert asked[0] == asked[1]


@pytest.mark.django_db(transaction=True)
def test_governance_reads_of_a_failed_sign_in_and_the_other_partnership_does_not(world, client_for):
    rachel = User.objects.get(username="rachel.referrer")
    try_to_sign_in(rachel.email)
    entry = Entry.objects.get(event="account.sign_in_failed")
    olivia = User.objects.get(username="olivia.outsider")
    olivia.memberships.update(role="information_governance")
    ian, theirs = client_for("ian.governance"), client_for("olivia.outsider")
    (row,) = [row for row in ian.get(reverse("log")).context["shown"].rows if row.entry.pk == entry.pk]
    assert (row.who, row.agency, row.words) == ("Somebody not signed in", "", "failed to sign in")
    assert row.subject_name == "Rachel Marsden"
    page = text(ian.get(reverse("log-entry", args=[entry.pk])))
    assert "Somebody not signed in" in page
    assert "The system" not in page
    assert reverse("log-entry", args=[entry.pk]) not in text(theirs.get(reverse("log")))
    assert theirs.get(reverse("log-entry", args=[entry.pk])).status_code == 404


def test_what_the_demonstration_made_is_in_its_partnerships_logs(ian, cast):
    rachel = cast["rachel.referrer"]
    joined = Entry.objects.get(event="account.joined", subject=rachel.public_id)
    assert (joined.actor, joined.partnership) == ("", "north_yorkshire")
    page = ian.get(reverse("log"), {"subject": rachel.public_id, "event": "account.joined"})
    assert [row.who for row in page.context["shown"].rows] == ["The system"]
    given = Entry.objects.filter(event="member.role_given", partnership="wealdshire")
    assert given.count() == 1
    assert not Entry.objects.filter(event="account.joined", partnership="").exists()


def test_what_the_daily_job_plans_is_in_the_partnerships_log(north_yorkshire, actor_of):
    plan_calendar(north_yorkshire, on=actor_of("maya.manager").on + timedelta(days=200), by=None)
    planned = Entry.objects.filter(event="duty.planned", actor="")
    assert planned.exists()
    assert set(planned.values_list("partnership", flat=True)) == {"north_yorkshire"}


# --- Days, words and switches ------------------------------------------------------------------------------


def test_days_filter_by_the_day_that_is_shown_and_both_days_are(ian, actor_of):
    rachel = actor_of("rachel.referrer")
    fill(rachel, 1)
    entry = Entry.objects.order_by("-id").first()
    shown, business = timezone.localtime(entry.at).date(), timezone.localtime(entry.business_at).date()
    assert shown != business
    page = ian.get(reverse("log"), {"from": f"{shown:%d/%m/%Y}", "to": f"{shown:%d/%m/%Y}"})
    assert entry.pk in [row.entry.pk for row in page.context["shown"].rows]
    assert f"{date_in_words(business)} in the demonstration" in text(page)
    earlier = ian.get(reverse("log"), {"to": f"{business:%d/%m/%Y}"})
    assert entry.pk not in [row.entry.pk for row in earlier.context["shown"].rows]


def test_links_choose_days_and_keep_the_other_filters(ian, actor_of):
    fill(actor_of("rachel.referrer"), 1)
    page = ian.get(reverse("log"), {"kind": "sight", "page": "before-3"})
    links = {link["words"]: link["url"] for link in page.context["day_links"]}
    assert list(links) == ["Today", "Yesterday", "Last 7 days"]
    assert "kind=sight" in links["Today"]
    assert "page=" not in links["Today"]
    today = ian.get(links["Today"])
    assert "SUBJECTOFATEST00" in text(today)
    assert 'aria-current="true"' in text(today)
    assert "SUBJECTOFATEST00" in text(ian.get(links["Last 7 days"]))
    assert "SUBJECTOFATEST00" not in text(ian.get(links["Yesterday"]))


def test_readings_of_the_log_can_be_hidden_and_the_address_keeps_it(ian, actor_of):
    fill(actor_of("rachel.referrer"), 1)
    ian.get(reverse("log"))
    page = ian.get(reverse("log"), {"kind": "sight"})
    assert "audit.log_read" in [row.entry.event for row in page.context["shown"].rows]
    hidden = ian.get(page.context["readings_url"])
    assert "audit.log_read" not in [row.entry.event for row in hidden.context["shown"].rows]
    assert "SUBJECTOFATEST00" in text(hidden)
    assert '<input type="hidden" name="hide" value="readings">' in text(hidden)
    assert all("hide=readings" in link["url"] for link in hidden.context["day_links"])
    assert "hide=readings" in hidden.context["export_url"]
    assert "hide" not in hidden.context["readings_url"]
    assert "Read the log" not in [
        row[6].capitalize() for row in rows_of(ian.get(hidden.context["export_url"]))
    ]


def test_codes_are_said_in_words(ian, actor_of, cast):
    maya, on = actor_of("maya.manager"), actor_of("maya.manager").on
    rachel = cast["rachel.referrer"]
    hub = cast["colin.coordinator"].memberships.get().hub
    memberships.give_role(rachel, role=Role.MINUTE_TAKER, hub=hub, by=maya, on=on)
    (row,) = [
        row
        for row in ian.get(reverse("log"), {"event": "member.role_given"}).context["shown"].rows
        if row.entry.actor == maya.public_id
    ]
    unit = rachel.memberships.first().unit
    assert row.details.startswith(f"Minute-taker; {hub.name}; {unit.name}, {unit.agency.name}; on ")
    assert row.subject_name == rachel.name


def test_why_something_was_read_is_a_column(ian, actor_of):
    fill(actor_of("maya.manager"), 1)
    page = ian.get(reverse("log"), {"subject": "SUBJECTOFATEST00"})
    assert [row.why for row in page.context["shown"].rows] == ["Looking after members"]
    assert "Looking after members" in text(page)


def test_a_duty_is_named_and_led_to(ian, actor_of, north_yorkshire):
    duty = DutyOccurrence.objects.filter(partnership=north_yorkshire).first()
    fill(actor_of("maya.manager"), 1, subject=duty)
    fill(actor_of("maya.manager"), 1, subject=("partnership.dutyoccurrence", "GONE000000000000"))
    rows = ian.get(reverse("log"), {"kind": "sight", "event": "account.read"}).context["shown"].rows
    named = [(row.subject_name, row.subject_url) for row in rows]
    assert named == [("", ""), (duty.title, reverse("calendar-item", args=[duty.public_id]))]


def test_a_code_without_words_is_shown_as_it_stands():
    names = queries._Names({}, {}, {}, {}, {})
    codes = {"role": "dog_warden", "hub": "gone", "unit": "GONE", "reason": "lost", "on": "never"}
    assert list(queries._details(codes, names)) == ["dog_warden", "The telephone is lost or was stolen"]
    assert list(queries._details({"reason": "moved_on"}, names)) == ["Moved on"]
