"""Why and on what ground information is shared, as packs say it: what is refused, and what ours hold."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from saferhub.foundation.data_classes import Rule
from saferhub.partnership.packs import read_pack
from saferhub.sharing import pack_sections
from saferhub.sharing.pack_sections import (
    PLACEHOLDERS,
    DataItem,
    Gateway,
    LawfulBasis,
    LetterTemplate,
    Purpose,
    Retention,
)
from tests.partnership.packs.places import (
    ENGLAND,
    NORTH_YORKSHIRE,
    WEALDSHIRE,
    change,
    copy_of,
    problems_in,
)

pack_sections.register()

PACKS = {folder.name: read_pack(folder) for folder in (ENGLAND, NORTH_YORKSHIRE, WEALDSHIRE)}


def items(section, pack="england"):
    return [placed.item for placed in PACKS[pack].items[section]]


def ids(section):
    return {item.id for item in items(section)}


def the(section, code, on=date(2018, 8, 28), pack="england"):
    (item,) = (item for item in items(section, pack) if item.id == code and item.in_force_on(on))
    return item


def refusal(model, fields):
    """The sentence with which the model refuses the fields, or nothing."""
    given = {"id": "example", "source": [{"invented": "Example"}], "name": "Example"} | fields
    try:
        model.model_validate(given, strict=True)
    except ValidationError as error:
        return " ".join(entry["msg"] for entry in error.errors())
    return ""


PURPOSE = {"words": "Words", "pointer": "hub", "gateways": ["one"]}
BASIS = {"article": "1", "words": "Words", "covers": ["personal"]}
RETENTION = {"words": "Words", "starts": "The end", "until_words": "6 years"}
LETTER = {"purpose_words": "Words", "to": "subject", "paragraphs": ["Dear {addressee},"]}


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Gateway, {"kind": "power", "words": "Words"}),
        (LawfulBasis, BASIS),
        (LawfulBasis, BASIS | {"covers": ["special", "criminal"]}),
        (DataItem, {"words": "Words", "class": "criminal"}),
        (Purpose, PURPOSE),
        (Purpose, PURPOSE | {"contact": "Hub manager"}),
        (Purpose, PURPOSE | {"pointer": "coordinator", "contact": "MARAC co-ordinator"}),
        (Purpose, PURPOSE | {"pointer": "none"}),
        (Retention, RETENTION),
        (Retention, RETENTION | {"years": 6, "months": 1, "days": 3}),
        (LetterTemplate, LETTER),
        (LetterTemplate, LETTER | {"paragraphs": [f"{{{name}}}" for name in PLACEHOLDERS]}),
        (LetterTemplate, LETTER | {"paragraphs": ["No place at all"]}),
    ],
)
def test_what_fits_is_taken(model, fields):
    assert refusal(model, fields) == ""


@pytest.mark.parametrize(
    ("model", "fields", "words"),
    [
        (Gateway, {"kind": "habit", "words": "Words"}, "'duty', 'power'"),
        (LawfulBasis, BASIS | {"covers": []}, "at least 1 item"),
        (LawfulBasis, BASIS | {"covers": ["special", "special"]}, "“special” stands twice in “covers”"),
        (DataItem, {"words": "Words", "class": "secret"}, "'personal', 'special' or 'criminal'"),
        (Purpose, PURPOSE | {"pointer": "coordinator"}, "Add “contact” with the post"),
        (Purpose, PURPOSE | {"pointer": "none", "contact": "Hub manager"}, "Take “contact” out"),
        (Purpose, PURPOSE | {"gateways": ["one", "one"]}, "“one” stands twice in “gateways”"),
        (Purpose, PURPOSE | {"gateways": []}, "at least 1 item"),
        (Retention, RETENTION | {"years": 0}, "greater than or equal to 1"),
        (Retention, {"words": "Words", "starts": "The end"}, "Field required"),
        (LetterTemplate, LETTER | {"to": "everybody"}, "'subject', 'agency'"),
        (LetterTemplate, LETTER | {"paragraphs": []}, "at least 1 item"),
        (
            LetterTemplate,
            LETTER | {"paragraphs": ["{adress}"]},
            "A letter cannot fill in {adress}. Use one of",
        ),
        (LetterTemplate, LETTER | {"paragraphs": ["{}"]}, "A letter cannot fill in {}"),
        (LetterTemplate, LETTER | {"paragraphs": ["{ today }"]}, "cannot fill in { today }"),
        (LetterTemplate, LETTER | {"paragraphs": ["{today.year}"]}, "cannot fill in {today.year}"),
        (LetterTemplate, LETTER | {"paragraphs": ["Fine", "On {today"]}, "A curly bracket stands alone"),
        (LetterTemplate, LETTER | {"paragraphs": ["{{today}}"]}, "A curly bracket stands alone"),
    ],
)
def test_what_does_not_fit_is_refused_in_plain_words(model, fields, words):
    assert words in refusal(model, fields)


# What is wrong · what stands in the agreement · what is put instead · the sentence
WRONG_AGREEMENTS = {
    "ends before it begins": ("last_day: 2021-03-31", "last_day: 2018-03-31", "last_day is before first_day"),
    "reviewed before it begins": (
        "review_on: 2019-04-01",
        "review_on: 2018-03-01",
        "review_on is before first_day",
    ),
    "reviewed after it ended": (
        "review_on: 2019-04-01",
        "review_on: 2021-04-01",
        "review_on is after last_day",
    ),
    "signed after it ended": (
        "post: Chief Fire Officer, day: 2018-03-13",
        "post: Chief Fire Officer, day: 2021-04-01",
        "“weald_fire_and_rescue” signs after last_day",
    ),
    "signed by somebody who is not a party": (
        "{agency: weald_probation",
        "{agency: alderbridge_traders",
        "“alderbridge_traders” signs and is not a party",
    ),
    "signed twice by one party": (
        "{agency: weald_probation",
        "{agency: wealdshire_council",
        "“wealdshire_council” signs twice",
    ),
    "a party that stands twice": (
        "[wealdshire_council, weald_constabulary",
        "[wealdshire_council, wealdshire_council, weald_constabulary",
        "“wealdshire_council” stands twice in “parties”",
    ),
    "a hub that stands twice": (
        "  purposes:\n",
        "  hubs: [alderbridge, alderbridge]\n  purposes:\n",
        "“alderbridge” stands twice in “hubs”",
    ),
    "a party that is not there": (
        "harbour_recovery]",
        "harbour_recovery, harbour_rescue]",
        "“parties” names “harbour_rescue”, which is not in agencies.yaml. Did you mean “harbour_recovery”?",
    ),
    "a hub that is not there": ("  purposes:\n", "  hubs: [alderford]\n  purposes:\n", "is not in hubs.yaml"),
    "a purpose that is not there": ("[prevent_crime_disorder", "[prevent_crime", "is not in purposes.yaml"),
    "a gateway that is not there": ("[crime_and_disorder,", "[crime_and_order,", "is not in gateways.yaml"),
    "a basis that is not there": ("[public_task", "[private_task", "is not in lawful_bases.yaml"),
    "a data item that is not there": ("[identity, ", "[gossip, ", "is not in data_items.yaml"),
    "no review": ("  review_on: 2019-04-01\n", "", "“review_on” is missing"),
}


@pytest.mark.parametrize("wrong", WRONG_AGREEMENTS)
def test_one_thing_wrong_with_an_agreement_gives_one_problem(wrong, tmp_path):
    old, new, words = WRONG_AGREEMENTS[wrong]
    pack = copy_of(WEALDSHIRE, tmp_path)
    change(pack, "agreements.yaml", old, new)
    problems = problems_in(pack)
    assert len(problems) == 1, [str(problem) for problem in problems]
    assert problems[0].file == "wealdshire/agreements.yaml"
    assert words in problems[0].sentence
    assert problems[0].line > 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  last_day: 2021-03-31\n", ""),
        ("review_on: 2019-04-01", "review_on: 2021-03-31"),
        ("review_on: 2019-04-01", "review_on: 2018-04-01"),
        ("last_day: 2021-03-31\n  review_on: 2019-04-01", "last_day: 2018-04-01\n  review_on: 2018-04-01"),
        ("  purposes:\n", "  hubs: [alderbridge, marlstow]\n  purposes:\n"),
        ("day: 2018-03-12", "day: 2021-03-31"),
        ("    - {agency: weald_probation, post: Head of delivery, day: 2018-03-13}\n", ""),
    ],
)
def test_an_agreement_may_leave_open_what_is_not_decided(old, new, tmp_path):
    pack = copy_of(WEALDSHIRE, tmp_path)
    change(pack, "agreements.yaml", old, new)
    assert problems_in(pack) == ()


def test_an_agreement_belongs_to_a_partnership_and_law_to_the_nation(tmp_path):
    pack = copy_of(WEALDSHIRE, tmp_path)
    (pack / "gateways.yaml").write_text("[]\n")
    (problem,) = problems_in(pack)
    assert "A partnership pack has no section “gateways”" in problem.sentence


def test_a_partnership_may_name_its_own_post_for_a_pointer(tmp_path):
    pack = copy_of(WEALDSHIRE, tmp_path)
    (pack / "purposes.yaml").write_text(
        "- id: domestic_abuse\n  name: Protect from domestic abuse\n  words: Keep people safe\n"
        "  pointer: coordinator\n  contact: Safe lives co-ordinator of Wealdshire\n"
        "  gateways: [crime_and_disorder]\n  source: [{invented: Example}]\n"
    )
    assert problems_in(pack) == ()


def test_every_rule_for_keeping_data_that_fields_name_is_there():
    assert ids("retention") == {rule.value for rule in Rule}


@pytest.mark.parametrize(
    ("code", "years", "months", "days"),
    [
        ("account", 6, None, None),
        ("session", None, None, 4),
        ("calendar", 6, None, None),
        ("matter", 6, None, None),
        ("agreement", 6, None, None),
        ("search_log", 2, None, None),
        ("request", 6, None, None),
        ("disclosure", 6, None, None),
        ("emergency", 6, None, None),
        ("queue", None, None, 30),
    ],
)
def test_data_are_kept_for_their_time(code, years, months, days):
    rule = the("retention", code)
    assert (rule.years, rule.months, rule.days) == (years, months, days)
    assert rule.has_length


@pytest.mark.parametrize("code", ["audit", "pack", "person", "none"])
def test_what_ends_with_something_else_has_no_length_of_its_own(code):
    assert not the("retention", code).has_length


@pytest.mark.parametrize("code", ["matter", "person", "disclosure", "audit", "request"])
def test_times_that_were_not_checked_say_so(code):
    assert the("retention", code).verify


def test_there_are_purposes_gateways_and_data_items_for_the_work_of_hubs():
    assert ids("purposes") == {
        "prevent_crime_disorder", "reduce_asb", "safeguard_adult", "safeguard_child", "domestic_abuse",
        "exploitation", "hate_crime", "reduce_reoffending", "substance_misuse", "emergency", "persons_request",
    }  # fmt: skip
    assert ids("gateways") >= {"crime_and_disorder", "case_review", "vital_interests", "court_order"}
    assert len(ids("data_items")) == 13


@pytest.mark.parametrize(
    ("code", "pointer"),
    [
        ("reduce_asb", "hub"),
        ("emergency", "hub"),
        ("domestic_abuse", "coordinator"),
        ("exploitation", "coordinator"),
        ("persons_request", "none"),
    ],
)
def test_a_pointer_says_no_more_than_its_purpose_allows(code, pointer):
    assert the("purposes", code).pointer == pointer


@pytest.mark.parametrize("day", [date(2018, 4, 1), date(2018, 8, 28), date(2026, 11, 22)])
def test_every_purpose_has_a_gateway_in_force(day):
    running = {item.id for item in items("gateways") if item.in_force_on(day)}
    for purpose in items("purposes"):
        assert running & set(purpose.gateways), purpose.id


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("crime_and_disorder", "power"),
        ("case_review", "duty"),
        ("vital_interests", "necessity"),
        ("court_order", "order"),
    ],
)
def test_a_gateway_says_whether_sharing_is_a_power_or_a_duty(code, kind):
    assert the("gateways", code).kind == kind


@pytest.mark.parametrize(
    ("day", "law"),
    [
        (date(2018, 5, 24), "Data Protection Act 1998"),
        (date(2018, 5, 25), "(EU) 2016/679"),
        (date(2020, 12, 31), "(EU) 2016/679"),
        (date(2021, 1, 1), "UK General Data Protection Regulation"),
    ],
)
def test_a_lawful_basis_rests_on_the_law_of_its_day(day, law):
    for code in ids("lawful_bases") - {"law_enforcement"}:
        basis = the("lawful_bases", code, day)
        assert law in str(basis.source[0]), code
        assert basis.verify


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("identity", "personal"),
        ("safe_contact_details", "personal"),
        ("health", "special"),
        ("substance_misuse", "special"),
        ("equality_data", "special"),
        ("criminal_allegations_and_convictions", "criminal"),
    ],
)
def test_a_category_of_data_has_its_class(code, kind):
    assert the("data_items", code).data_class == kind


def agreements():
    return [
        pytest.param(name, item, id=item.id)
        for name in ("north_yorkshire_2018", "wealdshire")
        for item in items("agreements", name)
    ]


@pytest.mark.parametrize(("pack", "agreement"), agreements())
class TestAgreementsThatComeWithThePacks:
    def test_every_party_has_signed_before_the_first_day(self, pack, agreement):
        assert [signature.agency for signature in agreement.signatures] == agreement.parties
        assert all(signature.day <= agreement.first_day for signature in agreement.signatures)

    def test_it_is_invented_and_says_so(self, pack, agreement):
        assert agreement.verify
        assert all(citation.invented for citation in agreement.source)

    def test_its_parties_are_there_when_it_begins(self, pack, agreement):
        for party in agreement.parties:
            assert the("agencies", party, agreement.first_day, pack)

    def test_it_has_a_ground_for_every_class_of_data_it_carries(self, pack, agreement):
        carried = {the("data_items", code).data_class for code in agreement.data_items}
        covered = {
            kind
            for code in agreement.lawful_bases
            for kind in the("lawful_bases", code, agreement.first_day).covers
        }
        assert carried <= covered

    def test_each_purpose_has_a_gateway_of_the_agreement_in_force(self, pack, agreement):
        for code in agreement.gateways:
            assert the("gateways", code, agreement.first_day)
        for code in agreement.purposes:
            assert set(the("purposes", code).gateways) & set(agreement.gateways), code


def test_the_hubs_share_under_one_agreement_and_two_beside_it():
    found = {item.id: item for item in items("agreements", "north_yorkshire_2018")}
    assert set(found) == {"hubs_2018", "mental_health_2018", "victim_support_2018"}
    for agreement in found.values():
        assert (agreement.first_day, agreement.last_day) == (date(2018, 4, 1), date(2021, 3, 31))
        assert agreement.review_on == date(2019, 4, 1)
        assert agreement.hubs == []
    assert [agreement.id for agreement in found.values() if agreement.opens_hubs] == ["hubs_2018"]
    districts = {party for party in found["hubs_2018"].parties if party.endswith("_district_council")}
    assert len(districts) == 7
    assert districts < set(found["mental_health_2018"].parties)
    assert {"mental_health_provider", "north_yorkshire_police"} < set(found["mental_health_2018"].parties)
    assert "victim_support_service" in found["victim_support_2018"].parties


def test_all_agencies_that_work_on_cases_in_2018_are_parties():
    at_work = {
        item.id for item in items("agencies", "north_yorkshire_2018") if item.in_force_on(date(2018, 4, 1))
    }
    parties = set(the("agreements", "hubs_2018", pack="north_yorkshire_2018").parties)
    assert at_work - parties == {"police_and_crime_commissioner", "city_of_york_council"}


def test_there_is_a_letter_for_each_of_the_five_occasions():
    assert {item.id: item.to for item in items("letter_templates")} == {
        "sharing_notice": "subject",
        "access_request_answer": "subject",
        "concern_acknowledgement": "other",
        "early_warning": "adversary_side",
        "disclosure_record": "agency",
    }


def test_every_letter_has_its_reference_day_addressee_and_signature():
    for letter in items("letter_templates"):
        assert {
            "reference",
            "today",
            "addressee",
            "signed_by",
            "signed_post",
            "contact_post",
        } <= letter.places()


def test_the_early_letter_blames_nobody():
    text = " ".join(the("letter_templates", "early_warning").paragraphs).lower()
    assert "alleged" in text
    for word in ("perpetrator", "offender", "guilty", "you have caused", "complainant"):
        assert word not in text


@pytest.mark.parametrize("level", ["normal", "restricted", "vault"])
def test_every_level_of_sensitivity_has_its_words(level):
    assert the("labels", f"sensitivity_{level}").term == level


VOLUNTARY = {"voluntary", "business"}


def test_section_115_reaches_authorities_and_no_voluntary_body():
    reached = set(the("gateways", "crime_and_disorder").reaches)
    assert {"police", "district_council", "probation", "housing_provider"} <= reached
    assert not VOLUNTARY & reached


def test_a_gateway_reaches_kinds_of_agency_that_there_are():
    kinds = ids("agency_kinds")
    for gateway in items("gateways"):
        assert set(gateway.reaches or kinds) <= kinds, gateway.id


def test_what_gateways_reach_is_marked_for_checking():
    assert all(gateway.verify for gateway in items("gateways") if gateway.reaches)


def test_a_gateway_that_names_a_kind_twice_or_an_unknown_one_is_a_problem(tmp_path):
    pack = copy_of(ENGLAND, tmp_path)
    change(pack, "gateways.yaml", "[voluntary, police, policing_body]", "[voluntary, voluntary]")
    assert "“voluntary” stands twice in “reaches”" in problems_in(pack)[0].sentence
    change(pack, "gateways.yaml", "[voluntary, voluntary]", "[charity]")
    assert "is not in agency_kinds.yaml" in problems_in(pack)[0].sentence
