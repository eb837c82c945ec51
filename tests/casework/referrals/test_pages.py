"""Writing a referral on its pages: nothing typed is lost, it is sent once, and each reader sees her side of it."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.casework import access
from saferhub.casework.models import Involved, Referral
from saferhub.casework.queries import referral_lists
from saferhub.foundation import clock
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Enclosure
from tests.accounts.test_sessions import inputs
from tests.accounts.test_sessions import send as send_kept
from tests.builders.casework import actor
from tests.builders.referrals import a_question, a_referral

pytestmark = pytest.mark.django_db
RACHEL, COLIN = "rachel.referrer", "colin.coordinator"
KIND = {
    "subject_kind": "individual",
    "title": "Shouting in a stairwell",
    "purpose": "reduce_asb",
    "to_hub": "selby",
    "then": "continue",
}
HAPPENING = {"happened": "Shouting since May.", "where": "", "urgent": "no", "urgent_why": ""}


def now(cast: dict[str, Any], referral: Referral) -> Referral:
    with entered(cast[RACHEL]):
        return access.get_referral(actor(cast, RACHEL), referral.matter.public_id)


def step_url(referral: Referral, part: str) -> str:
    return reverse("referral-step", args=[referral.matter.public_id, part])


def hidden(page: str) -> dict[str, str]:
    return {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    }


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_a_referral_is_begun_written_in_any_order_checked_and_sent(
    client_for: Any, cast: dict[str, Any]
) -> None:
    client = client_for(RACHEL)
    begun = client.post(reverse("referral-start"), KIND)
    matter_id = begun["Location"].split("/")[2]
    assert begun["Location"] == reverse("referral-people", args=[matter_id])

    def post(part: str, **fields: str) -> str:
        url = reverse("referral-step", args=[matter_id, part])
        mark = hidden(client.get(url).content.decode())["seen"]
        return str(client.post(url, {**fields, "seen": mark, "then": "continue"})["Location"])

    assert "/safety/" in post("tried", tried="Visits.", asked_for="A plan.")
    assert post("safety", children="no", wishes="", told="yes").endswith("/check/")
    check = reverse("referral-check", args=[matter_id])
    assert "Say which person it is about" in text_of(client.get(check))
    assert "Send referral" not in text_of(client.get(check))
    assert "/tried/" in post("happening", **HAPPENING)

    # A person: looked for, made, and then said as what.
    known = client.post(reverse("search-before-create", args=[matter_id]), {"name": "Sam Oldroyd"})
    assert "Make a new record" in text_of(client.get(known["Location"]))
    made = client.post(
        reverse("known-person-new", args=[matter_id]),
        {"name_kind": "known_as", "given": "Sam", "family": "Oldroyd"},
    )
    assert made["Location"].startswith(f"/referrals/{matter_id}/people/person/")
    part = client.post(made["Location"], {"role": "alleged_perpetrator", "is_subject": "on"})
    assert part["Location"] == reverse("referral-people", args=[matter_id])
    assert "Alleged perpetrator" in text_of(client.get(part["Location"]))

    page = client.get(check).content.decode()
    assert "Shouting since May." in page and "Crime and Disorder Act 1998, section 115" in page
    rests = re.findall(r'name="rests"[^>]*value="([^"]+)"', page)[0]
    sent = client.post(check, {"seen": hidden(page)["seen"], "rests": rests})
    assert sent["Location"] == reverse("referral-receipt", args=[matter_id])
    receipt = text_of(client.get(sent["Location"]))
    assert "SEL-" in receipt and "Colin Ashworth" in receipt and "4 Sep" in receipt
    again = client.post(check, {"seen": hidden(page)["seen"], "rests": rests})
    assert again["Location"] == reverse("referral", args=[matter_id])
    assert Entry.objects.filter(event="referral.sent", subject=matter_id).count() == 1


def test_a_double_click_begins_one_referral(client_for: Any, cast: dict[str, Any]) -> None:
    client = client_for(RACHEL)
    mark = hidden(client.get(reverse("referral-start")).content.decode())["once"]
    first, second = (client.post(reverse("referral-start"), {**KIND, "once": mark}) for _ in range(2))
    assert first["Location"] == second["Location"]
    with entered(cast[RACHEL]):
        rows = access.referrals_visible_to(actor(cast, RACHEL))
        assert rows.filter(matter__title=KIND["title"]).count() == 1


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    client_for: Any, cast: dict[str, Any]
) -> None:
    draft = a_referral(cast, sent=False)
    url = step_url(draft, "safety")
    page = client_for(RACHEL).post(
        url,
        {
            "seen": draft.version,
            "children": "yes",
            "children_words": "",
            "told": "no",
            "not_told_why": "",
            "wishes": "Łódź & peace",
            "then": "continue",
        },
    )
    text = page.content.decode()
    assert page.status_code == 200 and "<title>Error:" in text
    assert "Say which children" in text and "Say why the person was not told" in text
    assert "Łódź &amp; peace" in text
    assert now(cast, draft).children == "no"


def test_leaving_saves_what_is_half_written(client_for: Any, cast: dict[str, Any]) -> None:
    draft = a_referral(cast, sent=False)
    answer = client_for(RACHEL).post(
        step_url(draft, "safety"),
        {"seen": draft.version, "children": "yes", "children_words": "", "told": "", "then": "leave"},
    )
    assert answer["Location"] == reverse("referral-drafts")
    assert (now(cast, draft).children, now(cast, draft).told) == ("yes", "")


@pytest.mark.parametrize("to", ["kind", "people", "tried", "safety", "check"])
def test_going_to_another_step_at_the_top_saves_what_is_typed(
    client_for: Any, cast: dict[str, Any], to: str
) -> None:
    draft = a_referral(cast, sent=False)
    client = client_for(RACHEL)
    page = client.get(step_url(draft, "happening")).content.decode()
    (button,) = re.findall(rf'<button[^>]*name="then" value="{to}"[^>]*>', page)
    (form,) = re.findall(r'<form[^>]*id="([^"]+)"[^>]*method="post"', page)
    assert f'form="{form}"' in button and "formnovalidate" in button
    answer = client.post(
        step_url(draft, "happening"),
        {"seen": draft.version, "happened": "Half a", "urgent": "yes", "urgent_why": "", "then": to},
    )
    assert f"/{to}/" in answer["Location"]
    assert (now(cast, draft).happened, now(cast, draft).urgent) == ("Half a", True)


def test_whether_somebody_was_told_is_asked_only_where_somebody_is_or_must_be_named(
    client_for: Any, cast: dict[str, Any]
) -> None:
    client = client_for(RACHEL)
    nobody = a_referral(cast, sent=False, subject_kind="location", people=False, words={"told": ""})
    person = a_referral(cast, sent=False, people=False)
    asked = 'name="told"'
    assert asked in client.get(step_url(person, "safety")).content.decode()
    page = client.get(step_url(nobody, "safety")).content.decode()
    assert asked not in page
    assert "Who it is about (done)" not in text_of(client.get(step_url(nobody, "kind")))
    check = text_of(client.get(reverse("referral-check", args=[nobody.matter.public_id])))
    assert "was told" not in check and "Children affected" in check


def test_the_enter_key_continues_and_does_not_go_to_a_step(client_for: Any, cast: dict[str, Any]) -> None:
    draft = a_referral(cast, sent=False)
    page = client_for(RACHEL).get(step_url(draft, "kind")).content.decode()
    buttons = re.findall(r'<button[^>]*form="step"[^>]*>', page)
    assert 'value="continue"' in buttons[0] and "hidden" in buttons[0]


def test_the_step_of_people_goes_to_another_step_too(client_for: Any, cast: dict[str, Any]) -> None:
    draft = a_referral(cast, sent=False)
    url = reverse("referral-people", args=[draft.matter.public_id])
    assert client_for(RACHEL).post(url, {"then": "safety"})["Location"] == step_url(draft, "safety")


def test_a_text_of_two_thousand_words_survives_an_expired_session(
    client_for: Any, cast: dict[str, Any], later: Any
) -> None:
    draft = a_referral(cast, sent=False)
    words = " ".join(f"wörd{number}" for number in range(2000))
    client = client_for(RACHEL)
    client.get(step_url(draft, "happening"))
    later(timedelta(minutes=31))
    fields = {**HAPPENING, "happened": words, "seen": draft.version, "then": "leave"}
    answer = client.post(step_url(draft, "happening"), fields)
    assert answer["Location"].startswith("/sign-in/")
    assert now(cast, draft).happened != words
    client.post("/demo/sign-in", {"username": RACHEL})
    kept = client.get("/kept-forms/")
    assert "A referral" in text_of(kept)
    (form,) = inputs(kept.content)
    assert send_kept(client, form).status_code == 302
    assert now(cast, draft).happened == words


def test_two_tabs_on_one_step_are_shown_both_versions_and_on_two_steps_both_are_saved(
    client_for: Any, cast: dict[str, Any]
) -> None:
    draft = a_referral(cast, sent=False)
    client = client_for(RACHEL)
    seen = draft.version

    def post(part: str, **fields: str) -> Any:
        return client.post(step_url(draft, part), {**fields, "seen": seen, "then": "continue"})

    assert post("tried", tried="From the first tab.", asked_for="A plan.").status_code == 302
    clash = post("tried", tried="From the second tab.", asked_for="A plan.")
    assert clash.status_code == 409
    assert "From the first tab." in text_of(clash) and "From the second tab." in text_of(clash)
    assert post("happening", **HAPPENING).status_code == 302
    found = now(cast, draft)
    assert (found.tried, found.happened) == ("From the first tab.", "Shouting since May.")


def test_a_draft_changed_while_its_answers_were_read_is_not_sent(
    client_for: Any, cast: dict[str, Any]
) -> None:
    draft = a_referral(cast, sent=False)
    client = client_for(RACHEL)
    check = reverse("referral-check", args=[draft.matter.public_id])
    page = client.get(check).content.decode()
    rests = re.findall(r'name="rests"[^>]*value="([^"]+)"', page)[0]
    client.post(
        step_url(draft, "tried"),
        {"seen": draft.version, "tried": "Else.", "asked_for": "A plan.", "then": "leave"},
    )
    answer = client.post(check, {"seen": hidden(page)["seen"], "rests": rests})
    assert answer["Location"] == check and now(cast, draft).status == "draft"


@pytest.mark.parametrize(
    ("people", "label"),
    [(True, "What the person who is harmed wants"), (False, "What anybody who is harmed wants (optional)")],
)
def test_what_is_wanted_is_optional_where_nobody_in_it_is_harmed(
    people: bool, label: str, client_for: Any, cast: dict[str, Any]
) -> None:
    draft = a_referral(cast, sent=False, people=people)
    page = client_for(RACHEL).get(reverse("referral-check", args=[draft.matter.public_id]))
    assert label in text_of(page)


def test_a_draft_goes_on_at_its_first_open_step(client_for: Any, cast: dict[str, Any]) -> None:
    draft = a_referral(cast, sent=False, words={"tried": ""})
    client = client_for(RACHEL)
    listed = text_of(client.get(reverse("referral-drafts")))
    assert "Noise at night in a stairwell" in listed and "Draft" in listed
    answer = client.get(reverse("referral", args=[draft.matter.public_id]))
    assert answer["Location"] == step_url(draft, "tried")


@pytest.mark.parametrize("username", [COLIN, "maya.manager", "nadia.neighbour", "priya.partner"])
def test_a_draft_is_nobody_elses_page(client_for: Any, cast: dict[str, Any], username: str) -> None:
    draft = a_referral(cast, sent=False)
    client = client_for(username)
    matter_id = draft.matter.public_id
    for url in (
        reverse("referral", args=[matter_id]),
        reverse("matter", args=[matter_id]),
        step_url(draft, "happening"),
        reverse("referral-check", args=[matter_id]),
    ):
        assert client.get(url).status_code == 404
    assert "Noise at night" not in text_of(client.get(reverse("referral-drafts")))


def test_the_part_somebody_has_can_be_changed_and_taken_back(client_for: Any, cast: dict[str, Any]) -> None:
    draft = a_referral(cast, sent=False)
    client = client_for(RACHEL)
    matter_id = draft.matter.public_id

    def stands() -> list[tuple[str, str, bool]]:
        with entered(cast[RACHEL]):
            rows = access.parts_readable_by(actor(cast, RACHEL), Involved)
            rows = rows.filter(matter=draft.matter_id, ended_on__isnull=True).order_by("id")
            return [(row.person.name, row.role, row.is_subject) for row in rows]

    with entered(cast[RACHEL]):
        rows = access.parts_readable_by(actor(cast, RACHEL), Involved).filter(matter=draft.matter_id)
        jo = rows.select_related("person").get(role="victim")
    url = reverse("referral-part", args=[matter_id, "person", jo.person.public_id])
    client.post(url, {"role": "witness"})
    assert stands() == [
        ("Sam Oldroyd", "alleged_perpetrator", True),
        ("Jo Frith", "witness", False),
    ]
    with entered(cast[RACHEL]):
        rows = access.parts_readable_by(actor(cast, RACHEL), Involved).filter(matter=draft.matter_id)
        changed = rows.get(role="witness").public_id
    client.post(reverse("referral-not-in-it", args=[matter_id, changed]), {"reason": "Named by mistake."})
    assert stands() == [("Sam Oldroyd", "alleged_perpetrator", True)]
    with entered(cast[RACHEL]):
        lying = Enclosure.objects.filter(outer=draft.folder_id, ended_at__isnull=True)
        assert lying.count() == 1


def test_a_record_of_the_unit_is_put_in_as_it_is_and_not_made_twice(
    client_for: Any, cast: dict[str, Any]
) -> None:
    first = a_referral(cast)
    draft = a_referral(cast, sent=False, people=False)
    client = client_for(RACHEL)
    matter_id = draft.matter.public_id
    known = client.post(reverse("search-before-create", args=[matter_id]), {"name": "Sam Oldroyd"})
    page = client.get(known["Location"]).content.decode()
    (url,) = set(re.findall(rf'href="(/referrals/{matter_id}/people/person/[^"]+)"', page))
    assert client.get(url).status_code == 200
    client.post(url, {"role": "alleged_perpetrator", "is_subject": "on"})
    with entered(cast[RACHEL]):
        rows = access.parts_readable_by(actor(cast, RACHEL), Involved)
        assert (
            rows.get(matter=draft.matter_id).person_id
            == rows.get(matter=first.matter_id, role="alleged_perpetrator").person_id
        )


def test_a_place_of_the_unit_is_found_before_a_new_one_is_made(client_for: Any, cast: dict[str, Any]) -> None:
    draft = a_referral(cast, sent=False)
    client = client_for(RACHEL)
    matter_id = draft.matter.public_id
    url = reverse("referral-place", args=[matter_id])
    assert "No place like this" in text_of(client.post(url, {"words": "Nonsuch pavilion"}))
    made = client.post(
        reverse("place-new", args=[matter_id]), {"name": "Nonsuch pavilion", "kind": "open_space"}
    )
    assert made["Location"].startswith(f"/referrals/{matter_id}/people/place/")
    assert client.post(made["Location"], {"is_subject": "on"}).status_code == 302
    other = a_referral(cast, sent=False)
    found = client.post(
        reverse("referral-place", args=[other.matter.public_id]), {"words": "Nonsuch pavilion"}
    )
    assert "Is one of these the place you mean?" in text_of(found)


def test_the_referrer_sees_her_referral_its_clock_and_its_fate_and_no_more(
    client_for: Any, cast: dict[str, Any]
) -> None:
    referral = a_referral(cast)
    url = reverse("referral", args=[referral.matter.public_id])
    text = text_of(client_for(RACHEL).get(url))
    for words in (
        "0 of 5 working days used",
        "Shouting and banging",
        "Colin Ashworth",
        "Withdraw this referral",
    ):
        assert words in text
    for words in ("Decide", "The referrer does not see this"):
        assert words not in text
    assert Entry.objects.filter(event="referral.seen", subject=referral.matter.public_id).count() == 1


@pytest.mark.parametrize(
    ("username", "decides"), [(COLIN, True), ("chris.chair", False), ("mina.minutes", False)]
)
def test_the_hub_reads_all_of_it_and_who_decides_may_decide(
    client_for: Any, cast: dict[str, Any], username: str, decides: bool
) -> None:
    referral = a_referral(cast)
    answer = client_for(username).get(reverse("referral", args=[referral.matter.public_id]))
    text = text_of(answer)
    for words in ("Shouting and banging", "Sam Oldroyd", "Rachel Marsden", "Referred by"):
        assert words in text
    decide = reverse("referral-decide", args=[referral.matter.public_id])
    assert (f'href="{decide}"' in answer.content.decode()) == decides
    assert "Withdraw this referral" not in text


def test_a_question_is_answered_on_its_page_and_the_answer_stays_when_it_is_empty(
    client_for: Any, cast: dict[str, Any]
) -> None:
    referral = a_question(cast)
    client = client_for(RACHEL)
    matter_id = referral.matter.public_id
    page = text_of(client.get(reverse("referral", args=[matter_id])))
    assert "How old are the children?" in page and "It stands still" in page
    url = reverse("referral-answer", args=[matter_id])
    assert "Enter your answer" in text_of(client.post(url, {"reply": "", "seen": referral.version}))
    seen = hidden(client.get(url).content.decode())["seen"]
    assert client.post(url, {"reply": "Four and six.", "seen": seen}).status_code == 302
    assert (now(cast, referral).status, now(cast, referral).reply) == ("sent", "Four and six.")
    assert "Four and six." in text_of(client_for(COLIN).get(reverse("referral", args=[matter_id])))


def test_withdrawing_needs_a_reason_and_the_hub_reads_that_it_was_withdrawn(
    client_for: Any, cast: dict[str, Any]
) -> None:
    referral = a_referral(cast)
    client = client_for(RACHEL)
    url = reverse("referral-withdraw", args=[referral.matter.public_id])
    assert "Enter why you withdraw it" in text_of(client.post(url, {"reason": ""}))
    assert client.post(url, {"reason": "They moved away."}).status_code == 302
    text = text_of(client_for(COLIN).get(reverse("referral", args=[referral.matter.public_id])))
    assert "Withdrawn by the referrer" in text


def test_what_waits_for_the_referrer_stands_in_her_work_and_in_nobody_elses(
    cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:

    def all_titles(username: str) -> set[str]:
        with entered(cast[username]):
            return {item.title for item in referral_lists.work_items(actor(cast, username))}

    others = (COLIN, "maya.manager", "nadia.neighbour", "priya.partner", "ian.governance")
    stood = {username: all_titles(username) for username in (RACHEL, *others)}
    asked = a_question(cast, title="A question is asked")
    draft = a_referral(cast, sent=False, title="A draft lies")

    def titles(username: str) -> set[str]:
        return all_titles(username) - stood[username]

    assert titles(RACHEL) == {asked.matter.title}
    today = clock.today()
    monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=1))
    assert titles(RACHEL) == {asked.matter.title, draft.matter.title}
    for username in others:
        assert titles(username) == set()


def test_a_decision_stands_in_the_work_of_the_unit_for_a_week(
    cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from saferhub.casework.operations.cases_deciding import decline

    referral = a_referral(cast, title="One that is declined")
    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        decline(
            referral_id=referral.matter.public_id, reason="One agency can deal with it.", told="Ask the landlord.",
            by=by, on=by.on,
        )  # fmt: skip

    def whys() -> list[str]:
        with entered(cast[RACHEL]):
            items = referral_lists.work_items(actor(cast, RACHEL))
            return [item.why for item in items if item.title == referral.matter.title]

    assert whys() == ["Not taken on"]
    today = clock.today()
    monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=8))
    assert whys() == []
