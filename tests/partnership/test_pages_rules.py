"""Rules in force and packs: every entry with source and history, and what is still to be checked."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from django.urls import reverse

from saferhub.partnership.models import EntryVersion, PackRelease
from saferhub.partnership.operations.packs import load_packs
from saferhub.partnership.packs import all_sections

ClientFor = Callable[..., Client]
PACKS = Path(settings.BASE_DIR) / "packs"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def found(answer: Any) -> int:
    match = re.search(r"([0-9,]+) rules?[,.]", text(answer))
    return int(match[1].replace(",", "")) if match else 0


class WrittenOut(yaml.SafeDumper):
    """Packs allow no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@pytest.fixture
def changed_pack(tmp_path: Path, world: None) -> Callable[[Callable[[dict[str, Any]], None]], None]:
    """Loads the example pack again as its next version, with its sections changed by a function."""

    def load(change: Callable[[dict[str, Any]], None]) -> None:
        folder = tmp_path / "wealdshire"
        shutil.copytree(PACKS / "wealdshire", folder)
        sections = {path.stem: yaml.safe_load(path.read_text()) for path in folder.glob("*.yaml")}
        change(sections)
        sections["pack"]["version"] += 1
        for name, content in sections.items():
            (folder / f"{name}.yaml").write_text(
                yaml.dump(content, Dumper=WrittenOut, sort_keys=False, allow_unicode=True)
            )
        load_packs([folder])

    return load


def test_every_entry_in_force_is_listed_over_its_pages(client_for: ClientFor, north_yorkshire: Any) -> None:
    client = client_for("rachel.referrer")
    answer = client.get(reverse("rules"), {"sort": "section"})
    pages = -(-found(answer) // 40)
    links = {
        link
        for page in range(1, pages + 1)
        for link in re.findall(
            r'href="(/partnership/rules/\w+/\w+/)"',
            text(client.get(reverse("rules"), {"sort": "section", "page": page})),
        )
    }
    assert len(links) == found(answer) > 300


@pytest.mark.parametrize("section", [one.name for one in all_sections()])
def test_each_section_can_be_read_alone(client_for: ClientFor, section: str) -> None:
    answer = client_for("rachel.referrer").get(reverse("rules"), {"section": section})
    assert answer.status_code == 200
    links = re.findall(r'href="/partnership/rules/(\w+)/\w+/"', text(answer))
    assert set(links) <= {section}


def test_the_page_opens_with_an_index_of_sections_and_what_is_to_be_checked(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    index = client.get(reverse("rules"))
    page = text(index)
    assert page.count('<th scope="row"') > 20
    assert found(index) == found(client.get(reverse("rules"), {"sort": "section"}))
    rows = re.findall(
        r'section=(\w+)">.*?numeric"[^>]*>([0-9]+)<.*?numeric"[^>]*>(?:<a[^>]*>)?([0-9]+)<',
        page,
        flags=re.DOTALL,
    )
    assert len(rows) > 20
    for section, rules, to_check in rows[:6]:
        assert found(client.get(reverse("rules"), {"section": section})) == int(rules)
        assert found(client.get(reverse("rules"), {"section": section, "check": "yes"})) == int(to_check)
    for name in ("clocks", "roles", "words"):
        assert f'href="{reverse(name)}"' in page


def test_bank_holidays_stand_in_one_line_for_each_year(client_for: ClientFor) -> None:
    answer = client_for("rachel.referrer").get(reverse("rules"), {"section": "bank_holidays"})
    rows = re.findall(r'<th scope="row"[^>]*>([^<]+)</th>', text(answer))
    assert rows == [str(year) for year in range(2010, 2031)]
    assert len(re.findall(r'href="/partnership/rules/bank_holidays/\w+/"', text(answer))) == found(answer)


def test_what_is_still_to_be_checked_can_be_listed(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    everything, unchecked, checked = (
        client.get(reverse("rules"), query)
        for query in ({"sort": "section"}, {"check": "yes"}, {"check": "no"})
    )
    assert 0 < found(unchecked) < found(everything)
    assert found(unchecked) + found(checked) == found(everything)
    assert text(unchecked).count("Verify<span") == 40


@pytest.mark.parametrize("sort", ["rule", "-rule", "section", "pack", "-from", "until", "nonsense"])
def test_sorting_changes_the_order_only(client_for: ClientFor, sort: str) -> None:
    answer = client_for("rachel.referrer").get(reverse("rules"), {"sort": sort, "whose": "own"})
    assert answer.status_code == 200
    assert found(answer) > 50


def test_unknown_pages_and_filters_are_answered_kindly(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    assert client.get(reverse("rules"), {"page": "999"}).status_code == 200
    assert client.get(reverse("rules"), {"page": "x"}).status_code == 200
    assert "Choose the section from the list" in text(client.get(reverse("rules"), {"section": "nonsense"}))
    assert "No rule answers" in text(client.get(reverse("rules"), {"q": "zzzz"}))


def test_every_rule_of_every_section_can_be_opened(client_for: ClientFor, north_yorkshire: Any) -> None:
    client = client_for("rachel.referrer")
    own = EntryVersion.objects.filter(entry__partnership=north_yorkshire)
    national = EntryVersion.objects.filter(entry__partnership=None)
    sections: dict[str, set[str]] = {}
    for section, code in [*own.values_list("entry__section", "entry__code"),
                          *national.values_list("entry__section", "entry__code")]:  # fmt: skip
        sections.setdefault(section, set()).add(code)
    for section, codes in sections.items():
        for code in sorted(codes)[:4]:
            answer = client.get(reverse("rule", args=[section, code]))
            assert answer.status_code == 200, (section, code)
            assert "What it says" in text(answer) or "Not in force on this day" in text(answer)


@pytest.mark.parametrize(
    "address",
    [
        "rules/clocks/never_was/",
        "rules/nonsense/selby/",
        "rules/hubs/selby/",
        "rules/agencies/selby_district_council/",
    ],
)
def test_a_rule_of_another_partnership_is_as_missing_as_one_that_never_was(
    client_for: ClientFor, address: str
) -> None:
    assert client_for("olivia.outsider").get(f"/partnership/{address}").status_code == 404


def test_a_changed_rule_keeps_what_it_said_before(client_for: ClientFor, changed_pack: Any) -> None:
    def rename(sections: dict[str, Any]) -> None:
        sections["boards"][1]["name"] = "Delivery Board"
        del sections["boards"][3]
        sections["priorities"][1]["led_by"] = "delivery_group"

    changed_pack(rename)
    client = client_for("olivia.outsider")
    page = text(client.get(reverse("rule", args=["boards", "delivery_group"])))
    assert "2 versions" in page
    assert "Withdrawn by version 2" in page
    assert "Delivery Group" in page
    assert '<h1 class="sh-heading__title">Delivery Board</h1>' in page
    gone = text(client.get(reverse("rule", args=["boards", "rural_watch_group"])))
    assert "No version of this rule holds" in gone
    assert "Farm Watch" in gone


def test_packs_are_shown_to_those_who_look_after_them(client_for: ClientFor, north_yorkshire: Any) -> None:
    release = PackRelease.objects.get(partnership=north_yorkshire)
    for username in ("maya.manager", "ian.governance", "ada.admin"):
        page = text(client_for(username).get(reverse("packs")))
        assert release.sha256 in page
        assert "still to be checked" in page
        assert "load_pack" in page
        assert "Safer Wealdshire" not in page
    for username in ("rachel.referrer", "colin.coordinator", "ana.analyst"):
        answer = client_for(username).get(reverse("packs"))
        assert answer.status_code == 403
        assert "Your role does not let you see which rules are loaded" in text(answer)
        assert ">Packs</a>" not in text(client_for(username).get(reverse("rules")))
    assert ">Packs</a>" in text(client_for("maya.manager").get(reverse("rules")))


def test_a_second_version_is_listed_with_what_it_replaced(client_for: ClientFor, changed_pack: Any) -> None:
    changed_pack(lambda sections: sections["boards"][1].update(name="Delivery Board"))
    page = text(client_for("olivia.outsider").get(reverse("packs")))
    assert "wealdshire version 2" in page
    assert "wealdshire version 1" in page
    assert "Invented" in page


def _many(sections: dict[str, Any]) -> None:
    """A hundred more agencies, boards and hubs, with their seats."""
    own_board = sections["boards"][0]
    invented = [{"invented": "To count queries"}]
    for number in range(100):
        code = f"extra_{number}"
        units = [{"id": "a", "name": "A"}, {"id": "b", "name": "B", "within": "a"}]
        agency = {"kind": "voluntary", "legal_role": "invited", "statutory": False, "units": units}
        sections["agencies"].append(
            {"id": code, "name": f"Extra agency {number}", **agency, "source": invented}
        )
        seats = [{"agency": code, "post": "Somebody"}]
        board = {"kind": "working_group", "remit": "Extra", "parent": "delivery_group", "members": seats}
        sections["boards"].append({"id": code, "name": f"Extra board {number}", **board, "source": invented})
        hub = {"prefix": "X" + chr(65 + number // 26) + chr(65 + number % 26), "areas": ["marlstow"]}
        members = {"agencies": ["wealdshire_council", code]}
        sections["hubs"].append(
            {"id": code, "name": f"Extra hub {number}", **hub, **members, "source": invented}
        )
        sections["ways_of_working"].append({"id": code, "name": code, "words": code, "source": invented})
        own_board["members"].append({"agency": code, "post": "Somebody"})


ADDRESSES = [
    "/partnership/",
    "/partnership/?on=2023-04-01",
    "/partnership/areas/rural_crime/",
    "/partnership/words/",
    "/partnership/boards/working-together/",
    "/partnership/rules/?sort=section",
    "/partnership/agencies/",
    "/partnership/agencies/wealdshire_council/",
    "/partnership/hubs/",
    "/partnership/hubs/marlstow/",
    "/partnership/boards/",
    "/partnership/boards/safer_wealdshire_board/",
    "/partnership/boards/delivery_group/",
    "/partnership/rules/",
    "/partnership/rules/boards/safer_wealdshire_board/",
    "/partnership/roles/",
    "/partnership/packs/",
]


def test_pages_ask_the_database_as_often_for_a_hundred_as_for_a_few(
    client_for: ClientFor, changed_pack: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_for("olivia.outsider")

    def counts() -> dict[str, int]:
        asked = {}
        for address in ADDRESSES:
            client.get(address)
            # Five of them enter the request's transaction inside this test's; outside of tests it is one.
            with django_assert_max_num_queries(17) as queries:
                assert client.get(address).status_code == 200
            asked[address] = len(queries)
        return asked

    few = counts()
    changed_pack(_many)
    assert counts() == few
    last = re.sub(r"<[^>]+>", "", text(client.get("/partnership/agencies/?page=3")))
    assert "101 to 110 of 110 agencies" in last
