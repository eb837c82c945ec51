"""Everything that leaves lies in a folder of its own partnership."""

from django.db import migrations

from saferhub.foundation.held_together import in_its_partnership


class Migration(migrations.Migration):
    dependencies = [("releases", "0002_initial"), ("sharing", "0002_held_together")]
    operations = [
        in_its_partnership(table) for table in ("releases_letter", "releases_check", "releases_disclosure")
    ]
