"""The local secrets: the key that signs sessions and the passwords of the database roles.

They are random, made once, and kept in a file that only its owner can read, in the form
`NAME='value'`, which a shell reads too. A server of your own gets its secrets from elsewhere.
"""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

SUPERUSER_PASSWORD = "SAFERHUB_SUPERUSER_PASSWORD"
SECRET_KEY = "SAFERHUB_SECRET_KEY"
DATABASE = "saferhub"
ROLE_OF_URL = {
    "DATABASE_URL": "saferhub_app",
    "DATABASE_OWNER_URL": "saferhub_owner",
    "DATABASE_STEWARD_URL": "saferhub_steward",
    "DATABASE_BACKUP_URL": "saferhub_backup",
}
_LINE = re.compile(r"^([A-Z][A-Z0-9_]*)='([^']*)'$")


def read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {found.group(1): found.group(2) for line in lines if (found := _LINE.match(line))}


def write(path: Path, values: Mapping[str, str]) -> None:
    """Replaces the file in one step; at no moment can anybody else read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    text = "# Made by ./dev. Keep it to yourself: whoever reads it can sign in to the local database.\n"
    text += "".join(f"{name}='{value}'\n" for name, value in values.items())
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def url(role: str, password: str, socket_folder: Path) -> str:
    host = quote(os.fspath(socket_folder), safe="")
    return f"postgresql://{role}:{quote(password, safe='')}@{host}/{DATABASE}"


def password_in(address: str) -> str:
    return unquote(urlsplit(address).password or "")


def ensure(path: Path, socket_folder: Path) -> dict[str, str]:
    """Reads the secrets, making what is missing, and lets the addresses name this socket folder."""
    before = read(path)
    after = {
        SECRET_KEY: before.get(SECRET_KEY) or secrets.token_urlsafe(50),
        SUPERUSER_PASSWORD: before.get(SUPERUSER_PASSWORD) or secrets.token_urlsafe(24),
    }
    for name, role in ROLE_OF_URL.items():
        password = password_in(before.get(name, "")) or secrets.token_urlsafe(24)
        after[name] = url(role, password, socket_folder)
    if after != before:
        write(path, after)
    return after
