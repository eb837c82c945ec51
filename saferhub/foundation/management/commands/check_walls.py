"""Say whether this database's second wall is what the code declares; changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from saferhub.foundation import walls


class Command(BaseCommand):
    help = "Compare row-level security and the gate's functions with what is declared (as the owner)."

    def handle(self, *args: Any, **options: Any) -> None:
        if "owner" not in connections.settings:
            raise CommandError("Set DATABASE_OWNER_URL: only the owner can lay the wall to compare with.")
        found = walls.problems(connections["owner"])
        if found:
            raise CommandError("\n".join([*found, "Run migrate to lay the second wall anew."]))
        self.stdout.write(f"The second wall stands as declared, around {len(walls.declared())} tables.")
