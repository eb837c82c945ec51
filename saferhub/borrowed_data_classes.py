"""Classes and retention of what Django and its companions bring (see foundation.data_classes)."""

from saferhub.foundation.data_classes import Rule, fields

FIELDS = {
    "contenttypes.ContentType": fields(Rule.NONE, internal="id app_label model"),
    # Nobody holds a permission or a group here; the tables come with Django and stay as migrations left them.
    "auth.Permission": fields(Rule.NONE, internal="id name content_type codename"),
    "auth.Group": fields(Rule.NONE, internal="id name"),
    "auth.Group_permissions": fields(Rule.NONE, internal="id group permission"),
    # A session holds whose it is, when it was used, and a sentence for the next page. The sentence may name
    # somebody who works here. Sentences that name anybody else do not belong in it.
    "sessions.Session": fields(Rule.SESSION, internal="expire_date", staff="session_key session_data"),
    "account.EmailAddress": fields(Rule.ACCOUNT, internal="id user verified primary", staff="email"),
    "account.EmailConfirmation": fields(Rule.ACCOUNT, internal="id email_address created sent", staff="key"),
    "mfa.Authenticator": fields(Rule.ACCOUNT, internal="id user type", staff="data created_at last_used_at"),
    # Sign-in through another service is not offered yet; the application may only read these, and they are empty.
    "socialaccount.SocialAccount": fields(
        Rule.ACCOUNT, internal="id user provider", staff="uid last_login date_joined extra_data"
    ),
    "socialaccount.SocialApp": fields(
        Rule.NONE, internal="id provider provider_id name client_id secret key settings"
    ),
    "socialaccount.SocialToken": fields(
        Rule.ACCOUNT, internal="id app account expires_at", staff="token token_secret"
    ),
    # Arguments of jobs are identifiers, and mail to people who work here, encrypted: it carries a link and the
    # partnership's name, never anything about a person or a matter (accounts.mail).
    "procrastinate.ProcrastinateJob": fields(
        Rule.QUEUE,
        internal=(
            "id queue_name task_name priority lock status scheduled_at attempts queueing_lock"
            " abort_requested worker"
        ),
        staff="args",
    ),
    "procrastinate.ProcrastinateEvent": fields(Rule.QUEUE, internal="id job type at"),
    "procrastinate.ProcrastinatePeriodicDefer": fields(
        Rule.QUEUE, internal="id task_name defer_timestamp job periodic_id"
    ),
    "procrastinate.ProcrastinateWorker": fields(Rule.QUEUE, internal="id last_heartbeat"),
    # Which migrations have run.
    "django_migrations": fields(Rule.NONE, internal="id app name applied"),
}
