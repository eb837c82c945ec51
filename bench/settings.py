"""Settings for measuring whole pages in one process: the product's own, reached as `testserver`."""

import os

os.environ.setdefault("SAFERHUB_DEMONSTRATION", "1")
os.environ.setdefault("SAFERHUB_PLAIN_STATIC", "1")
os.environ["SAFERHUB_POOL"] = "0"

from saferhub.settings import *  # noqa: F403
from saferhub.settings import LOGGING, STORAGES

ALLOWED_HOSTS = ["testserver"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# A line for each missing page would be measured too.
LOGGING = {**LOGGING, "loggers": {**LOGGING["loggers"], "django.request": {"level": "ERROR"}}}
