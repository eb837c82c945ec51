from typing import Any

import pytest

from saferhub.accounts import holding
from saferhub.accounts.holding import CannotOpen, Written

LONG = " ".join(["neighbour’s", "façade", "Łódź", "日本", "\r\n"] * 400)
WRITTEN = Written(
    path="/note/?q=Zoë",
    page="/note/",
    fields=(("note", (LONG,)), ("hubs", ("selby", "craven", "")), ("empty", ("",)), ("seen", ("abc",))),
    left_out_files=True,
)


def test_two_thousand_words_and_several_values_come_back_to_the_letter() -> None:
    sealed = holding.seal(WRITTEN, public_id="A" * 16)
    assert holding.unseal(sealed, public_id="A" * 16) == WRITTEN


def test_nothing_of_it_can_be_read_while_sealed() -> None:
    sealed = holding.seal(WRITTEN, public_id="A" * 16)
    assert b"note" not in sealed and "Łódź".encode() not in sealed


def test_another_account_cannot_open_it() -> None:
    sealed = holding.seal(WRITTEN, public_id="A" * 16)
    with pytest.raises(CannotOpen):
        holding.unseal(sealed, public_id="B" * 16)


def test_a_changed_seal_does_not_open() -> None:
    sealed = bytearray(holding.seal(WRITTEN, public_id="A" * 16))
    sealed[40] ^= 1
    with pytest.raises(CannotOpen):
        holding.unseal(bytes(sealed), public_id="A" * 16)


def test_a_secret_that_was_replaced_still_opens_while_it_is_a_fallback(settings: Any) -> None:
    sealed = holding.seal(WRITTEN, public_id="A" * 16)
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    with pytest.raises(CannotOpen):
        holding.unseal(sealed, public_id="A" * 16)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert holding.unseal(sealed, public_id="A" * 16) == WRITTEN


def test_reading_leaves_out_what_is_empty_and_what_nobody_wrote() -> None:
    assert WRITTEN.readable == [("Note", [LONG]), ("Hubs", ["selby", "craven"])]
