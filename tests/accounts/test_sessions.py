"""Sessions that end by themselves, and what was being written when they did."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from saferhub.accounts import operations
from saferhub.accounts.models import HeldForm, User
from tests.accounts.conftest import ADMINISTRATOR

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.pages_for_forms")]

Person = Callable[..., User]
SignIn = Callable[..., Client]
Later = Callable[[timedelta], None]
Entries = Callable[[str], list[Any]]

HALF_AN_HOUR = timedelta(minutes=30)
NOTE = {"note": "Zoë’s neighbour\r\nŁódź 日本", "hubs": ["selby", "craven"], "empty": ""}


def inputs(page: bytes) -> list[dict[str, list[str]]]:
    """The hidden inputs of each form that would be sent, as a browser reads them."""
    import html

    forms = re.findall(r'<form method="post" action="([^"]*)">(.*?)</form>', page.decode(), re.S)
    found = []
    for action, body in forms:
        fields: dict[str, list[str]] = {"": [html.unescape(action)]}
        for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', body, re.S):
            # A browser reads each line's end as one character and sends two.
            value = html.unescape(value).replace("\r\n", "\n").replace("\n", "\r\n")
            fields.setdefault(html.unescape(name), []).append(value)
        found.append(fields)
    return found


def send(client: Client, form: dict[str, list[str]]) -> Any:
    return client.post(form[""][0], {name: values for name, values in form.items() if name})


# --- The ends ----------------------------------------------------------------------------------------------


def test_a_session_that_is_used_goes_on(person: Person, signed_in: SignIn, later: Later) -> None:
    client = signed_in(person())
    for _ in range(4):
        later(timedelta(minutes=29))
        assert client.get("/note/").status_code == 200


def test_an_idle_session_ends_and_leads_back_to_the_page(
    person: Person, signed_in: SignIn, later: Later, entries: Entries
) -> None:
    user = person()
    client = signed_in(user)
    later(HALF_AN_HOUR)
    answer = client.get("/note/?page=2")
    assert answer["Location"] == "/sign-in/?next=/note/%3Fpage%3D2"
    page = client.get(answer["Location"]).content.decode()
    assert "You were signed out" in page and "kept" not in page
    (entry,) = entries("account.session_ended")
    assert (entry.subject, entry.codes) == (user.public_id, {"why": "idle"})
    assert signed_in(user, client).get("/note/").status_code == 200


def test_a_session_ends_after_twelve_hours_however_busy(
    person: Person, signed_in: SignIn, later: Later, entries: Entries
) -> None:
    client = signed_in(person())
    for _ in range(24):
        later(timedelta(minutes=29))
        assert client.get("/note/").status_code == 200
    later(timedelta(minutes=24))
    assert client.post("/note/", NOTE).status_code == 302
    assert entries("account.session_ended")[0].codes == {"why": "absolute"}
    assert HeldForm.objects.count() == 1


def test_use_is_noted_at_most_once_a_minute(
    person: Person, signed_in: SignIn, later: Later, django_assert_num_queries: Any
) -> None:
    client = signed_in(person())
    client.get("/note/")
    seen = client.session["last_seen"]
    later(timedelta(seconds=50))
    client.get("/note/")
    assert client.session["last_seen"] == seen
    later(timedelta(seconds=20))
    client.get("/note/")
    assert seen + 70 <= client.session["last_seen"] < seen + 80  # a slow machine takes its own time


def test_a_leavers_sessions_die_at_once(person: Person, signed_in: SignIn) -> None:
    user = person()
    client = signed_in(user)
    operations.record_leaver(user, by=ADMINISTRATOR, on=date(2018, 9, 11), reason="New post")
    assert client.get("/note/").status_code == 302
    assert client.post("/note/", NOTE).status_code == 302
    assert HeldForm.objects.count() == 0


def test_a_page_for_everybody_is_shown_after_the_end_too(
    person: Person, signed_in: SignIn, later: Later
) -> None:
    client = signed_in(person())
    later(HALF_AN_HOUR)
    assert client.get("/accessibility/").status_code == 200
    assert client.get("/sign-in/").status_code == 200


# --- What was being written ---------------------------------------------------------------------------------


@pytest.fixture
def held(person: Person, signed_in: SignIn, later: Later) -> Callable[..., tuple[User, Client]]:
    """Somebody whose session ended while she wrote NOTE (or something else), on her browser."""

    def write(
        fields: dict[str, Any] = NOTE, path: str = "/note/?about=7", **extra: Any
    ) -> tuple[User, Client]:
        user = User.objects.filter(email="jo@example.org").first() or person()
        client = signed_in(user)
        later(HALF_AN_HOUR)
        answer = client.post(path, fields, **extra)
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next=")
        return user, client

    return write


def test_what_was_written_comes_back_to_the_letter_after_signing_in(
    held: Callable[..., tuple[User, Client]], signed_in: SignIn, entries: Entries
) -> None:
    user, client = held(headers={"referer": "http://testserver/note/?form=1"})
    assert "kept for 30 minutes" in client.get("/sign-in/").content.decode()
    answer = client.post("/sign-in/", {"login": user.email, "password": "lampshade otter quiz"})
    assert answer["Location"] == "/kept-forms/"
    page = client.get("/kept-forms/").content
    text = page.decode()
    assert "/note/?form=1" in text and "Zoë’s neighbour" in text and "Files were not kept" not in text
    (form,) = inputs(page)
    sent = send(client, form)
    assert sent.status_code == 200
    got = sent.json()["got"]
    assert got["note"] == ["Zoë’s neighbour\r\nŁódź 日本"]
    assert got["hubs"] == ["selby", "craven"]
    assert got["empty"] == [""]
    assert HeldForm.objects.count() == 0
    assert [len(entries(f"account.form_{what}")) for what in ("held", "given_back")] == [1, 1]


def test_a_note_of_two_thousand_words_is_kept(
    held: Callable[..., tuple[User, Client]], signed_in: SignIn
) -> None:
    words = " ".join(f"wörd{n}" for n in range(2000))
    user, client = held({"note": words})
    signed_in(user, client)
    (form,) = inputs(client.get("/kept-forms/").content)
    assert send(client, form).json()["got"]["note"] == [words]


def test_it_can_be_sent_once(held: Callable[..., tuple[User, Client]], signed_in: SignIn) -> None:
    user, client = held()
    signed_in(user, client)
    (form,) = inputs(client.get("/kept-forms/").content)
    assert send(client, form).status_code == 200
    again = send(client, form)
    assert (again.status_code, again["Location"]) == (302, "/kept-forms/")
    assert "not sent again" in client.get("/kept-forms/").content.decode()


def test_a_sending_that_is_refused_loses_nothing(
    held: Callable[..., tuple[User, Client]], signed_in: SignIn
) -> None:
    user, client = held({**NOTE, "refuse": "yes"})
    signed_in(user, client)
    (form,) = inputs(client.get("/kept-forms/").content)
    assert send(client, form).status_code == 403
    assert len(inputs(client.get("/kept-forms/").content)) == 1


def test_a_made_up_mark_sends_nothing(person: Person, signed_in: SignIn) -> None:
    client = signed_in(person())
    answer = client.post("/note/", {"held_form": "0" * 16, "note": "x"})
    assert (answer.status_code, answer["Location"]) == (302, "/kept-forms/")


def test_somebody_elses_mark_sends_nothing_and_takes_nothing(
    held: Callable[..., tuple[User, Client]], person: Person, signed_in: SignIn
) -> None:
    held()
    form = HeldForm.objects.get()
    other = signed_in(person("ann@example.org", "Ann Other"))
    assert other.post("/note/", {"held_form": form.public_id, "note": "x"}).status_code == 302
    assert other.get(f"/kept-forms/{form.public_id}/throw-away/").status_code == 404
    assert other.post(f"/kept-forms/{form.public_id}/throw-away/").status_code == 404
    assert HeldForm.objects.count() == 1


def test_another_account_on_that_browser_gets_nothing_and_learns_nothing(
    held: Callable[..., tuple[User, Client]], person: Person, signed_in: SignIn
) -> None:
    _, client = held()
    other = person("ann@example.org", "Ann Other")
    answer = client.post("/sign-in/", {"login": other.email, "password": "lampshade otter quiz"})
    assert answer["Location"] == "/"
    page = client.get("/kept-forms/").content.decode()
    assert "Nothing of yours is kept" in page and "Zoë" not in page and "Jo Field" not in page
    assert "ended" not in client.session


def test_its_row_moved_to_another_account_opens_for_nobody(
    held: Callable[..., tuple[User, Client]], person: Person, signed_in: SignIn
) -> None:
    held()
    other = person("ann@example.org", "Ann Other")
    form = HeldForm.objects.get()
    HeldForm.objects.create(user=other, sealed=form.sealed, expires_at=form.expires_at)
    assert "Nothing of yours is kept" in signed_in(other).get("/kept-forms/").content.decode()


def test_it_is_gone_after_half_an_hour(
    held: Callable[..., tuple[User, Client]], signed_in: SignIn, later: Later
) -> None:
    user, client = held()
    mark = HeldForm.objects.get().public_id
    later(HALF_AN_HOUR)
    assert signed_in(user, client).get("/kept-forms/").content.decode().count("Send it now") == 0
    assert client.post("/note/", {"held_form": mark, "note": "x"}).status_code == 302
    assert operations.throw_away_expired() == 1
    assert HeldForm.objects.count() == 0


def test_a_second_tab_is_kept_too(held: Callable[..., tuple[User, Client]], signed_in: SignIn) -> None:
    user, client = held()
    assert client.post("/note/", {"note": "The other tab"}).status_code == 302
    signed_in(user, client)
    assert len(inputs(client.get("/kept-forms/").content)) == 2


def test_at_most_five_are_kept_and_the_oldest_gives_way(
    held: Callable[..., tuple[User, Client]], signed_in: SignIn
) -> None:
    user, client = held({"note": "Number 0"})
    for number in range(1, 7):
        client.post("/note/", {"note": f"Number {number}"})
    signed_in(user, client)
    notes = [form["note"] for form in inputs(client.get("/kept-forms/").content)]
    assert notes == [[f"Number {number}"] for number in (6, 5, 4, 3, 2)]


def test_files_are_left_out_and_that_is_said(
    held: Callable[..., tuple[User, Client]], signed_in: SignIn
) -> None:
    user, client = held({**NOTE, "letter": SimpleUploadedFile("letter.txt", b"secret letter")})
    signed_in(user, client)
    page = client.get("/kept-forms/").content
    assert b"Files were not kept" in page and b"secret letter" not in page
    assert "letter" not in inputs(page)[0]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"note": "x", "new_password": "y"}, "never kept"),
        ({"code": "123456"}, "never kept"),
        ({"note": "x" * 600_000}, "too long to be kept"),
        ({"note": "  "}, "Nothing had been written"),
    ],
)
def test_what_is_not_kept_is_said(
    fields: dict[str, str], says: str, held: Callable[..., tuple[User, Client]]
) -> None:
    _, client = held(fields)
    assert HeldForm.objects.count() == 0
    assert says in client.get("/sign-in/").content.decode()


def test_a_password_form_is_never_kept(person: Person, signed_in: SignIn, later: Later) -> None:
    client = signed_in(person())
    later(HALF_AN_HOUR)
    client.post("/account/password/", {"oldpassword": "x", "password1": "y"})
    assert HeldForm.objects.count() == 0


def test_what_another_site_made_her_send_is_not_kept(person: Person, signed_in: SignIn, later: Later) -> None:
    client = signed_in(person())
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    later(HALF_AN_HOUR)
    assert strict.post("/note/", NOTE).status_code == 403
    assert HeldForm.objects.count() == 0


def test_nothing_is_kept_for_somebody_who_never_signed_in() -> None:
    Client().post("/note/", NOTE)
    assert HeldForm.objects.count() == 0


def test_what_was_written_beside_a_window_in_which_she_signed_out_is_kept_for_her_alone(
    person: Person, signed_in: SignIn
) -> None:
    user = person()
    client = signed_in(user)
    client.post("/sign-out/")
    plain = client.get("/sign-in/").content.decode()
    assert "You were signed out" not in plain
    answer = client.post("/note/?about=7", NOTE)
    assert answer["Location"].startswith("/sign-in/?next=")
    page = client.get(answer["Location"]).content.decode()
    assert "you had signed out" in page and "is kept for 30 minutes" in page
    other = signed_in(person("else@example.org", "Else One"), client)
    assert "neighbour" not in other.get("/kept-forms/").content.decode()
    client.post("/sign-out/")
    assert "neighbour" in signed_in(user, client).get("/kept-forms/").content.decode()


def test_a_page_it_came_from_elsewhere_is_not_believed(
    held: Callable[..., tuple[User, Client]], signed_in: SignIn
) -> None:
    user, client = held(headers={"referer": "https://evil.example/note/"})
    signed_in(user, client)
    page = client.get("/kept-forms/").content.decode()
    assert "evil" not in page and "/note/?about=7" in page


def test_it_is_thrown_away_after_being_asked(
    held: Callable[..., tuple[User, Client]], signed_in: SignIn, entries: Entries
) -> None:
    user, client = held()
    signed_in(user, client)
    form = HeldForm.objects.get()
    assert b"cannot be got back" in client.get(f"/kept-forms/{form.public_id}/throw-away/").content
    assert HeldForm.objects.count() == 1
    assert client.post(f"/kept-forms/{form.public_id}/throw-away/")["Location"] == "/kept-forms/"
    assert HeldForm.objects.count() == 0
    assert len(entries("account.form_discarded")) == 1


def test_what_is_no_form_is_not_kept_and_that_is_said(
    person: Person, signed_in: SignIn, later: Later
) -> None:
    client = signed_in(person())
    later(HALF_AN_HOUR)
    assert client.post("/note/", "{}", content_type="application/json").status_code == 302
    assert HeldForm.objects.count() == 0
    assert "could not be kept" in client.get("/sign-in/").content.decode()


def test_it_is_not_lost_when_a_role_begins_to_require_a_second_factor(
    held: Callable[..., tuple[User, Client]], signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, client = held()
    signed_in(user, client)
    (form,) = inputs(client.get("/kept-forms/").content)
    monkeypatch.setattr("saferhub.accounts.access.second_factor_required", lambda user: True)
    assert send(client, form)["Location"] == "/account/codes/set-up/"
    assert HeldForm.objects.count() == 1


def test_of_two_sendings_at_once_one_takes_it_out(held: Callable[..., tuple[User, Client]]) -> None:
    held()
    first, second = HeldForm.objects.get(), HeldForm.objects.get()
    assert operations.give_back(first)
    assert not operations.give_back(second)
    operations.throw_away(second)
    assert HeldForm.objects.count() == 0


@pytest.mark.parametrize("gone", ["signed_in_at", "last_seen"])
def test_a_session_that_does_not_say_when_it_was_used_has_ended(
    gone: str, person: Person, signed_in: SignIn, entries: Entries
) -> None:
    client = signed_in(person())
    session = client.session
    del session[gone]
    session.save()
    assert client.get("/note/")["Location"].startswith("/sign-in/")
    assert client.get("/account/")["Location"].startswith("/sign-in/")
    assert [entry.codes for entry in entries("account.session_ended")] == [{"why": "undated"}]


def test_a_kept_form_is_named_as_its_page_and_its_date_stands_on_one_line(
    held: Callable[..., tuple[User, Client]], signed_in: SignIn
) -> None:
    fields = {"unit": "licensing_team", "on_day": "3", "on_month": "9", "on_year": "2018", "reason": "Moved"}
    user, client = held(fields, headers={"referer": "http://testserver/account/details/"})
    signed_in(user, client)
    page = client.get("/kept-forms/").content.decode()
    assert "Change your details" in page and "3 September 2018" in page and "Licensing team" in page
    assert "On day" not in page and "as you filled it in" in page
    (form,) = inputs(client.get("/kept-forms/").content)
    assert {name: form[name] for name in fields} == {name: [value] for name, value in fields.items()}


def test_a_message_is_never_put_into_a_cookie(person: Person, signed_in: SignIn) -> None:
    client = signed_in(person())
    answer = client.post("/account/sign-out-elsewhere/")
    assert set(answer.cookies) <= {"saferhub_session", "saferhub_csrf"}
    assert "signed out everywhere but here" in client.get("/account/").content.decode()
