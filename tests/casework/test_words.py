"""The search for words: what is found, by whom, and what is written down of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from saferhub.audit.models import Entry
from saferhub.casework.access import words as access
from saferhub.casework.models import Action, Case, Note, Referral
from saferhub.casework.operations.notes import withdraw_note
from saferhub.casework.queries.words import found, parts
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Search
from tests.builders.casework import a_case, actor, unit_of
from tests.builders.casework_actions import an_action
from tests.builders.casework_notes import a_note
from tests.builders.referrals import a_referral

pytestmark = pytest.mark.django_db
COLIN, RACHEL, PRIYA, VICTOR, MAYA, NADIA, IAN = (
    "colin.coordinator",
    "rachel.referrer",
    "priya.partner",
    "victor.voluntary",
    "maya.manager",
    "nadia.neighbour",
    "ian.governance",
)
Clients = Callable[[str], Any]


@pytest.fixture
def case(cast: dict[str, Any]) -> Case:
    return a_case(cast)


def finders(cast: dict[str, Any], words: str, what: str) -> set[str]:
    """Who finds something of this kind by these words."""
    finds = set()
    for username, user in cast.items():
        with entered(user):
            if any(one.what == what for one in found(actor(cast, username), words, 25)):
                finds.add(username)
    return finds


def test_a_note_is_found_by_whoever_may_read_it_and_by_nobody_else(cast: dict[str, Any], case: Case) -> None:
    a_note(cast, case, PRIYA, "The heron by the quay was quiet.")
    a_note(cast, case, VICTOR, "A kingfisher by the quay.", "own")
    a_note(cast, case, RACHEL, "An egret by the quay.", "named", [f"unit:{unit_of(cast, PRIYA).public_id}"])
    everybody = finders(cast, "heron", "Update")
    assert {COLIN, RACHEL, PRIYA, VICTOR, MAYA} <= everybody and not {NADIA, IAN} & everybody
    assert finders(cast, "kingfisher", "Update") == {VICTOR}
    assert finders(cast, "egret", "Update") == {RACHEL, PRIYA}


def test_cases_and_actions_are_found_by_what_stands_in_them(cast: dict[str, Any], case: Case) -> None:
    an_action(cast, case, owner=COLIN, words="Mend the lantern at the ferry")
    with entered(cast[COLIN]):
        Case.objects.filter(pk=case.pk).update(why="Boats are cut loose every night")
    assert {COLIN, PRIYA} <= finders(cast, "lanterns ferry", "Action")
    assert {COLIN, PRIYA} <= finders(cast, "cutting boat", "Case")
    assert NADIA not in finders(cast, "lantern", "Action") | finders(cast, "boats", "Case")


def test_a_referral_is_found_by_what_its_referrer_wrote(cast: dict[str, Any]) -> None:
    row = a_referral(cast, words={"happened": "A bonfire behind the chandlery"})
    with entered(cast[RACHEL]):
        hits = found(actor(cast, RACHEL), "chandlery", 25)
        assert [(one.what, one.matter.pk) for one in hits] == [("Referral", row.matter_id)]
    assert NADIA not in finders(cast, "chandlery", "Referral")


def test_all_of_the_words_must_stand_and_quoted_ones_together(cast: dict[str, Any], case: Case) -> None:
    a_note(cast, case, RACHEL, "She keeps her appointment about alcohol.")
    assert RACHEL in finders(cast, "alcohol appointments", "Update")
    assert finders(cast, "alcohol heron", "Update") == set()
    assert finders(cast, '"alcohol appointment"', "Update") == set()
    assert finders(cast, "the and of", "Update") == set()


def test_a_withdrawn_note_is_not_found(cast: dict[str, Any], case: Case) -> None:
    note = a_note(cast, case, RACHEL, "The heron was quiet.")
    with entered(cast[RACHEL]):
        withdraw_note(
            case_id=case.matter.public_id,
            note_id=note.public_id,
            reason="Not of this case",
            by=actor(cast, RACHEL),
        )
    assert finders(cast, "heron", "Update") == set()


def test_either_wall_alone_keeps_a_narrow_note_from_others(cast: dict[str, Any], case: Case) -> None:
    note = a_note(cast, case, VICTOR, "A kingfisher by the quay.", "own")
    with entered(cast[COLIN]):
        assert access.written_numbers([Note], "kingfisher", 10) == {Note: []}
        assert list(access.written(actor(cast, COLIN), Note, "kingfisher", [note.pk])) == []
    assert access.written_numbers([Note], "kingfisher", 10) == {Note: []}  # nobody has entered


def test_no_other_table_is_searched(cast: dict[str, Any]) -> None:
    with entered(cast[COLIN]), connection.cursor() as cursor:
        for table in ("casework_decision", "accounts_user", "casework_note t; --"):
            with pytest.raises(ProgrammingError, match="No table"), transaction.atomic():
                cursor.execute("SELECT gate.find_written(%s, 'x', 1)", [["casework_note", table]])


@pytest.mark.parametrize("model", [Case, Referral, Action, Note])
def test_what_is_searched_is_the_expression_of_its_index(model: Any, db: None) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SELECT gate.written_in(%s)", [table])
        (expression,) = cursor.fetchone()
        cursor.execute(
            f"EXPLAIN SELECT FROM {table} WHERE {expression} @@ to_tsquery('pg_catalog.english', 'x')"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
        assert all(f'"{name}"' in expression or name in expression for name in access.SEARCHED[model])
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [f"{table}_words"])
        assert cursor.fetchone() is not None
    assert plan


@pytest.mark.parametrize(
    ("piece", "said"),
    [
        ("", ()),
        ("plain", (("plain", False),)),
        (
            "a \x02heron\x03 by \n the \x02quay\x03",
            (("a ", False), ("heron", True), (" by the ", False), ("quay", True)),
        ),
    ],
)
def test_a_piece_is_cut_where_the_words_stand(piece: str, said: tuple[tuple[str, bool], ...]) -> None:
    assert parts(piece) == said


def test_the_box_shows_where_the_words_stand_and_writes_down_no_word(
    client_for: Clients, cast: dict[str, Any], case: Case
) -> None:
    a_note(cast, case, RACHEL, "The heron & the <quay.")
    page = client_for(COLIN).post("/search/", {"q": "heron quay"}).content.decode()
    assert "<mark>heron</mark> &amp; the &lt;<mark>quay</mark>" in page
    assert "Searched: titles and references" in page
    with entered(cast[COLIN], using="refusals"):
        row = Search.objects.using("refusals").filter(kind="words").latest("id")
    assert row.seen == 1 and set(row.terms) == {"words"} and "heron" not in str(row.terms)
    seen = Entry.objects.filter(event="people.results_seen").latest("id")
    assert seen.codes["matters"] == [case.matter.public_id] and "heron" not in str(seen.codes)


def test_a_part_of_a_reference_finds_its_matter(client_for: Clients, case: Case) -> None:
    part = case.matter.reference.rsplit("-", 1)[0]
    if any(char.isdigit() for char in part):
        assert case.matter.reference in client_for(COLIN).post("/search/", {"q": part}).content.decode()
    assert case.matter.title not in client_for(NADIA).post("/search/", {"q": part}).content.decode()
