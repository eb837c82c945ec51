"""What the audit can say of accounts."""

from saferhub.audit.events import register

register(
    {
        "account.invited": "invited somebody",
        "account.invitation_withdrawn": "withdrew an invitation",
        "account.joined": "took up an invitation",
        "account.signed_in": "signed in",
        "account.signed_in_demonstration": "signed in as one of the demonstration's cast",
        "account.signed_out": "signed out",
        "account.sessions_ended": "signed out everywhere else",
        "account.session_ended": "came back after the session had ended",
        "account.form_held": "had a half-written form kept",
        "account.form_given_back": "got a kept form back",
        "account.form_discarded": "threw a kept form away",
        "account.password_changed": "changed the password",
        "account.second_factor_added": "set up a second factor",
        "account.second_factor_removed": "took off a second factor",
        "account.second_factor_reset": "took off somebody's lost second factor",
        "account.recovery_codes_made": "made recovery codes",
        "account.recovery_code_used": "used a recovery code",
        "account.details_changed": "changed account details",
        "account.left": "was recorded as having left",
        "account.returned": "was given back access",
        "account.read": "read an account",
    }
)

register(
    {
        "account.sign_in_failed": "failed to sign in",
        "account.locked_out": "was locked out after failed attempts",
        "account.password_reset_asked": "asked for a new password",
        "account.password_reset": "set a new password by email",
        "account.second_factor_failed": "gave a wrong code for the second factor",
    },
    before_sign_in=True,
)
