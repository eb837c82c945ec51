"""What the database itself holds together: every row in its partnership, every part in its whole's folder. And the
indexes of the words that are searched."""

from django.db import migrations

from saferhub.foundation.held_together import in_its_folder, in_its_partnership

OF_A_MATTER = ("referral", "involved", "case", "sheet_import", "sheet_row")
OF_A_CASE = (
    "case_move",
    "case_review",
    "goal",
    "risk",
    "osara",
    "demand_event",
    "action",
    "intervention",
)
OTHERS = (
    "referral_move",
    "decision",
    "assessment",
    "prompt_answer",
    "note",
    "attachment",
    "action_move",
    "chase",
    "intervention_move",
    "breach",
)

# An index under row-level security serves only comparisons that leak nothing, so these are for the gate's own
# function (sql/words.sql), which has the same expressions letter for letter.
WORDS = """
CREATE INDEX casework_case_words ON casework_case
  USING gin (to_tsvector('pg_catalog.english'::regconfig, why || ' ' || wanted));
CREATE INDEX casework_referral_words ON casework_referral
  USING gin (to_tsvector('pg_catalog.english'::regconfig, happened || ' ' || "where" || ' ' || tried || ' ' || asked_for
  || ' ' || children_words || ' ' || wishes || ' ' || urgent_why || ' ' || reply));
CREATE INDEX casework_action_words ON casework_action
  USING gin (to_tsvector('pg_catalog.english'::regconfig, words || ' ' || evidence || ' ' || blocked_why));
CREATE INDEX casework_note_words ON casework_note
  USING gin (to_tsvector('pg_catalog.english'::regconfig, words));
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial"), ("sharing", "0002_held_together")]
    operations = [
        migrations.RunSQL(
            WORDS,
            "DROP INDEX casework_case_words, casework_referral_words, casework_action_words, casework_note_words",
        ),
        *[in_its_partnership(f"casework_{name}") for name in (*OF_A_MATTER, *OF_A_CASE, *OTHERS)],
        *[
            in_its_folder(f"casework_{name}", "matter_id", "sharing_matter")
            for name in ("referral", "involved", "case")
        ],
        *[
            in_its_folder(f"casework_{name}", "matter_id", "sharing_matter", folder="matter_folder_id")
            for name in ("note", "attachment")
        ],
        *[in_its_folder(f"casework_{name}", "case_id", "casework_case") for name in OF_A_CASE],
        in_its_folder("casework_referral_move", "referral_id", "casework_referral"),
        in_its_folder("casework_prompt_answer", "assessment_id", "casework_assessment"),
        in_its_folder("casework_action_move", "action_id", "casework_action"),
        in_its_folder("casework_chase", "action_id", "casework_action"),
        in_its_folder("casework_intervention_move", "intervention_id", "casework_intervention"),
        in_its_folder("casework_breach", "intervention_id", "casework_intervention"),
        in_its_folder("casework_case_link", "a_id", "casework_case", folder="a_folder_id"),
        in_its_folder("casework_case_link", "b_id", "casework_case", folder="b_folder_id"),
    ]
