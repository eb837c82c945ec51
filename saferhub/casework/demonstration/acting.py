"""A plan carried out through the operations, as its people would have done it day by day: slow, and right by
construction. The loader is held to what this writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from saferhub.casework.access import get_case, get_referral
from saferhub.casework.models import DecisionKind, PromptOutcome, Sharing, Source
from saferhub.casework.operations import (
    actions,
    actions_doing,
    cases_closing,
    cases_deciding,
    cases_life,
    interventions,
    interventions_running,
    notes,
    notes_plan,
    referrals_filed,
    referrals_written,
)
from saferhub.casework.operations import demonstration_demand as demand
from saferhub.casework.operations import scoring as scores
from saferhub.casework.operations.involving import involve
from saferhub.casework.operations.opening import Share
from saferhub.casework.queries.cases import HIGH_BANDS
from saferhub.foundation import clock
from saferhub.partnership.access import Actor, actor_for
from saferhub.people.access import persons_visible_to
from saferhub.people.operations.persons import record_person
from saferhub.sharing.entering import entered

from . import steps
from .facts import Facts
from .words import PROMPT_DECIDED

AGREED = "Agreed at the meeting."
KIND = "police_call"


@dataclass(slots=True)
class _So:
    """How far a story has come."""

    hub: str
    purpose: str = ""
    referral: str = ""
    case: str = ""
    persons: dict[str, str] = field(default_factory=dict)
    keyed: dict[str, str] = field(default_factory=dict)


def act(story: steps.Story, facts: Facts) -> None:
    """Carry out one story."""
    so = _So(story.hub)
    for step in story.steps:
        with _acting(facts, step.by, step.on) as by:
            _DO[type(step)](step, so, by, facts)


@contextmanager
def _acting(facts: Facts, key: str, on: date) -> Iterator[Actor]:
    user = facts.workers[key].user
    with clock.on_day(on), entered(user):
        yield actor_for(user, on=on)


def _refer(step: steps.Refer, so: _So, by: Actor, facts: Facts) -> None:
    ground = facts.grounds[step.by, step.purpose, so.hub]
    so.purpose = step.purpose
    words: dict[str, Any] = dict(step.words)
    made = referrals_filed.file_referral(
        values=referrals_filed.ReferralValues(
            to_hub=facts.hubs[so.hub], purpose=step.purpose, title=step.title, subject_kind=step.subject_kind,
            gateway=ground.gateway, agreement=ground.agreement, **words,
        ),
        people=[
            referrals_filed.PersonValues(
                role=part.role, is_subject=part.is_subject, given=part.person.given, family=part.person.family,
                born_on=part.person.born_on, address=part.person.address, postcode=part.person.postcode,
            )
            for part in step.people
        ],
        by=by, on=step.on, source=Source.PAGE, tells=False,
    )  # fmt: skip
    so.referral = made.matter.public_id
    names = {f"{part.person.given} {part.person.family}": part.person.key for part in step.people}
    for person in persons_visible_to(by).filter(folder__in=_inside(made.matter.folder_id)):
        so.persons[names[person.name]] = person.public_id


def _inside(folder: int) -> Any:
    from saferhub.sharing.models import Enclosure

    return Enclosure.objects.filter(outer=folder).values("inner")


def _score(step: steps.Score, so: _So, by: Actor, facts: Facts) -> None:
    given = scores.Scoring(answers=step.answers, judged=step.judged, judged_why=step.why)
    version = facts.matrix.public_id
    if so.case:
        made = scores.score_case(case_id=so.case, version_id=version, given=given, by=by, on=step.on)
    else:
        made = scores.score_referral(
            referral_id=so.referral, version_id=version, given=given, by=by, on=step.on
        )
    for prompt in made.prompts:
        scores.answer_prompt(
            assessment_id=made.public_id,
            prompt=prompt,
            outcome=PromptOutcome.DONE,
            words=PROMPT_DECIDED,
            by=by,
            on=step.on,
        )


def _ask(step: steps.Ask, so: _So, by: Actor, facts: Facts) -> None:
    cases_deciding.ask(referral_id=so.referral, reason=step.reason, question=step.question, by=by, on=step.on)


def _answer(step: steps.Answer, so: _So, by: Actor, facts: Facts) -> None:
    seen = get_referral(by, so.referral).version
    referrals_written.answer_question(referral_id=so.referral, reply=step.words, seen=seen, by=by, on=step.on)


def _decide(step: steps.Decide, so: _So, by: Actor, facts: Facts) -> None:
    said: dict[str, Any] = {
        "referral_id": so.referral,
        "reason": step.reason,
        "told": step.told,
        "by": by,
        "on": step.on,
    }
    kind = DecisionKind(step.kind)
    if kind == DecisionKind.DECLINE:
        cases_deciding.decline(**said)
    elif kind == DecisionKind.SIGNPOST:
        cases_deciding.signpost(**said)
    else:
        cases_deciding.pass_on(kind=kind, **said)


def _adopt(step: steps.Adopt, so: _So, by: Actor, facts: Facts) -> None:
    lead = facts.workers[step.lead]
    shares = []
    for key in step.shares:
        ground = facts.shares[key, so.purpose]
        assert ground.agreement is not None
        shares.append(Share(facts.workers[key].unit, ground.agreement, ground.gateway, AGREED))
    case = cases_deciding.adopt(
        referral_id=so.referral, title=step.title, why=step.why, wanted=step.wanted, grounds=step.grounds,
        declared=True, lead_unit=lead.unit, lead=lead.user, shares=shares, restricted=False, reason=step.reason,
        told=step.told, by=by, on=step.on,
    )  # fmt: skip
    so.case = case.matter.public_id


def _join(step: steps.Join, so: _So, by: Actor, facts: Facts) -> None:
    known = step.person
    person = record_person(
        matter_id=so.case,
        values={"given": known.given, "family": known.family, "born_on": known.born_on},
        parts=[("address", {"kind": "home", "lines": known.address, "postcode": known.postcode})],
        by=by,
        on=step.on,
    )
    involve(matter=get_case(by, so.case).matter, person=person, role=step.role, by=by, on=step.on)


def _move(step: steps.Move, so: _So, by: Actor, facts: Facts) -> None:
    cases_life.move_to(case_id=so.case, status=step.status, reason=step.reason, by=by, on=step.on)


def _write(step: steps.Write, so: _So, by: Actor, facts: Facts) -> None:
    if not step.person:
        notes.write_note(case_id=so.case, words=step.words, on=step.on, sharing=Sharing.ALL, by=by)
        return
    person = persons_visible_to(by).get(public_id=so.persons[step.person])
    notes.record_contact(
        case_id=so.case, person=person, how=step.how, reached=step.reached, words=step.words, on=step.on,
        sharing=Sharing.ALL, by=by,
    )  # fmt: skip


def _agree(step: steps.Agree, so: _So, by: Actor, facts: Facts) -> None:
    made = actions.set_action(
        case_id=so.case,
        words=step.words,
        who=facts.workers[step.owner].holder,
        due_on=step.due_on,
        by=by,
        on=step.on,
    )
    so.keyed[f"action {step.key}"] = made.public_id


def _put_off(step: steps.PutOff, so: _So, by: Actor, facts: Facts) -> None:
    actions_doing.not_yet(
        action_id=so.keyed[f"action {step.key}"], reason=step.reason, due_on=step.due_on, by=by, on=step.on
    )


def _finish(step: steps.Finish, so: _So, by: Actor, facts: Facts) -> None:
    actions_doing.done(action_id=so.keyed[f"action {step.key}"], evidence=step.evidence, by=by, on=step.on)


def _aim(step: steps.Aim, so: _So, by: Actor, facts: Facts) -> None:
    notes_plan.add_goal(case_id=so.case, words=step.words, measure=step.measure, by_when=step.by_when, by=by)


def _fear(step: steps.Fear, so: _So, by: Actor, facts: Facts) -> None:
    notes_plan.add_risk(
        case_id=so.case, words=step.words, severity=step.severity, mitigation=step.mitigation, holder="",
        review_on=None, by=by, on=step.on,
    )  # fmt: skip


def _use(step: steps.Use, so: _So, by: Actor, facts: Facts) -> None:
    subject = so.persons[step.person] if step.person else ""
    made = interventions.plan(
        case_id=so.case, power=step.power, subject=subject, used_by=facts.workers[step.by].unit.public_id,
        words=step.words, by=by, on=step.on,
    )  # fmt: skip
    interventions.put_in_place(
        intervention_id=made.public_id, starts_on=step.on, expires_on=step.expires_on, review_on=None, by=by,
        on=step.on, agreed=True, override_reason=AGREED,
    )  # fmt: skip
    so.keyed[f"use {step.key}"] = made.public_id


def _end_use(step: steps.EndUse, so: _So, by: Actor, facts: Facts) -> None:
    interventions_running.end(
        intervention_id=so.keyed[f"use {step.key}"], outcome=step.outcome, words=step.words, ended_on=step.on,
        by=by, on=step.on,
    )  # fmt: skip


def _look(step: steps.Look, so: _So, by: Actor, facts: Facts) -> None:
    cases_life.review(case_id=so.case, words=step.words, next_on=step.next_on, by=by, on=step.on)


def overridden_at(band: str) -> list[str]:
    """What is set aside where a case closes with this band: that its risk stands high."""
    return ["high_band"] if band in HIGH_BANDS else []


def _close(step: steps.Close, so: _So, by: Actor, facts: Facts) -> None:
    overridden = overridden_at(get_case(by, so.case).band)
    cases_closing.close_case(
        case_id=so.case, outcome=step.outcome, reason=step.reason, learning=step.learning, told=step.told,
        overridden=overridden, override_reason=step.reason if overridden else "", by=by, on=step.on,
    )  # fmt: skip


def _reopen(step: steps.Reopen, so: _So, by: Actor, facts: Facts) -> None:
    cases_closing.reopen_case(
        case_id=so.case, reason=step.reason, review_on=step.review_on, by=by, on=step.on
    )


def _count(step: steps.Count, so: _So, by: Actor, facts: Facts) -> None:
    if so.case:
        demand.keep_case_demand(case_id=so.case, kind=KIND, month=step.month, count=step.count, by=by)
    else:
        demand.keep_referral_demand(
            referral_id=so.referral, kind=KIND, month=step.month, count=step.count, by=by
        )


_DO: dict[type, Callable[..., None]] = {
    steps.Refer: _refer, steps.Score: _score, steps.Ask: _ask, steps.Answer: _answer, steps.Decide: _decide,
    steps.Adopt: _adopt, steps.Join: _join, steps.Move: _move, steps.Write: _write, steps.Agree: _agree,
    steps.PutOff: _put_off, steps.Finish: _finish, steps.Aim: _aim, steps.Fear: _fear, steps.Use: _use,
    steps.EndUse: _end_use, steps.Look: _look, steps.Close: _close, steps.Reopen: _reopen, steps.Count: _count,
}  # fmt: skip
