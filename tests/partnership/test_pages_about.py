"""The page about the partnership, its day, the roles, and who may read any of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.partnership.access import Role
from saferhub.partnership.forms.in_force import read_day
from saferhub.partnership.models import Membership

ClientFor = Callable[..., Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2023-05-01", date(2023, 5, 1)),
        (" 2023-5-1 ", date(2023, 5, 1)),
        ("1/5/2023", date(2023, 5, 1)),
        ("01.05.2023", date(2023, 5, 1)),
        ("1 May 2023", date(2023, 5, 1)),
        ("1 may 2023", date(2023, 5, 1)),
        ("Monday 1 May 2023", date(2023, 5, 1)),
        ("Monday, 1 May 2023", date(2023, 5, 1)),
        ("29 Feb 2024", date(2024, 2, 29)),
        ("1 Sept 2023", date(2023, 9, 1)),
        ("2023-02-29", None),
        ("31/4/2023", None),
        ("1 Maybe 2023", None),
        ("May 2023", None),
        ("0000-00-00", None),
        ("١/٥/٢٠٢٣", None),
        ("1/5/23", None),
        ("banana", None),
        ("", None),
        ("9" * 5000, None),
    ],
)
def test_a_day_is_read_in_the_ways_people_write_it(written: str, day: date | None) -> None:
    assert read_day(written) == day


def test_the_page_holds_what_the_partnership_is_for_with_its_sources(client_for: ClientFor) -> None:
    page = text(client_for("rachel.referrer").get(reverse("partnership")))
    for words in (
        "Working together to make North Yorkshire a safer place",
        "Chief Executive, Hambleton District Council",
        "5 areas for delivery",
        'href="/partnership/areas/hate_crime/"',
        "1 April 2018 to 31 March 2021",
        "Domestic homicide review",
        "Report of 28 August 2018, paragraphs 2.3 and 6.3",
        "Domestic Violence, Crime and Victims Act 2004 s.9",
    ):
        assert words in page, words
    assert page.count(">Sources") <= 6
    assert "sh-source__label" not in page


def _row(page: str, key: str) -> str:
    return page.split(f">{key}</dt>")[1].split("</dd>")[0]


def test_a_plan_in_development_is_not_called_running(client_for: ClientFor) -> None:
    """The report of 28 August 2018 says in 3.1 that the strategy is being developed."""
    client = client_for("rachel.referrer")
    page = text(client.get(reverse("partnership")))
    assert ">In development</strong>" in page
    assert "Being developed, as reported on 28 August 2018" in _row(page, "State")
    assert "Running" not in page
    before = text(client.get(reverse("partnership") + "?on=2018-08-27"))
    assert "do not say whether it was in force" in _row(before, "State")
    after = text(client.get(reverse("partnership") + "?on=2023-05-01"))
    assert ">Over</strong>" in after
    assert "Last known: in development, 28 August 2018" in _row(after, "State")
    second = text(client_for("olivia.outsider").get(reverse("partnership")))
    assert "In force from 1 October 2017" in _row(second, "State")


def test_another_day_lists_what_begins_and_ends_on_it(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")

    def changes(on: str) -> str:
        page = text(client.get(reverse("partnership") + f"?on={on}"))
        return re.sub(r"<[^>]+>", "", page.split('id="changes"')[1].split("</section>")[0])

    first, last, between = (changes(on) for on in ("2023-04-01", "2023-03-31", "2023-05-01"))
    assert "Agency: North Yorkshire Council, taking over from" in first
    assert "Selby District Council" in first
    assert "Ends with this day" in last
    assert "Agency: Selby District Council, followed by North Yorkshire Council (from 1 April 2023)" in last
    assert "Nothing begins or ends on this day" in between
    assert "Last changes before: 1 April 2023" in between
    assert 'id="changes"' not in text(client.get(reverse("partnership")))


def test_what_was_reported_on_a_day_carries_that_day_on_every_other(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    later = text(client.get(reverse("partnership") + "?on=2023-05-01"))
    reviews = later.split('id="reviews"')[1].split("</section>")[0]
    assert "late autumn" in reviews
    assert "As reported on 28 August 2018" in reviews
    assert "As reported on 28 August 2018" in text(
        client.get(reverse("area", args=["hate_crime"]) + "?on=2023-05-01")
    )
    assert "As reported on" not in text(client.get(reverse("area", args=["hate_crime"])))


def test_the_day_alone_is_no_filter_to_clear(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    for name in ("partnership", "agencies", "rules"):
        page = text(client.get(reverse(name) + "?on=2023-05-01"))
        assert "Show today" in page
        assert "Clear filters" not in page
    assert 'href="?on=2023-05-01">Clear filters' in text(
        client.get(reverse("agencies") + "?q=council&on=2023-05-01")
    )


def test_an_area_for_delivery_has_a_page_with_all_that_is_known_of_it(client_for: ClientFor) -> None:
    page = text(client_for("rachel.referrer").get(reverse("area", args=["serious_and_organised_crime"])))
    for words in (
        "Protect families affected by organised crime groups",
        "Bids for funding",
        "Led by the partnership",
        "Lead for serious and organised crime prevention",
        "Report of 28 August 2018, paragraphs 3.3, 7.1, 7.3 and 7.4",
        "Everything the packs say about it",
    ):
        assert words in page, words


def test_the_second_partnership_has_no_page_for_an_area_of_the_first(client_for: ClientFor) -> None:
    client = client_for("olivia.outsider")
    assert client.get(reverse("area", args=["rural_crime"])).status_code == 200
    assert client.get(reverse("area", args=["hate_crime"])).status_code == 404


def test_words_are_explained_on_a_page_of_their_own(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    page = text(client.get(reverse("words")))
    assert page.index("County lines") < page.index("Labour exploitation")
    assert "car washes or nail bars" in page
    assert "No pack explains a term" in text(client_for("olivia.outsider").get(reverse("words")))


def test_six_tabs_and_the_calendar_in_the_main_navigation(client_for: ClientFor) -> None:
    client = client_for("maya.manager")

    def tabs(address: str) -> tuple[list[str], str]:
        page = text(client.get(address))
        bar = page.split('aria-label="Partnership"')[1].split("</nav>")[0] if "sh-tabs" in page else ""
        main = page.split('aria-label="Main"')[1].split("</nav>")[0]
        assert ">Calendar</a>" in main
        return re.findall(r">([A-Z]\w+)</a>", bar), "".join(
            re.findall(r'aria-current="page"[^>]*>(\w+)', bar or main)
        )

    names = ["About", "Agencies", "Hubs", "Boards", "People", "Rules"]
    for address, current in {
        reverse("partnership"): "About",
        reverse("area", args=["hate_crime"]): "About",
        reverse("other-boards"): "Boards",
        reverse("rules"): "Rules",
        reverse("clocks"): "Rules",
        reverse("roles"): "Rules",
        reverse("packs"): "Rules",
        reverse("words"): "Rules",
    }.items():
        assert tabs(address) == (names, current), address
    assert tabs(reverse("calendar")) == ([], "Calendar")


def test_it_shows_the_day_asked_for_and_says_that_it_is_not_today(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    today, later = (text(client.get(reverse("partnership") + query)) for query in ("", "?on=2023-05-01"))
    assert "not today" not in today
    assert "Monday 1 May 2023</strong>, not today" in later
    assert 'href="/partnership/agencies/?on=2023-05-01"' in later
    assert "(until 31 March 2023)" in later


@pytest.mark.parametrize(
    "name", ["partnership", "words", "agencies", "hubs", "boards", "other-boards", "rules"]
)
@pytest.mark.parametrize("wrong", ["banana", "2023-02-31", "0001-01-01", "9999-12-31", "\x00", "' OR 1=1"])
def test_a_day_that_is_none_is_refused_beside_its_field(client_for: ClientFor, name: str, wrong: str) -> None:
    answer = client_for("rachel.referrer").get(reverse(name), {"on": wrong})
    page = text(answer)
    assert answer.status_code == 200
    assert "<title>Error: " in page
    assert 'href="#id_on"' in page
    assert "not today" not in page
    assert "Enter a real date" in page or "Enter a date from 1900 to 2199" in page


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("?on=1+May+2023", "?on=2023-05-01"),
        ("?on=28+August+2018", ""),
        ("?on=2018-08-28", ""),
        ("?q=&role=&kind=&statutory=&on=28+August+2018", ""),
        ("?q=council&role=&on=1%2F5%2F2023&sort=-name", "?q=council&sort=-name&on=2023-05-01"),
    ],
)
def test_a_day_written_otherwise_leads_to_its_one_address(
    client_for: ClientFor, asked: str, address: str
) -> None:
    answer = client_for("rachel.referrer").get(reverse("agencies") + asked)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("agencies") + address


def test_every_role_is_described_with_what_it_may_do_and_whether_it_needs_a_second_factor(
    client_for: ClientFor,
) -> None:
    page = text(client_for("colin.coordinator").get(reverse("roles")))
    for role in Role:
        assert role.facts.label in page
        assert role.facts.description.replace("'", "&#x27;") in page
    assert page.count("Needed to sign in") == sum(role.facts.second_factor for role in Role)
    assert page.count("Yours today") == 1


def test_somebody_without_a_partnership_gets_a_page_that_says_so(
    client_for: ClientFor, cast: dict[str, Any], north_yorkshire: Any
) -> None:
    client = client_for("nadia.neighbour")
    Membership.objects.filter(user=cast["nadia.neighbour"]).update(
        valid_until=date(2018, 8, 28) - timedelta(days=1)
    )
    for name in ("partnership", "agencies", "hubs", "boards", "rules", "roles", "packs"):
        answer = client.get(reverse(name))
        assert answer.status_code == 403
        assert "You do not belong to a partnership" in text(answer)
        assert "North Yorkshire" not in text(answer)
    hidden, missing = (
        client.get(reverse("agency", args=[code])) for code in ("selby_district_council", "nothing")
    )
    assert hidden.status_code == missing.status_code == 403


PAGES = ["partnership", "words", "agencies", "hubs", "boards", "other-boards", "rules", "roles", "packs"]


@pytest.mark.parametrize("name", PAGES)
def test_nobody_signed_in_is_led_to_sign_in(client_for: ClientFor, name: str) -> None:
    assert client_for().get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", PAGES)
def test_pages_only_answer_to_reading(client_for: ClientFor, name: str) -> None:
    assert client_for("maya.manager").post(reverse(name)).status_code == 405
