"""People and places of the demonstration, recorded by the cast as anybody's work is.

All are invented. Telephone numbers are from the range kept for drama, postcodes from ZZ99, which no post
office serves, and the streets do not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from saferhub.accounts.models import User
from saferhub.partnership.access import actor_for
from saferhub.people.models import Person
from saferhub.sharing import demonstration_matters as matters
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Matter

from . import links, parts, persons, places

_HOME = {"lines": "14 Brayfield Court\nExample Selby", "postcode": "ZZ99 8EX"}


def make(people: dict[str, User], say: Callable[[str], None]) -> None:
    """Record the people and places of the demonstration's matters."""
    say("recording people and places")
    housing = _person(
        people["rachel.referrer"], matters.FLATS, date(2018, 7, 9),
        {"given": "Joanne", "family": "Frith", "name_kind": "legal", "born_on": date(1983, 5, 14), "sex": "Female"},
        ("name", {"kind": "nickname", "given": "Jo"}),
        ("address", {"kind": "home", **_HOME, "valid_from": date(2016, 11, 7)}),
        ("address", {"kind": "former", "lines": "3 Tannery Steps\nExample Selby", "postcode": "ZZ99 8EW",
                     "valid_from": date(2012, 3, 1), "valid_until": date(2016, 11, 6)}),
        ("contact", {"kind": "mobile", "value": "07700 900118"}),
        ("identifier", {"kind": "tenancy_reference", "value": "EX-TEN 00417"}),
        ("safe-contact", {"numbers": "07700 900118", "times": "weekdays 10 to 12",
                          "never": ["letters", "voicemail", "home_visit"], "must_not_know": "Marcus Tindall",
                          "unsafe_addresses": "14 Brayfield Court while Mr Tindall is in",
                          "valid_from": date(2018, 8, 28)}),
        ("communication", {"kind": "needs_more_time", "words": "Finds long letters hard; talk it through first."}),
        ("equality", {"characteristic": "disability", "answer": "not_asked"}),
        ("equality", {"characteristic": "sex", "answer": "female"}),
    )  # fmt: skip
    marcus = _person(
        people["rachel.referrer"], matters.FLATS, date(2018, 7, 9),
        {"given": "Marcus", "family": "Tindall", "born_on": date(1979, 1, 1), "born_precision": "about"},
        ("address", {"kind": "home", **_HOME, "valid_from": date(2016, 11, 7)}),
        ("staff-risk", {"kind": "threats", "review_on": date(2018, 10, 1), "valid_from": date(2018, 6, 20),
                        "words": "He is said to have threatened a housing officer at the door in June 2018; the "
                                 "officer’s own report.",
                        "instruction": "Do not visit alone. Meet at the office, or two together after a call."}),
        ("staff-risk", {"kind": "dog", "words": "A large dog is kept in the flat and is not always tied up.",
                        "valid_from": date(2018, 7, 2)}),
    )  # fmt: skip
    neighbour = _person(
        people["rachel.referrer"], matters.FLATS, date(2018, 7, 10),
        {"given": "Edith", "family": "Carrow", "born_on": date(1941, 1, 1), "born_precision": "year"},
        ("address", {"kind": "home", "lines": "16 Brayfield Court\nExample Selby", "postcode": "ZZ99 8EX",
                     "valid_from": date(1998, 1, 1)}),
        ("contact", {"kind": "telephone", "value": "01632 960143"}),
        ("communication", {"kind": "large_print", "words": "At least 18 point."}),
    )  # fmt: skip
    police = _person(
        people["chris.chair"], matters.FIRES, date(2018, 6, 4),
        {"given": "Joanne M.", "family": "Frith", "name_kind": "legal", "born_on": date(1983, 5, 14)},
        ("address", {"kind": "home", **_HOME, "valid_from": date(2018, 3, 1)}),
        ("identifier", {"kind": "police_reference", "value": "EXAMPLE/2018/0417"}),
    )  # fmt: skip
    health = _person(
        people["priya.partner"], matters.FLATS, date(2018, 8, 1),
        {"given": "Jo", "family": "Frith", "name_kind": "known_as", "born_on": date(1983, 4, 5)},
        ("address", {"kind": "home", "lines": "14 Brayfield Ct\nExample Selby", "postcode": "ZZ99 8EX",
                     "valid_from": date(2017, 2, 1)}),
        ("contact", {"kind": "mobile", "value": "+44 7700 900118", "note": "Answers it herself"}),
    )  # fmt: skip
    _more(
        people["rachel.referrer"], housing, date(2018, 7, 10),
        ("relationship", {"kind": "partner", "other": marcus.public_id, "must_not_know": True,
                          "note": "Same household", "valid_from": date(2016, 11, 7)}),
        ("relationship", {"kind": "adversary", "other": neighbour.public_id, "note": "Neighbour dispute over noise",
                          "valid_from": date(2018, 3, 1)}),
    )  # fmt: skip
    child = _person(
        people["colin.coordinator"], matters.CONDUCT, date(2018, 8, 14),
        {"given": "Robin", "family": "Frith", "born_on": date(2011, 9, 1), "born_precision": "month"},
        ("address", {"kind": "home", "lines": "2 Weaver Yard\nExample Tadcaster", "postcode": "ZZ99 8TD",
                     "is_protected": True}),
    )  # fmt: skip
    _more(
        people["colin.coordinator"], housing, date(2018, 8, 14),
        ("relationship", {"kind": "parent", "other": child.public_id, "note": "Lives elsewhere",
                          "valid_from": date(2011, 9, 1)}),
    )  # fmt: skip
    stranger = _person(
        people["maya.manager"], matters.MOVED, date(2018, 8, 2),
        {"given": "J.", "family": "Frith", "born_on": date(1991, 10, 30)},
        ("address", {"kind": "home", "lines": "Flat 2, 9 Cooper Rise\nExample Ripon", "postcode": "ZZ99 8RN"}),
    )  # fmt: skip
    moved = _person(
        people["maya.manager"], matters.MOVED, date(2018, 8, 2),
        {"given": "Sabina", "family": "Exemplar", "born_on": date(1987, 2, 11), "language": "Example Romany"},
        ("address", {"kind": "refuge", "lines": "1 Haven Example\nExample Selby", "postcode": "ZZ99 8HV",
                     "valid_from": date(2018, 7, 28)}),
        ("contact", {"kind": "mobile", "value": "07700 900177", "is_protected": True}),
        ("communication", {"kind": "interpreter", "words": "An interpreter from outside the district."}),
        ("relationship", {"kind": "former_partner", "other_name": "Ricky Exemplar", "must_not_know": True}),
    )  # fmt: skip
    _decide(people["colin.coordinator"], housing, police, "same", "Housing and the police gave the same name, birth "
            "date and address.", date(2018, 8, 2))  # fmt: skip
    _decide(people["rachel.referrer"], housing, health, "same", "Birth date differs; she confirmed hers by telephone "
            "and had given the other by mistake.", date(2018, 8, 21))  # fmt: skip
    _decide(people["colin.coordinator"], housing, stranger, "not_same", "Different birth year, and was at work in "
            "Ripon at the time.", date(2018, 8, 2))  # fmt: skip
    wrong = _decide(
        people["colin.coordinator"], neighbour, moved, "same", "Taken for one by telephone.", date(2018, 8, 6)
    )
    with entered(people["colin.coordinator"]):
        links.undo(
            decision_id=wrong, reason="They were mixed up on the telephone: another birth year and address.",
            by=actor_for(people["colin.coordinator"]), on=date(2018, 8, 7),
        )  # fmt: skip
    _place(
        people["rachel.referrer"], matters.FLATS, date(2018, 7, 9),
        {"name": "Brayfield Court, flat 14", "kind": "dwelling", "about": "A second-floor flat with a shared stair."},
        {"kind": "home", **_HOME, "uprn": "999900000417"},
    )  # fmt: skip
    _place(
        people["colin.coordinator"],
        matters.FIRES,
        date(2018, 5, 14),
        {
            "name": "Ground behind the leisure centre",
            "kind": "open_space",
            "about": "A hedge hides it from the road.",
        },
        None,
    )
    _person(
        people["olivia.outsider"], matters.QUARRY, date(2018, 8, 7),
        {"given": "Wilf", "family": "Quarrington", "born_on": date(1999, 1, 1), "born_precision": "about"},
        ("address", {"kind": "home", "lines": "5 Sandpit Example\nExample Alderbridge", "postcode": "ZZ99 9AB"}),
    )  # fmt: skip


def _matter(title: str) -> Matter:
    return Matter.objects.get(title=title)


def _person(
    user: User, title: str, on: date, values: dict[str, Any], *more: tuple[str, dict[str, Any]]
) -> Person:
    with entered(user):
        return persons.record_person(
            matter_id=_matter(title).public_id, values=values, parts=list(more), by=actor_for(user), on=on
        )


def _more(user: User, person: Person, on: date, *more: tuple[str, dict[str, Any]]) -> None:
    with entered(user):
        for slug, values in more:
            parts.add_part(owner=person, slug=slug, values=values, by=actor_for(user), on=on)


def _decide(user: User, one: Person, other: Person, verdict: str, reason: str, on: date) -> str:
    with entered(user):
        return links.decide(
            one_id=one.public_id,
            other_id=other.public_id,
            verdict=verdict,
            reason=reason,
            by=actor_for(user),
            on=on,
        ).public_id


def _place(user: User, title: str, on: date, values: dict[str, Any], address: dict[str, Any] | None) -> None:
    with entered(user):
        places.record_place(
            matter_id=_matter(title).public_id, values=values, address=address, by=actor_for(user), on=on
        )
