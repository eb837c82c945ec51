"""What packs say is kept by the process until another is loaded, and no longer."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from saferhub.foundation.one_page import one_page
from saferhub.partnership.operations.packs import load_packs
from saferhub.partnership.queries.in_force import entries
from saferhub.partnership.queries.kept import while_packs_stand

from .places import ENGLAND, NORTH_YORKSHIRE

pytestmark = pytest.mark.django_db
TODAY = date(2018, 8, 28)


class _TakenBack(Exception):
    pass


def test_what_packs_say_is_asked_once_while_the_same_packs_stand() -> None:
    load_packs([ENGLAND])
    asked: list[int] = []
    for _ in range(3):
        with one_page():
            while_packs_stand("how many", lambda: asked.append(1))
    assert len(asked) == 1
    load_packs([NORTH_YORKSHIRE])
    while_packs_stand("how many", lambda: asked.append(1))
    assert len(asked) == 2


def test_what_a_loading_that_was_taken_back_said_is_not_said_again() -> None:
    with pytest.raises(_TakenBack), transaction.atomic():
        load_packs([ENGLAND])
        assert entries(None, "labels", TODAY)
        raise _TakenBack
    assert entries(None, "labels", TODAY) == []


def test_an_answer_that_could_not_be_given_is_asked_for_again() -> None:
    load_packs([ENGLAND])
    with pytest.raises(ZeroDivisionError):
        while_packs_stand("in vain", lambda: 1 // 0)
    assert while_packs_stand("in vain", lambda: 1) == 1
