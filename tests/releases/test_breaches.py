"""Breaches that happened to real authorities, played again with invented people, and stopped.

Sources: docs/rules/release-check.md. Each is refused with a message that shows where.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from saferhub.audit.models import Entry
from saferhub.audit.models import Kind as EntryKind
from saferhub.releases.models import Disclosure, ReleaseCheck
from saferhub.releases.operations.letters import (
    check_letter,
    draft_letter,
    edit_letter,
    release_letter,
    values_of,
)
from saferhub.releases.operations.release import Leaving, ReleaseRefused, release
from saferhub.releases.rules.check import Kind, Part, Rule

GIVEN = ["Alma", "Bede", "Cora", "Dirk", "Enid", "Ferd", "Gwen", "Hugo", "Ines", "Jorg"]
FAMILY = ["Ashwell", "Birchby", "Cowthorpe", "Dunkeswick", "Elmsworth", "Foxholt"]


def with_file_name(leaving: Leaving, name: str) -> Leaving:
    """The same with the name of the file it leaves as, which is read by whoever gets it."""
    return replace(leaving, parts=[*leaving.parts, Part("file", "The file name", name, Kind.FILE_NAME)])


def complainants():
    return [(GIVEN[n % 10], f"{FAMILY[n // 10]}{'abcdefghij'[n % 10]}ley") for n in range(51)]


def test_islington_complainants_in_an_appendix_never_reach_whom_they_complained_about(small):
    """The log of 51 complainants was attached to papers served on the person complained about."""
    tenant = small.person("Osric", "Undercliffe")
    for given, family in complainants():
        one = small.person(given, family)
        small.give(one, "relationship", kind="adversary", other=tenant.public_id)
    rows = "\n".join(["Day\tFrom\tWhat", *(f"3 May\t{f.upper()}, {g}\tNoise" for g, f in complainants())])
    papers = small.leaving(
        Part("statement", "The statement", "It is alleged that there was noise.\nThe log is in Appendix B."),
        Part("appendix", "Appendix B", rows, Kind.TABLE),
    )
    with pytest.raises(ReleaseRefused) as refused:
        release(
            matter=small.matter,
            leaving=papers,
            recipient=small.to("Osric"),
            reasons=small.reasons,
            by=small.by,
        )
    found = refused.value.findings
    assert {one.rule for one in found} == {Rule.HIDDEN_NAME}
    assert {one.line for one in found} == set(range(2, 53))  # every one of the 51 rows
    assert found[0].sentence.startswith(
        "Appendix B, row 2, column “From”, holds the name of Alma Ashwellaley."
    )
    assert "There are 50 more findings" in refused.value.sentence
    assert not any(one.overridable for one in found)
    assert not Disclosure.objects.filter(folder=small.matter.folder).exists()

    # Nobody may set that aside, whatever the reason.
    with pytest.raises(ReleaseRefused):
        release(
            matter=small.matter,
            leaving=papers,
            recipient=small.to("Osric"),
            reasons=small.reasons,
            by=small.by,
            overrides={one.place: "The court wants it" for one in found},
        )
    # Without the appendix the papers go.
    made = release(
        matter=small.matter,
        leaving=small.leaving(papers.parts[0]),
        recipient=small.to("Osric"),
        reasons=small.reasons,
        by=small.by,
    )
    assert made.checked.passed and made.checked.found == []


def test_nottinghamshire_an_unredacted_assessment_never_reaches_the_former_partner(small):
    """Assessments that named the mother, her new address and whom she spoke with went to ex-partners."""
    mother, father = small.person("Petra", "Quernmore"), small.person("Silas", "Thornborough")
    small.give(mother, "relationship", kind="former_partner", other=father.public_id, must_not_know=True)
    small.give(mother, "address", kind="refuge", lines="Flat 2\n31 Imaginary Terrace", postcode="ZZ99 7QP")
    small.give(mother, "contact", kind="mobile", value="07700 900321", is_protected=True)
    assessment = with_file_name(
        small.leaving(
            Part(
                "assessment",
                "The assessment",
                "1. Petra has moved with the children.\n"
                "2. They stay at Thirty-one, Imaginary\nTerrace (zz997qp).\n"
                "3. She can be reached on +44 (0) 7700 900 321.",
            )
        ),
        "assessment_31-Imaginary-Terr.pdf",
    )
    with pytest.raises(ReleaseRefused) as refused:
        release(
            matter=small.matter,
            leaving=assessment,
            recipient=small.to("Silas"),
            reasons=small.reasons,
            by=small.by,
        )
    told = [(one.rule, one.part, one.line) for one in refused.value.findings]
    assert (Rule.PROTECTED_ADDRESS, "assessment", 2) in told
    assert (Rule.PROTECTED_NUMBER, "assessment", 4) in told
    assert (Rule.PROTECTED_ADDRESS, "file", 1) in told
    sentences = [one.sentence for one in refused.value.findings]
    assert "The assessment, line 2, holds Petra Quernmore’s protected address. Take it out." in sentences
    assert "The file name holds Petra Quernmore’s protected address. Take it out." in sentences
    assert all("Imaginary" not in one and "900321" not in one for one in sentences)
    assert not any(f.overridable for f in refused.value.findings if f.rule is not Rule.PART_OF_ADDRESS)


def test_charnwood_a_letter_never_reaches_the_home_of_the_alleged_abuser(small):
    """Her new address was typed in a notes field; the letter went to the old one, where he lives."""
    woman, man = small.person("Verity", "Winterburn"), small.person("Gideon", "Yearsley")
    small.give(woman, "relationship", kind="adversary", other=man.public_id)
    old = {"kind": "home", "lines": "8 Pretend Avenue\nSelby", "postcode": "ZZ99 5HH"}
    small.give(woman, "address", **old)
    small.give(man, "address", **old)
    draft = draft_letter(
        matter_id=small.matter.public_id,
        template="sharing_notice",
        person=woman.public_id,
        address="8 Pretend Ave, Selby\nZZ995HH",
        by=small.by,
        on=small.by.on,
    )
    with pytest.raises(ReleaseRefused) as refused:
        release_letter(
            letter_id=draft.public_id, seen=1, purpose="persons_request", gateway="rights_of_the_person",
            necessity="She is to know.", by=small.by,
        )  # fmt: skip
    assert [one.sentence for one in refused.value.findings][1:] == []
    (finding,) = refused.value.findings
    assert finding.rule is Rule.ADVERSARY_ADDRESS and not finding.overridable
    assert finding.sentence == (
        "The address block is where Gideon Yearsley lives, from whom Verity Winterburn is kept apart."
        " Choose another address."
    )
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_charnwood_an_address_typed_in_a_note_is_noticed_though_it_is_on_no_record(small):
    woman, man = small.person("Verity", "Winterburn"), small.person("Gideon", "Yearsley")
    small.give(woman, "relationship", kind="adversary", other=man.public_id)
    notes = small.leaving(
        Part("notes", "The notes field", "Calm at present.\nShe moved to 4 Fictive Close, ZZ99 8TT."),
    )
    with pytest.raises(ReleaseRefused) as refused:
        release(
            matter=small.matter,
            leaving=notes,
            recipient=small.to("Gideon"),
            reasons=small.reasons,
            by=small.by,
        )
    assert [one.rule for one in refused.value.findings] == [Rule.UNRECORDED_ADDRESS]
    assert refused.value.findings[0].sentence.startswith(
        "The notes field, line 2, holds what looks like an address"
    )
    # Recorded with her, it stops whatever anybody says.
    small.give(woman, "address", kind="home", lines="4 Fictive Close", postcode="ZZ99 8TT", is_protected=True)
    places = [one.place for one in refused.value.findings] + ["protected_address:notes:34-60"]
    with pytest.raises(ReleaseRefused) as refused:
        release(
            matter=small.matter, leaving=notes, recipient=small.to("Gideon"), reasons=small.reasons, by=small.by,
            overrides=dict.fromkeys(places, "Needed"),
        )  # fmt: skip
    assert refused.value.findings[0].sentence == (
        "The notes field, line 2, holds Verity Winterburn’s protected address. Take it out."
    )


def test_a_letter_to_his_mother_at_his_address_is_a_letter_to_him(small):
    woman, man = small.person("Verity", "Winterburn"), small.person("Gideon", "Yearsley")
    mother = small.person("Hilda", "Yearsley")
    small.give(woman, "relationship", kind="adversary", other=man.public_id)
    small.give(woman, "address", kind="home", lines="4 Fictive Close", postcode="ZZ99 8TT")
    small.give(man, "address", kind="home", lines="8 Pretend Avenue", postcode="ZZ99 5HH")
    letter = draft_letter(
        matter_id=small.matter.public_id, template="early_warning", person=mother.public_id,
        address="8 Pretend Avenue\nZZ99 5HH", by=small.by, on=small.by.on,
    )  # fmt: skip
    edit_letter(
        letter_id=letter.public_id,
        values={**values_of(letter), "body": f"{letter.body}\n\nVerity Winterburn is at 4 Fictive Cl."},
        seen=1,
        by=small.by,
    )
    _, found = check_letter(letter_id=letter.public_id, by=small.by)
    assert {Rule.PROTECTED_ADDRESS, Rule.HIDDEN_NAME} <= {one.rule for one in found}
    assert not any(one.overridable for one in found if one.rule is Rule.PROTECTED_ADDRESS)


def test_what_was_stopped_leaves_a_trace_without_the_words(small):
    woman, man = small.person("Verity", "Winterburn"), small.person("Gideon", "Yearsley")
    small.give(woman, "relationship", kind="adversary", other=man.public_id)
    with pytest.raises(ReleaseRefused) as refused:
        release(
            matter=small.matter,
            leaving=small.leaving(Part("notes", "The notes field", "Seen with Verity Winterburn")),
            recipient=small.to("Gideon"),
            reasons=small.reasons,
            by=small.by,
        )
    check = ReleaseCheck.objects.get(folder=small.matter.folder)
    assert check == refused.value.check and not check.passed
    assert [one["rule"] for one in check.found] == ["hidden_name"]
    assert "Verity" not in str(check.found)
    entry = Entry.objects.using("refusals").filter(event="releases.stopped").latest("id")
    assert entry.kind == EntryKind.REFUSAL and entry.codes["rules"] == ["hidden_name"]
    assert check.at - entry.business_at < timedelta(minutes=1)
