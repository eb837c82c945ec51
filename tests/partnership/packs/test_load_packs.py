"""Loading packs: what is written, what is refused, and that nothing is ever overwritten."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from saferhub.audit.models import Entry as AuditEntry
from saferhub.partnership.models import (
    Agency,
    Board,
    Entry,
    EntryVersion,
    Hub,
    PackRelease,
    Partnership,
    Unit,
)
from saferhub.partnership.operations.packs import load_packs
from saferhub.partnership.packs import PackError, read_pack
from saferhub.partnership.queries.in_force import entries, entry, history

from .places import ENGLAND, NORTH_YORKSHIRE, WEALDSHIRE, change, copy_of

pytestmark = pytest.mark.django_db

TODAY = date(2018, 8, 28)
RENAMED = {Agency: "Harbour Recovery", Hub: "Marlstow Rural Hub", Board: "Delivery Group"}
TABLES = (Partnership, PackRelease, Entry, EntryVersion, Agency, Unit, Hub, Board)


def everything():
    """Every row of every table that loading writes to."""
    return {model.__name__: list(model.objects.order_by("id").values()) for model in TABLES}


def audited(event="partnership.pack_loaded"):
    return list(AuditEntry.objects.filter(event=event).order_by("id").values_list("codes", flat=True))


def unreachable():
    raise OperationalError("connection refused\nIs the server running?")


@pytest.fixture
def england(tmp_path):
    return copy_of(ENGLAND, tmp_path)


@pytest.fixture
def wealdshire(tmp_path):
    return copy_of(WEALDSHIRE, tmp_path)


def test_loading_makes_the_partnership_and_what_others_point_at():
    load_packs([ENGLAND, NORTH_YORKSHIRE])
    partnership = Partnership.objects.get()
    assert (partnership.code, partnership.short_name) == ("north_yorkshire", "NYCSP")
    assert set(Hub.objects.values_list("prefix", flat=True)) == {
        "CRA",
        "HAM",
        "HAR",
        "RIC",
        "RYE",
        "SCA",
        "SEL",
    }
    assert Board.objects.count() == 17
    selby = Agency.objects.get(code="selby_district_council")
    assert selby.name == "Selby District Council"
    units = {unit.code: unit for unit in selby.units.all()}
    assert set(units) == {"whole", "housing", "licensing", "community_safety"}
    assert units["whole"].is_whole_agency
    assert units["housing"].parent == units["whole"]


def test_every_agency_has_one_unit_that_is_the_whole_of_it():
    load_packs([ENGLAND, WEALDSHIRE])
    for agency in Agency.objects.all():
        assert agency.units.filter(parent__isnull=True, code="whole", name=agency.name).count() == 1
    wardens = Unit.objects.get(code="neighbourhood_wardens")
    assert wardens.parent.code == "community_safety"


def test_an_agency_is_called_by_its_latest_name(wealdshire):
    change(
        wealdshire,
        "agencies.yaml",
        "- id: harbour_recovery\n",
        "- id: harbour_recovery\n  until: 2020-12-31\n",
    )
    text = (wealdshire / "agencies.yaml").read_text()
    old = text[text.index("- id: harbour_recovery") : text.index("- id: alderbridge_traders")]
    new = old.replace("until: 2020-12-31", "from: 2021-01-01").replace("Harbour Recovery", "Coast Recovery")
    (wealdshire / "agencies.yaml").write_text(new + text)
    load_packs([ENGLAND, wealdshire])
    agency = Agency.objects.get(code="harbour_recovery")
    assert agency.name == "Coast Recovery"
    assert entry(agency.partnership, "agencies", agency.code, TODAY).item.name == "Harbour Recovery"


def test_the_order_of_the_folders_does_not_matter():
    done = load_packs([WEALDSHIRE, ENGLAND])
    assert [(one.pack, one.outcome) for one in done] == [("england", "loaded"), ("wealdshire", "loaded")]


def test_loading_again_changes_nothing():
    load_packs([ENGLAND, WEALDSHIRE])
    before = everything()
    done = load_packs([ENGLAND, WEALDSHIRE])
    assert {one.outcome for one in done} == {"already_loaded"}
    assert everything() == before
    assert len(audited()) == 2


def test_each_loading_is_in_the_audit():
    load_packs([ENGLAND])
    (codes,) = audited()
    assert codes["pack"] == "england"
    assert codes["version"] == 1
    assert codes["sha256"] == read_pack(ENGLAND).sha256
    assert codes["recorded"] == EntryVersion.objects.count()


def test_a_loading_whose_audit_entry_fails_leaves_nothing(monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("the log is closed")

    monkeypatch.setattr("saferhub.partnership.operations.packs.record", fail)
    before = everything()
    with pytest.raises(DatabaseError):
        load_packs([ENGLAND, WEALDSHIRE])
    assert everything() == before


def test_checking_changes_nothing():
    before = everything()
    done = load_packs([ENGLAND, NORTH_YORKSHIRE, WEALDSHIRE], check_only=True)
    assert {one.outcome for one in done} == {"checked"}
    assert everything() == before
    assert audited() == []


def test_a_partnership_needs_its_national_pack():
    with pytest.raises(PackError, match=r"not loaded\. Load it first"):
        load_packs([WEALDSHIRE])
    load_packs([ENGLAND])
    assert load_packs([WEALDSHIRE])[0].outcome == "loaded"


def test_a_bad_pack_among_good_ones_stops_them_all(wealdshire):
    change(wealdshire, "hubs.yaml", "areas: [marlstow]", "areas: [nowhere]")
    before = everything()
    with pytest.raises(PackError, match="nowhere"):
        load_packs([ENGLAND, wealdshire])
    assert everything() == before


def test_the_same_pack_twice_is_refused():
    with pytest.raises(PackError, match="given twice"):
        load_packs([ENGLAND, ENGLAND])


def test_a_used_version_with_other_content_is_refused(england):
    load_packs([england])
    change(england, "labels.yaml", "term: cuckooing", "term: home takeover")
    before = everything()
    with pytest.raises(PackError, match="Raise “version”") as caught:
        load_packs([england])
    assert caught.value.problems[0].line == 4
    assert everything() == before


def test_an_older_version_is_refused(england):
    change(england, "pack.yaml", "version: 1", "version: 3")
    load_packs([england])
    change(england, "pack.yaml", "version: 3", "version: 2")
    with pytest.raises(PackError, match="Version 3 is loaded"):
        load_packs([england])


def test_a_new_version_records_what_changed_and_leaves_what_was(england):
    load_packs([england])
    old = EntryVersion.objects.get(entry__section="labels", entry__code="cuckooing")
    count = EntryVersion.objects.count()
    change(england, "pack.yaml", "version: 1", "version: 2")
    change(england, "labels.yaml", "term: cuckooing", "term: home takeover")
    (done,) = load_packs([england])
    assert (done.recorded, done.withdrawn) == (1, 1)
    assert EntryVersion.objects.count() == count + 1
    withdrawn = EntryVersion.objects.get(pk=old.pk)
    assert (withdrawn.payload, withdrawn.withdrawn_in.version) == (old.payload, 2)
    assert entry(None, "labels", "cuckooing", TODAY).item.term == "home takeover"
    assert entry(None, "labels", "cuckooing", TODAY).release.version == 2


def test_new_dates_replace_the_version_and_may_follow_on(england):
    load_packs([england])
    change(england, "pack.yaml", "version: 1", "version: 2")
    change(
        england,
        "labels.yaml",
        "- id: cuckooing\n",
        "- id: cuckooing\n  until: 2025-12-31\n  term: cuckooing\n  meaning: As before.\n"
        "  source: [{guidance: Practice}]\n- id: cuckooing\n  from: 2026-01-01\n",
    )
    load_packs([england])
    assert entry(None, "labels", "cuckooing", date(2025, 12, 31)).item.meaning == "As before."
    assert entry(None, "labels", "cuckooing", date(2026, 1, 1)).item.meaning.startswith("Taking over")
    assert [one.valid_until for one in history(None, "labels", "cuckooing")] == [date(2025, 12, 31), None]


def test_what_a_new_version_leaves_out_is_withdrawn_and_its_row_stays(wealdshire):
    load_packs([ENGLAND, wealdshire])
    change(wealdshire, "pack.yaml", "version: 1", "version: 2")
    text = (wealdshire / "ways_of_working.yaml").read_text()
    (wealdshire / "ways_of_working.yaml").write_text(text[: text.index("- id: one_lead")])
    load_packs([wealdshire])
    partnership = Partnership.objects.get()
    assert [one.code for one in entries(partnership, "ways_of_working", TODAY)] == ["weekly_call"]
    assert Entry.objects.filter(section="ways_of_working").count() == 2


def test_a_national_pack_cannot_drop_what_a_partnership_refers_to(england):
    load_packs([england, WEALDSHIRE])
    change(england, "pack.yaml", "version: 1", "version: 2")
    change(england, "agency_kinds.yaml", "- id: business\n", "- id: trade\n")
    with pytest.raises(PackError, match=r"“business” is missing from agency_kinds\.yaml"):
        load_packs([england])


def test_two_packs_cannot_say_different_things_of_one_day(wealdshire, tmp_path):
    load_packs([ENGLAND, wealdshire])
    other = wealdshire.rename(tmp_path / "wealdshire_2020")
    change(other, "pack.yaml", "id: wealdshire\n", "id: wealdshire_2020\n")
    with pytest.raises(PackError, match="dates that do not overlap"):
        load_packs([other])


def test_a_pack_cannot_turn_to_another_partnership(wealdshire):
    load_packs([ENGLAND, wealdshire])
    change(wealdshire, "pack.yaml", "version: 1", "version: 2")
    change(wealdshire, "partnership.yaml", "- id: wealdshire\n", "- id: elsewhere\n")
    with pytest.raises(PackError, match="Give another partnership a new pack"):
        load_packs([wealdshire])


def test_a_new_name_is_followed_and_the_row_stays(wealdshire):
    load_packs([ENGLAND, wealdshire])
    rows = {model: model.objects.get(name=name).pk for model, name in RENAMED.items()}
    change(wealdshire, "pack.yaml", "version: 1", "version: 2")
    for file, name in (
        ("agencies", "Harbour Recovery"),
        ("hubs", "Marlstow Rural Hub"),
        ("boards", "Delivery Group"),
    ):
        change(wealdshire, f"{file}.yaml", f"name: {name}", f"name: New {name}")
    load_packs([wealdshire])
    for model, pk in rows.items():
        assert model.objects.get(pk=pk).name == f"New {RENAMED[model]}"
    assert Unit.objects.get(agency__code="harbour_recovery").name == "New Harbour Recovery"


def test_a_national_pack_may_drop_what_nobody_refers_to(england):
    load_packs([england, WEALDSHIRE])
    change(england, "pack.yaml", "version: 1", "version: 2")
    change(england, "labels.yaml", "- id: cuckooing\n", "- id: home_takeover\n")
    assert load_packs([england])[0].withdrawn == 1
    assert entry(None, "labels", "cuckooing", TODAY) is None


def test_another_pack_may_describe_the_days_that_follow(wealdshire, tmp_path):
    for file in wealdshire.glob("*.yaml"):
        if file.name != "pack.yaml":
            text = re.sub(r"\n  (from|until): .*", "", file.read_text())
            file.write_text(re.sub(r"^- id: (.*)$", r"- id: \1\n  until: 2020-12-31", text, flags=re.M))
    load_packs([ENGLAND, wealdshire])
    later = wealdshire.rename(tmp_path / "wealdshire_2021")
    change(later, "pack.yaml", "id: wealdshire\n", "id: wealdshire_2021\n")
    for file in later.glob("*.yaml"):
        file.write_text(file.read_text().replace("until: 2020-12-31", "from: 2021-01-01"))
    load_packs([later])
    partnership = Partnership.objects.get()
    for day, pack in ((date(2020, 12, 31), "wealdshire"), (date(2021, 1, 1), "wealdshire_2021")):
        assert {one.release.pack for one in entries(partnership, "hubs", day)} == {pack}


def test_a_hub_keeps_its_prefix(wealdshire):
    load_packs([ENGLAND, wealdshire])
    change(wealdshire, "pack.yaml", "version: 1", "version: 2")
    change(wealdshire, "hubs.yaml", "prefix: ALD", "prefix: BRI")
    with pytest.raises(PackError, match="“ALD” and stays so") as caught:
        load_packs([wealdshire])
    assert caught.value.problems[0].line == 3


def test_no_other_hub_gets_the_prefix_of_one_that_is_gone(wealdshire):
    load_packs([ENGLAND, wealdshire])
    change(wealdshire, "pack.yaml", "version: 1", "version: 2")
    change(wealdshire, "hubs.yaml", "- id: alderbridge", "- id: bridgetown")
    with pytest.raises(PackError, match="belongs to the hub “alderbridge” for ever"):
        load_packs([wealdshire])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: rows.update(payload={}),
        lambda rows: rows.update(valid_until=date(2020, 1, 1)),
        lambda rows: rows.update(verify=True),
        lambda rows: rows.delete(),
    ],
    ids=["payload", "dates", "mark", "delete"],
)
def test_the_database_refuses_to_change_or_remove_a_version(spoil):
    load_packs([ENGLAND])
    with pytest.raises(DatabaseError), transaction.atomic():
        spoil(EntryVersion.objects.filter(entry__code="cuckooing"))
    assert EntryVersion.objects.get(entry__code="cuckooing").payload["term"] == "cuckooing"


def test_the_database_refuses_to_bring_back_what_was_withdrawn(england):
    load_packs([england])
    change(england, "pack.yaml", "version: 1", "version: 2")
    change(england, "labels.yaml", "term: cuckooing", "term: home takeover")
    load_packs([england])
    with pytest.raises(DatabaseError), transaction.atomic():
        EntryVersion.objects.filter(withdrawn_in__isnull=False).update(withdrawn_in=None)


def test_the_database_refuses_overlapping_versions():
    load_packs([ENGLAND])
    row = EntryVersion.objects.get(entry__code="cuckooing")
    with pytest.raises(IntegrityError), transaction.atomic():
        EntryVersion.objects.create(
            entry=row.entry, valid_from=TODAY, payload={}, source=[], recorded_in=row.recorded_in
        )


def test_the_command_says_what_it_did(capsys):
    call_command("load_pack", str(ENGLAND), str(WEALDSHIRE))
    said = capsys.readouterr().out
    assert "england version 1: loaded" in said
    call_command("load_pack", str(ENGLAND), str(WEALDSHIRE))
    assert "wealdshire version 1: already loaded" in capsys.readouterr().out
    call_command("load_pack", str(WEALDSHIRE), "--check")
    assert "in order" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("introspect", "words"),
    [
        (list, "The database is not set up. Run migrate first"),
        (unreachable, "The database cannot be reached. Start it first. (connection refused)"),
    ],
    ids=["empty", "unreachable"],
)
def test_the_command_says_when_there_is_no_database_to_load_into(monkeypatch, capsys, introspect, words):
    monkeypatch.setattr(connection.introspection, "table_names", introspect)
    with pytest.raises(SystemExit) as caught:
        call_command("load_pack", str(ENGLAND))
    assert caught.value.code == 1
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--check"]], ids=["load", "check"])
def test_the_command_names_file_and_line_and_exits_with_one(wealdshire, capsys, arguments):
    change(wealdshire, "hubs.yaml", "prefix: ALD", "prefix: ALD\n  colour: red")
    before = everything()
    with pytest.raises(SystemExit) as caught:
        call_command("load_pack", str(ENGLAND), str(wealdshire), *arguments)
    assert caught.value.code == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith("wealdshire/hubs.yaml:4: There is no field “colour”")
    assert everything() == before
