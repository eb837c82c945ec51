"""A half-written form, sealed for the account that wrote it and for nobody else.

The key is made of the service's secret and the account's public_id, so a row copied to another
account, or read in a backup without the secret, opens for nobody.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.encoding import force_bytes

from saferhub.foundation.registries import PAGE_WORDS

from . import rules


class CannotOpen(Exception):  # noqa: N818 - says what happened, to the one caller that handles it
    """The seal does not open: another account's, tampered with, or sealed under a secret long gone."""


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote: where it was sent, from which page, and its fields in their order."""

    path: str
    page: str
    fields: tuple[tuple[str, tuple[str, ...]], ...]
    left_out_files: bool = False

    @property
    def readable(self) -> list[tuple[str, list[str]]]:
        """Fields and values for reading, without the empty ones and those nobody wrote."""
        return rules.readable_fields(self.fields)

    @property
    def page_words(self) -> str:
        """What the page is called that this was sent from, else its address."""
        return words_for(self.page) or words_for(self.path) or self.page


def words_for(address: str) -> str:
    """What the page at an address of ours is called, as its app says; "" where none does."""
    try:
        name = resolve(urlsplit(address).path).url_name or ""
    except Resolver404:
        return ""
    return next((words for provider in PAGE_WORDS if (words := provider(name))), "")


def cipher_for(purpose: str) -> MultiFernet:
    """Encryption under a key of this purpose alone; earlier secrets of the service still open theirs."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([_key(secret, purpose) for secret in secrets])


def _key(secret: str | bytes, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"saferhub {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(force_bytes(secret))))


def _cipher(public_id: str) -> MultiFernet:
    return cipher_for(f"held form {public_id}")


def fields_to_keep(lists: Iterable[tuple[str, list[str]]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The posted fields without those that belong to the transport."""
    return tuple((name, tuple(values)) for name, values in lists if name not in rules.TRANSPORT_FIELDS)


def seal(written: Written, *, public_id: str) -> bytes:
    """Encrypt what was written for the account of this public_id."""
    text = json.dumps(
        {
            "path": written.path,
            "page": written.page,
            "fields": written.fields,
            "left_out_files": written.left_out_files,
        }
    )
    return _cipher(public_id).encrypt(text.encode())


def unseal(sealed: bytes | memoryview, *, public_id: str) -> Written:
    """Open what was sealed for this account. Raises CannotOpen otherwise."""
    try:
        found = json.loads(_cipher(public_id).decrypt(bytes(sealed)))
    except InvalidToken as wrong:
        raise CannotOpen from wrong
    return Written(
        path=found["path"],
        page=found["page"],
        fields=tuple((name, tuple(values)) for name, values in found["fields"]),
        left_out_files=found["left_out_files"],
    )
