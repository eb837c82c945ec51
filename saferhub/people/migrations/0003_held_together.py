"""Parts of a person lie in that person's folder, and everything in its own partnership."""

from django.db import migrations

from saferhub.foundation.held_together import in_its_folder, in_its_partnership

PARTS = (
    "people_name",
    "people_identifier",
    "people_contact_point",
    "people_equality_answer",
    "people_communication_need",
    "people_staff_risk",
    "people_safe_contact",
    "people_relationship",
)

# An index under row-level security serves only comparisons that leak nothing, so these are for the gate's
# own search functions.
SEARCH = """
CREATE INDEX people_name_given_trigrams ON people_name USING gin (lower(given) gin_trgm_ops);
CREATE INDEX people_name_family_trigrams ON people_name USING gin (lower(family) gin_trgm_ops);
CREATE INDEX people_name_family_sound ON people_name (dmetaphone(family));
CREATE INDEX people_person_born ON people_person (born_on);
CREATE INDEX people_address_trigrams ON people_address USING gin (lower(lines) gin_trgm_ops);
CREATE INDEX people_place_name_trigrams ON people_place USING gin (lower(name) gin_trgm_ops);
CREATE INDEX sharing_matter_title_trigrams ON sharing_matter USING gin (lower(title) gin_trgm_ops);
CREATE INDEX sharing_matter_reference_trigrams ON sharing_matter USING gin (reference gin_trgm_ops);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_initial"), ("sharing", "0002_held_together")]
    operations = [
        *[in_its_partnership(table) for table in ("people_person", "people_place", "people_address", *PARTS)],
        *[in_its_folder(table, "person_id", "people_person") for table in (*PARTS, "people_address")],
        in_its_folder("people_address", "place_id", "people_place"),
        in_its_folder("people_link_decision", "a_id", "people_person", folder="a_folder_id"),
        in_its_folder("people_link_decision", "b_id", "people_person", folder="b_folder_id"),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
    ]
