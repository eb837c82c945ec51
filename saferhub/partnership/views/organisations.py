"""Agencies, hubs and boards: lists, and a page for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.core.paginator import Paginator
from django.http import HttpResponse

from saferhub.foundation.templatetags.words import count_words
from saferhub.partnership.access.organisations import get_agency, get_board, get_hub
from saferhub.partnership.forms.in_force import AgencyFilterForm
from saferhub.partnership.queries import about, in_force
from saferhub.partnership.queries.citations import Citations
from saferhub.partnership.queries.organisation_rows import BOARD_KIND
from saferhub.partnership.queries.organisations import Directory, units_of
from saferhub.partnership.views.partnership_page import Reading, partnership_page

PER_PAGE = 50


@partnership_page(AgencyFilterForm)
def agencies(reading: Reading) -> HttpResponse:
    """The list of agencies on the day."""
    directory = Directory(reading.partnership, reading.day)
    form = cast(AgencyFilterForm, reading.form)
    agencies = directory.entries("agencies")
    form.offer(
        roles=_choices(directory, "legal_roles", (one.item.legal_role for one in agencies)),
        kinds=_choices(directory, "agency_kinds", (one.item.kind for one in agencies)),
    )
    lines = directory.agency_lines(form.filters(reading.request.GET.get("sort", "")))
    return reading.answer(
        "partnership/agencies.html",
        legal_roles=directory.entries("legal_roles"),
        lines=Paginator(lines, PER_PAGE).get_page(reading.request.GET.get("page")),
        has_agencies=bool(agencies),
    )


def _choices(directory: Directory, section: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Those that some agency has, by name."""
    return sorted(
        ((code, directory.named(section, code).name) for code in set(codes)), key=lambda pair: pair[1]
    )


@partnership_page()
def agency(reading: Reading, code: str) -> HttpResponse:
    """One agency, also when it is not in force on the day."""
    found = get_agency(reading.actor, code)
    directory = Directory(reading.partnership, reading.day)
    entry = directory.get("agencies", found.code)
    kind = directory.get("agency_kinds", entry.item.kind) if entry else None
    return reading.answer(
        "partnership/agency.html",
        thing=directory.named("agencies", found.code),
        entry=entry,
        legal_role=directory.get("legal_roles", entry.item.legal_role) if entry else None,
        kind=kind,
        agency_entries=[one for one in (entry, kind) if one],
        kind_name=directory.agency_kind(entry) if entry else "",
        areas=directory.area_words(entry.item.areas) if entry else [],
        units=units_of(entry) if entry else [],
        seats=directory.seats_of(found.code),
        hubs=directory.hubs_of(found.code),
        priorities=directory.priorities_led_by(agency=found.code),
        succession=directory.succession("agencies", found.code),
        history=in_force.history(reading.partnership, "agencies", found.code),
        citations=Citations(reading.partnership),
    )


@partnership_page()
def hubs(reading: Reading) -> HttpResponse:
    """The list of hubs on the day."""
    directory = Directory(reading.partnership, reading.day)
    lines = [
        (
            directory.named("hubs", one.code),
            one,
            directory.area_words(one.item.areas),
            directory.names("agencies", one.item.agencies),
        )
        for one in directory.entries("hubs")
    ]
    return reading.answer(
        "partnership/hubs.html",
        lines=lines,
        ways=directory.entries("ways_of_working"),
        evaluation=about.messages(reading.partnership, reading.day),
        citations=Citations(reading.partnership),
    )


@partnership_page()
def hub(reading: Reading, code: str) -> HttpResponse:
    """One hub, also when it is not in force on the day."""
    found = get_hub(reading.actor, code)
    directory = Directory(reading.partnership, reading.day)
    entry = directory.get("hubs", found.code)
    item = entry.item if entry else None
    return reading.answer(
        "partnership/hub.html",
        thing=directory.named("hubs", found.code),
        entry=entry,
        areas=directory.area_words(item.areas) if item else [],
        agencies=[(directory.named("agencies", one), one in item.co_located) for one in item.agencies]
        if item
        else [],
        coordinator_agency=directory.named("agencies", item.coordinator_agency)
        if item and item.coordinator_agency
        else None,
        ways=directory.entries("ways_of_working"),
        succession=directory.succession("hubs", found.code),
        history=in_force.history(reading.partnership, "hubs", found.code),
        citations=Citations(reading.partnership),
    )


@partnership_page()
def boards(reading: Reading) -> HttpResponse:
    """Boards and groups on the day: who reports to whom, then all of them with what they are for."""
    directory = Directory(reading.partnership, reading.day)
    lines = [
        (directory.named("boards", one.code), kind, one, directory.area_words(one.item.areas))
        for kind, one in directory.boards_by_kind()
    ]
    return reading.answer(
        "partnership/boards.html",
        structure=directory.structure(),
        lines=lines,
        entries=directory.entries("boards"),
        citations=Citations(reading.partnership),
    )


@partnership_page()
def other_boards(reading: Reading) -> HttpResponse:
    """How the boards work together: their networks, the principles they keep, whose reports are heard."""
    return reading.answer(
        "partnership/other_boards.html",
        found=about.other_boards(Directory(reading.partnership, reading.day)),
        citations=Citations(reading.partnership),
    )


@partnership_page()
def board(reading: Reading, code: str) -> HttpResponse:
    """One board or group, also when it is not in force on the day."""
    found = get_board(reading.actor, code)
    directory = Directory(reading.partnership, reading.day)
    entry = directory.get("boards", found.code)
    item = entry.item if entry else None
    itself = directory.itself
    seats = directory.members_of(entry) if entry else []
    members = [one for one in seats if one.holder.is_in_force]
    return reading.answer(
        "partnership/board.html",
        thing=directory.named("boards", found.code),
        entry=entry,
        kind=BOARD_KIND[item.kind] if item else "",
        is_own_board=bool(itself and itself.item.board == found.code),
        is_scrutiny_board=bool(itself and itself.item.scrutiny_board == found.code),
        areas=directory.area_words(item.areas) if item else [],
        chair_agency=directory.named("agencies", item.chair_agency) if item and item.chair_agency else None,
        parent=directory.named("boards", item.parent) if item and item.parent else None,
        reports_to=directory.names("boards", item.reports_to) if item else [],
        groups=directory.groups_of(found.code),
        reporting=directory.reporting_to(found.code),
        members=members,
        members_note=count_words(len(members), "member") if members else "",
        lapsed=[one for one in seats if not one.holder.is_in_force],
        priorities=directory.priorities_led_by(board=found.code),
        principles=directory.principles_of(found.code),
        is_to_join=directory.is_to_join(found.code),
        principles_title="Principles it is to keep to"
        if directory.is_to_join(found.code)
        else "Principles it keeps to",
        office=directory.named("agencies", itself.item.lead_agency) if itself else None,
        succession=directory.succession("boards", found.code),
        history=in_force.history(reading.partnership, "boards", found.code),
        citations=Citations(reading.partnership),
    )
