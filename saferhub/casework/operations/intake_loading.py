"""Reading a large sheet in by the worker: asked for, done as who asked, stopped.

The sheet is checked whole before it is asked for. The worker reads it in one transaction: a worker that is killed
leaves nothing, and the job is taken up again from the beginning. What is asked for is done with the sight that who
asked has then.
"""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from cryptography.fernet import InvalidToken, MultiFernet
from django.db import DatabaseError, transaction
from django.http import Http404

from saferhub.accounts.holding import cipher_for
from saferhub.audit import operations as audit
from saferhub.audit.jobs import job
from saferhub.casework.access.intake import get_load_for_update, get_mapping, is_under_way
from saferhub.casework.access.referrals import check_can_refer
from saferhub.casework.models import LOAD_LIFECYCLE, ColumnMapping, LoadStatus, SheetImport, SheetLoad
from saferhub.casework.rules.intake_rows import Row
from saferhub.foundation import clock
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub
from saferhub.sharing.jobs import person_job

from .intake_imports import File, check_new, plan, read_in

# New and changed rows that one request reads in by itself; more go to the worker.
MOST_AT_ONCE = 200
LIFE = timedelta(days=1)
log = logging.getLogger(__name__)


class Stopped(Exception):  # noqa: N818 - somebody wished it
    """It was stopped while it was read in: all of it is taken back."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    file: File
    rows: list[Row]


@transaction.atomic
def ask_to_load(
    *, mapping: ColumnMapping, rows: Sequence[Row], file: File, hub: Hub, purpose: str, by: Actor, on: date
) -> SheetLoad:
    """Keep a checked sheet for the worker, which reads it in as soon as it can.

    The same file asked for again while it waits is the same, and begins again where its job has ended. Raises
    NotAllowed, RowRefused as `read_in` does for what is new, and Refusal `being_read_in` while another of its kind
    is read in.
    """
    check_can_refer(by)
    assert by.user is not None
    mapping = ColumnMapping.objects.select_for_update().get(pk=mapping.pk)
    standing = SheetLoad.objects.filter(mapping=mapping, status=LoadStatus.WAITING).first()
    if standing is not None:
        if is_under_way(standing):
            if standing.account_id == by.user.pk and standing.sha256 == file.sha256:
                return standing
            raise being_read_in()
        _end(standing, LoadStatus.FAILED, problem="It broke off, and a sheet of this kind was read in anew.")
    planned = plan(rows, mapping, by=by)
    check_new(planned.new, mapping, hub=hub, purpose=purpose, by=by, on=on)
    load = SheetLoad.objects.create(
        account=by.user,
        mapping=mapping,
        hub=hub,
        purpose=purpose,
        sealed=_sealed(_Sheet(file, list(rows)), by),
        sha256=file.sha256,
        rows=len(planned.new) + len(planned.following),
        expires_at=clock.real_now() + LIFE,
    )
    audit.record("sheet.load_asked", load, by=by, purpose=purpose, hub=hub.code, rows=load.rows)
    _put_on_queue(load, by)
    return load


def being_read_in() -> Refusal:
    return Refusal(
        "being_read_in", "A sheet of this kind is being read in. Choose the file again once that is done."
    )


@transaction.atomic
def begin_again(*, load_id: str, by: Actor) -> SheetLoad:
    """Put a sheet whose job has ended without it on the queue again. One that is under way stays as it is.

    Raises Http404, NotAllowed, and Refusal `sheet_gone` where it is not kept any more.
    """
    check_can_refer(by)
    load = get_load_for_update(by, load_id)
    if load.status != LoadStatus.WAITING or is_under_way(load):
        return load
    if not load.sealed or load.expires_at <= clock.real_now():
        raise Refusal("sheet_gone", "The sheet is not kept any more. Choose the file again.")
    audit.record("sheet.load_asked", load, by=by, purpose=load.purpose, hub=load.hub.code, rows=load.rows)
    _put_on_queue(load, by)
    return load


@transaction.atomic
def stop(*, load_id: str, by: Actor) -> SheetLoad:
    """Stop it: nothing of the sheet is read in, and it is not kept. One that has ended stays as it ended."""
    load = get_load_for_update(by, load_id)
    if load.status == LoadStatus.WAITING:
        _end(load, LoadStatus.CANCELLED)
        audit.record("sheet.load_stopped", load, by=by)
    return load


def _put_on_queue(load: SheetLoad, by: Actor) -> None:
    load.done = 0
    load.job = load_sheet.defer(by=by.public_id, load=load.public_id)
    load.save(update_fields=["done", "job"])


@person_job("casework.load_sheet", attempts=3)
def load_sheet(by: Actor, load: str) -> None:
    """Read one sheet in, as who asked for it."""
    load_now(load_id=load, by=by)


@transaction.atomic
def load_now(*, load_id: str, by: Actor) -> SheetLoad | None:
    """Read a waiting sheet in: all of it, or nothing. Done already, stopped or gone, nothing happens.

    What is refused, because a row cannot be kept or who asked may not any more, is kept with its sentence.
    """
    load = SheetLoad.objects.filter(account=by.user, public_id=load_id).select_related("hub").first()
    if load is None or load.status != LoadStatus.WAITING:
        return load
    try:
        with transaction.atomic():
            _load(load, by)
    except Stopped:
        log.info("A spreadsheet was stopped while it was read in")
    except NotAllowed as refusal:
        audit.record_refusal("sheet.load_refused", load, by=by, code=refusal.code)
        _end(load, LoadStatus.FAILED, problem=refusal.sentence)
    except Http404:
        audit.record_refusal("sheet.load_refused", load, by=by, code="not_your_sheet")
        _end(load, LoadStatus.FAILED, problem="You do not work in the unit any more whose sheet this is.")
    except Refusal as refusal:
        _end(load, LoadStatus.FAILED, problem=refusal.sentence)
    load.refresh_from_db()
    return load


def _load(load: SheetLoad, by: Actor) -> None:
    check_can_refer(by)
    mapping = get_mapping(by, ColumnMapping.objects.only("public_id").get(pk=load.mapping_id).public_id)
    sheet = _opened(load, by)
    if load.done:
        _say(load, 0)  # it broke off before, and begins anew
    made = read_in(
        mapping=mapping,
        rows=sheet.rows,
        file=sheet.file,
        hub=load.hub,
        purpose=load.purpose,
        by=by,
        on=by.on,
        after=_goes_on(load),
    )
    _finish(load, made)


def _goes_on(load: SheetLoad) -> Callable[[int], None]:
    """Between two batches: say how far it has come, unless it was stopped."""

    def after(done: int) -> None:
        if not SheetLoad.objects.filter(pk=load.pk, status=LoadStatus.WAITING).exists():
            raise Stopped
        _say(load, done)

    return after


def _say(load: SheetLoad, done: int) -> None:
    """By the connection whose writing stands by itself: what the transaction writes is seen at its end only."""
    try:
        SheetLoad.objects.using("refusals").filter(pk=load.pk).update(done=done)
    except DatabaseError:
        log.warning("How far a spreadsheet has come could not be said", exc_info=True)


def _finish(load: SheetLoad, made: SheetImport) -> None:
    locked = SheetLoad.objects.select_for_update().get(pk=load.pk)
    if locked.status != LoadStatus.WAITING:
        raise Stopped
    locked.done = locked.rows
    locked.made = made.public_id
    _end(locked, LoadStatus.DONE)


def _end(load: SheetLoad, status: LoadStatus, *, problem: str = "") -> None:
    """What its rows say is not kept any longer."""
    LOAD_LIFECYCLE.check(LoadStatus(load.status), status)
    load.status, load.problem, load.sealed = status, problem[:500], b""
    load.save(update_fields=["status", "problem", "sealed", "done", "made"])


def _sealed(sheet: _Sheet, by: Actor) -> bytes:
    said = {"file": asdict(sheet.file), "rows": [[row.line, row.values] for row in sheet.rows]}
    return bytes(_cipher(by).encrypt(zlib.compress(json.dumps(said).encode(), 6)))


def _opened(load: SheetLoad, by: Actor) -> _Sheet:
    """Raises Refusal `sheet_gone` where the seal does not open."""
    try:
        said = json.loads(zlib.decompress(_cipher(by).decrypt(bytes(load.sealed))))
    except (InvalidToken, ValueError, zlib.error) as wrong:
        raise Refusal("sheet_gone", "The sheet is not kept any more. Choose the file again.") from wrong
    return _Sheet(File(**said["file"]), [Row(line, values) for line, values in said["rows"]])


def _cipher(by: Actor) -> MultiFernet:
    return cipher_for(f"sheet to load of {by.public_id}")


@job("casework.throw_away_sheets", every="25 * * * *", attempts=1)
def throw_away_sheets() -> int:
    """Once an hour, delete what was kept of sheets that were asked for more than a day ago."""
    return throw_away_expired()


def throw_away_expired() -> int:
    """Delete every sheet past its time, however it ended. Returns how many.

    Not in the audit: that it was asked for is, and what was read in.
    """
    gone, _ = SheetLoad.objects.filter(expires_at__lte=clock.real_now()).delete()
    return gone


__all__ = [
    "MOST_AT_ONCE",
    "Stopped",
    "ask_to_load",
    "begin_again",
    "being_read_in",
    "load_now",
    "stop",
    "throw_away_expired",
]
