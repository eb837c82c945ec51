"""Pages of scores: the tab of a case, the page of a referral, scoring, one score, two side by side, a prompt."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.accounts.middleware import is_own_path
from saferhub.audit.operations import record_sight
from saferhub.casework.access import get_case, get_referral
from saferhub.casework.access import scoring as access
from saferhub.casework.forms.scoring import FIELD_OF, CompareForm, PromptForm, ScoreForm
from saferhub.casework.models import Assessment, InstrumentVersion, SubjectKind
from saferhub.casework.operations import scoring as operations
from saferhub.casework.operations.scoring_forms import read
from saferhub.casework.queries import scoring as queries
from saferhub.casework.queries import scoring_scale as scale
from saferhub.casework.queries.scoring import Place
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.partnership.access import Actor
from saferhub.people.queries.lists import persons_in

from .case_frame import frame

MARKING = "OFFICIAL-SENSITIVE"
TAB = "risk"
_NOBODY = (SubjectKind.LOCATION, SubjectKind.THEME, SubjectKind.PROPERTY)


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def _place(actor: Actor, kind: str, public_id: str) -> Place:
    """The case or referral, loaded through access. A referral's scores are the hub's own."""
    if kind == "case":
        case = get_case(actor, public_id)
        return Place("case", case.matter, case=case)
    referral = get_referral(actor, public_id)
    access.check_can_see_scores(actor, referral)
    return Place("referral", referral.matter, referral=referral)


def _can_score(actor: Actor, place: Place) -> bool:
    if place.case is not None:
        return place.case.is_open and access.can_score_case(actor, place.case)
    return place.referral is not None and access.can_score_referral(actor, place.referral)


def _check_can_score(actor: Actor, place: Place) -> None:
    if place.case is not None:
        access.check_can_score_case(actor, place.case)
        if not place.case.is_open:
            raise Refusal("case_closed", "This case is closed. Open it again before it is scored.")
    elif place.referral is not None:
        access.check_can_score_referral(actor, place.referral)


def _seen(actor: Actor, place: Place, **codes: Any) -> None:
    record_sight("score.seen", place.matter, by=actor, purpose=place.matter.purpose, **codes)


def _around(actor: Actor, place: Place) -> dict[str, Any]:
    """What a page of scores shows around its own part."""
    if place.case is not None:
        return {**frame(actor, place.case, tab=TAB), "place": place, "layout": "casework/cases/frame.html"}
    return {
        "place": place,
        "matter": place.matter,
        "section": "referrals",
        "marking": MARKING,
        "layout": "casework/scoring/referral_frame.html",
    }


@require_safe
def scores(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Every score, the trend of those that compare, and what they prompt."""
    actor = _actor(request)
    place = _place(actor, kind, public_id)
    found = queries.rows(actor, place, queries.scores_of(actor, place))
    _seen(actor, place)
    return page(
        request,
        "casework/scoring/scores.html",
        **_around(actor, place),
        rows=found[::-1],
        trends=queries.trends(found),
        prompts=[
            (row, one)
            for row in found[::-1]
            for one in (queries.prompts_raised(actor, place, row.made) if row.open_prompts else [])
            if one.is_open
        ],
        can_score=_can_score(actor, place),
        score_url=place.url("score"),
        compare_url=place.url("compare"),
    )


def _back(request: HttpRequest) -> str:
    """The page of ours that she scores from and goes back to, such as an item of a running meeting; "" for none."""
    address = request.GET.get("back", "")
    return address if is_own_path(address) else ""


@require_safe
def choose(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Which form to score with; straight on where there is only one."""
    actor = _actor(request)
    place = _place(actor, kind, public_id)
    _check_can_score(actor, place)
    versions = access.versions_in_use(actor, actor.on)
    back = _back(request)
    also = f"?{urlencode({'back': back})}" if back else ""
    if len(versions) == 1:
        return redirect(place.url("score-with", versions[0].instrument.public_id) + also)
    return page(
        request,
        "casework/scoring/choose.html",
        place=place,
        matter=place.matter,
        section=_section(place),
        marking=MARKING,
        **_offered(place, versions, also),
        back_url=place.url("scores"),
    )


def _offered(place: Place, versions: list[InstrumentVersion], also: str) -> dict[str, Any]:
    """The forms for a matter as a whole first; behind them those for one person, and those for the trained alone."""
    every = [
        (one.instrument, read(one), place.url("score-with", one.instrument.public_id) + also)
        for one in versions
    ]
    first = [one for one in every if one[1].subject == "matter" and not one[1].completed_by.trained]
    return {"forms": first or every, "others": [one for one in every if first and one not in first]}


def _is_of_place(place: Place) -> bool:
    """Whether nobody in particular is what the case or referral is about."""
    about = place.case or place.referral
    return about is not None and about.subject_kind in _NOBODY


def _section(place: Place) -> str:
    return "cases" if place.kind == "case" else "referrals"


@require_http_methods(["GET", "HEAD", "POST"])
def score(request: HttpRequest, kind: str, public_id: str, instrument: str) -> HttpResponse:
    """Fill in a form and save it. “Update total” draws the page again and saves nothing."""
    actor = _actor(request)
    place = _place(actor, kind, public_id)
    _check_can_score(actor, place)
    version = access.version_in_use(actor, access.get_instrument(actor, instrument), actor.on)
    if version is None:
        raise Http404
    once = Once(request)
    if once.answer:
        return once.answer
    definition = read(version)
    people = [(one.public_id, one.name) for one in persons_in(actor, place.matter)[:50]]
    sent: QueryDict | None = request.POST if request.method == "POST" else None
    form = ScoreForm(
        sent,
        definition=definition,
        people=people,
        initial={"version": version.public_id, "judged": "as_scored", "panel_agrees": ""},
    )
    is_saving = sent is not None and sent.get("do") != "total"
    if sent is not None and sent.get("version") not in ("", None, version.public_id):
        newest = sent.copy()
        newest["version"] = version.public_id
        form = ScoreForm(newest, definition=definition, people=people)
        if is_saving:
            form.refuse(None, "Another version of this form is in use now. Check your answers and save again")
    if is_saving and form.is_valid():
        try:
            made = _save(place, version.public_id, form, actor)
        except Conflict:
            raise
        except Refusal as refusal:
            field = FIELD_OF.get(refusal.code)
            if refusal.status != 409:
                raise
            form.refuse(field if field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, _said(made))
            # What it prompts is decided on its own page, wherever she came from.
            back = "" if made.prompts else _back(request)
            return once.done(redirect(back or place.url("assessment", made.public_id)))
    earlier = queries.rows(actor, place, queries.scores_of(actor, place)[-20:])
    if earlier and sent is None:
        _seen(actor, place)
    same = [one for one in earlier if one.made.instrument_version.instrument_id == version.instrument_id]
    return page(
        request,
        "casework/scoring/score.html",
        place=place,
        matter=place.matter,
        section=_section(place),
        marking=MARKING,
        edition=version,
        definition=definition,
        is_of_place=_is_of_place(place),
        # While only the total is asked for, nothing is said to be wrong.
        form=once.within(form) if is_saving or sent is None else once.within(_quiet(form)),
        total=scale.total(definition, form, same[::-1][:4]),
        back_url=place.url("scores"),
        leave_url=_back(request) or place.url("scores"),
    )


def _quiet(form: ScoreForm) -> ScoreForm:
    form.errors.clear()
    return form


def _save(place: Place, version_id: str, form: ScoreForm, actor: Actor) -> Assessment:
    if place.case is not None:
        return operations.score_case(
            case_id=place.matter.public_id,
            version_id=version_id,
            given=form.given(),
            by=actor,
            on=actor.on,
        )
    return operations.score_referral(
        referral_id=place.matter.public_id,
        version_id=version_id,
        given=form.given(),
        by=actor,
        on=actor.on,
    )


def _said(made: Assessment) -> str:
    if not made.standing_band:
        return "The score is saved as incomplete. It says nothing about the risk until it is complete."
    form = read(made.instrument_version)
    said = f"The score is saved: {queries.band_words(form, made.standing_band)}."
    if made.prompts:
        said += " It prompts something: record below what you decide."
    return said


def _one(actor: Actor, place: Place, public_id: str) -> Assessment:
    """One of the place's scores. Raises Http404."""
    found = next((one for one in queries.scores_of(actor, place) if one.public_id == public_id), None)
    if found is None:
        raise Http404
    return found


@require_safe
def assessment(request: HttpRequest, kind: str, public_id: str, score_id: str) -> HttpResponse:
    """One score: answers, how it came to its band, what it prompts."""
    actor = _actor(request)
    place = _place(actor, kind, public_id)
    made = _one(actor, place, score_id)
    [row] = queries.rows(actor, place, [made])
    _seen(actor, place, score=made.public_id)
    return page(
        request,
        "casework/scoring/assessment.html",
        **_around(actor, place),
        row=row,
        made=made,
        edition=made.instrument_version,
        answers=queries.answers_of(row.form, made),
        counts=queries.counts_of(row.form, made),
        prompts=queries.prompts_raised(actor, place, made),
        scale=scale.of_assessment(row.form, made),
        computed_words=queries.band_words(row.form, made.band),
        can_score=_can_score(actor, place),
        again_url=place.url("score-with", made.instrument_version.instrument.public_id),
        scores_url=place.url("scores"),
    )


@require_safe
def compare(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Two scores side by side; without a choice the last two made with one form."""
    actor = _actor(request)
    place = _place(actor, kind, public_id)
    found = queries.rows(actor, place, queries.scores_of(actor, place))
    by_id = {one.made.public_id: one for one in found}
    before, after = by_id.get(request.GET.get("a", "")), by_id.get(request.GET.get("b", ""))
    if before is None or after is None:
        before, after = queries.last_two(found)
    form = CompareForm(
        {"a": before.made.public_id, "b": after.made.public_id} if before and after else None,
        choices=[
            (one.made.public_id, f"{one.made.on:%-d %B %Y}: {one.form.name}, {one.band_words}")
            for one in found
        ],
    )
    _seen(actor, place)
    return page(
        request,
        "casework/scoring/compare.html",
        **_around(actor, place),
        compare_form=form,
        before=before,
        after=after,
        lines=queries.compared(before, after) if before and after else [],
        words=queries.difference_words(before, after) if before and after else "",
        scores_url=place.url("scores"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def prompt(request: HttpRequest, kind: str, public_id: str, score_id: str, code: str) -> HttpResponse:
    """Record what was decided about something that a score prompts."""
    actor = _actor(request)
    place = _place(actor, kind, public_id)
    made = _one(actor, place, score_id)
    raised = next(
        (one for one in queries.prompts_raised(actor, place, made) if one.prompt.code == code), None
    )
    if raised is None:
        raise Http404
    access.check_can_answer_prompt(actor, made)
    back_url = place.url("assessment", made.public_id)
    if not raised.is_open:
        return redirect(back_url)
    form = PromptForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        operations.answer_prompt(
            assessment_id=made.public_id, prompt=code, **form.cleaned_data, by=actor, on=actor.on
        )
        messages.success(request, "What was decided is recorded.")
        return redirect(back_url)
    return page(
        request,
        "casework/scoring/prompt.html",
        place=place,
        matter=place.matter,
        section=_section(place),
        marking=MARKING,
        form=form,
        raised=raised,
        row=queries.rows(actor, place, [made])[0],
        back_url=back_url,
    )
