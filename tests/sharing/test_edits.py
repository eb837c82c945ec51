"""Two people edit one matter at once: both versions are shown, and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse

from saferhub.foundation.forms import (
    CheckboxesField,
    ConfirmField,
    DateField,
    LongTextField,
    RadiosField,
    TextField,
    YesNoField,
)
from saferhub.partnership.models import Unit
from saferhub.people.models import Person
from saferhub.sharing import edits
from saferhub.sharing.demonstration_matters import FLATS
from saferhub.sharing.edits import SeenForm
from saferhub.sharing.entering import entered
from saferhub.sharing.forms.interests_given import unit_choices
from saferhub.sharing.models import Matter, Revision


@pytest.fixture
def flats(cast):
    with entered(cast["maya.manager"]):
        return Matter.objects.select_related("folder").get(title=FLATS)


def now(cast, flats):
    with entered(cast["maya.manager"]):
        return Matter.objects.get(pk=flats.pk)


def fields_of(html: str) -> dict[str, str]:
    """The hidden inputs of a page's form."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))


def given(flats, **changes):
    values = {"title": flats.title, "about": flats.about, "purpose": flats.purpose, "lead": "", "seen": "1"}
    return values | changes


def both(client_for, flats, mine, theirs):
    """Rachel saves first; the answer to Colin, who saves over the version that he saw."""
    url = reverse("matter-edit", args=[flats.public_id])
    lead = flats.lead.public_id if flats.lead_id else ""
    assert client_for("rachel.referrer").post(url, given(flats, lead=lead, **theirs)).status_code == 302
    client = client_for("colin.coordinator")
    return client, url, client.post(url, given(flats, lead=lead, **mine))


def test_an_edit_without_another_is_simply_saved_and_kept_in_history(client_for, cast, flats):
    url = reverse("matter-edit", args=[flats.public_id])
    client = client_for("colin.coordinator")
    page = client.get(url).content.decode()
    assert 'name="seen" value="1"' in page
    assert client.post(url, given(flats, about="Quieter now.")).status_code == 302
    assert (now(cast, flats).about, now(cast, flats).version) == ("Quieter now.", 2)
    history = client.get(reverse("matter-history", args=[flats.public_id])).content.decode()
    assert "Quieter now." in history and "Colin Ashworth" in history


def test_an_edit_that_changes_nothing_makes_no_version(client_for, cast, flats):
    url = reverse("matter-edit", args=[flats.public_id])
    lead = cast["rachel.referrer"].public_id
    assert client_for("colin.coordinator").post(url, given(flats, lead=lead)).status_code == 302
    assert now(cast, flats).version == 1


def test_the_second_editor_sees_both_versions_with_who_and_when(client_for, cast, flats):
    _, _, answer = both(client_for, flats, {"about": "Two more calls."}, {"about": "A new lock."})
    text = answer.content.decode()
    assert answer.status_code == 409
    for words in ("A new lock.", "Two more calls.", "Rachel Marsden, Selby District Council", "Keep both"):
        assert words in text, words
    assert now(cast, flats).about == "A new lock."


def test_a_field_that_only_one_of_the_two_changed_is_chosen_beforehand(client_for, flats):
    _, _, answer = both(client_for, flats, {"title": "Mine"}, {"about": "Theirs"})
    text = answer.content.decode()
    chosen = {one for one in re.findall(r"<input[^>]*>", text) if " checked" in one}
    assert sorted(re.search(r'value="(\w+)"', one)[1] for one in chosen) == ["mine", "theirs"]
    assert all("choice-title" in one for one in chosen if "mine" in one)


@pytest.mark.parametrize(
    ("choice", "stands"),
    [("theirs", "A new lock."), ("mine", "Two more calls."), ("both", "A new lock.\n\nTwo more calls.")],
)
def test_the_choice_is_saved_over_the_newest_version(choice, stands, client_for, cast, flats):
    client, url, answer = both(client_for, flats, {"about": "Two more calls."}, {"about": "A new lock."})
    sent = fields_of(answer.content.decode()) | {"choice-about": choice}
    assert client.post(url, sent).status_code == 302
    assert now(cast, flats).about == stands


def test_without_a_choice_the_page_asks_again_and_keeps_what_was_typed(client_for, cast, flats):
    client, url, answer = both(client_for, flats, {"about": "Two more calls."}, {"about": "A new lock."})
    again = client.post(url, fields_of(answer.content.decode()))
    text = again.content.decode()
    assert again.status_code == 409 and "Choose what “What it is about” is to say" in text
    assert "Two more calls." in text and now(cast, flats).version == 2


def test_a_third_save_meanwhile_is_shown_too_and_nothing_is_lost(client_for, cast, flats):
    client, url, answer = both(client_for, flats, {"about": "Two more calls."}, {"about": "A new lock."})
    lead = cast["rachel.referrer"].public_id
    third = client_for("maya.manager").post(url, given(flats, about="A camera.", seen="2", lead=lead))
    assert third.status_code == 302
    sent = fields_of(answer.content.decode()) | {"choice-about": "theirs"}
    again = client.post(url, sent)
    text = again.content.decode()
    assert again.status_code == 409
    assert "A camera." in text and "Two more calls." in text and "Maya Okonjo" in text
    assert "is to say" not in text.split("There is a problem")[-1] or "There is a problem" not in text
    sent = fields_of(text) | {"choice-about": "both"}
    assert client.post(url, sent).status_code == 302
    assert now(cast, flats).about == "A camera.\n\nTwo more calls."


def test_a_form_without_the_mark_overwrites_nothing(client_for, cast, flats):
    url = reverse("matter-edit", args=[flats.public_id])
    client = client_for("colin.coordinator")
    for seen in ("", "0", "x", "9" * 40):
        assert client.post(url, given(flats, about="Blind", seen=seen)).status_code == 409
    assert now(cast, flats).version == 1


def test_errors_come_before_the_comparison(client_for, flats):
    _, _, answer = both(client_for, flats, {"title": ""}, {"about": "A new lock."})
    assert answer.status_code == 200 and "Enter the title" in answer.content.decode()


class EveryKind(SeenForm):
    name = TextField(label="Name")
    notes = LongTextField(label="Notes", required=False)
    born = DateField(label="Date of birth", required=False)
    kind = RadiosField(label="Kind", choices=[("a", "One"), ("b", "Two")])
    needs = CheckboxesField(label="Needs", choices=[("x", "Ex"), ("y", "Why")], required=False)
    asked = YesNoField(label="Asked", required=False)
    sure = ConfirmField(label="Sure", required=False)


VALUES = {
    "name": "Now",
    "notes": "",
    "born": date(1990, 2, 3),
    "kind": "b",
    "needs": ["x", "y"],
    "asked": False,
    "sure": True,
}


def test_what_stands_now_goes_back_into_any_kind_of_field():
    sent = QueryDict("name=Mine&kind=a&needs=x&born_day=1&born_month=1&born_year=1991&asked=yes&seen=1")
    form = EveryKind(sent)
    merged = edits._merged(sent, form, VALUES, {f"choice-{name}": "theirs" for name in VALUES})
    result = EveryKind(merged)
    assert result.is_valid(), result.errors
    assert result.values() == VALUES


def test_every_kind_of_value_has_words():
    form = EveryKind()
    said = {name: edits.in_words(form.fields[name], value) for name, value in VALUES.items()}
    assert said == {
        "name": "Now",
        "notes": "Nothing",
        "born": "3 February 1990",
        "kind": "Two",
        "needs": "Ex, Why",
        "asked": "No",
        "sure": "Yes",
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, ""),
        ([], ""),
        (date(2018, 1, 2), "2018-01-02"),
        (["b", "a"], ("a", "b")),
        ("a\r\nb ", "a\nb"),
        (1, "1"),
    ],
)
def test_values_of_form_model_and_history_compare_alike(one, other):
    assert edits._plain(one) == edits._plain(other)


def test_history_holds_each_version_once(client_for, cast, flats):
    both(client_for, flats, {"about": "Two more calls."}, {"about": "A new lock."})
    with entered(cast["maya.manager"]):
        numbers = list(Revision.objects.filter(subject=flats.public_id).values_list("number", flat=True))
    assert numbers == [1, 2]


def test_after_a_missing_choice_the_page_still_says_who_and_when(client_for, flats):
    client, url, answer = both(client_for, flats, {"about": "Two more calls."}, {"about": "A new lock."})
    text = client.post(url, fields_of(answer.content.decode())).content.decode()
    assert "Rachel Marsden, Selby District Council, saved a change on" in text
    assert "As when you opened it" not in text and "Somebody else saved" not in text


def test_my_own_other_window_is_told_as_mine(client_for, flats):
    url = reverse("matter-edit", args=[flats.public_id])
    client = client_for("rachel.referrer")
    lead = flats.lead.public_id if flats.lead_id else ""
    assert client.post(url, given(flats, lead=lead, about="A new lock.")).status_code == 302
    text = client.post(url, given(flats, lead=lead, about="Two more calls.")).content.decode()
    assert "You, in another window, saved a change" in text and "Rachel Marsden, Selby" not in text


def born(day="", month="", year=""):
    return {"born_day": day, "born_month": month, "born_year": year}


def marcus(cast):
    with entered(cast["rachel.referrer"]):
        return (
            Person.objects.filter(folder__unit__agency__name="Selby District Council", born_precision="exact")
            .order_by("id")
            .first()
        )


def test_a_birth_that_nobody_changed_is_not_asked_about(client_for, cast):
    person = marcus(cast)
    url = reverse("known-person-correct", args=[person.public_id])
    day = person.born_on
    sent = born(day.day, day.month, day.year) | {"seen": str(person.version)}
    client = client_for("rachel.referrer")
    assert client.post(url, sent | {"sex": "Not stated"}).status_code == 302
    text = client.post(url, sent | {"sex": "Not asked"}).content.decode()
    assert "Which is right for “Sex”" in text and "Which is right for “Date of birth”" not in text


def test_a_birth_that_two_changed_is_told_in_words_and_either_can_be_kept(client_for, cast):
    person = marcus(cast)
    url = reverse("known-person-correct", args=[person.public_id])
    client = client_for("rachel.referrer")
    seen = {"seen": str(person.version)}
    assert client.post(url, born(3, 6, 1971) | seen).status_code == 302
    answer = client.post(url, born("", "", 1984) | seen)
    text = answer.content.decode()
    assert "3 June 1971" in text and "In 1984" in text and "1984-01-01" not in text
    assert "As when you opened it" not in text
    kept = fields_of(text) | {"choice-born": "theirs"}
    assert client.post(url, kept).status_code == 302
    with entered(cast["rachel.referrer"]):
        person = Person.objects.get(pk=person.pk)
    assert (person.born_on, person.born_precision) == (date(1971, 6, 3), "exact")


def test_a_unit_on_offer_names_its_agency(cast):
    units = list(Unit.objects.select_related("agency").filter(name="Housing"))
    words = [said for _, group in unit_choices(units) for _, said in group]
    assert "Housing, Selby District Council" in words and len(words) == len(set(words))
