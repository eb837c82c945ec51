"""Register: what every address answers to every member of the cast, and to nobody.

If this fails for want of an entry you added an address: write its line in `TABLE` below, thinking of
each person in turn (another partnership, another agency, the same agency's other unit, a former
contributor). If it fails for an answer, either a right has changed or something leaks.

Requests carry no body, so a POST that its reader may make answers with its own form and messages (200),
or with a refusal because there is nothing to do (409).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from saferhub.accounts.cast import CAST

NOBODY = "nobody"
SIGNED_IN = frozenset(member.username for member in CAST)
ALL = SIGNED_IN | {NOBODY}
OLIVIA = frozenset({"olivia.outsider"})
HERE = SIGNED_IN - OLIVIA  # members of the partnership whose records the addresses below name
MAYA = frozenset({"maya.manager"})
MANAGERS = MAYA | {"ada.admin"}
IAN = frozenset({"ian.governance"})

TO_SIGN_IN = "to sign-in"
Answers = dict[int | str, frozenset[str]]


def public(status: int) -> Answers:
    return {status: ALL}


def members(status: int) -> Answers:
    """The same for everybody who is signed in; nobody else gets further than signing in."""
    return {TO_SIGN_IN: frozenset({NOBODY}), status: SIGNED_IN}


def local(status: int) -> Answers:
    """For members of the partnership; to another partnership the thing does not exist."""
    return {TO_SIGN_IN: frozenset({NOBODY}), status: HERE, 404: OLIVIA}


def local_to(people: frozenset[str], status: int) -> Answers:
    """Somebody's act on a thing of this partnership: refused to colleagues, missing to strangers."""
    return {TO_SIGN_IN: frozenset({NOBODY}), status: people, 403: HERE - people, 404: OLIVIA}


def held_by(people: frozenset[str], status: int = 200) -> Answers:
    """A page without an object, for those whose role opens it (Olivia holds her own partnership's)."""
    return {TO_SIGN_IN: frozenset({NOBODY}), status: people, 403: SIGNED_IN - people}


@dataclass(frozen=True)
class Line:
    get: Answers
    post: Answers
    arguments: str = ""  # the name of one of the functions in `arguments_of`


READ = Line(members(200), members(405))
PUBLIC = Line(public(200), public(405))
CALENDAR_ACT = Line(local_to(MAYA, 200), local_to(MAYA, 200), "open_duty")
# Asked of a duty that is not in the right state, the page refuses before it shows a form.
CALENDAR_LATER_ACT = Line(local_to(MAYA, 409), local_to(MAYA, 200), "open_duty")
PERSON_ACT = Line(local_to(MANAGERS, 200), local_to(MANAGERS, 200), "person")
WITH_SECOND_FACTOR_ONLY = Line(members(404), members(404))

TABLE: dict[str, Line] = {
    # the service
    "health": PUBLIC,
    "help": PUBLIC,
    "accessibility": PUBLIC,
    "privacy": PUBLIC,
    "recording": PUBLIC,
    "data_breach": PUBLIC,
    "source": PUBLIC,
    "gallery": PUBLIC,
    # signing in and out
    "account_login": Line(
        {200: frozenset({NOBODY}), 302: SIGNED_IN}, {200: frozenset({NOBODY}), 302: SIGNED_IN}
    ),
    "account_logout": Line(public(405), public(302)),
    "account_inactive": Line(public(302), public(405)),
    # The cast has no passwords, so it cannot prove itself again.
    "account_reauthenticate": Line(members(403), members(403)),
    "mfa_authenticate": Line(public(302), public(302)),
    "mfa_reauthenticate": Line(members(403), members(403)),
    "account_reset_password": Line(public(200), public(200)),
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": Line(public(200), public(200), "reset_key"),
    "account_reset_password_from_key_done": PUBLIC,
    "demonstration_sign_in": Line(public(405), public(400)),
    "invitation": Line(
        {410: frozenset({NOBODY}), 200: SIGNED_IN}, {410: frozenset({NOBODY}), 302: SIGNED_IN}
    ),
    "invitation_link": Line({410: frozenset({NOBODY}), 302: SIGNED_IN}, public(405), "secret"),
    # one's own account
    "account": READ,
    "account_details": Line(members(200), members(200)),
    "account_change_password": Line(members(200), members(200)),
    "account_end_other_sessions": Line(members(405), members(302)),
    "mfa_index": Line(members(302), members(302)),
    "mfa_activate_totp": Line(members(200), members(200)),
    "mfa_deactivate_totp": WITH_SECOND_FACTOR_ONLY,
    "mfa_view_recovery_codes": Line(members(404), members(405)),
    "mfa_generate_recovery_codes": Line(members(302), members(302)),
    "mfa_download_recovery_codes": WITH_SECOND_FACTOR_ONLY,
    "held_forms": READ,
    "throw_away_held_form": Line(members(404), members(404), "nothing"),
    # the partnership
    "home": READ,
    "partnership": READ,
    "area": Line(local(200), members(405), "area"),
    "words": READ,
    "agencies": READ,
    "agency": Line(local(200), members(405), "agency"),
    "hubs": READ,
    "hub": Line(local(200), members(405), "hub"),
    "boards": READ,
    "other-boards": READ,
    "board": Line(local(200), members(405), "board"),
    "rules": READ,
    "rule": Line(members(200), members(405), "national_rule"),
    "roles": READ,
    "packs": Line(held_by(MANAGERS | IAN | OLIVIA), members(405)),
    # the statutory calendar
    "calendar": READ,
    "calendar-csv": READ,
    "calendar-start": Line(held_by(MAYA | OLIVIA), held_by(MAYA | OLIVIA)),
    "calendar-item": Line(local(200), members(405), "open_duty"),
    "calendar-done": CALENDAR_ACT,
    "calendar-undo": CALENDAR_LATER_ACT,
    "calendar-not-needed": CALENDAR_ACT,
    "calendar-pause": CALENDAR_LATER_ACT,
    "calendar-resume": CALENDAR_LATER_ACT,
    "calendar-correct-start": CALENDAR_LATER_ACT,
    "clocks": READ,
    "clock": Line(members(200), members(405), "clock"),
    # people
    "people": READ,
    "people-csv": Line(held_by(MANAGERS | OLIVIA), members(405)),
    "person-invite": Line(held_by(MANAGERS | OLIVIA), held_by(MANAGERS | OLIVIA)),
    "person": Line(local(200), members(405), "person"),
    "person-invite-again": Line(members(405), local_to(MANAGERS, 409), "person"),
    "person-withdraw": Line(local_to(MANAGERS, 409), local_to(MANAGERS, 409), "person"),
    "person-give-role": PERSON_ACT,
    "person-end-role": Line(local_to(MANAGERS, 200), local_to(MANAGERS, 200), "role"),
    "person-change-unit": PERSON_ACT,
    "person-leaver": Line(local_to(MANAGERS, 200), members(405), "person"),
    "person-leaver-record": PERSON_ACT,
    "person-return": Line(local_to(MANAGERS, 409), local_to(MANAGERS, 409), "person"),
    "person-reset-factor": Line(local_to(MANAGERS, 409), local_to(MANAGERS, 409), "person"),
    # the log
    "log": Line(held_by(IAN), members(405)),
    "log-csv": Line(held_by(IAN), members(405)),
    "log-entry": Line(held_by(IAN), members(405), "entry"),
}


def _patterns(patterns: list[Any] | None = None) -> Iterator[URLPattern]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


def test_every_address_has_a_name_and_a_line() -> None:
    names = [pattern.name for pattern in _patterns()]
    assert None not in names
    assert sorted(set(names) - set(TABLE)) == []
    assert sorted(set(TABLE) - set(names)) == []


@pytest.mark.parametrize("name", TABLE)
def test_a_line_names_everybody_exactly_once(name: str) -> None:
    for answers in (TABLE[name].get, TABLE[name].post):
        named = [who for people in answers.values() for who in people]
        assert sorted(named) == sorted(ALL)


@pytest.fixture
def arguments_of(north_yorkshire: Any, cast: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    """The thing of the main partnership that a line's address names."""
    from saferhub.audit.models import Entry
    from saferhub.partnership.models import Board, DutyOccurrence, EntryVersion

    rachel = cast["rachel.referrer"]

    def clock() -> str:
        return str(EntryVersion.objects.filter(entry__section="clocks").earliest("id").entry.code)

    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "": dict,
        "nothing": lambda: {"public_id": "0000000000000000"},
        "secret": lambda: {"secret": "no-such-secret"},
        "reset_key": lambda: {"uidb36": "1", "key": "no-such-key"},
        "agency": lambda: {"code": "selby_district_council"},
        "area": lambda: {"code": "hate_crime"},
        "hub": lambda: {"code": "selby"},
        "board": lambda: {"code": Board.objects.filter(partnership=north_yorkshire).earliest("id").code},
        "national_rule": lambda: {"section": "clocks", "code": clock()},
        "clock": lambda: {"code": clock()},
        "open_duty": lambda: {
            "public_id": DutyOccurrence.objects.filter(partnership=north_yorkshire, status="due")
            .earliest("id")
            .public_id
        },
        "person": lambda: {"public_id": rachel.public_id},
        "role": lambda: {"public_id": rachel.public_id, "role": rachel.memberships.get().public_id},
        "entry": lambda: {"number": Entry.objects.filter(partnership="north_yorkshire").earliest("id").pk},
    }
    return lambda key: makers[key]()


def _answer(who: str, method: str, url: str, client_for: Callable[..., Client]) -> int | str:
    """One request, its effects undone."""
    with transaction.atomic():
        client = client_for("" if who == NOBODY else who)
        response = getattr(client, method)(url)
        transaction.set_rollback(True)
    if response.status_code == 302 and response["Location"].startswith("/sign-in/?next="):
        return TO_SIGN_IN
    return int(response.status_code)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", TABLE)
def test_each_address_answers_each_person_as_the_table_says(
    name: str, method: str, client_for: Callable[..., Client], arguments_of: Callable[[str], dict[str, Any]]
) -> None:
    line = TABLE[name]
    url = reverse(name, kwargs=arguments_of(line.arguments))
    wanted = {who: status for status, people in getattr(line, method).items() for who in people}
    assert {who: _answer(who, method, url, client_for) for who in wanted} == wanted


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_no_address_takes_another_method(
    method: str, client_for: Callable[..., Client], arguments_of: Callable[[str], dict[str, Any]]
) -> None:
    client = client_for("maya.manager")
    taken = {
        name: status
        for name, line in TABLE.items()
        if (status := getattr(client, method)(reverse(name, kwargs=arguments_of(line.arguments))).status_code)
        != 405
    }
    assert taken == {}


def test_hidden_and_missing_read_the_same(
    client_for: Callable[..., Client], arguments_of: Callable[[str], dict[str, Any]]
) -> None:
    """Byte for byte, headers included, once nonce, token and the address itself are blanked."""
    import re

    client = client_for("olivia.outsider")
    for name, line in TABLE.items():
        if 404 not in line.get or line.get[404] != OLIVIA:
            continue
        given = arguments_of(line.arguments)
        key = "public_id" if "public_id" in given else "code"
        missing = {**given, key: "0" * len(str(given[key]))}
        answers = []
        for arguments in (given, missing):
            response = client.get(reverse(name, kwargs=arguments))
            assert response.status_code == 404, name
            body = re.sub(rb'nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content)
            headers = {
                k: re.sub(r"'nonce-[^']+'", "", v)
                for k, v in response.headers.items()
                if k != "Content-Length"
            }
            answers.append((body, headers, sorted(response.cookies)))
        assert answers[0] == answers[1], name
