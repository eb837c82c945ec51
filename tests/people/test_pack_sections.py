"""Kinds of names, relationships, places and needs, as packs say them: what is refused, and what ours hold."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from saferhub.partnership.packs import read_pack
from saferhub.people import pack_sections
from saferhub.people.pack_sections import (
    ALWAYS_OFFERED,
    AddressKind,
    ContactKind,
    EqualityCharacteristic,
    IdentifierKind,
    RelationshipKind,
    StaffRisk,
)
from saferhub.sharing import pack_sections as sharing_sections
from tests.partnership.packs.places import ENGLAND, WEALDSHIRE, change, copy_of, problems_in

sharing_sections.register()
pack_sections.register()

PACK = read_pack(ENGLAND)


def items(section):
    return [placed.item for placed in PACK.items[section]]


def the(section, code):
    (item,) = (item for item in items(section) if item.id == code)
    return item


def refusal(model, fields):
    """The sentence with which the model refuses the fields, or nothing."""
    given = {"id": "example", "source": [{"invented": "Example"}], "name": "Example"} | fields
    try:
        model.model_validate(given, strict=True)
    except ValidationError as error:
        return " ".join(entry["msg"] for entry in error.errors())
    return ""


def answers(*codes):
    return [{"id": code, "name": code} for code in codes]


WORDS = {"words": "Words"}
RELATIONSHIP = WORDS | {"group": "family", "inverse": "example"}
QUESTION = WORDS | {"class": "special"}


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (IdentifierKind, WORDS),
        (IdentifierKind, WORDS | {"pattern": "[0-9]{3}", "hint": "Three digits", "sensitive": True}),
        (RelationshipKind, RELATIONSHIP),
        (RelationshipKind, RELATIONSHIP | {"protects": True}),
        (RelationshipKind, RELATIONSHIP | {"group": "adversary", "protects": True}),
        (AddressKind, WORDS | {"protected": True}),
        (ContactKind, WORDS | {"form": "email"}),
        (EqualityCharacteristic, QUESTION | {"answers": answers("yes", *ALWAYS_OFFERED)}),
        (StaffRisk, {"instruction": "Do not visit", "visits": "never"}),
    ],
)
def test_what_fits_is_taken(model, fields):
    assert refusal(model, fields) == ""


@pytest.mark.parametrize(
    ("model", "fields", "words"),
    [
        (IdentifierKind, WORDS | {"pattern": "[0-9", "hint": "Digits"}, "is not a regular expression"),
        (IdentifierKind, WORDS | {"pattern": "[0-9]"}, "A pattern needs its words too. Add “hint”"),
        (RelationshipKind, RELATIONSHIP | {"group": "enemy"}, "'adversary', 'family'"),
        (RelationshipKind, RELATIONSHIP | {"group": "adversary"}, "Add “protects: true”"),
        (ContactKind, WORDS | {"form": "fax"}, "'telephone' or 'email'"),
        (
            EqualityCharacteristic,
            QUESTION | {"answers": answers("yes", "no", "not_asked")},
            "“prefers_not_to_say”",
        ),
        (
            EqualityCharacteristic,
            QUESTION | {"answers": answers("yes", "no", "prefers_not_to_say")},
            "“not_asked”",
        ),
        (
            EqualityCharacteristic,
            QUESTION | {"answers": answers("yes", "yes", *ALWAYS_OFFERED)},
            "The answer “yes” stands here twice",
        ),
        (EqualityCharacteristic, QUESTION | {"answers": answers(*ALWAYS_OFFERED)}, "at least 3 items"),
        (StaffRisk, {"visits": "never"}, "Field required"),
    ],
)
def test_what_does_not_fit_is_refused_in_plain_words(model, fields, words):
    assert words in refusal(model, fields)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("relationship_kinds.yaml", "inverse: cared_for", "inverse: caredfor", "Did you mean “cared_for”?"),
        ("relationship_kinds.yaml", "  protects: true\n", "", "Add “protects: true”"),
        ("identifier_kinds.yaml", '"[0-9]{10}"', '"[0-9{10}"', "is not a regular expression"),
        ("equality_characteristics.yaml", "{id: not_asked,", "{id: unasked,", "Add the answer “not_asked”"),
        ("contact_kinds.yaml", "form: email", "form: e_mail", "Did you mean “email”?"),
    ],
)
def test_a_slip_in_the_national_pack_is_told_at_its_line(file, old, new, words, tmp_path):
    pack = copy_of(ENGLAND, tmp_path)
    change(pack, file, old, new)
    (problem,) = problems_in(pack)
    assert problem.file == f"england/{file}"
    assert words in problem.sentence
    assert problem.line > 0


@pytest.mark.parametrize("section", ["relationship_kinds", "equality_characteristics"])
def test_no_partnership_can_weaken_what_protects(section, tmp_path):
    pack = copy_of(WEALDSHIRE, tmp_path)
    (pack / f"{section}.yaml").write_text("[]\n")
    (problem,) = problems_in(pack)
    assert f"A partnership pack has no section “{section}”" in problem.sentence


def test_a_partnership_may_add_a_kind_of_its_own(tmp_path):
    pack = copy_of(WEALDSHIRE, tmp_path)
    (pack / "place_kinds.yaml").write_text(
        "- id: harbour\n  name: Harbour\n  words: Quays and moorings\n  source: [{invented: Example}]\n"
    )
    assert problems_in(pack) == ()


@pytest.mark.parametrize(
    ("section", "codes"),
    [
        ("name_kinds", "legal known_as alias former birth nickname"),
        (
            "identifier_kinds",
            "council_customer_number tenancy_reference police_reference nhs_number "
            "national_insurance_number unique_pupil_number other",
        ),
        (
            "relationship_kinds",
            "adversary partner former_partner parent child sibling other_family carer cared_for household "
            "neighbour associate",
        ),
        ("address_kinds", "home temporary former work school refuge custody correspondence"),
        (
            "place_kinds",
            "dwelling block street estate open_space shop licensed_premises school car_park transport online other",
        ),
        ("contact_kinds", "telephone mobile email"),
        (
            "equality_characteristics",
            "disability sex gender_identity ethnicity religion sexual_orientation marriage pregnancy",
        ),
        (
            "communication_needs",
            "interpreter british_sign_language easy_read large_print braille hearing_loop advocate "
            "needs_more_time no_written_contact",
        ),
        (
            "staff_risks",
            "violence threats weapons dog needle_or_drugs infection visit_in_pairs no_lone_visit no_visit",
        ),
        ("safe_contact_never", "letters voicemail text email home_visit calling_back_unknown"),
    ],
)
def test_the_kinds_are_those_that_records_name(section, codes):
    assert {item.id for item in items(section)} == set(codes.split())


def test_a_relationship_and_its_inverse_lead_back_to_each_other_and_protect_alike():
    kinds = {item.id: item for item in items("relationship_kinds")}
    for kind in kinds.values():
        other = kinds[kind.inverse]
        assert other.inverse == kind.id
        assert (other.group, other.protects) == (kind.group, kind.protects)


def test_adversaries_and_former_partners_are_kept_apart_on_documents():
    assert {item.id for item in items("relationship_kinds") if item.protects} == {
        "adversary",
        "former_partner",
    }


def test_the_address_of_a_refuge_is_protected_from_the_first_day():
    assert {item.id for item in items("address_kinds") if item.protected} == {"refuge"}


@pytest.mark.parametrize(
    ("code", "value", "fits"),
    [
        ("nhs_number", "999 000 0000", True),
        ("nhs_number", "999000000", False),
        ("nhs_number", "99900000000", False),
        ("national_insurance_number", "qq 12 34 56 c", True),
        ("national_insurance_number", "QQ123456", False),
        ("unique_pupil_number", "A00000000000A", True),
        ("unique_pupil_number", "A0000", False),
        ("tenancy_reference", "anything at all", True),
    ],
)
def test_a_number_has_the_form_of_its_kind(code, value, fits):
    assert the("identifier_kinds", code).fits(value) is fits


@pytest.mark.parametrize(
    ("code", "sensitive"),
    [
        ("nhs_number", True),
        ("national_insurance_number", True),
        ("police_reference", True),
        ("unique_pupil_number", True),
        ("council_customer_number", False),
        ("tenancy_reference", False),
    ],
)
def test_a_number_that_opens_other_records_is_sensitive(code, sensitive):
    assert the("identifier_kinds", code).sensitive is sensitive


def test_nobody_has_to_answer_a_question_on_equality():
    for question in items("equality_characteristics"):
        assert [answer.id for answer in question.answers][-2:] == list(ALWAYS_OFFERED)


def test_questions_that_reveal_health_origin_belief_or_orientation_are_special():
    special = {item.id for item in items("equality_characteristics") if item.data_class == "special"}
    assert special >= {"disability", "ethnicity", "religion", "sexual_orientation", "pregnancy"}


@pytest.mark.parametrize(
    ("code", "visits"), [("no_visit", "never"), ("no_lone_visit", "in_pairs"), ("dog", "with_care")]
)
def test_a_risk_says_whether_to_visit_at_all(code, visits):
    assert the("staff_risks", code).visits == visits
