"""A pack with one thing wrong gives one problem, at its line, that says what to do."""

from __future__ import annotations

import random

import pytest

from .places import ENGLAND, NORTH_YORKSHIRE, WEALDSHIRE, change, copy_of, problems_in


@pytest.fixture
def pack(tmp_path):
    return copy_of(WEALDSHIRE, tmp_path)


def line_with(folder, file, words):
    lines = (folder / file).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


@pytest.mark.parametrize("folder", [ENGLAND, NORTH_YORKSHIRE, WEALDSHIRE], ids=lambda folder: folder.name)
def test_the_packs_that_come_with_saferhub_are_in_order(folder):
    assert problems_in(folder) == ()


# What is wrong · file · what stands there · what is put instead · what marks the line · the sentence
BAD = {
    "wrong type, text for a number": (
        "priorities.yaml",
        "number: 2",
        'number: "two"',
        '"two"',
        "“number” wants a whole number",
    ),
    "wrong type, number for text": (
        "areas.yaml",
        "name: Wealdshire\n",
        "name: 7\n",
        "name: 7",
        "Put it in quotation marks",
    ),
    "wrong type, word for true or false": (
        "agencies.yaml",
        "statutory: true",
        "statutory: yes",
        "statutory: yes",
        "wants true or false",
    ),
    "wrong type, text for a list": (
        "hubs.yaml",
        "areas: [alderbridge]",
        "areas: alderbridge",
        "areas: alderbridge",
        "wants a list",
    ),
    "wrong type, text for a group": (
        "priorities.yaml",
        "- {id: way_home, words: A safe way home for everybody}",
        "- home",
        "- home",
        "wants a group of fields",
    ),
    "unknown key": (
        "hubs.yaml",
        "prefix: ALD",
        "prefix: ALD\n  colour: red",
        "colour",
        "no field “colour”",
    ),
    "misspelt key": (
        "boards.yaml",
        "remit: Makes",
        "remitt: Makes",
        "remitt",
        "Did you mean “remit”?",
    ),
    "misspelt key in a group": (
        "boards.yaml",
        "post: Director of nursing",
        "pots: Director of nursing",
        "pots",
        "Did you mean “post”?",
    ),
    "missing field": (
        "hubs.yaml",
        "  prefix: ALD\n",
        "",
        "- id: alderbridge",
        "“prefix” is missing",
    ),
    "missing source": (
        "hubs.yaml",
        "  source: [{invented: Part of an example partnership}]\n",
        "",
        "- id: alderbridge",
        "“source” is missing",
    ),
    "duplicate id": (
        "hubs.yaml",
        "- id: copperhythe",
        "- id: alderbridge",
        None,
        "The id “alderbridge” stands here twice",
    ),
    "overlapping dates": (
        "agencies.yaml",
        "- id: weald_and_coast_health_board\n  from: 2022-07-01",
        "- id: wealdshire_health_commissioners\n  from: 2022-06-30",
        None,
        "overlap those on line",
    ),
    "dates the wrong way round": (
        "agencies.yaml",
        "  until: 2022-06-30",
        "  from: 2023-01-01\n  until: 2022-06-30",
        None,
        "Put the dates in order",
    ),
    "a day that does not exist": (
        "agencies.yaml",
        "until: 2022-06-30",
        "until: 2022-06-31",
        "2022-06-31",
        "There is no day",
    ),
    "missing reference": (
        "hubs.yaml",
        "areas: [marlstow]",
        "areas: [marlow]",
        "[marlow]",
        "“areas” names “marlow”, which is not in areas.yaml. Did you mean “marlstow”?",
    ),
    "missing reference to the national pack": (
        "agencies.yaml",
        "kind: business",
        "kind: busines",
        "busines",
        "Did you mean “business”?",
    ),
    "missing reference in a group": (
        "boards.yaml",
        "{agency: weald_probation",
        "{agency: weald_prison",
        "weald_prison",
        "not in agencies.yaml",
    ),
    "an id of the wrong form": (
        "areas.yaml",
        "- id: marlstow",
        "- id: Marl Stow",
        "Marl Stow",
        "Use small letters",
    ),
    "a prefix of the wrong form": (
        "hubs.yaml",
        "prefix: ALD",
        "prefix: Al",
        "prefix: Al",
        "three capital letters",
    ),
    "a prefix used twice": (
        "hubs.yaml",
        "prefix: COP",
        "prefix: ALD",
        None,
        "“ALD” is the prefix of “alderbridge” already",
    ),
    "a choice that is not offered": (
        "boards.yaml",
        "kind: sub_group",
        "kind: subgroup",
        "subgroup",
        "Did you mean “sub_group”?",
    ),
    "an empty text": (
        "areas.yaml",
        "name: Wealdshire\n",
        'name: ""\n',
        'name: ""',
        "is empty",
    ),
    "a paragraph without a report": (
        "areas.yaml",
        "source: [{invented: Part of an example partnership}]",
        'source: [{report: "2.1"}]',
        '"2.1"',
        "No report is named in pack.yaml",
    ),
    "general knowledge that is not marked": (
        "areas.yaml",
        "source: [{invented: Part of an example partnership}]",
        "source: [{knowledge: I think so}]",
        None,
        "verify: true",
    ),
    "two kinds of source in one": (
        "areas.yaml",
        "source: [{invented: Part",
        "source: [{law: Some Act, invented: Part",
        None,
        "holds exactly one of",
    ),
    "no source in the list": (
        "areas.yaml",
        "source: [{invented: Part of an example partnership}]",
        "source: []",
        None,
        "needs at least one entry",
    ),
    "a seat of nobody": (
        "boards.yaml",
        "{agency: weald_probation, post: Head of delivery}",
        "{post: Head of delivery}",
        None,
        "belongs to an agency or to a board",
    ),
    "a unit within itself": (
        "agencies.yaml",
        "{id: neighbourhood_wardens, name: Neighbourhood wardens, within: community_safety}",
        "{id: neighbourhood_wardens, name: Neighbourhood wardens, within: neighbourhood_wardens}",
        None,
        "lies within itself",
    ),
    "text with a comma": (
        "agencies.yaml",
        "{id: estates, name: Estates}",
        "{id: estates, name: Estates, coast and downs}",
        "coast and downs",
        "quotation marks",
    ),
    "an anchor": ("areas.yaml", "name: Wealdshire\n", "name: &w Wealdshire\n", "&w", "anchor"),
    "not YAML": ("areas.yaml", "- id: alderbridge", "- id: [alderbridge", None, "This is not YAML"),
    "a mapping for a list": (
        "ways_of_working.yaml",
        "- id: weekly_call",
        "id: weekly_call",
        None,
        "not YAML",
    ),
    "a version below one": ("pack.yaml", "version: 1", "version: 0", "version: 0", "at least 1"),
    "an unknown key in pack.yaml": ("pack.yaml", "title:", "titel:", "titel", "Did you mean “title”?"),
    "another name than the folder's": ("pack.yaml", "id: wealdshire", "id: wealdenshire", None, "same name"),
    "a partnership without a national pack": (
        "pack.yaml",
        "extends: england\n",
        "",
        None,
        "extends: england",
    ),
    "a unit that stands twice": (
        "agencies.yaml",
        "{id: adult_social_care",
        "{id: youth_service",
        None,
        "The unit “youth_service” stands here twice",
    ),
    "a unit called like the whole": (
        "agencies.yaml",
        "{id: adult_social_care",
        "{id: whole",
        None,
        "Choose another id",
    ),
    "a unit within one that is not there": (
        "agencies.yaml",
        "within: community_safety",
        "within: community",
        None,
        "which is not a unit here",
    ),
    "two objectives of one id": (
        "priorities.yaml",
        "{id: way_home",
        "{id: fewer_assaults",
        None,
        "Two objectives have the same id",
    ),
    "a plan that ends before it begins": (
        "strategy.yaml",
        "last_day: 2020-09-30",
        "last_day: 2016-09-30",
        None,
        "last_day is before first_day",
    ),
    "a national pack that extends another": (
        "pack.yaml",
        "kind: partnership",
        "kind: national",
        None,
        "extends nothing",
    ),
    "a yearly duty without a day": (
        "duties.yaml",
        "{kind: yearly, due_month: 10, due_day: 31}",
        "{kind: yearly, due_month: 10}",
        None,
        "needs either due_month and due_day",
    ),
    "a day that some years lack": (
        "duties.yaml",
        "due_month: 10, due_day: 31",
        "due_month: 2, due_day: 29",
        None,
        "no such day in every year",
    ),
}


@pytest.mark.parametrize("wrong", BAD)
def test_one_thing_wrong_gives_one_problem_at_its_line(pack, wrong):
    file, old, new, marked, words = BAD[wrong]
    change(pack, file, old, new)
    problems = problems_in(pack)
    assert len(problems) == 1, [str(problem) for problem in problems]
    (problem,) = problems
    assert problem.file == f"wealdshire/{file}"
    assert words in problem.sentence
    assert problem.line > 0
    if marked:
        assert problem.line == line_with(pack, file, marked)


def test_several_things_wrong_are_told_in_one_go_in_the_order_of_the_file(pack):
    change(pack, "hubs.yaml", "prefix: ALD", "prefix: Al")
    change(pack, "hubs.yaml", "prefix: COP", "prefix: 12")
    first, second = problems_in(pack)
    assert first.line < second.line


def test_a_file_that_no_section_has_is_refused_with_the_nearest_name(pack):
    (pack / "hub.yaml").write_text("[]")
    (problem,) = problems_in(pack)
    assert (
        str(problem) == "wealdshire/hub.yaml: A partnership pack has no section “hub”. Did you mean “hubs”?"
    )


def test_a_national_section_is_not_a_partnership_s(pack):
    (pack / "bank_holidays.yaml").write_text("[]")
    (problem,) = problems_in(pack)
    assert "has no section “bank_holidays”" in problem.sentence


def test_a_needed_file_that_is_missing_is_named(pack):
    (pack / "boards.yaml").unlink()
    (problem,) = problems_in(pack)
    assert problem.file == "wealdshire/boards.yaml"
    assert "needs this file" in problem.sentence


def test_a_needed_file_without_an_item_is_named(pack):
    (pack / "boards.yaml").write_text("# nothing yet\n")
    (problem,) = problems_in(pack)
    assert "holds no item" in problem.sentence


def test_a_file_that_is_no_list_is_refused(pack):
    (pack / "areas.yaml").write_text("id: wealdshire_county\n")
    (problem,) = problems_in(pack)
    assert "begins with a dash" in problem.sentence


def test_two_partnerships_in_one_pack_are_refused(pack):
    text = (pack / "partnership.yaml").read_text()
    second = text[text.index("- id:") :].replace("- id: wealdshire", "- id: elsewhere")
    (pack / "partnership.yaml").write_text(text + second)
    (problem,) = problems_in(pack)
    assert "describes one thing" in problem.sentence


def test_files_of_another_kind_links_and_folders_are_refused(pack):
    (pack / "notes.txt").write_text("x")
    assert "Rename this file" in problems_in(pack)[0].sentence
    (pack / "notes.txt").unlink()
    (pack / "more").mkdir()
    assert "plain files only" in problems_in(pack)[0].sentence
    (pack / "more").rmdir()
    (pack / "labels.yaml").symlink_to(ENGLAND / "labels.yaml")
    assert "plain files only" in problems_in(pack)[0].sentence


def test_a_folder_that_is_no_pack_is_refused(tmp_path):
    assert "no such folder" in problems_in(tmp_path / "none")[0].sentence
    assert "holds no pack.yaml" in problems_in(tmp_path)[0].sentence


def test_a_paragraph_that_the_report_does_not_have_is_named(tmp_path):
    folder = copy_of(NORTH_YORKSHIRE, tmp_path)
    change(folder, "hubs.yaml", 'report: "5.1"', 'report: "5.9"')
    (problem,) = problems_in(folder)
    assert "no paragraph 5.9" in problem.sentence


def test_a_pack_file_that_holds_no_fields_is_refused(pack):
    (pack / "pack.yaml").write_text("- a list\n")
    (problem,) = problems_in(pack)
    assert "wants fields (key: value), and a list stands here" in problem.sentence


@pytest.mark.parametrize(
    ("file", "item", "words"),
    [
        ("clocks", "length: {n: 3, unit: hours}, if_not_working: next", "Hours run through weekends"),
        ("clocks", "length: {n: 0, unit: days}", "has to be at least 1"),
        ("clocks", "length: three days", "wants a group of fields"),
        ("clocks", "length: [3, days]", "a list stands here"),
        ("clocks", "length: {n: {a: 1}, unit: days}", "a group of fields stands here"),
        ("clocks", "length: {n: true, unit: days}", "and true stands here"),
        ("clocks", "length: {n: 1.5, unit: days}", "wants a whole number"),
        ("clocks", "length: null", "nothing stands here"),
    ],
)
def test_a_clock_that_cannot_be_counted_is_refused(pack, file, item, words):
    (pack / "clocks.yaml").write_text(
        f"- {{id: reply, name: Reply, {item}, starts_on: {{event: asked, words: Asked}}, "
        "stops_on: [{event: answered, words: Answered}], source: [{invented: Example}]}\n"
    )
    (problem,) = problems_in(pack)
    assert words in problem.sentence


@pytest.mark.parametrize(
    ("recurrence", "words"),
    [
        ("{kind: quarterly, first_quarter: 2018-01-01}", "needs first_quarter and due"),
        ("{kind: event}", "Say which event"),
        ("{kind: event, event: {event: asked, words: Asked}}", "needs a clock"),
        ("{kind: weekly}", "Use one of: event, quarterly, yearly"),
    ],
)
def test_a_duty_that_cannot_be_planned_is_refused(pack, recurrence, words):
    change(pack, "duties.yaml", "{kind: yearly, due_month: 10, due_day: 31}", recurrence)
    (problem,) = problems_in(pack)
    assert words in problem.sentence


def test_a_duty_of_agencies_says_of_which(pack):
    change(pack, "duties.yaml", "  recurrence:", "  falls_on: agency\n  recurrence:")
    (problem,) = problems_in(pack)
    assert "needs holder_kinds" in problem.sentence


def test_ages_of_a_power_are_in_order(pack):
    (pack / "powers.yaml").write_text(
        "- {id: walk, name: Walk, class: support, what: A walk, source: [{invented: Example}],\n"
        "   limits: [{who: All, minimum_age: 18, maximum_age: 10}]}\n"
    )
    (problem,) = problems_in(pack)
    assert "Put the ages in order" in problem.sentence


def test_a_name_longer_than_the_database_holds_is_refused(pack):
    change(pack, "areas.yaml", "name: Wealdshire\n", f"name: {'W' * 201}\n")
    (problem,) = problems_in(pack)
    assert "longer than 200 characters" in problem.sentence


def test_a_hub_has_one_prefix_at_all_times(pack):
    text = (pack / "hubs.yaml").read_text()
    second = text[text.index("- id: marlstow") :].replace("prefix: MAR", "prefix: DOW")
    change(pack, "hubs.yaml", "- id: marlstow\n", "- id: marlstow\n  until: 2020-12-31\n")
    later = second.replace("- id: marlstow\n", "- id: marlstow\n  from: 2021-01-01\n")
    (pack / "hubs.yaml").write_text((pack / "hubs.yaml").read_text() + later)
    (problem,) = problems_in(pack)
    assert "is “MAR” and stays so" in problem.sentence


def test_the_other_packs_hold_no_word_of_north_yorkshire():
    words = ("north yorkshire", "nycsp", "york", "selby", "hambleton", "scarborough", "ryedale", "craven")
    for folder in (ENGLAND, WEALDSHIRE):
        for path in sorted(folder.iterdir()):
            for word in words:
                assert word not in path.read_text().lower(), f"{word} in {path.name}"


def test_comments_and_layout_do_not_count_as_content(pack):
    from saferhub.partnership.packs import read_pack

    before = read_pack(pack).sha256
    (pack / "areas.yaml").write_text("# a remark\n\n" + (pack / "areas.yaml").read_text())
    assert read_pack(pack).sha256 == before
    change(pack, "areas.yaml", "name: Wealdshire\n", "name: The Weald\n")
    assert read_pack(pack).sha256 != before


def test_the_same_id_may_stand_twice_with_dates_that_follow_each_other(pack):
    change(
        pack,
        "agencies.yaml",
        "- id: weald_and_coast_health_board\n  from: 2022-07-01",
        "- id: wealdshire_health_commissioners\n  from: 2022-07-01",
    )
    change(pack, "agencies.yaml", "  followed_by: weald_and_coast_health_board\n", "")
    assert problems_in(pack) == ()


SPOILERS = (
    "&a ",
    "*a",
    "!!int ",
    "- ",
    ": ",
    "{",
    "]",
    "null",
    '""',
    "2018-01-01",
    "-1",
    "1e400",
    '"\\0"',
    "🙂",
    "\t",
    "---\n",
    "|",
)


@pytest.mark.parametrize("seed", range(4))
def test_a_pack_spoilt_anywhere_is_still_read_or_refused_in_sentences(pack, seed):
    """A hundred slips of the pen, always the same ones: never a crash, never a sentence left open."""
    slips = random.Random(seed)
    files = sorted(pack.glob("*.yaml"))
    for _ in range(25):
        file = slips.choice(files)
        text = file.read_text()
        at = slips.randrange(len(text))
        put, cut = slips.choice([(slips.choice(SPOILERS), 0), ("", slips.randint(1, 30))])
        file.write_text(text[:at] + put + text[at + cut :])
        for problem in problems_in(pack):
            assert problem.sentence.endswith((".", "?"))
            assert "\n" not in problem.sentence
        file.write_text(text)
