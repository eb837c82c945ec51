"""Referrals of a plan as rows: what the operations on them write, to the letter."""

from __future__ import annotations

from datetime import date
from typing import Any

from saferhub.casework.models import (
    Assessment,
    Decision,
    DecisionKind,
    PromptAnswer,
    PromptOutcome,
    Referral,
    ReferralMove,
    ReferralStatus,
)
from saferhub.casework.queries.referral_clock import clock_of
from saferhub.casework.rules import cases_deciding as deciding
from saferhub.casework.rules import referrals as rules
from saferhub.casework.rules import scoring as scoring_rules
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.queries.known_days import counting_on
from saferhub.partnership.rules.clocks import due
from saferhub.sharing.models import Matter

from . import steps
from .facts import Worker
from .ledger import Ledger, So
from .rows import Row
from .words import PROMPT_DECIDED


class CopiedReferrals(Ledger):
    """Referring, asking, scoring, deciding."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.clock = clock_of(self.facts.partnership, urgent=False, on=self.facts.day)
        self.holidays = counting_on()

    def refer(self, step: steps.Refer, so: So, by: Worker) -> None:
        so.purpose = step.purpose
        so.folder, so.matter = self.begin_matter(
            "referral", step.title, step.purpose, by, step.on, hub=None, named_for=so.hub, leads=True
        )
        referral = so.referral = self.tables.add(
            Referral, partnership_id=self.partnership, folder_id=so.folder["id"], matter_id=so.matter["id"],
            unit_id=by.unit.pk, to_hub_id=so.hub.pk, subject_kind=step.subject_kind, written_by_id=by.user.pk,
        )  # fmt: skip
        self._moved(so, "", "draft", by, step.on)
        self._revise(so, by, step.on)
        purpose = step.purpose
        self.record(
            "referral.started", Matter, so.matter, by, purpose, hub=so.hub.code, source=referral["source"]
        )
        before = self._values(so)
        referral.update(step.words)
        changed = sorted(name for name, value in self._values(so).items() if before[name] != value)
        if changed:
            referral["version"] += 1
            self._revise(so, by, step.on)
            self.record(
                "referral.saved", Matter, so.matter, by, purpose, fields=changed, version=referral["version"]
            )
        for part in step.people:
            folder, person = self.person(part.person, so.matter, so.folder, by, step.on)
            so.persons[part.person.key] = {**person, "folder": folder}
            so.involved.append(self.involve(so.matter, person, part.role, part.is_subject, by, step.on))
        self._send(step, so, by)

    def _send(self, step: steps.Refer, so: So, by: Worker) -> None:
        ground = self.facts.grounds[by.key, step.purpose, so.hub.code]
        for row in (so.folder, so.matter, so.referral):
            row["hub_id"] = so.hub.pk
        so.referral.update(
            gateway=ground.gateway, agreement_id=ground.agreement.pk if ground.agreement else None, status="sent",
            sent_on=step.on, sent_at=self.at(step.on), due_on=self._due(so, step.on, []),
        )  # fmt: skip
        so.referral["version"] += 1
        self._revise(so, by, step.on)
        self._moved(so, "draft", "sent", by, step.on)
        self.record(
            "referral.sent", Matter, so.matter, by, step.purpose, hub=so.hub.code, gateway=ground.gateway,
            agreement=ground.code, urgent=None, source=so.referral["source"],
        )  # fmt: skip

    def _due(self, so: So, sent_on: date, moves: list[tuple[str, date]]) -> date | None:
        pauses = rules.pauses(moves) if self.clock.pauses_on else []
        try:
            return due(self.clock, sent_on, bank_holidays=self.holidays, pauses=pauses).day
        except Refusal:  # a year whose bank holidays no pack has
            return None

    def _moved(self, so: So, before: str, after: str, by: Worker, day: date) -> None:
        so.moves.append((after, day))
        so.referral["status"] = after
        self.move(ReferralMove, "referral_id", so.referral, before, after, by, day)

    def _values(self, so: So) -> Row:
        return {
            "title": so.matter["title"],
            "purpose": so.matter["purpose"],
            "to_hub": so.hub.code,
            **{name: so.referral[name] for name in rules.WORDS},
            "reply": so.referral["reply"],
        }

    def _revise(self, so: So, by: Worker, day: date) -> None:
        self.revise(Referral, so.referral, so.folder, self._values(so), by, day)

    def work_folder(self, so: So, by: Worker) -> Row:
        """The hub's own folder beside the referral."""
        if so.work is None:
            so.work = self.folder("work", by, so.hub)
            so.referral["work_folder_id"] = so.work["id"]
        return so.work

    def score_folder(self, so: So, by: Worker) -> Row:
        """The hub's scores of the referral, which its case takes along."""
        if so.scored is None:
            so.scored = self.folder("work", by, so.hub)
            so.referral["score_folder_id"] = so.scored["id"]
        return so.scored

    def ask(self, step: steps.Ask, so: So, by: Worker) -> None:
        decision = self._decision(so, DecisionKind.ASK, step.reason, step.question, [], by, step.on)
        self._moved(so, so.referral["status"], "asked", by, step.on)
        so.referral["answer"] = step.question
        so.referral["due_on"] = self._due(so, so.referral["sent_on"], so.moves)
        so.referral["version"] += 1
        self._revise(so, by, step.on)
        self._record_decided(so, decision, by)

    def answer(self, step: steps.Answer, so: So, by: Worker) -> None:
        so.referral["reply"] = step.words
        self._moved(so, "asked", "sent", by, step.on)
        so.referral["due_on"] = self._due(so, so.referral["sent_on"], so.moves)
        so.referral["version"] += 1
        self._revise(so, by, step.on)
        self.record("referral.answered", Matter, so.matter, by, so.purpose)

    def decide(self, step: steps.Decide, so: So, by: Worker) -> None:
        kind = DecisionKind(step.kind)
        self.settle(so, self._decision(so, kind, step.reason, step.told, [], by, step.on), by, step.on)

    def _decision(
        self, so: So, kind: DecisionKind, reason: str, told: str, tests: list[str], by: Worker, day: date,
        case: str = "",
    ) -> Row:  # fmt: skip
        return self.tables.add(
            Decision, partnership_id=self.partnership, folder_id=self.work_folder(so, by)["id"],
            referral_id=so.referral["id"], kind=kind, reason=reason, tests=tests, told=told, hub_from_id=so.hub.pk,
            case_id_public=case, by=by.user.public_id, on=day, at=self.at(day),
        )  # fmt: skip

    decision = _decision

    def settle(self, so: So, decision: Row, by: Worker, day: date) -> None:
        """The referral is decided; its matter closes."""
        target = ReferralStatus(deciding.OUTCOME[DecisionKind(decision["kind"])])
        self._moved(so, so.referral["status"], target, by, day)
        so.referral.update(
            answer=decision["told"], decided_on=day, case_id_public=decision["case_id_public"],
            version=so.referral["version"] + 1,
        )  # fmt: skip
        self._revise(so, by, day)
        self.set_status(so.matter, "closed", str(target.label), by, day)
        self._record_decided(so, decision, by)

    def _record_decided(self, so: So, decision: Row, by: Worker) -> None:
        self.record(
            "referral.decided", Matter, so.matter, by, so.purpose, kind=str(decision["kind"]),
            case=decision["case_id_public"], hub="",
        )  # fmt: skip

    def assess(self, step: steps.Score, so: So, by: Worker) -> Row:
        """A score by the matrix, in the hub's folder or the case's."""
        found = scoring_rules.score(self.facts.form, step.answers, {}, step.judged)
        judged = "" if step.judged == found.band else step.judged
        folder = so.case_folder if so.case else self.score_folder(so, by)
        matter = so.case_matter if so.case else so.matter
        made = self.tables.add(
            Assessment, partnership_id=self.partnership, folder_id=folder["id"], matter_id=matter["id"],
            instrument_version_id=self.facts.matrix.pk, answers=step.answers, score=found.score, most=found.most,
            is_complete=found.complete, band=found.band, judged_band=judged, judged_why=step.why if judged else "",
            prompts=list(found.prompts), by=by.user.public_id, agency=by.agency.code, on=step.on,
            at=self.at(step.on),
        )  # fmt: skip
        self.record(
            "score.recorded", Matter, matter, by, so.purpose, score=made["public_id"], form="asb_matrix",
            version=self.facts.matrix.number, complete=found.complete, judged=bool(judged),
            prompts=len(found.prompts), trained=None,
        )  # fmt: skip
        for prompt in found.prompts:
            self.tables.add(
                PromptAnswer, partnership_id=self.partnership, folder_id=folder["id"], assessment_id=made["id"],
                prompt=prompt, outcome=PromptOutcome.DONE, words=PROMPT_DECIDED, by=by.user.public_id,
                agency=by.agency.code, on=step.on,
            )  # fmt: skip
            self.record(
                "score.prompt_answered", Assessment, made, by, "", prompt=prompt,
                outcome=str(PromptOutcome.DONE.value),
            )  # fmt: skip
        return made
