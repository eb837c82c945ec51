"""Register: what linking two records of persons does to each relation to a person.

If this fails you added a relation to a person, or to a folder of one, and did not say what happens to it when
her record is linked with another. Records are never merged, so the answer is nearly always "stays": the row
goes on belonging to its one record, and pages read it through each record that the reader may see. Write the
line, and think of undoing: whatever a link changes, undoing it must change back without a trace.
"""

from __future__ import annotations

from django.apps import apps

# The row stays with its record; pages show it beside those of the linked records that the reader may see.
STAYS = "stays with its record"
# The row is the decision itself.
DECIDES = "is the decision"
# The row names a record from elsewhere; it goes on naming that one record.
NAMES = "goes on naming that one record"

RELATIONS = {
    "people.Name.person": STAYS,
    "people.Identifier.person": STAYS,
    "people.ContactPoint.person": STAYS,
    "people.EqualityAnswer.person": STAYS,
    "people.CommunicationNeed.person": STAYS,
    "people.StaffRisk.person": STAYS,
    "people.SafeContact.person": STAYS,
    "people.Relationship.person": STAYS,
    "people.Relationship.other": NAMES,
    "people.Address.person": STAYS,
    "people.LinkDecision.a": DECIDES,
    "people.LinkDecision.b": DECIDES,
    # What is said in a case of one record stays said of that record.
    "casework.Involved.person": NAMES,
    "casework.Assessment.person": NAMES,
    "casework.Note.person": NAMES,
    "casework.Intervention.person": NAMES,
    # What an agency was asked about one record, and returned.
    "meetings.Ask.person": NAMES,
}


def test_every_relation_to_a_person_says_what_linking_does() -> None:
    person = apps.get_model("people", "Person")
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is person
    }
    assert found == set(RELATIONS)


def test_linking_writes_nothing_but_the_decision() -> None:
    """What `decide` and `undo` may write: one table, so that undoing has nothing else to take back."""
    from pathlib import Path

    from saferhub.people.operations import links

    source = Path(str(links.__file__)).read_text(encoding="utf-8")
    writes = [
        line.strip()
        for line in source.splitlines()
        if ".create(" in line or ".save(" in line or ".update(" in line
    ]
    assert len(writes) == 2
    assert writes[0].startswith("decision = LinkDecision.objects.create(")
    assert writes[1].startswith("decision.save(update_fields=")
