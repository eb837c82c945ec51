"""Who has seen a record of a person, as somebody learns who sees it through one of its matters alone; what the
page asks the database; and notes beside people whom a reader may not see."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.foundation import clock
from saferhub.partnership.rules.moments import LONDON
from saferhub.people import access
from saferhub.people.models import Person, Relationship
from saferhub.people.operations import links, persons
from saferhub.people.queries.person_page import person_page
from saferhub.sharing.access.matters import get_interest
from saferhub.sharing.demonstration_matters import FLATS, NEXT_DOOR
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Enclosure, Interest, Matter
from saferhub.sharing.operations import folders
from saferhub.sharing.operations.matters import open_matter
from saferhub.sharing.queries.sights import sights_of
from saferhub.sharing.queries.who_can_see import who_can_see
from saferhub.sharing.rules.interests import last_day


@pytest.fixture
def joanne(cast: dict[str, Any]) -> Person:
    with entered(cast["rachel.referrer"]):
        return Person.objects.select_related("folder").get(name="Joanne Frith")


@pytest.fixture
def hidden(cast: dict[str, Any], actor_of: Any, joanne: Person) -> Matter:
    """Another matter that her record lies in, which housing and one named licensing officer see."""
    with entered(cast["rachel.referrer"]):
        rachel = actor_of("rachel.referrer")
        made = open_matter(title="Keys", about="", purpose="safeguard_adult", by=rachel, on=rachel.on)
        folders.enclose(inner=joanne.folder, outer=made.folder, by=rachel)
        Interest.objects.create(
            folder=made.folder, user=cast["nadia.neighbour"], purpose="safeguard_adult", because="named",
            valid_from=clock.now(),
        )  # fmt: skip
        return made


def seen_by(who: str, joanne: Person, cast: dict[str, Any], actor_of: Any) -> list[tuple[str, str]]:
    actor = actor_of(who)
    with entered(cast[who]):
        around = access.around_each(actor, [joanne])[joanne.folder_id]
        found = sights_of([joanne], actor, 50, through=around.ever)
    assert found.number == len(found.rows)
    return [(row.name, row.purpose) for row in found.rows]


def test_sights_tell_nothing_of_a_matter_that_the_reader_does_not_see(
    client_for: Any, cast: dict[str, Any], actor_of: Any, joanne: Person, hidden: Matter
) -> None:
    url = reverse("known-person", args=[joanne.public_id])
    for who in ("nadia.neighbour", "rachel.referrer", "colin.coordinator"):
        assert client_for(who).get(url).status_code == 200
    rachel, nadia, colin = (cast[f"{one}"].name for one in
                            ("rachel.referrer", "nadia.neighbour", "colin.coordinator"))  # fmt: skip
    # Housing gave the record and sees it in its own right, which everybody knows; for what else, nobody learns.
    told = seen_by("priya.partner", joanne, cast, actor_of)
    assert [name for name, _ in told] == [colin, rachel]
    assert dict(told)[rachel] == ""
    assert dict(told)[colin] != ""
    assert [name for name, _ in seen_by("rachel.referrer", joanne, cast, actor_of)] == [colin, rachel, nadia]
    assert all(purpose for _, purpose in seen_by("rachel.referrer", joanne, cast, actor_of))
    for name in ("known-person", "known-person-history"):
        text = client_for("priya.partner").get(reverse(name, args=[joanne.public_id])).content.decode()
        assert colin in text
        assert nadia not in text
        assert (
            nadia
            in client_for("rachel.referrer").get(reverse(name, args=[joanne.public_id])).content.decode()
        )


def test_the_log_holds_what_the_page_leaves_out(
    client_for: Any, cast: dict[str, Any], joanne: Person, hidden: Matter
) -> None:
    client_for("nadia.neighbour").get(reverse("known-person", args=[joanne.public_id]))
    entry = Entry.objects.get(actor=cast["nadia.neighbour"].public_id, subject=joanne.public_id)
    assert entry.purpose == "safeguard_adult"
    assert entry.codes == {"through": [hidden.public_id], "matter": hidden.public_id}


def test_a_linked_record_is_not_noted_as_seen_for_a_matter_it_does_not_lie_in(
    client_for: Any, cast: dict[str, Any], joanne: Person, hidden: Matter
) -> None:
    client_for("rachel.referrer").get(reverse("known-person", args=[joanne.public_id]))
    with entered(cast["rachel.referrer"]):
        other = Person.objects.get(name="Jo Frith")
        flats = Matter.objects.get(title=FLATS)
    entry = Entry.objects.get(actor=cast["rachel.referrer"].public_id, subject=other.public_id, kind="sight")
    assert entry.codes == {"through": [flats.public_id], "matter": flats.public_id}


def test_one_still_learns_who_saw_it_after_it_was_taken_out_of_the_matter(
    client_for: Any, cast: dict[str, Any], actor_of: Any, joanne: Person, hidden: Matter
) -> None:
    client_for("nadia.neighbour").get(reverse("known-person", args=[joanne.public_id]))
    with entered(cast["rachel.referrer"]):
        inside = Enclosure.objects.get(inner=joanne.folder_id, outer=hidden.folder_id)
        folders.take_out(enclosure=inside, reason="Put in by mistake", by=actor_of("rachel.referrer"))
    told = seen_by("rachel.referrer", joanne, cast, actor_of)
    assert [name for name, _ in told] == [cast["nadia.neighbour"].name]


# --- What the database is asked -------------------------------------------------------------------------


def _asked(captured: CaptureQueriesContext, table: str) -> list[str]:
    """The queries whose rows are of this table."""
    start = f'SELECT "{table}"."id"'
    return [one["sql"] for one in captured.captured_queries if one["sql"].startswith(start)]


def test_who_can_see_asks_for_the_interests_of_the_matter_and_no_others(
    cast: dict[str, Any], actor_of: Any, joanne: Person
) -> None:
    priya = actor_of("priya.partner")
    with entered(cast["priya.partner"]):
        flats = Matter.objects.select_related("folder", "hub", "unit__agency", "partnership").get(title=FLATS)
        with CaptureQueriesContext(connection) as captured:
            who = who_can_see(priya, flats)
            get_interest(priya, flats, who.rows[0].interest.public_id)
            person_page(priya, joanne)
        told = _asked(captured, "sharing_interest")
        assert len(told) == 3
        assert not [sql for sql in told if '"holder" IN' in sql]


def test_the_matters_of_linked_records_cost_one_query(cast: dict[str, Any], actor_of: Any) -> None:
    colin = actor_of("colin.coordinator")
    with entered(cast["colin.coordinator"]):
        matter = Matter.objects.get(title=FLATS)
        made = [
            persons.record_person(
                matter_id=matter.public_id,
                values={"given": name, "family": "Invented"},
                by=colin,
                on=colin.on,
            )
            for name in ("Ash", "Beech", "Cedar", "Damson")
        ]
        for one, other in pairwise(made):
            links.decide(
                one_id=one.public_id,
                other_id=other.public_id,
                verdict="same",
                reason="x",
                by=colin,
                on=colin.on,
            )
        with CaptureQueriesContext(connection) as captured:
            page = person_page(colin, made[0])
    assert len(page.group) == 4
    assert [one.title for one in page.matters] == [FLATS]
    assert len(_asked(captured, "sharing_enclosure")) == 1
    assert _asked(captured, "sharing_matter") == []


# --- Last days ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "day"),
    [
        (datetime(2018, 10, 21, tzinfo=LONDON), 20),
        (datetime(2018, 10, 20, 23, 59, 59, tzinfo=LONDON), 20),
        (datetime(2018, 10, 21, 9, tzinfo=LONDON), 21),
    ],
)
def test_the_last_day_is_the_last_on_which_something_shows(until: datetime, day: int) -> None:
    found = last_day(until)
    assert found is not None
    assert found.day == day
    assert last_day(None) is None


def test_a_matter_and_its_people_show_the_same_last_day(cast: dict[str, Any], actor_of: Any) -> None:
    rachel = actor_of("rachel.referrer")
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=10)
    with entered(cast["rachel.referrer"]):
        matter = Matter.objects.select_related("folder", "unit__agency", "partnership").get(title=NEXT_DOOR)
        made = persons.record_person(
            matter_id=matter.public_id, values={"given": "Elm", "family": "Invented"}, by=rachel, on=rachel.on
        )
        Interest.objects.create(
            folder=matter.folder, user=cast["nadia.neighbour"], purpose="reduce_asb", because="named",
            valid_from=clock.now(), valid_until=midnight,
        )  # fmt: skip
        expected = midnight.date() - timedelta(days=1)
        assert [row.until for row in who_can_see(rachel, matter).rows] == [expected]
        assert [row.until for row in person_page(rachel, made).seers if row.until] == [expected]


# --- Notes ----------------------------------------------------------------------------------------------


@pytest.fixture
def hides_the_child(cast: dict[str, Any], joanne: Person) -> Relationship:
    with entered(cast["rachel.referrer"]):
        return Relationship.objects.get(person=joanne, note="Lives elsewhere")


def test_a_note_beside_somebody_unseen_is_hidden_wherever_the_relationship_stands(
    client_for: Any, joanne: Person, hides_the_child: Relationship
) -> None:
    urls = [reverse(f"known-person{page}", args=[joanne.public_id]) for page in ("", "-details", "-history")]
    for page in ("known-person-part", "known-person-part-end"):
        urls.append(reverse(page, args=[joanne.public_id, "relationship", hides_the_child.public_id]))
    for url in urls[:-1]:  # The page that ends it shows nobody a note.
        assert "Lives elsewhere" in client_for("colin.coordinator").get(url).content.decode(), url
        text = client_for("rachel.referrer").get(url).content.decode()
        assert "Lives elsewhere" not in text, url
    assert "Same household" in client_for("rachel.referrer").get(urls[0]).content.decode()
    sent = {
        "last_day_day": "28",
        "last_day_month": "8",
        "last_day_year": "2018",
        "reason": "Over",
        "seen": "1",
    }
    assert client_for("rachel.referrer").post(urls[-1], sent).status_code == 302
    assert "Lives elsewhere" not in client_for("rachel.referrer").get(urls[2]).content.decode()
