"""The local secrets: private, made once, never lost by a new address."""

import os
import subprocess
from pathlib import Path

import dj_database_url

from devkit import secrets_file


def test_only_the_owner_can_read_the_file_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    before = os.umask(0)
    try:
        secrets_file.ensure(path, Path("/run/socket"))
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


def test_secrets_are_made_once(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    assert secrets_file.ensure(path, Path("/run/s")) == secrets_file.ensure(path, Path("/run/s"))


def test_a_new_socket_folder_changes_the_addresses_and_no_password(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    before = secrets_file.ensure(path, Path("/run/one"))
    after = secrets_file.ensure(path, Path("/run/two"))
    for name in secrets_file.ROLE_OF_URL:
        assert secrets_file.password_in(before[name]) == secrets_file.password_in(after[name])
        assert "two" in after[name]
    assert before["SAFERHUB_SECRET_KEY"] == after["SAFERHUB_SECRET_KEY"]
    assert secrets_file.read(path) == after


def test_every_role_has_a_password_of_its_own(tmp_path: Path) -> None:
    values = secrets_file.ensure(tmp_path / "secrets.env", Path("/run/s"))
    assert len({secrets_file.password_in(values[name]) for name in secrets_file.ROLE_OF_URL}) == 4


def test_a_file_cut_short_is_completed(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    before = secrets_file.ensure(path, Path("/run/s"))
    path.write_text("\n".join(path.read_text().splitlines()[:3]) + "\n")
    after = secrets_file.ensure(path, Path("/run/s"))
    assert after["SAFERHUB_SECRET_KEY"] == before["SAFERHUB_SECRET_KEY"]
    assert set(after) == set(before)


def test_django_reads_a_socket_folder_with_odd_characters() -> None:
    folder = Path("/home/Ann O'Neill/100% done/a@b:c")
    found = dj_database_url.parse(secrets_file.url("saferhub_app", "pa/ss", folder))
    assert (found["HOST"], found["USER"], found["PASSWORD"], found["NAME"]) == (
        str(folder),
        "saferhub_app",
        "pa/ss",
        "saferhub",
    )


def test_a_shell_reads_the_file_too(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    values = secrets_file.ensure(path, Path("/run/a b"))
    shown = subprocess.run(
        ["/bin/sh", "-c", f'. "{path}"; printf %s "$DATABASE_URL"'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout == values["DATABASE_URL"]
