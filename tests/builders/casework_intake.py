"""Keys and links as the pages make them: Colin allows, somebody of the unit draws."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from saferhub.casework.models import ApiToken, ReferralLink, SheetImport, SheetLoad
from saferhub.casework.operations.intake_imports import File, keep_mapping, read_in
from saferhub.casework.operations.intake_keys import allow_key, draw_secret
from saferhub.casework.operations.intake_links import make_link
from saferhub.casework.operations.intake_loading import ask_to_load
from saferhub.casework.rules.intake import SCOPES
from saferhub.casework.rules.intake_rows import FIELDS, Row
from saferhub.partnership.models import Hub
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Agreement
from tests.builders.casework import actor, unit_of


def a_key(
    cast: dict[str, Any], whose: str = "priya.partner", scopes: Any = tuple(SCOPES), days: int = 90
) -> tuple[ApiToken, str]:
    """A key of that person's unit and its secret, drawn by her."""
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        key = allow_key(
            unit=unit_of(cast, whose),
            label="Their case system",
            scopes=scopes,
            expires_on=colin.on + timedelta(days=days),
            by=colin,
            on=colin.on,
        )
    with entered(cast[whose]):
        return key, draw_secret(key_id=key.public_id, by=actor(cast, whose))


def a_link(
    cast: dict[str, Any], whose: str = "priya.partner", *, most_uses: int = 1, days: int = 7
) -> tuple[ReferralLink, str]:
    """A link through which that person's unit refers to Selby's hub, and its secret."""
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        return make_link(
            unit=unit_of(cast, whose),
            hub=Hub.objects.get(code="selby", partnership=colin.partnership),
            purpose="reduce_asb",
            gateway="crime_and_disorder",
            agreement=Agreement.objects.get(code="hubs_2018"),
            label="Community nurse",
            days=days,
            most_uses=most_uses,
            by=colin,
            on=colin.on,
        )


def a_body(**more: Any) -> dict[str, Any]:
    """A referral as another system sends it."""
    return {
        "hub": "selby",
        "purpose": "reduce_asb",
        "subject_kind": "location",
        "title": "Shouting by the station",
        "happened": "Every evening since May.",
        "where": "The forecourt",
        "tried": "We have spoken to them twice.",
        "asked_for": "Somebody to lead.",
        "children": "no",
    } | more


def an_import(cast: dict[str, Any], whose: str = "priya.partner") -> SheetImport:
    """A sheet of one row that this person read in."""
    with entered(cast[whose]):
        return read_in(**a_sheet(cast, whose))


def a_load(cast: dict[str, Any], whose: str = "priya.partner", *, count: int = 1) -> SheetLoad:
    """A sheet that this person asked the worker to read in."""
    with entered(cast[whose]):
        return ask_to_load(**a_sheet(cast, whose, count=count))


def a_sheet(cast: dict[str, Any], whose: str = "priya.partner", *, count: int = 1) -> dict[str, Any]:
    """A checked sheet of so many rows, as the operations take it. The caller has entered as this person."""
    who = actor(cast, whose)
    said = {code: str(a_body().get(code, "")) for code in FIELDS}
    return {
        "mapping": keep_mapping(name="Case list", settings={}, by=who, on=who.on),
        "rows": [Row(2 + number, said | {"number": str(1 + number)}) for number in range(count)],
        "file": File("list.csv", "0" * 64),
        "hub": Hub.objects.get(code="selby", partnership=who.partnership),
        "purpose": "reduce_asb",
        "by": who,
        "on": who.on,
    }
