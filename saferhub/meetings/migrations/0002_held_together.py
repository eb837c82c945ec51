"""What the database itself holds together: every row in its partnership, every part in its item's folder; what was
approved stays as it was."""

from django.db import migrations

from saferhub.foundation.held_together import in_its_folder, in_its_partnership
from saferhub.publication.frozen import freeze

IN_FOLDERS = ("attendance", "item", "item_move", "kept_from", "ask", "words", "item_action", "minutes_part")
OF_AN_ITEM = ("item_move", "ask", "words", "item_action")


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial"), ("sharing", "0002_held_together")]
    operations = [
        *[in_its_partnership(f"meetings_{name}") for name in IN_FOLDERS],
        *[in_its_folder(f"meetings_{name}", "item_id", "meetings_item") for name in OF_AN_ITEM],
        freeze("meetings_minutes_part", approved_with=("approved_why",)),
    ]
