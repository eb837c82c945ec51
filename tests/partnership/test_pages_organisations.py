"""Agencies, hubs and boards: lists, filters, succession over time, and strangers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

ClientFor = Callable[..., Client]
DISTRICTS = ["craven", "hambleton", "harrogate", "richmondshire", "ryedale", "scarborough", "selby"]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def listed(answer: Any) -> list[str]:
    """The names in the list, in its order."""
    return re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]+)</a>', text(answer))


def test_the_list_gives_legal_role_lead_and_seats(client_for: ClientFor) -> None:
    page = text(client_for("rachel.referrer").get(reverse("agencies")))
    for words in ("Responsible authority", "Co-operating body", "Invited participant", "Information lead"):
        assert words in page


def test_on_a_day_after_the_reorganisation_the_single_council_is_there_and_the_districts_are_gone(
    client_for: ClientFor,
) -> None:
    client = client_for("rachel.referrer")
    before, after = (listed(client.get(reverse("agencies") + on)) for on in ("", "?on=2023-05-01"))
    assert sum("District Council" in name or "Borough Council" in name for name in before) == 7
    assert not [name for name in after if "District Council" in name or "Borough Council" in name]
    assert "North Yorkshire Council" in after
    assert "North Yorkshire Council" not in before


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("?q=SELBY", "Selby District Council", "Ryedale District Council"),
        ("?q=harrogate+district", "Harrogate Borough Council", "Selby District Council"),
        ("?role=co_operating", "Housing association", "Selby District Council"),
        ("?kind=district_council", "Selby District Council", "North Yorkshire County Council"),
        ("?statutory=no", "Victim support service", "Selby District Council"),
        ("?q=council&kind=district_council&statutory=yes", "Selby District Council", "City of York Council"),
    ],
)
def test_filters_narrow_the_list(client_for: ClientFor, query: str, there: str, absent: str) -> None:
    names = listed(client_for("rachel.referrer").get(reverse("agencies") + query))
    assert there in names
    assert absent not in names


def test_a_filter_that_nothing_answers_says_so(client_for: ClientFor) -> None:
    page = text(client_for("rachel.referrer").get(reverse("agencies") + "?q=zzz"))
    assert "No agency answers to these filters" in page
    assert "Clear filters" in page


def test_a_day_before_everything_shows_the_empty_page_not_an_error(client_for: ClientFor) -> None:
    client = client_for("olivia.outsider")
    for name in ("partnership", "agencies", "hubs", "boards", "rules"):
        assert client.get(reverse(name) + "?on=1900-01-01").status_code == 200


def test_sorting_goes_both_ways_and_keeps_the_filters(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    up, down = (client.get(reverse("agencies") + f"?q=council&sort={sort}") for sort in ("name", "-name"))
    assert listed(up) == sorted(listed(up), key=str.casefold) == listed(down)[::-1]
    assert "?q=council&amp;sort=-name" in text(up)
    for sort in ("role", "-kind", "statutory", "lead", "-seats", "nonsense", "-"):
        assert sorted(listed(client.get(reverse("agencies") + f"?q=council&sort={sort}"))) == sorted(
            listed(up)
        )


def test_an_agency_page_says_what_it_is_and_what_followed_it(client_for: ClientFor) -> None:
    page = text(client_for("rachel.referrer").get(reverse("agency", args=["hambleton_district_council"])))
    for words in (
        "Responsible authority",
        "The chair of the partnership",
        "Licensing",
        "North Yorkshire Community Safety Partnership",
        "Hambleton Community Safety Hub",
        "Crime and Disorder Act 1998 s.5(1)",
        "North Yorkshire Council</a> (from 1 April 2023)",
        "Until 31 March 2023",
    ):
        assert words in page, words


def test_the_successor_names_all_it_took_over_from(client_for: ClientFor) -> None:
    page = text(
        client_for("rachel.referrer").get(
            reverse("agency", args=["north_yorkshire_council"]) + "?on=2023-05-01"
        )
    )
    took_over = page.split("Took over from")[1].split("</dd>")[0]
    assert took_over.count("<a ") == 8


@pytest.mark.parametrize(
    ("name", "code", "on"),
    [
        ("agency", "selby_district_council", "2023-05-01"),
        ("agency", "north_yorkshire_council", "2018-08-27"),
    ],
)
def test_what_is_not_in_force_says_so_and_shows_the_way(
    client_for: ClientFor, name: str, code: str, on: str
) -> None:
    answer = client_for("rachel.referrer").get(reverse(name, args=[code]) + f"?on={on}")
    assert answer.status_code == 200
    assert "Not in force on this day" in text(answer)
    assert "Show its " in text(answer)


def test_boards_show_who_reports_to_whom_as_nested_lists(client_for: ClientFor) -> None:
    page = text(client_for("rachel.referrer").get(reverse("boards")))
    structure = page.split('id="structure"')[1].split("</section>")[0]
    own = structure.index("/boards/csp_board/")
    joint = structure.index("/boards/domestic_abuse_joint_coordinating_group/")
    operational = structure.index("/boards/domestic_abuse_operational_group/")
    assert own < joint < operational
    assert structure[joint:operational].count("<ul") == 1
    assert "Also reports to" in structure


def test_a_board_page_gives_remit_basis_chair_members_and_other_names(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    own = text(client.get(reverse("board", args=["csp_board"])))
    for words in (
        "This is the partnership’s own board",
        "Crime and Disorder Act 1998 ss.5 and 6",
        "17 members",
        "Community safety lead",
        "Inter-board network",
    ):
        assert words in own, words
    joint = text(client.get(reverse("board", args=["domestic_abuse_joint_coordinating_group"])))
    assert "Domestic Abuse Joint Commissioning Group" in joint
    assert "The sources do not say who sits on it." in joint
    assert "To find out, ask the partnership’s office" in joint
    assert "0 members" not in joint
    assert "The pack names" not in joint
    network = text(client.get(reverse("board", args=["inter_board_network"])))
    assert "To join" in network


def test_a_board_of_the_partnerships_own_name_says_the_name_once_in_its_title(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    own, other = (
        text(client.get(reverse("board", args=[c]))) for c in ("csp_board", "hate_crime_working_group")
    )
    title = own.split("<title>")[1].split("</title>")[0]
    assert title == "North Yorkshire Community Safety Partnership, its board – saferhub"
    assert "Hate Crime Working Group – North Yorkshire Community Safety Partnership – saferhub" in other


def test_a_board_that_is_only_to_join_is_not_said_to_keep_the_principles(client_for: ClientFor) -> None:
    """The health and wellbeing board is to join the network soon: report of 2018, paragraph 4.1."""
    client = client_for("rachel.referrer")
    page = re.sub(r"<[^>]+>", "", text(client.get(reverse("other-boards"))))
    assert "Safeguarding is" in page
    assert "Health and wellbeing board (to join)" in page
    assert "Safeguarding adults board (to join)" not in page
    joining = text(client.get(reverse("board", args=["health_and_wellbeing_board"])))
    assert "Principles it is to keep to" in joining
    assert "has not joined yet" in joining


def test_boards_stand_in_one_table_with_their_kind(client_for: ClientFor) -> None:
    page = text(client_for("rachel.referrer").get(reverse("boards")))
    assert page.count("<table") == 1
    assert "Connected partnership" in page.split("<table")[1]
    assert "As reported on" not in page


def test_the_hubs_page_holds_what_their_evaluation_says(client_for: ClientFor) -> None:
    page = text(client_for("rachel.referrer").get(reverse("hubs")))
    evaluation = page.split('id="evaluation"')[1].split("</section>")[0]
    assert "Balance of approaches" in evaluation
    assert "paragraph 5.4" in evaluation
    assert "moj-alert" not in page


def test_an_agency_leads_to_its_people(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    page = text(client.get(reverse("agency", args=["selby_district_council"])))
    address = reverse("people") + "?agency=selby_district_council"
    assert f'href="{address}">People with accounts here' in page
    assert client.get(address).status_code == 200


def test_seats_of_bodies_that_have_ended_are_set_apart_with_who_followed(client_for: ClientFor) -> None:
    page = text(client_for("rachel.referrer").get(reverse("board", args=["csp_board"]) + "?on=2023-05-01"))
    assert "2 members" in page
    lapsed = page.split('id="lapsed"')[1].split("</section>")[0]
    assert "Selby District Council" in lapsed
    assert "North Yorkshire Council" in lapsed


def test_a_hub_page_gives_area_agencies_ways_of_working_post_and_prefix(client_for: ClientFor) -> None:
    page = text(client_for("rachel.referrer").get(reverse("hub", args=["selby"])))
    for words in (
        "Selby (district)",
        "In the hub’s rooms",
        "Community safety hub co-ordinator, Selby",
        "SEL-7K3M-Q2",
        "One matrix",
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("name", "code"),
    [("agency", "selby_district_council"), ("hub", "selby"), ("board", "csp_board")],
)
def test_another_partnerships_things_and_missing_ones_are_the_same_404(
    client_for: ClientFor, name: str, code: str
) -> None:
    client = client_for("olivia.outsider")
    hidden, missing = (client.get(reverse(name, args=[one])) for one in (code, "never_was"))
    assert hidden.status_code == missing.status_code == 404
    blank = [
        re.sub(r'(nonce|csrfmiddlewaretoken" value)="[^"]+"', "", text(one)) for one in (hidden, missing)
    ]
    assert blank[0] == blank[1]


@pytest.mark.parametrize("code", DISTRICTS)
def test_every_district_has_its_hub(client_for: ClientFor, code: str) -> None:
    assert client_for("fergus.former").get(reverse("hub", args=[code])).status_code == 200


def test_what_a_report_said_of_a_board_carries_its_day_on_another(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    for address in (reverse("boards"), reverse("board", args=["health_and_wellbeing_board"])):
        page = text(client.get(address + "?on=2023-05-01"))
        assert "soon" in page
        assert "As reported on 28 August 2018" in page
