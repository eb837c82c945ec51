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
from saferhub.partnership.queries.citations import Citations
from saferhub.partnership.queries.in_force import InForce
from saferhub.partnership.queries.organisation_rows import Named
from saferhub.partnership.queries.rules_in_force import Said

register = template.Library()

_EVERYONE = Permission.VIEW_PARTNERSHIP
# Label, name of the address, who is offered it.
TABS = (
    ("About", "partnership", _EVERYONE),
    ("Agencies", "agencies", _EVERYONE),
    ("Hubs", "hubs", _EVERYONE),
    ("Boards and groups", "boards", _EVERYONE),
    ("People", "people", _EVERYONE),
    ("Statutory calendar", "calendar", _EVERYONE),
    ("Clocks", "clocks", _EVERYONE),
    ("Rules in force", "rules", _EVERYONE),
    ("Roles", "roles", _EVERYONE),
    ("Packs", "packs", Permission.VIEW_PACKS),
)
# These show what holds on the page's day; the others have dates of their own.
_DATED = {"partnership", "agencies", "hubs", "boards", "rules"}
_PAGE_OF = {"agencies": "agency", "hubs": "hub", "boards": "board"}


@register.simple_tag(takes_context=True)
def partnership_tabs(context: template.Context) -> SafeString | str:
    """The pages about the partnership, those that the reader may open; the day goes along."""
    request = request_of(context)
    if request is None:
        return ""
    addresses = [(label, name, reverse(name)) for label, name, asks in TABS if request.actor.has(asks)]  # type: ignore[attr-defined]
    here = max((url for _, _, url in addresses if request.path.startswith(url)), key=len, default="")
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


def _day_of(context: template.Context) -> str:
    return str(context.get("day_query") or "")
