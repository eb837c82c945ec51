"""Your work: the band beside the title, what waits for others, how the hub stands, and search from the header."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from saferhub.casework.models import Case
from saferhub.casework.queries import oversight_home as queries
from saferhub.foundation.registries import WorkItem
from saferhub.partnership.queries import work
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case, actor
from tests.builders.casework_actions import an_action
from tests.builders.referrals import a_referral

pytestmark = pytest.mark.django_db
COLIN, RACHEL, PRIYA, MAYA = "colin.coordinator", "rachel.referrer", "priya.partner", "maya.manager"


def set_band(cast: Any, case: Case, band: str) -> None:
    with entered(cast[COLIN]):
        Case.objects.filter(pk=case.pk).update(band=band)


def test_a_row_shows_how_risky_its_case_is_and_only_the_first_has_the_green_button(
    cast: Any, client_for: Any
) -> None:
    case = a_case(cast)
    set_band(cast, case, "high")
    an_action(cast, case, owner=PRIYA, words="Ring the family before Friday")
    an_action(cast, case, owner=PRIYA, words="Ring the landlord", set_before=30)
    page = client_for(PRIYA).get("/?kind=action").content.decode()
    row = page.split("Ring the family before Friday", 1)[1].split("</li>", 1)[0]
    assert "sh-risk--high" in row
    steps = re.findall(r'sh-work__step"><a class="([^"]+)"', page)
    assert len(steps) >= 2 and "secondary" not in steps[0]
    assert all("secondary" in one for one in steps[1:])


def test_what_is_late_stands_by_rank_and_band_before_its_day_and_what_is_to_decide_above_all() -> None:
    on = date(2018, 9, 3)

    def item(title: str, rank: int, band: str = "", days: int = -1, **more: Any) -> WorkItem:
        return WorkItem(
            "kind", "Kind", title, "/", "", on + timedelta(days=days), "Go", "/", rank=rank, band=band, **more
        )

    items = [
        item("A routine review of a Standard case", 4, "standard", -700),
        item("A blocked action of a High case", 5, "high", -1),
        item("A duty of the calendar", 5, "", -10),
        item("Tomorrow’s", 1, "high", 1),
        item("A referral", 2, "", 4, comes_first=True),
    ]
    placed = sorted(items, key=lambda one: work._place(one, on))
    assert [one.title for one in placed] == [
        "A referral",
        "A blocked action of a High case",
        "A duty of the calendar",
        "A routine review of a Standard case",
        "Tomorrow’s",
    ]


def test_a_referral_to_decide_has_the_green_button(cast: Any, client_for: Any) -> None:
    case = a_case(cast, lead=cast[COLIN])
    an_action(cast, case, owner=COLIN, words="Ring the landlord", set_before=30)
    a_referral(cast, title="Fires behind the depot")
    main = client_for(COLIN).get("/").content.decode().split("<main", 1)[1]
    first = main.split('class="sh-work__step"', 1)[0]
    assert "Decide first" in first and "/referrals/" in first
    assert main.index("Fires behind the depot") < main.index("Ring the landlord")


def test_what_others_owe_in_her_cases_within_a_week_stands_beside(cast: Any) -> None:
    case = a_case(cast, lead=cast[RACHEL])
    an_action(cast, case, owner=PRIYA, words="Send the care plan")
    an_action(cast, case, owner=RACHEL, words="My own")
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
    an_action(cast, case, owner=PRIYA, words="Much later", due_on=colin.on + timedelta(days=30))
    with entered(cast[RACHEL]):
        panel = queries.waiting_for_others(actor(cast, RACHEL))
    assert panel is not None
    words = [one.words for one in panel.context["owed"]]
    assert any("Send the care plan" in one for one in words)
    assert not any("My own" in one or "Much later" in one for one in words)
    with entered(cast[PRIYA]):
        assert queries.waiting_for_others(actor(cast, PRIYA)) is None


def test_the_hub_stands_beside_for_whoever_works_in_it(cast: Any, client_for: Any) -> None:
    case = a_case(cast)
    set_band(cast, case, "high")
    with entered(cast[COLIN]):
        panel = queries.hubs_now(actor(cast, COLIN))
        assert panel is not None
        now = panel.context["now"]
        assert now.open == Case.objects.exclude(status="closed").filter(hub__code="selby").count()
        assert sum(one.number for one in now.bands) == now.open
    assert "Selby Community Safety Hub now" in client_for(COLIN).get("/").content.decode()
    assert "hubs side by side" in client_for(MAYA).get("/").content.decode()
    assert "Safety Hub now" not in client_for(PRIYA).get("/").content.decode()


def test_whoever_may_refer_begins_here(client_for: Any) -> None:
    assert "Make a referral" in client_for(RACHEL).get("/").content.decode()
    assert "Make a referral" not in client_for("ian.governance").get("/").content.decode()


def test_words_in_the_header_find_cases_and_referrals_with_what_they_are(cast: Any, client_for: Any) -> None:
    case = a_case(cast, title="Quarrels over the allotments")
    referral = a_referral(cast, title="Quarrels over the allotments again")
    set_band(cast, case, "medium")
    page = client_for(COLIN).post("/search/", {"q": "allotments"}).content.decode()
    found = page.split('id="matters-found"', 1)[1].split("</section>", 1)[0]
    one = found.split(case.matter.reference, 1)[1].split("</tr>", 1)[0]
    assert "Case" in one and "sh-risk--medium" in one and "Assessing" in one
    other = found.split(referral.matter.reference, 1)[1].split("</tr>", 1)[0]
    assert "Referral" in other and "Waiting for a decision" in other


def test_words_in_the_header_find_nothing_that_is_not_hers(cast: Any, client_for: Any) -> None:
    case = a_case(cast, title="Quarrels over the allotments")
    for username in ("nadia.neighbour", "olivia.outsider"):
        page = client_for(username).post("/search/", {"q": "allotments"}).content.decode()
        assert case.matter.reference not in page


def test_a_reference_in_the_header_goes_straight_there(cast: Any, client_for: Any) -> None:
    case = a_case(cast)
    answer = client_for(COLIN).post("/search/", {"q": case.matter.reference.lower()})
    assert answer.status_code == 302 and case.matter.public_id in answer["Location"]
