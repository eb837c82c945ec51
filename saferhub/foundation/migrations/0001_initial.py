"""The ground everything stands on: the gate schema, business time, the shared cache."""

import django.db.models
from django.db import migrations, models

GATE = """
CREATE SCHEMA gate AUTHORIZATION CURRENT_USER;
COMMENT ON SCHEMA gate IS 'What stands between a role and a row: settings, time, reading views';
REVOKE ALL ON SCHEMA gate FROM PUBLIC;

-- Business time, the same for the database's rules as foundation.clock is for Python's. Days of
-- 24 hours, so that both calculate alike when the clocks change.
CREATE FUNCTION gate.instant() RETURNS timestamptz
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT statement_timestamp()
               - make_interval(hours => 24 * coalesce((SELECT o.days FROM public.foundation_clock_offset o), 0)) $$;
"""

CACHE = """
CREATE TABLE foundation_cache (
  cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX foundation_cache_expires ON foundation_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="ClockOffset",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("days", models.IntegerField(help_text="Days the business clock is behind the real one")),
            ],
            options={
                "db_table": "foundation_clock_offset",
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.Q(("id", 1)), name="clock_offset_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("reached_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"db_table": "foundation_milestone"},
        ),
        migrations.RunSQL(GATE, "DROP SCHEMA gate CASCADE"),
        migrations.RunSQL(CACHE, "DROP TABLE foundation_cache"),
    ]
