"""The component gallery: every part that pages are built of, drawn, with the code that drew it.

An example is a template in `templates/foundation/examples/`; its text is both run and shown. Shown in
demonstration and development only: a live service has no use for sample people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import get_template
from django.views.decorators.http import require_safe

from saferhub.foundation import forms
from saferhub.foundation.pages import page

SAMPLE_DAY = date(2018, 9, 11)


@dataclass(frozen=True, slots=True)
class Example:
    """One part: its template in `examples/`, its name, and when to use it."""

    slug: str
    title: str
    words: str


GROUPS: tuple[tuple[str, tuple[Example, ...]], ...] = (
    (
        "Marks",
        (
            Example(
                "mark",
                "The service’s mark",
                "Beside the name in the header. With a title where it stands alone.",
            ),
            Example(
                "risk_chip",
                "Risk chip",
                "The same chip everywhere, in the same place in a row. Word and bars, never colour alone.",
            ),
            Example(
                "spark",
                "Line of scores",
                "Which way a risk goes, beside the words that say so. Nothing for fewer than two scores.",
            ),
            Example(
                "status_mark",
                "Status mark",
                "Shape and word. A colour that follows a rule is printed with that rule.",
            ),
            Example(
                "status_strip",
                "Status of several",
                "A mark for each above the words that count them, where a row stands for many.",
            ),
            Example("tag", "Tag", "A word in a box, for a state that is neither risk nor status."),
            Example("badge", "Count badge", "What waits. Nothing at nought, 99+ beyond ninety-nine."),
            Example(
                "clock_pips",
                "Clock",
                "Red from the last pip but one. Beyond twenty units each pip stands for several.",
            ),
            Example(
                "when", "Day and distance", "Always a day and how far off it is. Only a due day can be late."
            ),
            Example(
                "source",
                "Source and verify",
                "Where a statement comes from. Verify: taken from a secondary source, to be checked.",
            ),
        ),
    ),
    (
        "Headings and boxes",
        (
            Example("page_heading", "Page heading", "The one h1, with at most one green button."),
            Example("section", "Section", "A ruled heading with a note or link at its right."),
            Example(
                "facts",
                "Facts bar",
                "Two to five facts that answer in five seconds. Red edge when the record is at high risk.",
            ),
            Example("count_bar", "Count bar", "Counts that jump to their groups."),
            Example(
                "panel",
                "Panel",
                "A box only for something of another standing. Dashed violet: held, not shown here.",
            ),
            Example(
                "columns",
                "Main column and aside",
                "The aside comes last in reading order and on a telephone.",
            ),
            Example(
                "record_head",
                "Head of a record",
                "Title, facts and what can be done, on every page of a case. Facts first on a telephone.",
            ),
        ),
    ),
    (
        "Lists",
        (
            Example(
                "summary_list",
                "Names and values",
                "A record’s details, with a change link where the reader may.",
            ),
            Example(
                "filter_bar",
                "Filter",
                "A GET form. Keeps the sort order, starts again at page one, offers to clear.",
            ),
            Example(
                "table",
                "Table",
                "Columns say their names once; cells take label and side from them. Stacks below 640 px.",
            ),
            Example(
                "table_scroll",
                "Table of figures",
                "Wide figures scroll in a region that the keyboard reaches.",
            ),
            Example("table_empty", "Table without rows", "Says so instead of showing an empty head."),
            Example(
                "filter_chips",
                "Filters that are set",
                "Below the filter: each in words, and a link that takes it away by itself.",
            ),
            Example(
                "toggle",
                "Part of a list",
                "Which part is shown, one of a few. It stands in the address, and filters stay as they are.",
            ),
            Example(
                "choose_rows",
                "Rows to choose",
                "A box in each row and the acts below. The next page says what will happen to each.",
            ),
            Example("pagination", "Pages of a list", "Keeps filters and sort; short at any length."),
            Example("empty_state", "Empty state", "Says what would stand here and gives the way forward."),
            Example(
                "work_list", "Your work", "What waits, by urgency. Only the first row has the green button."
            ),
            Example("timeline", "Timeline", "Circle: contact. Square: decision. Diamond: risk."),
            Example("conditions", "Conditions of an act", "From the same check that guards the act."),
            Example("verdicts", "Decisions", "For, against and undone, each with its reasons."),
            Example("cast", "The demonstration’s people", "Each button posts the username."),
        ),
    ),
    (
        "Figures",
        (
            Example(
                "figure_list",
                "Figures with what they count",
                "Each with its definition in a line, and a link to its rows where there are any.",
            ),
            Example(
                "chart_line",
                "Chart: a line over time",
                "From nought, the last value labelled; a sentence below and the figures in a table.",
            ),
            Example(
                "chart_columns",
                "Chart: columns",
                "Ink for what it is about, grey for what it is compared with. No red for a rise.",
            ),
            Example("chart_bar", "Bar in a table", "Beside its own figure, never instead of it."),
            Example("share_bar", "Make-up by risk band", "A bar with its words below."),
        ),
    ),
    (
        "Notices",
        (
            Example("alert", "Alert", "What just happened. Messages of the framework are drawn so."),
            Example(
                "warning",
                "Warning, inset, details",
                "Before an act; a paragraph set apart; what most readers leave closed.",
            ),
        ),
    ),
    (
        "Navigation and buttons",
        (
            Example("tabs", "Sub-navigation", "Links, not script tabs. Counts where they help."),
            Example("breadcrumbs", "Breadcrumbs and back link", "In the block above the main part."),
            Example(
                "steps",
                "Steps of a long form",
                "On a telephone only the current step keeps its words. Steps in any order are links.",
            ),
            Example("buttons", "Buttons", "Green: the page’s main step, one only. Red: cannot be undone."),
        ),
    ),
    (
        "Forms",
        (
            Example("form", "A form", "Drawn by the renderer; the page adds only buttons."),
            Example(
                "form_errors",
                "A form with errors",
                "Summary first, in the page’s order, each a link to its field. Entries are kept.",
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class SampleBand:
    """One part of a whole."""

    code: str
    words: str
    number: int


class SampleForm(forms.Form):
    """Every kind of field."""

    name = forms.TextField(label="Full name", noun="the person’s full name", max_length=80)
    email = forms.EmailField(label="Email address")
    born = forms.DateField(
        label="Date of birth", help_text="For example, 27 3 1984", birth=True, latest=SAMPLE_DAY
    )
    agency = forms.SelectField(
        label="Agency", choices=[("housing", "District council housing"), ("police", "County police")]
    )
    contact = forms.RadiosField(
        label="How may we reach them?",
        noun="how we may reach them",
        choices=[("telephone", "By telephone"), ("visit", "By a visit"), ("none", "Not at all")],
        hints={"none": "Their contact details are then hidden from letters."},
        reveals={"telephone": "telephone"},
    )
    telephone = forms.TextField(label="Telephone number", width=20, autocomplete="tel", required=False)
    urgent = forms.YesNoField(label="Is anybody in danger now?", noun="whether anybody is in danger now")
    concerns = forms.CheckboxesField(
        label="What is happening",
        help_text="Choose all that apply.",
        choices=[("noise", "Noise"), ("threats", "Threats"), ("damage", "Damage")],
        hints={"threats": "In words, writing or by gesture."},
    )
    households = forms.WholeNumberField(
        label="Households affected", min_value=1, required=False, suffix="homes"
    )
    account = forms.LongTextField(label="What has happened", max_characters=200)
    evidence = forms.FileField(label="A photograph", required=False, accept="image/*", max_megabytes=5)
    password = forms.PasswordField(label="Your password")
    code = forms.CodeField(label="Code from your telephone", noun="the code from your telephone")
    agreed = forms.ConfirmField(label="I have told the person that I am sending this")


class SampleFilter(forms.Form):
    mark_optional = False
    q = forms.SearchField(label="Name", required=False)
    role = forms.SelectField(
        label="Legal role",
        empty="Any",
        required=False,
        choices=[("responsible", "Responsible"), ("invited", "Invited")],
    )


def _sample(request: HttpRequest) -> dict[str, Any]:
    """What the examples speak of: invented, and the same on every day."""
    day = SAMPLE_DAY
    bad = {
        "email": "rachel at example",
        "born_day": "31",
        "born_month": "2",
        "born_year": "1984",
        "contact": "telephone",
    }
    return {
        "today": day,
        "late_day": day - timedelta(days=4),
        "soon_day": day + timedelta(days=2),
        "sample_scores": [14, 21, 24],
        "sample_codes": ["done", "on_track", "off_track", "not_started"],
        "sample_tags": [("Safe contact", "violet")],
        "sample_buttons": [("Add an update", "#"), ("Add an action", "#")],
        "sample_more": [("Record a review", "#"), ("Close the case", "#")],
        "moment": datetime(2018, 9, 10, 15, 20, tzinfo=UTC),
        "agencies": [
            {"name": "Marlby District Council", "role": "Responsible", "members": 12},
            {"name": "County police", "role": "Responsible", "members": 41},
            {"name": "Horizon alcohol service", "role": "Invited", "members": 3},
        ],
        "months": ["April", "May", "June", "July", "August", "September"],
        "figures": [("Eastdale", (12, 9, 14, 11, 8, 15)), ("Westmoor", (31, 28, 35, 40, 29, 33))],
        "counts": [
            {"number": 2, "label": "overdue", "url": "#overdue", "late": True},
            {"number": 3, "label": "due today", "url": "#today"},
            {"number": 7, "label": "later this week", "url": "#later"},
        ],
        "toggle_items": [
            {"label": "Mine", "url": "?whose=mine", "current": True},
            {"label": "My agency", "url": "?whose=agency", "current": False},
            {"label": "Whole hub", "url": "?", "current": False},
        ],
        "chips": [
            {"label": "Risk", "words": "High", "url": "?"},
            {"label": "Adopted from", "words": "1 January 2018", "url": "?"},
        ],
        "chart_months": ["Apr", "May", "Jun", "Jul", "Aug", "Sep"],
        "chart_stock": [21, 24, 23, 27, 26, 23],
        "chart_opened": [4, 5, 2, 6, 3, 1],
        "chart_closed": [3, 2, 3, 2, 4, 4],
        "chart_bands": [
            SampleBand("high", "High", 4),
            SampleBand("medium", "Medium", 12),
            SampleBand("standard", "Standard", 7),
        ],
        "tab_items": [
            {"label": "Overview", "url": "#", "current": True},
            {"label": "Members", "url": "#members", "count": 12},
            {"label": "Agreements", "url": "#agreements", "count": 2},
            {"label": "Who has looked", "url": "#looked"},
        ],
        "linked_steps": [
            {"name": "What kind", "code": "kind", "url": "#steps", "done": True},
            {"name": "Who it is about", "code": "people", "url": "#steps", "done": False},
            {"name": "What is happening", "code": "happening", "url": "#steps", "done": False},
            {"name": "Check and send", "code": "check", "url": "#steps", "done": False},
        ],
        "step_names": ["What kind", "Who it is about", "What is happening", "Basis and send"],
        "people": [
            {
                "name": "Colin Ashworth",
                "username": "colin.coordinator",
                "role": "Hub co-ordinator",
                "shows": "Decides referrals, prepares the meeting",
            },
            {
                "name": "Ada Brook",
                "username": "ada.admin",
                "role": "Administrator",
                "shows": "Accounts and packs, no case",
            },
        ],
        "page_of_many": Paginator(range(200_000), 20).page(5_120),
        "page_of_few": Paginator(range(48), 20).page(2),
        "filter": SampleFilter(request.GET),
        "form": None,
        "sample_form": SampleForm(prefix="sample"),
        "wrong_form": SampleForm({f"wrong-{name}": value for name, value in bad.items()}, {}, prefix="wrong"),
    }  # fmt: skip


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with its code; "not found" in a live service."""
    if not (settings.DEBUG or settings.DEMONSTRATION):
        raise Http404
    sample = _sample(request)
    groups = [
        {
            "title": title,
            "slug": title.lower().replace(" ", "-"),
            "examples": [_drawn(request, example, sample) for example in examples],
        }
        for title, examples in GROUPS
    ]
    return page(request, "foundation/gallery.html", groups=groups, palette=PALETTE)


PALETTE = (
    ("Petrol, ours", "#0f4c5c"),
    ("Header", "#0b3541"),
    ("Link", "#1a65a6"),
    ("Main step", "#0f7a52"),
    ("Late, danger", "#942514"),
    ("Protection", "#4c2c92"),
    ("Correction", "#b45c00"),
    ("Ink", "#0b0c0c"),
    ("Context", "#484f54"),
    ("Hairline", "#c5ccd0"),
    ("Ground", "#f3f7f8"),
    ("Focus", "#ffdd00"),
)


def _drawn(request: HttpRequest, example: Example, sample: dict[str, Any]) -> dict[str, Any]:
    template = get_template(f"foundation/examples/{example.slug}.html")
    return {
        "slug": example.slug,
        "title": example.title,
        "words": example.words,
        "html": template.render(dict(sample), request),
        "code": str(template.template.source).strip(),  # type: ignore[attr-defined]
    }
