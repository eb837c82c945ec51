"""Cases of a plan as rows: what the operations on them write, to the letter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from saferhub.casework.models import (
    Action,
    ActionMove,
    Case,
    CaseMove,
    CaseReview,
    DecisionKind,
    DemandEvent,
    Goal,
    Intervention,
    InterventionMove,
    Note,
    Risk,
)
from saferhub.casework.operations.actions import day_moved
from saferhub.casework.operations.cases_closing import ENDING
from saferhub.casework.queries import interventions_power as packs
from saferhub.casework.queries.cases import first_review
from saferhub.casework.rules import cases_deciding as deciding
from saferhub.casework.rules import interventions_checks as checking
from saferhub.casework.rules.instruments import review_day
from saferhub.casework.rules.notes_contact_clock import CLOCK, Made, next_contact
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.queries import in_force
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.partnership.rules.from_packs import clock_from
from saferhub.sharing.models import Because, Folder, Interest, Matter
from saferhub.sharing.rules.interests_given import REASON_KIND

from . import steps
from .acting import AGREED, KIND, overridden_at
from .copied_referrals import CopiedReferrals
from .facts import Worker
from .ledger import So
from .rows import Row


class Copied(CopiedReferrals):
    """Everything that a plan may hold."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        day, partnership = self.facts.day, self.facts.partnership
        self.tests = [one.code for one in in_force.entries(partnership, "adoption_tests", day)]
        self.harmed = {
            one.code for one in in_force.entries(partnership, "case_roles", day) if one.item.side == "harmed"
        }
        contact = in_force.entry(partnership, "clocks", CLOCK, day)
        self.contact = clock_from(contact.item) if contact else None
        self.first_reviews: dict[date, date] = {}
        self.powers = {one.code: one for one in packs.powers(partnership, day)}
        self.rules = {code: packs.as_rule(one, partnership, day) for code, one in self.powers.items()}
        self.kinds = {
            one.agency.pk: packs.kind_of_agency(one.agency, day) for one in self.facts.workers.values()
        }

    def story(self, story: steps.Story) -> None:
        """All rows of one story."""
        so = So(self.facts.hubs[story.hub])
        for step in story.steps:
            _DO[type(step)](self, step, so, self.facts.workers[step.by])
        if so.case is not None:
            self._keep_clock(so, so.case)

    def score(self, step: steps.Score, so: So, by: Worker) -> None:
        made = self.assess(step, so, by)
        if so.case is None:
            so.scores.append(made)
        else:
            self._keep_band(so.case, made)

    def _keep_band(self, case: Row, made: Row) -> None:
        band = made["judged_band"] or made["band"]
        if not band:
            return
        on = made["on"]
        case.update(band=band, score=made["score"], banded_on=on)
        found = self.facts.form.band(band)
        review_on = review_day(found.review, on) if found and found.review else None
        standing = case["review_on"]
        if review_on is not None and (standing is None or standing <= on or review_on < standing):
            case["review_on"] = review_on

    def adopt(self, step: steps.Adopt, so: So, by: Worker) -> None:
        lead = self.facts.workers[step.lead]
        so.case_folder, so.case_matter = self.begin_matter(
            "case", step.title, so.purpose, by, step.on, hub=so.hub, named_for=so.hub, leads=False
        )
        case = so.case = self.tables.add(
            Case, partnership_id=self.partnership, folder_id=so.case_folder["id"], matter_id=so.case_matter["id"],
            hub_id=so.hub.pk, unit_id=by.unit.pk, referral_folder_id=so.folder["id"],
            subject_kind=so.referral["subject_kind"], why=step.why, wanted=step.wanted, lead_unit_id=lead.unit.pk,
            adopted_on=step.on,
        )  # fmt: skip
        so.taken_on = step.on
        values = {"title": step.title, "purpose": so.purpose, "why": step.why, "wanted": step.wanted}
        self.revise(Case, case, so.case_folder, values, by, step.on)
        self._case_move(case, "", "assessing", by, step.on)
        self.record(
            "case.opened", Matter, so.case_matter, by, so.purpose, hub=so.hub.code,
            agency=lead.agency.code,
        )  # fmt: skip
        self._bring_along(so, by, step.on)
        for key in step.shares:
            self._share(so, key, lead, by, step.on)
        so.case_matter["lead_id"] = lead.user.pk
        so.case_matter["version"] += 1
        self.revise_matter(so.case_matter, so.case_folder, by, step.on, lead)
        for made in so.scores:
            self._keep_band(case, made)
        if case["review_on"] is None:
            case["review_on"] = self._first_review(step.on)
        tests = deciding.tests_met(step.grounds, self.tests)
        decision = self.decision(
            so, DecisionKind.ADOPT, step.reason, step.told, tests, by, step.on, so.case_matter["public_id"]
        )
        self.settle(so, decision, by, step.on)

    def _first_review(self, on: date) -> date:
        if on not in self.first_reviews:
            self.first_reviews[on] = first_review(self.facts.partnership, on)
        return self.first_reviews[on]

    def _bring_along(self, so: So, by: Worker, day: date) -> None:
        persons = {one["id"]: one for one in so.persons.values()}
        for row in so.involved:
            person = persons[row["person_id"]]
            self.enclose(person["folder"], so.case_folder, by)
            so.in_case.append(self.involve(so.case_matter, person, row["role"], row["is_subject"], by, day))
        if so.scored is not None:
            self.enclose(so.scored, so.case_folder, by)

    def _share(self, so: So, key: str, lead: Worker, by: Worker, day: date) -> None:
        one, ground = self.facts.workers[key], self.facts.shares[key, so.purpose]
        because = Because.LEADS if one.unit.pk == lead.unit.pk else Because.CONTRIBUTES
        assert ground.agreement is not None
        interest = self.tables.add(
            Interest, folder_id=so.case_folder["id"], unit_id=one.unit.pk, purpose=so.purpose,
            gateway=ground.gateway, agreement_id=ground.agreement.pk, because=because, valid_from=self.at(day),
            given_by=by.user.public_id,
        )  # fmt: skip
        self.record(
            "sharing.interest_given", Folder, so.case_folder, by, so.purpose, interest=interest["public_id"],
            agency=one.agency.code, account="", agreement=ground.code, gateway=ground.gateway,
            because=str(because.value),
        )  # fmt: skip
        self.keep(so.case_folder, REASON_KIND, interest["public_id"], 1, {"reason": AGREED}, by, day)

    def _case_move(self, case: Row, before: str, after: str, by: Worker, day: date, reason: str = "") -> None:
        case["status"] = after
        self.move(CaseMove, "case_id", case, before, after, by, day, reason)

    def join(self, step: steps.Join, so: So, by: Worker) -> None:
        _, person = self.person(step.person, so.case_matter, so.case_folder, by, step.on)
        so.in_case.append(self.involve(so.case_matter, person, step.role, False, by, step.on))

    def go(self, step: steps.Move, so: So, by: Worker) -> None:
        case = _case(so)
        before = case["status"]
        self._case_move(case, before, step.status, by, step.on, step.reason)
        self.record("case.moved", Matter, so.case_matter, by, so.purpose, before=before, after=step.status)

    def write(self, step: steps.Write, so: So, by: Worker) -> None:
        is_contact = bool(step.person)
        person = so.persons[step.person] if is_contact else None
        note = self.tables.add(
            Note, partnership_id=self.partnership, folder_id=so.case_folder["id"],
            matter_folder_id=so.case_folder["id"], matter_id=so.case_matter["id"],
            kind="contact" if is_contact else "update", words=step.words, on=step.on, at=self.at(step.on),
            person_id=person["id"] if person else None, how=step.how, reached=step.reached, by=by.user.public_id,
            unit_id=by.unit.pk,
        )  # fmt: skip
        values: Row = {"words": step.words, "on": step.on.isoformat()}
        if is_contact:
            values |= {"how": step.how, "reached": step.reached}
            if step.reached and self._is_harmed(so, person):
                so.reached.append(step.on)
        self.revise(Note, note, so.case_folder, values, by, step.on)
        self.record(
            "casework.note_written", Note, note, by, so.purpose, note=note["kind"], sharing="all",
            matter=so.case_matter["public_id"],
        )  # fmt: skip

    def _is_harmed(self, so: So, person: Row | None) -> bool:
        return person is not None and any(
            one["person_id"] == person["id"] and one["role"] in self.harmed for one in so.in_case
        )

    def agree(self, step: steps.Agree, so: So, by: Worker) -> None:
        case, owner = _case(so), self.facts.workers[step.owner]
        action = so.actions[step.key] = self.tables.add(
            Action, partnership_id=self.partnership, folder_id=so.case_folder["id"], case_id=case["id"],
            hub_id=case["hub_id"], unit_id=case["unit_id"], words=step.words, owner_unit_id=owner.unit.pk,
            owner_id=owner.user.pk, due_on=step.due_on, set_on=step.on, set_by=by.user.public_id,
        )  # fmt: skip
        action["holder"] = owner.holder
        self.move(ActionMove, "action_id", action, "", "open", by, step.on)
        self._revise_action(action, so, by, step.on)
        self._keep_due(so, case)
        self.record(
            "action.set", Action, action, by, so.purpose, matter=so.case_matter["public_id"],
            agency=owner.agency.code, due=step.due_on.isoformat(),
        )  # fmt: skip

    def _revise_action(self, action: Row, so: So, by: Worker, day: date) -> None:
        values = {"words": action["words"], "who": action["holder"], "due_on": action["due_on"].isoformat()}
        self.revise(Action, action, so.case_folder, values, by, day)

    def _keep_due(self, so: So, case: Row) -> None:
        open_ones = [one["due_on"] for one in so.actions.values() if one["status"] == "open"]
        case["next_due_on"] = min(open_ones, default=None)

    def put_off(self, step: steps.PutOff, so: So, by: Worker) -> None:
        action = so.actions[step.key]
        said = step.reason
        if step.due_on != action["due_on"]:
            said = f"{day_moved(action['due_on'], step.due_on)} {said}"
            action["due_on"] = step.due_on
        action["version"] += 1
        self._revise_action(action, so, by, step.on)
        self.move(ActionMove, "action_id", action, "open", "open", by, step.on, said)
        self._keep_due(so, _case(so))
        self.record("action.not_yet", Action, action, by, so.purpose, due=step.due_on.isoformat())

    def finish(self, step: steps.Finish, so: So, by: Worker) -> None:
        action = so.actions[step.key]
        action.update(status="done", ended_on=step.on, evidence=step.evidence)
        self.move(ActionMove, "action_id", action, "open", "done", by, step.on, step.evidence)
        self._keep_due(so, _case(so))
        self.record("action.done", Action, action, by, so.purpose)

    def aim(self, step: steps.Aim, so: So, by: Worker) -> None:
        said: Row = {"words": step.words, "measure": step.measure}
        goal = self.tables.add(Goal, **self._in_case(so), **said, by_when=step.by_when, by=by.user.public_id)
        kept = {**said, "by_when": step.by_when.isoformat(), "status": "open", "ended_why": ""}
        self.revise(Goal, goal, so.case_folder, kept, by, step.on)
        self.record("casework.goal_set", Goal, goal, by, so.purpose, matter=so.case_matter["public_id"])

    def fear(self, step: steps.Fear, so: So, by: Worker) -> None:
        said: Row = {"words": step.words, "severity": step.severity, "mitigation": step.mitigation}
        risk = self.tables.add(Risk, **self._in_case(so), **said, by=by.user.public_id)
        kept = {**said, "holder": "", "review_on": None, "ended_why": ""}
        self.revise(Risk, risk, so.case_folder, kept, by, step.on)
        self.record(
            "casework.risk_recorded", Risk, risk, by, so.purpose, matter=so.case_matter["public_id"],
            severity=step.severity,
        )  # fmt: skip

    def _in_case(self, so: So) -> Row:
        case = _case(so)
        return {"partnership_id": self.partnership, "folder_id": case["folder_id"], "case_id": case["id"]}

    def use(self, step: steps.Use, so: So, by: Worker) -> None:
        power, rule = self.powers[step.power], self.rules[step.power]
        person = so.persons[step.person] if step.person else None
        case = _case(so)

        def checks(**more: Any) -> list[checking.Check]:
            born = checking.Born(person["born_on"], person["born_precision"]) if person else None
            return checking.checks(
                rule,
                checking.Use(
                    starts_on=step.on, is_on_person=person is not None, born=born,
                    agency_kind=self.kinds[by.agency.pk], agency_name=by.agency.name, **more,
                ),
            )  # fmt: skip

        answered = checks(expires_on=step.expires_on, agreed=True)
        open_ones = [one for one in answered if one.needs_reason]
        reason = AGREED if open_ones else ""
        made = so.uses[step.key] = self.tables.add(
            Intervention, **self._in_case(so), hub_id=case["hub_id"], unit_id=case["unit_id"], power=step.power,
            power_version_id=power.version_id, kind=power.item.grade, person_id=person["id"] if person else None,
            used_by_id=by.unit.pk, words=step.words, set_by=by.user.public_id, set_on=step.on,
            status="in_place", starts_on=step.on, expires_on=step.expires_on,
            checks=checking.kept(answered, overridden=bool(open_ones)), override_reason=reason, version=2,
        )  # fmt: skip
        self.move(InterventionMove, "intervention_id", made, "", "planned", by, step.on)
        said = {"power": step.power}
        self.record("intervention.planned", Intervention, made, by, so.purpose, **said, agency=by.agency.code)
        until = f" until {date_in_words(step.expires_on)}" if step.expires_on else ", with no last day"
        words = f"From {date_in_words(step.on)}{until}. {reason}".strip()
        self.move(InterventionMove, "intervention_id", made, "planned", "in_place", by, step.on, words)
        self.record(
            "intervention.put_in_place", Intervention, made, by, so.purpose, **said, starts=step.on.isoformat(),
            expires=step.expires_on.isoformat() if step.expires_on else "",
            overridden=[one.code for one in open_ones],
        )  # fmt: skip

    def end_use(self, step: steps.EndUse, so: So, by: Worker) -> None:
        made = so.uses[step.key]
        before = made["status"]
        made.update(
            status="ended", ended_on=step.on, outcome=step.outcome, outcome_words=step.words,
            version=made["version"] + 1,
        )  # fmt: skip
        self.move(InterventionMove, "intervention_id", made, before, "ended", by, step.on, step.words)
        self.record(
            "intervention.ended",
            Intervention,
            made,
            by,
            so.purpose,
            power=made["power"],
            outcome=step.outcome,
        )

    def look(self, step: steps.Look, so: So, by: Worker) -> None:
        self.tables.add(
            CaseReview, **self._in_case(so), on=step.on, words=step.words, next_on=step.next_on,
            by=by.user.public_id, agency=by.agency.code,
        )  # fmt: skip
        _case(so)["review_on"] = step.next_on
        self.record("case.reviewed", Matter, so.case_matter, by, so.purpose, next_on=step.next_on.isoformat())

    def close(self, step: steps.Close, so: So, by: Worker) -> None:
        case = _case(so)
        before = case["status"]
        overridden = overridden_at(case["band"])
        override_reason = step.reason if overridden else ""
        case.update(
            closed_on=step.on, outcome=step.outcome, close_reason=step.reason, learning=step.learning,
            told=step.told, review_on=None, overridden=overridden, override_reason=override_reason,
        )  # fmt: skip
        so.endings += 1
        values = {
            "outcome": step.outcome, "reason": step.reason, "learning": step.learning, "told": step.told,
            "overridden": overridden, "override_reason": override_reason,
        }  # fmt: skip
        self.keep(so.case_folder, ENDING, case["public_id"], so.endings, values, by, step.on)
        self._case_move(case, before, "closed", by, step.on, step.reason)
        self.set_status(so.case_matter, "closed", step.reason, by, step.on)
        self.record(
            "case.closed", Matter, so.case_matter, by, so.purpose, outcome=step.outcome,
            overridden=overridden,
        )  # fmt: skip

    def reopen(self, step: steps.Reopen, so: So, by: Worker) -> None:
        case = _case(so)
        ended = case["outcome"]
        case.update(
            closed_on=None, outcome="", close_reason="", learning="", told="", review_on=step.review_on,
            overridden=[], override_reason="",
        )  # fmt: skip
        so.taken_on = step.on
        self._case_move(case, "closed", "reopened", by, step.on, step.reason)
        self.set_status(so.case_matter, "open", step.reason, by, step.on)
        self.record("case.reopened", Matter, so.case_matter, by, so.purpose, outcome=ended)

    def count(self, step: steps.Count, so: So, by: Worker) -> None:
        where: Row
        if so.case is not None:
            where, matter = self._in_case(so), so.case_matter
        else:
            folder = self.work_folder(so, by)
            where = {
                "partnership_id": self.partnership,
                "folder_id": folder["id"],
                "referral_id": so.referral["id"],
            }
            matter = so.matter
        self.tables.add(
            DemandEvent, **where, kind=KIND, on=step.month, count=step.count, agency=by.agency.code
        )
        self.record(
            "casework.demand_kept", Matter, matter, by, so.purpose, kind=KIND, month=step.month.isoformat()
        )

    def _keep_clock(self, so: So, case: Row) -> None:
        harmed = any(one["role"] in self.harmed for one in so.in_case)
        is_open = case["status"] != "closed"
        assert so.taken_on is not None
        contacts = [Made(on=day, with_harmed=True, reached=True, seen_by_all=True) for day in so.reached]
        try:
            case["contact_due_on"] = next_contact(
                self.contact, adopted_on=so.taken_on, contacts=contacts, somebody_harmed=harmed, is_open=is_open,
                bank_holidays=self.holidays,
            )  # fmt: skip
        except Refusal:  # a year whose bank holidays no pack has
            case["contact_due_on"] = None


def _case(so: So) -> Row:
    assert so.case is not None
    return so.case


_DO: dict[type, Callable[..., None]] = {
    steps.Refer: Copied.refer, steps.Score: Copied.score, steps.Ask: Copied.ask, steps.Answer: Copied.answer,
    steps.Decide: Copied.decide, steps.Adopt: Copied.adopt, steps.Join: Copied.join, steps.Move: Copied.go,
    steps.Write: Copied.write, steps.Agree: Copied.agree, steps.PutOff: Copied.put_off,
    steps.Finish: Copied.finish, steps.Aim: Copied.aim, steps.Fear: Copied.fear, steps.Use: Copied.use,
    steps.EndUse: Copied.end_use, steps.Look: Copied.look, steps.Close: Copied.close, steps.Reopen: Copied.reopen,
    steps.Count: Copied.count,
}  # fmt: skip
