"""The life of a case: its status, its words, who leads it, and the looks taken at it on their days."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.casework import access
from saferhub.casework.models import Case, CaseReview, CaseStatus
from saferhub.casework.rules import cases as rules
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Unit
from saferhub.partnership.queries import in_force
from saferhub.sharing.access.seers import PASSING, bindings, seers_of
from saferhub.sharing.access.sight import interests_live_on
from saferhub.sharing.models import Folder, Interest, Matter, Revision, Sensitivity
from saferhub.sharing.operations.folders import check_seen, revise
from saferhub.sharing.operations.matters import rename_matter
from saferhub.sharing.operations.telling import tell

from .opening import case_values, move_case, set_lead

LEAD_NOTE, REVIEW_DAY = "casework.lead_note", "casework.review_day"


def loaded(by: Actor, public_id: str) -> Case:
    """The case, locked, with what a page of it needs. Raises NotAllowed unless the actor runs it."""
    access.get_case_for_update(by, public_id)
    case = access.get_case(by, public_id)
    access.check_can_manage(by, case)
    return case


@transaction.atomic
def move_to(*, case_id: str, status: str, reason: str, by: Actor, on: date) -> Case:
    """Put a case into another status; closing and reopening have operations of their own.

    Raises Refusal `illegal_move`, or `reason_missing` where the move needs one.
    """
    case = loaded(by, case_id)
    refuse_if(rules.move_refusals(case.status, status, reason))
    before, case.status = case.status, CaseStatus(status)
    case.save(update_fields=["status"])
    move_case(case, before, case.status, by=by, on=on, reason=reason)
    audit.record(
        "case.moved", case.matter, by=by, purpose=case.matter.purpose, before=before, after=str(case.status)
    )
    return case


@transaction.atomic
def edit_case(
    *, case_id: str, title: str, purpose: str, why: str, wanted: str, seen: int, by: Actor, on: date
) -> Case:
    """Change what a case says. Raises Conflict `changed_meanwhile` unless `seen` is its newest version, and
    Refusal for a closed one, an unknown purpose or missing words."""
    case = loaded(by, case_id)
    refuse_if(rules.words_refusals(status=case.status, title=title, why=why))
    check_seen(case, seen)
    matter = case.matter
    if purpose != matter.purpose and in_force.entry(case.partnership, "purposes", purpose, on) is None:
        raise Refusal("unknown_purpose", "Choose a purpose from the list.")
    before = case_values(case)
    rename_matter(matter, title=title, about=matter.about, purpose=purpose, lead=matter.lead, by=by)
    case.why, case.wanted = why, wanted
    changed = sorted(name for name, value in case_values(case).items() if before[name] != value)
    if not changed:
        return case
    case.version += 1
    case.save(update_fields=["why", "wanted", "version"])
    revise(case, folder=matter.folder, values=case_values(case), by=by)
    audit.record("case.changed", matter, by=by, purpose=purpose, fields=changed, version=case.version)
    return case


@transaction.atomic
def hand_to(*, case_id: str, lead: User, lead_unit: Unit, note: str, by: Actor, on: date) -> Case:
    """Let another officer lead the case, with a note on what she must know. She is told by mail that it waits.

    Raises Refusal `leader_does_not_see`, `same_lead` or `note_missing`.
    """
    case = loaded(by, case_id)
    is_same = case.matter.lead_id == lead.pk and case.lead_unit_id == lead_unit.pk
    refuse_if(rules.lead_refusals(status=case.status, is_same=is_same, note=note))
    # Whatever page it was chosen on: by now she may see it no more, or only for a while.
    if may_lead(case).get(lead.public_id) != (lead, lead_unit):
        raise Refusal("leader_does_not_see", "Choose somebody who sees this case, and the unit she works in.")
    before = case.lead_unit.agency.code
    set_lead(case, lead_unit=lead_unit, lead=lead, by=by)
    Revision.objects.create(
        partnership_id=case.partnership_id,
        folder_id=case.folder_id,
        kind=LEAD_NOTE,
        subject=case.public_id,
        number=Revision.objects.filter(folder=case.folder_id, kind=LEAD_NOTE, subject=case.public_id).count()
        + 1,
        values={"note": note, "to": lead.name, "lead": lead.public_id, "on": on.isoformat()},
        by=by.public_id,
        agency=by.agency_code,
        at=clock.now(),
    )
    audit.record(
        "case.handed_to",
        case.matter,
        by=by,
        purpose=case.matter.purpose,
        account=lead.public_id,
        before=before,
        agency=lead_unit.agency.code,
    )
    if by.user is None or lead.pk != by.user.pk:
        tell([lead], "You lead a case now", "case", case.matter.public_id, case.partnership)
    return case


def may_lead(case: Case) -> dict[str, tuple[User, Unit]]:
    """Those who may lead a case: everybody who sees it by more than a passing sight, by public_id."""
    return {seer.user.public_id: (seer.user, seer.unit) for seer in seers_of(case.folder) if seer.is_lasting}


def lead_unit_follows(matter: Matter, by: Actor, reason: str) -> None:
    """The unit that leads a case is one that sees it: where it has just lost sight, the unit whose matter it is
    leads from now on, and who leads it by name is asked anew. Called when somebody has lost sight of a matter."""
    case = (
        Case.objects.select_related("lead_unit__agency", "folder__partnership")
        .filter(matter=matter.pk)
        .first()
    )
    if case is None:
        return
    folder = Folder.objects.select_related("partnership", "unit__agency").get(pk=case.folder_id)
    if case.lead_unit_id == folder.unit_id or _unit_sees(case.lead_unit, folder):
        return
    before = case.lead_unit.agency.code
    case.lead_unit = folder.unit
    case.save(update_fields=["lead_unit"])
    audit.record(
        "case.lead_unit_followed",
        matter,
        by=by,
        purpose=matter.purpose,
        before=before,
        agency=folder.unit.agency.code,
    )


@transaction.atomic
def move_review_day(*, case_id: str, words: str, next_on: date, by: Actor, on: date) -> Case:
    """Move the day of the next review, with the reason. Nobody has looked at the case: no review is kept.

    Raises Refusal as `review` does.
    """
    case = loaded(by, case_id)
    refuse_if(rules.review_refusals(status=case.status, words=words, next_on=next_on, on=on))
    before, case.review_on = case.review_on, next_on
    case.save(update_fields=["review_on"])
    Revision.objects.create(
        partnership_id=case.partnership_id,
        folder_id=case.folder_id,
        kind=REVIEW_DAY,
        subject=case.public_id,
        number=Revision.objects.filter(folder=case.folder_id, kind=REVIEW_DAY, subject=case.public_id).count()
        + 1,
        values={
            "words": words,
            "before": before.isoformat() if before else "",
            "after": next_on.isoformat(),
            "on": on.isoformat(),
        },
        by=by.public_id,
        agency=by.agency_code,
        at=clock.now(),
    )
    audit.record(
        "case.review_moved",
        case.matter,
        by=by,
        purpose=case.matter.purpose,
        before=before,
        next_on=next_on,
    )
    return case


def _unit_sees(unit: Unit, folder: Folder) -> bool:
    """Whether a unit still sees a folder by more than passing sight: it or one above it owns it or holds an interest
    whose agreement is in force, whoever works there today; or somebody of it or of a unit below sees it."""
    parents = dict(Unit.objects.filter(agency=unit.agency_id).values_list("id", "parent_id"))

    def above(number: int | None) -> set[int]:
        found: set[int] = set()
        while number is not None:
            found.add(number)
            number = parents.get(number)
        return found

    mine = above(unit.pk)
    if folder.sensitivity == Sensitivity.NORMAL and folder.unit_id in mine:
        return True
    now = clock.now()
    bound = {one.pk for one in bindings(folder.partnership, now.date()).of(unit.agency_id)}
    held = Interest.objects.filter(
        interests_live_on(now), folder=folder, sensitivity__gte=folder.sensitivity, unit__in=mine
    ).exclude(because__in=PASSING)
    if any(one.agreement_id is None or one.agreement_id in bound for one in held):
        return True
    return any(seer.is_lasting and unit.pk in above(seer.unit.pk) for seer in seers_of(folder))


@transaction.atomic
def review(*, case_id: str, words: str, next_on: date | None, by: Actor, on: date) -> CaseReview:
    """Keep a look at the case and the day of the next one, which the case carries from now on."""
    case = loaded(by, case_id)
    refuse_if(rules.review_refusals(status=case.status, words=words, next_on=next_on, on=on))
    made = CaseReview.objects.create(
        partnership_id=case.partnership_id,
        folder_id=case.folder_id,
        case=case,
        on=on,
        words=words,
        next_on=next_on,
        by=by.public_id,
        agency=by.agency_code,
    )
    case.review_on = next_on
    case.save(update_fields=["review_on"])
    audit.record("case.reviewed", case.matter, by=by, purpose=case.matter.purpose, next_on=next_on)
    return made
