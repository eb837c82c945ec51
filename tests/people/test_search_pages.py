"""Pages of search: nothing personal in an address, the same words for hidden and missing, one row in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from saferhub.audit.models import Entry
from saferhub.people.access import search as access
from saferhub.people.models import Place
from saferhub.people.operations import search as operations
from saferhub.sharing.demonstration_matters import CONDUCT, FLATS
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Matter, Search

Clients = Callable[..., Client]
JO = {"purpose": "reduce_asb", "name": "Jo Frith", "born_0": "14", "born_1": "5", "born_2": "1983"} | {
    "born_day": "14", "born_month": "5", "born_year": "1983"
}  # fmt: skip


def _matter(cast: dict[str, Any], title: str) -> Matter:
    with entered(cast["maya.manager"]):
        return Matter.objects.get(title=title)


def test_what_was_typed_stands_in_no_address(client_for: Clients) -> None:
    client = client_for("rachel.referrer")
    answer = client.post("/search/", JO)
    assert answer.status_code == 302
    assert "frith" not in answer["Location"].lower()
    page = client.get(answer["Location"]).content.decode()
    assert "Joanne Frith" in page and "Very likely the same person" in page
    # Read again, it is still there; to another session it is not.
    assert client.get(answer["Location"]).status_code == 200
    assert client_for("rachel.referrer").get(answer["Location"]).status_code == 404
    again = client.get(f"{answer['Location']}again/").content.decode()
    assert "Jo Frith" in again


def test_what_was_typed_is_sealed_in_the_session(client_for: Clients) -> None:
    client = client_for("rachel.referrer")
    client.post("/search/", JO)
    assert "Frith" not in str(dict(client.session))


def test_one_search_is_one_row_however_often_it_is_read(client_for: Clients, cast: dict[str, Any]) -> None:
    client = client_for("rachel.referrer")
    answer = client.post("/search/", JO)
    for _ in range(3):
        client.get(answer["Location"])
    with entered(cast["rachel.referrer"], using="refusals"):
        (row,) = Search.objects.using("refusals").filter(user=cast["rachel.referrer"])
    assert (row.kind, row.purpose, row.pointed) == ("search", "reduce_asb", True)
    assert row.seen is not None and row.seen >= 1


@pytest.mark.parametrize(
    "sent", [{}, {"purpose": "reduce_asb"}, {"name": "Jo Frith"}, {**JO, "telephone": "abc"}]
)
def test_a_search_without_purpose_or_words_is_asked_again(client_for: Clients, sent: dict[str, str]) -> None:
    answer = client_for("rachel.referrer").post("/search/", sent)
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()


def test_the_box_in_the_header_takes_a_reference_straight_to_its_matter(
    client_for: Clients, cast: dict[str, Any]
) -> None:
    flats = _matter(cast, FLATS)
    # One in ten has no digit, and could then be a name without its hyphens.
    plain = flats.reference.lower()
    short = plain.replace("-", "") if any(char.isdigit() for char in plain) else plain
    for written in (flats.reference, short):
        answer = client_for("rachel.referrer").post("/search/", {"q": written})
        assert answer["Location"] == f"/matters/{flats.public_id}/"


def test_the_box_takes_a_name_to_the_form(client_for: Clients) -> None:
    page = client_for("rachel.referrer").post("/search/", {"q": "Jo Frith"}).content.decode()
    assert 'value="Jo Frith"' in page
    assert "There is a problem" not in page


@pytest.mark.parametrize(
    "username", ["rachel.referrer", "nadia.neighbour", "fergus.former", "olivia.outsider"]
)
def test_a_hidden_reference_reads_as_a_missing_one(
    client_for: Clients, cast: dict[str, Any], username: str
) -> None:
    hidden = _matter(cast, CONDUCT).reference
    missing = f"{hidden[:4]}0000-00"
    client = client_for(username)
    pages = []
    for reference in (hidden, missing):
        answer = client.post("/search/matters/", {"reference": reference})
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "Nothing you may see has this reference" in text
        for part in ("nonce=", 'name="csrfmiddlewaretoken" value='):
            text = "".join(
                piece.split('"', 1)[-1] if at else piece for at, piece in enumerate(text.split(f'{part}"'))
            )
        pages.append(text.replace(reference, ""))
    assert pages[0] == pages[1]


def test_before_a_new_record_one_looks_and_what_was_typed_is_carried(
    client_for: Clients, cast: dict[str, Any]
) -> None:
    client = client_for("rachel.referrer")
    flats = _matter(cast, FLATS)
    typed = {name: value for name, value in JO.items() if name != "purpose"}
    answer = client.post(f"/matters/{flats.public_id}/is-known/", typed)
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "Is one of these the person you mean?" in page
    assert "No, someone else" in page and "checked" not in page
    key = answer["Location"].rstrip("/").split("/")[-1]
    form = client.get(f"/matters/{flats.public_id}/add-person/?typed={key}").content.decode()
    assert 'value="Frith"' in form and 'value="1983"' in form


def test_a_place_is_found_by_name_and_by_address(client_for: Clients) -> None:
    client = client_for("rachel.referrer")
    for words in ("Brayfield Court", "Brayfeild"):
        answer = client.post("/search/places/", {"words": words})
        assert "Brayfield Court, flat 14" in client.get(answer["Location"]).content.decode()
    answer = client_for("nadia.neighbour").post("/search/places/", {"words": "Brayfield Court"})


def test_a_matter_is_found_by_words_of_its_title(client_for: Clients) -> None:
    page = (
        client_for("rachel.referrer").post("/search/matters/", {"reference": "broken door"}).content.decode()
    )
    assert FLATS in page
    page = (
        client_for("nadia.neighbour").post("/search/matters/", {"reference": "broken door"}).content.decode()
    )
    assert FLATS not in page


def test_whoever_works_on_no_matter_has_no_box(client_for: Clients) -> None:
    assert 'id="search"' not in client_for("ian.governance").get("/").content.decode()
    assert 'id="search"' in client_for("rachel.referrer").get("/").content.decode()


def test_a_search_is_made_once_for_its_page_and_its_count(
    client_for: Clients, cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    find = access.person_numbers

    def counting(typed: Any) -> list[int]:
        made.append(typed)
        return find(typed)

    monkeypatch.setattr(access, "person_numbers", counting)
    client = client_for("rachel.referrer")
    answer = client.post("/search/", JO)
    assert len(made) == 0
    client.get(answer["Location"])
    assert len(made) == 1
    with entered(cast["rachel.referrer"], using="refusals"):
        (row,) = Search.objects.using("refusals").filter(user=cast["rachel.referrer"])
    assert row.seen is not None and row.seen >= 1 and row.hits is not None


def test_how_much_was_shown_is_written_down_once(
    client_for: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_for("rachel.referrer")
    answer = client.post("/search/", JO)
    said: list[Any] = []
    monkeypatch.setattr(operations, "finished", lambda *given, **more: said.append(given))
    for _ in range(3):
        assert "Joanne Frith" in client.get(answer["Location"]).content.decode()
    assert len(said) == 1


def test_places_that_a_search_showed_stand_in_the_log(client_for: Clients, cast: dict[str, Any]) -> None:
    client = client_for("rachel.referrer")
    answer = client.post("/search/places/", {"words": "Brayfield Court"})
    client.get(answer["Location"])
    entry = Entry.objects.filter(event="people.results_seen", actor=cast["rachel.referrer"].public_id).latest(
        "id"
    )
    with entered(cast["rachel.referrer"]):
        place = Place.objects.get(name="Brayfield Court, flat 14")
    assert entry.kind == "sight" and place.public_id in entry.codes["places"]
