"""People who sign in, invitations to do so, and half-written forms held while they sign in again.

An account says who somebody is. Which agency she belongs to and what she may do there is the
partnership's to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from saferhub.foundation.models import DatedMove, Record
from saferhub.foundation.statuses import Lifecycle


class Status(models.TextChoices):
    INVITED = "invited", "Invited"
    ACTIVE = "active", "Active"
    LEFT = "left", "Left"


class Kind(models.TextChoices):
    """Who stands behind an account. Only a person signs in; the others are made with a key and act by it."""

    PERSON = "person", "A person"
    TOKEN = "token", "Another system, by its key"
    LINK = "link", "Whoever was given a link"


LIFECYCLE = Lifecycle(
    Status,
    start=Status.INVITED,
    transitions={
        Status.INVITED: [Status.ACTIVE, Status.LEFT],
        Status.ACTIVE: [Status.LEFT],
        Status.LEFT: [Status.ACTIVE],
    },
    owners={
        Status.INVITED: "The person invited",
        Status.ACTIVE: "The account's holder",
        Status.LEFT: "The partnership's administrator",
    },
)


class Users(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())

    def active(self) -> models.QuerySet[User]:
        """People who may sign in now."""
        return self.filter(status=Status.ACTIVE, kind=Kind.PERSON)


class User(Record, AbstractBaseUser):
    """An account. `username` is the short handle shown to administrators and the demonstration."""

    email = models.EmailField(max_length=254)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.PERSON)
    job_title = models.CharField(max_length=120, blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.INVITED)
    left_on = models.DateField(null=True, blank=True)
    # Part of what a session is checked against at every request: raising it ends every session there is.
    session_generation = models.PositiveIntegerField(default=0)

    objects = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["username", "name"]

    class Meta:
        db_table = "accounts_user"
        constraints = [
            models.UniqueConstraint(fields=["email"], name="accounts_user_email_once"),
            # Sign-in looks an address up in small letters; one stored otherwise could never sign in.
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="accounts_user_email_lower"
            ),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="accounts_user_status"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="accounts_user_kind"),
            # "!" begins a password that nobody can enter.
            models.CheckConstraint(
                condition=models.Q(kind=Kind.PERSON) | models.Q(password__startswith="!"),
                name="accounts_user_keys_no_password",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.LEFT, left_on__isnull=False)
                | (~models.Q(status=Status.LEFT) & models.Q(left_on__isnull=True)),
                name="accounts_user_left_with_date",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Django asks this at every sign-in and request: a leaver's access ends at once, and only people sign in."""
        return self.status == Status.ACTIVE and self.kind == Kind.PERSON

    # Nobody holds a permission through Django's own tables; roles are code (partnership.access).
    is_staff = False
    is_superuser = False

    def get_session_auth_hash(self) -> str:
        return self._session_auth_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_auth_hash(secret)

    def _session_auth_hash(self, secret: str | bytes | None) -> str:
        return salted_hmac(
            "saferhub.accounts.session",
            f"{self.session_generation}:{self.password}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class AccountMove(DatedMove):
    """How an account's status moved."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "accounts_account_move"
        ordering = ["id"]


class Invitation(Record):
    """A time-limited way in for one person, used once. Only a hash of its secret is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    secret_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    invited_by = models.CharField(
        max_length=16, blank=True, help_text="public_id of the account that invited"
    )

    class Meta:
        db_table = "accounts_invitation"
        ordering = ["-id"]


class HeldForm(Record):
    """A form sent after its session had ended, encrypted for the account that wrote it.

    The address it was sent to is sealed with it: a query string can name somebody.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="held_forms")
    sealed = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_held_form"
        ordering = ["-id"]
