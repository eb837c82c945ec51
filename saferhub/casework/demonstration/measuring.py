"""A world to measure with: more hubs and agencies than any county has, and thin cases in them.

The hubs and agencies are rows of the owner's, since no pack has them; one agreement binds all. One hub in twenty
works with the mental health provider in a fifth of its cases, so that this partner sees about one case in a hundred.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections, transaction

from saferhub.accounts.models import User
from saferhub.foundation import walls
from saferhub.partnership.access import Role
from saferhub.partnership.models import Agency, Hub, Partnership
from saferhub.partnership.operations.demonstration import Part, Size, invented_person
from saferhub.sharing.models import Agreement

from .facts import PURPOSES, Facts, Ground
from .world import Staff

PARTNER = "health"
_GATEWAY = "crime_and_disorder"
_EACH = 4

_SQL = """
INSERT INTO partnership_entry (partnership_id, section, code, position)
  SELECT %(partnership)s, 'agencies', 'measured_agency_' || n, 900 FROM generate_series(1, %(agencies)s) n;
INSERT INTO partnership_agency (public_id, created_at, partnership_id, entry_id, code, name)
  SELECT 'MA' || lpad(e.id::text, 14, '0'), now(), e.partnership_id, e.id, e.code, initcap(replace(e.code, '_', ' '))
    FROM partnership_entry e WHERE e.code LIKE 'measured\\_agency\\_%%';
INSERT INTO partnership_unit (public_id, created_at, agency_id, code, name)
  SELECT 'MU' || lpad(a.id::text, 14, '0'), now(), a.id, 'whole', a.name
    FROM partnership_agency a WHERE a.code LIKE 'measured\\_agency\\_%%';
INSERT INTO partnership_entry (partnership_id, section, code, position)
  SELECT %(partnership)s, 'hubs', 'measured_hub_' || n, 900 FROM generate_series(1, %(hubs)s) n;
INSERT INTO partnership_hub (public_id, created_at, partnership_id, entry_id, code, name, prefix)
  SELECT 'MH' || lpad(e.id::text, 14, '0'), now(), e.partnership_id, e.id, e.code, initcap(replace(e.code, '_', ' ')),
         chr(90 - ((row_number() OVER ())::int / 26) %% 26) || 'M' || chr(65 + ((row_number() OVER ())::int %% 26))
    FROM partnership_entry e WHERE e.code LIKE 'measured\\_hub\\_%%';
INSERT INTO sharing_agreement (public_id, created_at, partnership_id, code, title, about, purposes, gateways,
    lawful_bases, data_items, necessity, security, retention, rights, breach, every_hub, opens_hubs,
    first_day, status, version)
  VALUES ('MEASUREDAGREEMEN', now(), %(partnership)s, 'measured', 'To measure with', '',
    '["reduce_asb", "prevent_crime_disorder"]', '["crime_and_disorder"]', '[]', '[]', '', '', '', '', '', true, true,
    '2018-01-01', 'in_force', 1);
INSERT INTO sharing_agreement_party (public_id, created_at, agreement_id, agency_id, signed_post, signed_on,
    withdrawn_reason)
  SELECT 'MP' || lpad(a.id::text, 14, '0'), now(), g.id, a.id, 'x', '2018-01-01', ''
    FROM partnership_agency a, sharing_agreement g WHERE a.partnership_id = %(partnership)s AND g.code = 'measured';
"""


def enlarge(partnership: Partnership, size: Size) -> None:
    """Add hubs and agencies up to the asked numbers; once, since a world that was broken off is begun again."""
    if Agreement.objects.using("steward").filter(code="measured").exists():
        return
    have = partnership.hubs.count(), partnership.agencies.count()
    values = {
        "partnership": partnership.pk,
        "hubs": max(0, size.hubs - have[0]),
        "agencies": max(_EACH, size.agencies - have[1]),
    }
    guarded = [model for model in apps.get_models() if model._meta.db_table in walls.declared()]
    with walls.unforced(*guarded), connections["owner"].cursor() as cursor:
        for statement in _SQL.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)


@transaction.atomic
def call(
    people: dict[str, User], size: Size, partnership: Partnership
) -> tuple[dict[str, User], list[Staff]]:
    """Somebody for each invented agency, and who works in which hub. Colin co-ordinates Selby; the other hubs are
    co-ordinated by whoever is at hand."""
    users: dict[str, User] = {"colin": people["colin.coordinator"], PARTNER: people["priya.partner"]}
    ours = Agency.objects.filter(partnership=partnership, code__startswith="measured_agency_").order_by("id")
    keys = []
    for agency in ours:
        part = Part(partnership.code, agency.code, "whole", Role.PARTNER)
        there = User.objects.filter(username=agency.code).first()
        users[agency.code] = there or invented_person(
            agency.code, agency.name, "Officer", f"{agency.code}@demo.invalid", part
        )
        keys.append(agency.code)
    hubs = sorted(Hub.objects.filter(partnership=partnership), key=lambda hub: (hub.code != "selby", hub.pk))[
        : size.hubs
    ]
    staff = []
    for place, hub in enumerate(hubs):
        near = [keys[(place * 3 + step) % len(keys)] for step in range(_EACH)]
        others = (PARTNER, *near) if place % 20 == 2 else tuple(near)
        staff.append(
            Staff(
                hub.code,
                hub.code.capitalize(),
                "colin" if hub.code == "selby" else near[0],
                tuple(near[1:]),
                others,
            )
        )
    return users, staff


def ground(facts: Facts, staff: list[Staff]) -> Any:
    """Everything rests on the one agreement."""
    agreement = Agreement.objects.using("steward").get(code="measured")
    for purpose in PURPOSES:
        for key in facts.workers:
            facts.shares[key, purpose] = Ground(_GATEWAY, agreement)
            for hub in staff:
                facts.grounds[key, purpose, hub.hub] = Ground(_GATEWAY, agreement)
