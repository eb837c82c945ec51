"""What a hub writes about a referral is the hub's alone: at each of the two walls by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from saferhub.accounts.models import Status, User
from saferhub.casework import access
from saferhub.casework.models import Assessment, Case, Decision, Referral
from saferhub.casework.operations import cases_deciding as deciding
from saferhub.casework.queries.cases_timeline import timeline
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.models import Hub, Membership
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Folder, Revision
from saferhub.sharing.operations.interests_given import open_up, restrict
from tests.builders.casework import a_case, actor, share_with, unit_of
from tests.builders.casework_scores import a_referral_score
from tests.builders.referrals import a_referral

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
COLIN, MAYA, CHRIS, MINA = "colin.coordinator", "maya.manager", "chris.chair", "mina.minutes"
RACHEL, VICTOR, BESIDE = "rachel.referrer", "victor.voluntary", "beside.colin"
REASON = "Three agencies have tried; the mother is known to two of them."
TOLD = "The hub has looked at it."
HUB = {COLIN, MAYA, CHRIS, MINA}


@pytest.fixture
def people(cast: Cast) -> Cast:
    """The cast, and a partner who works in the co-ordinator's own unit and in no hub."""
    beside = User.objects.create(
        email="beside@demo.invalid", username=BESIDE, name="Bea Beside", status=Status.ACTIVE
    )
    unit = unit_of(cast, COLIN)
    Membership.objects.create(
        user=beside,
        partnership_id=unit.agency.partnership_id,
        unit=unit,
        role="partner",
        valid_from=clock.today() - timedelta(days=30),
    )
    return {**cast, BESIDE: beside}


@pytest.fixture
def referral(people: Cast) -> Referral:
    """A referral of Rachel's that the Selby hub has scored."""
    found = a_referral(people)
    a_referral_score(people, found)
    return found


def by_database(people: Cast, row: Any) -> set[str]:
    """To whom the database shows a row when the application asks for all of them."""
    found = set()
    for username, user in people.items():
        with entered(user):
            if type(row)._default_manager.filter(pk=row.pk).exists():
                found.add(username)
    return found


def by_loaders(people: Cast, row: Any, behind: str) -> set[str]:
    """To whom the loaders show it where the database shows all that `behind` sees, and so holds nothing back."""
    found = set()
    with entered(people[behind]):
        assert type(row)._default_manager.filter(pk=row.pk).exists()
        for username in people:
            if access.parts_readable_by(actor(people, username), type(row)).filter(pk=row.pk).exists():
                found.add(username)
    return found


def read_by(people: Cast, row: Any, behind: str = COLIN) -> set[str]:
    database, loaders = by_database(people, row), by_loaders(people, row, behind)
    assert database == loaders
    return database


def asked(people: Cast, referral: Referral) -> Decision:
    """A reason of the hub's, on a referral that still waits."""
    with entered(people[COLIN]):
        colin = actor(people, COLIN)
        deciding.ask(
            referral_id=referral.matter.public_id, reason=REASON, question="Which?", by=colin, on=colin.on
        )
        return Decision.objects.get(referral=referral)


def scored(people: Cast, referral: Referral, by: str = COLIN) -> Assessment:
    with entered(people[by]):
        return Assessment.objects.get(matter=referral.matter_id)


def narrowed(people: Cast, referral: Referral, *names: str) -> None:
    with entered(people[COLIN]):
        colin = actor(people, COLIN)
        restrict(
            matter_id=referral.matter.public_id,
            names={people[one].public_id for one in names},
            reason="A threat was made.",
            by=colin,
            on=colin.on,
        )


def redirected(people: Cast, referral: Referral) -> None:
    with entered(people[COLIN]):
        colin = actor(people, COLIN)
        deciding.redirect(
            referral_id=referral.matter.public_id,
            to_hub=Hub.objects.get(code="harrogate", partnership=colin.partnership),
            reason=REASON,
            told=TOLD,
            by=colin,
            on=colin.on,
        )


def adopted(people: Cast, referral: Referral, *, restricted: bool = False) -> Case:
    with entered(people[COLIN]):
        colin = actor(people, COLIN)
        return deciding.adopt(
            referral_id=referral.matter.public_id,
            title="Noise at night",
            why="It goes on.",
            wanted="",
            grounds=["complex_unresolved"],
            declared=True,
            lead_unit=unit_of(people, RACHEL),
            lead=people[RACHEL],
            shares=[
                share_with(people, RACHEL, "hubs_2018", "crime_and_disorder"),
                share_with(people, VICTOR, "victim_support_2018", "victims_services"),
            ],
            restricted=restricted,
            reason=REASON,
            told=TOLD,
            by=colin,
            on=colin.on,
        )


def test_a_partner_of_the_co_ordinators_unit_reads_neither_reasons_nor_scores(
    people: Cast, referral: Referral
) -> None:
    assert read_by(people, asked(people, referral)) == HUB
    assert read_by(people, scored(people, referral)) == HUB


def test_a_referrer_who_leads_the_case_reads_the_scores_and_not_the_reason(
    people: Cast, referral: Referral
) -> None:
    case = adopted(people, referral)
    with entered(people[COLIN]):
        decision = Decision.objects.get(referral=referral)
        assert REASON in [one.words for one in timeline(actor(people, COLIN), case)]
    assert read_by(people, decision) == HUB
    assert {RACHEL, VICTOR} <= read_by(people, scored(people, referral))
    for username in (RACHEL, VICTOR):
        with entered(people[username]):
            reader = actor(people, username)
            happened = timeline(reader, access.get_case(reader, case.matter.public_id))
            assert happened and not any(REASON in one.words for one in happened)


def test_a_restricted_referral_takes_the_hubs_own_folders_along_and_back(
    people: Cast, referral: Referral
) -> None:
    decision, score = asked(people, referral), scored(people, referral)
    narrowed(people, referral, COLIN, MAYA, RACHEL)
    # Rachel is named in the referral, and yet does not work in the hub.
    assert read_by(people, decision) == read_by(people, score) == {COLIN, MAYA}
    with entered(people[COLIN]):
        colin = actor(people, COLIN)
        open_up(matter_id=referral.matter.public_id, reason="It has passed.", by=colin, on=colin.on)
    assert read_by(people, decision) == read_by(people, score) == HUB


def test_what_the_hub_begins_to_write_on_a_restricted_referral_is_restricted(people: Cast) -> None:
    referral = a_referral(people)
    narrowed(people, referral, COLIN, MAYA)
    a_referral_score(people, referral)
    assert read_by(people, asked(people, referral)) == {COLIN, MAYA}
    assert read_by(people, scored(people, referral)) == {COLIN, MAYA}


def test_a_redirected_referral_takes_them_to_the_other_hub_alone(people: Cast, referral: Referral) -> None:
    decision, score = asked(people, referral), scored(people, referral)
    redirected(people, referral)
    assert read_by(people, decision, MAYA) == read_by(people, score, MAYA) == {MAYA}


def test_a_restricted_referral_that_is_redirected_can_be_decided_there(
    people: Cast, referral: Referral
) -> None:
    decision, score = asked(people, referral), scored(people, referral)
    narrowed(people, referral, COLIN, MAYA)
    redirected(people, referral)
    assert read_by(people, decision, MAYA) == read_by(people, score, MAYA) == {MAYA}
    with entered(people[MAYA]):
        maya = actor(people, MAYA)
        deciding.decline(referral_id=referral.matter.public_id, reason=REASON, told=TOLD, by=maya, on=maya.on)


def test_the_scores_of_a_restricted_case_are_read_by_those_named_in_it(
    people: Cast, referral: Referral
) -> None:
    adopted(people, referral, restricted=True)
    assert read_by(people, scored(people, referral)) == {COLIN, RACHEL}
    with entered(people[COLIN]):
        decision = Decision.objects.get(referral=referral)
    assert read_by(people, decision) == HUB


def test_a_restricted_referral_is_not_added_to_a_normal_case(people: Cast, referral: Referral) -> None:
    case = a_case(people)
    narrowed(people, referral, COLIN, MAYA)
    with entered(people[COLIN]):
        colin = actor(people, COLIN)
        with pytest.raises(Refusal, check=lambda refusal: refusal.code == "referral_restricted"):
            deciding.attach(
                referral_id=referral.matter.public_id, case_id=case.matter.public_id, reason=REASON, told=TOLD,
                by=colin, on=colin.on,
            )  # fmt: skip
        assert not Decision.objects.filter(referral=referral).exists()


def test_every_decision_keeps_the_version_that_it_makes(people: Cast, referral: Referral) -> None:
    asked(people, referral)
    redirected(people, referral)
    with entered(people[MAYA]):
        after = access.get_referral(actor(people, MAYA), referral.matter.public_id)
        kept = list(Revision.objects.filter(subject=after.public_id).order_by("number"))
        assert [one.number for one in kept] == list(range(1, after.version + 1))
        assert kept[-1].values["to_hub"] == "harrogate"


def test_nobody_of_no_hub_finds_the_folders_themselves(people: Cast, referral: Referral) -> None:
    asked(people, referral)
    with entered(people[COLIN]):
        found = access.get_referral(actor(people, COLIN), referral.matter.public_id)
        folders = Folder.objects.filter(pk__in=[found.work_folder_id, found.score_folder_id])
        assert {one.kind for one in folders} == {"work"} and len(folders) == 2
    for folder in folders:
        assert by_database(people, folder) == HUB
