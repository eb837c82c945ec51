"""What the database itself holds: a version of a report that was approved stays as it was."""

from django.db import migrations

from saferhub.publication.frozen import freeze


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]
    operations = [freeze("reporting_report_version")]
