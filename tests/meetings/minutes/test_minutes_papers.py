"""Papers of a meeting as their readers take them: three formats that say the same, and what does not leave."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.casework.registries import NEXT, TIMELINE
from saferhub.foundation.registries import WORK
from saferhub.meetings.operations.copies import take_copy
from saferhub.people.operations.parts import add_part
from saferhub.people.operations.persons import record_person
from saferhub.publication.model import Document
from saferhub.publication.rules.numbering import number
from saferhub.releases.models import Disclosure
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case, actor
from tests.publication.reading import faults_of_word, text_of_page, text_of_pdf, text_of_word

from .reading import assert_in_pdf, assert_reads
from .world import CHRIS, COLIN, PRIYA, RACHEL, SAID, Held, approved, ended, running, say

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
Signed = Callable[..., Client]
STREET = "4 Nowhere Lane"


def document_of(held: Held, username: str, kind: str) -> Document:
    with entered(held.cast[username]):
        return take_copy(meeting_id=held.id, kind=kind, form="page", by=actor(held.cast, username)).document


@pytest.mark.parametrize("kind", ["minutes", "agenda", "pack", "actions"])
def test_page_word_and_pdf_of_a_copy_say_the_same_with_the_same_numbers(
    cast: Cast, client_for: Signed, kind: str, tmp_path: Path
) -> None:
    held = approved(cast, texts={"one": "=1+1\n\n#import {{ x }}", "two": "Of two."})
    client, document = client_for(PRIYA), document_of(held, PRIYA, kind)
    page = client.get(reverse("meeting-paper", args=[held.id, kind]))
    assert page.status_code == 200
    assert_reads(document, text_of_page(page.content.decode()))
    word = client.get(reverse("meeting-paper-file", args=[held.id, kind, "docx"])).content
    # Files of the demonstration say first that they are invented.
    assert_reads(document, text_of_word(word), numbers=False)
    pdf = client.get(reverse("meeting-paper-file", args=[held.id, kind, "pdf"])).content
    assert_in_pdf(document, text_of_pdf(pdf, tmp_path))
    assert faults_of_word(word, tmp_path) == ""


def test_what_was_not_reached_keeps_its_number_on_the_agenda_as_on_its_page(cast: Cast) -> None:
    from saferhub.meetings.operations import live
    from saferhub.meetings.queries.agenda import numbers_for

    held = running(cast)
    before = _numbers(held)
    with entered(cast[COLIN]):
        by = actor(cast, COLIN)
        live.end_meeting(meeting_id=held.id, by=by, on=by.on, put_off_rest=True)
    assert _numbers(held) == before
    with entered(cast[COLIN]):
        held.meeting.refresh_from_db()
        page = numbers_for(actor(cast, COLIN), held.meeting)
    assert before == {name: page[item.pk] for name, item in held.items.items()}


def _numbers(held: Held) -> dict[str, str]:
    """The numbers that the two cases bear on the agenda as a document."""
    places = {one.anchor: one.number for one in number(document_of(held, COLIN, "agenda")).places}
    return {name: places[f"item-{item.public_id.lower()}"] for name, item in held.items.items()}


def test_files_are_named_after_the_meeting_and_never_after_anybody(cast: Cast, client_for: Signed) -> None:
    held = approved(cast)
    answer = client_for(PRIYA).get(reverse("meeting-paper-file", args=[held.id, "minutes", "pdf"]))
    name = answer["Content-Disposition"]
    assert f"minutes-maps-{held.meeting.on.isoformat()}-{held.id.lower()}.pdf" in name


def test_a_pack_asks_no_more_often_for_more_items(cast: Cast) -> None:
    held = running(cast)

    def asked() -> int:
        with entered(cast[COLIN]):
            by = actor(cast, COLIN)
            take_copy(meeting_id=held.id, kind="pack", form="page", by=by)
            with CaptureQueriesContext(connection) as queries:
                take_copy(meeting_id=held.id, kind="pack", form="page", by=by)
        return len(queries)

    few = asked()
    from saferhub.meetings.models import ItemKind
    from saferhub.meetings.operations.items import put_on
    from saferhub.meetings.operations.sending import send_agenda

    for n in range(3):
        case = a_case(cast, title=f"Another {n}")
        with entered(cast[COLIN]):
            by = actor(cast, COLIN)
            put_on(
                meeting_id=held.id, kind=ItemKind.CASE, matter_id=case.matter.public_id, under="cases",
                why="Due.", urgent_why="It cannot wait.", by=by, on=by.on,
            )  # fmt: skip
            send_agenda(meeting_id=held.id, by=by, on=by.on)
    assert asked() <= few + 1


def _with_a_protected_address(held: Held) -> None:
    """Somebody in the first case, and in its item, whose address is protected."""
    from saferhub.meetings.models import Item
    from saferhub.sharing.operations.folders import enclose

    with entered(held.cast[COLIN]):
        by = actor(held.cast, COLIN)
        person = record_person(
            matter_id=held.cases["one"].matter.public_id,
            values={"given": "Anna", "family": "Norton", "name_kind": "legal"}, by=by, on=by.on,
        )  # fmt: skip
        add_part(
            owner=person, slug="address", by=by, on=by.on,
            values={"lines": STREET, "postcode": "ZZ99 4QA", "kind": "home", "is_protected": True},
        )  # fmt: skip
        item = Item.objects.select_related("folder").get(pk=held.items["one"].pk)
        enclose(inner=person.folder, outer=item.folder, by=by)


def test_minutes_with_a_protected_address_are_not_approved_and_the_place_is_named(
    cast: Cast, client_for: Signed
) -> None:
    held = running(cast)
    _with_a_protected_address(held)
    say(held, COLIN, "one", f"She moved to {STREET}, ZZ99 4QA.")
    with entered(cast[COLIN]):
        from saferhub.meetings.operations import live

        by = actor(cast, COLIN)
        live.end_meeting(meeting_id=held.id, by=by, on=by.on, put_off_rest=True)
    client = client_for(CHRIS)
    url = reverse("meeting-minutes-approve", args=[held.id])
    seen = client.get(url).context["form"]["seen"].value()
    answer = client.post(url, {"seen": seen})
    assert answer.status_code == 409
    assert "paragraph" in answer.content.decode() and "protected address" in answer.content.decode()
    assert held.parts()["one"].status == "draft"


def test_a_copy_is_stopped_where_an_address_became_protected_later(cast: Cast, client_for: Signed) -> None:
    held = approved(cast, texts={"one": f"She moved to {STREET}, ZZ99 4QA.", "two": "Of two."})
    client = client_for(PRIYA)
    url = reverse("meeting-paper-file", args=[held.id, "minutes", "docx"])
    assert client.get(url).status_code == 200
    _with_a_protected_address(held)
    answer = client.get(url)
    assert answer.status_code == 409 and "protected address" in answer.content.decode()
    assert STREET not in answer.content.decode()


def test_minutes_for_somebody_outside_are_a_disclosure_of_that_item_alone(
    cast: Cast, client_for: Signed
) -> None:
    held = approved(cast)
    part = held.parts()["one"]
    client = client_for(COLIN)
    url = reverse("meeting-minutes-give", args=[held.id, part.public_id])
    form = client.get(url)
    assert form.status_code == 200
    answer = client.post(
        url,
        {
            "once": form.context["form"]["once"].value(), "seen": part.content_hash, "to": "other",
            "recipient": "The county court", "purpose": "reduce_asb", "gateway": "crime_and_disorder",
            "necessity": "The court asked for the decision of that day.",
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    with entered(cast[COLIN]):
        (made,) = Disclosure.objects.filter(kind="document", subject=part.public_id)
    shown = client.get(answer.url).content.decode()
    assert SAID in shown and "The county court" in shown and cast[RACHEL].name not in shown
    assert f'href="{answer.url}"' in client.get(reverse("disclosure", args=[made.public_id])).content.decode()
    file = reverse("meeting-minutes-given-file", args=[held.id, made.public_id, "docx"])
    assert SAID in text_of_word(client.get(file).content)
    assert Entry.objects.filter(event="meetings.extract_given", subject=part.public_id).count() == 1


def test_only_whoever_may_let_something_leave_the_case_gives_its_minutes(
    cast: Cast, client_for: Signed
) -> None:
    """The case is the hub's: Rachel's unit leads it, and what leaves it the hub decides."""
    held = approved(cast)
    url = reverse("meeting-minutes-give", args=[held.id, held.parts()["one"].public_id])
    answers = {one: client_for(one).get(url).status_code for one in (COLIN, PRIYA, RACHEL)}
    assert answers == {COLIN: 200, PRIYA: 403, RACHEL: 403}
    stands = client_for(COLIN).get(reverse("meeting-minutes", args=[held.id])).content.decode()
    assert url in stands


def test_the_decision_stands_in_the_timeline_of_the_case_for_those_who_see_the_item(cast: Cast) -> None:
    held = ended(cast, kept_from=RACHEL)

    def titles(username: str, name: str) -> list[str]:
        with entered(cast[username]):
            by = actor(cast, username)
            rows = [one for provider in TIMELINE for one in provider(by, held.cases[name])]
            return [one.title for one in rows if one.kind == "meeting"]

    group = held.meeting.group.name
    assert f"{group}: go on" in titles(PRIYA, "one")
    assert f"{group}: spoken of" in titles(COLIN, "two")
    assert titles(RACHEL, "two") == [], "her unit leads the case, and the item is kept from her"


def test_the_next_agenda_stands_among_what_comes_next_in_a_case(cast: Cast) -> None:
    held = running(cast)
    with entered(cast[PRIYA]):
        by = actor(cast, PRIYA)
        steps = [one for provider in NEXT for one in provider(by, held.cases["one"], by.on)]
    (step,) = [one for one in steps if "Looked at by" in one.words]
    assert step.due_on == held.meeting.on and held.id in step.url


def test_drafts_wait_in_the_work_of_whoever_approves_them_until_she_has(cast: Cast) -> None:
    held = ended(cast)

    def waiting(username: str) -> list[str]:
        with entered(cast[username]):
            by = actor(cast, username)
            return [one.step_url for provider in WORK for one in provider(by) if one.kind == "minutes"]

    url = reverse("meeting-minutes-approve", args=[held.id])
    assert url in waiting(CHRIS) and waiting(PRIYA) == waiting(COLIN) == []
    held.approve()
    assert url not in waiting(CHRIS)
