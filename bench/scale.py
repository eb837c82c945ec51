"""How long the demonstration at many times its size takes to copy, and what memory the command needs.

    ./dev bench scale [--scale X]

Prints JSON: cases, rows of the audit, size of the database; seconds by the clock, the command's processor time and
its most memory. The server's own memory is bounded by its settings.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connections

from bench import database
from saferhub.audit.models import Entry
from saferhub.casework.models import Case


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=100)
    options = parser.parse_args()
    with database.fresh() as name:
        began, worked = time.monotonic(), time.process_time()
        call_command("demo", scale=options.scale, stdout=sys.stderr)
        took, processor = time.monotonic() - began, time.process_time() - worked
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT pg_database_size(%s)", [name])
            size = cursor.fetchone()[0]
        result = {
            "scale": options.scale,
            "cases": Case.objects.using("owner").count(),
            "entries_of_the_audit": Entry.objects.using("owner").count(),
            "database_mb": round(size / 2**20),
            "loading_s": round(took, 1),
            "processor_of_the_command_s": round(processor, 1),
            "most_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
