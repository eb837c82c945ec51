"""Every fact of the partnership's report of 28 August 2018 is in its pack, with its paragraph."""

from __future__ import annotations

import re
from datetime import date

import pytest

from saferhub.partnership.packs import read_pack

from .places import ENGLAND, NORTH_YORKSHIRE

PACK = read_pack(NORTH_YORKSHIRE)
DAY = date(2018, 8, 28)
DISTRICTS = {
    "craven": ("Craven", "CRA", "E07000163"),
    "hambleton": ("Hambleton", "HAM", "E07000164"),
    "harrogate": ("Harrogate", "HAR", "E07000165"),
    "richmondshire": ("Richmondshire", "RIC", "E07000166"),
    "ryedale": ("Ryedale", "RYE", "E07000167"),
    "scarborough": ("Scarborough", "SCA", "E07000168"),
    "selby": ("Selby", "SEL", "E07000169"),
}


def items(section, day=DAY):
    return {
        item.id: item for item in (placed.item for placed in PACK.items[section]) if item.in_force_on(day)
    }


def paragraphs(item):
    return {citation.report for citation in item.source if citation.report}


def laws(item):
    return " ".join(citation.law or "" for citation in item.source)


PARTNERSHIP = items("partnership")["north_yorkshire"]
BOARDS = items("boards")
AGENCIES = items("agencies")
PRIORITIES = items("priorities")
BACKGROUND = items("background")


def test_the_report_is_named_with_its_date_and_the_post_that_wrote_it():
    report = PACK.file.report
    assert report.dated == DAY
    assert report.author_post == "Head of Safer Communities, North Yorkshire County Council"


def test_every_paragraph_of_the_report_is_cited():
    cited = set().union(*(paragraphs(placed.item) for placed in PACK.each()))
    assert cited == set(PACK.file.report.paragraphs)


# Section 2: what the partnership is


def test_the_duty_of_the_act_of_1998():
    assert "2.1" in paragraphs(PARTNERSHIP)
    assert "Crime and Disorder Act 1998" in laws(PARTNERSHIP)
    for word in ("crime", "disorder", "anti-social", "substance misuse", "local environment", "re-offending"):
        assert word in PARTNERSHIP.duty


def test_the_five_kinds_of_responsible_authority():
    kinds = {AGENCIES[code].kind for code in AGENCIES if AGENCIES[code].legal_role == "responsible"}
    local_authority = {"county_council", "district_council"}
    assert (
        kinds == {"police", "fire_and_rescue", "probation", "clinical_commissioning_group"} | local_authority
    )
    assert set(PARTNERSHIP.responsible_kinds) == kinds
    assert "2.2" in paragraphs(PARTNERSHIP)
    words = BACKGROUND["responsible_authorities"].words
    for authority in ("police", "local authority", "fire and rescue", "probation", "health"):
        assert authority in words


@pytest.mark.parametrize("district", DISTRICTS)
def test_the_community_safety_lead_of_each_district_sits_on_the_partnership(district):
    board = BOARDS["csp_board"]
    seats = [member.post for member in board.members if member.agency == f"{district}_district_council"]
    assert seats == ["Community safety lead"]
    assert "2.2" in paragraphs(board)
    assert AGENCIES[f"{district}_district_council"].legal_role == "responsible"


def test_the_chair_is_the_post_of_hambleton_s_chief_executive():
    assert PARTNERSHIP.chair_post == "Chief Executive, Hambleton District Council"
    assert PARTNERSHIP.chair_agency == BOARDS["csp_board"].chair_agency == "hambleton_district_council"
    assert BOARDS["csp_board"].chair_post == "Chief Executive"


def test_the_duty_to_review_deaths():
    assert "2.3" in paragraphs(PARTNERSHIP)
    assert "Domestic Violence, Crime and Victims Act 2004 s.9" in laws(PARTNERSHIP)
    for word in ("aged 16 or over", "violence, abuse or neglect", "relative", "partner", "same household"):
        assert word in PARTNERSHIP.review_duty


# Section 3: vision and plan


def test_the_vision():
    assert PARTNERSHIP.vision == "Working together to make North Yorkshire a safer place"
    assert "3.1" in paragraphs(PARTNERSHIP)


def test_the_plan_runs_three_years_is_reviewed_yearly_and_has_action_plans_and_measures():
    plan = items("strategy")["plan_2018_2021"]
    assert (plan.first_day.year, plan.last_day.year) == (2018, 2021)
    assert plan.reviewed.startswith("Yearly")
    assert "yearly action plan" in plan.action_plan
    assert "new and innovative" in plan.action_plan
    assert "measures" in plan.measures
    assert "scrutinise and support" in plan.scrutiny
    for word in ("leadership", "planning", "management of performance", "solving of problems"):
        assert word in plan.aims
    assert {"1.1", "3.1", "3.2", "3.3"} <= paragraphs(plan)


def test_the_plan_was_still_in_development():
    fact = BACKGROUND["strategy_in_development"]
    assert "in development" in fact.words
    assert paragraphs(fact) == {"3.1"}
    (state,) = items("strategy")["plan_2018_2021"].states
    assert (state.state, state.day) == ("in_development", DAY)


def test_posts_and_seats_that_the_report_does_not_name_have_another_source():
    """The report names kinds of authority, the districts' leads and the chair; no other seat, no other post."""
    for item in (*items("hubs").values(), *items("agencies").values(), *items("priorities").values()):
        named = getattr(item, "coordinator_post", None) or getattr(item, "information_lead", None)
        if named or getattr(item, "lead_post", None):
            assert any(citation.invented for citation in item.source), item.id
    for code in ("csp_board", "york_csp", "inter_board_network"):
        assert any(citation.invented for citation in BOARDS[code].source), code
    assert BOARDS["csp_board"].verify
    assert any(citation.knowledge for citation in BOARDS["csp_board"].source)


def test_the_five_areas_for_delivery_in_their_order():
    plan = items("strategy")["plan_2018_2021"]
    assert [PRIORITIES[code].name for code in plan.priorities] == [
        "NYCSP development",
        "Community Safety Hubs",
        "Domestic Abuse",
        "Serious and Organised Crime",
        "Hate Crime and Community Cohesion",
    ]
    assert [PRIORITIES[code].number for code in plan.priorities] == [1, 2, 3, 4, 5]
    for priority in PRIORITIES.values():
        assert "3.3" in paragraphs(priority)
        assert priority.lead_post
    assert PRIORITIES["domestic_abuse"].scoping == "Sexual violence and trauma"
    assert PRIORITIES["serious_and_organised_crime"].what.startswith("Early intervention and prevention")


# Section 4: boards


def test_the_inter_board_network_of_the_managers():
    network = BOARDS["inter_board_network"]
    assert network.kind == "network"
    members = {member.board: member.joining for member in network.members}
    assert members == {
        "csp_board": False,
        "safeguarding_adults_board": False,
        "safeguarding_children_board": False,
        "health_and_wellbeing_board": True,
    }
    assert "Regularly" in network.meets
    assert {"4.1", "4.2"} <= paragraphs(network)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "Safeguarding is every board’s business"),
        (2, "knows the business of the others"),
        (3, "scrutiny and challenge"),
        (4, "nothing is done twice"),
        (5, "Benefit to the people"),
        (6, "from data and from engagement"),
        (7, "commissioned, made better, reshaped or built up"),
    ],
)
def test_the_seven_principles(number, words):
    principles = items("principles")
    assert len(principles) == 7
    (found,) = (item for item in principles.values() if item.number == number)
    assert words in found.words
    assert paragraphs(found) == {"4.1"}


def test_the_network_reports_to_its_boards_and_to_the_systems_leadership_group():
    reports_to = BOARDS["inter_board_network"].reports_to
    assert {"csp_board", "safeguarding_adults_board", "safeguarding_children_board"} <= set(reports_to)
    assert "systems_leadership_group" in reports_to
    group = BOARDS["systems_leadership_group"]
    assert group.kind == "chairs_group"
    assert set(group.areas) == {"north_yorkshire_county", "york"}
    assert "4.2" in paragraphs(group)


@pytest.mark.parametrize(
    ("name", "remit"),
    [
        ("95 Alive", "Road safety"),
        ("North Yorkshire Drug and Alcohol Partnership", "Drugs and alcohol"),
        ("Prevent Strategic Board", "Prevent"),
        ("Serious and Organised Crime Board", "Serious and organised crime"),
        ("Business Development and Innovation Board", "Reducing re-offending"),
    ],
)
def test_the_connected_partnerships_that_are_heard(name, remit):
    (board,) = (item for item in BOARDS.values() if item.name == name)
    assert board.reported_to_us
    assert remit in board.remit
    assert paragraphs(board) == {"4.3"}


# Section 5: hubs


@pytest.mark.parametrize("district", DISTRICTS)
def test_a_hub_in_each_district_with_its_official_area(district):
    name, prefix, gss = DISTRICTS[district]
    hub, area = items("hubs")[district], items("areas")[district]
    assert (hub.prefix, hub.areas) == (prefix, [district])
    assert {"north_yorkshire_police", f"{district}_district_council"} <= set(hub.co_located)
    assert (area.name, area.gss, area.valid_until) == (name, gss, date(2023, 3, 31))
    assert "5.1" in paragraphs(hub)


def test_the_common_ways_of_working():
    ways = items("ways_of_working")
    assert set(ways) == {"colocation", "common_matrix", "case_management", "maps", "joint_actions"}
    assert all(paragraphs(way) == {"5.1"} for way in ways.values())


def test_the_evaluation_of_the_hubs():
    found = BACKGROUND["hubs_evaluation"]
    for word in (
        "activity, demand and impact",
        "North Yorkshire Police",
        "public health registrar",
        "as a whole",
    ):
        assert word in found.words
    assert paragraphs(found) == {"5.2"}
    assert paragraphs(BACKGROUND["acting_on_evaluation"]) == {"5.3"}


def test_the_three_messages_of_the_evaluation():
    messages = items("evaluation_messages")
    first, second, third = sorted(messages.values(), key=lambda message: message.number)
    assert all(paragraphs(message) == {"5.4"} for message in messages.values())
    assert first.points == ["Effective with complex people", "A small, promising fall in demand"]
    for word, point in zip(
        ("safeguarding and domestic abuse", "non-statutory", "closure"), second.points, strict=True
    ):
        assert word in point
    assert "enforcement" in third.words
    for word, point in zip(("Earlier", "wider range", "highest-risk"), third.points, strict=True):
        assert word in point


# Section 6: domestic abuse


def test_the_joint_coordinating_group_and_the_two_groups_under_it():
    group = BOARDS["domestic_abuse_joint_coordinating_group"]
    assert group.name == "Domestic Abuse Joint Coordinating Group"
    assert set(group.areas) == {"north_yorkshire_county", "york"}
    assert set(group.reports_to) == {"csp_board", "york_csp"}
    assert "6.1" in paragraphs(group)
    below = {board.id for board in BOARDS.values() if board.parent == group.id}
    assert below == {"domestic_abuse_operational_group", "domestic_abuse_commissioning_group"}


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (0, ("adults, children and young people", "intervene early")),
        (1, ("safer", "rebuild their lives")),
        (2, ("perpetrators", "fewer re-offend")),
        (3, ("equitable and consistent", "committed funding")),
    ],
)
def test_the_four_objectives_on_domestic_abuse(index, words):
    priority = PRIORITIES["domestic_abuse"]
    assert len(priority.objectives) == 4
    assert "6.2" in paragraphs(priority)
    for word in words:
        assert word in priority.objectives[index].words


def test_of_the_review_only_what_the_report_says():
    (review,) = items("reviews").values()
    assert review.began_after == "A homicide in March 2018 in the Selby area"
    assert (review.month, review.area) == ("2018-03", "selby")
    for word in ("independent", "commissioned", "chair the panel", "write the report"):
        assert word in review.chair_and_author
    assert "agreed" in review.funding
    assert "secured" in review.funding
    assert review.funded_by == "police_and_crime_commissioner"
    assert "late autumn" in review.due
    assert "lessons" in review.learning
    assert paragraphs(review) == {"6.3", "2.3"}


# Section 7: serious and organised crime


def test_the_four_ps_of_which_the_partnership_leads_prevent():
    strands = items("four_ps")
    assert [strand.name for strand in strands.values()] == ["Prevent", "Protect", "Prepare", "Pursue"]
    assert [strand.led_here for strand in strands.values()] == [True, False, False, False]
    assert all("7.3" in paragraphs(strand) for strand in strands.values())
    assert "7.4" in paragraphs(strands["prevent"])


def test_the_objectives_and_means_against_organised_crime():
    priority = PRIORITIES["serious_and_organised_crime"]
    families, children, adults = (objective.words for objective in priority.objectives)
    assert "families affected by organised crime groups" in families
    assert "children" in children
    assert "vulnerable adults" in adults
    means = " ".join(priority.means)
    for word in (
        "Education and training",
        "sharing intelligence and referring concerns",
        "funding",
        "networks of support",
    ):
        assert word in means
    assert {"7.1", "7.4"} <= paragraphs(priority)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("organised_crime_groups", ("intimidation", "corruption", "unlawful gain")),
        ("labour_exploitation", ("long hours", "wages")),
        ("criminal_exploitation", ("forced to commit crime",)),
        ("county_lines", ("Children", "telephone lines")),
    ],
)
def test_the_terms_of_serious_and_organised_crime(code, words):
    definition = items("definitions")[code]
    assert paragraphs(definition) == {"7.2"}
    for word in words:
        assert word in definition.words


# Section 8: hate crime


def test_the_definition_of_hate_crime_and_its_five_grounds():
    definition = items("definitions")["hate_crime"]
    assert definition.grounds == ["disability", "race", "religion", "gender identity", "sexual orientation"]
    assert "hostility" in definition.words
    assert paragraphs(definition) == {"8.1"}


def test_low_reports_and_accounts_that_say_otherwise():
    fact = BACKGROUND["hate_reports_low"]
    assert "Few hate crimes are reported" in fact.words
    assert "schools" in fact.words
    assert paragraphs(fact) == {"8.1"}


def test_the_hate_crime_working_group_and_its_delivery_plan():
    group, priority = BOARDS["hate_crime_working_group"], PRIORITIES["hate_crime"]
    assert group.kind == "working_group"
    assert priority.led_by == group.id
    words = " ".join(objective.words for objective in priority.objectives)
    for word in ("Oversee", "delivery plan", "awareness", "reporting mechanisms"):
        assert word in words
    assert "8.2" in paragraphs(group) & paragraphs(priority)


# Section 9: scrutiny


def test_members_are_asked_to_note_and_offered_three_themes():
    found = list(items("recommendations").values())
    assert [one.kind for one in found] == ["recommendation", "theme", "theme", "theme"]
    assert "note" in found[0].words
    for word, one in zip(("delivery plan", "one area", "domestic homicide review"), found[1:], strict=True):
        assert word in one.words
    assert all(paragraphs(one) == {"9.1"} for one in found)
    assert BOARDS[PARTNERSHIP.scrutiny_board].kind == "scrutiny_committee"


# The whole


def test_the_single_council_of_2023_follows_the_county_and_the_districts():
    after = items("agencies", date(2023, 4, 1))
    assert after["north_yorkshire_council"].legal_role == "responsible"
    assert not any(code.endswith(("district_council", "county_council")) for code in after)
    area = items("areas", date(2023, 4, 1))["north_yorkshire_council_area"]
    assert area.gss == "E06000065"
    for district in DISTRICTS:
        assert items("areas")[district].followed_by == area.id
        assert AGENCIES[f"{district}_district_council"].followed_by == "north_yorkshire_council"


def test_every_responsible_agency_has_the_post_of_an_information_lead():
    for agency in AGENCIES.values():
        if agency.legal_role == "responsible":
            assert agency.information_lead, agency.id


def test_the_policing_body_is_no_responsible_authority():
    assert AGENCIES["police_and_crime_commissioner"].legal_role == "policing_body"


def test_selby_district_council_has_the_units_that_the_demonstration_needs():
    units = {unit.id for unit in AGENCIES["selby_district_council"].units}
    assert units == {"housing", "licensing", "community_safety"}


def test_no_title_or_initials_of_a_person_stand_in_the_packs():
    """A name cannot be recognised by a program; a title before one can."""
    for folder in (NORTH_YORKSHIRE, ENGLAND):
        for path in sorted(folder.glob("*.yaml")):
            found = re.search(
                r"\b(Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Cllr|Councillor|Inspector|Sgt) [A-Z][a-z]+", path.read_text()
            )
            assert not found, f"{path.name}: {found and found.group()}"
