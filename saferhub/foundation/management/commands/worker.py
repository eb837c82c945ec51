"""The worker: takes jobs from the queue and starts those that come round by the clock.

A worker that is killed leaves its job marked as running, and a job that comes round by the clock would
then never start again, since only one of its kind may run. So each worker also looks for jobs whose
worker gives no sign of life, and puts them back.
"""

import asyncio
import contextlib
import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from procrastinate import App
from procrastinate.jobs import Job, Status

from saferhub.foundation import guard

HEARTBEAT = 5.0  # seconds between two signs of life
NO_LIFE = 20.0  # seconds without one after which a worker counts as dead
MOST_ATTEMPTS = 5  # a job that kills its worker each time must end somewhere

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Run jobs until told to stop (Ctrl-C or SIGTERM lets the running ones finish)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="Jobs at the same time")
        parser.add_argument("--until-empty", action="store_true", help="Stop when nothing is left to do now")

    def handle(self, *args: Any, **options: Any) -> None:
        from procrastinate.contrib.django import app
        from procrastinate.contrib.django.django_connector import DjangoConnector

        if found := guard.problem():
            raise CommandError(found)
        if "steward" not in connections.settings:
            raise CommandError("Set DATABASE_STEWARD_URL: the worker seals the audit as steward.")
        connector = app.connector
        if not isinstance(connector, DjangoConnector):
            raise CommandError("The queue is not on this database.")
        logging.getLogger("procrastinate").setLevel(logging.WARNING)
        self.stdout.write("The worker is running.")
        with app.replace_connector(connector.get_worker_connector()) as running:
            asyncio.run(self._work(running, options))
        self.stdout.write("The worker has stopped.")

    async def _work(self, app: Any, options: dict[str, Any]) -> None:
        async with app.open_async():
            looking = asyncio.create_task(_take_up_abandoned_jobs(app))
            try:
                await app.run_worker_async(
                    concurrency=options["concurrency"],
                    wait=not options["until_empty"],
                    install_signal_handlers=not options["until_empty"],
                    delete_jobs="successful",
                    shutdown_graceful_timeout=10,
                    fetch_job_polling_interval=5,
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=NO_LIFE,
                )
            finally:
                looking.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await looking


async def _take_up_abandoned_jobs(running: App) -> None:
    while True:
        try:
            for job in await running.job_manager.get_stalled_jobs(seconds_since_heartbeat=NO_LIFE):
                await _take_up(running, job)
        except Exception:
            # The database may be starting again; the next look finds the same jobs.
            log.warning("Could not look for abandoned jobs", exc_info=True)
        await asyncio.sleep(HEARTBEAT)


async def _take_up(running: App, job: Job) -> None:
    # One that comes round by the clock may wait in the queue again already, and two may not; it is
    # ended, and its next turn does the work.
    if job.queueing_lock or job.attempts >= MOST_ATTEMPTS:
        await running.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
    else:
        await running.job_manager.retry_job(job)
    log.warning("Took up job %s (%s), whose worker had died", job.id, job.task_name)
