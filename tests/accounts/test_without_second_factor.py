"""Every address, asked by somebody whose role requires a second factor and who has set up none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from saferhub.accounts import sessions
from saferhub.foundation import clock
from tests.registers.test_urls import NOBODY, TABLE, TO_SIGN_IN, arguments_of  # noqa: F401 - a fixture

SET_UP = "/account/codes/set-up/"
# The way to a second factor, open to her; the cast has no passwords to prove itself again with.
WAY = {"mfa_activate_totp", "account_reauthenticate", "mfa_reauthenticate"}
# For her, as for nobody: these answer somebody without a session too.
OPEN = {
    "account_login": {302},
    "account_logout": {302, 405},
    "account_inactive": {302, 405},
    "mfa_authenticate": {302},
    "invitation": {200, 302},
    "invitation_link": {302, 405},
    "demonstration_sign_in": {400, 405},
    "account_reset_password": {200},
    "account_reset_password_from_key": {200},
    # The addresses of other systems ask for a key or a secret, and know no sign-in.
    "action-feed-ics": {404, 405},
    "link-referral": {404, 405},
}
KEYS = {401, 405, 415}


@pytest.fixture
def without(cast: dict[str, Any]) -> Callable[[], Client]:
    """Maya, the partnership's manager, signed in as with a password alone."""

    def signed_in() -> Client:
        client = Client()
        client.force_login(cast["maya.manager"])
        session = client.session
        session[sessions.SIGNED_IN_AT] = session[sessions.LAST_SEEN] = int(clock.real_now().timestamp())
        session.save()
        return client

    return signed_in


@pytest.mark.parametrize("method", ["get", "post"])
def test_she_reaches_setting_it_up_standing_pages_and_signing_out_and_nothing_else(
    method: str,
    without: Callable[[], Client],
    arguments_of: Callable[[str], dict[str, Any]],  # noqa: F811 - pytest's way
) -> None:
    reached = {}
    for name, line in TABLE.items():
        url = reverse(name, kwargs=arguments_of(line.arguments))
        with transaction.atomic():
            answer = getattr(without(), method)(url)
            transaction.set_rollback(True)
        if name in WAY:
            fine = answer.status_code in {200, 403}
        elif NOBODY not in getattr(line, method).get(TO_SIGN_IN, ()):
            keyed = name.startswith("api-") and name not in {"api-docs", "api-openapi"}
            fine = answer.status_code in (KEYS if keyed else OPEN.get(name, {200, 405}))
        else:
            fine = answer.status_code == 302 and answer["Location"].startswith(SET_UP)
        if not fine:
            reached[name] = (answer.status_code, answer.headers.get("Location"))
    assert reached == {}


def test_the_same_person_with_the_demonstrations_session_reaches_her_work(
    client_for: Callable[[str], Client],
) -> None:
    assert client_for("maya.manager").get("/").status_code == 200


def test_no_page_sets_a_third_cookie(client_for: Callable[[str], Client], cast: dict[str, Any]) -> None:
    """A change of unit, with the message that names the person, and every page she can read."""
    client = client_for("maya.manager")
    seen: set[str] = set(client.cookies)
    nadia = reverse("person-change-unit", args=[cast["nadia.neighbour"].public_id])
    form = client.get(nadia).context["form"]
    fields = {bound.name: bound.value() or "" for bound in form}
    units = [value for value, _ in _choices(form.fields["unit"].choices) if value and value != fields["unit"]]
    answer = client.post(nadia, {**fields, "unit": units[0], "reason": "Moved to another team"})
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"])
    assert "Nadia Fenwick" in page.content.decode() and "sh-messages" in page.content.decode()
    for name, line in TABLE.items():
        if not line.arguments:
            client.get(reverse(name))
            seen |= set(client.cookies)
    client.post("/sign-out/")
    client.get("/sign-in/")
    assert seen | set(client.cookies) == {"saferhub_session", "saferhub_csrf"}


def _choices(choices: Any) -> list[tuple[str, str]]:
    """The choices of a field, those in groups too."""
    flat: list[tuple[str, str]] = []
    for value, label in choices:
        flat += list(label) if isinstance(label, list | tuple) else [(value, label)]
    return flat
