"""The worker: takes jobs from the queue and starts those that come round by the clock."""

import asyncio
import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections


class Command(BaseCommand):
    help = "Run jobs until told to stop (Ctrl-C or SIGTERM lets the running ones finish)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="Jobs at the same time")

    def handle(self, *args: Any, **options: Any) -> None:
        from procrastinate.contrib.django import app
        from procrastinate.contrib.django.django_connector import DjangoConnector

        if "steward" not in connections.settings:
            raise CommandError("Set DATABASE_STEWARD_URL: the worker seals the audit as steward.")
        connector = app.connector
        if not isinstance(connector, DjangoConnector):
            raise CommandError("The queue is not on this database.")
        logging.getLogger("procrastinate").setLevel(logging.WARNING)
        self.stdout.write("The worker is running.")
        with app.replace_connector(connector.get_worker_connector()) as running:
            asyncio.run(
                running.run_worker_async(
                    concurrency=options["concurrency"],
                    delete_jobs="successful",
                    shutdown_graceful_timeout=10,
                    fetch_job_polling_interval=5,
                )
            )
        self.stdout.write("The worker has stopped.")
