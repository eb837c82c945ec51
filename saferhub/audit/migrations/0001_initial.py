"""The audit's tables, and what makes them append-only and self-describing."""

import django.db.models
from django.db import migrations, models

import saferhub.audit.models

PROTECT = """
-- Complete each entry: nothing that matters is left to the writer's word.
-- One text stands for one entry; verify_audit rebuilds it in Python, so both must agree to the letter.
CREATE FUNCTION gate.audit_entry_hash(e public.audit_entry) RETURNS bytea
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(convert_to(jsonb_build_array(
    e.id::text, e.kind, e.event, e.actor, e.agency, e.partnership, e.subject_kind, e.subject, e.purpose,
    e.request, e.codes::text,
    to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    to_char(e.business_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    e.xid::text, e.era::text, e.database_role)::text, 'UTF8')) $$;

CREATE FUNCTION gate.audit_entry_complete() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.at := clock_timestamp();
  NEW.business_at := NEW.at - (statement_timestamp() - gate.instant());
  NEW.xid := pg_current_xact_id();
  NEW.era := (SELECT max(number) FROM public.audit_era);
  NEW.database_role := session_user;
  NEW.row_hash := gate.audit_entry_hash(NEW);
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION gate.audit_entry_complete() FROM PUBLIC;

CREATE TRIGGER audit_entry_complete BEFORE INSERT ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION gate.audit_entry_complete();

CREATE FUNCTION gate.append_only() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION gate.append_only();
CREATE TRIGGER audit_seal_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
  FOR EACH STATEMENT EXECUTE FUNCTION gate.append_only();
CREATE TRIGGER audit_era_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_era
  FOR EACH STATEMENT EXECUTE FUNCTION gate.append_only();

INSERT INTO audit_era (number, cluster, opened_at)
  SELECT 1, system_identifier::text, clock_timestamp() FROM pg_control_system();
"""

UNPROTECT = """
DROP FUNCTION gate.audit_entry_hash(public.audit_entry) CASCADE;
DROP FUNCTION gate.audit_entry_complete() CASCADE;
DROP FUNCTION gate.append_only() CASCADE;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("foundation", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Era",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                (
                    "cluster",
                    models.CharField(help_text="The database cluster's own identifier", max_length=30),
                ),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"db_table": "audit_era"},
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("era", models.IntegerField()),
                ("from_xid", saferhub.audit.models.Xid8Field()),
                (
                    "until_xid",
                    saferhub.audit.models.Xid8Field(
                        help_text="Entries of transactions below this one are sealed"
                    ),
                ),
                ("entries", models.BigIntegerField()),
                ("entries_hash", models.BinaryField()),
                ("previous_hash", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
                ("seal_hash", models.BinaryField()),
            ],
            options={"db_table": "audit_seal"},
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("write", "Change"), ("sight", "Sight"), ("refusal", "Refusal")],
                        max_length=10,
                    ),
                ),
                ("event", models.CharField(max_length=60)),
                (
                    "actor",
                    models.CharField(
                        blank=True,
                        help_text="public_id; blank: the system, or nobody signed in",
                        max_length=40,
                    ),
                ),
                ("agency", models.CharField(blank=True, max_length=60)),
                ("partnership", models.CharField(blank=True, max_length=60)),
                ("subject_kind", models.CharField(blank=True, max_length=60)),
                ("subject", models.CharField(blank=True, max_length=60)),
                ("purpose", models.CharField(blank=True, max_length=60)),
                ("request", models.CharField(blank=True, max_length=32)),
                ("codes", models.JSONField(default=dict)),
                ("at", models.DateTimeField(help_text="Real time")),
                (
                    "business_at",
                    models.DateTimeField(help_text="The demonstration's time; elsewhere the same"),
                ),
                ("xid", saferhub.audit.models.Xid8Field()),
                ("era", models.IntegerField()),
                ("database_role", models.CharField(max_length=63)),
                ("row_hash", models.BinaryField()),
            ],
            options={
                "db_table": "audit_entry",
                "indexes": [
                    models.Index(fields=["xid", "id"], name="audit_entry_seal_order"),
                    models.Index(fields=["partnership", "-id"], name="audit_entry_newest"),
                    models.Index(fields=["subject", "-id"], name="audit_entry_subject"),
                    models.Index(fields=["actor", "-id"], name="audit_entry_actor"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.Q(("kind__in", ["write", "sight", "refusal"])),
                        name="audit_entry_kind",
                    )
                ],
            },
        ),
        migrations.RunSQL(PROTECT, UNPROTECT),
    ]
