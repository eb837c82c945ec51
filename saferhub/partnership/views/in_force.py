"""The rules in force on a day: the list, and each with its source and history."""

from __future__ import annotations

from typing import cast

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse

from saferhub.partnership.access import Permission
from saferhub.partnership.forms.in_force import EntryFilterForm
from saferhub.partnership.packs import all_sections
from saferhub.partnership.queries import rules_in_force as queries
from saferhub.partnership.queries.citations import Citations
from saferhub.partnership.views.partnership_page import Reading, partnership_page

PER_PAGE = 40
# Sections whose entries have a page of their own, by the name of its address.
_PAGES = {"agencies": "agency", "hubs": "hub", "boards": "board", "clocks": "clock", "priorities": "area"}


@partnership_page(EntryFilterForm)
def rules(reading: Reading) -> HttpResponse:
    """The sections with their counts; once filtered, sorted or paged, the rules themselves."""
    form = cast(EntryFilterForm, reading.form)
    form.offer(queries.section_titles())
    filters = form.filters(reading.request.GET.get("sort", ""))
    if not any(name in reading.request.GET for name in (*form.fields, "sort", "page") if name != "on"):
        index = queries.index(reading.partnership, reading.day)
        return reading.answer(
            "partnership/rules_index.html",
            index=index,
            found=sum(one.rules for one in index),
            to_check=sum(one.to_check for one in index),
            sees_packs=reading.actor.has(Permission.VIEW_PACKS),
        )
    lines = queries.rules_in_force(reading.partnership, reading.day, filters)
    rows = queries.in_years(lines)
    shown = Paginator(rows, PER_PAGE).get_page(reading.request.GET.get("page"))
    return reading.answer(
        "partnership/rules.html",
        lines=shown,
        only_years=all(line.year for line in rows),
        sees_packs=reading.actor.has(Permission.VIEW_PACKS),
        found=len(lines),
        to_check=sum(line.entry.verify for line in lines),
        about=next((one.summary for one in all_sections() if one.name == filters.section), ""),
        citations=Citations(reading.partnership),
    )


@partnership_page()
def rule(reading: Reading, section: str, code: str) -> HttpResponse:
    """One rule in full. 404 for what neither England nor this partnership ever had."""
    try:
        found = queries.rule(reading.partnership, section, code, reading.day)
    except KeyError:
        found = None
    if found is None:
        raise Http404
    citations = Citations(reading.partnership)
    return reading.answer(
        "partnership/rule.html",
        rule=found,
        page_url=_page_of(reading, found),
        page_words="Open its own page",
        sources=citations.lines_of(found.now) if found.now else [],
        report=citations.report_of(found.now) if found.now else None,
    )


def _page_of(reading: Reading, found: queries.Rule) -> str:
    """The address of the page about the thing itself. Clocks have one today only, others on any day."""
    if found.section not in _PAGES or (found.section == "clocks" and not (found.now and reading.is_today)):
        return ""
    return f"{reverse(_PAGES[found.section], args=[found.code])}{reading.day_query}"
