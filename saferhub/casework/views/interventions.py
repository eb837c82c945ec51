"""Pages of the register of interventions: the tab of a case, one intervention, and each act on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.casework import access
from saferhub.casework.access import interventions as object_rules
from saferhub.casework.forms import interventions as forms
from saferhub.casework.models import Intervention, InterventionStatus
from saferhub.casework.operations import interventions as operations
from saferhub.casework.operations import interventions_running as running
from saferhub.casework.operations.actions import owners_of
from saferhub.casework.queries import interventions as queries
from saferhub.casework.queries import interventions_power as packs
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal, allows
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.sharing.edits import edit as edit_page

from .actions import BOTH, MARKING, SECTION, actor_of, seen
from .case_frame import frame


@require_safe
def case_interventions(request: HttpRequest, public_id: str) -> HttpResponse:
    """The Interventions tab of a case."""
    actor = actor_of(request)
    case = access.get_case(actor, public_id)
    seen(actor, "intervention.list_seen", case.matter, case.matter)
    return page(
        request,
        "casework/interventions/of_case.html",
        classes=queries.of_case(actor, case),
        can_add=case.is_open and allows(object_rules.check_can_plan, actor, case),
        **frame(actor, case, tab="interventions"),
    )


@require_safe
def choose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose a tool or power, from help to enforcement."""
    actor = actor_of(request)
    case = access.get_case(actor, public_id)
    object_rules.check_can_plan(actor, case)
    return page(
        request,
        "casework/interventions/choose.html",
        section=SECTION,
        marking=MARKING,
        matter=case.matter,
        classes=packs.offered(case.partnership, actor.on),
        back_url=reverse("case-interventions", args=[public_id]),
    )


@require_http_methods(BOTH)
def plan(request: HttpRequest, public_id: str, power: str) -> HttpResponse:
    """Plan to use the power that was chosen."""
    actor = actor_of(request)
    case = access.get_case(actor, public_id)
    object_rules.check_can_plan(actor, case)
    chosen = packs.power_on(case.partnership, power, actor.on)
    if chosen is None:
        raise Http404
    once = Once(request)
    if once.answer:
        return once.answer
    parts = packs.parts_on(case.partnership, actor.on)
    subjects = object_rules.subjects_of(actor, case)
    kinds = packs.agency_kind_names(case.partnership, actor.on) if chosen.item.used_by else {}
    form = forms.PlanForm(
        request.POST if request.method == "POST" else None,
        subjects=[(one.record.public_id, packs.subject_in_words(one, parts)) for one in subjects],
        units=packs.units_that_may(chosen, operations.units_of(case), case.partnership, actor.on),
        ask_again=[one.record.public_id for one in subjects if packs.asks_again(chosen, one, parts)],
        users=", ".join(kinds.get(one, one) for one in chosen.item.used_by),
    )
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        subject = "" if given["subject"] == forms.NOBODY else given["subject"]
        try:
            made = operations.plan(
                case_id=public_id, power=power, **{**given, "subject": subject}, by=actor, on=actor.on
            )
        except Refusal as refusal:
            _place(form, refusal)
        else:
            messages.success(
                request, "It is planned. This page says what is needed before it is put in place."
            )
            return once.done(redirect("intervention", made.public_id))
    return page(
        request,
        "casework/interventions/plan.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        matter=case.matter,
        power=chosen,
        limits=[packs.limit_words(one) for one in chosen.item.limits],
        back_url=reverse("intervention-add", args=[public_id]),
    )


def _place(form: Any, refusal: Refusal) -> None:
    """Put a refusal beside the field it is about; over the form where that has no such field."""
    field = forms.FIELD_OF.get(refusal.code, "")
    if refusal.status != 409 or not (field or refusal.code.endswith("_not_met")):
        raise refusal
    form.refuse(field if field in form.fields else None, refusal.sentence)


@require_safe
def intervention(request: HttpRequest, intervention_id: str) -> HttpResponse:
    """One use of a tool or power: on whom, by whom, until when, with which checks, what became of it."""
    actor = actor_of(request)
    found = object_rules.get_intervention(actor, intervention_id)
    case = found.case
    seen(actor, "intervention.seen", found, case.matter)
    version = in_force.read_version(found.power_version) if found.power_version else None
    rule = packs.as_rule(version, case.partnership, actor.on) if version else None
    breaches = list(object_rules.breaches_of(actor, found))
    can = object_rules.available_operations(actor, found)
    outcomes = queries.outcome_names(case.partnership, actor.on)
    return page(
        request,
        "casework/interventions/intervention.html",
        section=SECTION,
        marking=MARKING,
        found=found,
        row=queries.row_of(found, actor.on, outcomes),
        case=case,
        matter=case.matter,
        power=version,
        limits=[packs.limit_words(one) for one in version.item.limits] if version else [],
        kept=queries.kept_checks(found, rule),
        history=queries.history(actor, found),
        can=can,
        before=_before(actor, found) if "put_in_place" in can else [],
        offers_reopening=not case.is_open
        and any(one.recorded_on >= case.closed_on for one in breaches if case.closed_on),
        can_reopen=allows(access.check_can_manage, actor, case),
    )


def _before(actor: Actor, found: Intervention) -> list[queries.Kept]:
    """What is still to be known or put right before a planned one is put in place, as it stands today."""
    try:
        asked = operations.checks_on(
            found, by=actor, starts_on=actor.on, expires_on=None, review_on=None, agreed=False
        )
    except Refusal:  # not in force any more: putting it in place says so
        return []
    return queries.checks_in_words([one for one in asked if not one.is_met])


@require_http_methods(BOTH)
def put_in_place(request: HttpRequest, intervention_id: str) -> HttpResponse:
    """From and until when, with every check as it stands."""
    actor = actor_of(request)
    found = object_rules.get_intervention(actor, intervention_id)
    object_rules.check_can_use(actor, found)
    operations.check_open_for_use(found.case)
    if found.status != InterventionStatus.PLANNED:
        raise Refusal("in_place_already", "This is in place already, or has ended.")
    known = packs.power_on(found.case.partnership, found.power, actor.on)
    form = forms.PutInPlaceForm(
        request.POST if request.method == "POST" else None,
        initial={"starts_on": actor.on},
        conditions=[str(one) for one in known.item.conditions] if known else [],
        is_voluntary=bool(known and known.item.voluntary),
    )
    answers: dict[str, Any] = {"starts_on": actor.on, "expires_on": None, "review_on": None}
    if form.is_bound and form.is_valid():
        answers = form.answers()
        try:
            operations.put_in_place(intervention_id=intervention_id, **answers, by=actor, on=actor.on)
        except Refusal as refusal:
            _place(form, refusal)
            answers.pop("override_reason")
        else:
            messages.success(request, "It is in place. The checks are kept with it.")
            return redirect("intervention", intervention_id)
    try:
        asked = operations.checks_on(found, by=actor, **answers)
    except Refusal:  # not in force on the day that was typed: the form says so
        asked = []
    rule = packs.as_rule(known, found.case.partnership, actor.on) if known else None
    others = (
        packs.elsewhere(actor, rule, case=found.case, person=found.person, place=found.place) if rule else []
    )
    return page(
        request,
        "casework/interventions/put_in_place.html",
        elsewhere=[(queries.name_of(one), one.starts_on, one.case.matter.reference) for one in others],
        section=SECTION,
        marking=MARKING,
        form=form,
        found=found,
        name=queries.name_of(found),
        subject=queries.subject_words(found),
        matter=found.case.matter,
        checks=queries.checks_in_words(asked),
        source=known.source[0] if known and known.source else "",
        verify=bool(known and known.verify),
        back_url=reverse("intervention", args=[intervention_id]),
    )


def _act(
    request: HttpRequest,
    intervention_id: str,
    *,
    make: Callable[[Any, Actor, Intervention], Any],
    act: Callable[[Any, Actor], Any],
    check: Callable[[Actor, Intervention], None],
    heading: str,
    verb: str,
    said: str,
    consequence: str = "",
) -> HttpResponse:
    """A page with a form that does one thing to an intervention."""
    actor = actor_of(request)
    found = object_rules.get_intervention(actor, intervention_id)
    check(actor, found)
    once = Once(request)
    if once.answer:
        return once.answer
    form = make(request.POST if request.method == "POST" else None, actor, found)
    if form.is_bound and form.is_valid():
        try:
            act(form, actor)
        except Refusal as refusal:
            _place(form, refusal)
        else:
            messages.success(request, said)
            return once.done(redirect("intervention", intervention_id))
    return page(
        request,
        "casework/interventions/act.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        name=queries.name_of(found),
        subject=queries.subject_words(found),
        matter=found.case.matter,
        heading=heading,
        verb=verb,
        consequence=consequence,
        back_url=reverse("intervention", args=[intervention_id]),
    )


def _check_in_force(actor: Actor, found: Intervention) -> None:
    object_rules.check_can_use(actor, found)
    if found.status not in object_rules.IN_FORCE:
        raise Refusal("not_in_force", "This is not in place, so there is nothing to record.")


def _check_can_watch(actor: Actor, found: Intervention) -> None:
    access.check_can_manage(actor, found.case)
    _check_in_force(actor, found)


def _check_not_ended(actor: Actor, found: Intervention) -> None:
    object_rules.check_can_use(actor, found)
    if found.status == InterventionStatus.ENDED:
        raise Refusal("ended_already", "This has ended already.")


@require_http_methods(BOTH)
def breach(request: HttpRequest, intervention_id: str) -> HttpResponse:
    """Record a breach."""
    return _act(
        request,
        intervention_id,
        make=lambda data, actor, found: forms.BreachForm(data, initial={"day": actor.on}),
        act=lambda form, actor: running.record_breach(
            intervention_id=intervention_id,
            happened_on=form.cleaned_data["day"],
            words=form.cleaned_data["words"],
            response=form.cleaned_data["response"],
            by=actor,
            on=actor.on,
        ),
        check=_check_in_force,
        heading="Record a breach",
        verb="Record breach",
        said="The breach is recorded. It stays in place until it is ended.",
    )


@require_http_methods(BOTH)
def answer(request: HttpRequest, intervention_id: str) -> HttpResponse:
    """Say what followed from a breach."""
    return _act(
        request,
        intervention_id,
        make=lambda data, actor, found: forms.AnswerForm(
            data,
            initial={
                "seen": ",".join(
                    one.public_id for one in object_rules.breaches_of(actor, found).filter(response="")
                )
            },
        ),
        act=lambda form, actor: running.answer_breaches(
            intervention_id=intervention_id,
            response=form.cleaned_data["words"],
            seen=form.seen_breaches(),
            by=actor,
            on=actor.on,
        ),
        check=_check_in_force,
        heading="Say what followed from the breach",
        verb="Save",
        said="What followed is recorded.",
    )


@require_http_methods(BOTH)
def review(request: HttpRequest, intervention_id: str) -> HttpResponse:
    """Look again at what is in place."""
    return _act(
        request,
        intervention_id,
        make=lambda data, actor, found: forms.ReviewForm(data),
        act=lambda form, actor: running.review(
            intervention_id=intervention_id, **form.cleaned_data, by=actor, on=actor.on
        ),
        check=_check_in_force,
        heading="Look at it again",
        verb="Record review",
        said="The review is recorded.",
    )


@require_http_methods(BOTH)
def change(request: HttpRequest, intervention_id: str) -> HttpResponse:
    """Change its terms and days; a second editor sees both versions."""
    actor = actor_of(request)
    found = object_rules.get_intervention(actor, intervention_id)
    _check_in_force(actor, found)

    def done(changed: Intervention) -> HttpResponse:
        messages.success(request, "The change is saved.")
        return redirect("intervention", intervention_id)

    return edit_page(
        request,
        load=lambda: object_rules.get_intervention(actor, intervention_id),
        values_of=operations.values_of,
        form_class=forms.ChangeForm,
        save=lambda values, seen_version: running.change(
            intervention_id=intervention_id, **values, seen=seen_version, by=actor, on=actor.on
        ),
        done=done,
        template="casework/interventions/act.html",
        back_url=reverse("intervention", args=[intervention_id]),
        field_of=forms.FIELD_OF,
        section=SECTION,
        marking=MARKING,
        name=queries.name_of(found),
        subject=queries.subject_words(found),
        matter=found.case.matter,
        caption=queries.name_of(found),
        heading="Change its terms or days",
        verb="Save",
        consequence="What goes on for longer than the law allows is planned anew, with its own checks.",
    )


@require_http_methods(BOTH)
def watch(request: HttpRequest, intervention_id: str) -> HttpResponse:
    """Name who watches it once the case is closed."""
    return _act(
        request,
        intervention_id,
        make=lambda data, actor, found: forms.WatchForm(
            data, owners=owners_of(found.case), initial={"next_on": actor.on + timedelta(days=91)}
        ),
        act=lambda form, actor: running.set_watcher(
            intervention_id=intervention_id,
            who=form.cleaned_data["who"],
            review_on=form.cleaned_data["next_on"],
            by=actor,
            on=actor.on,
        ),
        check=_check_can_watch,
        heading="Name who watches it",
        verb="Save",
        said="It is watched after the case closes.",
        consequence="While it is in force somebody has to look at it, also when the case is closed. Whoever you name "
        "goes on seeing the case while her agency does.",
    )


@require_http_methods(BOTH)
def end(request: HttpRequest, intervention_id: str) -> HttpResponse:
    """End it, with what came of it."""
    return _act(
        request,
        intervention_id,
        make=lambda data, actor, found: forms.EndForm(
            data,
            outcomes=[
                (one.code, str(one.item.name), str(one.item.words))
                for one in in_force.entries(found.case.partnership, "intervention_outcomes", actor.on)
            ],
            initial={"day": actor.on},
        ),
        act=lambda form, actor: running.end(
            intervention_id=intervention_id,
            outcome=form.cleaned_data["outcome"],
            words=form.cleaned_data["words"],
            ended_on=form.cleaned_data["day"],
            by=actor,
            on=actor.on,
        ),
        check=_check_not_ended,
        heading="End it",
        verb="End it",
        said="It has ended. What came of it is kept.",
        consequence="It cannot be put in place again. A new use is planned anew, with its own checks.",
    )
