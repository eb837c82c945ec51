"""A year of meetings as rows: what the operations on them write, for those parts that figures and pages read.

Sight that ended before today is not written: nobody has it. A hub in which the cast sits therefore stops early enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import models

from saferhub.accounts.models import User
from saferhub.casework.demonstration.facts import Worker
from saferhub.casework.demonstration.rows import Row, Tables, shape_of
from saferhub.meetings.models import (
    Ask,
    Attendance,
    Group,
    Item,
    ItemAction,
    ItemMove,
    Meeting,
    MeetingMove,
    Member,
    MinutesPart,
    Words,
)
from saferhub.meetings.queries.minutes_recorded import HERE
from saferhub.meetings.rules import minutes as rules
from saferhub.meetings.rules.attending import Here, quorum
from saferhub.meetings.rules.cycle import cut_off_days
from saferhub.meetings.rules.when import LONDON, held, hours
from saferhub.partnership.models import Partnership
from saferhub.partnership.rules.working_days import BankHolidays
from saferhub.publication.stored import content_hash, to_json
from saferhub.sharing.models import Folder, Revision

from . import past
from .table import Place, Table

# Each table after those that it refers to.
ORDER = (
    Folder, Revision, Member, Meeting, MeetingMove, Attendance, Item, ItemMove, Ask, Words, ItemAction, MinutesPart,
)  # fmt: skip
_HOW = {"present": "Present", "deputy": "Came as deputy", "apologies": "Sent apologies", "absent": "Absent"}
_LABELS = {"chair": "Chair. ", "minutes": "Minute-taker. "}
_EACH = 4  # minutes set aside for a case


class Year:
    """Rows of all hubs' meetings."""

    def __init__(self, tables: Tables, partnership: Partnership, holidays: BankHolidays) -> None:
        self.tables, self.partnership, self.holidays = tables, partnership, holidays

    def seats(
        self, table: Table, since: date, keys: Iterable[str] = (), until: date | None = None, why: str = ""
    ) -> None:
        """Whoever sits there since a day, or of them only those with these keys; `until`: their last day."""
        for one in [table.places[key] for key in keys or table.places]:
            row = self.tables.add(
                Member, partnership_id=self.partnership.pk, group_id=table.group.pk, agency_id=one.agency.pk,
                unit_id=one.unit.pk, user_id=one.user.pk if one.user else None, seat=one.sits.seat,
                post=one.sits.post, valid_from=since, valid_until=until, ended_why=why, by=table.by.user.public_id,
            )  # fmt: skip
            group = {"public_id": table.group.public_id}
            self._record(
                "meetings.seat_given", Group, group, table.by, seat=row["public_id"],
                kind=one.sits.seat, unit=one.unit.public_id, user=one.user.public_id if one.user else "",
            )  # fmt: skip
            if until is not None:
                self._record(
                    "meetings.seat_ended",
                    Group,
                    group,
                    table.by,
                    seat=row["public_id"],
                    day=until.isoformat(),
                )

    def planned(
        self, table: Table, number: int, on: date, moved_from: date | None, planned_on: date, **more: Any
    ) -> Row:
        """A meeting that is planned and no more."""
        cycle = table.kind.cycle
        assert cycle is not None
        row = self.tables.add(
            Meeting, partnership_id=self.partnership.pk, group_id=table.group.pk, hub_id=table.hub.pk, number=number,
            on=on, starts_at=time.fromisoformat(cycle.starts_at).isoformat(), minutes=cycle.minutes,
            place=table.room, moved_from=moved_from, **more,
        )  # fmt: skip
        row["uid"] = f"{self.tables.public_id().lower()}@{settings.CALENDAR_DOMAIN}"
        self._meeting_move(row, "", "planned", table.by, planned_on)
        self._record(
            "meetings.planned", Meeting, row, table.by, group=table.group.public_id, day=on.isoformat()
        )
        return row

    def held(self, table: Table, number: int, told: past.Past) -> None:
        """A meeting from its agenda to its approved minutes; or called off."""
        begun = told.on - timedelta(days=past.BEGUN)
        meeting = self.planned(table, number, told.on, told.moved_from, told.on - timedelta(days=60))
        if told.cancelled:
            meeting.update(status="cancelled", cancelled_why=past.CANCELLED_WHY, version=2, sequence=1)
            day = told.on - timedelta(days=1)
            self._meeting_move(meeting, "planned", "cancelled", table.by, day, past.CANCELLED_WHY)
            self._record("meetings.cancelled", Meeting, meeting, table.by, people=0)
            return
        began = self._at(told.on, *_clock(table))
        ended = began + timedelta(seconds=sum(one.seconds for one in told.items) + 12 * 60)
        meeting.update(
            folder_id=self._folder(table)["id"], work_folder_id=self._folder(table)["id"], status="approved",
            confidentiality=table.kind.confidentiality, began_at=began, ended_at=ended, version=6,
        )  # fmt: skip
        here = self._attendance(table, meeting, told, began)
        head = self._head(table, meeting, told, here)
        standing = self._standing(table, meeting, told, begun)
        self._record("meetings.preparing", Meeting, meeting, table.by, group=table.group.public_id)
        parts: list[tuple[Row, rules.Recorded, tuple[rules.Said, ...], Row]] = []
        moment = began + timedelta(minutes=9)
        for place, one in enumerate(told.items):
            parts.append(self._item(table, meeting, told, place, one, moment))
            moment += timedelta(seconds=one.seconds)
        for before, after, by, on in (
            ("planned", "preparing", table.by, begun),
            ("preparing", "sent", table.by, told.on - timedelta(days=past.SENT)),
            ("sent", "running", table.taker, told.on),
            ("running", "draft", table.taker, told.on),
            ("draft", "approved", table.chair, told.on + past.APPROVED),
        ):
            self._meeting_move(meeting, before, after, by, on)
        for event, by, codes in (
            ("meetings.agenda_sent", table.by, {"agencies": len(table.places)}),
            ("meetings.begun", table.taker, {"group": table.group.public_id}),
            ("meetings.ended", table.taker, {"put_off": sum(one.put_off for one in told.items)}),
            ("meetings.minutes_drafted", table.taker, {"parts": 1 + len(parts)}),
        ):
            self._record(event, Meeting, meeting, by, **codes)
        self._minutes(table, meeting, head, standing, parts, told, here)

    def _attendance(
        self, table: Table, meeting: Row, told: past.Past, began: datetime
    ) -> list[tuple[Place, str, str]]:
        """Who came, for the minutes: the seat, how, and in whose name."""
        found = []
        for key, came in told.came.items():
            one = table.places[key]
            # Whoever sends somebody else has sent apologies; her deputy stands below.
            lines: list[tuple[str, User | None, str, User | None]] = [
                ("apologies" if came == "deputy" else came, one.user, "" if one.user else one.sits.post, None)
            ]
            if came == "deputy":
                lines.append(("deputy", None, "Deputy", one.user))
            for how, user, name, instead in lines:
                there = how in HERE
                row = self.tables.add(
                    Attendance, partnership_id=self.partnership.pk, folder_id=meeting["folder_id"],
                    meeting_id=meeting["id"], agency_id=one.agency.pk, unit_id=one.unit.pk,
                    user_id=user.pk if user else None, name=name, instead_of_id=instead.pk if instead else None,
                    seat=one.sits.seat, came=how, acknowledged_at=began if there else None,
                    by=table.taker.user.public_id, version=2,
                )  # fmt: skip
                self._record(
                    "meetings.attendance_recorded", Attendance, row, table.taker, meeting=meeting["public_id"],
                    came=how, acknowledged=there, left=False, version=2,
                )  # fmt: skip
                found.append((one, how, user.name if user else name))
        return sorted(found, key=lambda line: (line[1] not in HERE, line[0].agency.name))

    def _head(
        self, table: Table, meeting: Row, told: past.Past, here: Sequence[tuple[Place, str, str]]
    ) -> rules.Head:
        def in_seat(seat: str) -> str:
            return ", ".join(name for one, how, name in here if one.sits.seat == seat and how in HERE)

        return rules.Head(
            group=table.group.name, kind=table.group.kind, key=meeting["public_id"], on=told.on,
            hours=hours(time.fromisoformat(meeting["starts_at"]), meeting["minutes"]), place=meeting["place"],
            chair=in_seat("chair"), taken_by=in_seat("minutes"),
            held=held(told.on, meeting["began_at"], meeting["ended_at"]),
        )  # fmt: skip

    def _standing(self, table: Table, meeting: Row, told: past.Past, begun: date) -> list[Row]:
        found = []
        for order, one in enumerate(table.kind.standing_items, start=1):
            alone = one.takes in ("nothing", "last_minutes", "actions")
            row = self.tables.add(
                Item, partnership_id=self.partnership.pk, folder_id=meeting["folder_id"], meeting_id=meeting["id"],
                kind="actions" if one.takes == "actions" else "standing", code=one.id, title=one.title,
                status="done", order=order * 100, minutes=one.minutes if alone else 0, by=table.by.user.public_id,
                version=2,
            )  # fmt: skip
            self._item_move(row, "", "on", table.by, begun)
            self._item_move(row, "on", "done", table.taker, told.on)
            found.append(row)
        return found

    def _item(
        self, table: Table, meeting: Row, told: past.Past, place: int, one: past.Spoken, moment: datetime
    ) -> tuple[Row, rules.Recorded, tuple[rules.Said, ...], Row]:  # fmt: skip
        case, folder = one.case, self._folder(table)
        under = "closures" if one.kind == "closure" else "cases"
        orders = {item.id: n * 100 for n, item in enumerate(table.kind.standing_items, start=1)}
        why = "It may end: the plan is done." if one.kind == "closure" else "It is due to be looked at."
        row = self.tables.add(
            Item, partnership_id=self.partnership.pk, folder_id=folder["id"], meeting_id=meeting["id"], kind=one.kind,
            title=case.title, matter_id=case.matter_pk, reference=case.reference,
            status="deferred" if one.put_off else "done", order=orders.get(under, 800) + 1 + place, minutes=_EACH,
            why=why, began_at=None if one.put_off else moment, spent=one.seconds, decision=one.decision,
            agreed=one.agreed, decided_by=table.taker.user.public_id if one.decision else "",
            by=table.by.user.public_id, version=3 if one.decision else 2,
        )  # fmt: skip
        begun = told.on - timedelta(days=one.added)
        self._item_move(row, "", "on", table.by, begun, why)
        reason = past.PUT_OFF_WHY if one.put_off else ""
        self._item_move(row, "on", row["status"], table.taker, told.on, reason)
        values = {"title": row["title"], "why": why, "brief": "", "minutes": _EACH}
        self._keep(folder, Item, row, 1, values, table.by, begun)
        self._record(
            "meetings.item_put_on", Item, row, table.by, case.purpose, meeting=meeting["public_id"], kind=one.kind,
            matter=case.matter,
        )  # fmt: skip
        self._asks(table, meeting, row, folder, one, told)
        if one.put_off:
            self._record("meetings.item_deferred", Item, row, table.taker, meeting=meeting["public_id"])
            return row, self._recorded(table, row, one, ()), (), folder
        said = self._words(table, row, folder, one, moment)
        if one.decision:
            kept = {**values, "decision": one.decision, "decision_words": "", "agreed": one.agreed}
            self._keep(folder, Item, row, 2, kept, table.taker, told.on)
            self._record(
                "meetings.item_decided", Item, row, table.taker, meeting=meeting["public_id"], decision=one.decision,
                agreed=one.agreed, version=2,
            )  # fmt: skip
        for action in one.actions:
            self.tables.add(
                ItemAction, partnership_id=self.partnership.pk, folder_id=folder["id"], item_id=row["id"],
                action=action.key, case=case.matter, mark=f"demonstration-{action.key}",
                by=table.taker.user.public_id, at=moment,
            )  # fmt: skip
            self._record(
                "meetings.action_agreed",
                Item,
                row,
                table.taker,
                meeting=meeting["public_id"],
                action=action.key,
            )
        self._record("meetings.item_done", Item, row, table.taker, meeting=meeting["public_id"])
        return row, self._recorded(table, row, one, said), said, folder

    def _asks(
        self, table: Table, meeting: Row, item: Row, folder: Row, one: past.Spoken, told: past.Past
    ) -> None:
        offs = table.kind.cut_offs
        due_on = cut_off_days(
            told.on, referrals=offs.referrals, asks=offs.asks, answers=offs.answers, agenda=offs.agenda,
            holidays=self.holidays,
        ).answers  # fmt: skip
        for given in one.answers:
            place = table.places[given.key]
            answered = self._at(due_on + timedelta(days=1 if given.late else -1), 15, 20)
            by = place.user.public_id if place.user is not None else table.by.user.public_id
            row = self.tables.add(
                Ask, partnership_id=self.partnership.pk, folder_id=folder["id"], item_id=item["id"],
                meeting_id=meeting["id"], agency_id=place.agency.pk, unit_id=place.unit.pk,
                asked_on=told.on - timedelta(days=past.SENT), due_on=due_on, answer=given.answer,
                answer_words=past.ANSWERS.get(given.answer, ""),
                declined_why=past.DECLINED_WHY if given.answer == "declined" else "",
                answered_at=answered if given.answer else None, answered_by=by if given.answer else "",
                version=2 if given.answer else 1,
            )  # fmt: skip
            if given.answer:
                who = table.by if place.user is None else Worker("", place.user, place.unit, place.agency)
                self._record("meetings.answered", Ask, row, who, answer=given.answer, version=2)

    def _words(
        self, table: Table, item: Row, folder: Row, one: past.Spoken, moment: datetime
    ) -> tuple[rules.Said, ...]:
        until = moment + timedelta(seconds=max(20, one.seconds - 15))
        row = self.tables.add(
            Words, partnership_id=self.partnership.pk, folder_id=folder["id"], item_id=item["id"],
            author_id=table.taker.user.pk, mark=f"demonstration-{item['public_id']}", sequence=1, text=one.said,
            began_at=moment, at=until,
        )  # fmt: skip
        return (rules.Said(row["public_id"], table.taker.user.name, moment, until, one.said),)

    def _recorded(
        self, table: Table, item: Row, one: past.Spoken, said: tuple[rules.Said, ...]
    ) -> rules.Recorded:
        return rules.Recorded(
            item=item["public_id"], title=item["title"], reference=item["reference"], said=said,
            decision=table.decisions.get(one.decision, one.decision), agreed=one.agreed,
            actions=tuple(rules.Agreed(a.words, a.who, a.due_on) for a in one.actions), put_off=one.put_off,
        )  # fmt: skip

    def _minutes(
        self, table: Table, meeting: Row, head: rules.Head, standing: Sequence[Row],
        parts: Sequence[tuple[Row, rules.Recorded, tuple[rules.Said, ...], Row]], told: past.Past,
        here: Sequence[tuple[Place, str, str]],
    ) -> None:  # fmt: skip
        headings = [(rules.Recorded(one["public_id"], one["title"]), "") for one in standing]
        whole = rules.part_of_meeting(
            head,
            came=[
                rules.Came(name, one.agency.name, _LABELS.get(one.sits.seat, "") + _HOW[how])
                for one, how, name in here
            ],
            confidentiality=table.kind.confidentiality, acknowledged="Everybody who was there acknowledged it.",
            quorum=_quorum(table, here), items=headings,
        )  # fmt: skip
        made = [self._part(table, meeting, None, meeting["folder_id"], whole, {}, told)]
        for row, recorded, said, folder in parts:
            document = rules.part_of_item(head, recorded, rules.draft_text(said))
            taken = {one.key: one.until.isoformat() for one in said}
            made.append(self._part(table, meeting, row, folder["id"], document, taken, told))
        self._record("meetings.minutes_approved", Meeting, meeting, table.chair, parts=made)

    def _part(
        self, table: Table, meeting: Row, item: Row | None, folder: int, document: Any, taken: Mapping[str, str],
        told: past.Past,
    ) -> str:  # fmt: skip
        content = to_json(document)
        row = self.tables.add(
            MinutesPart, partnership_id=self.partnership.pk, folder_id=folder, meeting_id=meeting["id"],
            item_id=item["id"] if item else None, number=rules.FIRST, content=content,
            content_hash=content_hash(content), figures={"words": dict(taken)},
            made_by=table.taker.user.public_id, made_at=meeting["ended_at"],
        )  # fmt: skip
        values = {f"text_{one}": text for one, text in rules.texts_of(document).items()}
        self._keep({"id": folder}, MinutesPart, row, 1, values, table.taker, told.on)
        return str(row["public_id"])

    def _folder(self, table: Table) -> Row:
        return self.tables.add(
            Folder,
            partnership_id=self.partnership.pk,
            hub_id=table.hub.pk,
            unit_id=table.by.unit.pk,
            kind="work",
        )

    def _meeting_move(
        self, meeting: Row, before: str, after: str, by: Worker, on: date, reason: str = ""
    ) -> None:
        self.tables.add(
            MeetingMove, partnership_id=self.partnership.pk, meeting_id=meeting["id"], from_status=before,
            to_status=after, on=on, by=by.user.public_id, reason=reason,
        )  # fmt: skip

    def _item_move(self, item: Row, before: str, after: str, by: Worker, on: date, reason: str = "") -> None:
        self.tables.add(
            ItemMove, partnership_id=self.partnership.pk, folder_id=item["folder_id"], item_id=item["id"],
            from_status=before, to_status=after, on=on, by=by.user.public_id, reason=reason,
        )  # fmt: skip

    def _keep(
        self, folder: Row, model: type[models.Model], row: Row, number: int, values: Row, by: Worker, on: date
    ) -> None:
        self.tables.add(
            Revision, partnership_id=self.partnership.pk, folder_id=folder["id"], kind=shape_of(model).kind,
            subject=row["public_id"], number=number, values=values, by=by.user.public_id, agency=by.agency.code,
            at=self._at(on, 11, 0),
        )  # fmt: skip

    def _record(
        self, event: str, model: type[models.Model], row: Row, by: Worker, purpose: str = "", **codes: Any
    ) -> None:
        self.tables.record(
            event, (shape_of(model).kind, row["public_id"]), actor=by.user.public_id, agency=by.agency.code,
            partnership=self.partnership.code, purpose=purpose, codes=codes,
        )  # fmt: skip

    def _at(self, day: date, hour: int, minute: int) -> datetime:
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


def _clock(table: Table) -> tuple[int, int]:
    assert table.kind.cycle is not None
    begins = time.fromisoformat(table.kind.cycle.starts_at)
    return begins.hour, begins.minute


def _quorum(table: Table, here: Sequence[tuple[Place, str, str]]) -> str:
    there = {
        one.agency.code: Here(one.agency.code, one.kind, one.statutory) for one, how, _ in here if how in HERE
    }
    rule = table.kind.quorum
    state = quorum(there.values(), agencies=rule.agencies, of_kinds=rule.of_kinds)
    came = f"{len(there)} {'agency was' if len(there) == 1 else 'agencies were'} there."
    if state.met:
        return f"{came} The meeting had its quorum."
    return f"{came} The meeting had no quorum, so what it decided is advice."
