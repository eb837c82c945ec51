"""Settings of the tests: the product's own, with what a test run needs different."""

import os

os.environ.setdefault("SAFERHUB_DEMONSTRATION", "1")
os.environ.setdefault("SAFERHUB_PLAIN_STATIC", "1")
# The database under a test changes from test to test; a pool would keep the last one's connections.
os.environ["SAFERHUB_POOL"] = "0"

from saferhub.settings import *  # noqa: F403
from saferhub.settings import DATABASES, STORAGES

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]

# A test is one transaction, and some think for longer than a request may: on a slow machine more than a minute.
for _database in DATABASES.values():
    _options = _database.setdefault("OPTIONS", {})
    _options["options"] = (
        f"{_options.get('options', '')} -c idle_in_transaction_session_timeout=30min".strip()
    )
