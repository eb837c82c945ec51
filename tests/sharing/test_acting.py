"""Jobs and commands: entered as their person, or steward's, which few modules may be."""

from __future__ import annotations

import ast
import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

import saferhub
from saferhub.accounts import operations
from saferhub.accounts.actors import AccountHolder
from saferhub.audit.models import Entry
from saferhub.sharing.entering import entered, entered_as
from saferhub.sharing.models import Folder
from tests.sharing import acting

Cast = dict[str, Any]
pytestmark = pytest.mark.django_db(transaction=True)
SOURCE = Path(saferhub.__file__).parent


@pytest.fixture
def folders(cast: Cast) -> dict[str, str]:
    """A folder of the own unit of each of two people of different agencies."""
    made = {}
    for username in ("colin.coordinator", "priya.partner"):
        membership = cast[username].memberships.get()
        with entered(cast[username]):
            made[username] = Folder.objects.create(
                partnership=membership.partnership, unit=membership.unit, kind="matter"
            ).public_id
    return made


def written(then: str) -> int:
    return Entry.objects.filter(subject_kind="test", subject=then).count()


# --- Jobs -----------------------------------------------------------------------------------------------


def test_a_job_stands_or_falls_together_and_sees_no_protected_row(folders: dict[str, str]) -> None:
    assert acting.plain() == {"user": None, "atomic": True, "folders": []}
    assert written("plain") == 1
    with pytest.raises(KeyError):
        acting.plain(then="mistake")
    assert written("mistake") == 0


def test_a_job_may_keep_transactions_of_its_own(folders: dict[str, str]) -> None:
    assert acting.own() == {"user": None, "atomic": False, "folders": []}


def test_a_persons_job_sees_what_she_may_see(cast: Cast, folders: dict[str, str]) -> None:
    seen = {}
    for username in folders:
        with entered(cast[username]):
            seen[username] = sorted(Folder.objects.values_list("public_id", flat=True))
    assert len({tuple(found) for found in seen.values()}) == len(folders)
    for username, folder in folders.items():
        user = cast[username]
        assert acting.of_a_person(by=user.public_id) == {
            "user": user.pk,
            "atomic": True,
            "folders": seen[username],
            "by": user.public_id,
        }
        assert folder in seen[username]
        assert entered_as() is None
    with pytest.raises(KeyError):
        acting.of_a_person(by=cast["priya.partner"].public_id, then="mistake")
    assert written("mistake") == 0
    assert entered_as() is None


def test_a_job_for_somebody_who_has_left_is_not_done_and_that_is_recorded(
    cast: Cast, folders: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    colin = cast["colin.coordinator"]
    operations.record_leaver(
        colin, by=AccountHolder("ADMINISTRATOR000"), on=date(2018, 8, 28), reason="New post"
    )
    with caplog.at_level(logging.WARNING):
        assert acting.of_a_person(by=colin.public_id) is None
    assert "tests.of_a_person" in caplog.text
    assert written("person") == 0
    entry = Entry.objects.get(event="job.refused")
    assert (entry.kind, entry.subject, entry.partnership, entry.codes) == (
        "refusal",
        colin.public_id,
        "north_yorkshire",
        {"job": "tests.of_a_person"},
    )
    assert acting.of_a_person(by="NOBODYATALL00000") is None


def test_the_stewards_job_sees_every_partnerships_rows(folders: dict[str, str]) -> None:
    assert set(acting.of_the_steward()) >= set(folders.values())
    assert written("steward") == 1
    with pytest.raises(KeyError):
        acting.of_the_steward(then="mistake")
    assert written("mistake") == 0


def test_a_job_keeps_the_name_of_what_it_does() -> None:
    assert acting.of_a_person.name == "tests.of_a_person"
    assert acting.of_a_person.func.__doc__ == "What somebody's job sees."


def _declared() -> set[str]:
    makers = {"job", "person_job", "steward_job"}
    return {
        call.args[0].value
        for _, tree in modules()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") in makers
        and isinstance(call.args[0], ast.Constant)
    }


def test_the_worker_knows_every_job_that_a_module_declares() -> None:
    program = "import django; django.setup()\nfrom procrastinate.contrib.django import app\nprint(*app.tasks)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=SOURCE.parent)
    assert ran.returncode == 0, ran.stderr
    assert _declared() <= set(ran.stdout.split())


def test_which_of_our_jobs_keep_transactions_of_their_own() -> None:
    """Mail waits for another server, sealing works as steward, each calendar stands by itself."""
    own = set()
    for path, tree in modules():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            named = {word.arg: word.value for word in call.keywords}
            if getattr(call.func, "id", "") == "job" and isinstance(
                named.get("own_transactions"), ast.Constant
            ):
                if isinstance(call.args[0], ast.Constant):
                    own.add((path, call.args[0].value))
    assert own == {
        ("accounts/jobs.py", "accounts.deliver_mail"),
        ("audit/jobs.py", "audit.seal"),
        ("partnership/jobs.py", "partnership.plan_calendars"),
    }


# --- Commands -------------------------------------------------------------------------------------------


def run(command: Any, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue().strip()


def test_a_command_acts_as_whom_it_names(cast: Cast) -> None:
    colin = cast["colin.coordinator"]
    assert run(acting.Command(), "--as", "colin.coordinator") == f"{colin.public_id} {colin.pk}"
    assert entered_as() is None
    assert written("command") == 1


def test_a_command_needs_somebody_who_can_sign_in(cast: Cast) -> None:
    with pytest.raises(CommandError, match="Nobody who can sign in is called nobody"):
        run(acting.Command(), "--as", "nobody")
    with pytest.raises(CommandError, match="--as"):
        run(acting.Command())


def test_a_refused_command_says_so_and_leaves_nothing(cast: Cast) -> None:
    with pytest.raises(CommandError, match="The list closed on Monday"):
        run(acting.Command(), "--as", "colin.coordinator", "--then", "refusal")
    assert written("refusal") == 0


def test_the_stewards_command_acts_for_nobody_and_sees_everything(folders: dict[str, str]) -> None:
    signed_in, number = run(acting.StewardsCommand()).split()
    assert signed_in == "False"
    assert int(number) >= len(folders)


def test_without_the_stewards_connection_his_command_says_what_is_missing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = {alias: found for alias, found in connections.settings.items() if alias != "steward"}
    monkeypatch.setattr(connections, "settings", without)
    with pytest.raises(CommandError, match="DATABASE_STEWARD_URL"):
        run(acting.StewardsCommand())


# --- Who may be steward ---------------------------------------------------------------------------------

MAY_NAME_THE_CONNECTION = {
    "settings.py",  # where it is declared
    "audit/operations.py",  # seals
    "audit/management/commands/seal_audit.py",
    "foundation/management/commands/worker.py",  # refuses to start without it
    "sharing/jobs.py",  # steward_job
    "sharing/commands.py",  # as_steward
    "casework/demonstration/loading.py",  # seals what the demonstration's loader wrote
    "casework/demonstration/measuring.py",  # counts what it wrote
    "meetings/operations/demonstration_year.py",  # seals the year of meetings that it copied
}
# Jobs and commands on whole partnerships' protected rows: add a module here with its reason.
MAY_ACT_AS_STEWARD = {
    "sharing/operations/agreements_told.py",  # whom an agreement's end concerns, in every hub
    "casework/management/commands/clear_files.py",  # which files are named by no row of any partnership
    "casework/operations/actions_chasing.py",  # what is late in every case, and whom to remind
    "plan/operations/counting.py",  # measures, counted over every row into figures that name nobody
    "reporting/management/commands/publish.py",  # counts what nobody has counted yet, into figures that name nobody
    "meetings/operations/asking_reminders.py",  # who is silent before every meeting, and whom to remind
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield str(path.relative_to(SOURCE)), ast.parse(path.read_text(encoding="utf-8"))


def _names_the_connection(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Constant) and node.value == "steward" for node in ast.walk(tree))


def _acts_as_steward(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.alias) and node.name in {"steward_job", "_STEWARD"}:
            return True
        if isinstance(node, ast.Attribute) and node.attr in {"steward_job", "_STEWARD"}:
            return True
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "as_steward" for target in node.targets
        ):
            if not (isinstance(node.value, ast.Constant) and node.value.value is False):
                return True
    return False


def test_few_modules_name_the_stewards_connection() -> None:
    found = {path for path, tree in modules() if _names_the_connection(tree)}
    assert found == MAY_NAME_THE_CONNECTION


def test_few_modules_act_as_steward() -> None:
    found = {path for path, tree in modules() if _acts_as_steward(tree)}
    assert found == MAY_ACT_AS_STEWARD
