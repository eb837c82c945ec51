"""The secrets of mailed links stay out of the logs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from saferhub.accounts.log_secrets import BlankSecrets, blank
from saferhub.accounts.models import User


@pytest.fixture
def log() -> Any:
    """What the service's own handler would print, from every logger."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(BlankSecrets())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Gone: /join/s3cret-x_y/", "Gone: /join/[left out]/"),
        ("Gone: /feeds/actions/s3cret-x_y.ics", "Gone: /feeds/actions/[left out]"),
        ('"GET /join/s3cret HTTP/1.1" 302', '"GET /join/[left out] HTTP/1.1" 302'),
        (
            "https://x.example/sign-in/new-password/1a-cz-s3cret/?x=1",
            "https://x.example/sign-in/new-password/1a-[left out]/?x=1",
        ),
        ("/join/ and /sign-in/new-password/sent/", "/join/ and /sign-in/new-password/sent/"),
    ],
)
def test_a_secret_is_blanked_and_the_rest_stays(written: str, kept: str) -> None:
    assert blank(written) == kept


def test_messages_arguments_and_tracebacks_are_all_blanked(log: Any) -> None:
    logging.getLogger("anything").warning("%s: %s", "Gone", "/join/s3cret/")
    try:
        raise RuntimeError("/sign-in/new-password/1a-s3cret/")
    except RuntimeError:
        logging.getLogger("anything").exception("At /join/s3cret/")
    logging.getLogger("anything").warning("%s %s /join/s3cret/", "too few")
    assert "s3cret" not in log.getvalue()
    assert log.getvalue().count("[left out]") >= 4


def test_every_handler_of_the_service_has_the_filter() -> None:
    handlers = settings.LOGGING["handlers"]
    assert handlers and all("secrets" in handler["filters"] for handler in handlers.values())
    for name in ("django", "django.server"):
        assert logging.getLogger(name).handlers == [] and logging.getLogger(name).propagate


@pytest.mark.django_db
def test_no_visit_of_an_invitation_leaves_its_secret_in_the_log(
    invite: Callable[..., str], person: Callable[..., User], signed_in: Callable[..., Client], log: Any
) -> None:
    client = signed_in(person("ann@example.org", "Ann Other"))
    secret = invite()
    assert client.get(f"/join/{secret}/").status_code == 302
    assert log.getvalue() == ""
    Client().get("/join/no-such-s3cret/")
    assert "Gone" in log.getvalue() and "s3cret" not in log.getvalue()
