"""Packs of a referral: one kept as it left stays so."""

import django.db.models.deletion
from django.db import migrations, models

import saferhub.foundation.ids
from saferhub.foundation.held_together import in_its_partnership
from saferhub.publication.frozen import freeze


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0002_held_together"),
        ("partnership", "0002_duties"),
        ("releases", "0003_held_together"),
        ("sharing", "0002_held_together"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReferralPack",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    models.CharField(
                        default=saferhub.foundation.ids.new_public_id,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("number", models.CharField(help_text="Of the version, such as 1.0", max_length=20)),
                ("content", models.TextField(help_text="The document as its one text (publication.stored)")),
                ("content_hash", models.CharField(help_text="SHA-256 of the content", max_length=64)),
                (
                    "figures",
                    models.JSONField(default=dict, help_text="Provenance by the key of a cited figure"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("approved", "Approved"),
                            ("published", "Published"),
                            ("superseded", "Replaced"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("made_by", models.CharField(help_text="public_id of the account", max_length=16)),
                ("made_at", models.DateTimeField(help_text="Business time")),
                (
                    "approved_by",
                    models.CharField(blank=True, help_text="public_id of the account", max_length=16),
                ),
                ("approved_at", models.DateTimeField(help_text="Business time", null=True)),
                (
                    "published_by",
                    models.CharField(blank=True, help_text="public_id of the account", max_length=16),
                ),
                ("published_at", models.DateTimeField(help_text="Business time", null=True)),
                (
                    "correction",
                    models.TextField(blank=True, help_text="What was wrong and what is right, in words"),
                ),
                (
                    "parts",
                    models.JSONField(
                        default=list, help_text="Codes of the parts that it holds (rules.referral_packs)"
                    ),
                ),
                ("recipient", models.CharField(help_text="To whom, in words", max_length=200)),
                ("purpose", models.CharField(help_text="Code of the section purposes", max_length=80)),
                ("gateway", models.CharField(help_text="Code of the section gateways", max_length=80)),
                ("data_items", models.JSONField(default=list, help_text="Codes of the section data_items")),
                ("necessity", models.TextField()),
                (
                    "agreement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sharing.agreement",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.referralpack",
                    ),
                ),
                (
                    "disclosure",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="releases.disclosure",
                    ),
                ),
                (
                    "folder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.folder"
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnership.partnership",
                    ),
                ),
                (
                    "recipient_agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnership.agency",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.referral"
                    ),
                ),
            ],
            options={
                "db_table": "casework_referral_pack",
                "ordering": ["-id"],
                "abstract": False,
                "indexes": [models.Index(fields=["referral", "-id"], name="pack_of_referral")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "approved", "published", "superseded", "withdrawn"])
                        ),
                        name="referralpack_version_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by", "")),
                            models.Q(
                                models.Q(("approved_by", ""), _negated=True), ("approved_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="referralpack_approved_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by", "")),
                            models.Q(
                                models.Q(("published_by", ""), _negated=True), ("published_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="referralpack_published_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["published", "superseded"]), _negated=True),
                            models.Q(("approved_at__isnull", False), ("published_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="referralpack_published_was_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("correction", ""), ("corrects__isnull", True)),
                            models.Q(
                                models.Q(("correction", ""), _negated=True), ("corrects__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="referralpack_correction_names_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["published", "superseded"]), _negated=True),
                            ("disclosure__isnull", False),
                            _connector="OR",
                        ),
                        name="referral_pack_left_by_a_disclosure",
                    ),
                ],
            },
        ),
        in_its_partnership("casework_referral_pack"),
        freeze("casework_referral_pack"),
    ]
