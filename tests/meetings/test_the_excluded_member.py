"""The excluded member: everything she can fetch is as it would be if what is kept from her did not exist.

A meeting is lived through twice from the same beginning: once with a case on its agenda that is kept from three
members, once without it. It is kept from an agency, from a partner, and from one of those who prepare the meeting,
who knows the case from her hub and must not learn that the meeting speaks of it. At every stage each of them looks at
the meeting, home and her feed; once the agenda is sent and once the minutes are approved she follows every link and
opens the papers in their three forms, and at the end every list and search; and the database is asked which rows it
shows her. Once identifiers, tokens and times of day are blanked, the two lives are the same to each.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from saferhub.casework.models import Case
from saferhub.casework.operations.actions import owner_key, set_action
from saferhub.foundation import walls
from saferhub.meetings.models import Attendance, Item, ItemKind, Meeting, MinutesPart
from saferhub.meetings.operations import (
    asking,
    guests,
    keeping,
    live,
    live_recording,
    live_words,
    minutes,
    sending,
)
from saferhub.meetings.operations import calendar_inviting as inviting
from saferhub.meetings.operations import items as agenda
from saferhub.meetings.operations.copies import take_copy
from saferhub.meetings.operations.live_attendance import Recorded, record_attendance
from saferhub.meetings.operations.minutes_told import tell_that_minutes_are_out
from saferhub.people.models import Person
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case, actor, share_with, unit_of
from tests.builders.casework_interventions import a_person
from tests.builders.meetings import (
    CHRIS,
    COLIN,
    FERGUS,
    MAYA,
    MINA,
    PRIYA,
    RACHEL,
    VICTOR,
    Cast,
    Made,
    a_meeting,
    act,
    ask_of,
)
from tests.publication.reading import text_of_pdf

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
SEATS = (CHRIS, MINA, PRIYA, RACHEL, VICTOR)
SECRET, WHO, SAID = "Owls in the bell tower", "Perpetua Quillfeather", "The verger keeps a second key."
BECAUSE = "A cousin of the verger."
# The papers that are opened at each stage, and whether every link is followed.
STAGES = {"asked": "", "sent": "pack", "running": "", "approved": "minutes"}
FIGURES = re.compile(r'href="(/meetings/measures/\?rows=[^"#]+)')
LISTS = (
    "groups", "cases", "matters", "actions", "known-persons", "referrals", "meeting-measures", "access-requests"
)  # fmt: skip
HERS = (VICTOR, PRIYA, MINA)
_IDS = re.compile(r"(?i)(?<![0-9a-z])[0-9a-hjkmnp-tv-z]{16}(?![0-9a-z])")
_BLANKED = (
    re.compile(r"(?<=/feeds/actions/)[\w-]+"),
    re.compile(r'nonce(=|-)[\'"]?[\w+/=-]+'),
    re.compile(r'(?:name="csrfmiddlewaretoken"|name="once") value="[^"]*"'),
    re.compile(r'data-[a-z]*(?:mark|since|began|at|now)="[^"]*"'),
    re.compile(r'name="(?:\w*mark|seen)" value="[^"]*"'),
    re.compile(r"DTSTAMP:\w+|LAST-MODIFIED:\w+"),
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\s<\"]*"),
    re.compile(r"\b\d\d:\d\d(?::\d\d)?\b"),
    # The meeting's clock runs on between the two looks.
    re.compile(r"<strong>\d+ min</strong>(?= <span>(?:left|over) in all)"),
)


def blanked(text: str) -> str:
    text = _IDS.sub("ID", text)
    for pattern in _BLANKED:
        text = pattern.sub("~", text)
    return text


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Life:
    """One life of the meeting. `hidden`: the item that is kept from them; none in the life without it, in which the
    case is worked on all the same."""

    cast: Cast
    made: Made
    case: Case
    hidden: Item | None = None

    @property
    def id(self) -> str:
        return self.made.meeting.public_id

    def act(self, username: str, operation: Callable[..., Any], **values: Any) -> Any:
        return act(self.cast, username, operation, meeting_id=self.id, **values)

    def put_on_what_is_hidden(self) -> None:
        """The case, the first below its heading, with somebody named on it; kept from Victor's agency, and from two
        people by name."""
        self.hidden = self.act(
            COLIN,
            agenda.put_on,
            kind=ItemKind.CASE,
            matter_id=self.case.matter.public_id,
            why=SAID,
            brief=WHO,
            under="cases",
            minutes=17,
        )
        with entered(self.cast[COLIN]):
            rows = list(Item.objects.filter(meeting=self.made.meeting).order_by("order", "id"))
        wanted = agenda.order_by_places(rows, {self.hidden.public_id: 1})
        self.act(COLIN, agenda.reorder, order=wanted, seen=[one.public_id for one in rows])
        people = [{"user_id": self.cast[her].public_id} for her in (MINA, PRIYA)]
        for whom in (*people, {"unit_id": unit_of(self.cast, VICTOR).public_id}):
            self.act(COLIN, keeping.keep_from, item_id=self.hidden.public_id, why=BECAUSE, **whom)

    def stages(self) -> Iterator[str]:
        """Through the meeting's life; between them everybody does the same, and more where there is more."""
        self.act(COLIN, sending.ask_agencies)
        yield "asked"
        self.act(COLIN, inviting.invite)
        self.act(COLIN, sending.send_agenda)
        if self.hidden is not None:
            self._bid_a_guest(self.hidden)
        # In both lives, for how often it was sent is no secret among those who prepare the meeting.
        self.act(COLIN, sending.send_agenda)
        self._answer()
        yield "sent"
        self._begin()
        yield "running"
        self._run()
        for username in (CHRIS, MAYA):
            with entered(self.cast[username]):
                by = actor(self.cast, username)
                seen = minutes.mark_of(minutes.waiting(by, Meeting.objects.get(pk=self.made.meeting.pk)))
                if seen:
                    minutes.approve_minutes(meeting_id=self.id, seen=seen, by=by, on=by.on)
        if self.hidden is not None:
            self._correct(self.hidden)
        yield "approved"

    def _bid_a_guest(self, hidden: Item) -> None:
        """Somebody comes for what is kept from them, and takes a copy."""
        self.act(COLIN, guests.bid_guest, item_id=hidden.public_id, user_id=self.cast[FERGUS].public_id)
        self.act(FERGUS, take_copy, kind="pack", form="page")

    def _correct(self, hidden: Item) -> None:
        """The minutes of what is kept from them are corrected, and whoever reads them is told."""
        with entered(self.cast[COLIN]):
            (part,) = MinutesPart.objects.filter(item=hidden)
            (name,) = minutes.values_of(part)
        self.act(
            COLIN, minutes.correct_part, part_id=part.public_id, values={name: SAID}, notice=BECAUSE,
            seen=part.content_hash,
        )  # fmt: skip
        with entered(self.cast[CHRIS]):
            chris = actor(self.cast, CHRIS)
            seen = minutes.mark_of(minutes.waiting(chris, Meeting.objects.get(pk=self.made.meeting.pk)))
        parts = self.act(CHRIS, minutes.approve_minutes, seen=seen)
        self.act(CHRIS, tell_that_minutes_are_out, parts=parts)

    def _answer(self) -> None:
        made = Made(self.made.meeting, items=[*self.made.items, *([self.hidden] if self.hidden else [])])
        for number in range(len(made.items)):
            ask, words = ask_of(self.cast, made, RACHEL, number), SAID if number == 2 else "Seen twice."
            self.act(
                RACHEL, asking.answer, ask_id=ask.public_id, answer="shared", words=words, seen=ask.version
            )

    def _begin(self) -> None:
        self.act(COLIN, live.begin_meeting, another_day=True)
        with entered(self.cast[COLIN]):
            rows = Attendance.objects.filter(meeting=self.made.meeting, folder=self.made.meeting.folder_id)
            left = {self.cast[her].pk for her in HERS}
            given = [
                Recorded(row.public_id, "present", True, row.user_id in left, row.version) for row in rows
            ]
            record_attendance(meeting_id=self.id, given=given, by=actor(self.cast, COLIN))
        # They have left the room. The meeting is at what is kept from them, and at none where that is not there.
        if self.hidden is not None:
            self.act(COLIN, live.focus_on, item_id=self.hidden.public_id, have_left=True)
        else:
            Meeting.objects.filter(pk=self.made.meeting.pk).update(focus="", focus_since=None)

    def _run(self) -> None:
        if self.hidden is not None:
            self._record(self.hidden, "go_on", WHO)
        else:
            with entered(self.cast[COLIN]):
                colin = actor(self.cast, COLIN)
                set_action(
                    case_id=self.case.matter.public_id, words=f"Ask: {WHO}", who=self._who(),
                    due_on=colin.on + timedelta(days=7), by=colin, on=colin.on,
                )  # fmt: skip
        for item in self.made.items:
            self._record(item, "go_on", "Nothing new.")
        self.act(COLIN, live.end_meeting, put_off_rest=True)

    def _record(self, item: Item, decision: str, words: str) -> None:
        self.act(
            COLIN, live_words.keep_words, item_id=item.public_id, text=words, sequence=1, mark=f"mark-{item.public_id}"
        )  # fmt: skip
        self.act(
            COLIN, live_recording.decide, item_id=item.public_id, seen=live_recording.Decided().mark,
            given=live_recording.Decided(decision, words, "all"),
        )  # fmt: skip
        self.act(
            COLIN, live_recording.agree_action, item_id=item.public_id, words=f"Ask: {words}", mark="world-action",
            due_on=actor(self.cast, COLIN).on + timedelta(days=7), who=self._who(),
        )  # fmt: skip
        self.act(COLIN, live.go_on, item_id=item.public_id)

    def _who(self) -> str:
        return owner_key(unit_of(self.cast, RACHEL), self.cast[RACHEL])


@dataclass
class Seen:
    """What she finds at one stage: pages by address, papers, her feed, rows by table, her mails."""

    pages: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    mails: Counter[str] = field(default_factory=Counter)


def links_of(body: str, meeting: str, group: str) -> Iterator[str]:
    """The meeting's pages and its group's: what a reader of the meeting would follow. Figures are looked at in the end,
    and only those over all groups, for they hold the group's."""
    for link in re.findall(r'href="([^"#]+)', body):
        address = unescape(link)
        ours = (f"/meetings/{meeting}/", f"/meetings/groups/{group}/")
        if address.startswith(ours) and "/measures/" not in address:
            yield address


def text_of(answer: Any, folder: Path) -> str:
    """A page as it is; a PDF as its text; every part of a Word file."""
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith("application/pdf"):
        return text_of_pdf(answer.content, folder)
    if "wordprocessingml" in kind:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
            return "\n".join(
                f"{name}: {parts.read(name).decode('utf-8', 'replace')}" for name in parts.namelist()
            )
    return str(answer.content.decode())


@dataclass
class Reader:
    """One of those whom it is kept from, with her browser and the address of her feed."""

    username: str
    client: Client
    feed: str = ""
    seen: dict[str, Seen] = field(default_factory=dict)

    def make_feed(self) -> None:
        address = self.client.post(reverse("action-feed"), {"do": "make"}).context["address"]
        self.feed = address[address.index("/feeds/") :]

    def look(self, life: Life, stage: str, folder: Path) -> None:
        """Everything that she finds now, from home and the meeting on."""
        found = self.seen[stage] = Seen()
        one, group, paper = life.id, life.made.meeting.group.public_id, STAGES[stage]
        names = ("meeting", "meeting-asks", "meeting-run", "meeting-screen")
        waiting = [reverse("home"), *(reverse(name, args=[one]) for name in names)]
        if paper:
            waiting += [reverse("item", args=[one, item.public_id]) for item in life.made.items]
            waiting += [
                reverse("meetings"),
                reverse("action-mine"),
                reverse("meeting-ics", args=[one]),
                self.feed,
            ]
            waiting.append(reverse("meeting-paper", args=[one, paper]))
            waiting += [
                reverse("meeting-paper-file", args=[one, paper, ending]) for ending in ("docx", "pdf")
            ]
        if stage == "approved":
            waiting += [reverse(name) for name in LISTS]
            waiting.append(reverse("case", args=[life.case.matter.public_id]))
        done: Counter[str] = Counter()
        while waiting:
            address = waiting.pop(0)
            if done[address] or done[blanked(address)] > 1:  # every item has the same pages below it
                continue
            done.update({address, blanked(address)})
            answer = self.client.get(address)
            body = text_of(answer, folder)
            if paper and answer.headers.get("Content-Type", "").startswith("text/html"):
                waiting += links_of(body, one, group)
                waiting += FIGURES.findall(body) if stage == "approved" else []
            said = f"{answer.status_code} {answer.headers.get('Location', '')} {body}"
            found.pages[blanked(address)] = found.pages.get(blanked(address), "") + blanked(said)
            assert len(done) < 200, "She follows links without end."
        for words in (SECRET, WHO) if stage == "approved" else ():
            answer = self.client.post(reverse("search-matters"), {"reference": words}, follow=True)
            found.pages[f"search for {words}"] = blanked(answer.content.decode())
        found.rows = rows_shown_to(life, self.username)
        address = life.cast[self.username].email
        found.mails = Counter(
            blanked(f"{one.subject}\n{one.body}") for one in mail.outbox if address in one.to
        )


def rows_shown_to(life: Life, username: str) -> dict[str, int]:
    """How many rows of each protected table the database shows her; the log and her searches are her own."""
    with entered(life.cast[username]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) name WHERE has_table_privilege(name, 'SELECT')",
            [sorted(set(walls.declared()) - {"audit_entry", "sharing_search"})],
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
        return found


def lived(life: Life, client_for: ClientFor, capture: Any, folder: Path) -> dict[str, dict[str, Seen]]:
    """What each of them finds at each stage of a life."""
    mail.outbox.clear()
    readers = [Reader(her, client_for(her)) for her in HERS]
    for reader in readers:
        reader.make_feed()
    stages = life.stages()
    for name in STAGES:
        with capture(execute=True):
            assert next(stages) == name
        for reader in readers:
            reader.look(life, name, folder)
    return {reader.username: reader.seen for reader in readers}


def differences(one: Seen, other: Seen) -> Iterator[str]:
    """Where two sights differ, shortly."""
    for address in sorted(one.pages.keys() | other.pages.keys()):
        here, there = one.pages.get(address, "no page"), other.pages.get(address, "no page")
        if here != there:
            at = next((n for n, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), 0)
            near = slice(max(at - 80, 0), at + 160)
            yield f"{address}\n  with:    {here[near]!r}\n  without: {there[near]!r}"
    for table in one.rows:
        if one.rows[table] != other.rows[table]:
            yield f"{table}: {one.rows[table]} rows with it, {other.rows[table]} without"
    if one.mails != other.mails:
        yield f"mails: {one.mails - other.mails} / {other.mails - one.mails}"


def assert_others_see_it(life: Life, client: Client, reference: str) -> None:
    """What she finds nothing of is there for the others, under its reference and first of its heading."""
    assert life.hidden is not None
    page = client.get(reverse("meeting", args=[life.id])).content.decode()
    assert reference in page and SECRET in page
    assert client.get(reverse("item", args=[life.id, life.hidden.public_id])).status_code == 200
    paper = client.get(reverse("meeting-paper", args=[life.id, "minutes"])).content.decode()
    assert WHO in paper


def test_they_find_the_same_as_if_it_had_never_been(
    cast: Cast, client_for: ClientFor, django_capture_on_commit_callbacks: Any, tmp_path: Path
) -> None:
    made = a_meeting(cast, items=2, sent=False, members=SEATS)
    case = a_case(cast, title=SECRET, shares=[share_with(cast, RACHEL, "hubs_2018", "crime_and_disorder")])
    person = a_person(cast, case)
    with entered(cast[RACHEL]):
        Person.objects.filter(pk=person.pk).update(name=WHO)
    reference = case.matter.reference
    with undone():
        with_it = Life(cast, made, case)
        with_it.put_on_what_is_hidden()
        seen_with = lived(with_it, client_for, django_capture_on_commit_callbacks, tmp_path)
        assert_others_see_it(with_it, client_for(RACHEL), reference)
    with undone():
        seen_without = lived(Life(cast, made, case), client_for, django_capture_on_commit_callbacks, tmp_path)
    found = [
        f"{her}, {stage}: {one}"
        for her in HERS
        for stage in STAGES
        for one in differences(seen_with[her][stage], seen_without[her][stage])
    ]
    assert not found, "\n".join(found)
    for her in HERS:
        for stage, seen in seen_with[her].items():
            # What she asked for stands on the page of her search, and Mina knows the case itself.
            first = "/meetings/ID/" if her == MINA else "/"
            pages = [body for name, body in seen.pages.items() if name.startswith(first)]
            whole = "\n".join([*pages, *seen.mails])
            for word in (SECRET, SAID, WHO, BECAUSE, reference):
                assert word not in whole, (her, stage, word)
        # A comparison of two empty worlds would prove nothing.
        last = seen_with[her]["approved"]
        for case in made.cases:
            assert case.matter.reference in last.pages["/meetings/ID/"]
            assert case.matter.reference in last.pages["/meetings/ID/papers/minutes/file.pdf"]
        assert last.rows["meetings_item"] and last.mails
