"""Settings, all of them from the environment, so that nothing secret and no machine is named here.

`./dev` fills the environment for a local start; docs/setup.md lists every variable for a server.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = Path(os.environ.get("SAFERHUB_LOCAL", BASE_DIR / ".local"))


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "on"}


def _number(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


DEBUG = _flag("SAFERHUB_DEBUG")
DEMONSTRATION = _flag("SAFERHUB_DEMONSTRATION")
SECRET_KEY = os.environ.get("SAFERHUB_SECRET_KEY", "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SAFERHUB_SECRET_KEY, or start with ./dev, which makes one.")
ALLOWED_HOSTS = os.environ.get("SAFERHUB_HOSTS", "localhost 127.0.0.1 [::1]").split()
BEHIND_TLS = _flag("SAFERHUB_TLS", default=not (DEBUG or DEMONSTRATION))

# --- Applications, lowest layer last to import but first to load -------------------------------

INSTALLED_APPS = [
    "saferhub.foundation",
    "saferhub.audit",
    "saferhub.publication",
    "saferhub.accounts",
    "saferhub.partnership",
    "saferhub.sharing",
    "saferhub.people",
    "saferhub.releases",
    "saferhub.casework",
    "saferhub.meetings",
    "saferhub.plan",
    "saferhub.reporting",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "saferhub.foundation.middleware.SecurityHeaders",
    "saferhub.foundation.middleware.RightDatabase",
    "saferhub.foundation.middleware.MethodsServed",
    "saferhub.foundation.middleware.UploadLimits",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "saferhub.partnership.middleware.ActorOfRequest",
    "saferhub.partnership.middleware.Refusals",
    "saferhub.accounts.middleware.SessionEnds",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "saferhub.accounts.middleware.SecondFactor",
    "saferhub.sharing.middleware.Enter",  # last: it takes the view's place
]

ROOT_URLCONF = "saferhub.urls"
WSGI_APPLICATION = "saferhub.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "saferhub" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "saferhub.foundation.context.page_context",
            ],
        },
    }
]
FORM_RENDERER = "saferhub.foundation.forms.Renderer"

# --- Databases: one PostgreSQL, five roles (docs/adr/0003) --------------------------------------


def _database(variable: str, *, pool: bool) -> dict[str, Any]:
    url = os.environ.get(variable, "")
    if not url:
        return {}
    options: dict[str, Any] = {**dj_database_url.parse(url, conn_health_checks=pool)}
    if pool:
        options["OPTIONS"] = {
            **options.get("OPTIONS", {}),
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
        }
    return options


_POOL = _flag("SAFERHUB_POOL", default=True)
DATABASES = {"default": _database("DATABASE_URL", pool=_POOL)}
if not DATABASES["default"]:
    raise ImproperlyConfigured("Set DATABASE_URL, or start with ./dev, which brings a database of its own.")
# A refusal must leave its trace although the request is rolled back, so it goes by a connection
# of its own, as the same role.
DATABASES["refusals"] = _database("DATABASE_URL", pool=_POOL)
# Only the commands that need them are given these; a web process has none of them.
for _alias, _variable in {
    "owner": "DATABASE_OWNER_URL",
    "steward": "DATABASE_STEWARD_URL",
    "backup": "DATABASE_BACKUP_URL",
}.items():
    if os.environ.get(_variable):
        DATABASES[_alias] = _database(_variable, pool=False)

# Counts of failed sign-ins outlive the request that is refused, so they go by that connection too.
DATABASE_ROUTERS = ["saferhub.foundation.routing.CountsOutlive"]

# Counts of failed sign-ins are shared by every web process, so they cannot live in one's memory.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "foundation_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- Accounts -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "saferhub.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation already proves the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/15m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "saferhub.accounts.adapter.SecondFactorAdapter"  # keeps the secrets of second factors encrypted
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "saferhub"
MFA_RECOVERY_CODE_COUNT = 10

# Real times, never the demonstration's day.
SESSION_IDLE_END = timedelta(minutes=_number("SAFERHUB_SESSION_IDLE_MINUTES", 30))
SESSION_ABSOLUTE_END = timedelta(hours=_number("SAFERHUB_SESSION_HOURS", 12))
HELD_FORM_LIFE = timedelta(minutes=30)
HELD_FORM_BYTES = 512 * 1024
INVITATION_LIFE = timedelta(days=7)

# In the session and not in a cookie of their own: a message can name somebody.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_NAME = "saferhub_session"
# The ends above are enforced by our own middleware. The cookie and its row live on, so that a form left open
# over a long weekend is still kept for the one who wrote it; by then they open nothing else.
SESSION_COOKIE_AGE = int(timedelta(days=4).total_seconds())
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=24).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_NAME = "saferhub_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_FAILURE_VIEW = "saferhub.foundation.views.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = os.environ.get("SAFERHUB_TRUSTED_ORIGINS", "").split()

# --- Security headers -----------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
if _flag("SAFERHUB_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else every limit per address would count the proxy
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- Limits on what a request may carry ------------------------------------------------------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
REQUEST_MAX_BYTES = 25 * 1024 * 1024

# --- Files that people put into cases: outside the web root, served through access only -----------------

FILES_DIR = Path(os.environ.get("SAFERHUB_FILES", LOCAL_DIR / "files"))
# Below REQUEST_MAX_BYTES, so that one too large is answered beside its field.
ATTACHMENT_MAX_MEGABYTES = _number("SAFERHUB_FILE_MEGABYTES", 10)
# clamd's socket (/run/clamav/clamd.ctl) or host:port; none: files are marked as not scanned, or refused.
CLAMD = os.environ.get("SAFERHUB_CLAMD", "")
CLAMD_REQUIRED = _flag("SAFERHUB_CLAMD_REQUIRED")

# --- Language, time -------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH: list[str] = []

# --- Static files -----------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("SAFERHUB_STATIC", LOCAL_DIR / "static"))
STATICFILES_DIRS = [
    BASE_DIR / "saferhub" / "assets",
    *([LOCAL_DIR / "assets"] if (LOCAL_DIR / "assets").is_dir() else []),
]
_HASHED = not (DEBUG or _flag("SAFERHUB_PLAIN_STATIC"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if _HASHED
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not _HASHED
WHITENOISE_AUTOREFRESH = DEBUG

# --- Mail: references only, never personal data --------------------------------------------------------

# Whether somebody has said where mail goes: outside demonstration it must be said (accounts/checks.py).
MAIL_IS_CONFIGURED = bool(os.environ.get("SAFERHUB_SMTP_HOST") or os.environ.get("SAFERHUB_MAIL_DIR"))
DEFAULT_FROM_EMAIL = os.environ.get("SAFERHUB_MAIL_FROM", "saferhub <no-reply@localhost>")
if os.environ.get("SAFERHUB_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["SAFERHUB_SMTP_HOST"]
    EMAIL_PORT = _number("SAFERHUB_SMTP_PORT", 587)
    EMAIL_HOST_USER = os.environ.get("SAFERHUB_SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("SAFERHUB_SMTP_PASSWORD", "")
    EMAIL_USE_TLS = _flag("SAFERHUB_SMTP_TLS", default=True)
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "saferhub.foundation.mail_file.EmailBackend"
    EMAIL_FILE_PATH = Path(os.environ.get("SAFERHUB_MAIL_DIR", LOCAL_DIR / "mail"))

# --- Jobs --------------------------------------------------------------------------------------------------

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# --- The service's own words ----------------------------------------------------------------------------

SERVICE_NAME = "saferhub"
SOURCE_URL = os.environ.get("SAFERHUB_SOURCE_URL", "")
CONTACT_EMAIL = os.environ.get("SAFERHUB_CONTACT_EMAIL", "")
SERVICE_URL = os.environ.get("SAFERHUB_URL", "http://localhost:8000")
SERVICE_URL_IS_CONFIGURED = bool(os.environ.get("SAFERHUB_URL"))
# Ends the UIDs of calendar entries. It never changes once entries were sent, wherever the service moves.
CALENDAR_DOMAIN = (
    os.environ.get("SAFERHUB_CALENDAR_DOMAIN", "") or urlsplit(SERVICE_URL).hostname or "localhost"
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"secrets": {"()": "saferhub.accounts.log_secrets.BlankSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["secrets"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("SAFERHUB_LOG_LEVEL", "WARNING")},
    "loggers": {
        "saferhub": {"level": os.environ.get("SAFERHUB_LOG_LEVEL", "INFO")},
        # Django's own handlers for these two would write past the filter above.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True, "level": "INFO"},
    },
}
