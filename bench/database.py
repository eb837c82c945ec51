"""A database of the benchmark's own, made and dropped as the owner."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql


@contextmanager
def fresh() -> Iterator[str]:
    """Every connection points at a new database with the demonstration in it; dropped at the end."""
    name = f"saferhub_bench_{os.getpid()}"
    params = connections["owner"].get_connection_params()
    keep = {k: params[k] for k in ("host", "port", "user", "password") if params.get(k)}
    with psycopg.connect(**keep, dbname="postgres", autocommit=True) as admin:
        template = connections["owner"].settings_dict["NAME"]
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        for alias in connections.settings:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
        try:
            call_command("migrate", verbosity=0)
            call_command(
                "demo", verbosity=0, stories_only=True, stdout=io.StringIO()
            )  # what is printed is JSON
            yield name
        finally:
            for alias in connections.settings:
                connections[alias].close()
            admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
