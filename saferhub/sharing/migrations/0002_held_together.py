"""What the database itself holds together: partnership and folder, the text search's extensions, drafts."""

from django.db import migrations

from saferhub.foundation.held_together import in_its_partnership

DRAFT_ONLY = """
CREATE FUNCTION gate.agreement_part_is_a_drafts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM public.sharing_agreement a WHERE a.id = OLD.agreement_id AND a.status <> 'draft') THEN
    RAISE EXCEPTION 'What an agreement says and who has signed it stays, once it was in force';
  END IF;
  RETURN OLD;
END
$$;
CREATE TRIGGER keep_when_in_force BEFORE DELETE ON sharing_agreement_party
  FOR EACH ROW EXECUTE FUNCTION gate.agreement_part_is_a_drafts();
CREATE TRIGGER keep_when_in_force BEFORE DELETE ON sharing_agreement_hub
  FOR EACH ROW EXECUTE FUNCTION gate.agreement_part_is_a_drafts();
"""

EXTENSIONS = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
CREATE EXTENSION IF NOT EXISTS unaccent;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_initial")]
    operations = [
        migrations.RunSQL(EXTENSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(DRAFT_ONLY, "DROP FUNCTION gate.agreement_part_is_a_drafts CASCADE"),
        *[
            in_its_partnership(table)
            for table in (
                "sharing_matter",
                "sharing_matter_move",
                "sharing_handover",
                "sharing_revision",
                "sharing_access_request",
                "sharing_emergency",
                "sharing_emergency_reason",
            )
        ],
        in_its_partnership("sharing_revision", folder="outer_id"),
    ]
