"""What kind of data every field holds, and by which rule its row is kept: one register of all tables.

An app declares its models' fields in its `data_classes.py` as `FIELDS`; foundation's own stand in
`own_data_classes.py`, those of Django and its companions in `saferhub/borrowed_data_classes.py`. A field that
nobody declares fails the register's test. How long each rule keeps a row is law and local practice, so
it stands in the packs (section `retention`); here are only the rules' codes.

The class decides about the second wall: a table with one field classed personal or higher is under
row-level security, and the application may not delete its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum, unique
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps


@unique
class Class(IntEnum):
    """What a field can hold at worst, from what anybody may read to what harms most."""

    PUBLIC = 0
    INTERNAL = 1
    STAFF = 2
    PERSONAL = 3
    SPECIAL = 4
    CRIMINAL = 5

    @property
    def is_personal(self) -> bool:
        """Whether the second wall has to stand before it."""
        return self >= Class.PERSONAL

    @property
    def words(self) -> str:
        return self.name.capitalize()

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Class.PUBLIC: "Published, or fit to be: law, names of agencies, hubs and boards.",
    Class.INTERNAL: (
        "About the work and not about a person: codes, dates, states, identifiers. An identifier says"
        " nothing by itself; who is meant stands in the row that it identifies, under that row's class."
    ),
    Class.STAFF: (
        "About people who work here: accounts, second factors, sessions, roles. Read before it is known"
        " who acts; tells nothing of any matter."
    ),
    Class.PERSONAL: "About a person the partnership works with or for, and every free text about a matter.",
    Class.SPECIAL: (
        "Special category data (UK GDPR article 9), and text that may say anything about health, origin,"
        " belief or sexual life."
    ),
    Class.CRIMINAL: (
        "Criminal offence data (UK GDPR article 10), alleged offences included, and text that may say"
        " anything about them."
    ),
}


@unique
class Rule(Enum):
    """Codes of the retention rules. The pack's section `retention` says how long, from when, and why."""

    ACCOUNT = "account"
    SESSION = "session"
    AUDIT = "audit"
    PACK = "pack"
    CALENDAR = "calendar"
    MATTER = "matter"
    PERSON = "person"
    AGREEMENT = "agreement"
    SEARCH_LOG = "search_log"
    REQUEST = "request"
    DISCLOSURE = "disclosure"
    EMERGENCY = "emergency"
    QUEUE = "queue"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Held:
    """One field: its class and the rule that its row is kept by."""

    data_class: Class
    rule: Rule


# What the base models of foundation bring to every table that builds on them.
RECORD = "id public_id created_at"
MOVE = "id from_status to_status on at by"


def fields(
    rule: Rule,
    *,
    public: str = "",
    internal: str = "",
    staff: str = "",
    personal: str = "",
    special: str = "",
    criminal: str = "",
) -> dict[str, Held]:
    """Every field of one table by its class, as names with spaces between, all kept by one rule.

    There is no class for fields not named: who adds one decides about it. Raises ValueError when a
    field is named twice.
    """
    listed = (
        (Class.PUBLIC, public),
        (Class.INTERNAL, internal),
        (Class.STAFF, staff),
        (Class.PERSONAL, personal),
        (Class.SPECIAL, special),
        (Class.CRIMINAL, criminal),
    )
    found: dict[str, Held] = {}
    for data_class, names in listed:
        for name in names.split():
            if name in found:
                raise ValueError(f"field {name} is given a class twice")
            found[name] = Held(data_class, rule)
    return found


Register = Mapping[str, Mapping[str, Held]]


def modules() -> list[str]:
    """The modules that declare classes, lowest app first; borrowed tables come last."""
    ours = [config.name for config in apps.get_app_configs() if config.name.startswith("saferhub.")]
    own = "saferhub.foundation"
    names = [f"{name}.own_data_classes" if name == own else f"{name}.data_classes" for name in ours]
    return [*(name for name in names if find_spec(name)), "saferhub.borrowed_data_classes"]


def declared() -> dict[str, Mapping[str, Held]]:
    """Every declared field, by its model's label (or by its table's name, where a table has no model).

    Raises ValueError when two modules declare the same one.
    """
    register: dict[str, Mapping[str, Held]] = {}
    for module in modules():
        declarations: Register = import_module(module).FIELDS
        for name, held in declarations.items():
            if name in register:
                raise ValueError(f"the fields of {name} are declared twice")
            register[name] = held
    return register
