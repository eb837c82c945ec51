"""Addresses of accounts, one by one under the names the sign-in package asks for.

The package's own list of addresses is not included: what stands here is served, in our pages, and
nothing else. Signing up is not served at all. For passkeys, add `webauthn` to MFA_SUPPORTED_TYPES and
the mfa_…_webauthn views here; for OpenID Connect, the provider's app to INSTALLED_APPS and its
addresses (docs/adr/0006).
"""

from django.urls import path, re_path

from .views import account, demonstration, held_forms, invitations, second_factor, sign_in

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="account_login"),
    path("sign-out/", sign_in.SignOut.as_view(), name="account_logout"),
    path("sign-in/not-possible/", sign_in.Inactive.as_view(), name="account_inactive"),
    path("sign-in/again/", sign_in.Reauthenticate.as_view(), name="account_reauthenticate"),
    path("sign-in/code/", second_factor.EnterCode.as_view(), name="mfa_authenticate"),
    path("sign-in/again/code/", second_factor.Reauthenticate.as_view(), name="mfa_reauthenticate"),
    path("sign-in/new-password/", sign_in.AskForReset.as_view(), name="account_reset_password"),
    path("sign-in/new-password/sent/", sign_in.ResetAsked.as_view(), name="account_reset_password_done"),
    path(
        "sign-in/new-password/set/",
        sign_in.PasswordReset.as_view(),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^sign-in/new-password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in.ResetPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("demo/sign-in", demonstration.demonstration_sign_in, name="demonstration_sign_in"),
    path("join/", invitations.invitation, name="invitation"),
    path("join/<str:secret>/", invitations.invitation_link, name="invitation_link"),
    path("account/", account.account, name="account"),
    path("account/details/", account.details, name="account_details"),
    path("account/password/", sign_in.ChangePassword.as_view(), name="account_change_password"),
    path("account/sign-out-elsewhere/", account.end_other_sessions, name="account_end_other_sessions"),
    path("account/codes/", second_factor.index, name="mfa_index"),
    path("account/codes/set-up/", second_factor.SetUpCodes.as_view(), name="mfa_activate_totp"),
    path("account/codes/take-off/", second_factor.TakeOffCodes.as_view(), name="mfa_deactivate_totp"),
    path("account/recovery-codes/", second_factor.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "account/recovery-codes/new/",
        second_factor.MakeRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/recovery-codes/download/",
        second_factor.DownloadRecoveryCodes.as_view(),
        name="mfa_download_recovery_codes",
    ),
    path("kept-forms/", held_forms.held_forms, name="held_forms"),
    path("kept-forms/<str:public_id>/throw-away/", held_forms.throw_away, name="throw_away_held_form"),
]
