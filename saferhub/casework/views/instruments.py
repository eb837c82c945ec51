"""Pages of scoring forms that everybody may read, and taking them over from the packs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.casework.access import scoring as access
from saferhub.casework.forms.scoring import ScoreForm
from saferhub.casework.models import InstrumentVersion, VersionStatus
from saferhub.casework.operations import scoring_forms as operations
from saferhub.casework.operations.scoring_forms import read
from saferhub.casework.queries import instruments as queries
from saferhub.casework.queries import scoring_scale as scale
from saferhub.casework.rules import instruments as rules
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor, Permission

SECTION = "instruments"


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


@require_safe
def instruments(request: HttpRequest) -> HttpResponse:
    """Every form."""
    actor = actor_of(request)
    actor.check(Permission.VIEW_PARTNERSHIP)
    can_keep = access.can_keep_instruments(actor)
    return page(
        request,
        "casework/scoring/instruments.html",
        section=SECTION,
        rows=queries.listed(actor, actor.on),
        not_taken=queries.not_taken(actor, actor.on) if can_keep else [],
        can_keep=can_keep,
    )


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take over the packs' forms that are not here yet."""
    actor = actor_of(request)
    taken = operations.take_from_pack(by=actor, on=actor.on)
    drafts = [one for one in taken if one.status == VersionStatus.DRAFT]
    if not taken:
        messages.info(request, "Every form of the packs is here already.")
    elif drafts:
        messages.success(
            request,
            f"{len(taken)} taken over, {len(drafts)} of them as drafts: enter your own wording, then publish.",
        )
    else:
        messages.success(request, f"{len(taken)} taken over and in use.")
    return redirect("instruments")


@require_safe
def instrument(request: HttpRequest, public_id: str) -> HttpResponse:
    """One form: what it asks now, and its versions."""
    actor = actor_of(request)
    found = access.get_instrument(actor, public_id)
    rows = queries.versions(actor, found, actor.on)
    used = access.version_in_use(actor, found, actor.on)
    shown = used or (rows[0].version if rows else None)
    return page(
        request,
        "casework/scoring/instrument.html",
        section=SECTION,
        instrument=found,
        rows=rows,
        used=used,
        can_keep=access.can_keep_instruments(actor),
        **(described(shown) if shown else {}),
    )


def described(version: InstrumentVersion) -> dict[str, Any]:
    """What a page needs to tell of a version."""
    definition = read(version)
    return {
        "edition": version,
        "definition": definition,
        "bands": queries.bands(definition),
        "prompts": queries.prompts(definition),
        "judgement": queries.judgement_words(definition),
        "completed": queries.completed_words(definition),
        "problems": rules.problems(definition),
        "total": rules.most_of(definition),
    }


@require_safe
def version(request: HttpRequest, public_id: str) -> HttpResponse:
    """One version; a draft with what is missing, and the ways to change it."""
    actor = actor_of(request)
    found = access.get_version(actor, public_id)
    used = access.version_in_use(actor, found.instrument, actor.on)
    return page(
        request,
        "casework/scoring/version.html",
        section=SECTION,
        instrument=found.instrument,
        standing=f"Version {found.number} · {queries.standing(found, used, actor.on)}",
        is_draft=found.status == VersionStatus.DRAFT,
        can_keep=access.can_keep_instruments(actor),
        back_url=reverse("instrument", args=[found.instrument.public_id]),
        **described(found),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """Try a version: it is scored as it would be, and nothing is kept."""
    actor = actor_of(request)
    found = access.get_version(actor, public_id)
    definition = read(found)
    if rules.problems(definition):
        raise Refusal(
            "does_not_fit",
            "This draft does not fit together yet, so it cannot be tried.",
            link=reverse("instrument-version", args=[public_id]),
            link_text="See what is missing",
        )
    form = ScoreForm(
        request.POST if request.method == "POST" else None,
        definition=definition,
        is_preview=True,
        initial={"judged": "as_scored"},
    )
    return page(
        request,
        "casework/scoring/preview.html",
        section=SECTION,
        instrument=found.instrument,
        edition=found,
        definition=definition,
        form=form,
        total=scale.total(definition, form, []),
        back_url=reverse("instrument-version", args=[public_id]),
    )


@require_POST
def draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new draft with what this version says."""
    made = operations.draft_from(version_id=public_id, by=actor_of(request))
    return redirect("instrument-version", made.public_id)
