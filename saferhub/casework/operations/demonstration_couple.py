"""The couple on the estate: referred by Rachel's housing team, adopted by Selby hub, still open.

Marcus Tindall, Joanne Frith and their neighbour Edith Carrow are invented, and so is all that is told of them.
"""

from __future__ import annotations

from datetime import timedelta

from saferhub.casework.models import Case, NoteKind, Sharing
from saferhub.casework.queries.notes_audience import HUB
from saferhub.partnership.access import Actor, actor_for
from saferhub.people.access import persons_visible_to
from saferhub.people.models import Person

from .actions import owner_key, set_action
from .actions_doing import block, done, not_yet, record_progress
from .cases_life import move_to, review
from .demonstration_words import Telling, refer, score, take_on
from .interventions import plan, put_in_place
from .interventions_running import record_breach
from .notes import record_contact, write_note
from .notes_plan import add_goal, add_risk, end_goal, write_osara
from .referrals_filed import PersonValues

TITLE = "A couple at Brayfield Court and their neighbour"


def tell(telling: Telling) -> None:
    """From the referral to today."""
    referral = _refer(telling)
    score(
        telling, 34, referral=referral, frequency="weekly", linked="yes", knows="well", history="others",
        aimed="household", effect="moderate", note="From the housing file and one visit; the police were asked.",
    )  # fmt: skip
    case = take_on(
        telling, 33, referral,
        title=TITLE,
        why="Housing, police and support each acted alone since May. It goes on, and an older neighbour is afraid "
            "to go out. Nobody has spoken with both about drinking and debts.",
        wanted="Quiet nights for eight weeks, the couple in touch with help, and a neighbour who goes out again.",
        grounds=["complex_unresolved", "new_agency", "vulnerability"],
        lead="rachel.referrer",
        shares=[
            ("rachel.referrer", "Their landlord, who leads."),
            ("priya.partner", "One of them was known to community mental health until last year."),
            ("victor.voluntary", "They visit the neighbour."),
        ],
        reason="Two agencies have tried, no single threshold is met, and the neighbour gets no safer.",
        told="Selby hub has taken it on. You lead; mental health and victim support work on it with you.",
    )  # fmt: skip
    case_id = case.matter.public_id
    with telling.acting("colin.coordinator", 32) as by:
        move_to(
            case_id=case_id, status="active", reason="The first meeting agreed the plan.", by=by, on=by.on
        )
    _plan(telling, case_id)
    _actions(telling, case)
    _contract(telling, case_id)
    _notes(telling, case_id)
    score(
        telling, 19, case=case_id, frequency="most_days", linked="yes", worsening="yes", knows="well",
        history="before", aimed="household", effect="a_lot", others_affected="one",
        note="Two nights a week became four since the middle of the month.",
    )  # fmt: skip
    score(
        telling, 5, case=case_id, frequency="daily", linked="yes", worsening="yes", knows="well", history="before",
        aimed="household", effect="a_lot", others_affected="family", support="few", judged="high",
        why="One point below the line. Mrs Carrow sleeps at her daughter’s now, and Mr Tindall said to an officer that "
            "the neighbour would “be sorry”. We treat it as high until he has been seen.",
    )  # fmt: skip
    with telling.acting("colin.coordinator", 5) as by:
        review(
            case_id=case_id,
            words="Worse than three weeks ago. The contract is in place and was kept for nine nights, then not.",
            next_on=telling.today + timedelta(days=8),
            by=by,
            on=by.on,
        )


def _refer(telling: Telling) -> str:
    with telling.acting("rachel.referrer", 36) as by:
        theirs = persons_visible_to(by).filter(agency=by.agency_code)
        records = {one.name: one.public_id for one in theirs}
    return refer(
        telling, "rachel.referrer", 36,
        title="Noise at night and a frightened neighbour, Brayfield Court",
        subject_kind="group",
        people=[
            PersonValues(role="alleged_perpetrator", is_subject=True, record=records["Marcus Tindall"]),
            PersonValues(role="vulnerable_person", is_subject=True, record=records["Joanne Frith"]),
            PersonValues(role="complainant", record=records["Edith Carrow"]),
        ],
        happened="Shouting and banging on most weekends since March, now in the week too. The door of number 14 was "
                 "kicked in on 1 June. The neighbour at 16 has rung us eleven times and the police four times.",
        where="Brayfield Court, second floor and the shared stair",
        tried="Two visits, a warning letter on 12 June, and mediation, which Mr Tindall refused. The police "
              "attended three times and recorded no crime. It stopped for ten days after the letter.",
        asked_for="Somebody from mental health at the table, and one plan that all of us keep to.",
        children="not_known",
        wishes="Mrs Carrow wants it to stop and wants to stay in her home. She does not want to give evidence.",
        told="no",
        not_told_why="Mr Tindall is said to have threatened an officer at the door; told together, after a plan "
                     "for safety.",
    )  # fmt: skip


def _plan(telling: Telling, case_id: str) -> None:
    with telling.acting("colin.coordinator", 31) as by:
        add_goal(
            case_id=case_id, words="Quiet after 11 at night for eight weeks",
            measure="Calls to housing and police from the stair, counted each Monday",
            by_when=telling.today + timedelta(days=40), by=by,
        )  # fmt: skip
        spoken = add_goal(
            case_id=case_id, words="Both have met somebody who can help with drinking and debts",
            measure="One appointment each that was kept", by_when=telling.today - timedelta(days=4), by=by,
        )  # fmt: skip
        add_risk(
            case_id=case_id,
            words="Mr Tindall may harm Ms Frith when the letters come: she has said before that she was afraid of him.",
            severity="high",
            mitigation="No letters to the flat; Ms Frith is seen alone at the office; a marker with the police.",
            holder="", review_on=telling.today + timedelta(days=3), by=by, on=by.on,
        )  # fmt: skip
        add_risk(
            case_id=case_id, words="A large dog in the flat is not always tied up.", severity="medium",
            mitigation="Two visit together, after a call.", holder="", review_on=None, by=by, on=by.on,
        )  # fmt: skip
        write_osara(
            case_id=case_id,
            texts={
                "objective": "Quiet nights, and two households that are safe in their homes.",
                "scanning": "Fifteen calls since March from one stair; none from elsewhere in the block.",
                "analysis": "Nights follow pay days and arguments about money. Each agency saw a part of it.",
                "response": "",
                "assessment": "",
            },
            seen=0,
            by=by,
        )
    with telling.acting("colin.coordinator", 6) as by:
        end_goal(
            case_id=case_id, goal_id=spoken.public_id, status="not_met",
            why="Ms Frith kept her appointment; Mr Tindall did not.", by=by, on=by.on,
        )  # fmt: skip


def _actions(telling: Telling, case: Case) -> None:
    case_id = case.matter.public_id

    def agree(words: str, username: str, back: int, due_back: int, named: bool = True) -> str:
        with telling.acting("colin.coordinator", back) as by:
            user = telling.people[username]
            unit = actor_for(user, on=by.on).unit
            assert unit is not None
            due_on = telling.today - timedelta(days=due_back)
            return set_action(
                case_id=case_id, words=words, who=owner_key(unit, user if named else None), due_on=due_on,
                by=by, on=by.on,
            ).public_id  # fmt: skip

    door = agree("Mend the stair door and its closer", "rachel.referrer", 32, 22)
    diary = agree(
        "Give the neighbour a diary and a number that is answered at night", "victor.voluntary", 32, 25
    )
    visit = agree("See Ms Frith alone at the office about debts and safety", "priya.partner", 31, 19)
    agree("Put a marker on the address, and say when it was last used", "chris.chair", 31, 4)
    agree(
        "Offer Mr Tindall an appointment with the alcohol service, not by letter",
        "priya.partner",
        18,
        2,
        named=False,
    )
    agree("Visit Mrs Carrow at her daughter’s and ask what she wants now", "victor.voluntary", 4, -3)
    agree("Bring the tenancy file and what a notice would need", "rachel.referrer", 4, -6)
    light = agree("Have the light on the second floor mended", "rachel.referrer", 18, 8)
    with telling.acting("rachel.referrer", 24) as by:
        done(action_id=door, evidence="Mended on the day; works order EX-2207.", by=by, on=by.on)
    with telling.acting("victor.voluntary", 25) as by:
        done(
            action_id=diary,
            evidence="Given at a visit; Mrs Carrow has used it each night since.",
            by=by,
            on=by.on,
        )
    with telling.acting("priya.partner", 20) as by:
        not_yet(
            action_id=visit, reason="Ms Frith did not come; she could not leave the flat.",
            due_on=by.on + timedelta(days=7), by=by, on=by.on,
        )  # fmt: skip
    with telling.acting("priya.partner", 9) as by:
        done(
            action_id=visit, evidence="Ms Frith was seen for an hour on her own: a plan for debts, and whom to ring.",
            by=by, on=by.on,
        )  # fmt: skip
    with telling.acting("rachel.referrer", 12) as by:
        record_progress(action_id=light, words="Ordered; the part is missing.", by=by, on=by.on)
    with telling.acting("rachel.referrer", 6) as by:
        block(
            action_id=light,
            reason="The stair belongs to another landlord, who has not answered.",
            by=by,
            on=by.on,
        )


def _contract(telling: Telling, case_id: str) -> None:
    """An Acceptable Behaviour Contract with Marcus Tindall, kept for nine nights."""
    with telling.acting("colin.coordinator", 15) as by:
        assert by.unit is not None
        him = persons_visible_to(by).get(agency=by.agency_code, name="Marcus Tindall")
        planned = plan(
            case_id=case_id, power="acceptable_behaviour_contract", subject=him.public_id,
            used_by=by.unit.public_id, by=by, on=by.on,
            words="No shouting or music after 11 at night; Mr Tindall keeps one appointment a week at the office.",
        )  # fmt: skip
        put_in_place(
            intervention_id=planned.public_id, starts_on=by.on, expires_on=by.on + timedelta(days=180),
            review_on=telling.today + timedelta(days=13), by=by, on=by.on, agreed=True,
            override_reason="Mr Tindall’s birth date is known to the year only; he is an adult.",
        )  # fmt: skip
    with telling.acting("colin.coordinator", 5) as by:
        record_breach(
            intervention_id=planned.public_id, happened_on=by.on - timedelta(days=1),
            words="Shouting until two; the police attended.", by=by, on=by.on,
        )  # fmt: skip


def _note(
    telling: Telling, username: str, back: int, case_id: str, words: str, sharing: str = Sharing.ALL,
    named: tuple[str, ...] = (), kind: str = NoteKind.UPDATE,
) -> None:  # fmt: skip
    with telling.acting(username, back) as by:
        keys = [HUB if one == HUB else _unit_key(telling, one, by) for one in named]
        write_note(case_id=case_id, words=words, on=by.on, sharing=sharing, named=keys, kind=kind, by=by)


def _unit_key(telling: Telling, username: str, by: Actor) -> str:
    unit = actor_for(telling.people[username], on=by.on).unit
    assert unit is not None
    return f"unit:{unit.public_id}"


def _notes(telling: Telling, case_id: str) -> None:
    with telling.acting("rachel.referrer", 30) as by:
        neighbour = Person.objects.get(
            pk__in=persons_visible_to(by).filter(agency=by.agency_code, name="Edith Carrow")
        )
    _note(
        telling, "colin.coordinator", 32, case_id,
        "First meeting. Housing leads. Everybody keeps the same line: no letters to the flat, two together, and "
        "what Ms Frith says is not passed on to Mr Tindall.",
    )  # fmt: skip
    _contact(telling, "rachel.referrer", 29, case_id, neighbour, "visit", True,
             "Explained what the hub does. Mrs Carrow sleeps badly and has stopped going to her club.")  # fmt: skip
    _note(
        telling, "priya.partner", 27, case_id,
        "Ms Frith was known to us until last autumn. She ended it herself; the door is open. Please do not tell "
        "Mr Tindall that.",
        Sharing.NAMED, (HUB, "rachel.referrer"),
    )  # fmt: skip
    _contact(telling, "victor.voluntary", 22, case_id, neighbour, "telephone", True,
             "The diary helps Mrs Carrow. Four bad nights in the last seven.")  # fmt: skip
    _note(
        telling, "victor.voluntary", 16, case_id,
        "Our volunteer is not to go there alone; agreed with the volunteer’s manager.", Sharing.OWN, kind=NoteKind.NOTE,
    )  # fmt: skip
    _note(
        telling, "rachel.referrer", 14, case_id,
        "Mr Tindall was seen at the office about the contract and was civil. He says that Mrs Carrow bangs "
        "on the wall.",
    )  # fmt: skip
    _contact(telling, "victor.voluntary", 10, case_id, neighbour, "telephone", False,
             "No answer on two days; Mrs Carrow’s daughter rang back and said that her mother stays with "
             "her.")  # fmt: skip
    _contact(telling, "victor.voluntary", 8, case_id, neighbour, "through_agency", True,
             "Spoke with Mrs Carrow at her daughter’s. She will come back when there have been two quiet "
             "weeks.")  # fmt: skip


def _contact(
    telling: Telling,
    username: str,
    back: int,
    case_id: str,
    person: Person,
    how: str,
    reached: bool,
    words: str,
) -> None:
    with telling.acting(username, back) as by:
        record_contact(
            case_id=case_id, person=person, how=how, reached=reached, words=words, on=by.on, sharing=Sharing.ALL,
            by=by,
        )  # fmt: skip
