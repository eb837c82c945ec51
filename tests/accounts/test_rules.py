from datetime import UTC, datetime, timedelta

import pytest

from saferhub.accounts import rules
from saferhub.accounts.cast import BY_USERNAME, CAST
from saferhub.accounts.rules import Keep, SessionEnd, Standing

NOON = datetime(2018, 9, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("signed_in", "seen", "expected"),
    [
        (0, 0, None),
        (60, 29, None),
        (60, 30, SessionEnd.IDLE),
        (60, 600, SessionEnd.IDLE),
        (719, 1, None),
        (720, 1, SessionEnd.ABSOLUTE),
        (900, 600, SessionEnd.ABSOLUTE),
    ],
)
def test_a_session_ends_when_idle_or_open_too_long(
    signed_in: int, seen: int, expected: SessionEnd | None
) -> None:
    found = rules.session_end(
        NOON,
        signed_in_at=NOON - timedelta(minutes=signed_in),
        last_seen=NOON - timedelta(minutes=seen),
        idle=timedelta(minutes=30),
        absolute=timedelta(hours=12),
    )
    assert found is expected


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "password1",
        "oldpassword",
        "new_password",
        "code",
        "totp-code",
        "recovery_code",
        "security_code",
        "otp",
        "form-otp",
        "pin",
        "token",
        "client_secret",
        "PassPhrase",
    ],
)
def test_names_of_secrets_are_known(name: str) -> None:
    assert rules.is_secret_field(name)


@pytest.mark.parametrize(
    "name", ["postcode", "agency_code", "reason", "opinion", "codes_of_conduct", "pinned", "note"]
)
def test_ordinary_names_are_not_taken_for_secrets(name: str) -> None:
    assert not rules.is_secret_field(name)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([("csrfmiddlewaretoken", ["x"]), ("note", ["Met her"])], Keep.KEPT),
        ([("note", ["Met her"]), ("password", [""])], Keep.SECRET),
        ([("csrfmiddlewaretoken", ["x"]), ("note", ["  "]), ("seen", ["abc"])], Keep.NOTHING),
        ([], Keep.NOTHING),
        ([("note", ["é" * 60])], Keep.TOO_LONG),
        ([("note", ["a" * 96])], Keep.KEPT),
        ([("note", ["a" * 97])], Keep.TOO_LONG),
    ],
)
def test_what_becomes_of_a_form(fields: list[tuple[str, list[str]]], expected: Keep) -> None:
    assert rules.whether_to_keep(fields, most_bytes=100) is expected


def test_a_field_is_named_as_its_writer_knows_it() -> None:
    assert rules.field_words("reason_for_referral") == "Reason for referral"
    assert rules.field_words("form-0-note") == "Form 0 note"
    assert rules.field_words("_") == "Field"


@pytest.mark.parametrize(
    ("expires", "used", "withdrawn", "expected"),
    [
        (1, None, None, Standing.OPEN),
        (0, None, None, Standing.EXPIRED),
        (1, NOON, None, Standing.USED),
        (1, None, NOON, Standing.WITHDRAWN),
        (-1, NOON, NOON, Standing.USED),
    ],
)
def test_how_an_invitation_stands(
    expires: int, used: datetime | None, withdrawn: datetime | None, expected: Standing
) -> None:
    found = rules.invitation_standing(
        NOON, expires_at=NOON + timedelta(seconds=expires), used_at=used, withdrawn_at=withdrawn
    )
    assert found is expected


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("Jo Field", (), "jo.field"),
        ("Zoë O’Hara", (), "zoe.ohara"),
        ("Mary Ann Smith-Jones", (), "mary.jones"),
        ("Cher", (), "cher"),
        ("李 明", (), "person"),
        ("Jo Field", ("jo.field",), "jo.field2"),
        ("Jo Field", ("jo.field", "jo.field2"), "jo.field3"),
    ],
)
def test_a_username_is_made_of_the_name(name: str, taken: tuple[str, ...], expected: str) -> None:
    assert rules.username_from(name, taken) == expected


def test_a_username_is_never_longer_than_its_column() -> None:
    assert len(rules.username_from(f"{'a' * 80} {'b' * 80}")) <= rules.USERNAME_LENGTH


def test_a_fingerprint_tells_values_apart_even_when_joined_alike() -> None:
    assert rules.fingerprint("a", "bc") != rules.fingerprint("ab", "c")


def test_the_cast_is_the_thirteen_of_the_demonstration_in_their_order() -> None:
    assert list(BY_USERNAME) == [
        "rachel.referrer", "colin.coordinator", "maya.manager", "chris.chair", "priya.partner",
        "victor.voluntary", "mina.minutes", "nadia.neighbour", "fergus.former", "olivia.outsider",
        "ian.governance", "ana.analyst", "ada.admin",
    ]  # fmt: skip
    assert all(member.email.endswith("@demo.invalid") for member in CAST)


@pytest.mark.parametrize(
    "text", ["01632 960 001", "+44 1632 960001", "(01632) 960-001 ext 12", "01632960001x4", "101", ""]
)
def test_telephone_numbers_as_people_write_them(text: str) -> None:
    assert rules.is_telephone(text) == bool(text)


@pytest.mark.parametrize(
    "text", ["ask Jo", "01632 960 001 or 2", "12", "1" * 16, "++44 1", "ext 12", "01632/960001"]
)
def test_what_is_no_telephone_number(text: str) -> None:
    assert not rules.is_telephone(text)


def test_a_date_is_read_as_one_line_where_it_stood() -> None:
    fields = [
        ("role", ["minute_taker"]),
        ("from_day", ["3"]),
        ("from_month", [""]),
        ("from_year", ["2018"]),
        ("until_day", [""]),
        ("until_month", [""]),
        ("until_year", [""]),
        ("lucky_day", ["Friday"]),
        ("note", ["not_a_code at all", " "]),
        ("seen", ["abc"]),
    ]
    assert rules.readable_fields([(name, tuple(values)) for name, values in fields]) == [
        ("Role", ["Minute taker"]),
        ("From", ["3 / – / 2018"]),
        ("Lucky day", ["Friday"]),
        ("Note", ["not_a_code at all"]),
    ]
