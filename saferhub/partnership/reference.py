"""The reference pages that are generated from the code: statuses, roles, events, classes of data."""

from __future__ import annotations

from django.apps import apps

from saferhub.audit import events
from saferhub.foundation import data_classes
from saferhub.foundation.data_classes import Class, Rule
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


def classes_of_data() -> str:
    """Every field of every table with its class, and the rule by which the table's rows are kept.

    The apps declare, lower and higher ones alike; this page only walks what is installed.
    """
    register = data_classes.declared()
    parts = ["# Classes of data\n", _NOTE]
    parts.append(
        "Every field of every table has a class, by what it can hold at worst. A table with a field classed"
        " personal or higher is behind the second wall: row-level security, and no deleting by the"
        " application. How to choose a class, and what a retention rule is: [retention](../rules/retention.md)."
        "\n"
    )
    meanings = "\n".join(f"| {one.words} | {one.meaning} |" for one in Class)
    parts.append(f"| Class | What it is |\n|---|---|\n{meanings}\n")
    parts.append("## What each retention rule keeps\n")
    kept = {rule: [f"`{table}`" for table in sorted(register) if rule in _rules_of(table)] for rule in Rule}
    rules = "\n".join(f"| `{rule.value}` | {', '.join(tables)} |" for rule, tables in kept.items())
    parts.append(f"| Rule | Tables |\n|---|---|\n{rules}\n")
    groups: dict[str, list[str]] = {}
    for table in register:
        groups.setdefault(_app_of(table), []).append(table)
    for group in sorted(groups):
        parts.append(f"## {group}\n")
        rows = [
            f"| {table.rpartition('.')[2]} | {_words_of_rules(table)} | {one.words} | {', '.join(names)} |"
            for table in sorted(groups[group])
            for one in reversed(Class)
            if (names := [name for name, held in register[table].items() if held.data_class is one])
        ]
        parts.append("| Table | Kept by | Class | Fields |\n|---|---|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _rules_of(table: str) -> list[Rule]:
    return list(dict.fromkeys(held.rule for held in data_classes.declared()[table].values()))


def _words_of_rules(table: str) -> str:
    return ", ".join(f"`{rule.value}`" for rule in _rules_of(table))


def _app_of(table: str) -> str:
    label = table.replace("_", ".").partition(".")[0]
    ours = label in apps.app_configs and apps.get_app_config(label).name.startswith("saferhub.")
    return label if ours else "Django and its companions"


PAGES = {
    "statuses.md": statuses,
    "roles.md": roles,
    "audit-events.md": audit_events,
    "data-classes.md": classes_of_data,
}
