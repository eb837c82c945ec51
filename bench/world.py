"""Many matters and persons, made by the owner in SQL: for measuring, never for showing.

The demonstration's partnership gets hubs and agencies up to the asked numbers, one agreement that binds
all of them, and matters with a person and interests each; about one matter in a hundred is shared with
the unit of `PARTNER`. Names are drawn from a skewed list, as real ones are.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connections

from saferhub.foundation import walls

PARTNER = "priya.partner"
RESTRICTED = "colin.coordinator"
MANAGER = "maya.manager"

GIVEN = "Alder Bryony Corin Delphine Edwin Fern Gwilym Hester Idris Juno Kit Linnet Merrick Nerys Orla Perran"
FAMILY = (
    "Applegarth Birkdale Coverdale Dunstall Eskrigg Farndale Garsdale Hawksworth Ingleby Jervaulx Kexby"
    " Langthorne Masham Nunnington Oulston Pickhill Quernmore Redmire Swainby Thoralby Uckerby Wensley Yafforth"
)

SQL = """
INSERT INTO partnership_entry (partnership_id, section, code, position)
  SELECT %(partnership)s, 'agencies', 'bench_agency_' || n, 900 FROM generate_series(1, %(agencies)s) n;
INSERT INTO partnership_agency (public_id, created_at, partnership_id, entry_id, code, name)
  SELECT 'BA' || lpad(e.id::text, 14, '0'), now(), e.partnership_id, e.id, e.code, initcap(replace(e.code, '_', ' '))
    FROM partnership_entry e WHERE e.code LIKE 'bench\\_agency\\_%%';
INSERT INTO partnership_unit (public_id, created_at, agency_id, code, name)
  SELECT 'BU' || lpad(a.id::text, 14, '0'), now(), a.id, 'whole', a.name
    FROM partnership_agency a WHERE a.code LIKE 'bench\\_agency\\_%%';
INSERT INTO partnership_entry (partnership_id, section, code, position)
  SELECT %(partnership)s, 'hubs', 'bench_hub_' || n, 900 FROM generate_series(1, %(hubs)s) n;
INSERT INTO partnership_hub (public_id, created_at, partnership_id, entry_id, code, name, prefix)
  SELECT 'BH' || lpad(e.id::text, 14, '0'), now(), e.partnership_id, e.id, e.code, initcap(replace(e.code, '_', ' ')),
         chr(90 - ((row_number() OVER ())::int / 26) %% 26) || 'Q' || chr(65 + ((row_number() OVER ())::int %% 26))
    FROM partnership_entry e WHERE e.code LIKE 'bench\\_hub\\_%%';
INSERT INTO sharing_agreement (public_id, created_at, partnership_id, code, title, about, purposes, gateways,
    lawful_bases, data_items, necessity, security, retention, rights, breach, every_hub, opens_hubs,
    first_day, status, version)
  VALUES ('BENCHAGREEMENT00', now(), %(partnership)s, 'bench', 'Bench', '', '["reduce_asb"]',
    '["crime_and_disorder"]', '[]', '[]', '', '', '', '', '', true, true, '2018-01-01', 'in_force', 1);
INSERT INTO sharing_agreement_party (public_id, created_at, agreement_id, agency_id, signed_post, signed_on, withdrawn_reason)
  SELECT 'BP' || lpad(a.id::text, 14, '0'), now(), g.id, a.id, 'x', '2018-01-01', ''
    FROM partnership_agency a, sharing_agreement g WHERE a.partnership_id = %(partnership)s AND g.code = 'bench';

CREATE TEMP TABLE bench_unit AS
  SELECT row_number() OVER (ORDER BY u.id) - 1 AS n, u.id FROM partnership_unit u
    JOIN partnership_agency a ON a.id = u.agency_id
   WHERE a.partnership_id = %(partnership)s AND u.code = 'whole'
     AND a.id <> (SELECT agency_id FROM partnership_unit WHERE id = %(partner_unit)s) -- she sees one in a hundred
   ORDER BY u.id LIMIT %(agencies)s;
CREATE TEMP TABLE bench_hub AS
  SELECT row_number() OVER (ORDER BY (code = 'selby') DESC, (code = 'scarborough') DESC, id) - 1 AS n, id
    FROM partnership_hub WHERE partnership_id = %(partnership)s LIMIT %(hubs)s;
CREATE TEMP TABLE bench_matter AS
  SELECT n, nextval(pg_get_serial_sequence('sharing_folder', 'id')) AS folder_id,
         nextval(pg_get_serial_sequence('sharing_folder', 'id')) AS person_folder_id,
         floor(random() * %(agencies)s)::int AS unit_n, floor(random() * %(hubs)s)::int AS hub_n,
         CASE WHEN random() < 0.03 THEN 1 ELSE 0 END AS sensitivity
    FROM generate_series(1, %(matters)s) n;
INSERT INTO sharing_folder (id, public_id, created_at, partnership_id, hub_id, unit_id, kind, sensitivity)
  SELECT m.folder_id, 'BF' || lpad(m.folder_id::text, 14, '0'), now(), %(partnership)s, h.id, u.id, 'matter', m.sensitivity
    FROM bench_matter m JOIN bench_unit u ON u.n = m.unit_n JOIN bench_hub h ON h.n = m.hub_n
  UNION ALL
  SELECT m.person_folder_id, 'BF' || lpad(m.person_folder_id::text, 14, '0'), now(), %(partnership)s, NULL, u.id, 'person', m.sensitivity
    FROM bench_matter m JOIN bench_unit u ON u.n = m.unit_n;
INSERT INTO sharing_matter (public_id, created_at, partnership_id, folder_id, hub_id, unit_id, sensitivity, reference,
    kind, title, about, purpose, status, opened_on, opened_by, version)
  SELECT 'BM' || lpad(m.n::text, 14, '0'), now(), %(partnership)s, m.folder_id, f.hub_id, f.unit_id, f.sensitivity,
         'BEN-' || lpad(m.n::text, 8, '0'), 'matter',
         (%(family)s::text[])[1 + floor(random() * 23)] || ' Close ' || (m.n %% 900), '', 'reduce_asb',
         'open', date '2018-08-28' - (random() * 1000)::int, 'x', 1
    FROM bench_matter m JOIN sharing_folder f ON f.id = m.folder_id;
INSERT INTO people_person (public_id, created_at, partnership_id, folder_id, agency, name, born_on, born_precision, sex,
    language, given_on, given_by, version)
  SELECT 'BX' || lpad(m.n::text, 14, '0'), now(), %(partnership)s, m.person_folder_id, 'x',
         (%(given)s::text[])[1 + floor(power(random(), 2) * 16)] || ' ' || (%(family)s::text[])[1 + floor(power(random(), 2) * 23)],
         date '1940-01-01' + (random() * 25000)::int, 'exact', '', '', '2018-01-01', 'x', 1
    FROM bench_matter m;
INSERT INTO people_name (public_id, created_at, partnership_id, folder_id, person_id, by, version, kind, given, family, is_main)
  SELECT 'BN' || lpad(p.id::text, 14, '0'), now(), p.partnership_id, p.folder_id, p.id, 'x', 1, 'legal',
         split_part(p.name, ' ', 1), split_part(p.name, ' ', 2), true
    FROM people_person p WHERE p.public_id LIKE 'BX%%';
INSERT INTO people_address (public_id, created_at, partnership_id, folder_id, person_id, kind, lines, postcode, uprn, key,
    is_protected, by, version)
  SELECT 'BA' || lpad(p.id::text, 14, '0'), now(), p.partnership_id, p.folder_id, p.id, 'home',
         (p.id %% 90) || ' Bench Row', 'ZZ99 ' || (p.id %% 9) || 'ZZ', '', 'ZZ99' || (p.id %% 9) || 'ZZ ' || (p.id %% 90), false, 'x', 1
    FROM people_person p WHERE p.public_id LIKE 'BX%%';
INSERT INTO sharing_enclosure (public_id, created_at, inner_id, outer_id, by, ended_by, end_reason)
  SELECT 'BE' || lpad(m.n::text, 14, '0'), now(), m.person_folder_id, m.folder_id, 'x', '', '' FROM bench_matter m;
INSERT INTO sharing_interest (public_id, created_at, folder_id, unit_id, sensitivity, purpose, gateway, agreement_id,
    because, valid_from, valid_until, given_by, ended_by, end_reason)
  SELECT 'BI' || lpad(row_number() OVER ()::text, 14, '0'), now(), m.folder_id, u.id, 0, 'reduce_asb', 'crime_and_disorder',
         (SELECT id FROM sharing_agreement WHERE code = 'bench'), 'contributes', timestamptz '2017-01-01',
         CASE WHEN random() < 0.2 THEN timestamptz '2018-01-01' END, 'x', '', ''
    FROM bench_matter m CROSS JOIN generate_series(1, %(interests)s) k
    JOIN bench_unit u ON u.n = (m.unit_n + k * 7) %% %(agencies)s;
INSERT INTO sharing_interest (public_id, created_at, folder_id, unit_id, sensitivity, purpose, gateway, agreement_id,
    because, valid_from, given_by, ended_by, end_reason)
  SELECT 'BJ' || lpad(m.n::text, 14, '0'), now(), m.folder_id, %(partner_unit)s, 0, 'reduce_asb', 'crime_and_disorder',
         (SELECT id FROM sharing_agreement WHERE code = 'bench'), 'contributes', timestamptz '2017-01-01', 'x', '', ''
    FROM bench_matter m WHERE m.n %% 100 = 0 AND m.sensitivity = 0;
INSERT INTO partnership_membership (public_id, created_at, user_id, partnership_id, unit_id, role, hub_id, valid_from,
    given_by, reason, ended_by, end_reason, ended_at_once)
  SELECT 'BENCHMEMBERSHIP0', now(), m.user_id, m.partnership_id, m.unit_id, m.role,
         (SELECT id FROM bench_hub WHERE n = 1), m.valid_from, '', '', '', '', false
    FROM partnership_membership m JOIN accounts_user u ON u.id = m.user_id WHERE u.username = %(restricted)s;
"""


def make(*, matters: int, hubs: int, agencies: int, interests: int = 5) -> None:
    """Fill the database that the owner's connection points at."""
    from saferhub.accounts.models import User
    from saferhub.partnership.models import Membership

    partner = Membership.objects.filter(user=User.objects.get(username=PARTNER)).earliest("id")
    have = partner.partnership.hubs.count(), partner.partnership.agencies.count()
    models = [model for model in apps.get_models() if model._meta.db_table in walls.declared()]
    with walls.unforced(*models), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT setseed(0.2018)")
        cursor.execute("DROP TABLE IF EXISTS bench_unit, bench_hub, bench_matter")
        values = {
            "partnership": partner.partnership_id,
            "partner_unit": partner.unit_id,
            "restricted": RESTRICTED,
            "matters": matters,
            "hubs": max(hubs, have[0]),
            "agencies": max(agencies, have[1]),
            "interests": interests,
            "given": GIVEN.split(),
            "family": FAMILY.split(),
        }
        for statement in SQL.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")  # as the server does by itself in time
