"""Further cases of the demonstration: one that was closed, one restricted, and some of other hubs. All invented."""

from __future__ import annotations

from datetime import timedelta

from saferhub.casework.models import Sharing, SubjectKind
from saferhub.partnership.access import actor_for
from saferhub.sharing.models import Interest
from saferhub.sharing.operations.interests_given import end_sight, restrict

from .actions import owner_key, set_action
from .actions_doing import done
from .cases_closing import close_case
from .cases_life import move_to
from .demonstration_words import Telling, hub_of, refer, score, share, take_on
from .notes import write_note
from .opening import open_case

CLOSED = "Fires in the old timber yard"
RESTRICTED = "Somebody who lets others use his home"
BY_MAYA = (
    ("scarborough", "Shops at the harbour and a small group", SubjectKind.BUSINESS,
     "Seven shops lose stock to what may be the same few people; staff are threatened.", 26),
    ("harrogate", "Cars racing at the retail park", SubjectKind.LOCATION,
     "Up to sixty cars on Friday nights. Residents, police and the park’s owner have each tried alone.", 47),
    ("ryedale", "Thefts from farms along one road", SubjectKind.THEME,
     "Nine farms in ten weeks; nobody has put the reports side by side.", 12),
)  # fmt: skip


def tell(telling: Telling) -> None:
    """The closed one, the restricted one, and Maya's."""
    _closed(telling)
    _restricted(telling)
    for hub, title, kind, why, back in BY_MAYA:
        with telling.acting("maya.manager", back) as by:
            assert by.unit is not None
            case = open_case(
                title=title, purpose="prevent_crime_disorder", subject_kind=kind, why=why,
                wanted="Fewer reports, and people who are not afraid at work.", hub=hub_of(by, hub),
                lead_unit=by.unit, lead=telling.people["maya.manager"], by=by, on=by.on,
            )  # fmt: skip
            case_id = case.matter.public_id
            set_action(
                case_id=case_id, words="Put the reports of all agencies on one map",
                who=owner_key(by.unit, telling.people["maya.manager"]),
                due_on=telling.today + timedelta(days=9), by=by, on=by.on,
            )  # fmt: skip
        if kind == SubjectKind.BUSINESS:
            score(telling, back - 2, case=case_id, username="maya.manager", frequency="weekly", aimed="community",
                  effect="moderate", others_affected="wider", linked="yes", worsening="yes", history="others",
                  knows="by_sight")  # fmt: skip


def _closed(telling: Telling) -> None:
    referral = refer(
        telling, "rachel.referrer", 108, title="Fires behind our garages", subject_kind=SubjectKind.LOCATION,
        purpose="prevent_crime_disorder",
        happened="Six small fires since February in the yard behind our garages, always before a holiday.",
        where="The old timber yard, Example Selby",
        tried="Fences were mended twice. The fire service put each one out.",
        asked_for="The owner, the fire service and somebody who knows the young people there.",
    )  # fmt: skip
    score(telling, 106, referral=referral, frequency="monthly", linked="yes", worsening="yes", aimed="community",
          effect="moderate", others_affected="wider", history="others", knows="by_sight", support="few")  # fmt: skip
    case = take_on(
        telling, 105, referral, title=CLOSED,
        why="Four agencies hold a part of it, and a fire near the gas main would be grave.",
        wanted="No fires through the summer.", grounds=["complex_unresolved", "joint_operation"],
        lead="rachel.referrer",
        shares=[("rachel.referrer", "Their garages."), ("fergus.former", "Prevention visits with young people.")],
        reason="Needs an owner who can be reached and prevention work at once.",
        told="Taken on. You lead, with the fire service.",
    )  # fmt: skip
    case_id = case.matter.public_id
    with telling.acting("colin.coordinator", 104) as by:
        move_to(case_id=case_id, status="active", reason="Plan agreed.", by=by, on=by.on)
        unit = actor_for(telling.people["fergus.former"], on=by.on).unit
        assert unit is not None
        visits = set_action(
            case_id=case_id, words="Two sessions with the young people who meet there",
            who=owner_key(unit, telling.people["fergus.former"]), due_on=by.on + timedelta(days=21),
            by=by, on=by.on,
        )  # fmt: skip
    with telling.acting("fergus.former", 87) as by:
        write_note(
            case_id=case_id, words="First session held; nine came. They like to talk about engines.",
            on=by.on, sharing=Sharing.ALL, by=by,
        )  # fmt: skip
        done(action_id=visits.public_id, evidence="Both sessions held, nine and seven came.", by=by, on=by.on)
    with telling.acting("colin.coordinator", 60) as by:
        theirs = Interest.objects.get(folder=case.folder, unit=unit)
        end_sight(
            matter_id=case_id, interest_id=theirs.public_id, reason="The sessions are done.", by=by, on=by.on
        )
        move_to(case_id=case_id, status="monitoring", reason="No fire since the sessions.", by=by, on=by.on)
    score(telling, 44, case=case_id, frequency="only_now", aimed="community", effect="little")
    with telling.acting("colin.coordinator", 31) as by:
        close_case(
            case_id=case_id, outcome="resolved",
            reason="No fire for ten weeks, the yard is fenced and its owner answers.",
            learning="The owner was found by asking the rates team on the first day. Ask them first.",
            told="The garages’ tenants by letter; the fire service; the school.",
            overridden=[], override_reason="", by=by, on=by.on,
        )  # fmt: skip


def _restricted(telling: Telling) -> None:
    """Opened by the hub itself, and seen by two people."""
    with telling.acting("colin.coordinator", 17) as by:
        assert by.unit is not None
        case = open_case(
            title=RESTRICTED, purpose="exploitation", subject_kind=SubjectKind.INDIVIDUAL,
            why="His visitors have changed, his post is opened by others, and one of them is known to staff.",
            hub=hub_of(by, "selby"), lead_unit=by.unit, by=by, on=by.on,
            shares=[share(telling, by, "rachel.referrer", "exploitation", "Their tenant.")],
        )  # fmt: skip
        restrict(
            matter_id=case.matter.public_id,
            names=[telling.people[one].public_id for one in ("colin.coordinator", "maya.manager")],
            reason="Somebody in it is known to people who work here.", by=by, on=by.on,
        )  # fmt: skip
