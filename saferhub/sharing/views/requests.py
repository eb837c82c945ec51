"""Pages of requests for sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.forms import Form
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import NotAllowed, Refusal, allows
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import names_of
from saferhub.sharing.access import matters_visible_to
from saferhub.sharing.access.requests import (
    asks,
    check_can_ask,
    check_can_decide,
    check_can_withdraw,
    decides,
    get_request,
)
from saferhub.sharing.forms.requests import (
    AnswerForm,
    AskByReferenceForm,
    AskForm,
    GrantForm,
    ListForm,
    RefuseForm,
    WithdrawForm,
)
from saferhub.sharing.models import (
    AccessRequest,
    Matter,
    MatterStatus,
    RequestStatus,
    Sensitivity,
)
from saferhub.sharing.operations import requests as operations
from saferhub.sharing.queries import requests as queries
from saferhub.sharing.queries.requests_kept import kept_with_pointer
from saferhub.sharing.queries.tabs import beside_requests
from saferhub.sharing.registries import going_along
from saferhub.sharing.rules.requests import latest_until

PER_PAGE = 25
SECTION = "requests"
MARKING = "OFFICIAL-SENSITIVE"
_TYPED = ("name", "born", "address", "telephone")


@require_safe
def access_requests(request: HttpRequest) -> HttpResponse:
    """One's own unit's requests and those put to one's hub."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    check_can_ask(actor)
    form = ListForm(request.GET, sides=queries.SIDES, states=queries.STATES)
    found = queries.listed(actor, state=form.chosen("state"), side=form.chosen("side"))
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.rows(actor, shown.object_list)
    record_sight("sharing.requests_seen", ("sharing.accessrequest", "list"), by=actor, rows=len(rows))
    return page(
        request,
        "sharing/requests/list.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        page=shown,
        rows=rows,
        is_filtered=bool(form.chosen("state") or form.chosen("side")),
        tabs=beside_requests(actor, "access-requests"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, token: str = "") -> HttpResponse:
    """Ask the hub behind a pointer, or the hub of a reference one was told."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    check_can_ask(actor)
    once = Once(request)
    if once.answer:
        return once.answer
    found = queries.pointed(actor, token) if token else None
    if token and found is None and request.method != "POST":
        raise Refusal(
            "pointer_gone",
            "This notice is no longer good: search again, then ask.",
            link="/search/",
            link_text="Search again",
        )
    search = kept_with_pointer(request.session, token) if token else None
    about = {name: str(search["typed"].get(name) or "") for name in _TYPED} if search else {}
    form: AskForm
    initial = {"until": latest_until(actor.on, None), "reference": request.GET.get("reference", "")[:16]}
    if token:
        form = AskForm(request.POST if request.method == "POST" else None, initial=initial)
    else:
        form = AskByReferenceForm(
            request.POST if request.method == "POST" else None,
            initial=initial,
            purposes=queries.purposes(actor),
        )
    seen: Matter | None = None
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        reference = (cleaned.get("reference") or "").strip().upper()
        try:
            made = operations.ask(
                purpose=cleaned.get("purpose") or (found.purpose if found else ""),
                least=cleaned["least"],
                until=cleaned["until"],
                about=about,
                token=token,
                reference=reference,
                by=actor,
                on=actor.on,
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(AskForm.FIELD_OF.get(refusal.code), refusal.sentence)
            if refusal.code == "seen_already":
                seen = queries.seen_by_reference(actor, reference)
        else:
            messages.success(
                request, "Your request is sent. You are told here and by mail how it is decided."
            )
            return once.done(redirect("access-request", made.public_id))
    return page(
        request,
        "sharing/requests/ask.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        pointed=found,
        about=about,
        token=token,
        seen=seen,
        contacts=queries.contacts_of(found.hub, actor.on) if found and found.names_hub else [],
        **_ground(actor, found),
    )


def _ground(actor: Actor, found: queries.Pointed | None) -> dict[str, Any]:
    """What the request would rest on, or the words of what is missing."""
    if found is None:
        return {}
    purpose = queries.purpose_names(actor).get(found.purpose, found.purpose)
    try:
        ground = queries.ground(actor, purpose=found.purpose, hub=found.hub, names_hub=found.names_hub)
        due = queries.due_on(actor.partnership, actor.on)
    except Refusal as refusal:
        return {"missing": refusal.sentence, "purpose": purpose}

    return {
        "purpose": purpose,
        "agreement": queries.agreement_of(ground),
        "gateway": queries.gateway_name(actor, ground.gateway),
        "due": due,
    }


@require_safe
def access_request(request: HttpRequest, public_id: str) -> HttpResponse:
    """One request: what was asked, on what ground, how it stands; for the decider what she may do."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = get_request(actor, public_id)
    record_sight("sharing.request_seen", found, by=actor, purpose=found.purpose)
    can_decide = allows(check_can_decide, actor, found)
    return page(
        request,
        "sharing/requests/request.html",
        section=SECTION,
        marking=MARKING,
        **_context(actor, found),
        can_decide=can_decide,
        can_withdraw=allows(check_can_withdraw, actor, found),
        candidates=_candidates(actor, found) if can_decide else [],
        opened=_opened(actor, found),
    )


def _context(actor: Actor, found: AccessRequest) -> dict[str, Any]:
    (row,) = queries.rows(actor, [found])
    return {
        "asked": found,
        "row": row,
        "gateway": queries.gateway_name(actor, found.gateway),
        "decided_by": _decided_by(actor, found, row),
        "is_decider": decides(actor, found),
        "is_asker": asks(actor, found),
        "today": actor.on,
        "back_url": reverse("access-request", args=[found.public_id]),
    }


def _decided_by(actor: Actor, found: AccessRequest, row: queries.Row) -> str:
    """Who decided, as far as the reader may know: a name would tell which hub holds it, where the purpose names a
    post instead. Whoever withdrew it is of the agency that asked."""
    if row.names_hub or found.status == RequestStatus.WITHDRAWN:
        return names_of([found.decided_by], actor).get(found.decided_by, "")
    return row.hub


def _candidates(actor: Actor, found: AccessRequest) -> list[Any]:
    return [one for provider in queries.CANDIDATES for one in provider(actor, found.about)]


def _opened(actor: Actor, found: AccessRequest) -> Matter | None:
    """The matter that was opened, for whoever may see it now."""
    return matters_visible_to(actor).filter(public_id=found.opened).first() if found.opened else None


@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose the matter and give sight of it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = get_request(actor, public_id)
    check_can_decide(actor, found)
    form = GrantForm(
        request.POST if request.method == "POST" else None,
        matters=_matters(actor, found),
        initial={
            "until": latest_until(actor.on, found.agreement.last_day, found.until),
            "matter": request.GET.get("matter"),
        },
    )
    chosen = _chosen(actor, found, form, request)
    along = going_along(actor, chosen) if chosen else []
    confirms = (
        request.method == "POST"
        and chosen is not None
        and bool(along)
        and request.POST.get("confirmed") != chosen.public_id
    )
    return _decided(
        request, found, form, "Give sight", "grant.html", "Sight is given, and the agency that asked is told.",
        lambda data: operations.grant(
            request_id=public_id, matter_id=data["matter"], until=data["until"], reason=data["reason"], by=actor,
            on=actor.on,
        ),
        is_confirmed=not confirms, chosen=chosen, along=along, confirms=confirms and form.is_valid(),
    )  # fmt: skip


def _chosen(actor: Actor, found: AccessRequest, form: GrantForm, request: HttpRequest) -> Matter | None:
    """The matter that is chosen so far, where it is one that may be given."""
    wanted = (request.POST if form.is_bound else request.GET).get("matter")
    offered = {code for code, _ in _matters(actor, found)}
    return matters_visible_to(actor).filter(public_id=wanted).first() if wanted in offered else None


def _matters(actor: Actor, found: AccessRequest) -> list[tuple[str, str]]:
    """Matters of the hub that was asked, as choices: candidates first, then the newest."""
    rows = (
        matters_visible_to(actor)
        .filter(hub=found.folder.hub)
        .exclude(sensitivity=Sensitivity.VAULT)
        .exclude(status=MatterStatus.CLOSED)
    )
    wanted = {one.matter_id for one in _candidates(actor, found) if one.matter_id}
    first = list(rows.filter(public_id__in=wanted)) + list(
        rows.filter(reference=found.about.get("reference", ""))
    )
    rest = [row for row in rows.order_by("-opened_on", "-id")[:200] if row not in first]
    return [(row.public_id, f"{row.reference} {row.title}") for row in dict.fromkeys([*first, *rest])]


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer without giving sight."""
    return _closed(
        request, public_id, check_can_decide, AnswerForm, "Answer without giving sight", "decide.html",
        "Answered, and the agency that asked is told.",
        lambda data, by: operations.answer(request_id=public_id, answer=data["answer"], by=by),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, public_id: str) -> HttpResponse:
    """Refuse, with a reason."""
    return _closed(
        request, public_id, check_can_decide, RefuseForm, "Refuse", "decide.html",
        "Refused, and the agency that asked is told why.",
        lambda data, by: operations.refuse(request_id=public_id, reason=data["reason"], by=by),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one's own request back."""
    return _closed(
        request, public_id, check_can_withdraw, WithdrawForm, "Withdraw the request", "withdraw.html",
        "Your request is withdrawn.",
        lambda data, by: operations.withdraw(request_id=public_id, by=by),
    )  # fmt: skip


def _closed(
    request: HttpRequest,
    public_id: str,
    check: Callable[[Actor, AccessRequest], None],
    form_class: type[Form],
    heading: str,
    template: str,
    said: str,
    act: Callable[[dict[str, Any], Actor], Any],
) -> HttpResponse:
    """The page of an act that ends a request without sight: `check` says who may, `act` does it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = get_request(actor, public_id)
    check(actor, found)
    form = form_class(request.POST if request.method == "POST" else None)
    return _decided(request, found, form, heading, template, said, lambda data: act(data, actor))


def _decided(
    request: HttpRequest,
    found: AccessRequest,
    form: Any,
    heading: str,
    template: str,
    said: str,
    act: Any,
    *,
    is_confirmed: bool = True,
    **shown: Any,
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and is_confirmed:
        try:
            act(form.cleaned_data)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(getattr(form, "FIELD_OF", {}).get(refusal.code), refusal.sentence)
        else:
            messages.success(request, said)
            return redirect("access-request", found.public_id)
    return page(
        request,
        f"sharing/requests/{template}",
        section=SECTION,
        marking=MARKING,
        form=form,
        heading=heading,
        verb=heading,
        **shown,
        **_context(actor, found),
    )
