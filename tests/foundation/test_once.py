"""The same form sent twice makes one thing."""

from __future__ import annotations

import re
import threading

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.http import HttpResponseRedirect
from django.test import RequestFactory
from django.urls import reverse

from saferhub.accounts.rules import is_secret_field, is_written
from saferhub.foundation.forms import Form, TextField
from saferhub.foundation.forms.once import FIELD, MOST, Once
from saferhub.people.models import Person, Place
from saferhub.releases.models import Letter
from saferhub.sharing.demonstration_matters import FLATS
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement, Matter

OPEN = {"title": "Bins set alight", "about": "", "purpose": "reduce_asb", "hub": "selby"}


def mark_on(client, url):
    return re.search(r'name="once" value="(\w+)"', client.get(url).content.decode()).group(1)


def count(model, user):
    with entered(user):
        return model.objects.count()


@pytest.fixture
def twice(client_for, cast):
    """Send the same form twice; the two answers and how many rows of `model` it made."""

    def send(username, url, model, values):
        client = client_for(username)
        values = {**values, FIELD: mark_on(client, url)}
        before = count(model, cast[username])
        answers = [client.post(url, values) for _ in range(2)]
        assert answers[0].status_code == 302, answers[0].context["form"].errors
        return answers, count(model, cast[username]) - before

    return send


@pytest.fixture
def flats(cast):
    with entered(cast["colin.coordinator"]):
        return Matter.objects.get(title=FLATS)


@pytest.mark.django_db
def test_one_matter_is_opened_and_the_second_sending_leads_to_it(twice):
    answers, made = twice("colin.coordinator", reverse("matter-open"), Matter, OPEN)
    assert made == 1
    assert answers[0].url == answers[1].url


@pytest.mark.django_db
def test_one_person_is_recorded(twice, flats):
    url = reverse("known-person-new", args=[flats.public_id])
    answers, made = twice(
        "colin.coordinator",
        url,
        Person,
        {"given": "Percival", "family": "Twicewold", "name_kind": "known_as", "born_year": "1950"},
    )
    assert (made, answers[0].url) == (1, answers[1].url)


@pytest.mark.django_db
def test_one_place_is_recorded(twice, flats):
    url = reverse("place-new", args=[flats.public_id])
    values = {
        "name": "The Twicewold Arms",
        "kind": "licensed_premises",
        "lines": "2 Nowhere Row",
        "postcode": "ZZ99 1ZZ",
    }
    answers, made = twice("colin.coordinator", url, Place, values)
    assert (made, answers[0].url) == (1, answers[1].url)


@pytest.mark.django_db
def test_one_letter_is_begun(twice, flats):
    url = reverse("letter-start", args=[flats.public_id])
    values = {"template": "disclosure_record", "to": "agency", "agency": "north_yorkshire_police"}
    answers, made = twice("colin.coordinator", url, Letter, values)
    assert (made, answers[0].url) == (1, answers[1].url)


@pytest.mark.django_db
def test_one_draft_agreement_is_written(twice):
    url = reverse("agreement-write")
    answers, made = twice(
        "ian.governance", url, Agreement, {"title": "Twice written", "covers": "every", "opens_hubs": "no"}
    )
    assert (made, answers[0].url) == (1, answers[1].url)


@pytest.mark.django_db
def test_other_words_under_the_same_mark_are_another_sending(client_for, cast):
    """Somebody goes back to the form and opens a second matter with it."""
    client, url = client_for("colin.coordinator"), reverse("matter-open")
    mark = mark_on(client, url)
    before = count(Matter, cast["colin.coordinator"])
    client.post(url, {**OPEN, FIELD: mark})
    client.post(url, {**OPEN, FIELD: mark, "title": "Bins set alight again"})
    assert count(Matter, cast["colin.coordinator"]) == before + 2


@pytest.mark.django_db
def test_a_form_with_errors_keeps_its_mark(client_for, cast):
    client, url = client_for("colin.coordinator"), reverse("matter-open")
    mark = mark_on(client, url)
    answer = client.post(url, {**OPEN, FIELD: mark, "title": ""})
    assert f'name="once" value="{mark}"' in answer.content.decode()
    assert client.post(url, {**OPEN, FIELD: mark}).status_code == 302


@pytest.mark.django_db
def test_another_session_is_not_led_to_the_first_ones_result(client_for, cast):
    url = reverse("matter-open")
    first, second = client_for("colin.coordinator"), client_for("colin.coordinator")
    mark = mark_on(first, url)
    assert first.post(url, {**OPEN, FIELD: mark}).url != second.post(url, {**OPEN, FIELD: mark}).url


@pytest.mark.django_db
def test_a_session_remembers_no_more_than_the_latest():
    session = SessionStore()
    session.create()
    for number in range(MOST + 5):
        request = RequestFactory().post("/made/", {FIELD: f"mark{number}"})
        request.session = SessionStore(session.session_key)
        Once(request).done(HttpResponseRedirect(f"/made/{number}/"))
    assert len(SessionStore(session.session_key)["sent_once"]) == MOST
    request = RequestFactory().post("/made/", {FIELD: f"mark{MOST + 4}"})
    request.session = SessionStore(session.session_key)
    assert Once(request).answer.url == f"/made/{MOST + 4}/"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_make_one_matter(client_for, cast):
    client, url = client_for("colin.coordinator"), reverse("matter-open")
    mark = mark_on(client, url)
    before = count(Matter, cast["colin.coordinator"])
    begun, answers = threading.Barrier(2), []

    def click():
        from django.test import Client

        own = Client()
        own.cookies = client.cookies
        begun.wait()
        answers.append(own.post(url, {**OPEN, FIELD: mark}).url)
        connections.close_all()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert count(Matter, cast["colin.coordinator"]) == before + 1
    assert len(set(answers)) == 1


def test_the_mark_is_neither_a_secret_nor_something_written():
    """So a form whose session had ended is kept for its writer, and the mark is not shown to her."""
    assert not is_secret_field(FIELD)
    assert not is_written(FIELD)


def test_the_mark_adds_nothing_to_what_a_form_cleaned():
    class Named(Form):
        name = TextField()

    request = RequestFactory().post("/made/", {"name": "A"})
    once, form = Once(request), Named(request.POST)
    assert form.is_valid()
    assert 'type="hidden"' in str(once.within(form))
    assert form.cleaned_data == {"name": "A"}
