"""Pages by which measures are kept: defining one, what it means from a day on, who owns it, its limits, its end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from saferhub.partnership.access import Actor
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.plan import access
from saferhub.plan.forms import measures as forms
from saferhub.plan.models import Measure, MeasureVersion, Step
from saferhub.plan.operations import measures as operations
from saferhub.plan.queries.actions import agencies_on_offer, people_on_offer
from saferhub.plan.queries.measure_page import areas_on_offer, objectives_on_offer
from saferhub.plan.queries.measures import Told
from saferhub.plan.rules.measures import Meaning
from saferhub.sharing.edits import edit as edit_page

from .frame import BOTH, act, around, make, reader_of, sent
from .measures import told_or_404

_KEEPING = ("owner_post", "owner", "owner_agency", "area_id", "objective_id")


def _kept(request: HttpRequest, public_id: str) -> tuple[Actor, Told]:
    actor = reader_of(request)
    told = told_or_404(actor, public_id)
    access.check_can_keep_measures(actor)
    return actor, told


def _offered(actor: Actor) -> dict[str, Any]:
    return {
        "people": people_on_offer(actor),
        "agencies": agencies_on_offer(actor),
        "areas": areas_on_offer(actor),
        "objectives": objectives_on_offer(actor),
    }


@require_http_methods(BOTH)
def new(request: HttpRequest) -> HttpResponse:
    """Define a measure."""
    actor = reader_of(request)
    access.check_can_keep_measures(actor)
    area = request.GET.get("area", "")
    form = forms.DefineForm(
        sent(request),
        initial={"small": 5, "every": "quarter", "per": 1_000, "area_id": area},
        **_offered(actor),
    )

    def done(measure: Measure) -> HttpResponse:
        messages.success(
            request, "The measure is defined. Its figures begin with the first time that is over."
        )
        return redirect("measure", measure.public_id)

    return make(
        request,
        "plan/measures/form.html",
        form,
        operation=lambda given: operations.define_measure(
            meaning=forms.meaning_from(given),
            **{name: given[name] for name in _KEEPING},
            by=actor,
            on=actor.on,
        ),
        done=done,
        field_of=forms.FIELD_OF_MEANING,
        heading="Define a measure",
        verb="Define it",
        consequence="Whoever reads a figure reads these words too. A change of them is a new version, from a day on.",
        back_url=reverse("measures"),
        back_text="Measures",
    )


@require_http_methods(BOTH)
def define(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a measure means from a day on."""
    actor, told = _kept(request, public_id)
    newest = max(told.measure.versions.all(), key=lambda one: one.number)
    meaning = operations.meaning_of(newest)

    def done(version: MeasureVersion) -> HttpResponse:
        messages.success(
            request, f"Version {version.number} counts from {date_in_words(version.valid_from)}."
        )
        return redirect("measure", public_id)

    return act(
        request,
        "plan/measures/form.html",
        forms.ChangeForm,
        version=newest.number,
        initial={name: getattr(meaning, name) for name in Meaning.__slots__},
        operation=lambda values, seen: operations.change_meaning(
            measure_id=public_id,
            meaning=forms.meaning_from(values),
            valid_from=values["valid_from"],
            why=values["why"],
            seen=seen,
            by=actor,
            on=actor.on,
        ),
        done=done,
        field_of=forms.FIELD_OF_MEANING,
        heading="Define it anew",
        caption=told.version.name,
        consequence="Figures of earlier times keep the words that counted then. Where what is counted changes, the "
        "limits of its chart are calculated anew from that day.",
        verb="Keep the new version",
        back_url=reverse("measure", args=[public_id]),
        back_text=told.version.name,
    )


@require_http_methods(BOTH)
def owner(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who answers for a measure, and where in the plan it stands; a second editor sees both versions."""
    actor, told = _kept(request, public_id)

    def done(measure: Measure) -> HttpResponse:
        messages.success(request, "The change is saved.")
        return redirect("measure", public_id)

    def load() -> Measure:
        return access.get(actor, Measure, public_id, "owner", "owner_agency", "area", "objective")

    return edit_page(
        request,
        load=load,
        values_of=operations.keeping_values,
        form_class=forms.KeepingForm,
        form_options=_offered(actor),
        save=lambda values, seen: operations.change_keeping(
            measure_id=public_id,
            **{**values, "order": values["order"] or told.measure.order},
            seen=seen,
            by=actor,
            on=actor.on,
        ),
        done=done,
        template="plan/measures/form.html",
        back_url=reverse("measure", args=[public_id]),
        field_of=forms.FIELD_OF_MEANING,
        **around("measures"),
        heading="Change its owner or place",
        caption=told.version.name,
        verb="Save",
        back_text=told.version.name,
    )


@require_http_methods(BOTH)
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a measure with its last day."""
    actor, told = _kept(request, public_id)

    def done(measure: Measure) -> HttpResponse:
        assert measure.ended_on is not None
        messages.success(request, f"It is kept until {date_in_words(measure.ended_on)}. Its figures stay.")
        return redirect("measure", public_id)

    return act(
        request,
        "plan/measures/form.html",
        forms.EndForm,
        version=told.measure.version,
        initial={"last_day": actor.on},
        operation=lambda values, seen: operations.end_measure(
            measure_id=public_id, **values, seen=seen, by=actor, on=actor.on
        ),
        done=done,
        field_of=forms.FIELD_OF_END,
        heading="End the measure",
        caption=told.version.name,
        consequence="Its figures stay to be read. Times after its last day are neither counted nor entered.",
        danger=True,
        verb="End it",
        back_url=reverse("measure", args=[public_id]),
        back_text=told.version.name,
    )


@require_http_methods(BOTH)
def limits(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say from which time limits are calculated anew, and why."""
    actor, told = _kept(request, public_id)
    periods = [(one.period.first.isoformat(), one.period.words) for one in told.points[1:]]
    form = forms.StepForm(sent(request), periods=periods)

    def done(step: Step) -> HttpResponse:
        messages.success(request, "Limits are calculated anew from there. The reason stands below the chart.")
        return redirect("measure", public_id)

    return make(
        request,
        "plan/measures/form.html",
        form,
        operation=lambda given: operations.begin_limits_anew(
            measure_id=public_id,
            first_day=date.fromisoformat(given["first_day"]),
            why=given["why"],
            by=actor,
            on=actor.on,
        ),
        done=done,
        field_of=forms.FIELD_OF_STEP,
        heading="Calculate limits anew",
        caption=told.version.name,
        consequence="Do this where something is known to have changed, not because figures moved: before and after "
        "are then judged apart, and what moved between them is no signal any more.",
        verb="Calculate anew",
        back_url=reverse("measure", args=[public_id]),
        back_text=told.version.name,
    )


@require_http_methods(BOTH)
def limits_back(request: HttpRequest, public_id: str, step_id: str) -> HttpResponse:
    """Take back that limits are calculated anew from a time."""
    actor, told = _kept(request, public_id)
    step = access.get(actor, Step, step_id)
    if step.measure_id != told.measure.pk:
        raise Http404

    def done(found: Step) -> HttpResponse:
        messages.success(request, "That is taken back. Limits reach over that time again.")
        return redirect("measure", public_id)

    return make(
        request,
        "plan/measures/form.html",
        forms.TakeBackForm(sent(request)),
        operation=lambda given: operations.take_step_back(
            step_id=step_id, why=given["why"], by=actor, on=actor.on
        ),
        done=done,
        field_of={"no_reason": "why"},
        heading=f"Take back limits from {date_in_words(step.first_day)}",
        caption=told.version.name,
        quoted=step.why,
        verb="Take it back",
        back_url=reverse("measure", args=[public_id]),
        back_text=told.version.name,
    )
