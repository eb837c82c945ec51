"""What a server must be told before it starts, and mail that is written to files."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.mail import EmailMessage, get_connection

BACKEND = "saferhub.foundation.mail_file.EmailBackend"


def found() -> set[str]:
    return {message.id or "" for message in run_checks()} & {"saferhub.E001", "saferhub.E002"}


def test_a_demonstration_need_not_say_where_mail_goes_nor_where_it_is(settings: Any) -> None:
    settings.MAIL_IS_CONFIGURED = settings.SERVICE_URL_IS_CONFIGURED = False
    assert found() == set()


def test_a_server_with_real_people_is_refused_without_either(settings: Any) -> None:
    settings.DEMONSTRATION = settings.DEBUG = False
    settings.MAIL_IS_CONFIGURED = settings.SERVICE_URL_IS_CONFIGURED = False
    assert found() == {"saferhub.E001", "saferhub.E002"}
    settings.MAIL_IS_CONFIGURED = True
    assert found() == {"saferhub.E002"}
    settings.SERVICE_URL_IS_CONFIGURED = True
    assert found() == set()


def test_while_debugging_links_may_lead_to_localhost(settings: Any) -> None:
    settings.DEMONSTRATION, settings.DEBUG = False, True
    settings.MAIL_IS_CONFIGURED, settings.SERVICE_URL_IS_CONFIGURED = True, False
    assert found() == set()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def open_umask() -> Any:
    before = os.umask(0o000)
    yield
    os.umask(before)


def send_to(folder: Path) -> list[Path]:
    connection = get_connection(BACKEND, file_path=folder)
    EmailMessage("Subject", "Body", "a@example.org", ["b@example.org"], connection=connection).send()
    return list(folder.iterdir())


@pytest.mark.usefixtures("open_umask")
def test_mail_in_files_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "local" / "mail"
    (message,) = send_to(folder)
    assert (mode(folder), mode(message)) == (0o700, 0o600)
    assert "Body" in message.read_text()


@pytest.mark.usefixtures("open_umask")
def test_a_folder_left_open_is_closed_and_a_shared_one_is_left_alone(tmp_path: Path) -> None:
    ours, shared = tmp_path / "ours", tmp_path / "shared"
    ours.mkdir(mode=0o755)
    shared.mkdir()
    shared.chmod(0o1777)
    (in_ours,), (in_shared,) = send_to(ours), send_to(shared)
    assert (mode(ours), mode(shared)) == (0o700, 0o1777)
    assert (mode(in_ours), mode(in_shared)) == (0o600, 0o600)


def test_the_product_uses_it() -> None:
    from saferhub import settings as product

    assert product.EMAIL_BACKEND in (BACKEND, "django.core.mail.backends.smtp.EmailBackend")
