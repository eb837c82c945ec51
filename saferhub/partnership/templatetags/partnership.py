"""Parts of the partnership's own pages: sub-navigation, names as links that keep the day, sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from saferhub.foundation.templatetags import components, marks, words
from saferhub.foundation.templatetags.drawing import request_of
from saferhub.partnership.access import Permission
from saferhub.partnership.queries.citations import Citations, Source
from saferhub.partnership.queries.in_force import InForce
from saferhub.partnership.queries.organisation_rows import Named
from saferhub.partnership.queries.rules_in_force import Said

register = template.Library()

# Label, name of the address. Pages of other addresses lie under About, or under Rules as below.
TABS = (
    ("About", "partnership"),
    ("Agencies", "agencies"),
    ("Hubs", "hubs"),
    ("Boards", "boards"),
    ("People", "people"),
    ("Rules", "rules"),
)
_UNDER_RULES = ("clocks", "roles", "packs", "words")
# These show what holds on the page's day; the others have dates of their own.
_DATED = {"partnership", "agencies", "hubs", "boards", "rules"}
_PAGE_OF = {"agencies": "agency", "hubs": "hub", "boards": "board", "priorities": "area"}


@register.simple_tag(takes_context=True)
def partnership_tabs(context: template.Context) -> SafeString | str:
    """The pages about the partnership; the day goes along. The calendar has its place in the header."""
    request = request_of(context)
    if (
        request is None
        or not request.actor.has(Permission.VIEW_PARTNERSHIP)  # type: ignore[attr-defined]
        or request.path.startswith(reverse("calendar"))
    ):
        return ""
    addresses = [(label, name, reverse(name)) for label, name in TABS]
    here = max((url for _, _, url in addresses if request.path.startswith(url)), key=len, default="")
    if any(request.path.startswith(reverse(name)) for name in _UNDER_RULES):
        here = reverse("rules")
    items = [
        {
            "label": label,
            "url": url + _day_of(context) if name in _DATED else url,
            "current": url == here,
            "count": None,
        }
        for label, name, url in addresses
    ]
    return components.tabs(items, label="Partnership")


@register.simple_tag(takes_context=True)
def named(context: template.Context, thing: Named | None) -> SafeString | str:
    """A name, as a link where there is a page. What is not in force on the day says when it was."""
    if thing is None:
        return ""
    page = _PAGE_OF.get(thing.section)
    shown = (
        format_html(
            '<a class="govuk-link" href="{}{}">{}</a>',
            reverse(page, args=[thing.code]),
            _day_of(context),
            thing.name,
        )
        if page
        else format_html("{}", thing.name)
    )
    return shown if thing.is_in_force else format_html("{} ({})", shown, when_in_force(thing))


@register.simple_tag(takes_context=True)
def named_list(context: template.Context, things: Iterable[Named]) -> SafeString:
    """Several names as links, with commas."""
    return format_html_join(", ", "{}", ((named(context, one),) for one in things))


@register.simple_tag(takes_context=True)
def said(context: template.Context, one: Said) -> SafeString:
    """One field of a rule in words: text, a link to what it refers to, or a list of parts."""
    if one.link:
        address = f"{reverse('rule', args=one.link)}{_day_of(context)}"
        return format_html('<a class="govuk-link" href="{}">{}</a>', address, one.words)
    if not one.parts:
        return format_html("{}", one.words)
    items = [
        format_html_join(
            "; ",
            "{}{}",
            ((f"{inner.label}: " if inner.label else "", said(context, inner)) for inner in part),
        )
        for part in one.parts
    ]
    if len(items) == 1:
        return items[0]
    listed = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return format_html('<ul class="govuk-list govuk-list--bullet govuk-!-margin-bottom-0">{}</ul>', listed)


@register.filter
def when_in_force(thing: Any) -> str:
    """From when until when, in words: "from 1 April 2023", "until 31 March 2023"."""
    begins, ends = words.plain_date(thing.valid_from), words.plain_date(thing.valid_until)
    if begins and ends:
        return f"{begins} to {ends}"
    if begins:
        return f"from {begins}"
    return f"until {ends}" if ends else "no dates set"


@register.simple_tag
def cited(citations: Citations, entry: InForce, plain: bool = False) -> SafeString:
    """The sources of an entry in one line, with the mark of what is to be checked.

    `plain`: without the label, for a column that has it in its heading.
    """
    found = citations.source_of(entry)
    if plain:
        return format_html("{} {}", found.text, marks.verify_mark() if found.verify else "")
    return marks.source(found.text, url=found.url, verify=found.verify)


@register.simple_tag
def sources(citations: Citations, entries: Iterable[InForce] | InForce) -> SafeString | str:
    """The sources of a section in one fold, each once; the mark says that something is to be checked."""
    lines = citations.gathered([entries] if isinstance(entries, InForce) else entries)
    if not lines:
        return ""
    listed = format_html_join("", "<li>{}</li>", ((_source_words(line),) for line in lines))
    content = format_html('<ul class="govuk-list govuk-list--bullet">{}</ul>', listed)
    title = "Sources, some still to be checked" if any(line.verify for line in lines) else "Sources"
    return format_html(
        '<div class="sh-sources">{}</div>',
        components.draw("govuk/details", title=title, content=content, open=False),
    )


def _source_words(line: Source) -> SafeString:
    text = (
        format_html('<a class="govuk-link" href="{}">{}</a>', line.url, line.text)
        if line.url
        else format_html("{}", line.text)
    )
    return format_html("{} {}", text, marks.verify_mark()) if line.verify else text


@register.simple_tag(takes_context=True)
def as_reported(context: template.Context, citations: Citations, entries: Iterable[InForce] | InForce) -> str:
    """On another day than today: when what a page shows was reported, for it may not be so on that day."""
    given = [entries] if isinstance(entries, InForce) else list(entries)
    days = {day for one in given if (day := citations.dated(one))}
    if context.get("day_is_today") or not days or days == {context.get("day")}:
        return ""
    return f"As reported on {words.plain_date(max(days))}"


def _day_of(context: template.Context) -> str:
    return str(context.get("day_query") or "")
