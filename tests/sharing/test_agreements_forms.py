"""The pages on which agreements are kept: what each answers, to bad input too."""

from __future__ import annotations

import pytest

from saferhub.partnership.access import actor_for
from saferhub.sharing.forms.agreements import values_of
from saferhub.sharing.models import Agreement, AgreementStatus
from saferhub.sharing.operations import agreements as operations
from saferhub.sharing.operations import agreements_text as texts
from saferhub.sharing.queries.agreements_terms import terms_of

from .agreements_world import agreement, make
from .test_agreements_operations import TERMS


@pytest.fixture
def ian(client_for):
    return client_for("ian.governance")


@pytest.fixture
def draft(cast):
    by = actor_for(cast["ian.governance"])
    return texts.write_draft(terms=TERMS, by=by, on=by.on)


def _posted(terms, **changes):
    data = {}
    for name, value in {**values_of(terms), **changes}.items():
        if name in {"first_day", "last_day", "review_on"}:
            if value:
                data |= {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}
        elif isinstance(value, bool):
            data[name] = "yes" if value else "no"
        else:
            data[name] = value
    return data


def _day(name, day, month, year):
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


# --- writing --------------------------------------------------------------------------------------


def test_a_draft_is_written_by_form(ian):
    answer = ian.post("/agreements/write/", _posted(TERMS))
    assert answer.status_code == 302, answer.content.decode()
    assert terms_of(Agreement.objects.get(title="Trial agreement")) == TERMS


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Enter the title"),
        ({"title": "x" * 201}, "must be 200 characters or fewer"),
        ({"covers": ""}, "Answer the question: Which hubs does it cover?"),
        ({"covers": "some", "hubs": []}, "Choose at least one hub, or every hub"),
        ({"opens_hubs": "perhaps"}, "Select a valid choice"),
        ({"purposes": ["no_such_purpose"]}, "Select a valid choice"),
        ({"parties": ["wealdshire_council"]}, "Select a valid choice"),
        (_day("last_day", 30, 2, 2019), "must have a day from 1 to 28"),
        (_day("last_day", 1, 1, 2018), "The last day must be the first day or later"),
        (_day("review_on", 1, 1, 2018), "The review must fall on the first day or later"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_typed_is_lost(ian, changes, words):
    answer = ian.post("/agreements/write/", {**_posted(TERMS), "necessity": "Typed & kept", **changes})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Error:" in text
    assert "Typed &amp; kept" in text
    assert words in text or ("Choose" in text and "from the list" in text), words
    assert not Agreement.objects.filter(title="Trial agreement").exists()


def test_the_second_editor_sees_both_versions_and_chooses(ian, draft):
    address = f"/agreements/{draft.public_id}/edit/"
    form = _posted(TERMS, about="Mine") | {"seen": "1"}
    assert ian.post(address, _posted(TERMS, about="Theirs") | {"seen": "1"}).status_code == 302
    answer = ian.post(address, form)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in text
    assert "Mine" in text
    chosen = ian.post(address, form | {"seen": "2", "both_versions": "1", "choice-about": "mine"})
    assert chosen.status_code == 302
    draft.refresh_from_db()
    assert (draft.about, draft.version) == ("Mine", 3)


def test_the_edit_page_warns_that_signatures_go(ian, draft, cast):
    by = actor_for(cast["ian.governance"])
    assert "signs again" not in ian.get(f"/agreements/{draft.public_id}/edit/").content.decode()
    operations.record_signature(
        agreement_id=draft.public_id,
        party_id=draft.parties.first().public_id,
        post="Chief",
        day=by.on,
        by=by,
        on=by.on,
    )
    assert "1 signature is recorded" in ian.get(f"/agreements/{draft.public_id}/edit/").content.decode()


def test_nothing_is_left_in_the_pack_of_the_demonstration(ian):
    assert "Nothing is left to take" in ian.get("/agreements/from-pack/").content.decode()
    assert ian.post("/agreements/from-pack/", {"code": "hubs_2018"}).status_code == 200


# --- in and out of force --------------------------------------------------------------------------


def test_the_page_says_all_that_is_missing_and_the_act_refuses_it(ian, draft):
    page = ian.get(f"/agreements/{draft.public_id}/put-in-force/").content.decode()
    assert "At least two parties have signed" in page
    assert "Put in force</button>" not in page
    answer = ian.post(f"/agreements/{draft.public_id}/put-in-force/")
    assert answer.status_code == 403
    assert "At least two parties have signed" in answer.content.decode()


def test_signed_by_form_it_comes_into_force(ian, draft):
    for party in draft.parties.all():
        address = f"/agreements/{draft.public_id}/parties/{party.public_id}/sign/"
        assert "Enter the post" in ian.post(address, _day("day", 1, 8, 2018)).content.decode()
        late = {"post": "Chief Executive", **_day("day", 1, 8, 2030)}
        assert "must be today or earlier" in ian.post(address, late).content.decode()
        assert ian.post(address, {"post": "Chief Executive", **_day("day", 1, 8, 2018)}).status_code == 302
    assert ian.post(f"/agreements/{draft.public_id}/put-in-force/").status_code == 302
    draft.refresh_from_db()
    assert draft.status == AgreementStatus.IN_FORCE


@pytest.mark.parametrize("act", ["suspend", "end"])
def test_what_stops_is_said_in_counts_beforehand(ian, cast, act):
    make(cast)
    address = f"/agreements/{agreement('hubs_2018').public_id}/{act}/"
    text = ian.get(address).content.decode()
    assert "What stops at once" in text
    assert "lose" in text
    assert "3 people" in text
    assert "Enter the reason" in ian.post(address, {"reason": " "}).content.decode()
    assert ian.post(address, {"reason": "A breach is looked into"}).status_code == 302
    assert ian.post(address, {"reason": "Twice"}).status_code == 409


def test_the_page_to_withdraw_says_what_that_party_loses(ian, cast):
    make(cast)
    found = agreement("victim_support_2018")
    party = found.parties.get(agency__code="victim_support_service")
    address = f"/agreements/{found.public_id}/parties/{party.public_id}/withdraw/"
    assert "will no longer see" in ian.get(address).content.decode()
    past = ian.post(address, {"reason": "It left", **_day("day", 1, 8, 2018)})
    assert "must be today or later" in past.content.decode()
    assert ian.post(address, {"reason": "It left", **_day("day", 1, 9, 2030)}).status_code == 302
    text = ian.get(f"/agreements/{found.public_id}/").content.decode()
    assert "Withdraws" in text
    assert "It left" in text


def test_a_review_is_recorded_by_form(ian):
    found = agreement("hubs_2018")
    address = f"/agreements/{found.public_id}/review/"
    assert "Enter the day of the review" in ian.post(address, {}).content.decode()
    sent = {"findings": "All well", **_day("reviewed_on", 1, 8, 2018), **_day("next_review_on", 1, 8, 2019)}
    assert ian.post(address, {**sent, **_day("next_review_on", 1, 7, 2018)}).status_code == 200
    assert ian.post(address, sent).status_code == 302
    assert "All well" in ian.get(f"/agreements/{found.public_id}/").content.decode()


def test_a_replacement_links_both_ways(ian):
    old = agreement("mental_health_2018")
    answer = ian.post(f"/agreements/{old.public_id}/replace/")
    assert answer.status_code == 302
    assert "Replaces" in ian.get(answer["Location"]).content.decode()
    assert "Replaced by" in ian.get(f"/agreements/{old.public_id}/").content.decode()


ACTS = ("edit", "put-in-force", "suspend", "resume", "end", "review", "replace")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("act", ACTS)
def test_colleagues_are_refused_and_strangers_find_nothing(client_for, act, method):
    address = f"/agreements/{agreement('hubs_2018').public_id}/{act}/"
    for username in ("rachel.referrer", "maya.manager", "ada.admin"):
        assert getattr(client_for(username), method)(address).status_code == 403, username
    assert getattr(client_for("olivia.outsider"), method)(address).status_code == 404


def test_a_party_of_another_agreement_is_not_found(ian):
    found = agreement("hubs_2018")
    other = agreement("mental_health_2018").parties.first()
    for act in ("sign", "withdraw"):
        assert ian.get(f"/agreements/{found.public_id}/parties/{other.public_id}/{act}/").status_code == 404


# --- the register ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("standing=in_force", {"hubs_2018", "mental_health_2018", "victim_support_2018"}),
        ("standing=suspended", set()),
        ("standing=review_due", set()),
        ("standing=nonsense", {"hubs_2018", "mental_health_2018", "victim_support_2018"}),
        ("agency=schools", {"hubs_2018"}),
        ("purpose=hate_crime", {"hubs_2018", "victim_support_2018"}),
        ("hub=selby&agency=victim_support_service", {"hubs_2018", "victim_support_2018"}),
        ("sort=-parties", {"hubs_2018", "mental_health_2018", "victim_support_2018"}),
        ("sort=nonsense&page=99", {"hubs_2018", "mental_health_2018", "victim_support_2018"}),
    ],
)
def test_the_register_filters_and_sorts(ian, query, titles):
    text = ian.get(f"/agreements/?{query}").content.decode()
    for code in ("hubs_2018", "mental_health_2018", "victim_support_2018"):
        assert (agreement(code).public_id in text) == (code in titles), code
    if not titles:
        assert "No agreement answers to these filters" in text


def test_the_register_is_exported_with_counts_for_those_who_are_told(client_for):
    for username, counts in (("ian.governance", True), ("rachel.referrer", False)):
        answer = client_for(username).get("/agreements/export.csv?agency=schools")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        text = answer.content.decode()
        assert ("Dormant" in text) == counts
        assert "safety hubs agreement" in text
        assert "Mental health" not in text


def test_a_review_that_is_due_is_marked(ian):
    Agreement.objects.filter(code="hubs_2018").update(review_on="2018-08-01")
    assert "Review due" in ian.get("/agreements/?standing=review_due").content.decode()


def test_without_any_agreement_the_register_says_what_that_means(ian):
    text = ian.get("/agreements/?standing=ended").content.decode()
    assert "Clear" in text or "clear" in text


def test_reading_an_agreement_is_recorded(client_for, cast):
    from saferhub.audit.models import Entry

    found = agreement("hubs_2018")
    client_for("rachel.referrer").get(f"/agreements/{found.public_id}/")
    entry = Entry.objects.get(event="agreement.seen", subject=found.public_id)
    assert entry.actor == cast["rachel.referrer"].public_id
