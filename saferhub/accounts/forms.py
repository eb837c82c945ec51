"""What people enter about themselves and to sign in, on the sign-in package's forms."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.recovery_codes import forms as recovery_forms
from allauth.mfa.totp import forms as totp_forms
from django.core.exceptions import ValidationError
from django.forms import Field
from django.forms.widgets import HiddenInput
from django.http import HttpRequest

from saferhub.foundation.forms import CodeField, EmailField, Form, HiddenField, PasswordField, TextField

from . import rules
from .adapter import account_adapter
from .models import User
from .operations.details import DETAILS

PASSWORD_HINT = "At least 12 characters. Three words that do not belong together are easy to remember."
WRONG_TELEPHONE = "Enter a telephone number, like 01632 960 001 or +44 1632 960 001 ext 12"
WRONG_CODE = "This code is not right or has run out. Enter the newest one your app shows."


class NewPasswordField(PasswordField):
    """A password being chosen, held against the rules for passwords and against its owner's own words."""

    user: User | None = None  # set by the form

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", PASSWORD_HINT)
        super().__init__(autocomplete="new-password", **kwargs)

    def clean(self, value: Any) -> Any:
        return account_adapter().clean_password(super().clean(value), user=self.user)


class _SignIn(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The package makes this field itself while it starts, so it is replaced afterwards.
        login = EmailField(
            label="Work email", noun="your work email", autocomplete="username", max_length=254
        )
        self.fields: dict[str, Field] = {"login": login, "password": self.fields["password"]}


class SignInForm(Form, _SignIn):
    password = PasswordField(label="Password", noun="your password", max_length=1000)


class AskForResetForm(Form, allauth_forms.ResetPasswordForm):
    email = EmailField(label="Work email", noun="your work email", autocomplete="username", max_length=254)

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        # To an address without an account nothing is sent: anybody could have typed it in.
        return str(super().save(request, **kwargs)) if self.users else str(self.cleaned_data["email"])


class ResetPasswordForm(Form, allauth_forms.ResetPasswordKeyForm):
    password1 = NewPasswordField(label="New password", noun="a new password", max_length=1000)
    password2 = None  # the box shows what is typed on demand, and a slip is mended by another link


class ChangePasswordForm(Form, allauth_forms.ChangePasswordForm):
    oldpassword = PasswordField(
        label="Password you have now", noun="the password you have now", max_length=1000
    )
    password1 = NewPasswordField(label="New password", noun="a new password", max_length=1000)
    password2 = None


class ReauthenticateForm(Form, allauth_forms.ReauthenticateForm):
    password = PasswordField(label="Password", noun="your password", max_length=1000)


class _WordedCode:
    """The package's check of a code, answered in our words."""

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())  # type: ignore[misc]
        except ValidationError as wrong:
            if getattr(wrong, "code", "") == "incorrect_code":
                raise ValidationError(WRONG_CODE, code="incorrect_code") from wrong
            raise


class CodeForm(_WordedCode, Form, factor_forms.AuthenticateForm):
    code = CodeField(
        label="Code from your app",
        noun="the code",
        help_text="Six digits. Without your telephone, enter one of your recovery codes instead.",
        max_length=20,
    )


class ReauthenticateCodeForm(_WordedCode, Form, factor_forms.ReauthenticateForm):
    code = CodeField(
        label="Code from your app",
        noun="the code",
        help_text="Six digits. Without your telephone, enter one of your recovery codes instead.",
        max_length=20,
    )


class SetUpCodesForm(_WordedCode, Form, totp_forms.ActivateTOTPForm):
    code = CodeField(label="Code that the app shows", noun="the code", help_text="Six digits", max_length=20)


class TakeOffCodesForm(Form, totp_forms.DeactivateTOTPForm):
    """Nothing to enter: whether it may be taken off is checked by the view."""


class MakeRecoveryCodesForm(Form, recovery_forms.GenerateRecoveryCodesForm):
    """Nothing to enter."""


class TelephoneField(TextField):
    """A telephone number as people write it, with an extension if there is one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(autocomplete="tel", max_length=30, width=20, **kwargs)

    def clean(self, value: Any) -> Any:
        given = super().clean(value)
        if given and not rules.is_telephone(given):
            raise ValidationError(WRONG_TELEPHONE, code="invalid")
        return given


class JoinForm(Form):
    """Taking an invitation up."""

    name = TextField(label="Full name", noun="your full name", autocomplete="name", max_length=120)
    job_title = TextField(
        label="Job title",
        noun="your job title",
        autocomplete="organization-title",
        max_length=120,
        required=False,
    )
    telephone = TelephoneField(label="Work telephone", noun="your work telephone", required=False)
    password = NewPasswordField(label="Password", noun="a password", max_length=1000)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].user = user  # type: ignore[attr-defined]


class DetailsForm(Form):
    """Changing one's own details. `seen` marks the state they were filled in over."""

    name = TextField(label="Full name", noun="your full name", autocomplete="name", max_length=120)
    job_title = TextField(
        label="Job title",
        noun="your job title",
        autocomplete="organization-title",
        max_length=120,
        required=False,
    )
    telephone = TelephoneField(label="Work telephone", noun="your work telephone", required=False)
    seen = HiddenField(widget=HiddenInput, max_length=16)

    @classmethod
    def of(cls, user: User) -> DetailsForm:
        values = {field: getattr(user, field) for field in DETAILS}
        return cls(initial={**values, "seen": rules.fingerprint(*values.values())})
