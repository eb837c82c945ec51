"""What a release rests on, who may let something leave, what is written, what is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.foundation import clock
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.partnership.access import actor_for
from saferhub.releases.models import Disclosure, Letter, ReleaseCheck
from saferhub.releases.operations import release as operations
from saferhub.releases.operations.letters import (
    check_letter,
    draft_letter,
    drop_letter,
    edit_letter,
    release_letter,
    values_of,
)
from saferhub.releases.operations.release import (
    Reasons,
    Recipient,
    ReleaseRefused,
    export_checked,
    release,
    run_check,
)
from saferhub.releases.queries import letters as queries
from saferhub.releases.rules.check import Part, Rule
from saferhub.sharing.models import (
    Agreement,
    AgreementHub,
    AgreementParty,
    Because,
    Enclosure,
    Interest,
    Matter,
)
from saferhub.sharing.operations.folders import give_interest, take_out
from saferhub.sharing.registries import check_export

TEXT = Part("body", "The text", "Nothing that names anybody.")
AGREED = Reasons("reduce_asb", "crime_and_disorder", "The police need it to keep the street safe.")


def to_police(small, **changes):
    options = {
        "matter": small.matter,
        "leaving": small.leaving(TEXT, data_items=("identity",)),
        "recipient": Recipient("North Yorkshire Police", agency=small.agency("north_yorkshire_police")),
        "reasons": replace(AGREED, agreement=small.agreement()),
        "by": small.by,
    }
    return release(**(options | changes))


def suspended(small):
    """The hubs' agreement, suspended without ceremony: the check reads how it stands."""
    Agreement.objects.filter(pk=small.agreement().pk).update(status="suspended")
    return small.agreement()


def test_a_release_writes_a_check_a_disclosure_and_two_entries(small):
    made = to_police(small)
    assert made.agreement == small.agreement() and made.recipient_agency.code == "north_yorkshire_police"
    assert (made.purpose, made.gateway, made.marking) == (
        "reduce_asb",
        "crime_and_disorder",
        "OFFICIAL-SENSITIVE",
    )
    assert (
        made.checked.passed
        and made.content_hash == made.checked.content_hash
        and len(made.content_hash) == 64
    )
    assert made.agency == "selby_district_council" and made.by == small.by.public_id
    events = list(
        Entry.objects.filter(event__startswith="releases.").order_by("id").values_list("event", flat=True)
    )
    assert events[-2:] == ["releases.checked", "releases.released"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reasons": AGREED}, "no_agreement"),
        ({"reasons": replace(AGREED, necessity=" ")}, "no_necessity"),
        ({"reasons": replace(AGREED, purpose="curiosity")}, "unknown_purpose"),
        ({"reasons": replace(AGREED, gateway="vital_interests")}, "other_gateway"),
        ({"marking": "SECRET"}, "no_marking"),
        ({"recipient": Recipient(" ")}, "no_recipient"),
    ],
)
def test_a_release_needs_its_ground(small, changes, code):
    with pytest.raises(Refusal) as refused:
        to_police(small, **changes)
    assert refused.value.code == code
    assert (
        not Disclosure.objects.filter(folder=small.matter.folder).exists()
        and not ReleaseCheck.objects.filter(folder=small.matter.folder).exists()
    )


def test_a_suspended_or_expired_agreement_lets_nothing_leave(small):
    with pytest.raises(Refusal) as refused:
        to_police(small, reasons=replace(AGREED, agreement=suspended(small)))
    assert refused.value.code == "agreement_not_in_force" and "is suspended" in refused.value.sentence
    Agreement.objects.filter(pk=small.agreement().pk).update(
        status="in_force", last_day=clock.today().replace(day=1)
    )
    with pytest.raises(Refusal) as refused:
        to_police(small, reasons=replace(AGREED, agreement=small.agreement()))
    assert "has expired" in refused.value.sentence


def test_an_agency_that_has_not_signed_gets_nothing(small):
    agreement = small.agreement("mental_health_2018")
    assert not AgreementParty.objects.filter(agreement=agreement, agency__code="schools").exists()
    with pytest.raises(Refusal) as refused:
        to_police(
            small,
            reasons=replace(AGREED, agreement=agreement),
            recipient=Recipient("Schools", agency=small.agency("schools")),
        )
    assert refused.value.code == "no_party"


def test_a_release_needs_the_signature_of_the_agency_whose_matter_it_is(small):
    """The releaser's own agency having signed is not enough where the matter is another's."""
    ours = AgreementParty.objects.filter(agreement=small.agreement(), agency=small.matter.unit.agency)
    ours.update(withdrawn_on=clock.today(), withdrawn_reason="For the test")
    with pytest.raises(Refusal) as refused:
        to_police(small, reasons=replace(AGREED, agreement=small.agreement()))
    assert refused.value.code == "owner_no_party"


def test_an_agreement_for_other_hubs_carries_no_release(small):
    agreement = small.agreement()
    Agreement.objects.filter(pk=agreement.pk).update(every_hub=False)
    AgreementHub.objects.filter(agreement=agreement, hub=small.matter.hub).delete()
    with pytest.raises(Refusal) as refused:
        to_police(small, reasons=replace(AGREED, agreement=small.agreement()))
    assert refused.value.code == "hub_not_covered"


@pytest.mark.parametrize(
    ("gateway", "code"), [("crime_and_disorder", "gateway_does_not_reach"), ("council_functions", None)]
)
def test_a_voluntary_body_gets_nothing_on_a_gateway_that_does_not_reach_it(small, gateway, code):
    sent = {
        "reasons": replace(AGREED, agreement=small.agreement(), gateway=gateway),
        "recipient": Recipient("Victim support", agency=small.agency("victim_support_service")),
    }
    if code is None:
        assert to_police(small, **sent).gateway == gateway
        return
    with pytest.raises(Refusal) as refused:
        to_police(small, **sent)
    assert refused.value.code == code and "Victim support service" in refused.value.sentence


def test_data_that_the_agreement_does_not_carry_stays(small):
    with pytest.raises(Refusal) as refused:
        to_police(small, leaving=small.leaving(TEXT, data_items=("identity", "star_sign")))
    assert refused.value.code == "other_data"


def test_a_reader_who_only_contributes_lets_nothing_leave(small, cast):
    priya = actor_for(cast["priya.partner"])
    give_interest(
        folder=small.matter.folder, by=small.by, purpose="reduce_asb", because=Because.CONTRIBUTES,
        gateway="crime_and_disorder", agreement=small.agreement("mental_health_2018"), unit=priya.unit,
    )  # fmt: skip
    with pytest.raises(NotAllowed) as refused:
        to_police(small, by=priya)
    assert refused.value.code == "not_yours_to_change"


def test_what_was_opened_in_an_emergency_does_not_travel_on(small):
    Matter.objects.filter(pk=small.matter.pk).update(sensitivity=0)
    folder = small.matter.folder
    Interest.objects.create(
        folder=folder, user=small.by.user, sensitivity=1, purpose="emergency", because=Because.EMERGENCY,
        valid_from=clock.now(),
    )  # fmt: skip
    small.matter.sensitivity = folder.sensitivity = 1  # as a restricted matter is loaded
    small.matter.folder = folder
    with pytest.raises(NotAllowed) as refused:
        to_police(small)
    assert refused.value.code == "emergency_reads_only"  # it may be read, and so not released


def test_a_reason_sets_aside_only_what_may_be(small):
    small.person("Petra", "Quernmore")
    witness = small.person("Wilf", "Xendale")
    small.give(witness, "contact", kind="mobile", value="07700 900654")
    papers = small.leaving(Part("notes", "The notes field", "Wilf Xendale on 07700 900654 saw it."))
    with pytest.raises(ReleaseRefused) as refused:
        release(
            matter=small.matter,
            leaving=papers,
            recipient=small.to("Petra"),
            reasons=small.reasons,
            by=small.by,
        )
    found = refused.value.findings
    assert {one.rule for one in found} == {Rule.THIRD_PARTY_NAME, Rule.THIRD_PARTY_NUMBER}
    blank = {one.place: " " for one in found}
    with pytest.raises(ReleaseRefused):
        release(
            matter=small.matter, leaving=papers, recipient=small.to("Petra"), reasons=small.reasons, by=small.by,
            overrides=blank,
        )  # fmt: skip
    made = release(
        matter=small.matter, leaving=papers, recipient=small.to("Petra"), reasons=small.reasons, by=small.by,
        overrides={one.place: "He agreed to be named" for one in found},
    )  # fmt: skip
    assert [one["reason"] for one in made.checked.set_aside] == ["He agreed to be named"] * 2


def test_a_failure_at_the_end_leaves_no_disclosure(small):
    def fail(disclosure):
        raise KeyError("of ours")

    with pytest.raises(KeyError):
        to_police(small, finish=fail)
    assert not Disclosure.objects.filter(folder=small.matter.folder).exists()


def test_the_check_is_no_oracle(small, monkeypatch):
    before = ReleaseCheck.objects.filter(by=small.by.public_id).count()
    monkeypatch.setattr(operations, "MOST_IN_AN_HOUR", before + 2)
    for _ in range(2):
        run_check(
            matter=small.matter, leaving=small.leaving(TEXT), recipients=[Recipient("Somebody")], by=small.by
        )
    with pytest.raises(Refusal) as refused:
        run_check(
            matter=small.matter, leaving=small.leaving(TEXT), recipients=[Recipient("Somebody")], by=small.by
        )
    assert refused.value.code == "too_many_checks"
    with pytest.raises(ValueError, match="no kind"):
        operations._checked(
            operations.of_matter(small.matter), small.leaving(TEXT, kind="rumour"), [], small.by, {}
        )


# --- Letters --------------------------------------------------------------------------------------------------


def drafted(small, **options):
    return draft_letter(
        matter_id=small.matter.public_id,
        **({"template": "sharing_notice", "by": small.by, "on": small.by.on} | options),
    )


LETS_GO = {
    "purpose": "persons_request",
    "gateway": "rights_of_the_person",
    "necessity": "She is to know who shares what about her.",
}


def test_a_letter_is_drafted_from_its_template_with_every_place_filled_in(small):
    person = small.person("Petra", "Quernmore")
    letter = drafted(small, person=person.public_id)
    assert letter.addressee == "Petra Quernmore" and letter.status == "draft"
    assert (
        f"Our reference: {small.matter.reference}" in letter.body and "Dear Petra Quernmore," in letter.body
    )
    assert "{" not in letter.body
    assert Entry.objects.filter(event="releases.letter_drafted", subject=letter.public_id).exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"template": "love_letter", "addressee": "X"}, "unknown_template"),
        ({"person": "NOBODYNOBODYNOBO"}, "unknown_person"),
        ({"agency": "ministry_of_silly_walks"}, "unknown_agency"),
        ({"addressee": " "}, "no_addressee"),
    ],
)
def test_a_letter_needs_template_and_addressee(small, options, code):
    with pytest.raises(Refusal) as refused:
        drafted(small, **options)
    assert refused.value.code == code
    assert not Letter.objects.filter(folder=small.matter.folder).exists()


def test_the_second_editor_of_a_letter_is_told(small):
    letter = drafted(small, addressee="The court")
    changed = edit_letter(
        letter_id=letter.public_id, values={**values_of(letter), "title": "Notice"}, seen=1, by=small.by
    )
    assert changed.version == 2
    with pytest.raises(Conflict):
        edit_letter(letter_id=letter.public_id, values=values_of(letter), seen=1, by=small.by)
    same = edit_letter(letter_id=letter.public_id, values=values_of(changed), seen=2, by=small.by)
    assert same.version == 2
    for name in ("title", "addressee", "body"):
        with pytest.raises(Refusal) as refused:
            edit_letter(
                letter_id=letter.public_id, values={**values_of(changed), name: ""}, seen=2, by=small.by
            )
        assert refused.value.code == f"no_{name}"


def test_a_released_letter_is_frozen_and_disclosed(small):
    person = small.person("Petra", "Quernmore")
    letter = drafted(small, person=person.public_id, address="1 Unreal Close\nZZ99 4XY")
    made = release_letter(letter_id=letter.public_id, seen=1, by=small.by, **LETS_GO)
    letter.refresh_from_db()
    assert letter.status == "released" and letter.released_at == made.at and made.subject == letter.public_id
    for act in (
        lambda: edit_letter(letter_id=letter.public_id, values=values_of(letter), seen=1, by=small.by),
        lambda: release_letter(letter_id=letter.public_id, seen=1, by=small.by, **LETS_GO),
        lambda: drop_letter(letter_id=letter.public_id, by=small.by),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "not_a_draft"


def test_what_was_read_is_what_leaves(small):
    letter = drafted(small, addressee="The court", address="The Court House")
    with pytest.raises(Conflict):
        release_letter(letter_id=letter.public_id, seen=7, by=small.by, **LETS_GO)
    bare = drafted(small, addressee="The court")
    with pytest.raises(Refusal) as refused:
        release_letter(letter_id=bare.public_id, seen=1, by=small.by, **LETS_GO)
    assert refused.value.code == "no_address"


def test_a_dropped_letter_stays_dropped(small):
    letter = drop_letter(letter_id=drafted(small, addressee="The court").public_id, by=small.by)
    assert letter.status == "dropped"
    with pytest.raises(Refusal) as refused:
        check_letter(letter_id=letter.public_id, by=small.by)
    assert "was dropped" in refused.value.sentence


@pytest.mark.parametrize(
    "username", ["olivia.outsider", "nadia.neighbour", "fergus.former", "ian.governance", "ana.analyst"]
)
def test_strangers_find_no_letter_and_no_matter_to_write_in(small, cast, username):
    from django.db import transaction

    from saferhub.sharing.entering import enter

    letter = drafted(small, addressee="The court")
    user = cast[username]
    with transaction.atomic():
        # The fixture's block is Colin's: one transaction, one actor; so the settings are changed beneath it.
        enter(user)
        stranger = actor_for(user)
        with pytest.raises(Http404):
            edit_letter(letter_id=letter.public_id, values=values_of(letter), seen=1, by=stranger)
        with pytest.raises(Http404):
            drafted(small, by=stranger, addressee="X")
        assert not Letter.objects.filter(folder=small.matter.folder).exists()
        enter(small.by.user)


# --- Safe contact and lists --------------------------------------------------------------------------------------


def test_nothing_goes_by_letter_to_somebody_who_must_get_none(small):
    person = small.person("Petra", "Quernmore")
    small.give(person, "safe-contact", never=["letters"], unsafe_addresses="9 Phantom Row, ZZ99 2RR")
    letter = drafted(small, person=person.public_id, address="Flat 1, 9 Phantom Row\nzz992rr")
    _, found = check_letter(letter_id=letter.public_id, by=small.by)
    assert {one.rule for one in found} == {Rule.NEVER_BY_LETTER, Rule.UNSAFE_ADDRESS}
    assert not any(one.overridable for one in found)


def test_never_by_letter_holds_until_the_day_it_ends_and_before_the_day_it_begins(small):
    """A change of the safe contact that begins next week lifts nothing today, and one that forbids holds now."""
    week = small.by.on + timedelta(days=7)
    petra, wilf = small.person("Petra", "Quernmore"), small.person("Wilf", "Xendale")
    small.give(petra, "safe-contact", never=["letters"])
    small.give(petra, "safe-contact", never=[], times="Mornings", valid_from=week)
    small.give(wilf, "safe-contact", never=["letters"], valid_from=week)
    for person in (petra, wilf):
        letter = drafted(small, person=person.public_id, address="5 Unreal Close\nZZ99 4XY")
        _, found = check_letter(letter_id=letter.public_id, by=small.by)
        assert Rule.NEVER_BY_LETTER in {one.rule for one in found}
    ways = queries.safe_contact_of(small.by, drafted(small, person=petra.public_id), small.by.on)
    assert [bool(one.contact.never) for one in ways] == [True, False]
    assert ways[1].title.endswith("2018") and not ways[0].title.endswith("2018")


def test_an_address_with_a_last_day_is_present_until_then(small):
    woman, man = small.person("Verity", "Winterburn"), small.person("Gideon", "Yearsley")
    small.give(
        woman, "address", kind="home", lines="7 Unreal Close", postcode="ZZ99 4XY", valid_until=small.by.on
    )
    small.give(woman, "relationship", kind="former_partner", other=man.public_id)
    letter = drafted(small, person=man.public_id, address="5 Unreal Close\nZZ99 4XY")
    seen = {
        "values": {**values_of(letter), "body": "She is at 7 Unreal Close, ZZ99 4XY."},
        "seen": letter.version,
    }
    edit_letter(letter_id=letter.public_id, by=small.by, **seen)
    _, found = check_letter(letter_id=letter.public_id, by=small.by)
    assert found and not all(one.overridable for one in found)


def test_a_letter_to_somebody_taken_out_of_the_matter_is_neither_checked_nor_released(small):
    person = small.person("Petra", "Quernmore")
    letter = drafted(small, person=person.public_id, address="5 Unreal Close\nZZ99 4XY")
    lies_in = Enclosure.objects.get(inner=person.folder, outer=small.matter.folder)
    take_out(enclosure=lies_in, by=small.by, reason="Put in by mistake")
    with pytest.raises(Refusal) as refused:
        check_letter(letter_id=letter.public_id, by=small.by)
    assert refused.value.code == "addressee_gone"
    with pytest.raises(Refusal) as refused:
        release_letter(
            letter_id=letter.public_id, seen=letter.version, by=small.by, purpose="reduce_asb",
            gateway="court_order", necessity="The court asks for it.",
        )  # fmt: skip
    assert refused.value.code == "addressee_gone"


def test_links_of_people_elsewhere_are_not_read_for_a_letter(small, monkeypatch):
    """Only the decisions around the people of the matter are asked for, not all that she may see."""
    from saferhub.releases.queries import facts

    person = small.person("Petra", "Quernmore")
    asked = []
    monkeypatch.setattr(facts, "standing_around", lambda actor, numbers: asked.append(set(numbers)) or [])
    facts.facts_of(small.by, small.matter, on=small.by.on)
    assert asked == [{person.pk}]


def test_every_list_that_leaves_sharing_goes_through_the_check():
    """A column that says where somebody is stops the list, whichever app it belongs to."""
    assert check_export([["Reference"], ["SEL-1"]])["hash"]
    with pytest.raises(Refusal) as refused:
        check_export([["Reference", "Safe contact"]])
    assert refused.value.code == "column_never_listed"


@pytest.mark.parametrize(
    ("name", "username", "event"),
    [
        ("matters-csv", "colin.coordinator", "matter.exported"),
        ("agreements-csv", "ian.governance", "agreement.exported"),
    ],
)
def test_a_list_is_logged_with_its_hash(name, username, event, client_for):
    assert client_for(username).get(reverse(name)).status_code == 200
    assert len(Entry.objects.filter(event=event).latest("id").codes["hash"]) == 64


def test_an_address_somebody_has_left_asks_for_a_reason(small):
    person = small.person("Petra", "Quernmore")
    left = small.by.on - timedelta(days=1)
    small.give(
        person, "address", kind="former", lines="1 Unreal Close", postcode="ZZ99 4XY", valid_until=left
    )
    small.give(person, "address", kind="home", lines="5 Unreal Close", postcode="ZZ99 4XY")
    letter = drafted(small, person=person.public_id, address="1 Unreal Close\nZZ99 4XY")
    _, found = check_letter(letter_id=letter.public_id, by=small.by)
    assert [(one.rule, one.overridable) for one in found] == [(Rule.FORMER_ADDRESS, True)]


def test_a_list_for_oneself_is_logged_and_says_nowhere_how_to_find_anybody(small):
    export = export_checked(
        name="matters", headings=["Reference", "Opened"], rows=[["SEL-1", "2018-08-28"]], by=small.by
    )
    entry = Entry.objects.filter(event="releases.exported").latest("id")
    assert entry.codes["rows"] == 1 and entry.codes["hash"] == export.content_hash
    assert export.lines[1] == ["SEL-1", "2018-08-28"]
    with pytest.raises(Refusal) as refused:
        export_checked(name="persons", headings=["Name", "Postcode"], rows=[], by=small.by)
    assert refused.value.code == "column_never_listed"


# --- What is held elsewhere -----------------------------------------------------------------------------------------


def test_something_held_elsewhere_stops_a_letter_and_is_not_told(cast, small):
    from django.db import connections, transaction

    from saferhub.partnership.models import Hub
    from saferhub.people.operations.links import decide
    from saferhub.sharing.entering import enter
    from saferhub.sharing.operations.matters import open_matter

    woman, man = small.person("Verity", "Winterburn"), small.person("Gideon", "Yearsley")
    maya = cast["maya.manager"]
    with transaction.atomic():
        enter(maya)
        manager = actor_for(maya)
        other = open_matter(
            title="Another hub’s matter", about="", purpose="domestic_abuse", by=manager, on=manager.on,
            hub=Hub.objects.get(partnership=manager.partnership, code="craven"),
        )  # fmt: skip
        her, him = (
            small.person("Vera", "Winterburn", matter=other, by=manager),
            small.person("Giddy", "Yearsley", matter=other, by=manager),
        )
        small.give(her, "relationship", by=manager, kind="adversary", other=him.public_id)
        small.give(him, "address", by=manager, kind="home", lines="8 Pretend Avenue", postcode="ZZ99 5HH")
        for one, another in ((woman, her), (man, him)):
            decide(
                one_id=one.public_id, other_id=another.public_id, verdict="same", reason="Same birth date.",
                by=manager, on=manager.on,
            )  # fmt: skip
        enter(small.by.user)
    assert not Matter.objects.filter(pk=other.pk).exists()  # Colin sees nothing of it
    papers = small.leaving(Part("notes", "The notes field", "Verity Winterburn was there."))
    with pytest.raises(ReleaseRefused) as refused:
        release(
            matter=small.matter,
            leaving=papers,
            recipient=small.to("Gideon"),
            reasons=small.reasons,
            by=small.by,
        )
    named, held = refused.value.findings
    assert named.rule is Rule.THIRD_PARTY_NAME and named.overridable
    with pytest.raises(ReleaseRefused) as refused:
        release(
            matter=small.matter, leaving=papers, recipient=small.to("Gideon"), reasons=small.reasons, by=small.by,
            overrides=dict.fromkeys([named.place, held.place], "He knows her"),
        )  # fmt: skip
    assert [one.sentence for one in refused.value.findings] == [
        f"Something held elsewhere stops this. Ask the co-ordinator of {small.matter.hub.name}."
    ]
    letter = drafted(small, person=woman.public_id, address="8 Pretend Ave\nZZ99 5HH")
    _, found = check_letter(letter_id=letter.public_id, by=small.by)
    assert [one.rule for one in found] == [Rule.HELD_ELSEWHERE]
    letter = drafted(small, person=woman.public_id, address="9 Pretend Ave\nZZ99 5HH")
    assert check_letter(letter_id=letter.public_id, by=small.by)[1] == []
    # Of a matter that is not hers to change, or of records she may not read, nobody learns anything.
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT gate.kept_apart_elsewhere(%s, %s::bigint[], %s, '{}', '{}'),"
            " gate.kept_apart_elsewhere(%s, %s::bigint[], %s, '{}', '{}')",
            [other.folder_id, [woman.pk], man.pk, small.matter.folder_id, [her.pk], him.pk],
        )
        assert cursor.fetchone() == (False, False)
