"""Components, error pages, standing pages and the gallery."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse

from saferhub.foundation import clock, forms
from saferhub.foundation.refusals import Condition, Conflict, NotAllowed
from saferhub.foundation.templatetags import components, controls, marks, tables
from saferhub.foundation.templatetags.words import distance_words, list_words, plural
from saferhub.foundation.views import errors, gallery, standing

TODAY = date(2018, 9, 11)
TEMPLATES = Path(errors.__file__).resolve().parents[2] / "templates"


@pytest.fixture(autouse=True)
def no_database(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """These pages need none: outside of demonstration the clock asks nobody."""
    settings.DEMONSTRATION = False
    settings.CONTACT_EMAIL = ""
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    yield


def drawn(source: str, query: str = "", **context: Any) -> str:
    request = RequestFactory().get(f"/list/?{query}")
    return engines["django"].from_string("{% load components %}" + source).render(context, request)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- Words and marks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "event", "due"),
    [
        (date(2018, 9, 11), "today", "today"),
        (date(2018, 9, 12), "tomorrow", "tomorrow"),
        (date(2018, 9, 10), "yesterday", "1 day late"),
        (date(2018, 9, 9), "2 days ago", "2 days late"),
        (date(2018, 9, 24), "in 13 days", "in 13 days"),
        (date(2018, 9, 25), "in 2 weeks", "in 2 weeks"),
        (date(2018, 12, 11), "in 3 months", "in 3 months"),
        (date(2016, 9, 11), "2 years ago", "730 days late"),
    ],
)
def test_a_day_says_how_far_off_it_is(day: date, event: str, due: str) -> None:
    assert distance_words(day, TODAY) == event
    assert distance_words(day, TODAY, due=True) == due


def test_a_due_day_that_has_passed_is_red_and_says_so() -> None:
    html = drawn('{% when day kind="due" %}', day=date(2018, 9, 9))
    assert text_of(html) == "Sun 9 Sep , 2 days late"
    assert 'datetime="2018-09-09"' in html
    assert "sh-late" in html


def test_the_pages_own_day_goes_before_the_clock() -> None:
    assert "tomorrow" in drawn("{% when day %}", day=date(2018, 9, 2), today=date(2018, 9, 1))


def test_a_moment_is_shown_in_london_time() -> None:
    shown = drawn("{% when moment time=True %}", moment=datetime(2018, 9, 10, 23, 30, tzinfo=UTC))
    assert "Tue 11 Sep, 00:30" in shown


def test_another_year_is_named() -> None:
    assert "Mon 1 Jan 2018" not in drawn('{% when day kind="plain" %}', day=date(2018, 1, 1))
    assert "Tue 1 Jan 2019" in drawn('{% when day kind="plain" %}', day=date(2019, 1, 1))


def test_words_about_numbers() -> None:
    assert list_words(["housing", "police", "probation"]) == "housing, police and probation"
    assert list_words(["housing"]) == "housing"
    assert plural(1, "agency,agencies") == "1 agency"
    assert plural(1234, "case") == "1,234 cases"


@pytest.mark.parametrize(("band", "bars"), [("high", 3), ("medium", 2), ("standard", 1), ("incomplete", 0)])
def test_a_risk_is_told_by_word_and_bars(band: str, bars: int) -> None:
    html = marks.risk_chip(band)
    assert text_of(html) == f"Risk: {band.capitalize()}"
    assert html.count("sh-risk__full") == bars


def test_a_line_of_scores_says_in_words_what_it_draws_and_is_nothing_for_one_score() -> None:
    assert marks.spark([24], "Scored 24") == ""
    html = marks.spark([14, 21, 24], "Rising: 14, 21, now 24")
    assert 'aria-label="Rising: 14, 21, now 24"' in html
    assert html.count("<circle") == 3
    # The same score throughout is a level line, not a fall to the ground.
    heights = re.findall(r'cy="([\d.]+)"', marks.spark([7, 7], "Unchanged: 7, now 7"))
    assert heights == ["13.0", "13.0"]


def test_the_head_of_a_record_has_one_green_button_and_its_facts_before_it() -> None:
    html = drawn(
        '{% record_head "A title" note="SEL-1" tags=tags buttons=buttons more=more %}<p>facts</p>{% endrecord_head %}',
        tags=[("Safe contact", "violet")],
        buttons=[("Add an update", "/a/"), ("Add an action", "/b/")],
        more=[("Close the case", "/c/")],
    )
    assert html.count('class="govuk-button"') == 1
    assert html.index("<p>facts</p>") < html.index("Add an update") < html.index("Close the case")
    assert "Safe contact" in html


@pytest.mark.parametrize(
    ("used", "total", "words", "urgent"),
    [
        (0, 5, "0 of 5 working days used", False),
        (3, 5, "3 of 5 working days used", False),
        (4, 5, "4 of 5 working days used", True),
        (6, 5, "1 working day late", True),
    ],
)
def test_a_clock_turns_red_from_the_last_pip_but_one(used: int, total: int, words: str, urgent: bool) -> None:
    html = marks.clock_pips(used, total)
    assert words in html
    assert ("sh-clock--urgent" in html) is urgent
    assert html.count("sh-clock__pip--used") == min(used, total)


def test_a_long_clock_keeps_its_pips_countable() -> None:
    pips = re.findall(r'class="sh-clock__pip[" ]', marks.clock_pips(45, 90, unit="day"))
    assert len(pips) == 20


def test_a_badge_of_nought_is_nothing() -> None:
    assert marks.badge(0) == ""
    assert "99+" in marks.badge(140)
    assert "(140 waiting)" in marks.badge(140)


# --- Tables, pages, filters ---------------------------------------------------------------------------

TABLE = """{% table "Agencies" empty="None yet." sorted_by="name" %}
{% column "Agency" sort="name" %}{% column "Members" sort="members" numeric=True %}
{% for name, members in rows %}{% row %}{% cell %}{{ name }}{% endcell %}{% cell %}{{ members }}{% endcell %}
{% endrow %}{% endfor %}{% endtable %}"""


def test_a_table_has_caption_row_headers_and_labels_for_stacking() -> None:
    html = drawn(TABLE, rows=[("Housing", 3), ("<Police>", 40)])
    assert ">Agencies</caption>" in html
    assert html.count('scope="row"') == 2
    assert html.count('data-label="Members"') == 2
    assert "&lt;Police&gt;" in html
    assert 'govuk-table__cell--numeric" data-label="Members">40</td>' in html


def test_a_table_without_rows_says_so() -> None:
    html = drawn(TABLE, rows=[])
    assert "None yet." in html
    assert "<table" not in html


def test_sort_links_keep_the_filter_and_leave_the_page() -> None:
    html = drawn(TABLE, "q=a%26b&page=7", rows=[("Housing", 3)])
    assert 'href="?q=a%26b&amp;sort=-name"' in html
    assert 'href="?q=a%26b&amp;sort=members"' in html
    assert 'aria-sort="ascending"' in html
    back = drawn(TABLE, "sort=-name", rows=[("Housing", 3)])
    assert 'href="?sort=name"' in back
    assert 'aria-sort="descending"' in back


def test_rows_and_cells_may_stand_in_an_included_part() -> None:
    html = drawn(TABLE, rows=[("Housing", n) for n in range(30)])
    assert html.count("<tr") == 31


@pytest.mark.parametrize("number", [1, 2, 5_000, 9_999, 10_000])
def test_page_links_are_few_at_any_length_and_keep_the_query(number: int) -> None:
    page = Paginator(range(200_000), 20).page(number)
    html = drawn('{% pagination page things="crimes" %}', "sort=-due&q=x&page=3", page=page)
    links = re.findall(r'href="([^"]+)"', html)
    assert len(links) <= 9
    assert all(link.startswith("?sort=-due&amp;q=x&amp;page=") for link in links)
    assert html.count('aria-current="page"') == 1
    assert f'aria-label="Page {number:,}"' in html


def test_a_short_list_has_a_count_and_no_links() -> None:
    html = drawn('{% pagination page things="agencies" %}', page=Paginator(range(7), 20).page(1))
    assert text_of(html) == "7 agencies"


class Filter(forms.Form):
    mark_optional = False
    q = forms.SearchField(label="Name", required=False)


def test_a_filter_keeps_the_sort_starts_at_page_one_and_can_be_cleared() -> None:
    html = drawn("{% filter_bar form %}", "q=jo&sort=-due&page=9", form=Filter({"q": "jo"}))
    assert '<input type="hidden" name="sort" value="-due">' in html
    assert 'name="page"' not in html
    assert 'value="jo"' in html
    assert 'href="?sort=-due">Clear filters' in html


def test_the_day_of_a_page_is_no_filter() -> None:
    html = drawn('{% filter_bar form day="q" %}', "q=jo", form=Filter({"q": "jo"}))
    assert "Clear filters" not in html
    assert "data-set" in html


def test_filters_stand_open_without_scripts_and_may_fold_only_while_none_is_set() -> None:
    folded, kept = (drawn("{% filter_bar form %}", q, form=Filter({"q": "jo"})) for q in ("", "q=jo"))
    assert '<details class="sh-filter__fold" open>' in folded
    assert '<details class="sh-filter__fold" open data-set>' in kept


@pytest.mark.parametrize(
    ("things", "one"), [("people", "person"), ("duties", "duty"), ("cases", "case"), ("agencies", "agency")]
)
def test_a_list_of_one_speaks_in_the_singular(things: str, one: str) -> None:
    shown = [Paginator(["x"] * n, 20).get_page(1) for n in (1, 2)]
    single, several = (
        text_of(drawn("{% pagination page things=things %}", page=page, things=things)) for page in shown
    )
    assert (single, several) == (f"1 {one}", f"2 {things}")


def test_paper_has_one_scale_with_headings_above_the_text() -> None:
    """GOV.UK prints paragraphs and cells at 14pt; here a heading never is smaller than its text."""
    sheet = (TEMPLATES.parent / "assets" / "saferhub.css").read_text()
    printed = next(one for one in sheet.split("@media print {") if "@page" in one)

    def points(selector: str) -> float:
        return float(
            re.search(re.escape(selector) + r"[^{}]*\{ font-size: ([0-9.]+)pt !important", printed)[1]
        )  # type: ignore[index]

    assert points(".sh-body p") == 10.5
    assert points(".sh-body .sh-table td") == 9.5
    assert points(".sh-body .sh-heading__title") > points(".sh-body .sh-section__title") > 10.5
    hidden = printed.split("{ display: none !important; }")[0]
    for part in (".sh-filter", ".sh-sort__arrow", ".govuk-pagination"):
        assert part in hidden


def test_a_filter_that_filters_nothing_offers_no_clearing() -> None:
    assert "Clear filters" not in drawn("{% filter_bar form %}", "sort=due", form=Filter({}))


# --- Text from people -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "{% page_heading evil caption=evil note=evil %}{{ evil }}{% endpage_heading %}",
        "{% section evil note=evil %}{{ evil }}{% endsection %}",
        "{% panel evil %}{{ evil }}{% endpanel %}",
        "{% facts %}{% fact evil value=evil %}{{ evil }}{% endfact %}{% endfacts %}",
        "{% summary_list %}{% summary_row evil url='/' %}{{ evil }}{% endsummary_row %}{% endsummary_list %}",
        "{% alert 'success' title=evil %}{{ evil }}{% endalert %}",
        "{% conditions %}{% condition evil %}{{ evil }}{% endcondition %}{% endconditions %}",
        "{% timeline label=evil %}{% entry evil by=evil %}{{ evil }}{% endentry %}{% endtimeline %}",
        "{% work_item evil evil reference=evil step=evil %}{{ evil }}{% endwork_item %}",
        "{% table evil note=evil %}{% column evil %}{% row %}{% cell %}{{ evil }}{% endcell %}{% endrow %}"
        "{% endtable %}",
        "{% table evil empty=evil %}{% endtable %}",
        "{% empty_state evil title=evil %}{{ evil }}{% endempty_state %}",
        "{% more evil %}{{ evil }}{% endmore %}",
        "{% source evil url=evil note=evil %}{% tag evil %}{% status_mark evil %}{% risk_chip evil %}",
        "{% button evil url=evil %}{% post_button evil evil %}{% back_link evil %}{% tag evil %}",
    ],
)
def test_text_from_people_never_becomes_markup(source: str) -> None:
    html = drawn(source, evil='"><script>alert(1)</script>')
    assert "<script" not in html
    assert '"">' not in html


# --- The gallery as a register -----------------------------------------------------------------------------


def test_every_component_stands_in_the_gallery() -> None:
    """A new tag needs an example in templates/foundation/examples/ and a line in views/gallery.py."""
    shown = {example.slug for _, examples in gallery.GROUPS for example in examples}
    files = {path.stem for path in (TEMPLATES / "foundation" / "examples").glob("*.html")}
    assert shown == files
    code = "".join(path.read_text() for path in (TEMPLATES / "foundation" / "examples").glob("*.html"))
    used = set(re.findall(r"{%\s*(\w+)", code))
    assert set(components.register.tags) - used == set()


def test_every_component_says_how_to_use_it() -> None:
    for library in (components, controls, marks, tables):
        for name in library.register.tags:
            function = getattr(library, name, None) or getattr(library, f"{name}_tag", None)
            if function is not None and function.__module__ == library.__name__:
                assert function.__doc__, f"{name} has no words"


def test_no_template_styles_or_scripts_in_line() -> None:
    for path in TEMPLATES.rglob("*.html"):
        source = path.read_text()
        if "mail" in path.parts:
            continue
        assert not re.search(r"<[^>{]*\s(?:style|on[a-z]+)\s*=", source), path
        assert not re.search(r"<script(?![^>]*\bsrc=)", source), path


def test_the_gallery_shows_everything_in_development_and_nothing_in_service(settings: Any) -> None:
    request = RequestFactory().get(reverse("gallery"))
    with pytest.raises(gallery.Http404):
        gallery.gallery(request)
    settings.DEBUG = True
    html = gallery.gallery(request).content.decode()
    for _, examples in gallery.GROUPS:
        for example in examples:
            assert f'id="{example.slug}"' in html
    identities = re.findall(r'\bid="([^"]+)"', html)
    assert len(identities) == len(set(identities))


def test_pages_of_the_service_itself_name_no_partnership(settings: Any) -> None:
    settings.DEBUG = True
    request = RequestFactory().get("/")
    views = (
        gallery.gallery, standing.help_page, standing.accessibility, standing.privacy, standing.recording,
        standing.data_breach, standing.about, errors.not_found, errors.server_error,
    )  # fmt: skip
    for view in views:
        assert not re.search(
            "yorkshire|selby|craven|hambleton", view(request).content.decode(), re.IGNORECASE
        )


# --- Error pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (errors.bad_request, 400),
        (errors.forbidden, 403),
        (errors.csrf_failure, 403),
        (errors.not_found, 404),
        (errors.conflict, 409),
        (errors.too_large, 413),
        (errors.too_many_requests, 429),
        (errors.server_error, 500),
    ],
)
def test_an_error_page_has_one_heading_a_way_forward_and_repeats_nothing(view: Any, status: int) -> None:
    answer = view(RequestFactory().get("/secret-9431/?q=secret-9431"))
    html = answer.content.decode()
    assert answer.status_code == status
    assert html.count("<h1") == 1
    assert 'href="/"' in html
    assert "secret-9431" not in html


def test_hidden_and_missing_get_the_same_words() -> None:
    one = errors.not_found(RequestFactory().get("/cases/a/"), LookupError("hidden"))
    other = errors.not_found(RequestFactory().get("/nothing/"))
    assert one.content == other.content


def test_what_is_not_allowed_lists_each_unmet_condition() -> None:
    refusal = NotAllowed(
        "not_lead", "You cannot close this yet", link="/cases/a/", link_text="Back to the case",
        conditions=[Condition("No action may be open.", "4 are.", "/a/", "See them"), Condition("A reason.")],
    )  # fmt: skip
    answer = errors.refused(RequestFactory().get("/"), refusal)
    words = text_of(answer.content.decode())
    assert answer.status_code == 403
    assert "It still needs 2 things." in words
    assert "Not met: No action may be open. 4 are. See them" in words
    assert 'href="/cases/a/"' in answer.content.decode()


def test_a_conflict_shows_its_sentence_and_its_link() -> None:
    refusal = Conflict("stale", "Maya changed it at 14:05.", link="/agencies/a/", link_text="See her change")
    answer = errors.refused(RequestFactory().get("/"), refusal)
    assert answer.status_code == 409
    assert "Maya changed it at 14:05." in answer.content.decode()
    assert "See her change" in answer.content.decode()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, ""), (1, "in 1 second"), (90, "in 90 seconds"), (91, "in 2 minutes"), (7_201, "in 3 hours")],
)
def test_too_many_tries_says_when_to_try_again(seconds: int, words: str) -> None:
    assert errors.wait_words(seconds) == words
    answer = errors.too_many_requests(RequestFactory().get("/"), seconds=seconds)
    assert answer["Retry-After"] == str(seconds or 900)
    assert words in answer.content.decode()


def test_a_server_error_is_drawn_without_context_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(request: Any) -> dict[str, Any]:
        raise RuntimeError("the database is down")

    monkeypatch.setattr(engines["django"].engine, "template_context_processors", (asked,))
    html = errors.server_error(RequestFactory().get("/")).content.decode()
    assert "<script" not in html
    assert "saferhub.css" in html


def test_a_server_error_survives_its_own_templates_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> Any:
        raise OSError("no disk")

    monkeypatch.setattr(errors, "get_template", broken)
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()


# --- Standing pages and layout ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["help", "accessibility", "privacy", "recording", "data_breach", "source"])
def test_a_standing_page_needs_no_account_and_stands_in_every_footer(name: str) -> None:
    view = {"help": standing.help_page, "source": standing.about}.get(name) or getattr(standing, name)
    assert view.login_required is False
    html = view(RequestFactory().get(reverse(name))).content.decode()
    assert html.count("<h1") == 1
    for other, _ in standing.STANDING:
        assert f'class="sh-footer__link" href="{reverse(other)}"' in html


def test_questions_go_to_the_address_that_is_set(settings: Any) -> None:
    request = RequestFactory().get("/")
    assert "mailto:" not in standing.privacy(request).content.decode()
    settings.CONTACT_EMAIL = "safety@example.org"
    for view in (standing.privacy, standing.help_page, standing.recording, standing.data_breach):
        assert "mailto:safety@example.org" in view(request).content.decode()


def test_the_title_begins_with_error_when_the_form_has_errors() -> None:
    page = engines["django"].from_string(
        '{% extends "layouts/base.html" %}{% block title %}Invite{% endblock %}'
    )
    request = RequestFactory().get("/")
    assert "<title>Error: Invite" in page.render({"form": Everything({})}, request)
    assert "<title>Invite" in page.render({"form": Everything()}, request)


class Everything(forms.Form):
    name = forms.TextField(label="Name")


def test_the_layout_has_language_viewport_skip_link_and_landmarks() -> None:
    html = errors.not_found(RequestFactory().get("/")).content.decode()
    assert '<html lang="en-GB"' in html
    assert 'name="viewport"' in html
    assert 'href="#main" class="govuk-skip-link"' in html
    assert html.index("govuk-skip-link") < html.index("<header") < html.index("<main") < html.index("<footer")
