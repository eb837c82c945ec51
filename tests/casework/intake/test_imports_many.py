"""A sheet is filed as if each of its rows had been filed by itself, and asks little of the database."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saferhub.audit import operations as audit
from saferhub.audit.models import Entry
from saferhub.casework.models import Involved, Referral, ReferralMove, SheetImport, SheetRow, Source
from saferhub.casework.operations import intake_imports
from saferhub.casework.operations.intake_imports import File, RowRefused, keep_mapping, plan, read_in
from saferhub.casework.operations.referrals_filed import PersonValues, ReferralValues, step_by_step
from saferhub.casework.operations.referrals_written import save_part
from saferhub.casework.rules import referrals as rules
from saferhub.casework.rules.intake_rows import FIELDS, PERSON, Row
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.models import Hub
from saferhub.people.models import Address, ContactPoint, Name, Person
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Enclosure, Folder, Matter, MatterMove, Revision
from tests.builders.casework import actor

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])

MOST_PER_ROW = 8
MOST_PER_CHANGED = 4
_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{16}|[A-Z]{2,4}-[0-9A-Z]{4}-[0-9A-Z]{2}|[0-9a-f]{32,64}")
_LEFT_OUT = {"id", "at", "created_at", "sent_at", "public_id", "external_key", "reference"}


def rows(count: int) -> list[Row]:
    base = dict.fromkeys(FIELDS, "") | {
        "title": "Loud music", "happened": "Every night.", "where": "12 Example Street", "tried": "Asked twice.",
        "asked_for": "Please look at it.", "subject_kind": "individual", "children": "not_known", "told": "yes",
        "wishes": "Not asked yet.", "role": "complainant", "given": "Test", "born_on": "1980-02-03",
        "address": "12 Example Street", "postcode": "ZZ99 1AA", "telephone": "01632 960123",
        "email": "test@example.org",
    }  # fmt: skip
    return [
        Row(line=n + 2, values=base | {"number": f"H-{n}", "family": f"Invented{n}"}) for n in range(count)
    ]


def asked(cast: dict[str, Any], given: list[Row]) -> dict[str, Any]:
    by = actor(cast, "priya.partner")
    return {
        "mapping": keep_mapping(name="Landlord", settings={}, by=by, on=by.on),
        "rows": given,
        "file": File("list.csv", "0" * 64),
        "hub": Hub.objects.get(code="selby", partnership=by.partnership),
        "purpose": "reduce_asb",
        "by": by,
        "on": by.on,
    }


def one_by_one(given: dict[str, Any]) -> None:
    """Each row by the operations of the pages, one after the other."""
    for row in given["rows"]:
        said = row.values
        person: dict[str, Any] = {code: said[code] for code in PERSON if code != "born_on"}
        words = {code: said[code] for code in (*rules.WORDS, "title") if code != "urgent"}
        step_by_step(
            values=ReferralValues(
                to_hub=given["hub"], purpose=given["purpose"], urgent=said["urgent"] == "yes", **words
            ),
            people=[
                PersonValues(is_subject=True, born_on=date(1980, 2, 3), **person)
            ] if said["family"] else [],
            by=given["by"],
            on=given["on"],
            source=Source.SHEET,
            external_key=f"{row.number}",
            tells=False,
        )  # fmt: skip


TABLES: list[Any] = [
    Folder, Matter, MatterMove, Referral, ReferralMove, Person, Name, Address, ContactPoint, Enclosure, Involved,
    Revision,
]  # fmt: skip


def newest(marks: dict[Any, int], model: Any) -> list[dict[str, Any]]:
    """What was added to a table, without what differs between any two referrals."""
    numbers = {field.attname for field in model._meta.fields if field.is_relation}
    same = {"hub_id", "unit_id", "to_hub_id", "agreement_id", "partnership_id", "written_by_id", "lead_id"}
    left_out = _LEFT_OUT | (numbers - same)
    found = model.objects.filter(pk__gt=marks[model]).order_by("pk").values()
    return [{k: _plain(v) for k, v in one.items() if k not in left_out} for one in found]


def _plain(value: Any) -> Any:
    return _ID.sub("#", str(value))


def what_it_leaves(act: Any) -> dict[str, Any]:
    marks = {model: max(model.objects.values_list("pk", flat=True), default=0) for model in TABLES}
    last = max(Entry.objects.values_list("pk", flat=True), default=0)
    act()
    left: dict[str, Any] = {}
    for model in TABLES:
        left[model.__name__] = sorted(newest(marks, model), key=str)
    entries = (
        Entry.objects.filter(pk__gt=last)
        .order_by("pk")
        .values_list("kind", "event", "actor", "agency", "partnership", "subject_kind", "purpose", "codes")
    )
    left["entries"] = [
        _plain(one) for one in entries if one[1] != "sheet.read" and one[1] != "sheet.mapping_kept"
    ]
    return left


def test_a_sheet_leaves_what_its_rows_one_by_one_would_leave(world: None, cast: dict[str, Any]) -> None:
    given = rows(3)
    nobody = dict.fromkeys(PERSON, "") | {"number": "H-9", "subject_kind": "theme", "urgent": "yes"}
    given.append(Row(9, given[0].values | nobody | {"urgent_why": "Tonight."}))
    with entered(cast["priya.partner"]):
        sheet = asked(cast, given)
        single = what_it_leaves(lambda: one_by_one(sheet))
        together = what_it_leaves(lambda: read_in(**sheet))
        assert len(single["Referral"]) == 4 and len(single["ContactPoint"]) == 6
        assert len(single["entries"]) == 3 * 10 + 3
        # The sheet has a folder of its own for its rows.
        together["Folder"] = [one for one in together["Folder"] if one["kind"] != "sheet"]
        for name, left in single.items():
            assert together[name] == left, name


def test_changed_rows_leave_what_their_referrals_changed_one_by_one_would_leave(
    world: None, cast: dict[str, Any]
) -> None:
    say: dict[str, Any] = {"happened": "Worse.", "title": "Loud music, and dogs", "urgent": "yes"}
    with entered(cast["priya.partner"]):
        sheet = asked(cast, rows(3))
        read_in(**sheet)
        beside = asked(cast, rows(3))
        beside["mapping"] = keep_mapping(name="Another", settings={}, by=sheet["by"], on=sheet["on"])
        read_in(**beside)

        def one_after_the_other() -> None:
            for kept in SheetRow.objects.filter(mapping=beside["mapping"]).order_by("id"):
                number = kept.referral.matter.public_id
                save_part(
                    referral_id=number, values=say | {"urgent": True}, seen=kept.referral.version,
                    by=sheet["by"], on=sheet["on"],
                )  # fmt: skip

        def together() -> None:
            changed = [Row(row.line, row.values | say) for row in sheet["rows"]]
            assert read_in(**sheet | {"rows": changed}).changed == 3
            # Again, they say what they said.
            assert plan(changed, sheet["mapping"], by=sheet["by"]).unchanged == 3

        single, many = what_it_leaves(one_after_the_other), what_it_leaves(together)
        assert len(single["Revision"]) == 3 * 2 and len(single["entries"]) == 3
        assert many == single
        for kept in SheetRow.objects.select_related("referral__matter"):
            referral = kept.referral
            assert (referral.happened, referral.matter.title) == ("Worse.", "Loud music, and dogs")
            assert referral.urgent and referral.matter.version == 2


def test_changed_rows_are_refused_together_where_one_was_decided_meanwhile(
    world: None, cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with entered(cast["priya.partner"]):
        sheet = asked(cast, rows(3))
        read_in(**sheet)
        changed = [Row(row.line, row.values | {"happened": "Worse."}) for row in sheet["rows"]]
        planned = plan(changed, sheet["mapping"], by=sheet["by"])
        last = planned.following[2].kept_row.referral
        # Between the plan and the writing the hub decides the last of them.
        monkeypatch.setattr(intake_imports, "plan", lambda *_, **__: planned)
        Referral.objects.filter(pk=last.pk).update(status="declined", decided_on=sheet["on"])
        with pytest.raises(RowRefused, match=r"^Row 4: This referral has been sent"):
            read_in(**sheet | {"rows": changed})
        assert not Referral.objects.filter(happened="Worse.").exists()
        assert SheetImport.objects.count() == 1


def test_a_row_of_a_sheet_asks_few_questions(world: None, cast: dict[str, Any]) -> None:
    with entered(cast["priya.partner"]):
        sheet = asked(cast, rows(12))
        with CaptureQueriesContext(connection) as new:
            read_in(**sheet)
        changed = [Row(row.line, row.values | {"happened": "Worse."}) for row in sheet["rows"]]
        with CaptureQueriesContext(connection) as again:
            done = read_in(**sheet | {"rows": changed})
        assert done.changed == 12
    assert len(new) <= 12 * MOST_PER_ROW
    assert len(again) <= 12 * MOST_PER_CHANGED


def test_a_sheet_larger_than_a_batch_is_filed_in_its_order(
    world: None, cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_imports, "BATCH", 2)
    told: list[int] = []
    with entered(cast["priya.partner"]):
        sheet = asked(cast, rows(5))
        read_in(**sheet, after=told.append)
        kept = SheetRow.objects.order_by("id").select_related("referral__matter")
        keys = [intake_imports.key_of_row(sheet["mapping"], row.number) for row in sheet["rows"]]
        assert [one.key for one in kept] == keys
        assert [one.referral.external_key for one in kept] == keys
        assert plan(sheet["rows"], sheet["mapping"], by=sheet["by"]).unchanged == 5
    assert told == [2, 4, 5]


def test_a_row_that_is_wrong_is_named_before_anything_is_written(world: None, cast: dict[str, Any]) -> None:
    given = rows(3)
    given[2] = Row(given[2].line, given[2].values | {"postcode": "nowhere"})
    with entered(cast["priya.partner"]):
        sheet = asked(cast, given)
        with pytest.raises(RowRefused, match=r"^Row 4: Enter a whole postcode"):
            read_in(**sheet)
        assert not SheetImport.objects.exists() and not SheetRow.objects.exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"role": "nonsense"}, "Choose as what they are"),
        ({"telephone": "12"}, "Enter a telephone number"),
        ({"happened": " "}, "Say what is happening"),
        ({"children": "perhaps"}, "Choose one of the answers"),
        ({"subject_kind": "ghost"}, "Choose what it is about"),
        ({"born_on": "2999-01-01"}, "The birth date must be today"),
    ],
)
def test_a_row_is_refused_as_one_referral_would_be(
    world: None, cast: dict[str, Any], values: dict[str, str], sentence: str
) -> None:
    with entered(cast["priya.partner"]):
        sheet = asked(cast, [Row(2, rows(1)[0].values | values)])
        with pytest.raises(RowRefused, match=sentence):
            read_in(**sheet)


def test_what_is_recorded_and_what_it_records_stand_or_fall_together(
    world: None, cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise Refusal("broken", "The record is away.")

    with entered(cast["priya.partner"]):
        sheet = asked(cast, rows(2))
        before = Referral.objects.count(), Person.objects.count()
        monkeypatch.setattr(audit, "record_many", broken)
        with pytest.raises(Refusal, match="The record is away"):
            read_in(**sheet)
        assert (Referral.objects.count(), Person.objects.count()) == before
        assert not SheetImport.objects.exists()
