"""Register: every field of every table has a class and a retention rule, and the walls follow the class.

If this fails you added a field, a table or a rule. Declare the field in its app's `data_classes.py` by what
it can hold at worst (docs/rules/retention.md says how to choose). A table with a field classed
personal or higher needs its line in the app's `walls.py` and a grant without D. Then run
`./dev manage reference`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.db import connections, models

from saferhub.foundation import data_classes, grants, walls
from saferhub.foundation.data_classes import Class, Rule, fields

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "packs" / "england" / "retention.yaml"

# The only tables about people that stand outside the second wall. Each is read or written before it is known
# who acts, or tells no more than who works where, and none tells of a matter: argue that before you add one.
STAFF_OUTSIDE_THE_WALL = {
    "account.EmailAddress",
    "account.EmailConfirmation",
    "accounts.AccountMove",
    "accounts.HeldForm",
    "accounts.Invitation",
    "accounts.User",
    "casework.ApiToken",
    "casework.CalendarFeed",
    "casework.ReferralLink",
    "casework.SheetLoad",
    "foundation_cache",
    # Who sits in a group, is invited, sends apologies or took a copy. What was spoken of lies in folders.
    "meetings.Apology",
    "meetings.Copy",
    "meetings.Invitation",
    "meetings.Member",
    "mfa.Authenticator",
    "partnership.Membership",
    # Who leads an action of the plan, owns a measure, noted a decision; who wrote, approved or has to answer. Nothing
    # in the plan and its reports is about somebody whom the partnership works with.
    "plan.CrimeNote",
    "plan.Measure",
    "plan.PlanAction",
    "reporting.Approval",
    "reporting.MemberQuestion",
    "reporting.Report",
    "procrastinate.ProcrastinateJob",
    "sessions.Session",
    "socialaccount.SocialAccount",
    "socialaccount.SocialToken",
}

Table = type[models.Model]


def _models() -> list[Table]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy and not model._meta.swapped
    ]


def _columns() -> dict[str, set[str]]:
    """Every table of the database with its columns, those included that no model knows."""
    found: dict[str, set[str]] = {}
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND a.attnum > 0 AND NOT a.attisdropped"
        )
        for table, column in cursor.fetchall():
            found.setdefault(table, set()).add(column)
    return found


def _wanted() -> dict[str, set[str]]:
    """What has to be declared: a model's fields, its table's columns without a field, tables without a model."""
    columns = _columns()
    wanted: dict[str, set[str]] = {}
    modelled: set[str] = set()
    for model in _models():
        meta = model._meta
        modelled.add(meta.db_table)
        mapped = {field.column for field in meta.local_concrete_fields}
        wanted[meta.label] = {field.name for field in meta.local_concrete_fields}
        wanted[meta.label] |= columns.get(meta.db_table, set()) - mapped
    return wanted | {table: names for table, names in columns.items() if table not in modelled}


def _personal_tables() -> Iterator[str]:
    tables = {model._meta.label: model._meta.db_table for model in _models()}
    for name, held in data_classes.declared().items():
        if any(one.data_class.is_personal for one in held.values()):
            yield tables.get(name, name)


def _forgotten(declared: data_classes.Register) -> list[str]:
    return [
        f"{table}.{name}"
        for table, names in sorted(_wanted().items())
        for name in sorted(names - set(declared.get(table, {})))
    ]


@pytest.mark.django_db
def test_every_field_has_a_class_and_a_retention_rule() -> None:
    assert _forgotten(data_classes.declared()) == []


@pytest.mark.django_db
def test_a_forgotten_field_and_a_forgotten_table_are_found() -> None:
    register = data_classes.declared()
    user = {name: held for name, held in register["accounts.User"].items() if name != "telephone"}
    assert _forgotten({**register, "accounts.User": user}) == ["accounts.User.telephone"]
    without = {table: held for table, held in register.items() if table != "foundation_cache"}
    assert _forgotten(without) == [
        "foundation_cache.cache_key",
        "foundation_cache.expires",
        "foundation_cache.value",
    ]


@pytest.mark.django_db
def test_no_class_is_declared_for_a_field_that_does_not_exist() -> None:
    wanted = _wanted()
    gone = [
        f"{table}.{name}"
        for table, held in sorted(data_classes.declared().items())
        for name in sorted(set(held) - wanted.get(table, set()))
    ]
    assert gone == []


def test_every_declaration_names_a_class_and_a_rule() -> None:
    for held in data_classes.declared().values():
        assert held
        assert all(isinstance(one.data_class, Class) and isinstance(one.rule, Rule) for one in held.values())


def test_a_field_cannot_be_given_two_classes() -> None:
    with pytest.raises(ValueError, match="given_name is given a class twice"):
        fields(Rule.PERSON, personal="given_name", internal="id given_name")


def test_a_table_cannot_be_declared_by_two_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = ["saferhub.borrowed_data_classes", "saferhub.borrowed_data_classes"]
    monkeypatch.setattr(data_classes, "modules", lambda: twice)
    with pytest.raises(ValueError, match="declared twice"):
        data_classes.declared()


def test_every_app_of_ours_with_models_declares_their_classes() -> None:
    modules = data_classes.modules()
    silent = [
        config.name
        for config in apps.get_app_configs()
        if config.name.startswith("saferhub.") and list(config.get_models())
        if not any(module.startswith(f"{config.name}.") for module in modules)
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("data_class", "personal"),
    [
        (Class.PUBLIC, False),
        (Class.INTERNAL, False),
        (Class.STAFF, False),
        (Class.PERSONAL, True),
        (Class.SPECIAL, True),
        (Class.CRIMINAL, True),
    ],
)
def test_personal_and_what_is_worse_stands_behind_the_second_wall(data_class: Class, personal: bool) -> None:
    assert data_class.is_personal is personal
    assert data_class.meaning


# --- Retention ----------------------------------------------------------------------------------------


def test_the_pack_says_of_every_retention_rule_how_long_it_keeps() -> None:
    if not PACK.exists():
        pytest.skip("packs/england/retention.yaml IS MISSING: no retention rule says how long it keeps")
    items = yaml.safe_load(PACK.read_text(encoding="utf-8"))
    assert {item["id"] for item in items} == {rule.value for rule in Rule}


def test_every_retention_rule_keeps_something() -> None:
    used = {one.rule for held in data_classes.declared().values() for one in held.values()}
    assert set(Rule) - used == set()


# --- The second wall ----------------------------------------------------------------------------------


def _flags() -> dict[str, tuple[bool, bool]]:
    """Whether row-level security of each table is enabled, and whether it binds the owner too."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        return {table: (enabled, forced) for table, enabled, forced in cursor.fetchall()}


def _with_a_policy_for(role: str) -> set[str]:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND %s = ANY (roles)", [role]
        )
        return {table for (table,) in cursor.fetchall()}


def _held(table: str, privilege: str) -> bool:
    """Whether the application may do this to the table, or to any one column of it."""
    whole_rows = privilege in ("DELETE", "TRUNCATE")
    function = "has_table_privilege" if whole_rows else "has_any_column_privilege"
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s::regclass, %s)", [grants.APP, table, privilege])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
def test_every_personal_table_has_row_level_security_enabled_and_forced() -> None:
    flags = _flags()
    assert [table for table in _personal_tables() if flags[table] != (True, True)] == []


@pytest.mark.django_db
def test_every_personal_table_has_a_policy_for_the_application_or_is_closed_to_it() -> None:
    open_to_it = {
        table
        for table in _personal_tables()
        if any(_held(table, privilege) for privilege in ("SELECT", "INSERT", "UPDATE"))
    }
    assert sorted(open_to_it - _with_a_policy_for(grants.APP)) == []


@pytest.mark.django_db
def test_nothing_personal_can_be_deleted_by_the_application() -> None:
    deletable = [
        f"{privilege} {table}"
        for table in _personal_tables()
        for privilege in ("DELETE", "TRUNCATE")
        if _held(table, privilege)
    ]
    assert deletable == []


def test_only_the_tables_named_here_are_about_people_and_outside_the_second_wall() -> None:
    tables = {model._meta.label: model._meta.db_table for model in _models()}
    outside = {
        name
        for name, held in data_classes.declared().items()
        if max(one.data_class for one in held.values()) is Class.STAFF
        if tables.get(name, name) not in walls.declared()
    }
    assert outside == STAFF_OUTSIDE_THE_WALL
