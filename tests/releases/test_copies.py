"""The copy for a person's own request: what may go to the person, what stops it, what is written, what prints."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from saferhub.audit import operations as audit
from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.partnership.access import actor_for
from saferhub.people.models import Person
from saferhub.people.operations.parts import add_part
from saferhub.people.queries.details import copy_for_the_person
from saferhub.releases.models import Disclosure, ReleaseCheck
from saferhub.releases.operations.copies import leaving_of, parts_of, release_copy
from saferhub.releases.operations.release import ReleaseRefused, run_check
from saferhub.releases.queries import copies as queries
from saferhub.releases.rules import copies as rules
from saferhub.releases.rules.check import Part, Rule
from saferhub.releases.rules.documents import parts_of_document
from saferhub.sharing.entering import entered
from tests.publication.reading import text_of_page, text_of_pdf, text_of_word
from tests.publication.saying_the_same import assert_in_pdf, assert_reads

WHY = "She asked for it in writing and showed her bus pass."


def hash_of(small, given):
    return leaving_of(copy_for_the_person(small.by, small.people[given])).content_hash


def let_go(small, given, **changes):
    options = {
        "person_id": small.people[given].public_id,
        "seen": hash_of(small, given),
        "gateway": "rights_of_the_person",
        "necessity": WHY,
        "by": small.by,
    }
    return release_copy(**(options | changes))


def found_for(small, given):
    return queries.found_in(small.by, copy_for_the_person(small.by, small.people[given]))


def in_need(small, given, words):
    return small.give(small.people[given], "communication", kind="interpreter", words=words)


def kept_apart(small):
    """Petra, and Gideon who is her adversary."""
    petra, gideon = small.person("Petra", "Quernmore"), small.person("Gideon", "Yearsley")
    small.give(petra, "relationship", kind="adversary", other=gideon.public_id)
    return petra, gideon


def test_a_clean_copy_leaves_a_check_a_disclosure_and_two_entries(small):
    petra = small.person("Petra", "Quernmore")
    small.give(petra, "address", kind="home", lines="5 Unreal Close", postcode="ZZ99 4XY", is_protected=True)
    made = let_go(small, "Petra")
    assert (made.kind, made.subject, made.recipient) == ("copy", petra.public_id, petra.name)
    assert (made.purpose, made.gateway, made.necessity) == ("persons_request", "rights_of_the_person", WHY)
    assert made.folder_id == petra.folder_id and made.checked.passed and made.agreement is None
    checked, released = Entry.objects.filter(event__startswith="releases.").order_by("-id")[:2][::-1]
    assert (checked.event, released.event) == ("releases.checked", "releases.released")
    assert released.codes["person"] == petra.public_id and released.purpose == "persons_request"
    assert released.codes["kind"] == "copy" and "Petra" not in str(released.codes)


def test_a_copy_without_its_ground_does_not_leave(small):
    small.person("Petra", "Quernmore")
    for changes, code in (
        ({"necessity": " "}, "no_necessity"),
        ({"gateway": "vital_interests"}, "other_gateway"),
    ):
        with pytest.raises(Refusal) as refused:
            let_go(small, "Petra", **changes)
        assert refused.value.code == code
    with pytest.raises(Conflict):
        let_go(small, "Petra", seen="0" * 64)
    assert not Disclosure.objects.filter(kind="copy").exists()


def test_the_name_of_somebody_kept_apart_stops_a_copy_for_good(small):
    kept_apart(small)
    in_need(small, "Petra", "Never in front of Gideon Yearsley")
    (found,) = found_for(small, "Petra")
    assert found.rule is Rule.HIDDEN_NAME and not found.overridable
    with pytest.raises(ReleaseRefused) as refused:
        let_go(small, "Petra", overrides={found.place: "She knows him"})
    assert "What you need from us" in refused.value.sentence
    assert ReleaseCheck.objects.filter(kind="copy", passed=False).count() == 1
    assert not Disclosure.objects.filter(kind="copy").exists()


@pytest.mark.parametrize("has_record", [True, False])
def test_somebody_elses_name_in_a_copy_asks_for_a_reason(small, has_record):
    petra = small.person("Petra", "Quernmore")
    if has_record:
        small.person("Ottoline", "Brackenthwaite")
    else:
        small.give(petra, "relationship", kind="sibling", other_name="Ottoline Brackenthwaite")
    in_need(small, "Petra", "Ottoline Brackenthwaite interprets")
    (found,) = found_for(small, "Petra")
    assert found.rule is Rule.THIRD_PARTY_NAME and found.overridable
    with pytest.raises(ReleaseRefused):
        let_go(small, "Petra")
    made = let_go(small, "Petra", overrides={found.place: "She brings her along herself"})
    assert [one["reason"] for one in made.checked.set_aside] == ["She brings her along herself"]


def test_an_address_that_both_had_asks_for_a_reason_once_it_is_hers_no_more(small):
    petra, gideon = kept_apart(small)
    home = {"kind": "home", "lines": "5 Unreal Close", "postcode": "ZZ99 4XY"}
    small.give(petra, "address", **home, is_protected=True)
    small.give(gideon, "address", **home)
    (found,) = found_for(small, "Gideon")
    assert found.rule is Rule.PROTECTED_ADDRESS and not found.overridable
    gideon.addresses.update(valid_until=small.by.on - timedelta(days=1))
    (found,) = found_for(small, "Gideon")
    assert found.rule is Rule.PROTECTED_ADDRESS and found.overridable
    # In free text it stays forbidden.
    papers = small.leaving(Part("notes", "The notes field", "She is at 5 Unreal Close, ZZ99 4XY."))
    _, found_in_text = run_check(
        matter=small.matter, leaving=papers, recipients=[small.to("Gideon")], by=small.by
    )
    assert [one.overridable for one in found_in_text] == [False]


def test_a_failure_at_the_end_leaves_no_disclosure_of_a_copy(small, monkeypatch):
    small.person("Petra", "Quernmore")
    record = audit.record

    def fail(event, *rest, **codes):
        if event == "releases.released":
            raise KeyError("of ours")
        return record(event, *rest, **codes)

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(KeyError):
        let_go(small, "Petra")
    assert not Disclosure.objects.filter(kind="copy").exists()


def test_a_copy_that_changed_since_is_not_the_one_released(small):
    small.person("Petra", "Quernmore")
    let_go(small, "Petra")
    petra = small.people["Petra"]
    made = queries.releases_of(small.by, petra)
    assert queries.released_as_it_is(copy_for_the_person(small.by, petra), made) == made[0]
    in_need(small, "Petra", "Large print")
    assert queries.released_as_it_is(copy_for_the_person(small.by, petra), made) is None


def test_who_only_sees_the_record_releases_no_copy(cast):
    with entered(cast["rachel.referrer"]):
        person = Person.objects.get(name="Joanne Frith")
    with entered(cast["priya.partner"]):
        by = actor_for(cast["priya.partner"])
        with pytest.raises(NotAllowed):
            release_copy(
                person_id=person.public_id, seen="", gateway="rights_of_the_person", necessity=WHY, by=by
            )


# --- Pages ------------------------------------------------------------------------------------------------


@pytest.fixture
def edith(cast):
    """A neighbour in the demonstration's flats matter, of housing's record."""
    with entered(cast["rachel.referrer"]):
        return Person.objects.get(name="Edith Carrow")


@pytest.fixture
def rachel(client_for):
    return client_for("rachel.referrer")


def urls(person):
    return [
        reverse(name, args=[person.public_id]) for name in ("known-person-copy", "known-person-copy-sheet")
    ]


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def sent_from(answer, **values):
    seen = re.search(r'name="seen" value="(\w+)"', answer.content.decode())
    assert seen is not None
    return {"seen": seen[1], "gateway": "rights_of_the_person", "necessity": WHY} | values


def test_a_copy_is_released_and_then_printed(rachel, client_for, cast, edith):
    page, sheet = urls(edith)
    before = rachel.get(page)
    assert "It has not left" in text_of(before) and "Release the copy" in text_of(before)
    refused = rachel.get(sheet)
    assert refused.status_code == 409 and f'href="{page}"' in refused.content.decode()
    assert "(optional)" not in text_of(before)
    assert "Enter why it is necessary" in text_of(rachel.post(page, sent_from(before, necessity="")))
    done = rachel.post(page, sent_from(before), follow=True)
    assert done.status_code == 200 and "This copy is released" in text_of(done)
    assert f'href="{sheet}"' in done.content.decode() and "Release the copy" not in text_of(done)
    shown = rachel.get(sheet)
    assert shown.status_code == 200 and "sh-print-marking" in shown.content.decode()
    assert edith.name in text_of(shown)
    with entered(cast["rachel.referrer"]):
        made = Disclosure.objects.get(kind="copy", subject=edith.public_id)
    disclosure = reverse("disclosure", args=[made.public_id])
    assert page in rachel.get(disclosure).content.decode()
    # Governance reads that it left and why, not whose it is.
    ian = text_of(client_for("ian.governance").get(disclosure))
    assert WHY in ian and "Copy for a person’s own request" in ian and "Carrow" not in ian
    with entered(cast["rachel.referrer"]):
        by = actor_for(cast["rachel.referrer"])
        values = {"kind": "interpreter", "words": "Large print"}
        add_part(owner=edith, slug="communication", values=values, by=by, on=by.on)
    assert rachel.get(sheet).status_code == 409
    again = text_of(rachel.get(page))
    assert "The record has changed" in again and "Release the copy" in again
    stale = rachel.post(page, sent_from(before))
    assert "Somebody changed this record" in text_of(stale) and "Large print" in text_of(stale)
    assert WHY in text_of(stale)  # what was typed stays
    assert rachel.post(page, sent_from(stale)).status_code == 302


def test_page_word_and_pdf_of_a_copy_say_the_same_with_the_same_numbers(rachel, cast, edith, tmp_path):
    with entered(cast["rachel.referrer"]):
        by = actor_for(cast["rachel.referrer"])
        typed = "=1+1 #import {{ x }} <b>so</b> 𠮷 *now*\nand a second line " + "long " * 80
        add_part(
            owner=edith, slug="communication", values={"kind": "interpreter", "words": typed}, by=by, on=by.on
        )
    page, sheet = urls(edith)
    assert rachel.post(page, sent_from(rachel.get(page))).status_code == 302
    with entered(cast["rachel.referrer"]):
        copy = copy_for_the_person(by, edith)
        (made,) = queries.releases_of(by, edith)
        document = queries.document_of(copy, made)
        before = (Disclosure.objects.count(), ReleaseCheck.objects.count())
    shown = rachel.get(sheet).content.decode()
    assert_reads(document, text_of_page(shown))
    for ending, begins in (("docx", b"PK"), ("pdf", b"%PDF-")):
        url = reverse("known-person-copy-file", args=[edith.public_id, ending])
        assert f'href="{url}"' in shown
        answer = rachel.get(url)
        assert answer.content.startswith(begins) and rachel.get(url).content == answer.content
        # By the disclosure: no name of a file says whose copy it is.
        assert answer["Content-Disposition"] == f'attachment; filename="copy-{made.public_id}.{ending}"'
        seen = Entry.objects.filter(event="releases.copy_shown", subject=edith.public_id).order_by("-id")
        assert seen[0].codes["format"] == ending
        if ending == "docx":
            assert_reads(document, text_of_word(answer.content), numbers=False)
        else:
            assert_in_pdf(document, text_of_pdf(answer.content, tmp_path), {"𠮷": "[U+20BB7]"})
    with entered(cast["rachel.referrer"]):
        assert (Disclosure.objects.count(), ReleaseCheck.objects.count()) == before


def test_the_document_of_a_copy_says_what_the_check_has_read_and_nothing_else(small):
    petra = small.person("Petra", "Quernmore")
    in_need(small, "Petra", "Large print")
    made = let_go(small, "Petra")
    copy = copy_for_the_person(small.by, petra)
    read = {" ".join(line.split()) for part in parts_of(copy) for line in part.text.splitlines()}
    fixed = {rules.title_of(petra.name), rules.LEFT_OUT, rules.WHY_LEFT_OUT, rules.HOW_TO_ANSWER}
    for one in parts_of_document(queries.document_of(copy, made)):
        if one.key in ("marking", "file-name", "title-block-2"):
            continue
        for line in one.text.splitlines():
            said = " ".join(line.split()).removeprefix("Held by ")
            label, _, text = said.partition(": ")
            assert said in read | fixed or {label, text} <= read, said


def test_a_copy_that_changed_has_no_file_and_no_file_is_of_another_kind(rachel, edith):
    def of(ending):
        return reverse("known-person-copy-file", args=[edith.public_id, ending])

    assert rachel.get(of("pdf")).status_code == 409
    assert rachel.get(of("exe")).status_code == 404


def test_a_reason_that_is_missing_is_asked_for_beside_its_field(rachel, cast, edith):
    with entered(cast["rachel.referrer"]):
        by = actor_for(cast["rachel.referrer"])
        for slug, values in (
            ("relationship", {"kind": "sibling", "other_name": "Ottoline Brackenthwaite"}),
            ("communication", {"kind": "interpreter", "words": "Ottoline Brackenthwaite interprets"}),
        ):
            add_part(owner=edith, slug=slug, values=values, by=by, on=by.on)
    page, sheet = urls(edith)
    shown = rachel.get(page)
    assert "Why may this stay?" in text_of(shown)
    refused = rachel.post(page, sent_from(shown))
    assert refused.status_code == 409 and WHY in text_of(refused)
    assert 'href="#id_reason_0"' in refused.content.decode()
    done = rachel.post(page, sent_from(shown, reason_0="She brings her along herself."))
    assert done.status_code == 302 and rachel.get(sheet).status_code == 200


def test_a_stopped_copy_shows_where_and_leads_to_the_correction(rachel, cast, edith):
    with entered(cast["rachel.referrer"]):
        by = actor_for(cast["rachel.referrer"])
        values = {"kind": "adversary", "other_name": "Hector Wharram"}
        add_part(owner=edith, slug="relationship", values=values, by=by, on=by.on)
        need = add_part(
            owner=edith,
            slug="communication",
            values={"kind": "interpreter", "words": "Never while Hector Wharram is there"},
            by=by,
            on=by.on,
        )
    page, sheet = urls(edith)
    shown = rachel.get(page)
    assert "<mark>Hector Wharram</mark>" in shown.content.decode()
    assert "holds the name of Hector Wharram. Take it out." in text_of(shown)
    mend = reverse("known-person-part", args=[edith.public_id, "communication", need.public_id])
    assert f'href="{mend}"' in shown.content.decode()
    assert "This copy cannot leave as it stands." in text_of(shown)
    with entered(cast["rachel.referrer"]):
        mark = leaving_of(copy_for_the_person(by, edith)).content_hash
    stopped = rachel.post(
        page, {"seen": mark, "gateway": "rights_of_the_person", "necessity": WHY, "reason_0": "She knows"}
    )
    assert stopped.status_code == 409 and "holds the name of Hector Wharram" in text_of(stopped)
    assert rachel.get(sheet).status_code == 409
    with entered(cast["rachel.referrer"]):
        assert ReleaseCheck.objects.filter(kind="copy", subject=edith.public_id, passed=False).exists()
        assert not Disclosure.objects.filter(kind="copy", subject=edith.public_id).exists()


@pytest.mark.parametrize(
    "username", ["olivia.outsider", "nadia.neighbour", "fergus.former", "ian.governance"]
)
def test_to_strangers_there_is_no_copy(client_for, edith, username):
    client = client_for(username)
    page, sheet = urls(edith)
    file = reverse("known-person-copy-file", args=[edith.public_id, "pdf"])
    assert {
        one.status_code for one in (client.get(page), client.post(page), *map(client.get, (sheet, file)))
    } == {404}


def test_a_copy_that_left_stands_on_the_matters_page(small, client_for):
    small.person("Petra", "Quernmore")
    let_go(small, "Petra")
    from saferhub.releases.queries.letters import left_section

    section = left_section(small.by, small.matter)
    assert section is not None and [row.title for row in section.rows] == ["Copy for Petra Quernmore"]
