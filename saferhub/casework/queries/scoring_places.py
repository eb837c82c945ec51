"""Where scores stand on pages of others: the case page, the referral's page, the timeline, Your work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial

from django.db.models import Count, F, Func, IntegerField, Q
from django.urls import reverse

from saferhub.casework.access import cases_visible_to, parts_readable_by
from saferhub.casework.access import scoring as object_rules
from saferhub.casework.access.coordinating import hubs_coordinated_by
from saferhub.casework.models import OPEN_STATUSES, Assessment, Case, Referral
from saferhub.casework.operations.scoring_forms import read
from saferhub.casework.registries import Block, Happened, Next, Tab
from saferhub.casework.rules.scoring import prompts_of
from saferhub.foundation.registries import NavItem, WorkItem
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.partnership.queries.known_days import NOT_KNOWN, if_known
from saferhub.partnership.queries.members import names_of
from saferhub.partnership.rules.clocks import Due, due
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.partnership.rules.from_packs import clock_from
from saferhub.sharing.access.sight import sight_of
from saferhub.sharing.models import MatterStatus

from . import scoring as queries
from .cases_timeline import moment
from .scoring import Place

MOST_WORK = 20
CLOCK = "first_score"
PROMPT_CLOCK = "prompt_decided"
# So many days before its last day a case without a score begins to stand in Your work.
_AHEAD = timedelta(days=3)


def tab(actor: Actor, case: Case) -> Tab:
    """The Risk tab."""
    return Tab("risk", "Risk", reverse("case-scores", args=[case.matter.public_id]))


def buttons(actor: Actor, case: Case) -> Iterator[tuple[str, str]]:
    """Score it, for whoever may add to the case."""
    if case.is_open and object_rules.can_score_case(actor, case):
        yield "Score again" if case.band else "Score it", reverse("case-score", args=[case.matter.public_id])


def timeline(actor: Actor, case: Case) -> list[Happened]:
    """Every score of the case and its referral, and what was decided about what they prompt. Four queries."""
    place = Place("case", case.matter, case=case)
    made = queries.scores_of(actor, place)
    found = [_scored(one) for one in queries.rows(actor, place, made)]
    answers = queries.answers_to(actor, made)
    names = names_of((one.by for one in answers), actor)
    scores = {one.pk: one.public_id for one in made}
    versions = {one.pk: one.instrument_version for one in made}
    for one in answers:
        prompts = prompts_of(read(versions[one.assessment_id]), [one.prompt])
        found.append(
            Happened(
                at=moment(one.on, one.created_at),
                day=one.on,
                kind="decision",
                title=f"{one.get_outcome_display()}: {prompts[0].words if prompts else one.prompt}",
                who=names.get(one.by, ""),
                words=one.words,
                url=place.url("assessment", scores[one.assessment_id]),
            )
        )
    return found


def _scored(row: queries.Scored) -> Happened:
    made = row.made
    title = f"Scored {row.band_words}" if made.standing_band else "Scored, incomplete"
    if made.is_complete:
        title += f", {made.score} of {row.form.most}"
        computed = row.form.band(made.band)
        if made.judged_band not in ("", made.band) and computed is not None:
            title = f"Judged {row.band_words}; scored {computed.words}, {made.score} of {row.form.most}"
    words = made.judged_why if made.judged_band else ""
    tags: list[tuple[str, str]] = []
    if made.judged_band:
        tags.append(("Judged", "petrol"))
    if row.open_prompts:
        tags.append(("Prompt not answered", "red"))
    return Happened(
        at=made.at,
        day=made.on,
        kind="score",
        title=f"{title}: {row.form.name}" + (f", about {row.about}" if row.about else ""),
        who=row.by,
        words=words,
        url=row.url,
        tags=tuple(tags),
    )


def referral_block(actor: Actor, referral: Referral) -> Block | None:
    """The latest score on the hub's page of a referral, and the way to score it."""
    if referral.hub_id is None or referral.hub_id not in sight_of(actor).hubs:
        return None
    place = Place("referral", referral.matter, referral=referral)
    found = queries.rows(actor, place, queries.of_referral(actor, referral))
    return Block(
        "casework/scoring/referral_block.html",
        {
            "row": queries.latest(found),
            "scores_url": place.url("scores"),
            "score_url": place.url("score") if object_rules.can_score_referral(actor, referral) else "",
        },
        place="aside",
    )


def next_steps(actor: Actor, case: Case, day: date) -> Iterator[Next]:
    """Score it, while nobody has; and what a score prompts and nobody has answered."""
    if not case.is_open:
        return
    place = Place("case", case.matter, case=case)
    lead = case.matter.lead
    who = f"{lead.name}, {case.lead_unit.agency.name}" if lead else case.lead_unit.agency.name
    if not case.band:
        first_due = _first_dues([case], day)
        last = first_due.get(case.pk)
        unknown = f". By when is {NOT_KNOWN}" if case.pk in first_due and last is None else ""
        yield Next(f"Score it completely{unknown}", who, last, place.url("score"))
    made = queries.scores_of(actor, place)
    answered = {(one.assessment_id, one.prompt) for one in queries.answers_to(actor, made)}
    for one in made:
        if one.matter_id != case.matter_id:
            continue
        unanswered = [code for code in one.prompts if (one.pk, code) not in answered]
        for prompt in prompts_of(read(one.instrument_version), unanswered):
            yield Next(
                f"{prompt.words}: record what was decided",
                who,
                one.on,
                place.url("prompt", one.public_id, prompt.code),
            )


# --- Your work --------------------------------------------------------------------------------------------


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """Cases that nobody has scored completely in time, and prompts that nobody answered: of those she leads, and
    of her hubs where she decides."""
    if actor.user is None or not actor.has(Permission.WORK_ON_MATTERS):
        return
    mine = Q(matter__lead=actor.user)
    hubs = hubs_coordinated_by(actor)
    yield from _unscored(actor, mine | Q(hub__in=hubs))
    yield from _prompts(actor, mine | Q(matter__hub__in=hubs) | Q(by=actor.public_id))


def _unscored(actor: Actor, whose: Q) -> Iterator[WorkItem]:
    found = list(
        cases_visible_to(actor)
        .filter(whose, band="", status__in=OPEN_STATUSES, adopted_on__lte=actor.on)
        .select_related("matter", "partnership")
        .order_by("adopted_on", "id")[:MOST_WORK]
    )
    first_due = _first_dues(found, actor.on)
    for case in found:
        if case.pk not in first_due:
            continue
        last = first_due[case.pk]
        if last is not None and last > actor.on + _AHEAD:
            continue
        url = reverse("case-score", args=[case.matter.public_id])
        yield WorkItem(
            kind="unscored",
            kind_words="Cases without a complete score",
            title=case.matter.title,
            url=reverse("case", args=[case.matter.public_id]),
            why="Nobody has scored it completely, so its risk is not known"
            + ("" if last else f". By when is {NOT_KNOWN}"),
            due_on=last,
            step="Score it",
            step_url=url,
            reference=case.matter.reference,
            rank=4,
        )


def _first_dues(cases: Sequence[Case], on: date) -> dict[int, date | None]:
    """By when each case is to be scored first, by today's clock: None where the bank holidays are not known, and no
    entry where no pack says. Two queries."""
    if not cases:
        return {}
    found = in_force.entry(cases[0].partnership, "clocks", CLOCK, on)
    if found is None:
        return {}
    clock, holidays = clock_from(found.item), bank_holidays()
    days = [partial(due, clock, case.adopted_on, bank_holidays=holidays) for case in cases]
    return {case.pk: _day(ask) for case, ask in zip(cases, days, strict=True)}


def _day(ask: Callable[[], Due]) -> date | None:
    found = if_known(ask)
    return found.day if found is not None else None


class _Length(Func):
    function = "jsonb_array_length"
    output_field = IntegerField()


def _open_prompts(actor: Actor, whose: Q) -> list[Assessment]:
    """Scores of what is still open that prompt more than was answered, the newest first."""
    rows = (
        parts_readable_by(actor, Assessment)
        # The matter of a case that is closed, or of a referral that is decided, is closed too.
        .filter(whose, matter__status=MatterStatus.OPEN)
        .exclude(prompts=[])
        .annotate(answered=Count("prompt_answers"), asked=_Length("prompts"))
        .filter(answered__lt=F("asked"))
        .select_related("instrument_version", "matter", "partnership")
        .prefetch_related("prompt_answers")
        .order_by("-on", "-id")
    )
    return list(rows[:MOST_WORK])


def _prompts_due(made: Sequence[Assessment], on: date) -> dict[int, date | None]:
    """By when what each score prompts is decided, by today's clock: None where the bank holidays are not known, and
    no entry where no pack says. Two queries."""
    if not made:
        return {}
    found = in_force.entry(made[0].partnership, "clocks", PROMPT_CLOCK, on)
    if found is None:
        return {}
    clock, holidays = clock_from(found.item), bank_holidays()
    days = [partial(due, clock, one.on, bank_holidays=holidays) for one in made]
    return {one.pk: _day(ask) for one, ask in zip(made, days, strict=True)}


def _unanswered(made: Assessment) -> list[str]:
    done = {one.prompt for one in made.prompt_answers.all()}
    return [code for code in made.prompts if code not in done]


def _prompts(actor: Actor, whose: Q) -> Iterator[WorkItem]:
    found = _open_prompts(actor, whose)
    last_days = _prompts_due(found, actor.on)
    # The newest were fetched, so that what has run out never keeps out what has not.
    for made in reversed(found):
        last = last_days.get(made.pk, made.on)
        if made.pk in last_days and last is not None and last < actor.on:
            continue
        kind = "case" if made.matter.kind == "case" else "referral"
        for prompt in prompts_of(read(made.instrument_version), _unanswered(made)):
            url = reverse(f"{kind}-prompt", args=[made.matter.public_id, made.public_id, prompt.code])
            yield WorkItem(
                kind="prompt",
                kind_words="What a score prompts",
                title=f"{prompt.words}: {made.matter.title}",
                url=reverse(f"{kind}-assessment", args=[made.matter.public_id, made.public_id]),
                why=f"Prompted by the score of {date_in_words(made.on)}. You decide, and record what was decided",
                due_on=last,
                step="Record decision",
                step_url=url,
                reference=made.matter.reference,
                rank=2,
            )


def navigation(actor: Actor) -> Iterator[NavItem]:
    """Scoring forms, for whoever keeps them."""
    if actor.user is not None and object_rules.can_keep_instruments(actor):
        yield NavItem("Scoring forms", reverse("instruments"), "instruments")
