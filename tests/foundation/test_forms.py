"""The form renderer: every field drawn, every error named and linked, every entry kept."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django import forms as plain_forms
from django.core.files.uploadedfile import SimpleUploadedFile

from saferhub.foundation import forms
from saferhub.foundation.forms.fields import noun_from
from saferhub.foundation.templatetags.controls import error_summary


class Everything(forms.Form):
    name = forms.TextField(label="Full name", help_text="As on the letter", max_length=10)
    email = forms.EmailField(label="Email address")
    born = forms.DateField(label="Date of birth", earliest=date(1900, 1, 1), latest=date(2018, 8, 28))
    agency = forms.SelectField(label="Agency", choices=[("h", "Housing"), ("p", "Police")])
    reach = forms.RadiosField(
        label="How may we reach you?",
        noun="how we may reach you",
        choices=[("phone", "By telephone"), ("post", "By post")],
        hints={"post": "Second class."},
        reveals={"phone": "number"},
    )
    number = forms.TextField(label="Telephone number")
    danger = forms.YesNoField(label="Is anybody in danger now?")
    what = forms.CheckboxesField(label="What is happening", choices=[("n", "Noise"), ("t", "Threats")])
    homes = forms.WholeNumberField(label="Homes", min_value=1, required=False)
    text = forms.LongTextField(label="Account", max_characters=20)
    picture = forms.FileField(label="Photograph", required=False, max_megabytes=1)
    password = forms.PasswordField(label="Password")
    code = forms.CodeField(label="Code")
    told = forms.ConfirmField(label="I have told the person")


GOOD = {
    "name": "Jo Frith", "email": "jo@example.org", "born_day": "14", "born_month": "5", "born_year": "1983",
    "agency": "h", "reach": "post", "danger": "no", "what": ["n", "t"], "homes": "1,200", "text": "Shouting",
    "password": " secret ", "code": "123 4-56", "told": "on",
}  # fmt: skip


def inputs(html: str) -> list[str]:
    return re.findall(r"<(?:input|select|textarea)\b[^>]*>", html)


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found.group(1) if found else ""


def test_good_entries_come_out_as_values() -> None:
    form = Everything(GOOD, {})
    assert form.is_valid(), form.errors
    cleaned = form.cleaned_data
    assert cleaned["born"] == date(1983, 5, 14)
    assert cleaned["danger"] is False
    assert cleaned["homes"] == 1200
    assert cleaned["code"] == "123456"
    assert cleaned["password"] == " secret "
    assert cleaned["what"] == ["n", "t"]


def test_every_missing_value_is_asked_for_by_name() -> None:
    form = Everything({}, {})
    assert {name: errors[0] for name, errors in form.errors.items()} == {
        "name": "Enter the full name",
        "email": "Enter the email address",
        "born": "Enter the date of birth",
        "agency": "Choose the agency",
        "reach": "Choose how we may reach you",
        "danger": "Answer the question: Is anybody in danger now?",
        "what": "Choose what is happening",
        "text": "Enter the account",
        "password": "Enter your password",
        "code": "Enter the code",
        "told": "Tick the box: I have told the person",
    }


def test_a_forms_own_message_is_kept() -> None:
    class Own(forms.Form):
        reason = forms.TextField(label="Reason", error_messages={"required": "Say why it ends"})

    assert Own({}).errors["reason"] == ["Say why it ends"]


def test_no_page_says_this_field_is_required_even_for_a_packages_form() -> None:
    class Theirs(plain_forms.Form):
        login = plain_forms.CharField(label="Email")
        remember = plain_forms.BooleanField(label="Remember me")

    html = str(Theirs({}))
    assert "required" not in html
    assert "Enter the email" in html
    assert "Tick the box: Remember me" in html


def test_the_summary_lists_errors_in_page_order_and_each_link_finds_its_input() -> None:
    form = Everything({"reach": "phone"}, {})
    html = str(form)
    targets = re.findall(r'<li><a href="#([^"]+)">', html)
    names = [
        "name",
        "email",
        "born_day",
        "agency",
        "number",
        "danger_0",
        "what_0",
        "text",
        "password",
        "code",
        "told",
    ]
    assert targets == [f"id_{name}" for name in names]
    identities = [attribute(tag, "id") for tag in inputs(html)]
    assert set(targets) <= set(identities)


def test_no_id_is_used_twice() -> None:
    found = re.findall(r'\bid="([^"]+)"', str(Everything({"reach": "phone"}, {})))
    assert len(found) == len(set(found))


def test_whatever_describes_an_input_exists() -> None:
    html = str(Everything({"reach": "phone"}, {}))
    identities = set(re.findall(r'\bid="([^"]+)"', html))
    described = [one for value in re.findall(r'aria-describedby="([^"]+)"', html) for one in value.split()]
    assert {"id_name_helptext", "id_name_error", "id_text-info", "id_born_error", "id_reach_1_hint"} <= set(
        described
    )
    assert set(described) <= identities


def test_every_input_but_hidden_ones_has_a_label() -> None:
    html = str(Everything())
    labelled = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', html))
    assert {attribute(tag, "id") for tag in inputs(html)} <= labelled


def test_entries_are_kept_when_the_form_comes_back() -> None:
    wrong = {**GOOD, "born_month": "13", "email": "jo at example", "text": "<b>Shouting</b>"}
    html = str(Everything(wrong, {}))
    assert 'value="13"' in html
    assert 'value="jo at example"' in html
    assert "&lt;b&gt;Shouting&lt;/b&gt;" in html
    assert re.search(r'value="h" selected', html)
    assert re.search(r'value="no"[^>]* checked', html)


def test_a_password_is_never_sent_back() -> None:
    assert "secret" not in str(Everything({**GOOD, "name": ""}, {}))


def test_the_browser_is_never_told_that_a_field_is_required() -> None:
    html = str(Everything())
    assert not [tag for tag in inputs(html) if re.search(r"\brequired\b", tag)]


def test_nothing_is_styled_or_scripted_in_line() -> None:
    html = str(Everything({}, {}))
    assert not re.search(r"\s(?:style|on[a-z]+)=", html)


@pytest.mark.parametrize(
    ("day", "month", "year", "message", "wrong"),
    [
        ("", "5", "1983", "The date of birth must include a day", "day"),
        ("14", "", "", "The date of birth must include a month and a year", "month"),
        ("31", "2", "1984", "The date of birth must have a day from 1 to 29, as February 1984 has", "day"),
        ("29", "2", "1983", "The date of birth must have a day from 1 to 28, as February 1983 has", "day"),
        ("0", "5", "1983", "The date of birth must have a day from 1 to 31, as May 1983 has", "day"),
        ("14", "13", "1983", "The date of birth must have a month from 1 to 12", "month"),
        ("14", "Ma", "1983", "The date of birth must have a month from 1 to 12", "month"),
        ("14", "5", "83", "The date of birth must have a year of four digits, like 2018", "year"),
        ("14", "5", "0000", "The date of birth must have a year of four digits, like 2018", "year"),
        ("14", "5", "１９８３", "The date of birth must have a year of four digits, like 2018", "year"),
        ("31", "12", "1899", "The date of birth must be 1 January 1900 or later", "day"),
        ("29", "8", "2018", "The date of birth must be 28 August 2018 or earlier", "day"),
    ],
)
def test_a_wrong_date_says_what_is_wrong_and_links_to_the_box(
    day: str, month: str, year: str, message: str, wrong: str
) -> None:
    form = Everything({**GOOD, "born_day": day, "born_month": month, "born_year": year}, {})
    assert form.errors["born"] == [message]
    assert f'<a href="#id_born_{wrong}">' in str(form)


@pytest.mark.parametrize("month", ["5", "05", "May", "may"])
def test_a_month_may_be_named(month: str) -> None:
    form = Everything({**GOOD, "born_month": month}, {})
    assert form.is_valid()
    assert form.cleaned_data["born"] == date(1983, 5, 14)


def test_a_date_given_beforehand_fills_the_boxes() -> None:
    html = str(Everything(initial={"born": date(1983, 5, 14)}))
    assert re.search(r'name="born_day"[^>]* value="14"', html)
    assert re.search(r'name="born_year"[^>]* value="1983"', html)


def test_a_revealed_field_is_asked_for_only_with_its_option() -> None:
    assert "number" not in Everything({**GOOD, "reach": "post"}, {}).errors
    assert Everything({**GOOD, "reach": "phone"}, {}).errors["number"] == ["Enter the telephone number"]


def test_a_revealed_field_is_drawn_once_inside_of_its_option() -> None:
    html = str(Everything())
    assert html.count('name="number"') == 1
    assert re.search(r'id="id_reach_0_revealed">\s*<div class="govuk-form-group', html)


def test_a_revealed_entry_never_shows_in_another_form() -> None:
    one = Everything({"reach": "phone", "number": "01632 960145"}, {})
    Everything({"reach": "phone", "number": "01632 960999"}, {})
    other = Everything()
    assert "01632 960145" in str(one)
    assert "01632" not in str(other)


def test_characters_are_counted_as_the_browser_counts_them() -> None:
    assert Everything({**GOOD, "text": "123456789\r\n123456789"}, {}).is_valid() is True
    form = Everything({**GOOD, "text": "x" * 21}, {})
    assert form.errors["text"] == ["The account must be 20 characters or fewer; it has 21"]
    assert 'data-maxlength="20"' in str(form)
    assert "maxlength=" not in str(form).replace("data-maxlength=", "")


def test_a_number_says_its_bounds() -> None:
    assert Everything({**GOOD, "homes": "0"}, {}).errors["homes"] == ["The homes must be 1 or more"]
    assert Everything({**GOOD, "homes": "some"}, {}).errors["homes"] == ["The homes must be a whole number"]


def test_a_file_that_is_too_large_or_empty_is_refused_in_words() -> None:
    large = SimpleUploadedFile("a.png", b"x" * (1024 * 1024 + 1))
    assert Everything(GOOD, {"picture": large}).errors["picture"] == ["Choose a file smaller than 1 MB"]
    empty = SimpleUploadedFile("a.png", b"")
    assert Everything(GOOD, {"picture": empty}).errors["picture"] == ["The file is empty. Choose another"]


def test_a_forged_choice_is_refused_in_words() -> None:
    assert Everything({**GOOD, "agency": "zz"}, {}).errors["agency"] == ["Choose the agency from the list"]


def test_an_email_is_told_apart_in_words() -> None:
    form = Everything({**GOOD, "email": "jo"}, {})
    assert form.errors["email"] == ["Enter an email address in the form name@example.org"]


def test_an_operations_answer_stands_beside_its_field() -> None:
    form = Everything(GOOD, {})
    assert form.is_valid()
    form.refuse("email", "There is an account with this address")
    form.refuse(None, "Nothing was changed")
    html = str(form)
    assert "<li>Nothing was changed</li>" in html
    assert '<a href="#id_email">There is an account with this address</a>' in html


def test_the_summary_is_drawn_once_however_often_it_is_asked_for() -> None:
    form = Everything({}, {})
    assert "There is a problem" in error_summary(form)
    assert "There is a problem" not in str(form)


def test_optional_fields_say_so_and_a_filter_does_not() -> None:
    class Filter(forms.Form):
        mark_optional = False
        q = forms.SearchField(label="Name", required=False)

    assert "Homes (optional)" in str(Everything())
    assert "(optional)" not in str(Filter())


def test_a_question_can_be_the_pages_heading() -> None:
    class One(forms.Form):
        when = forms.DateField(label="When did it happen?", heading=True)
        who = forms.TextField(label="Who saw it?", heading=True, label_size="xl")

    html = str(One())
    assert '<h1 class="govuk-fieldset__heading">When did it happen?</h1>' in html
    assert re.search(r'<h1 class="govuk-label-wrapper"><label class="govuk-label govuk-label--xl"', html)


def test_choices_can_be_offered_late_and_keep_the_empty_line() -> None:
    form = Everything()
    form.fields["agency"].offer([("x", "Probation")])  # type: ignore[attr-defined]
    html = str(form["agency"])
    assert html.index("Choose one") < html.index("Probation")


def test_forms_do_not_save() -> None:
    with pytest.raises(RuntimeError):
        forms.ModelForm.save(object())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("label", "noun"),
    [
        ("Date of birth", "the date of birth"),
        ("NI number", "NI number"),
        ("Your password", "your password"),
        ("What has happened", "what has happened"),
        ("I agree", "I agree"),
    ],
)
def test_a_label_reads_well_in_a_sentence(label: str, noun: str) -> None:
    assert noun_from(label) == noun
