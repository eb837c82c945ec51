"""Register: what every address answers to every member of the cast, and to nobody.

If this fails for want of an entry you added an address: write its line in `TABLE` below, thinking of
each person in turn (another partnership, another agency, the same agency's other unit, a former
contributor). If it fails for an answer, either a right has changed or something leaks.

Requests carry no body, so a POST that its reader may make answers with its own form and messages (200),
or with a refusal because there is nothing to do (409).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter
from django.urls.resolvers import RoutePattern

from tests.registers.answers import (
    ALL,
    CALENDAR_ACT,
    CALENDAR_LATER_ACT,
    CHANGE_MATTER,
    CHANGE_RECORD,
    DECIDE_MATTER,
    IAN,
    LETTER_CHANGE,
    MANAGERS,
    MATTER_CHANGE,
    MATTER_SHARING,
    MAYA,
    NO_POINTER,
    NOBODY,
    OLIVIA,
    PERSON_ACT,
    PRIYA,
    PUBLIC,
    READ,
    REQUEST_DECISION,
    SEARCH,
    SEARCHED,
    SEE_EMERGENCY,
    SEE_MATTER,
    SEE_REQUEST,
    SIGNED_IN,
    TO_SIGN_IN,
    WITH_SECOND_FACTOR_ONLY,
    WORK_ON_MATTERS,
    Line,
    held_by,
    local,
    local_to,
    members,
    public,
    record_change,
    seen_by,
)
from tests.registers.casework_lines import ARGUMENTS as CASEWORK_ARGUMENTS
from tests.registers.casework_lines import LINES as CASEWORK_LINES
from tests.registers.meetings_lines import ARGUMENTS as MEETINGS_ARGUMENTS
from tests.registers.meetings_lines import LINES as MEETINGS_LINES
from tests.registers.plan_lines import ARGUMENTS as PLAN_ARGUMENTS
from tests.registers.plan_lines import LINES as PLAN_LINES
from tests.registers.reporting_lines import ARGUMENTS as REPORTING_ARGUMENTS
from tests.registers.reporting_lines import LINES as REPORTING_LINES

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
    # sharing: matters
    "matters": Line(held_by(WORK_ON_MATTERS), members(405)),
    "matters-csv": Line(held_by(WORK_ON_MATTERS), members(405)),
    "matter-open": Line(held_by(WORK_ON_MATTERS), held_by(WORK_ON_MATTERS)),
    "matter": Line(seen_by(SEE_MATTER), members(405), "matter"),
    "matter-history": Line(seen_by(SEE_MATTER), members(405), "matter"),
    "matter-sights": Line(seen_by(SEE_MATTER), members(405), "matter"),
    "matter-edit": MATTER_CHANGE,
    "matter-close": MATTER_CHANGE,
    "matter-reopen": MATTER_CHANGE,
    "matter-give-sight": MATTER_SHARING,
    "matter-restrict": MATTER_SHARING,
    "matter-lift": MATTER_SHARING,
    "matter-hand-over": MATTER_SHARING,
    "matter-end-sight": Line(
        seen_by(SEE_MATTER, DECIDE_MATTER), seen_by(SEE_MATTER, DECIDE_MATTER), "interest"
    ),
    "matter-put-in": Line(seen_by(SEE_MATTER), seen_by(SEE_MATTER), "record_in_matter"),
    "matter-take-out": Line(
        seen_by(SEE_MATTER, CHANGE_MATTER), seen_by(SEE_MATTER, CHANGE_MATTER), "record_in_matter_to_take_out"
    ),
    # releases: letters in that matter, and what has left
    "letters": Line(held_by(WORK_ON_MATTERS), members(405)),
    "letter-start": MATTER_CHANGE,
    "letter": Line(seen_by(SEE_MATTER), members(405), "letter"),
    "letter-edit": LETTER_CHANGE,
    "letter-check": Line(members(405), seen_by(SEE_MATTER, CHANGE_MATTER), "letter"),
    "letter-release": LETTER_CHANGE,
    "letter-drop": Line(
        seen_by(SEE_MATTER, CHANGE_MATTER), seen_by(SEE_MATTER, CHANGE_MATTER, done=302), "letter"
    ),
    "letter-sheet": Line(seen_by(SEE_MATTER), members(405), "released_letter"),
    "letter-file": Line(seen_by(SEE_MATTER), members(405), "released_letter_file"),
    "disclosures": Line(held_by(IAN), members(405)),
    "disclosures-csv": Line(held_by(IAN), members(405)),
    "disclosure": Line(seen_by(SEE_MATTER | IAN), members(405), "disclosure"),
    "releases-stopped": Line(held_by(IAN), members(405)),
    # sharing: requests for sight and emergencies
    "access-requests": Line(held_by(WORK_ON_MATTERS), members(405)),
    "access-request-by-reference": Line(held_by(WORK_ON_MATTERS), held_by(WORK_ON_MATTERS)),
    "access-request-ask": NO_POINTER,
    "access-request": Line(seen_by(SEE_REQUEST), members(405), "access_request"),
    "access-request-grant": REQUEST_DECISION,
    "access-request-answer": REQUEST_DECISION,
    "access-request-refuse": REQUEST_DECISION,
    "access-request-withdraw": Line(
        seen_by(SEE_REQUEST, frozenset({"rachel.referrer"})),
        seen_by(SEE_REQUEST, frozenset({"rachel.referrer"}), done=302),
        "access_request",
    ),
    "emergencies": Line(held_by(WORK_ON_MATTERS | IAN), members(405)),
    "emergency-open": NO_POINTER,
    "emergency": Line(seen_by(SEE_EMERGENCY), members(405), "emergency"),
    "emergency-review": Line(seen_by(SEE_EMERGENCY, IAN), seen_by(SEE_EMERGENCY, IAN), "emergency"),
    # It is over, so there is nothing left to end.
    "emergency-end": Line(
        seen_by(SEE_EMERGENCY, PRIYA, done=409), seen_by(SEE_EMERGENCY, PRIYA, done=409), "emergency"
    ),
    # people: persons, places, link decisions
    "known-persons": Line(held_by(WORK_ON_MATTERS), members(405)),
    "known-person": Line(seen_by(SEE_MATTER), members(405), "known_person"),
    "known-person-details": Line(seen_by(SEE_MATTER), members(405), "known_person"),
    "known-person-history": Line(seen_by(SEE_MATTER), members(405), "known_person"),
    "known-person-copy": record_change("known_person"),
    # It has not been released, so there is nothing to print.
    "known-person-copy-sheet": Line(
        seen_by(SEE_MATTER, CHANGE_RECORD, done=409), members(405), "known_person"
    ),
    "known-person-copy-file": Line(
        seen_by(SEE_MATTER, CHANGE_RECORD, done=409), members(405), "known_person_file"
    ),
    # All its fields may be empty, so a form without the version it was drawn from is shown both versions.
    "known-person-correct": Line(
        seen_by(SEE_MATTER, CHANGE_RECORD), seen_by(SEE_MATTER, CHANGE_RECORD, done=409), "known_person"
    ),
    "known-person-add": record_change("known_person_add"),
    "known-person-part": record_change("known_person_part"),
    "known-person-part-end": record_change("known_person_part"),
    "known-person-choose": Line(seen_by(SEE_MATTER), seen_by(SEE_MATTER), "known_person"),
    "known-person-compare": Line(seen_by(SEE_MATTER), seen_by(SEE_MATTER), "known_pair"),
    # The units of either record, and those who decide for the hub.
    "link-decision-undo": Line(
        seen_by(SEE_MATTER, CHANGE_RECORD | PRIYA),
        seen_by(SEE_MATTER, CHANGE_RECORD | PRIYA),
        "link_decision",
    ),
    "known-person-new": Line(seen_by(SEE_MATTER), seen_by(SEE_MATTER), "matter"),
    "place-new": Line(seen_by(SEE_MATTER), seen_by(SEE_MATTER), "matter"),
    "places": Line(held_by(WORK_ON_MATTERS), members(405)),
    "place": Line(seen_by(SEE_MATTER), members(405), "place"),
    "place-history": Line(seen_by(SEE_MATTER), members(405), "place"),
    "place-correct": record_change("place"),
    "place-add": record_change("place_add"),
    "place-part": record_change("place_part"),
    "place-part-end": record_change("place_part"),
    # people: search
    "search": SEARCH,
    "search-places": SEARCH,
    "search-matters": SEARCH,
    "search-results": SEARCHED,
    "search-again": SEARCHED,
    "search-place-results": SEARCHED,
    "search-before-create": Line(seen_by(SEE_MATTER), seen_by(SEE_MATTER), "matter"),
    "search-before-create-known": Line(members(404), members(405), "matter_and_no_key"),
    # sharing: agreements
    "agreements": READ,
    "agreements-csv": READ,
    "dormant": Line(held_by(WORK_ON_MATTERS), members(405)),
    "agreement-write": Line(held_by(IAN), held_by(IAN)),
    "agreement-from-pack": Line(held_by(IAN), held_by(IAN)),
    "agreement": Line(local(200), members(405), "agreement"),
    # In force, it is not a draft any more, and not suspended either.
    "agreement-edit": Line(local_to(IAN, 409), local_to(IAN, 409), "agreement"),
    "agreement-put-in-force": Line(local_to(IAN, 409), local_to(IAN, 409), "agreement"),
    "agreement-resume": Line(local_to(IAN, 409), local_to(IAN, 409), "agreement"),
    "agreement-suspend": Line(local_to(IAN, 200), local_to(IAN, 200), "agreement"),
    "agreement-end": Line(local_to(IAN, 200), local_to(IAN, 200), "agreement"),
    "agreement-review": Line(local_to(IAN, 200), local_to(IAN, 200), "agreement"),
    "agreement-replace": Line(local_to(IAN, 200), local_to(IAN, 302), "agreement"),
    "agreement-sign": Line(local_to(IAN, 200), local_to(IAN, 200), "agreement_party"),
    "agreement-withdraw": Line(local_to(IAN, 200), local_to(IAN, 200), "agreement_party"),
    # the log
    "log": Line(held_by(IAN), members(405)),
    "log-csv": Line(held_by(IAN), members(405)),
    "log-entry": Line(held_by(IAN), members(405), "entry"),
    **CASEWORK_LINES,
    **MEETINGS_LINES,
    **PLAN_LINES,
    **REPORTING_LINES,
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
        "matter": lambda: {"public_id": _flats(cast).public_id},
        "interest": lambda: {"public_id": _flats(cast).public_id, "interest": _interest(cast)},
        "record_in_matter": lambda: {"folder": _record(cast)},
        "record_in_matter_to_take_out": lambda: {
            "public_id": _flats(cast).public_id,
            "folder": _record(cast),
        },
        "known_person": lambda: {"public_id": _known(cast)["person"]},
        "known_person_file": lambda: {"public_id": _known(cast)["person"], "ending": "pdf"},
        "known_person_add": lambda: {"public_id": _known(cast)["person"], "part": "name"},
        "known_person_part": lambda: {
            "public_id": _known(cast)["person"],
            "part": "name",
            "part_id": _known(cast)["name"],
        },
        "known_pair": lambda: {"public_id": _known(cast)["person"], "other_id": _known(cast)["other"]},
        "link_decision": lambda: {"public_id": _known(cast)["decision"]},
        "place": lambda: {"public_id": _known(cast)["place"]},
        "place_add": lambda: {"public_id": _known(cast)["place"], "part": "address"},
        "place_part": lambda: {
            "public_id": _known(cast)["place"],
            "part": "address",
            "part_id": _known(cast)["address"],
        },
        "letter": lambda: {"public_id": _letter(cast, "draft").public_id},
        "released_letter": lambda: {"public_id": _letter(cast, "released").public_id},
        "released_letter_file": lambda: {"public_id": _letter(cast, "released").public_id, "ending": "pdf"},
        "disclosure": lambda: {"public_id": _disclosure(cast)},
        "access_request": lambda: {"public_id": _access_request(cast)},
        "emergency": lambda: {"public_id": _emergency(cast)},
        "no_pointer": lambda: {"token": "0" * 32},
        "no_key": lambda: {"key": "0" * 20},
        "matter_and_no_key": lambda: {"public_id": _flats(cast).public_id, "key": "0" * 20},
        "agreement": lambda: {"public_id": _agreement().public_id},
        "agreement_party": lambda: {
            "public_id": _agreement().public_id,
            "party": _agreement().parties.earliest("id").public_id,
        },
        "entry": lambda: {"number": Entry.objects.filter(partnership="north_yorkshire").earliest("id").pk},
    }
    later = CASEWORK_ARGUMENTS | MEETINGS_ARGUMENTS | PLAN_ARGUMENTS | REPORTING_ARGUMENTS
    made: dict[str, dict[str, Any]] = {}

    def arguments(key: str) -> dict[str, Any]:
        # Once in a test: a walk over every address asks again and again for what can stand only once.
        if key not in made:
            made[key] = makers[key]() if key in makers else later[key](cast)
        return made[key]

    return arguments


def _agreement() -> Any:
    from saferhub.sharing.models import Agreement

    return Agreement.objects.get(code="hubs_2018")


def _flats(cast: dict[str, Any]) -> Any:
    from saferhub.sharing.demonstration_matters import FLATS
    from saferhub.sharing.entering import entered
    from saferhub.sharing.models import Matter

    with entered(cast["maya.manager"]):
        return Matter.objects.select_related("folder", "hub").get(title=FLATS)


def _known(cast: dict[str, Any]) -> dict[str, str]:
    """Records of that matter: a person, another that stands as one with her, the decision, a place."""
    from saferhub.people.models import LinkDecision, Name, Person, Place
    from saferhub.sharing.entering import entered

    with entered(cast["maya.manager"]):
        person, other = Person.objects.get(name="Joanne Frith"), Person.objects.get(name="Jo Frith")
        place = Place.objects.get(name__startswith="Brayfield Court")
        return {
            "person": person.public_id,
            "other": other.public_id,
            "name": Name.objects.get(person=person, is_main=True).public_id,
            "decision": LinkDecision.objects.get(a=person, b=other, undone_at__isnull=True).public_id,
            "place": place.public_id,
            "address": place.addresses.get().public_id,
        }


def _interest(cast: dict[str, Any]) -> str:
    from saferhub.sharing.entering import entered
    from saferhub.sharing.models import Interest

    with entered(cast["maya.manager"]):
        return str(Interest.objects.filter(folder=_flats(cast).folder).earliest("id").public_id)


def _record(cast: dict[str, Any]) -> str:
    """The folder of a record that lies in that matter, put there for this test."""
    from saferhub.partnership.access import actor_for
    from saferhub.sharing.entering import entered
    from saferhub.sharing.operations.folders import enclose, open_folder

    flats = _flats(cast)
    with entered(cast["colin.coordinator"]):
        colin = actor_for(cast["colin.coordinator"])
        folder = open_folder(kind="person", by=colin, hub=flats.hub)
        enclose(inner=folder, outer=flats.folder, by=colin)
    return str(folder.public_id)


def _letter(cast: dict[str, Any], status: str) -> Any:
    from saferhub.releases.models import Letter
    from saferhub.sharing.entering import entered

    with entered(cast["maya.manager"]):
        return Letter.objects.filter(folder=_flats(cast).folder, status=status).earliest("id")


def _disclosure(cast: dict[str, Any]) -> str:
    from saferhub.releases.models import Disclosure
    from saferhub.sharing.entering import entered

    with entered(cast["maya.manager"]):
        return str(Disclosure.objects.filter(folder=_flats(cast).folder).earliest("id").public_id)


def _access_request(cast: dict[str, Any]) -> str:
    """The one that waits."""
    from saferhub.sharing.entering import entered
    from saferhub.sharing.models import AccessRequest

    with entered(cast["maya.manager"]):
        return str(AccessRequest.objects.get(status="asked").public_id)


def _emergency(cast: dict[str, Any]) -> str:
    from saferhub.sharing.entering import entered
    from saferhub.sharing.models import Emergency

    with entered(cast["maya.manager"]):
        return str(Emergency.objects.get().public_id)


Asked = tuple[str, str]  # name of an address and method


def _bunches() -> dict[str, list[str]]:
    """The addresses that are tried in one test, because they name one thing: it is made once."""
    found: dict[str, list[str]] = {}
    for name, line in TABLE.items():
        found.setdefault(line.arguments or name, []).append(name)
    return found


def _answers(who: str, asked: dict[Asked, str], client_for: Callable[..., Client]) -> dict[Asked, int | str]:
    """What this person is answered, by address and method. Effects are undone after each request."""
    found: dict[Asked, int | str] = {}
    with transaction.atomic():
        client = client_for("" if who == NOBODY else who)
        cookies = deepcopy(client.cookies)
        for (name, method), url in asked.items():
            with transaction.atomic():
                client.cookies = deepcopy(cookies)
                response = getattr(client, method)(url)
                transaction.set_rollback(True)
            leads_to_sign_in = response.status_code == 302 and response["Location"].startswith(
                "/sign-in/?next="
            )
            found[name, method] = TO_SIGN_IN if leads_to_sign_in else int(response.status_code)
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("bunch", _bunches())
def test_each_address_answers_each_person_as_the_table_says(
    bunch: str, client_for: Callable[..., Client], arguments_of: Callable[[str], dict[str, Any]]
) -> None:
    """To Olivia, of another partnership, hidden and missing read the same, byte for byte."""
    names = _bunches()[bunch]
    given = arguments_of(TABLE[names[0]].arguments)
    asked = {(name, method): reverse(name, kwargs=given) for name in names for method in ("get", "post")}
    wanted = {
        (name, method, who): status
        for name, method in asked
        for status, people in getattr(TABLE[name], method).items()
        for who in people
    }
    found = {(*one, who): status for who in ALL for one, status in _answers(who, asked, client_for).items()}
    assert found == wanted
    hidden = [name for name in names if TABLE[name].get.get(404, frozenset()) >= OLIVIA]
    if key := next((key for key in ("public_id", "code") if hidden and key in given), ""):
        olivia = client_for("olivia.outsider")
        for name in hidden:
            missing = {**given, key: "0" * len(str(given[key]))}
            assert _said(olivia, reverse(name, kwargs=given)) == _said(
                olivia, reverse(name, kwargs=missing)
            ), name


def _said(client: Client, url: str) -> tuple[Any, ...]:
    """What hidden and missing have alike, byte for byte: page, headers and cookies, without nonce and token."""
    response = client.get(url)
    assert response.status_code == 404, url
    body = re.sub(rb'nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content)
    headers = {
        k: re.sub(r"'nonce-[^']+'", "", v) for k, v in response.headers.items() if k != "Content-Length"
    }
    return body, headers, sorted(response.cookies)


def _any_arguments(name: str) -> dict[str, str] | None:
    """Something for each argument of an address, whether it is there or not; None where that takes a pattern."""
    pattern = next(one for one in _patterns() if one.name == name)
    converters = pattern.pattern.converters
    if not isinstance(pattern.pattern, RoutePattern):
        return None
    return {key: "1" if isinstance(one, IntConverter) else "0" * 16 for key, one in converters.items()}


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_no_address_takes_another_method(
    method: str, client_for: Callable[..., Client], arguments_of: Callable[[str], dict[str, Any]]
) -> None:
    """The method is refused before anything is looked for, so that what the address names need not be there."""
    client, taken = client_for("maya.manager"), {}
    for name, line in TABLE.items():
        given = _any_arguments(name)
        url = reverse(name, kwargs=arguments_of(line.arguments) if given is None else given)
        status = getattr(client, method)(url).status_code
        if status != 405:
            taken[name] = status
    assert taken == {}
