"""The reference pages that are generated from the code: statuses and their moves, roles, events."""

from __future__ import annotations

from saferhub.audit import events
from saferhub.foundation.statuses import Lifecycle

from .access import Permission, Role

_NOTE = "<!-- Made by ./dev manage reference. Do not edit by hand. -->\n"


def statuses() -> str:
    """Each table of moves as a diagram, with who owns each status."""
    parts = ["# Statuses and their moves\n", _NOTE]
    tables = [table for table in Lifecycle.every if table.statuses.__module__.startswith("saferhub.")]
    for table in sorted(tables, key=lambda one: (one.statuses.__module__, one.statuses.__qualname__)):
        parts.append(
            f"## {table.statuses.__module__.removeprefix('saferhub.')}: {table.statuses.__qualname__}\n"
        )
        parts.append(f"```mermaid\n{table.diagram()}\n```\n")
        rows = [f"| {status.value} | {table.owners[status]} |" for status in table.statuses]
        parts.append("| Status | Whose move it is |\n|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def roles() -> str:
    """Each role in words, and a table of who may do what."""
    parts = ["# Roles\n", _NOTE]
    for role in Role:
        facts = role.facts
        second = "Needs a second factor." if facts.second_factor else "A second factor is her own choice."
        parts.append(
            f"## {facts.label}\n\n{facts.description}\n\nReaches over {facts.scope.value}. {second}\n"
        )
    head = "| May | " + " | ".join(role.facts.label for role in Role) + " |"
    line = "|---|" + "---|" * len(Role)
    rows = [
        f"| {permission.value} | "
        + " | ".join("yes" if permission in role.facts.permissions else "" for role in Role)
        + " |"
        for permission in Permission
    ]
    parts.append("## Who may do what\n\n" + "\n".join([head, line, *rows]) + "\n")
    return "\n".join(parts)


def audit_events() -> str:
    """Every event that the audit can hold, and what a page says of it."""
    rows = [f"| `{code}` | {words} |" for code, words in events.all_events().items()]
    return "\n".join(["# What the audit records\n", _NOTE, "| Event | Said as |\n|---|---|", *rows, ""])


PAGES = {"statuses.md": statuses, "roles.md": roles, "audit-events.md": audit_events}
