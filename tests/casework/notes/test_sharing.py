"""One agency's own notes never reach another by any way, and what is shared with some reaches those alone.

Each claim about sight is asked twice: through the first wall, and of the database without any filter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.casework import access
from saferhub.casework.models import Attachment, Case, Note
from saferhub.casework.queries.notes_audience import audience_of
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.models import Hub
from saferhub.sharing.access import get_matter
from saferhub.sharing.access.loaders import revisions_readable_by
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Folder, Interest, Revision
from saferhub.sharing.operations import agreements
from saferhub.sharing.operations.handover import hand_over
from saferhub.sharing.operations.interests_given import end_sight, open_up, restrict
from saferhub.sharing.queries.handover import deciding
from tests.builders.casework import a_case, actor, unit_of
from tests.builders.casework_notes import a_file, a_note, key_of

pytestmark = pytest.mark.django_db

COLIN, RACHEL, PRIYA, VICTOR, MAYA, CHRIS, MINA = (
    "colin.coordinator",
    "rachel.referrer",
    "priya.partner",
    "victor.voluntary",
    "maya.manager",
    "chris.chair",
    "mina.minutes",
)
SECRET = "Quillfeather said the flat is watched"
# One page of a case's addresses each: what another agency of the case could look at.
PAGES = ("case", "case-timeline", "case-files", "case-plan", "case-changes", "case-access", "matter-history")


@pytest.fixture(autouse=True)
def _files_apart(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.FILES_DIR = tmp_path / "files"
    yield


@pytest.fixture
def case(cast: dict[str, Any]) -> Case:
    return a_case(cast)


def seen_by(cast: dict[str, Any], note: Note | Attachment) -> set[str]:
    """Who sees it: through the loaders and past them, which must agree."""
    model = type(note)
    first, second = set(), set()
    for username, user in cast.items():
        with entered(user):
            if access.parts_readable_by(actor(cast, username), model).filter(pk=note.pk).exists():
                first.add(username)
            if model._default_manager.filter(pk=note.pk).exists():
                second.add(username)
    assert first == second
    return first


def history_seen_by(cast: dict[str, Any], note: Note) -> set[str]:
    """To whom what history keeps of it is shown: through the loaders and past them, which must agree."""
    first, second = set(), set()
    for username, user in cast.items():
        with entered(user):
            if revisions_readable_by(actor(cast, username)).filter(subject=note.public_id).exists():
                first.add(username)
            if Revision.objects.filter(subject=note.public_id).exists():
                second.add(username)
    assert first == second
    return first


def test_a_note_for_everybody_is_seen_by_whoever_sees_the_case(cast: dict[str, Any], case: Case) -> None:
    note = a_note(cast, case, PRIYA, "He keeps his appointments.")
    assert seen_by(cast, note) == {COLIN, RACHEL, PRIYA, VICTOR, MAYA, CHRIS, MINA}


def test_an_own_note_is_seen_by_the_writers_unit_and_by_nobody_of_the_hub(
    cast: dict[str, Any], case: Case
) -> None:
    note = a_note(cast, case, VICTOR, SECRET, "own")
    assert seen_by(cast, note) == {VICTOR}
    assert history_seen_by(cast, note) == {VICTOR}


def test_the_co_ordinators_own_note_is_not_seen_by_those_who_contribute(
    cast: dict[str, Any], case: Case
) -> None:
    note = a_note(cast, case, COLIN, SECRET, "own")
    assert not seen_by(cast, note) & {RACHEL, PRIYA, VICTOR, CHRIS}


def test_a_named_note_reaches_the_writer_and_those_named_alone(cast: dict[str, Any], case: Case) -> None:
    unit = unit_of(cast, PRIYA)
    note = a_note(cast, case, RACHEL, SECRET, "named", [f"unit:{unit.public_id}"])
    assert seen_by(cast, note) == {RACHEL, PRIYA}
    assert history_seen_by(cast, note) == {RACHEL, PRIYA}
    with entered(cast[RACHEL]):
        given = Interest.objects.get(folder=note.folder_id)
        held = Interest.objects.get(folder=case.folder_id, unit=unit)
    assert (given.agreement_id, given.gateway, given.purpose, given.valid_until) == (
        held.agreement_id,
        held.gateway,
        held.purpose,
        held.valid_until,
    )


def test_naming_the_hub_reaches_everybody_who_works_there(cast: dict[str, Any], case: Case) -> None:
    note = a_note(cast, case, VICTOR, SECRET, "named", ["hub"])
    assert seen_by(cast, note) == {VICTOR, COLIN, MAYA, CHRIS, MINA}


def test_what_was_written_for_the_hub_goes_to_the_hub_that_the_case_is_handed_to(
    cast: dict[str, Any], case: Case
) -> None:
    note = a_note(cast, case, VICTOR, SECRET, "named", ["hub"])
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        matter = get_matter(colin, case.matter.public_id)
        other = (
            Hub.objects.filter(partnership=matter.partnership).exclude(pk=matter.hub_id).get(code="harrogate")
        )
        hand_over(
            matter_id=matter.public_id,
            to_hub=other,
            to_unit=matter.unit,
            decisions={one.standing.public_id: "end" for one in deciding(colin, matter, other, matter.unit)},
            reason="They moved.",
            by=colin,
            on=colin.on,
        )
        assert Note.objects.filter(pk=note.pk).exists() is False
    with entered(cast[VICTOR]):
        assert Folder.objects.get(pk=note.folder_id).hub_id == other.pk
    assert not history_seen_by(cast, note) & {COLIN, CHRIS}
    assert MAYA in history_seen_by(cast, note)


def test_the_form_names_those_who_would_see_it(cast: dict[str, Any], case: Case) -> None:
    with entered(cast[VICTOR]):
        victor = actor(cast, VICTOR)
        audience = audience_of(victor, access.get_case(victor, case.matter.public_id))
    promised = {key.key: set(key.people) for key in audience.parties}
    names = {username: user.name for username, user in cast.items()}
    assert {person.split(" (")[0] for person in promised["hub"]} == {
        names[one] for one in (COLIN, MAYA, CHRIS, MINA)
    }
    note = a_note(cast, case, VICTOR, "Ours.", "own")
    assert {person.split(" (")[0] for person in audience.own} == {names[one] for one in seen_by(cast, note)}


def test_every_party_on_offer_sees_what_is_shared_with_it_as_the_form_says(
    cast: dict[str, Any], case: Case
) -> None:
    with entered(cast[RACHEL]):
        rachel = actor(cast, RACHEL)
        audience = audience_of(rachel, access.get_case(rachel, case.matter.public_id))
    names = {user.name: username for username, user in cast.items()}
    assert {one.key for one in audience.parties} >= {"hub", f"unit:{unit_of(cast, PRIYA).public_id}"}
    for party in audience.parties:
        note = a_note(cast, case, RACHEL, "For some.", "named", [party.key])
        promised = {names[person.split(" (")[0]] for person in party.people}
        assert seen_by(cast, note) == promised | {RACHEL}


def test_nobody_names_an_agency_that_does_not_see_the_case(cast: dict[str, Any], case: Case) -> None:
    fergus = unit_of(cast, "fergus.former")
    with entered(cast[RACHEL]):
        stood = Folder.objects.filter(kind="note").count()
    for named, code in (
        ([], "nobody_named"),
        ([f"unit:{fergus.public_id}"], "does_not_see_case"),
        (["unit:nonsense"], "does_not_see_case"),
    ):
        with pytest.raises(Refusal) as refused:
            a_note(cast, case, RACHEL, SECRET, "named", named)
        assert refused.value.code == code
    with entered(cast[RACHEL]):
        assert not Note.objects.filter(matter=case.matter_id).exists()
        assert Folder.objects.filter(kind="note").count() == stood


@pytest.mark.parametrize("reader", [COLIN, MAYA, RACHEL, PRIYA, CHRIS])
def test_no_page_tells_another_agency_of_an_own_note_or_file(
    cast: dict[str, Any], case: Case, client_for: Any, reader: str
) -> None:
    before = {name: _page(client_for, reader, case, name) for name in PAGES}
    note = a_note(cast, case, VICTOR, SECRET, "own")
    a_file(cast, case, VICTOR, name="quillfeather.pdf", sharing="own")
    client_for(VICTOR).get(reverse("case-update", args=[case.matter.public_id, note.public_id]))
    for name in PAGES:
        text = _page(client_for, reader, case, name)
        for trace in ("Quillfeather", "quillfeather", note.public_id):
            assert trace not in text, name
        # No count gives it away either.
        assert _figures(text) == _figures(before[name]), name


def _page(client_for: Any, who: str, case: Case, name: str) -> str:
    return str(client_for(who).get(reverse(name, args=[case.matter.public_id])).content.decode())


def _figures(text: str) -> list[str]:
    """The counts beside the tabs of a page."""
    import re

    return re.findall(r"moj-sub-navigation__link[^>]*>([^<]+)<", text)


@pytest.mark.parametrize("reader", [COLIN, MAYA, RACHEL, PRIYA])
def test_another_agencys_own_note_answers_like_one_that_never_was(
    cast: dict[str, Any], case: Case, client_for: Any, reader: str
) -> None:
    note = a_note(cast, case, VICTOR, SECRET, "own")
    file = a_file(cast, case, VICTOR, sharing="own")
    client = client_for(reader)
    matter = case.matter.public_id
    for name, number in (
        ("case-update", note.public_id),
        ("case-update-edit", note.public_id),
        ("case-update-withdraw", note.public_id),
        ("case-update-file-new", note.public_id),
        ("case-file", file.public_id),
        ("case-file-withdraw", file.public_id),
    ):
        for method in (client.get, client.post):
            answer = method(reverse(name, args=[matter, number]))
            if answer.status_code != 405:
                assert answer.status_code == 404, name


def test_the_log_of_a_case_does_not_tell_of_a_note_kept_from_it(cast: dict[str, Any], case: Case) -> None:
    stood = list(Entry.objects.values_list("pk", flat=True))
    a_note(cast, case, VICTOR, SECRET, "own")
    a_file(cast, case, VICTOR, sharing="own")
    entries = Entry.objects.filter(event__in=["casework.note_written", "casework.file_added"]).exclude(
        pk__in=stood
    )
    assert entries.count() == 2
    for entry in entries:
        assert case.matter.public_id not in (entry.subject, str(entry.codes))
        assert "Quillfeather" not in str(entry.codes)


def test_an_agency_whose_sight_of_the_case_ends_loses_what_was_shared_with_it(
    cast: dict[str, Any], case: Case
) -> None:
    note = a_note(cast, case, RACHEL, SECRET, "named", [f"unit:{unit_of(cast, PRIYA).public_id}"])
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        interest = Interest.objects.get(folder=case.folder_id, unit=unit_of(cast, PRIYA))
        end_sight(
            matter_id=case.matter.public_id,
            interest_id=interest.public_id,
            reason="Her part is done.",
            by=colin,
            on=colin.on,
        )
    assert seen_by(cast, note) == {RACHEL}
    assert history_seen_by(cast, note) == {RACHEL}
    with entered(cast[RACHEL]):
        ended = Interest.objects.get(folder=note.folder_id)
    assert (ended.ended_by, ended.end_reason) == (cast[COLIN].public_id, "Her part is done.")
    assert Entry.objects.filter(event="sharing.interest_ended", codes__interest=ended.public_id).exists()


def test_an_agency_that_loses_the_case_loses_its_own_note_too(cast: dict[str, Any], case: Case) -> None:
    note = a_note(cast, case, PRIYA, SECRET, "own")
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        interest = Interest.objects.get(folder=case.folder_id, unit=unit_of(cast, PRIYA))
        end_sight(
            matter_id=case.matter.public_id,
            interest_id=interest.public_id,
            reason="Her part is done.",
            by=colin,
            on=colin.on,
        )
    assert seen_by(cast, note) == history_seen_by(cast, note) == set()


def test_the_history_of_a_note_goes_with_the_case_at_each_wall_by_itself(
    cast: dict[str, Any], case: Case
) -> None:
    note = a_note(cast, case, RACHEL, SECRET, "named", [f"unit:{unit_of(cast, PRIYA).public_id}"])
    assert history_seen_by(cast, note) == {RACHEL, PRIYA}
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        interest = Interest.objects.get(folder=case.folder_id, unit=unit_of(cast, RACHEL))
        end_sight(
            matter_id=case.matter.public_id,
            interest_id=interest.public_id,
            reason="Her part is done.",
            by=colin,
            on=colin.on,
        )
    # The folder is her unit's own still; the case is not.
    with entered(cast[RACHEL]):
        assert Folder.objects.filter(pk=note.folder_id).exists()
        assert not Revision.objects.filter(folder=note.folder_id).exists()
    # Behind Priya's eyes the database holds nothing back of it.
    with entered(cast[PRIYA]):
        assert Revision.objects.filter(folder=note.folder_id).exists()
        assert not revisions_readable_by(actor(cast, RACHEL)).filter(folder=note.folder_id).exists()
        assert revisions_readable_by(actor(cast, PRIYA)).filter(folder=note.folder_id).exists()


def test_a_suspended_agreement_hides_a_named_note_until_it_comes_back(
    cast: dict[str, Any], case: Case
) -> None:
    note = a_note(cast, case, RACHEL, SECRET, "named", [f"unit:{unit_of(cast, VICTOR).public_id}"])
    assert VICTOR in seen_by(cast, note)
    with entered(cast[VICTOR]):
        held = Interest.objects.select_related("agreement").get(
            folder=case.folder_id, unit=unit_of(cast, VICTOR)
        )
    assert held.agreement is not None
    for act, sees in ((agreements.suspend, False), (agreements.resume, True)):
        with entered(cast["ian.governance"]):
            ian = actor(cast, "ian.governance")
            act(agreement_id=held.agreement.public_id, reason="It is being checked.", by=ian, on=ian.on)
        assert (VICTOR in seen_by(cast, note)) is sees
        assert (VICTOR in history_seen_by(cast, note)) is sees


def _restrict(cast: dict[str, Any], case: Case, *names: str) -> None:
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        restrict(
            matter_id=case.matter.public_id,
            names=[cast[one].public_id for one in names],
            reason="A threat was made.",
            by=colin,
            on=colin.on,
        )


def test_a_restricted_case_narrows_what_lies_beside_it_to_those_named(
    cast: dict[str, Any], case: Case
) -> None:
    to_priya = a_note(cast, case, RACHEL, SECRET, "named", [f"unit:{unit_of(cast, PRIYA).public_id}"])
    own = a_note(cast, case, VICTOR, SECRET, "own")
    to_hub = a_note(cast, case, RACHEL, SECRET, "named", ["hub"])
    _restrict(cast, case, COLIN, PRIYA)
    assert seen_by(cast, to_priya) == history_seen_by(cast, to_priya) == {PRIYA}
    # Nobody named in the case may read Victor's own, and Victor is not named in it.
    assert seen_by(cast, own) == history_seen_by(cast, own) == set()
    assert seen_by(cast, to_hub) == history_seen_by(cast, to_hub) == {COLIN}


def test_lifting_the_restriction_shows_each_note_to_those_it_was_for(
    cast: dict[str, Any], case: Case
) -> None:
    note = a_note(cast, case, RACHEL, SECRET, "named", [f"unit:{unit_of(cast, PRIYA).public_id}"])
    own = a_note(cast, case, VICTOR, SECRET, "own")
    _restrict(cast, case, COLIN, PRIYA)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        open_up(matter_id=case.matter.public_id, reason="It has passed.", by=colin, on=colin.on)
    assert seen_by(cast, note) == history_seen_by(cast, note) == {RACHEL, PRIYA}
    assert seen_by(cast, own) == history_seen_by(cast, own) == {VICTOR}


def test_in_a_restricted_case_people_are_named_one_by_one(cast: dict[str, Any], case: Case) -> None:
    _restrict(cast, case, COLIN, RACHEL, PRIYA)
    own = a_note(cast, case, RACHEL, SECRET, "own")
    assert seen_by(cast, own) == history_seen_by(cast, own) == {RACHEL}
    note = a_note(cast, case, RACHEL, SECRET, "named", [key_of(cast, case, RACHEL, cast[PRIYA].name)])
    assert seen_by(cast, note) == history_seen_by(cast, note) == {RACHEL, PRIYA}
    with entered(cast[RACHEL]):
        rachel = actor(cast, RACHEL)
        keys = {
            one.key for one in audience_of(rachel, access.get_case(rachel, case.matter.public_id)).parties
        }
    assert keys == {f"person:{cast[one].public_id}" for one in (COLIN, PRIYA)}


def test_somebody_who_does_not_see_the_case_makes_nothing_follow(cast: dict[str, Any], case: Case) -> None:
    from django.db import ProgrammingError, connection, transaction

    with entered(cast["fergus.former"]), pytest.raises(ProgrammingError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM gate.follow_notes(%s, %s)", [case.folder_id, "why"])
